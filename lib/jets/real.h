/*
 * real -- a number of ++ff taken apart: @rh, @rs, @rd and @rq to a sign, an
 * exponent and a significand, and back with the one rounding that there is.
 *
 * An operation gives its exact result, or the top 128 bits or fewer of it,
 * but more than the format has, with the lowest bit set if anything was cut
 * off below (it is "jammed"); pack() then rounds it.  Nothing depends on the
 * processor's rounding mode.
 */
#ifndef REAL_H
#define REAL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What a format goes through is copied for each of them, so that its widths
 * are constants: a sum of doubles takes 17 ns, and 43 when they are not.
 */
#define FOLDED static inline __attribute__((always_inline))

typedef unsigned __int128 u128;

/* A format, by the widths of its two fields. */
struct format {
	int exponent, fraction;
};

enum kind { ZERO, FINITE, INFINITE, UNREAL };

/* Of kind FINITE: a * 2^e.  What unpack() gives has bit 127 of a set. */
struct real {
	enum kind kind;
	bool negative;
	int e;
	u128 a;
};

static inline u128
one_bit(int n)
{
	return (u128)1 << n;
}

/* The exponent of the lowest bit of a subnormal number: ++me. */
static inline int
lowest(const struct format *f)
{
	return 2 - (1 << (f->exponent - 1)) - f->fraction;
}

static inline u128
infinity(const struct format *f)
{
	return (one_bit(f->exponent) - 1) << f->fraction;
}

static inline u128
not_a_number(const struct format *f)
{
	return infinity(f) | one_bit(f->fraction - 1);
}

static inline u128
signed_bits(const struct format *f, bool negative, u128 magnitude)
{
	return magnitude | (u128)negative << (f->exponent + f->fraction);
}

static inline int
leading_zeros(u128 a)
{
	uint64_t high = (uint64_t)(a >> 64);

	return high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)a);
}

/* a / 2^n, jammed. */
static inline u128
shift_jam(u128 a, int n)
{
	if (n == 0)
		return a;
	if (n > 127)
		return a != 0;
	return a >> n | ((a << (128 - n)) != 0);
}

/* ++sea */
FOLDED struct real
unpack(const struct format *f, u128 bits)
{
	struct real x;
	u128 fraction = bits & (one_bit(f->fraction) - 1);
	int biased = (int)(bits >> f->fraction) & ((1 << f->exponent) - 1);
	int shift;

	x.negative = bits >> (f->exponent + f->fraction) & 1;
	x.e = 0;
	x.a = 0;
	if (biased == (1 << f->exponent) - 1) {
		x.kind = fraction ? UNREAL : INFINITE;
		return x;
	}
	if (biased)
		fraction |= one_bit(f->fraction);
	if (!fraction) {
		x.kind = ZERO;
		return x;
	}
	x.kind = FINITE;
	shift = leading_zeros(fraction);
	x.a = fraction << shift;
	x.e = lowest(f) + (biased ? biased - 1 : 0) - shift;
	return x;
}

/* Is a magnitude to be made larger, of which `rest` was cut off? */
FOLDED bool
rounds_up(char mode, bool negative, bool odd, u128 rest, u128 half)
{
	switch (mode) {
	case 'n':
		return rest > half || (rest == half && odd);
	case 'u':
		return rest && !negative;
	case 'd':
		return rest && negative;
	case 'a':
		return rest;
	default:
		return false;
	}
}

/*
 * The bits of a number of kind FINITE, rounded: ++lug, then ++bif.  The
 * fraction's top bit, which is not stored, adds one to the exponent, and a
 * carry out of it one more; for a subnormal number there is none to add.
 */
FOLDED u128
pack(const struct format *f, char mode, struct real x)
{
	int shift = leading_zeros(x.a);
	int cut, above;
	u128 kept, rest;

	x.a <<= shift;
	x.e -= shift;
	cut = 127 - f->fraction;
	if (lowest(f) - x.e > cut)
		cut = lowest(f) - x.e;
	above = x.e + cut - lowest(f);
	if (above > (1 << f->exponent) - 3)
		return signed_bits(f, x.negative, infinity(f));
	if (cut > 126) {
		x.a = shift_jam(x.a, cut - 126);
		cut = 126;
	}
	kept = x.a >> cut;
	rest = x.a & (one_bit(cut) - 1);
	if (rounds_up(mode, x.negative, kept & 1, rest, one_bit(cut - 1)))
		kept++;
	return signed_bits(f, x.negative, ((u128)above << f->fraction) + kept);
}

FOLDED u128
bits_of(const struct format *f, char mode, struct real x)
{
	switch (x.kind) {
	case ZERO:
		return signed_bits(f, x.negative, 0);
	case FINITE:
		return pack(f, mode, x);
	case INFINITE:
		return signed_bits(f, x.negative, infinity(f));
	default:
		return not_a_number(f);
	}
}

#endif
