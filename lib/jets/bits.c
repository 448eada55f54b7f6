/*
 * bits -- shifts, slices, measures and logic.
 *
 * Widths are those of the Hoon in a machine without bounds: a slice that is
 * wider than any memory is all of its atom, where the Hoon would compute a
 * power of two that it then hardly uses.
 */
#include "bits.h"

#include <gmp.h>
#include <string.h>

#include "equal.h"

/* -------- widths -------- */

uint64_t
bits_scale(noun bloq, noun step)
{
	uint64_t b = direct_value(bloq), s = direct_value(step);

	if (step == 0)
		return 0;
	if (!both_direct(bloq, step) || b >= 62 || s > WIDE >> b)
		return WIDE;
	return s << b;
}

bool
bits_width(noun bite, uint64_t *width)
{
	noun bloq = bite, step = direct(1);

	if (is_cell(bite) && !two_atoms(bite, &bloq, &step))
		return false;
	*width = bits_scale(bloq, step);
	return true;
}

uint64_t
bits_blocks(noun bloq, uint64_t bits)
{
	uint64_t b = direct_value(bloq);

	if (!is_direct(bloq) || b >= 62)
		return bits != 0;
	return (bits + (UINT64_C(1) << b) - 1) >> b;
}

/* -------- ranges of bits -------- */

static noun
long_slice(const struct limbs *l, uint64_t from, uint64_t n)
{
	size_t i = from / 64, limbs = bits_limbs(n);
	size_t last = (from + n - 1) / 64;
	uint64_t *p = heap_atom_begin(limbs + 1);

	if (from % 64)
		mpn_rshift(p, l->p + i, (long)(last - i + 1), from % 64);
	else
		memcpy(p, l->p + i, limbs * 8);
	if (n % 64)
		p[limbs - 1] = bits_low(p[limbs - 1], n % 64);
	return heap_atom_end(limbs);
}

static noun
boxed_slice(noun a, uint64_t from, uint64_t n)
{
	uint64_t bits = atom_bits(a);
	struct limbs l;

	if (from >= bits)
		return 0;
	if (n >= bits - from)
		n = bits - from;
	if (n == bits)
		return a;
	atom_limbs(a, &l);
	if (n <= 63)
		return direct(bits_low(bits_window(&l, from), n));
	return long_slice(&l, from, n);
}

static inline noun
slice(noun a, uint64_t from, uint64_t n)
{
	uint64_t v = direct_value(a);

	if (is_boxed(a))
		return boxed_slice(a, from, n);
	if (from >= 63)
		return 0;
	v >>= from;
	return direct(n < 63 ? bits_low(v, n) : v);
}

noun
bits_slice(noun a, uint64_t from, uint64_t n)
{
	return slice(a, from, n);
}

uint64_t *
bits_begin(size_t limbs)
{
	return memset(heap_atom_begin(limbs), 0, limbs * 8);
}

static noun
long_shift(noun a, uint64_t bits, uint64_t by)
{
	size_t limbs = bits_limbs(bits + by), low = by / 64;
	struct limbs l;
	uint64_t *p, carry;

	atom_limbs(a, &l);
	p = heap_atom_begin(limbs);
	memset(p, 0, low * 8);
	if (by % 64 == 0) {
		memcpy(p + low, l.p, l.n * 8);
		return heap_atom_end(limbs);
	}
	carry = mpn_lshift(p + low, l.p, (long)l.n, by % 64);
	if (low + l.n < limbs)
		p[low + l.n] = carry;
	return heap_atom_end(limbs);
}

noun
bits_shift(noun a, uint64_t by)
{
	uint64_t bits = bits_of(a);

	if (bits == 0)
		return 0;
	if (by > BITS_MAX - bits)
		bail(BAIL_MEME);
	if (bits + by <= 63)
		return a << by;
	return long_shift(a, bits, by);
}

void
bits_put(uint64_t *to, uint64_t at, const uint64_t *p, uint64_t n)
{
	size_t limbs = bits_limbs(n);
	uint64_t s = at % 64, w;

	to += at / 64;
	for (size_t i = 0; i < limbs; i++) {
		w = p[i];
		if (i == limbs - 1 && n % 64)
			w = bits_low(w, n % 64);
		to[i] |= w << s;
		if (s && w >> (64 - s))
			to[i + 1] |= w >> (64 - s);
	}
}

static noun
long_join(noun low, uint64_t n, noun high, uint64_t bits)
{
	uint64_t lows = bits_of(low);
	size_t limbs = bits_limbs(n + bits);
	uint64_t *p = bits_begin(limbs);
	struct limbs l, h;

	atom_limbs(low, &l);
	atom_limbs(high, &h);
	if (lows > n)
		lows = n;
	if (lows > 0)
		bits_put(p, 0, l.p, lows);
	bits_put(p, n, h.p, bits);
	return heap_atom_end(limbs);
}

noun
bits_join(noun low, uint64_t n, noun high)
{
	uint64_t bits = bits_of(high);

	if (bits == 0)
		return slice(low, 0, n);
	if (n > BITS_MAX - bits)
		bail(BAIL_MEME);
	if (n + bits <= 63)
		return slice(low, 0, n) | high << n;
	return long_join(low, n, high, bits);
}

/* -------- shifts and slices -------- */

