/*
 * scrypt.c -- SMix.
 *
 * A block of 16 words is kept as four vectors, the diagonals of Salsa20's
 * square: then a round is the same operations on whole vectors, and turning
 * three of them makes columns of rows.  Inputs are put in that order once,
 * and back at the end; xor does not care, and integerify's word stays first.
 */
#include "scrypt.h"

#include <string.h>

typedef uint32_t row __attribute__((vector_size(16)));

struct block {
	row d[4];
};

#define ROL(x, n) ((x) << (n) | (x) >> (32 - (n)))

/* Where the words of the four diagonals stand in a block. */
static const unsigned char diagonal[16] = {
    0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11};

/* x = salsa20/8(x ^ y) */
static inline __attribute__((always_inline)) void
salsa(struct block *x, const struct block *y)
{
	row a = x->d[0] ^ y->d[0], b = x->d[1] ^ y->d[1];
	row c = x->d[2] ^ y->d[2], d = x->d[3] ^ y->d[3];
	row a0 = a, b0 = b, c0 = c, d0 = d;

	for (unsigned i = 0; i < 4; i++) {
		b ^= ROL(a + d, 7);
		c ^= ROL(b + a, 9);
		d ^= ROL(c + b, 13);
		a ^= ROL(d + c, 18);
		b = __builtin_shufflevector(b, b, 3, 0, 1, 2);
		c = __builtin_shufflevector(c, c, 2, 3, 0, 1);
		d = __builtin_shufflevector(d, d, 1, 2, 3, 0);
		d ^= ROL(a + b, 7);
		c ^= ROL(d + a, 9);
		b ^= ROL(c + d, 13);
		a ^= ROL(b + c, 18);
		b = __builtin_shufflevector(b, b, 1, 2, 3, 0);
		c = __builtin_shufflevector(c, c, 2, 3, 0, 1);
		d = __builtin_shufflevector(d, d, 3, 0, 1, 2);
	}
	x->d[0] = a + a0;
	x->d[1] = b + b0;
	x->d[2] = c + c0;
	x->d[3] = d + d0;
}

/* to = BlockMix(from ^ with), of 2r blocks; the even ones go before the odd. */
static void
block_mix(struct block *to, const struct block *from, const struct block *with,
    uint64_t r)
{
	struct block x = from[2 * r - 1], y;

	for (unsigned j = 0; with != NULL && j < 4; j++)
		x.d[j] ^= with[2 * r - 1].d[j];
	for (uint64_t i = 0; i < 2 * r; i++) {
		y = from[i];
		for (unsigned j = 0; with != NULL && j < 4; j++)
			y.d[j] ^= with[i].d[j];
		salsa(&x, &y);
		to[i / 2 + i % 2 * r] = x;
	}
}

static void
load(struct block *to, const uint8_t *from)
{
	uint32_t w[16], t[16];

	memcpy(w, from, sizeof w);
	for (unsigned i = 0; i < 16; i++)
		t[i] = w[diagonal[i]];
	memcpy(to, t, sizeof t);
}

static void
store(uint8_t *to, const struct block *from)
{
	uint32_t w[16], t[16];

	memcpy(t, from, sizeof t);
	for (unsigned i = 0; i < 16; i++)
		w[diagonal[i]] = t[i];
	memcpy(to, w, sizeof w);
}

/* The low 64 bits of the last block: n is a power of two below that. */
static uint64_t
integerify(const struct block *x, uint64_t r)
{
	const struct block *last = x + 2 * r - 1;

	/* word 1 is on the fourth diagonal, in its second place */
	return (uint64_t)last->d[3][1] << 32 | last->d[0][0];
}

size_t
scrypt_memory(uint64_t n, uint64_t r)
{
	return (n + 2) * 2 * r * sizeof(struct block);
}

/*
 * The table is v[0..n), each made of the one before, and the one after the
 * last is where the second half begins, in one spare place or the other.
 */
void
scrypt_mix(uint8_t *b, uint64_t n, uint64_t r, void *v)
{
	struct block *table = (struct block *)v, *x = table + n * 2 * r;
	struct block *y = x + 2 * r, *t;

	for (uint64_t i = 0; i < 2 * r; i++)
		load(&table[i], b + 64 * i);
	for (uint64_t i = 0; i < n; i++)
		block_mix(table + (i + 1) * 2 * r, table + i * 2 * r, NULL, r);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t j = integerify(x, r) & (n - 1);

		block_mix(y, x, table + j * 2 * r, r);
		t = x;
		x = y;
		y = t;
	}
	for (uint64_t i = 0; i < 2 * r; i++)
		store(b + 64 * i, &x[i]);
}
