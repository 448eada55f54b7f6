/*
 * argon2.c -- filling memory with blocks that depend on others, and hashing
 * the last of them.
 *
 * A pass goes through the quarters of all lanes in turn.  Each block is made
 * of the one before it in its lane and of one at a pseudorandom place: in
 * its own lane up to here, in another up to the quarter that is being made.
 */
#include "argon2.h"
#include "blake2b.h"

#include <stdbool.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK = 1024, WORDS = BLOCK / 8, PAIRS = BLOCK / 16, QUARTERS = 4 };

typedef uint64_t pair __attribute__((vector_size(16)));

union block {
	pair v[PAIRS];
	uint64_t w[WORDS];
};

/* -------- blocks -------- */

/* x + y + 2 lo32(x) lo32(y) */
static inline pair
mix(pair x, pair y)
{
#ifdef __SSE2__
	pair z = (pair)_mm_mul_epu32((__m128i)x, (__m128i)y);
#else
	pair z = (x & 0xffffffff) * (y & 0xffffffff);
#endif
	return x + y + z + z;
}

#define ROR(x, n) ((x) >> (n) | (x) << (64 - (n)))

/* Four columns of BLAKE2b's square of 4 x 4 words, two in each vector. */
#define COLUMNS(a, b, c, d)                          \
	do {                                         \
		for (unsigned k = 0; k < 2; k++) {   \
			a[k] = mix(a[k], b[k]);      \
			d[k] = ROR(d[k] ^ a[k], 32); \
			c[k] = mix(c[k], d[k]);      \
			b[k] = ROR(b[k] ^ c[k], 24); \
			a[k] = mix(a[k], b[k]);      \
			d[k] = ROR(d[k] ^ a[k], 16); \
			c[k] = mix(c[k], d[k]);      \
			b[k] = ROR(b[k] ^ c[k], 63); \
		}                                    \
	} while (0)

/* The vector made of words 1 and 2 of the four in x and y. */
static inline pair
middle(pair x, pair y)
{
	return __builtin_shufflevector(x, y, 1, 2);
}

/* The permutation of 16 words: eight pairs, so far apart. */
static inline __attribute__((always_inline)) void
permute(pair *v, unsigned step)
{
	pair a[2] = {v[0], v[step]}, b[2] = {v[2 * step], v[3 * step]};
	pair c[2] = {v[4 * step], v[5 * step]},
	     d[2] = {v[6 * step], v[7 * step]};
	pair b1[2], c1[2], d1[2];

	COLUMNS(a, b, c, d);
	b1[0] = middle(b[0], b[1]);
	b1[1] = middle(b[1], b[0]);
	c1[0] = c[1];
	c1[1] = c[0];
	d1[0] = middle(d[1], d[0]);
	d1[1] = middle(d[0], d[1]);
	COLUMNS(a, b1, c1, d1);
	v[0] = a[0];
	v[step] = a[1];
	v[2 * step] = middle(b1[1], b1[0]);
	v[3 * step] = middle(b1[0], b1[1]);
	v[4 * step] = c1[1];
	v[5 * step] = c1[0];
	v[6 * step] = middle(d1[0], d1[1]);
	v[7 * step] = middle(d1[1], d1[0]);
}

/* to = G(x, y), or to ^ G(x, y). */
static void
compress(union block *to, const union block *x, const union block *y, bool add)
{
	union block r, q;

	for (unsigned i = 0; i < PAIRS; i++)
		q.v[i] = r.v[i] = x->v[i] ^ y->v[i];
	for (unsigned i = 0; i < 8; i++)
		permute(q.v + 8 * i, 1);
	for (unsigned i = 0; i < 8; i++)
		permute(q.v + i, 8);
	for (unsigned i = 0; i < PAIRS; i++) {
		pair z = q.v[i] ^ r.v[i];

		to->v[i] = add ? to->v[i] ^ z : z;
	}
}

/* -------- hashes -------- */

static void
hash_word(struct blake2b *b, uint32_t w)
{
	uint8_t p[4] = {w, w >> 8, w >> 16, w >> 24};

	blake2b_put(b, p, sizeof p);
}

static void
hash_begin(struct blake2b *b, size_t size)
{
	blake2b_init(b, size, (const uint8_t *)"", 0);
}

/* The hash of variable length: n bytes of p into size bytes, or one. */
static size_t
hash_long(uint8_t *out, uint32_t size, const uint8_t *p, size_t n)
{
	size_t left = size, first = size > 64 ? 64 : size > 0 ? size : 1;
	struct blake2b b;
	uint8_t v[64];

	hash_begin(&b, first);
	hash_word(&b, size);
	blake2b_put(&b, p, n);
	blake2b_end(&b, v);
	for (; left > 64; left -= 32) {
		memcpy(out, v, 32);
		out += 32;
		hash_begin(&b, left - 32 < 64 ? left - 32 : 64);
		blake2b_put(&b, v, 64);
		blake2b_end(&b, v);
	}
	memcpy(out, v, size == 0 ? 1 : left);
	return size == 0 ? 1 : size;
}

