/*
 * cofl -- lug and drg, of the core inside ++fl: numbers of any precision,
 * rounded, and written in decimal.
 *
 * A number is [e a], a * 2^e with a not zero, and its door says
 *
 *     [[p v w] r d]     p   bits of precision, 2 at least
 *                       v   the lowest exponent, w above it the highest
 *                       r   the rounding mode, which neither looks at
 *                       d   %d with subnormal numbers, %f zero instead of
 *                           them, %i exponents without a bound
 *
 * Both pass what makes the Hoon crash, and sizes of which no format is.
 */
#include <gmp.h>
#include <string.h>

#include "jet.h"

#define EXPONENT_MAX (INT64_C(1) << 40)
#define PRECISION_MAX (UINT64_C(1) << 32)
#define DRG_BITS_MAX (1 << 16)
#define DRG_EXPONENT_MAX (1 << 20)

struct door {
	uint64_t precision;
	int64_t lowest, highest;
	uint64_t denormals; /* 'd', 'f' or 'i' */
};

/* A @s: even is positive. */
static bool
read_signed(noun n, int64_t *v)
{
	uint64_t u = direct_value(n);

	if (!is_direct(n) || u > 2 * EXPONENT_MAX)
		return false;
	*v = u & 1 ? -(int64_t)(u / 2) - 1 : (int64_t)(u / 2);
	return true;
}

static noun
signed_noun(int64_t v)
{
	return direct(v < 0 ? 2 * (uint64_t)-v - 1 : 2 * (uint64_t)v);
}

static bool
read_door(noun context, struct door *d)
{
	noun door, bounds, mode, den, p, v, w;

	if (!jet_door(context, &door) || !uncons3(door, &bounds, &mode, &den) ||
	    !uncons3(bounds, &p, &v, &w) || !is_direct(p) || !is_direct(w) ||
	    !read_signed(v, &d->lowest))
		return false;
	d->precision = direct_value(p);
	d->denormals = direct_value(den);
	if (d->precision < 2 || d->precision > PRECISION_MAX ||
	    direct_value(w) > EXPONENT_MAX)
		return false;
	d->highest = d->lowest + (int64_t)direct_value(w);
	return den == direct('d') || den == direct('f') || den == direct('i');
}

static bool
read_number(noun n, int64_t *e, struct limbs *a)
{
	noun exponent, value;

	if (!uncons(n, &exponent, &value) || !is_atom(value) || !value ||
	    !read_signed(exponent, e))
		return false;
	atom_limbs(value, a);
	return true;
}

static uint64_t
bits_of(const uint64_t *p, size_t n)
{
	return n * 64 - (uint64_t)__builtin_clzll(p[n - 1]);
}

/* By how many bits ++xpd shifts a number of m bits to the left. */
static uint64_t
spare(const struct door *d, uint64_t m, int64_t e)
{
	uint64_t most, above;

	if (m >= d->precision)
		return 0;
	most = d->precision - m;
	if (d->denormals == 'i')
		return most;
	above = e > d->lowest ? (uint64_t)(e - d->lowest) : 0;
	return above < most ? above : most;
}

/* -------- lug -------- */

/* What was cut off, in units of the lowest bit kept: 0, then about 1/2. */
enum rest { NOTHING, BELOW, HALF, ABOVE };

#define CORD(a, b) ((uint64_t)(a) | (uint64_t)(b) << 8)

static bool
bit_at(const struct limbs *a, uint64_t i)
{
	return i / 64 < a->n && a->p[i / 64] >> (i % 64) & 1;
}

/* The rest when the low q bits of a, which is not zero, are cut. */
static enum rest
rest_of(const struct limbs *a, uint64_t q)
{
	uint64_t zeros = mpn_scan1(a->p, 0);

	if (zeros >= q)
		return NOTHING;
	if (zeros == q - 1)
		return HALF;
	return bit_at(a, q - 1) ? ABOVE : BELOW;
}

/*
 * What to add to the part kept: 1, 0 or -1; 2 if t is no kind of rounding.
 * `exact` is the Hoon's s: if not, the number is a little more than it says.
 * By %lg it always is, and by %sm it is a little less; ties go to even by
 * %ne, away from zero by %na, to zero by %nt.
 */
