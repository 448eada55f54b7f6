/*
 * float -- @rh, @rs, @rd and @rq: the arithmetic of IEEE 754 as Hoon's ++ff
 * over ++fl has it, in integers, one implementation for the four widths
 * (real.h).
 *
 * What ++fl does differently from IEEE 754:
 *
 *   - there is one NaN, positive and quiet, and none has a payload;
 *   - what is too large is an infinity, in every rounding mode;
 *   - when two numbers other than zero are added, a sum that is zero or
 *     that rounds to zero is -0 if rounding down, else +0, whatever the
 *     sign of the exact sum;
 *   - bits above the width are ignored.
 *
 * A comparison with a NaN is false.
 */
#include <gmp.h>

#include "jet.h"
#include "real.h"

static const struct format rh = {5, 10};
static const struct format rs = {8, 23};
static const struct format rd = {11, 52};
static const struct format rq = {15, 112};

/* (high * 2^128 + low) * 2^e, with the top bit set. */
struct wide {
	bool negative;
	int e;
	u128 high, low;
};

/* -------- sums and products -------- */

static inline struct real
real_kind(enum kind kind, bool negative)
{
	return (struct real){.kind = kind, .negative = negative};
}

/* a / 2^n, jammed. */
static inline void
wide_shift_jam(struct wide *x, int n)
{
	bool lost;

	if (n >= 128) {
		lost = x->low;
		x->low = shift_jam(x->high, n - 128) | lost;
		x->high = 0;
	} else if (n) {
		lost = x->low << (128 - n);
		x->low = x->low >> n | x->high << (128 - n) | lost;
		x->high >>= n;
	}
}

/* The top 128 bits of x, which is not zero, jammed. */
static inline struct real
wide_real(struct wide x)
{
	struct real r = {FINITE, x.negative, x.e + 128, x.high};
	int shift;

	if (!x.high) {
		r.e = x.e;
		r.a = x.low;
		return r;
	}
	shift = leading_zeros(x.high);
	if (shift) {
		r.e -= shift;
		r.a = x.high << shift | x.low >> (128 - shift);
	}
	r.a |= (x.low << shift) != 0;
	return r;
}

static inline bool
wide_less(const struct wide *x, const struct wide *y)
{
	if (x->e != y->e)
		return x->e < y->e;
	if (x->high != y->high)
		return x->high < y->high;
	return x->low < y->low;
}

static inline void
wide_add(struct wide *x, const struct wide *y)
{
	x->low += y->low;
	x->high += y->high + (x->low < y->low);
}

static inline void
wide_subtract(struct wide *x, const struct wide *y)
{
	x->high -= y->high + (x->low < y->low);
	x->low -= y->low;
}

/*
 * The bits of x + y.  The lowest bit of either is zero, so that both can be
 * halved to make room for a carry; what a larger distance of exponents cuts
 * off is far below what is kept, as then no more than one bit cancels.
 */
FOLDED u128
sum_bits(const struct format *f, char mode, struct wide x, struct wide y)
{
	u128 bits = 0;

	if (wide_less(&x, &y)) {
		struct wide z = x;

		x = y;
		y = z;
	}
	wide_shift_jam(&x, 1);
	wide_shift_jam(&y, 1 + x.e - y.e);
	x.e++;
	if (x.negative == y.negative)
		wide_add(&x, &y);
	else
		wide_subtract(&x, &y);
	if (x.high || x.low)
		bits = pack(f, mode, wide_real(x));
	if (!(bits << (128 - f->exponent - f->fraction)))
		return signed_bits(f, mode == 'd', 0);
	return bits;
}

/* The sum, if one of the two is not FINITE. */
static struct real
sum_special(char mode, struct real x, struct real y)
{
	if (x.kind == UNREAL || y.kind == UNREAL)
		return real_kind(UNREAL, false);
	if (x.kind == INFINITE && y.kind == INFINITE)
		return x.negative == y.negative ? x : real_kind(UNREAL, false);
	if (x.kind == ZERO && y.kind == ZERO)
		return real_kind(ZERO,
		    mode == 'd' ? x.negative || y.negative
		                : x.negative && y.negative);
	return x.kind == INFINITE || y.kind == ZERO ? x : y;
}

static inline struct wide
widen(struct real x)
{
	return (struct wide){x.negative, x.e - 128, x.a, 0};
}

static enum kind
product_kind(enum kind x, enum kind y)
{
	if (x == UNREAL || y == UNREAL)
		return UNREAL;
	if (x == INFINITE || y == INFINITE)
		return x == ZERO || y == ZERO ? UNREAL : INFINITE;
	return x == ZERO || y == ZERO ? ZERO : FINITE;
}

