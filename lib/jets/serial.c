/*
 * serial -- jam and cue, and the numbers that know their length, of which a
 * jam is made: ++mat and ++rub.
 */
#include <gmp.h>
#include <string.h>

#include "bits.h"
#include "jam.h"

noun
jet_jam(noun sample, noun context)
{
	(void)context;
	return jam(sample);
}

/*
 * The Hoon reads zeros behind the end and stops when it has a noun, so what
 * is wrong with a jam may be all right to it: it is asked.  cue() must not
 * read from the nursery, so it reads a copy.
 */
noun
jet_cue(noun sample, noun context)
{
	char *mark = scratch_top();
	struct cue_fault fault;
	uint64_t room;
	uint8_t *p;
	size_t n;
	noun out;
	int bad;

	(void)context;
	if (is_cell(sample))
		return JET_PASS;
	n = atom_bytes(sample);
	p = scratch_push(n);
	memcpy(p, atom_view(sample, &room), n);
	bad = cue(p, n, &out, &fault);
	scratch_cut(mark);
	return bad ? JET_PASS : out;
}

/*
 * [width bits]: with n the bits of a and k the bits of n, these are k zeros,
 * a 1, the low k - 1 bits of n, and a.  Inverse of jet_rub().
 */
noun
jet_mat(noun sample, noun context)
{
	uint64_t n, k, length;

	(void)context;
	if (sample == 0)
		return cons(direct(1), direct(1));
	n = bits_of(sample);
	if (is_cell(sample) || n > UINT32_MAX)
		return JET_PASS;
	k = bits_of(direct(n));
	length = UINT64_C(1) << k | bits_low(n, k - 1) << (k + 1);
	return cons(
	    direct(2 * k + n), bits_join(atom_word(length), 2 * k, sample));
}

/* The number of zeros in a from bit `at` on; false if there are only zeros. */
static bool
count_zeros(noun a, noun at, uint64_t *n)
{
	struct limbs l;

	if (!is_direct(at) || direct_value(at) >= bits_of(a))
		return false;
	atom_limbs(a, &l);
	*n = mpn_scan1(l.p, direct_value(at)) - direct_value(at);
	return true;
}

/* [width value] of what jet_mat() wrote at a bit position. */
noun
jet_rub(noun sample, noun context)
{
	enum { LONG = 60 };
	noun place, a;
	uint64_t at, k, n;

	(void)context;
	if (!two_atoms(sample, &place, &a))
		return JET_PASS;
	if (!count_zeros(a, place, &k))
		jet_crash();
	if (k == 0)
		return cons(direct(1), 0);
	if (k > LONG)
		return JET_PASS;
	at = direct_value(place) + k + 1;
	n = UINT64_C(1) << (k - 1) | direct_value(bits_slice(a, at, k - 1));
	return cons(direct(2 * k + n), bits_slice(a, at + k - 1, n));
}