static int
change_of(uint64_t t, enum rest rest, bool exact, bool odd)
{
	switch (t) {
	case CORD('f', 'l'):
		return 0;
	case CORD('l', 'g'):
		return 1;
	case CORD('s', 'm'):
		return rest == NOTHING && exact ? -1 : 0;
	case CORD('c', 'e'):
		return rest != NOTHING || !exact;
	case CORD('n', 'e'):
		return rest == ABOVE || (rest == HALF && (!exact || odd));
	case CORD('n', 'a'):
		return rest >= HALF;
	case CORD('n', 't'):
		return rest == ABOVE || (rest == HALF && !exact);
	default:
		return 2;
	}
}

/* to[0..n) = a / 2^q * 2^up, of which at most one is not 1. */
static void
copy_shifted(
    uint64_t *to, size_t n, const struct limbs *a, uint64_t q, uint64_t up)
{
	size_t skip = q / 64, at = up / 64, left;

	memset(to, 0, n * sizeof *to);
	if (skip >= a->n)
		return;
	left = a->n - skip;
	if (q % 64)
		mpn_rshift(to, a->p + skip, (mp_size_t)left, q % 64);
	else if (up % 64)
		to[at + left] =
		    mpn_lshift(to + at, a->p, (mp_size_t)left, up % 64);
	else
		memcpy(to + at, a->p + skip, left * sizeof *to);
}

/* p, of m bits, plus one; what that carries into a bit too many is halved. */
static void
step_up(const struct door *d, uint64_t *p, size_t n, int64_t *e)
{
	uint64_t top = d->precision;

	mpn_add_1(p, p, (mp_size_t)n, 1);
	if (top / 64 < n && p[top / 64] >> (top % 64) & 1) {
		mpn_rshift(p, p, (mp_size_t)n, 1);
		++*e;
	}
}

/* p, of m bits, minus one; or minus a half if that can be written. */
static void
step_down(const struct door *d, uint64_t *p, size_t n, uint64_t m, int64_t *e)
{
	uint64_t doubled = m + (mpn_scan1(p, 0) != m - 1);

	if ((*e != d->lowest || d->denormals == 'i') &&
	    doubled <= d->precision) {
		mpn_lshift(p, p, (mp_size_t)n, 1);
		--*e;
	}
	mpn_sub_1(p, p, (mp_size_t)n, 1);
}

/* [%f & e a], or an infinity; zero has an exponent of zero. */
static noun
number(const struct door *d, int64_t e, noun a)
{
	if (a && d->denormals != 'i' && e > d->highest)
		return cons(direct('i'), YES);
	if (d->denormals == 'f' && atom_bits(a) != d->precision)
		a = 0;
	return cons4(direct('f'), YES, signed_noun(a ? e : 0), a);
}

/*
 * The low bits that are beyond the precision, or below the lowest exponent,
 * are cut; what is kept is rounded by one.
 */
static noun
round_to(const struct door *d, const struct limbs *a, int64_t e, uint64_t t,
    bool exact)
{
	uint64_t m = bits_of(a->p, a->n), up, *p;
	uint64_t q = m > d->precision ? m - d->precision : 0;
	size_t n;
	int change;

	if (!exact && !q)
		return JET_PASS;
	if (d->denormals != 'i' && e < d->lowest &&
	    (uint64_t)(d->lowest - e) > q)
		q = (uint64_t)(d->lowest - e);
	change = change_of(t, rest_of(a, q), exact, bit_at(a, q));
	if (change > 1)
		return JET_PASS;
	m = m > q ? m - q : 0;
	e += (int64_t)q;
	up = spare(d, m, e);
	m += up;
	e -= (int64_t)up;
	n = m / 64 + 2;
	p = heap_atom_begin(n);
	copy_shifted(p, n, a, q, up);
	if (change > 0)
		step_up(d, p, n, &e);
	else if (change < 0)
		step_down(d, p, n, m, &e);
	return number(d, e, heap_atom_end(n));
}

