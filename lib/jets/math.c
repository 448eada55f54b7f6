/*
 * math -- unsigned arithmetic and comparison, by GMP's limb functions.
 *
 * Hoon counts up and down, so it gives an answer for some samples that are
 * not two atoms: (add 0 b) is b, whatever b is.  All of those are passed.
 * Where it would count for ever, at a cell, dec is where it ends.
 */
#include <gmp.h>
#include <string.h>

#include "bits.h"

/* -------- sums -------- */

static noun
long_sum(noun a, noun b)
{
	struct limbs x, y, *big = &x, *small = &y;
	uint64_t *p;

	atom_limbs(a, &x);
	atom_limbs(b, &y);
	if (x.n < y.n) {
		big = &y;
		small = &x;
	}
	if (small->n == 0)
		return big == &x ? a : b;
	p = heap_atom_begin(big->n + 1);
	p[big->n] = mpn_add(p, big->p, big->n, small->p, small->n);
	return heap_atom_end(big->n + 1);
}

static inline noun
sum(noun a, noun b)
{
	noun c;

	if (both_direct(a, b) && !__builtin_add_overflow(a, b, &c))
		return c;
	return long_sum(a, b);
}

/*
 * Where a is small the Hoon comes to its crash soon, and says more in its
 * trace.
 */
static noun
underflow(noun a)
{
	enum { SOON = 256 };

	if (is_direct(a) && direct_value(a) < SOON)
		return JET_PASS;
	jet_crash();
}

static noun
long_difference(noun a, noun b)
{
	struct limbs x, y;
	uint64_t *p;

	if (b == 0)
		return a;
	if (atom_compare(a, b) < 0)
		return underflow(a);
	atom_limbs(a, &x);
	atom_limbs(b, &y);
	p = heap_atom_begin(x.n);
	mpn_sub(p, x.p, x.n, y.p, y.n);
	return heap_atom_end(x.n);
}

static inline noun
difference(noun a, noun b)
{
	if (both_direct(a, b) && a >= b)
		return a - b;
	return long_difference(a, b);
}

noun
jet_dec(noun sample, noun context)
{
	(void)context;
	if (is_direct(sample) && sample != 0)
		return sample - direct(1);
	if (sample == 0)
		return JET_PASS; /* which crashes, with a trace */
	if (is_cell(sample))
		jet_crash(); /* the Hoon never ends */
	return long_difference(sample, direct(1));
}

/* -------- products -------- */

static noun
long_product(noun a, noun b)
{
	struct limbs x, y;
	uint64_t *p;

	atom_limbs(a, &x);
	atom_limbs(b, &y);
	if (x.n == 0 || y.n == 0)
		return 0;
	p = heap_atom_begin(x.n + y.n);
	if (x.p == y.p)
		mpn_sqr(p, x.p, x.n);
	else if (x.n >= y.n)
		mpn_mul(p, x.p, x.n, y.p, y.n);
	else
		mpn_mul(p, y.p, y.n, x.p, x.n);
	return heap_atom_end(x.n + y.n);
}

static inline noun
product(noun a, noun b)
{
	noun c;

	if (both_direct(a, b) &&
	    !__builtin_mul_overflow(direct_value(a), b, &c))
		return c;
	return long_product(a, b);
}

/* -------- quotients: b is not 0 -------- */

static noun
long_quotient(noun a, noun b, noun *rest)
{
	char *mark = scratch_top();
	struct limbs x, y;
	uint64_t *p, *r;
	size_t n;
	noun q;

	atom_limbs(a, &x);
	atom_limbs(b, &y);
	if (x.n < y.n) {
		*rest = a;
		return 0;
	}
	n = x.n - y.n + 1;
	r = scratch_push(y.n * 8);
	p = heap_atom_begin(n);
	mpn_tdiv_qr(p, r, 0, x.p, (long)x.n, y.p, (long)y.n);
	q = heap_atom_end(n);
	*rest = atom_from_limbs(r, y.n);
	scratch_cut(mark);
	return q;
}

/* As above; but the quotient does not go into the heap. */
static noun
long_remainder(noun a, noun b)
{
	char *mark = scratch_top();
	struct limbs x, y;
	uint64_t *p, *q;

	atom_limbs(a, &x);
	atom_limbs(b, &y);
	if (x.n < y.n)
		return a;
	if (y.n == 1)
		return atom_word(mpn_mod_1(x.p, (long)x.n, y.p[0]));
	q = scratch_push((x.n - y.n + 1) * 8);
	p = heap_atom_begin(y.n);
	mpn_tdiv_qr(q, p, 0, x.p, (long)x.n, y.p, (long)y.n);
	scratch_cut(mark);
	return heap_atom_end(y.n);
}

/* Division by zero: pass, for the Hoon crashes at once, with a trace. */

static inline noun
quotient(noun a, noun b)
{
	noun rest;

	if (b == 0)
		return JET_PASS;
	if (both_direct(a, b))
		return direct(direct_value(a) / direct_value(b));
	return long_quotient(a, b, &rest);
}

static inline noun
remainder_of(noun a, noun b)
{
	if (b == 0)
		return JET_PASS;
	if (both_direct(a, b))
		return a % b;
	return long_remainder(a, b);
}