static inline noun
low_part(uint64_t width, noun a)
{
	return slice(a, 0, width);
}

static inline noun
high_part(uint64_t width, noun a)
{
	return slice(a, width, WIDE);
}

static inline noun
shifted(uint64_t width, noun a)
{
	return bits_shift(a, width);
}

BITE_ATOM(end, low_part)
BITE_ATOM(rsh, high_part)
BITE_ATOM(lsh, shifted)

noun
jet_cut(noun sample, noun context)
{
	noun bloq, range, a, from, step;

	(void)context;
	if (!uncons3(sample, &bloq, &range, &a) ||
	    !two_atoms(range, &from, &step) || !is_atom(bloq) || !is_atom(a))
		return JET_PASS;
	return slice(a, bits_scale(bloq, from), bits_scale(bloq, step));
}

static noun
power_of_two(noun a)
{
	if (!is_direct(a))
		bail(BAIL_MEME);
	return bits_shift(direct(1), direct_value(a));
}

noun
jet_bex(noun sample, noun context)
{
	(void)context;
	return is_atom(sample) ? power_of_two(sample) : JET_PASS;
}

static inline noun
measure(noun bloq, noun a)
{
	return direct(bits_blocks(bloq, bits_of(a)));
}

TWO_ATOMS(met, measure)

noun
jet_xeb(noun sample, noun context)
{
	(void)context;
	return is_atom(sample) ? direct(bits_of(sample)) : JET_PASS;
}

/* -------- logic -------- */

/* a is the longer: what b lacks is copied, or left off. */
static noun
long_or(const struct limbs *a, const struct limbs *b, bool exclusive)
{
	uint64_t *p = heap_atom_begin(a->n);

	memcpy(p + b->n, a->p + b->n, (a->n - b->n) * 8);
	if (b->n > 0 && exclusive)
		mpn_xor_n(p, a->p, b->p, (long)b->n);
	else if (b->n > 0)
		mpn_ior_n(p, a->p, b->p, (long)b->n);
	return heap_atom_end(a->n);
}

static noun
long_and(const struct limbs *b, const struct limbs *a)
{
	uint64_t *p;

	if (b->n == 0)
		return 0;
	p = heap_atom_begin(b->n);
	mpn_and_n(p, a->p, b->p, (long)b->n);
	return heap_atom_end(b->n);
}

static noun
either(noun a, noun b)
{
	struct limbs x, y;

	if (both_direct(a, b))
		return a | b;
	atom_limbs(a, &x);
	atom_limbs(b, &y);
	return x.n < y.n ? long_or(&y, &x, false) : long_or(&x, &y, false);
}

static noun
only_one(noun a, noun b)
{
	struct limbs x, y;

	if (both_direct(a, b))
		return a ^ b;
	atom_limbs(a, &x);
	atom_limbs(b, &y);
	return x.n < y.n ? long_or(&y, &x, true) : long_or(&x, &y, true);
}

static noun
both(noun a, noun b)
{
	struct limbs x, y;

	if (both_direct(a, b))
		return a & b;
	atom_limbs(a, &x);
	atom_limbs(b, &y);
	return x.n < y.n ? long_and(&x, &y) : long_and(&y, &x);
}

TWO_ATOMS(con, either)
TWO_ATOMS(dis, both)
TWO_ATOMS(mix, only_one)

/* -------- counting -------- */

/* Leading zeros, in a block as wide as the bite says. */
noun
jet_clz(noun sample, noun context)
{
	noun bite, a;
	uint64_t width;

	(void)context;
	if (!uncons(sample, &bite, &a) || !is_atom(a) ||
	    !bits_width(bite, &width) || width == WIDE)
		return JET_PASS;
	return direct(width - bits_of(slice(a, 0, width)));
}

noun
jet_ctz(noun sample, noun context)
{
	(void)context;
	if (is_cell(sample))
		return JET_PASS;
	if (sample == 0)
		return 0;
	if (is_direct(sample))
		return direct((uint64_t)__builtin_ctzll(direct_value(sample)));
	return direct(mpn_scan1(boxed_limbs(sample), 0));
}

noun
jet_ham(noun sample, noun context)
{
	struct limbs l;

	(void)context;
	if (is_cell(sample))
		return JET_PASS;
	atom_limbs(sample, &l);
	return l.n ? direct(mpn_popcount(l.p, (long)l.n)) : 0;
}

/* Blocks of 2^from bits counted in blocks of 2^to, rounded up. */
static noun
convert_step(noun from, noun step, noun to)
{
	uint64_t by;
	noun n;

	if (!both_direct(from, to))
		return equal(from, to) ? step : JET_PASS;
	if (from >= to)
		return bits_shift(step, direct_value(from - to));
	by = direct_value(to - from);
	n = slice(step, by, WIDE);
	return slice(step, 0, by) == 0 ? n : atom_increment(n);
}

/* A bite without a step is no blocks, whatever it is converted to. */
noun
jet_rig(noun sample, noun context)
{
	noun bite, to, from, step;

	(void)context;
	if (!uncons(sample, &bite, &to))
		return JET_PASS;
	if (is_atom(bite))
		return 0;
	if (!two_atoms(bite, &from, &step) || !is_atom(to))
		return JET_PASS;
	return convert_step(from, step, to);
}