noun
jet_lug(noun sample, noun context)
{
	struct door d;
	struct limbs a;
	noun t, value, exact;
	int64_t e;

	if (!read_door(context, &d) || !uncons3(sample, &t, &value, &exact) ||
	    !is_direct(t) || (exact != YES && exact != NO) ||
	    !read_number(value, &e, &a))
		return JET_PASS;
	return round_to(&d, &a, e, direct_value(t), exact == YES);
}

/* -------- drg -------- */

/*
 * Dragon4.  r/s is the number over 10^k, and below 1; m/s is the distance to
 * the next number below it, over 10^k, and to the one above it is that or,
 * if `twice`, twice that.  As only ratios count, what r and s have in common
 * is never there, both are doubled (halves of distances are wanted), and all
 * three are shifted so that the top bit of s is bit 59 of its last limb: a
 * digit is guessed from one limb, and 10 s still fits.
 */
struct dragon {
	uint64_t *r, *s, *m, *sum; /* n limbs each; sum is for comparing */
	size_t n;
	int64_t k;
	bool twice;
};

/* floor(n * log10 2), exact for |n| < 3,000,000. */
static int64_t
decimal_log(int64_t n)
{
	const int64_t log2 = 0x134413509f79fef3; /* log10 2 * 2^62 */

	return (int64_t)((__int128)n * log2 >> 62);
}

/* 5^k into p, which is scratch memory of its own; the number of limbs. */
static size_t
power_of_five(uint64_t **p, uint64_t k)
{
	size_t room = k * 149 / 64 / 64 + 2, n = 1; /* 5 < 2^(149/64) */
	uint64_t *power = scratch_push(room * 2 * sizeof *power);
	uint64_t *square = power + room, *swap;

	power[0] = 1;
	for (int i = k ? 63 - __builtin_clzll(k) : -1; i >= 0; i--) {
		mpn_sqr(square, power, (mp_size_t)n);
		swap = power;
		power = square;
		square = swap;
		n = n * 2 - !power[n * 2 - 1];
		if (k >> i & 1) {
			power[n] = mpn_mul_1(power, power, (mp_size_t)n, 5);
			n += power[n] != 0;
		}
	}
	*p = power;
	return n;
}

/* to[0..n) = p * 2^shift, which fits. */
static void
place(uint64_t *to, size_t n, const uint64_t *p, size_t len, uint64_t shift)
{
	size_t at = shift / 64;
	uint64_t over;

	memset(to, 0, n * sizeof *to);
	if (shift % 64) {
		over = mpn_lshift(to + at, p, (mp_size_t)len, shift % 64);
		if (over)
			to[at + len] = over;
	} else {
		memcpy(to + at, p, len * sizeof *p);
	}
}

/*
 * Set up r, s and m for a * 2^e and a guess of k:
 *
 *     r = 2 a 5^-k 2^(e-k)    s = 2 5^k 2^(k-e)    m = 5^-k 2^(e-k)
 *
 * where a power with a negative exponent is left out.
 */
static void
dragon_open(struct dragon *d, const uint64_t *a, size_t len, int64_t e)
{
	uint64_t *power, *product, one = 1;
	size_t n = power_of_five(&power, d->k < 0 ? -d->k : d->k);
	uint64_t up = e > d->k ? (uint64_t)(e - d->k) : 0;
	uint64_t down = d->k > e ? (uint64_t)(d->k - e) : 0;
	uint64_t bits, align;

	bits = down + (d->k > 0 ? bits_of(power, n) : 1) + 1 + d->twice;
	align = (60 - bits) % 64;
	d->n = (bits + align) / 64 + 1;
	d->r = scratch_push((4 * d->n + len + n) * sizeof *d->r);
	d->s = d->r + d->n;
	d->m = d->s + d->n;
	d->sum = d->m + d->n;
	product = d->sum + d->n;
	if (d->k > 0) {
		place(d->s, d->n, power, n, down + 1 + d->twice + align);
		power = &one;
		n = 1;
	} else {
		place(d->s, d->n, &one, 1, down + 1 + d->twice + align);
	}
	if (len >= n)
		mpn_mul(product, a, (mp_size_t)len, power, (mp_size_t)n);
	else
		mpn_mul(product, power, (mp_size_t)n, a, (mp_size_t)len);
	len = len + n - !product[len + n - 1];
	place(d->r, d->n, product, len, up + 1 + d->twice + align);
	place(d->m, d->n, power, n, up + align);
}

