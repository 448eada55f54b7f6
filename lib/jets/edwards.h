/*
 * edwards -- points of the curve of ed25519, and of its other form.
 *
 * -x^2 + y^2 = 1 + d x^2 y^2 over the field of q = 2^255 - 19; the group has
 * 8 L points, and all of them are welcome here, not only the L that the
 * base point makes: sums are right for each two of them.
 *
 * Encoded, a point is 32 bytes, y with the lowest bit of x for its highest.
 * Hoon's deco, and so decoding here, takes each encoding of a point on the
 * curve: a y that is q or more, and a "negative" x that is 0.  What is
 * encoded is always the shortest form.
 *
 * Scalars are four limbs.  The time that edwards_sum() takes depends on
 * them: secrets are multiplied by edwards_base() or edwards_exchange().
 */
#ifndef EDWARDS_H
#define EDWARDS_H

#include "field25519.h"

/* x = X/Z, y = Y/Z, xy = T/Z */
struct point {
	struct fe x, y, z, t;
};

/* A scalar and the point that it multiplies. */
struct term {
	const uint64_t *scalar;
	const struct point *point;
};

extern const struct point edwards_base_point;

/* False if no point of the curve has this encoding. */
bool edwards_decode(struct point *p, const uint8_t from[32]);
void edwards_encode(const struct point *p, uint8_t to[32]);

struct point edwards_add(const struct point *a, const struct point *b);
struct point edwards_negate(const struct point *a);

/* The sum of n products; n is 1 or 2. */
struct point edwards_sum(const struct term *t, unsigned n);

/* The encoding of the base point's multiple by a scalar below L. */
void edwards_base(const uint64_t scalar[4], uint8_t to[32]);

/*
 * Hoon's curt: the secret shared by scalar and the point of the Montgomery
 * form with this u, which is a product.  Bit 254 of the scalar is taken to
 * be 1, bits 255 and 0 to be 0.
 */
void edwards_exchange(
    const uint8_t scalar[32], const struct fe *u, uint8_t to[32]);

#endif
