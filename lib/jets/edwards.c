/*
 * edwards -- points of the curve of ed25519.
 *
 * Points are kept as X, Y, Z, T (Hisil, Wong, Carter, Dawson 2008); the
 * formula for sums has no exceptions on this curve.  A sum of products of
 * scalars goes through the bits of both at once, each scalar written with
 * odd digits from -15 to 15 that lie five bits apart, so the multiples of a
 * point that are wanted are its first eight odd ones.
 */
#include "edwards.h"

#include <sodium.h>

/* A point as the right side of a sum: y + x, y - x, 2z, 2d t. */
struct addend {
	struct fe sum, difference, z2, t2d;
};

enum { DIGITS = 258, MULTIPLES = 8 };

static const struct fe d = {{0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029,
    0x739c663a03cbb, 0x52036cee2b6ff}};
static const struct fe d2 = {{0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052,
    0x6738cc7407977, 0x2406d9dc56dff}};
static const struct fe root_minus_1 = {{0x61b274a0ea0b0, 0x0d5a5fc8f189d,
    0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};
static const struct fe fe_zero;

static const struct point identity = {.y = {{1}}, .z = {{1}}};

const struct point edwards_base_point = {
    .x = {{0x62d608f25d51a, 0x412a4b4f6592a, 0x75b7171a4b31d, 0x1ff60527118fe,
        0x216936d3cd6e5}},
    .y = {{0x6666666666658, 0x4cccccccccccc, 0x1999999999999, 0x3333333333333,
        0x6666666666666}},
    .z = {{1}},
    .t = {{0x68ab3a5b7dda3, 0x00eea2a5eadbb, 0x2af8df483c27e, 0x332b375274732,
        0x67875f0fd78b7}},
};

static struct fe
fe_negate(const struct fe *a)
{
	struct fe r = fe_sub(fe_zero, a);

	return fe_scale(&r, 1);
}

/* The x of a y: sqrt((y^2 - 1) / (d y^2 + 1)), either of the two. */
static bool
recover(const struct fe *y, struct fe *x)
{
	struct fe yy = fe_square(y), dyy = fe_mul(&yy, &d);
	struct fe u = fe_sub(yy, &fe_one), v = fe_add(dyy, &fe_one), v3, w;

	u = fe_scale(&u, 1);
	v3 = fe_square(&v);
	v3 = fe_mul(&v3, &v);
	w = fe_square(&v3);
	w = fe_mul(&w, &v);
	w = fe_mul(&w, &u); /* u v^7 */
	w = fe_power_58(&w);
	w = fe_mul(&w, &v3);
	*x = fe_mul(&w, &u);
	w = fe_square(x);
	w = fe_mul(&w, &v); /* now u, or -u, or there is no root */
	v3 = fe_sub(w, &u);
	if (fe_is_zero(&v3))
		return true;
	v3 = fe_add(w, &u);
	*x = fe_mul(x, &root_minus_1);
	return fe_is_zero(&v3);
}

bool
edwards_decode(struct point *p, const uint8_t from[32])
{
	p->y = fe_from_bytes(from);
	if (!recover(&p->y, &p->x))
		return false;
	if (fe_is_odd(&p->x) != from[31] >> 7)
		p->x = fe_negate(&p->x);
	p->z = fe_one;
	p->t = fe_mul(&p->x, &p->y);
	return true;
}

void
edwards_encode(const struct point *p, uint8_t to[32])
{
	struct fe z = fe_invert(&p->z), x = fe_mul(&p->x, &z);
	struct fe y = fe_mul(&p->y, &z);

	fe_to_bytes(y, to);
	to[31] |= (uint8_t)(fe_is_odd(&x) << 7);
}

/* 2p without its t, which the next doubling does not need */
static struct point
twice_no_t(const struct point *p)
{
	struct fe a = fe_square(&p->x), b = fe_square(&p->y);
	struct fe c = fe_square(&p->z), s = fe_add(p->x, &p->y);
	struct fe h = fe_add(a, &b), g = fe_sub(b, &a), e, f;
	struct point r;

	s = fe_square(&s);
	e = fe_sub(s, &h);
	c = fe_add(c, &c);
	c = fe_add(c, &a);
	f = fe_sub(c, &b);
	r.x = fe_mul(&e, &f);
	r.y = fe_mul(&g, &h);
	r.z = fe_mul(&f, &g);
	r.t = e; /* t = e h, and h = x^2 + y^2 of p */
	return r;
}

static struct point
twice(const struct point *p)
{
	struct fe a = fe_square(&p->x), b = fe_square(&p->y);
	struct fe h = fe_add(a, &b);
	struct point r = twice_no_t(p);

	r.t = fe_mul(&r.t, &h);
	return r;
}

static struct addend
addend(const struct point *p)
{
	struct addend a;

	a.sum = fe_add(p->y, &p->x);
	a.difference = fe_sub(p->y, &p->x);
	a.z2 = fe_add(p->z, &p->z);
	a.t2d = fe_mul(&p->t, &d2);
	return a;
}

/*
 * p + q, or p - q: the negative of q has its sum and difference exchanged,
 * and -t, which exchanges f and g.
 */
static inline struct point
combine(const struct point *p, const struct addend *q, bool less)
{
	struct fe a = fe_sub(p->y, &p->x), b = fe_add(p->y, &p->x);
	struct fe c = fe_mul(&p->t, &q->t2d), z = fe_mul(&p->z, &q->z2);
	struct fe e, f = fe_sub(z, &c), g = fe_add(z, &c), h;
	struct point r;

	a = fe_mul(&a, less ? &q->sum : &q->difference);
	b = fe_mul(&b, less ? &q->difference : &q->sum);
	e = fe_sub(b, &a);
	h = fe_add(b, &a);
	r.x = fe_mul(&e, less ? &g : &f);
	r.y = fe_mul(less ? &f : &g, &h);
	r.z = fe_mul(&f, &g);
	r.t = fe_mul(&e, &h);
	return r;
}

static struct point
plus(const struct point *p, const struct addend *q)
{
	return combine(p, q, false);
}

static struct point
minus(const struct point *p, const struct addend *q)
{
	return combine(p, q, true);
}

struct point
edwards_add(const struct point *a, const struct point *b)
{
	struct addend q = addend(b);

	return plus(a, &q);
}

struct point
edwards_negate(const struct point *a)
{
	struct point r = *a;

	r.x = fe_negate(&a->x);
	r.t = fe_negate(&a->t);
	return r;
}

/* p, 3p, 5p .. 15p */
static void
odd_multiples(struct addend m[MULTIPLES], const struct point *p)
{
	struct point q = twice(p);
	struct addend q2 = addend(&q);

	m[0] = addend(p);
	q = *p;
	for (int i = 1; i < MULTIPLES; i++) {
		q = plus(&q, &q2);
		m[i] = addend(&q);
	}
}

static unsigned
five_bits(const uint64_t s[4], unsigned at)
{
	unsigned i = at / 64, k = at % 64;
	uint64_t w = i < 4 ? s[i] >> k : 0;

	if (k > 59 && i + 1 < 4)
		w |= s[i + 1] << (64 - k);
	return w & 31;
}

/* The sum of digit[i] * 2^i is s. */
static void
to_digits(int8_t digit[DIGITS], const uint64_t s[4])
{
	unsigned carry = 0, i = 0;

	memset(digit, 0, DIGITS);
	while (i < 257) {
		unsigned w = five_bits(s, i) + carry;

		if (!(w & 1)) {
			i++;
			continue;
		}
		carry = w > 16;
		digit[i] = (int8_t)(carry ? (int)w - 32 : (int)w);
		i += 5;
	}
}

static struct point
add_digit(const struct point *p, const struct addend m[MULTIPLES], int digit)
{
	return digit > 0 ? plus(p, &m[digit / 2]) : minus(p, &m[-digit / 2]);
}

/* The highest place where either has a digit, or -1. */
static int
highest(int8_t digit[2][DIGITS], unsigned n)
{
	int i = DIGITS - 1;

	while (i >= 0 && !digit[0][i] && (n < 2 || !digit[1][i]))
		i--;
	return i;
}

struct point
edwards_sum(const struct term *t, unsigned n)
{
	int8_t digit[2][DIGITS];
	struct addend m[2][MULTIPLES];
	struct point p = identity;

	for (unsigned j = 0; j < n; j++) {
		to_digits(digit[j], t[j].scalar);
		odd_multiples(m[j], t[j].point);
	}
	for (int i = highest(digit, n); i >= 0; i--) {
		int here = digit[0][i] || (n > 1 && digit[1][i]);

		p = here || i == 0 ? twice(&p) : twice_no_t(&p);
		for (unsigned j = 0; j < n; j++)
			if (digit[j][i])
				p = add_digit(&p, m[j], digit[j][i]);
	}
	return p;
}

/* In constant time, unlike edwards_sum().  The library objects to 0 only. */
void
edwards_base(const uint64_t scalar[4], uint8_t to[32])
{
	if (crypto_scalarmult_ed25519_base_noclamp(
	        to, (const uint8_t *)scalar) == 0)
		return;
	memset(to, 0, 32);
	to[0] = 1;
}

/* One step of Montgomery's ladder: a = 2a, b = a + b, where b - a is u/1. */
static void
step(struct fe a[2], struct fe b[2], const struct fe *u)
{
	struct fe sa = fe_add(a[0], &a[1]), da = fe_sub(a[0], &a[1]);
	struct fe sb = fe_add(b[0], &b[1]), db = fe_sub(b[0], &b[1]);
	struct fe x, y, e;

	x = fe_mul(&db, &sa);
	y = fe_mul(&sb, &da);
	sa = fe_square(&sa);
	da = fe_square(&da);
	a[0] = fe_mul(&sa, &da);
	e = fe_sub(sa, &da);
	e = fe_scale(&e, 1);
	sb = fe_scale(&e, 121666);
	sb = fe_add(sb, &da);
	a[1] = fe_mul(&e, &sb);
	e = fe_add(x, &y);
	b[0] = fe_square(&e);
	e = fe_sub(x, &y);
	e = fe_square(&e);
	b[1] = fe_mul(&e, u);
}

/* The library's is half again as fast, but clears bits 1 and 2 too. */
static void
exchange_multiple_of_8(
    const uint8_t scalar[32], const struct fe *u, uint8_t to[32])
{
	uint8_t from[32];

	fe_to_bytes(*u, from);
	/* it objects to points of which 8 are zero */
	if (crypto_scalarmult(to, scalar, from) != 0)
		memset(to, 0, 32);
}

void
edwards_exchange(const uint8_t scalar[32], const struct fe *u, uint8_t to[32])
{
	struct fe a[2] = {fe_one, fe_zero}, b[2] = {*u, fe_one};

	if ((scalar[0] & 6) == 0) {
		exchange_multiple_of_8(scalar, u, to);
		return;
	}
	for (int i = 254; i >= 0; i--) {
		uint64_t bit = scalar[i / 8] >> (i % 8) & 1;

		bit = i == 254 ? 1 : i == 0 ? 0 : bit;
		fe_swap(&a[0], &b[0], bit);
		fe_swap(&a[1], &b[1], bit);
		step(a, b, u);
		fe_swap(&a[0], &b[0], bit);
		fe_swap(&a[1], &b[1], bit);
	}
	a[1] = fe_invert(&a[1]);
	a[0] = fe_mul(&a[0], &a[1]);
	fe_to_bytes(a[0], to);
}