static inline noun
quotient_and_rest(noun a, noun b)
{
	noun q, rest;

	if (b == 0)
		return JET_PASS;
	if (both_direct(a, b)) {
		q = direct(direct_value(a) / direct_value(b));
		return cons(q, a % b);
	}
	q = long_quotient(a, b, &rest);
	return cons(q, rest);
}

/* -------- comparison -------- */

static inline bool
less(noun a, noun b)
{
	return both_direct(a, b) ? a < b : atom_compare(a, b) < 0;
}

static inline noun
is_less(noun a, noun b)
{
	return loobean(less(a, b));
}

static inline noun
is_more(noun a, noun b)
{
	return loobean(less(b, a));
}

static inline noun
is_at_most(noun a, noun b)
{
	return loobean(!less(b, a));
}

static inline noun
is_at_least(noun a, noun b)
{
	return loobean(!less(a, b));
}

static inline noun
larger(noun a, noun b)
{
	return less(b, a) ? a : b;
}

static inline noun
smaller(noun a, noun b)
{
	return less(a, b) ? a : b;
}

/* -------- powers and roots -------- */

/* a^e where it fits a direct atom. */
static noun
small_power(uint64_t a, uint64_t e)
{
	uint64_t v = 1;

	while (e-- > 0)
		v *= a;
	return direct(v);
}

/*
 * From the exponent's highest bit down: square, and multiply by a where
 * there is a one.  The two buffers take turns; each has room for `most`
 * limbs, the product's, and for those that a multiplication writes above.
 */
static noun
long_power(noun a, uint64_t e, size_t most)
{
	char *mark = scratch_top();
	struct limbs x;
	uint64_t *p, *q, *t;
	size_t n;
	noun whole;

	atom_limbs(a, &x);
	p = scratch_push((most + x.n + 2) * 8);
	q = scratch_push((most + x.n + 2) * 8);
	memcpy(p, x.p, x.n * 8);
	n = x.n;
	for (int bit = 62 - __builtin_clzll(e); bit >= 0; bit--) {
		mpn_sqr(q, p, (long)n);
		n = 2 * n - (q[2 * n - 1] == 0);
		t = p, p = q, q = t;
		if (!(e >> bit & 1))
			continue;
		mpn_mul(q, p, (long)n, x.p, (long)x.n);
		n += x.n - (q[n + x.n - 1] == 0);
		t = p, p = q, q = t;
	}
	whole = atom_from_limbs(p, n);
	scratch_cut(mark);
	return whole;
}

static noun
power(noun a, noun b)
{
	uint64_t bits = bits_of(a), e = direct_value(b);

	if (b == 0)
		return direct(1);
	if (bits <= 1 || b == direct(1))
		return a;
	if (!is_direct(b) || e >= BITS_MAX / (bits - 1))
		bail(BAIL_MEME);
	if (bits * e <= 63)
		return small_power(direct_value(a), e);
	return long_power(a, e, bits_limbs(bits * e));
}

noun
jet_sqt(noun sample, noun context)
{
	char *mark = scratch_top();
	struct limbs x;
	uint64_t *p, *rest;
	size_t n;
	noun root, left;

	(void)context;
	if (is_cell(sample))
		return JET_PASS;
	if (sample == 0)
		return cons(0, 0);
	atom_limbs(sample, &x);
	rest = scratch_push(x.n * 8);
	p = heap_atom_begin((x.n + 1) / 2);
	n = (size_t)mpn_sqrtrem(p, rest, x.p, (long)x.n);
	root = heap_atom_end((x.n + 1) / 2);
	left = atom_from_limbs(rest, n);
	scratch_cut(mark);
	return cons(root, left);
}

/* -------- axes: written in binary, a way down behind a 1 -------- */

/* The second bit from the top: 0 = the head.  a is at least 2. */
static bool
in_tail(noun a)
{
	return bits_slice(a, bits_of(a) - 2, 1) != 0;
}

noun
jet_cap(noun sample, noun context)
{
	(void)context;
	if (is_cell(sample) || sample <= direct(1))
		return JET_PASS;
	return direct(in_tail(sample) ? 3 : 2);
}

/* The same way without its first turn: the 1 moves down into its place. */
noun
jet_mas(noun sample, noun context)
{
	uint64_t n = bits_of(sample);

	(void)context;
	if (is_cell(sample) || sample <= direct(1))
		return JET_PASS;
	return bits_join(sample, n - 2, direct(1));
}

/*
 * b's way, from where a's ends.  For b = 0 the Hoon crashes, or in older
 * kernels never ends.
 */
static noun
composed(noun a, noun b)
{
	if (a == 0)
		return JET_PASS;
	if (b == 0)
		jet_crash();
	return bits_join(b, bits_of(b) - 1, a);
}

TWO_ATOMS(peg, composed)

/* -------- the jets of two atoms -------- */

TWO_ATOMS(add, sum)
TWO_ATOMS(sub, difference)
TWO_ATOMS(mul, product)
TWO_ATOMS(div, quotient)
TWO_ATOMS(mod, remainder_of)
TWO_ATOMS(dvr, quotient_and_rest)
TWO_ATOMS(lth, is_less)
TWO_ATOMS(gth, is_more)
TWO_ATOMS(lte, is_at_most)
TWO_ATOMS(gte, is_at_least)
TWO_ATOMS(max, larger)
TWO_ATOMS(min, smaller)
TWO_ATOMS(pow, power)
