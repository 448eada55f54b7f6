/*
 * field25519 -- arithmetic modulo q = 2^255 - 19.
 *
 * An element is five limbs of 51 bits and a little.  A product has limbs
 * below 2^51 + 2^13; a sum or difference takes products, or sums of two of
 * them, and may go into a product but not further.  Nothing here branches
 * on, or looks up by, the value of an element.
 */
#ifndef FIELD25519_H
#define FIELD25519_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct fe {
	uint64_t v[5];
};

typedef unsigned __int128 wide;

#define FE_MASK ((UINT64_C(1) << 51) - 1)

static const struct fe fe_one = {{1, 0, 0, 0, 0}};

static inline struct fe
fe_add(struct fe a, const struct fe *b)
{
	return (struct fe){{a.v[0] + b->v[0], a.v[1] + b->v[1],
	    a.v[2] + b->v[2], a.v[3] + b->v[3], a.v[4] + b->v[4]}};
}

/* a - b + 4q */
static inline struct fe
fe_sub(struct fe a, const struct fe *b)
{
	const uint64_t m = (UINT64_C(1) << 53) - 4;

	return (struct fe){{a.v[0] + (m - 72 - b->v[0]), a.v[1] + (m - b->v[1]),
	    a.v[2] + (m - b->v[2]), a.v[3] + (m - b->v[3]),
	    a.v[4] + (m - b->v[4])}};
}

/* Five columns of a product, carried into limbs. */
static inline struct fe
fe_carry(wide r0, wide r1, wide r2, wide r3, wide r4)
{
	struct fe r;

	r1 += (uint64_t)(r0 >> 51);
	r2 += (uint64_t)(r1 >> 51);
	r3 += (uint64_t)(r2 >> 51);
	r4 += (uint64_t)(r3 >> 51);
	r.v[0] = ((uint64_t)r0 & FE_MASK) + 19 * (uint64_t)(r4 >> 51);
	r.v[1] = ((uint64_t)r1 & FE_MASK) + (r.v[0] >> 51);
	r.v[0] &= FE_MASK;
	r.v[2] = (uint64_t)r2 & FE_MASK;
	r.v[3] = (uint64_t)r3 & FE_MASK;
	r.v[4] = (uint64_t)r4 & FE_MASK;
	return r;
}

static inline struct fe
fe_mul(const struct fe *a, const struct fe *b)
{
	uint64_t a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3];
	uint64_t b0 = b->v[0], b1 = b->v[1], b2 = b->v[2], b3 = b->v[3];
	uint64_t a4 = a->v[4], b4 = b->v[4];
	uint64_t c1 = 19 * b1, c2 = 19 * b2, c3 = 19 * b3, c4 = 19 * b4;

	return fe_carry((wide)a0 * b0 + (wide)a1 * c4 + (wide)a2 * c3 +
	        (wide)a3 * c2 + (wide)a4 * c1,
	    (wide)a0 * b1 + (wide)a1 * b0 + (wide)a2 * c4 + (wide)a3 * c3 +
	        (wide)a4 * c2,
	    (wide)a0 * b2 + (wide)a1 * b1 + (wide)a2 * b0 + (wide)a3 * c4 +
	        (wide)a4 * c3,
	    (wide)a0 * b3 + (wide)a1 * b2 + (wide)a2 * b1 + (wide)a3 * b0 +
	        (wide)a4 * c4,
	    (wide)a0 * b4 + (wide)a1 * b3 + (wide)a2 * b2 + (wide)a3 * b1 +
	        (wide)a4 * b0);
}

static inline struct fe
fe_square(const struct fe *a)
{
	uint64_t a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3];
	uint64_t a4 = a->v[4], d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2;
	uint64_t c3 = 19 * a3, c4 = 19 * a4;

	return fe_carry((wide)a0 * a0 + (wide)d1 * c4 + (wide)d2 * c3,
	    (wide)d0 * a1 + (wide)d2 * c4 + (wide)a3 * c3,
	    (wide)d0 * a2 + (wide)a1 * a1 + (wide)(2 * a3) * c4,
	    (wide)d0 * a3 + (wide)d1 * a2 + (wide)a4 * c4,
	    (wide)d0 * a4 + (wide)d1 * a3 + (wide)a2 * a2);
}

