/*
 * bits -- ranges of bits in atoms: what shifts, slices and joins are made of.
 *
 * A bite is a bloq, or [bloq step]; its width is step blocks of 2^bloq bits.
 * Widths and offsets are counted in bits and saturate at WIDE, which is more
 * than any atom has.  What is too large for an atom bails meme.  Nothing
 * here collects.
 */
#ifndef BITS_H
#define BITS_H

#include "jet.h"

#define WIDE (UINT64_C(1) << 62)
#define BITS_MAX (ATOM_LIMBS_MAX * 64) /* the most that an atom can have */

/* step * 2^bloq; both atoms. */
uint64_t bits_scale(noun bloq, noun step);

/* The width of a bite; false if it is not one. */
bool bits_width(noun bite, uint64_t *width);

/* How many blocks of 2^bloq bits there are in so many bits. */
uint64_t bits_blocks(noun bloq, uint64_t bits);

/* The n bits of a from bit `from` on, as an atom. */
noun bits_slice(noun a, uint64_t from, uint64_t n);

/* a * 2^by */
noun bits_shift(noun a, uint64_t by);

/* The n low bits of `low`, and all of `high` from bit n on. */
noun bits_join(noun low, uint64_t n, noun high);

/* A new atom's limbs, all zero, for heap_atom_end(). */
uint64_t *bits_begin(size_t limbs);

/* Put n bits, at least 1, from p into limbs at bit `at`, where zeros are. */
void bits_put(uint64_t *to, uint64_t at, const uint64_t *p, uint64_t n);

/* The n low bits of a word; n <= 63. */
static inline uint64_t
bits_low(uint64_t w, uint64_t n)
{
	return w & ((UINT64_C(1) << n) - 1);
}

static inline size_t
bits_limbs(uint64_t n)
{
	return n / 64 + (n % 64 != 0);
}

/* Number of significant bits. */
static inline uint64_t
bits_of(noun a)
{
	if (is_boxed(a))
		return atom_bits(a);
	return a ? 63 - (uint64_t)__builtin_clzll(a) : 0;
}

/* 64 bits from bit `at` on. */
static inline uint64_t
bits_window(const struct limbs *l, uint64_t at)
{
	uint64_t i = at / 64, s = at % 64, w;

	if (i >= l->n)
		return 0;
	w = l->p[i] >> s;
	if (s && i + 1 < l->n)
		w |= l->p[i + 1] << (64 - s);
	return w;
}

static inline bool
both_direct(noun a, noun b)
{
	return !((a | b) & 1);
}

/* n is [a b], two atoms. */
static inline bool
two_atoms(noun n, noun *a, noun *b)
{
	if (!is_cell(n))
		return false;
	*a = head(n);
	*b = tail(n);
	return is_atom(*a) && is_atom(*b);
}

/* The jet of a gate with a sample of two atoms: function(a, b). */
#define TWO_ATOMS(name, function)                                             \
	noun jet_##name(noun sample, noun context)                            \
	{                                                                     \
		noun a, b;                                                    \
                                                                              \
		(void)context;                                                \
		return two_atoms(sample, &a, &b) ? function(a, b) : JET_PASS; \
	}

/* The jet of a gate with a sample of a bite and an atom. */
#define BITE_ATOM(name, function)                                 \
	noun jet_##name(noun sample, noun context)                \
	{                                                         \
		uint64_t width;                                   \
                                                                  \
		(void)context;                                    \
		if (!is_cell(sample) || !is_atom(tail(sample)) || \
		    !bits_width(head(sample), &width))            \
			return JET_PASS;                          \
		return function(width, tail(sample));             \
	}

#endif