/* The exact product of two that are FINITE. */
static inline struct wide
product_wide(struct real x, struct real y)
{
	u128 x1 = x.a >> 64, x0 = (uint64_t)x.a;
	u128 y1 = y.a >> 64, y0 = (uint64_t)y.a;
	u128 low = x0 * y0, cross = x1 * y0, other = x0 * y1;
	struct wide p = {x.negative != y.negative, x.e + y.e, x1 * y1, 0};
	u128 middle = (low >> 64) + (uint64_t)cross + (uint64_t)other;

	p.low = middle << 64 | (uint64_t)low;
	p.high += (middle >> 64) + (cross >> 64) + (other >> 64);
	if (!(p.high >> 127)) {
		p.high = p.high << 1 | p.low >> 127;
		p.low <<= 1;
		p.e--;
	}
	return p;
}

/* -------- the operations, on the bits of their arguments -------- */

typedef u128 operation(const struct format *f, char mode, const u128 *args);

FOLDED u128
sum(const struct format *f, char mode, const u128 *args)
{
	struct real x = unpack(f, args[0]), y = unpack(f, args[1]);

	if (x.kind == FINITE && y.kind == FINITE)
		return sum_bits(f, mode, widen(x), widen(y));
	return bits_of(f, mode, sum_special(mode, x, y));
}

FOLDED u128
difference(const struct format *f, char mode, const u128 *args)
{
	u128 negated[2] = {args[0], args[1] ^ signed_bits(f, true, 0)};

	return sum(f, mode, negated);
}

FOLDED u128
product(const struct format *f, char mode, const u128 *args)
{
	struct real x = unpack(f, args[0]), y = unpack(f, args[1]);
	enum kind kind = product_kind(x.kind, y.kind);

	if (kind == FINITE)
		return pack(f, mode, wide_real(product_wide(x, y)));
	return bits_of(f, mode, real_kind(kind, x.negative != y.negative));
}

/* a * b + c, rounded once. */
FOLDED u128
fused(const struct format *f, char mode, const u128 *args)
{
	struct real x = unpack(f, args[0]), y = unpack(f, args[1]);
	struct real z = unpack(f, args[2]), xy;
	enum kind kind = product_kind(x.kind, y.kind);

	if (kind != FINITE)
		xy = real_kind(kind, x.negative != y.negative);
	else if (z.kind == FINITE)
		return sum_bits(f, mode, product_wide(x, y), widen(z));
	else
		xy = wide_real(product_wide(x, y));
	return bits_of(f, mode, sum_special(mode, xy, z));
}

/* x / y for two that are FINITE, jammed: 63 bits or more, or 127. */
FOLDED struct real
quotient(const struct format *f, struct real x, struct real y)
{
	struct real r = {FINITE, x.negative != y.negative, x.e - y.e, 0};
	mp_limb_t top[4] = {0}, by[2], q[3], rest[2];
	u128 n;

	if (f->fraction < 62) {
		n = x.a >> 1;
		y.a >>= 64;
		r.e -= 63;
		r.a = n / (uint64_t)y.a;
		r.a |= r.a * (uint64_t)y.a != n;
		return r;
	}
	n = x.a >> 1;
	top[2] = (mp_limb_t)n;
	top[3] = (mp_limb_t)(n >> 64);
	by[0] = (mp_limb_t)y.a;
	by[1] = (mp_limb_t)(y.a >> 64);
	mpn_tdiv_qr(q, rest, 0, top, 4, by, 2);
	r.e -= 127;
	r.a = (u128)q[1] << 64 | q[0] | (rest[0] || rest[1]);
	return r;
}

FOLDED u128
ratio(const struct format *f, char mode, const u128 *args)
{
	struct real x = unpack(f, args[0]), y = unpack(f, args[1]);
	bool negative = x.negative != y.negative;

	if (x.kind == FINITE && y.kind == FINITE)
		return pack(f, mode, quotient(f, x, y));
	if (x.kind == UNREAL || y.kind == UNREAL || x.kind == y.kind)
		return not_a_number(f);
	if (x.kind == ZERO || y.kind == INFINITE)
		return signed_bits(f, negative, 0);
	return signed_bits(f, negative, infinity(f));
}

/*
 * The root of a number of kind FINITE, jammed.  The exponent is made even;
 * 128 bits have a root of 64, 256 of 128.
 */
FOLDED struct real
root(const struct format *f, struct real x)
{
	mp_size_t n = f->fraction < 62 ? 2 : 4;
	mp_limb_t square[4] = {0}, half[2] = {0}, rest[4];

	if (x.e & 1) {
		x.a >>= 1;
		x.e++;
	}
	square[n - 2] = (mp_limb_t)x.a;
	square[n - 1] = (mp_limb_t)(x.a >> 64);
	x.e -= n == 4 ? 128 : 0;
	x.e /= 2;
	x.a = mpn_sqrtrem(half, rest, square, n) != 0;
	x.a |= (u128)half[1] << 64 | half[0];
	return x;
}