/* a * k */
static inline struct fe
fe_scale(const struct fe *a, uint64_t k)
{
	return fe_carry((wide)a->v[0] * k, (wide)a->v[1] * k, (wide)a->v[2] * k,
	    (wide)a->v[3] * k, (wide)a->v[4] * k);
}

/* Exchange a and b if yes is 1, not if it is 0. */
static inline void
fe_swap(struct fe *a, struct fe *b, uint64_t yes)
{
	for (int i = 0; i < 5; i++) {
		uint64_t x = (a->v[i] ^ b->v[i]) & -yes;

		a->v[i] ^= x;
		b->v[i] ^= x;
	}
}

/* From 32 bytes, of which the highest bit is left out; need not be below q. */
static inline struct fe
fe_from_bytes(const uint8_t p[32])
{
	uint64_t w[4];

	memcpy(w, p, 32);
	return (struct fe){{w[0] & FE_MASK, (w[0] >> 51 | w[1] << 13) & FE_MASK,
	    (w[1] >> 38 | w[2] << 26) & FE_MASK,
	    (w[2] >> 25 | w[3] << 39) & FE_MASK, w[3] >> 12 & FE_MASK}};
}

/* The 32 bytes of the product a, below q. */
static inline void
fe_to_bytes(struct fe a, uint8_t p[32])
{
	uint64_t carry = 19, w[4];

	/* is it q or more?  then adding 19 carries out of bit 255 */
	for (int i = 0; i < 5; i++)
		carry = (a.v[i] + carry) >> 51;
	carry *= 19;
	for (int i = 0; i < 5; i++) {
		carry += a.v[i];
		a.v[i] = carry & FE_MASK;
		carry >>= 51;
	}
	w[0] = a.v[0] | a.v[1] << 51;
	w[1] = a.v[1] >> 13 | a.v[2] << 38;
	w[2] = a.v[2] >> 26 | a.v[3] << 25;
	w[3] = a.v[3] >> 39 | a.v[4] << 12;
	memcpy(p, w, 32);
}

/* Of sums and differences too: */
static inline bool
fe_is_zero(const struct fe *a)
{
	struct fe r = fe_scale(a, 1);
	uint64_t w[4];

	fe_to_bytes(r, (uint8_t *)w);
	return !(w[0] | w[1] | w[2] | w[3]);
}

static inline bool
fe_is_odd(const struct fe *a)
{
	struct fe r = fe_scale(a, 1);
	uint8_t p[32];

	fe_to_bytes(r, p);
	return p[0] & 1;
}

/* a^(2^n) */
static inline struct fe
fe_squares(struct fe a, unsigned n)
{
	while (n-- > 0)
		a = fe_square(&a);
	return a;
}

/* a^(2^250 - 1), and a^11 in *a11 */
static inline struct fe
fe_power_250(const struct fe *a, struct fe *a11)
{
	struct fe t = fe_square(a), x, y, z;

	x = fe_squares(t, 2);
	x = fe_mul(&x, a); /* 9 */
	*a11 = fe_mul(&x, &t);
	t = fe_square(a11);
	x = fe_mul(&t, &x); /* 2^5 - 1 */
	y = fe_squares(x, 5);
	x = fe_mul(&y, &x); /* 2^10 - 1 */
	y = fe_squares(x, 10);
	y = fe_mul(&y, &x); /* 2^20 - 1 */
	z = fe_squares(y, 20);
	y = fe_mul(&z, &y); /* 2^40 - 1 */
	y = fe_squares(y, 10);
	x = fe_mul(&y, &x); /* 2^50 - 1 */
	y = fe_squares(x, 50);
	y = fe_mul(&y, &x); /* 2^100 - 1 */
	z = fe_squares(y, 100);
	y = fe_mul(&z, &y); /* 2^200 - 1 */
	y = fe_squares(y, 50);
	return fe_mul(&y, &x);
}

/* 1/a, and 0 for 0, as Hoon's inv:fo has it too */
static inline struct fe
fe_invert(const struct fe *a)
{
	struct fe a11, t = fe_power_250(a, &a11);

	t = fe_squares(t, 5);
	return fe_mul(&t, &a11); /* 2^255 - 21 */
}

/* a^((q - 5) / 8) */
static inline struct fe
fe_power_58(const struct fe *a)
{
	struct fe a11, t = fe_power_250(a, &a11);

	t = fe_squares(t, 2);
	return fe_mul(&t, a); /* 2^252 - 3 */
}

#endif