/* All parameters and texts, in 64 bytes. */
static void
hash_first(
    const struct argon2 *a, const struct argon2_text text[4], uint8_t out[64])
{
	struct blake2b b;

	hash_begin(&b, 64);
	hash_word(&b, a->lanes);
	hash_word(&b, a->size);
	hash_word(&b, a->memory);
	hash_word(&b, a->passes);
	hash_word(&b, a->version);
	hash_word(&b, a->type);
	for (unsigned i = 0; i < 4; i++) {
		hash_word(&b, text[i].n);
		blake2b_put(&b, text[i].p, text[i].n);
	}
	blake2b_end(&b, out);
}

/* -------- the fill -------- */

/* Where we are: pass, quarter, lane, and the column in the quarter. */
struct place {
	uint32_t pass, quarter, lane;
	uint64_t at;
};

struct fill {
	const struct argon2 *a;
	union block *memory;
	uint64_t columns, quarter; /* of a lane */
	union block address;       /* 128 pairs of words, if not of the data */
};

static bool
own_addresses(const struct argon2 *a, const struct place *p)
{
	return a->type == ARGON2_I ||
	    (p->pass == 0 &&
	        ((a->type == ARGON2_ID && p->quarter < 2) ||
	            (a->type == ARGON2_U && p->quarter < 3)));
}

static void
address_block(struct fill *f, const struct place *p)
{
	union block in = {
	    .w = {p->pass, p->lane, p->quarter, argon2_blocks(f->a),
	        f->a->passes, f->a->type, p->at / WORDS + 1}};
	union block zero = {.w = {0}};

	compress(&f->address, &zero, &in, false);
	compress(&f->address, &zero, &f->address, false);
}

/* The column that the low 32 bits of r choose for the block at p. */
static uint64_t
choose(const struct fill *f, const struct place *p, bool same, uint32_t r)
{
	uint64_t done =
	    p->pass > 0 ? f->columns - f->quarter : p->quarter * f->quarter;
	uint64_t area = same ? done + p->at - 1 : done - (p->at == 0);
	uint64_t x = (uint64_t)r * r >> 32;
	uint64_t start =
	    p->pass > 0 && p->quarter < 3 ? (p->quarter + 1) * f->quarter : 0;

	return (start + area - 1 - (area * x >> 32)) % f->columns;
}

static void
fill_block(struct fill *f, const struct place *p)
{
	union block *lane = f->memory + p->lane * f->columns;
	uint64_t col = p->quarter * f->quarter + p->at, r, from = p->lane;
	const union block *before = &lane[col == 0 ? f->columns - 1 : col - 1];

	if (own_addresses(f->a, p)) {
		if (p->at % WORDS == 0 || (p->pass == 0 && col == 2))
			address_block(f, p);
		r = f->address.w[p->at % WORDS];
	} else {
		r = before->w[0];
	}
	if (p->pass > 0 || p->quarter > 0)
		from = (r >> 32) % f->a->lanes;
	compress(&lane[col], before,
	    f->memory + from * f->columns +
	        choose(f, p, from == p->lane, (uint32_t)r),
	    p->pass > 0 && f->a->version == 0x13);
}

/* The first two blocks of a lane come from the hash of everything. */
static void
fill_first(struct fill *f, uint32_t lane, const uint8_t hash[64])
{
	uint8_t in[72] = {0};

	memcpy(in, hash, 64);
	memcpy(in + 68, &lane, 4);
	for (unsigned i = 0; i < 2; i++) {
		in[64] = i;
		hash_long((uint8_t *)&f->memory[lane * f->columns + i], BLOCK,
		    in, sizeof in);
	}
}

static void
fill_all(struct fill *f)
{
	struct place p;

	for (p.pass = 0; p.pass < f->a->passes; p.pass++)
		for (p.quarter = 0; p.quarter < QUARTERS; p.quarter++)
			for (p.lane = 0; p.lane < f->a->lanes; p.lane++) {
				p.at = p.pass == 0 && p.quarter == 0 ? 2 : 0;
				for (; p.at < f->quarter; p.at++)
					fill_block(f, &p);
			}
}

uint64_t
argon2_blocks(const struct argon2 *a)
{
	uint64_t all = QUARTERS * (uint64_t)a->lanes;

	return a->memory / all * all;
}

size_t
argon2_hash(const struct argon2 *a, const struct argon2_text text[4],
    void *memory, uint8_t *out)
{
	struct fill f = {.a = a, .memory = (union block *)memory};
	union block last = {.w = {0}};
	uint8_t hash[64];

	f.columns = argon2_blocks(a) / a->lanes;
	f.quarter = f.columns / QUARTERS;
	hash_first(a, text, hash);
	for (uint32_t i = 0; i < a->lanes; i++)
		fill_first(&f, i, hash);
	fill_all(&f);
	for (uint64_t i = 1; i <= a->lanes; i++)
		for (unsigned j = 0; j < PAIRS; j++)
			last.v[j] ^= f.memory[i * f.columns - 1].v[j];
	return hash_long(out, a->size, (const uint8_t *)&last, BLOCK);
}