FOLDED u128
square_root(const struct format *f, char mode, const u128 *args)
{
	struct real x = unpack(f, args[0]);

	if (x.kind != ZERO && x.negative)
		return not_a_number(f);
	if (x.kind == FINITE)
		x = root(f, x);
	return bits_of(f, mode, x);
}

/* -------- comparison -------- */

/* As bits, so that each of the five is a set of them. */
enum order { LESS = 1, SAME = 2, MORE = 4, UNORDERED = 8 };

FOLDED enum order
order_of(const struct format *f, u128 x, u128 y)
{
	u128 sign = signed_bits(f, true, 0);
	bool x_negative = (x & sign) != 0, y_negative = (y & sign) != 0;

	x &= ~sign;
	y &= ~sign;
	if (x > infinity(f) || y > infinity(f))
		return UNORDERED;
	if (!(x | y) || (x == y && x_negative == y_negative))
		return SAME;
	if (x_negative != y_negative)
		return x_negative ? LESS : MORE;
	return (x < y) != x_negative ? LESS : MORE;
}

/* -------- the jets -------- */

/* The bits of an atom that the format has.  False if n is a cell. */
FOLDED bool
read_bits(const struct format *f, noun n, u128 *bits)
{
	const uint64_t *p;

	if (is_direct(n)) {
		*bits = direct_value(n);
	} else if (is_boxed(n)) {
		p = boxed_limbs(n);
		*bits = boxed_len(n) > 1 ? (u128)p[1] << 64 | p[0] : p[0];
	} else {
		return false;
	}
	*bits &= ((u128)2 << (f->exponent + f->fraction)) - 1;
	return true;
}

static noun
bits_noun(u128 bits)
{
	uint64_t limbs[2] = {(uint64_t)bits, (uint64_t)(bits >> 64)};

	return limbs[1] ? atom_from_limbs(limbs, 2) : atom_word(limbs[0]);
}

/* The door's sample; false if it is no rounding mode. */
static inline bool
read_mode(noun context, char *mode)
{
	noun r;

	if (!jet_door(context, &r))
		return false;
	*mode = (char)direct_value(r);
	return r == direct('n') || r == direct('u') || r == direct('d') ||
	    r == direct('z') || r == direct('a');
}

FOLDED bool
read_two(const struct format *f, noun sample, u128 *args)
{
	return is_cell(sample) && read_bits(f, head(sample), &args[0]) &&
	    read_bits(f, tail(sample), &args[1]);
}

FOLDED noun
of_one(const struct format *f, operation *op, noun sample, noun context)
{
	char mode;
	u128 arg;

	if (!read_bits(f, sample, &arg) || !read_mode(context, &mode))
		return JET_PASS;
	return bits_noun(op(f, mode, &arg));
}

FOLDED noun
of_two(const struct format *f, operation *op, noun sample, noun context)
{
	char mode;
	u128 args[2];

	if (!read_two(f, sample, args) || !read_mode(context, &mode))
		return JET_PASS;
	return bits_noun(op(f, mode, args));
}

FOLDED noun
of_three(const struct format *f, operation *op, noun sample, noun context)
{
	char mode;
	u128 args[3];

	if (!is_cell(sample) || !read_bits(f, head(sample), &args[0]) ||
	    !read_two(f, tail(sample), args + 1) || !read_mode(context, &mode))
		return JET_PASS;
	return bits_noun(op(f, mode, args));
}

/* Are the two of the sample in one of these orders? */
FOLDED noun
in_order(const struct format *f, int orders, noun sample)
{
	u128 args[2];

	if (!read_two(f, sample, args))
		return JET_PASS;
	return loobean(order_of(f, args[0], args[1]) & orders);
}

#define OPERATION(width, name, of, op)                       \
	noun jet_##width##_##name(noun sample, noun context) \
	{                                                    \
		return of(&width, op, sample, context);      \
	}

#define COMPARISON(width, name, orders)                      \
	noun jet_##width##_##name(noun sample, noun context) \
	{                                                    \
		(void)context;                               \
		return in_order(&width, orders, sample);     \
	}

#define WIDTH(width)                               \
	OPERATION(width, add, of_two, sum)         \
	OPERATION(width, sub, of_two, difference)  \
	OPERATION(width, mul, of_two, product)     \
	OPERATION(width, div, of_two, ratio)       \
	OPERATION(width, sqt, of_one, square_root) \
	OPERATION(width, fma, of_three, fused)     \
	COMPARISON(width, lth, LESS)               \
	COMPARISON(width, lte, LESS | SAME)        \
	COMPARISON(width, equ, SAME)               \
	COMPARISON(width, gte, SAME | MORE)        \
	COMPARISON(width, gth, MORE)

WIDTH(rh)
WIDTH(rs)
WIDTH(rd)
WIDTH(rq)
