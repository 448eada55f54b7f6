/*
 * blake2b.c -- libsodium's hash, of Hoon's blocks.
 */
#include "blake2b.h"

#include <string.h>

static uint64_t
word(const uint8_t *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof w);
	return w;
}

/* One block, or the n bytes of the last one: zero words go to its end. */
static void
turn(uint8_t *p, size_t n)
{
	size_t zeros = 0;

	while (zeros + 8 <= n && word(p + zeros) == 0)
		zeros += 8;
	if (zeros == 0)
		return;
	memmove(p, p + zeros, n - zeros);
	memset(p + n - zeros, 0, zeros);
}

static void
flush(struct blake2b *b)
{
	turn(b->block, b->n);
	crypto_generichash_blake2b_update(&b->state, b->block, b->n);
	b->n = 0;
}

/* Bytes of whole blocks at p that are hashed as they are. */
static size_t
plain(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (n - i >= BLAKE2B_BLOCK && word(p + i) != 0)
		i += BLAKE2B_BLOCK;
	return i;
}

void
blake2b_init(struct blake2b *b, size_t size, const uint8_t *key, size_t k)
{
	uint8_t turned[BLAKE2B_MAX];

	memcpy(turned, key, k);
	turn(turned, k);
	crypto_generichash_blake2b_init(&b->state, turned, k, size);
	b->n = 0;
	b->size = size;
}

void
blake2b_put(struct blake2b *b, const uint8_t *p, size_t n)
{
	while (n > 0) {
		size_t m = b->n == 0 ? plain(p, n) : 0;

		if (m > 0) {
			crypto_generichash_blake2b_update(&b->state, p, m);
		} else {
			m = BLAKE2B_BLOCK - b->n;
			m = m < n ? m : n;
			memcpy(b->block + b->n, p, m);
			b->n += m;
			if (b->n == BLAKE2B_BLOCK)
				flush(b);
		}
		p += m;
		n -= m;
	}
}

void
blake2b_end(struct blake2b *b, uint8_t *out)
{
	flush(b);
	crypto_generichash_blake2b_final(&b->state, out, b->size);
}