/* r + the distance to the number above, less s: its sign.  m < 5 s. */
static int
dragon_high(const struct dragon *d)
{
	mp_size_t n = (mp_size_t)d->n;

	mpn_add_n(d->sum, d->r, d->m, n);
	if (d->twice)
		mpn_add_n(d->sum, d->sum, d->m, n);
	return mpn_cmp(d->sum, d->s, n);
}

/* r / s, which is 0 to 9; r becomes the remainder. */
static uint64_t
dragon_digit(struct dragon *d)
{
	mp_size_t n = (mp_size_t)d->n;
	uint64_t u = d->r[n - 1] / (d->s[n - 1] + 1);

	if (u)
		mpn_submul_1(d->r, d->s, n, u);
	while (mpn_cmp(d->r, d->s, n) >= 0) {
		mpn_sub_n(d->r, d->r, d->s, n);
		u++;
	}
	return u;
}

/*
 * Is this the last digit, and is it to be one more?  It is last as soon as
 * what is left is less than half the distance to a neighbour.
 */
static bool
dragon_last(const struct dragon *d, bool *more)
{
	mp_size_t n = (mp_size_t)d->n;
	bool low = mpn_cmp(d->r, d->m, n) < 0;
	bool high = mpn_cmp(d->m, d->s, n) >= 0 || dragon_high(d) > 0;

	*more = false;
	if (high && low) {
		mpn_lshift(d->sum, d->r, n, 1);
		*more = mpn_cmp(d->sum, d->s, n) > 0;
	} else if (high) {
		*more = true;
	}
	return low || high;
}

/*
 * The digits, into o, of `len` limbs.  If k was guessed one too low, s is
 * to be ten times as large: as well may r and m, the first time, not be.
 */
static void
dragon_run(struct dragon *d, uint64_t *o, size_t len)
{
	mp_size_t n = (mp_size_t)d->n;
	bool more, scaled = dragon_high(d) >= 0;

	d->k += scaled;
	memset(o, 0, len * sizeof *o);
	do {
		if (!scaled) {
			mpn_mul_1(d->r, d->r, n, 10);
			mpn_mul_1(d->m, d->m, n, 10);
		}
		scaled = false;
		d->k--;
		mpn_mul_1(o, o, (mp_size_t)len, 10);
		mpn_add_1(o, o, (mp_size_t)len, dragon_digit(d));
	} while (!dragon_last(d, &more));
	mpn_add_1(o, o, (mp_size_t)len, more);
}

/* The shortest decimal that is nearer to a * 2^e than to its neighbours. */
static noun
shortest(const struct door *door, const struct limbs *a, int64_t e)
{
	char *top = scratch_top();
	uint64_t m = bits_of(a->p, a->n), up = spare(door, m, e);
	size_t len = (m + up) / 64 + 2;
	uint64_t *full = scratch_push(2 * len * sizeof *full), *o = full + len;
	struct dragon d;
	noun digits;

	copy_shifted(full, len, a, 0, up);
	m += up;
	e -= (int64_t)up;
	d.twice = m == door->precision && mpn_scan1(full, 0) == m - 1 &&
	    (e != door->lowest || door->denormals == 'i');
	d.k = decimal_log((int64_t)m - 1 + e) + 1;
	dragon_open(&d, full, (m + 63) / 64, e);
	dragon_run(&d, o, len);
	digits = atom_from_limbs(o, len);
	scratch_cut(top);
	return cons(signed_noun(d.k), digits);
}

noun
jet_drg(noun sample, noun context)
{
	struct door d;
	struct limbs a;
	int64_t e;

	if (!read_door(context, &d) || !read_number(sample, &e, &a) ||
	    d.precision > DRG_BITS_MAX || a.n > DRG_BITS_MAX / 64 ||
	    e > DRG_EXPONENT_MAX || e < -DRG_EXPONENT_MAX)
		return JET_PASS;
	return shortest(&d, &a, e);
}
