/*
 * noun -- what a noun is, in 64 bits.
 *
 *     direct atom   value << 1          bit 0 clear; 63 bits of value
 *     cell          address | 1         16 bytes there: head, tail
 *     boxed atom    address | 3         a header word, then its limbs
 *
 * A boxed atom is normalised: its top limb is not zero, and its value does
 * not fit a direct atom.  So two direct atoms are equal exactly when their
 * words are, and a direct atom never equals a boxed one.
 *
 *     header of a boxed atom            bits 0..32   number of limbs, >= 1
 *                                       bits 33..63  mug, 0 = not known yet
 *
 * Cells lie on 16 bytes and atoms on 8, so `n - 1` and `n - 3` are the
 * addresses.  Words ending in 101 and 111 are never nouns; the collector
 * and cue mark unfinished cells with them.
 *
 * Nouns are immutable and nothing counts references.  A noun in a C local
 * holds until the next safepoint (heap.h); across one, keep it on the noun
 * stack.  The functions here are the words of the language, so they have
 * no module prefix.  Nothing here allocates, bails or collects.
 */
#ifndef NOUN_H
#define NOUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t noun;

#define DIRECT_MAX (UINT64_MAX >> 1) /* the largest direct value */
#define ATOM_LIMBS_MAX ((UINT64_C(1) << 33) - 1)

/* Loobeans: Nock's yes and no. */
#define YES ((noun)0)
#define NO ((noun)2)

static inline bool
is_direct(noun n)
{
	return !(n & 1);
}

static inline bool
is_cell(noun n)
{
	return (n & 3) == 1;
}

static inline bool
is_boxed(noun n)
{
	return (n & 3) == 3;
}

static inline bool
is_atom(noun n)
{
	return (n & 3) != 1;
}

/* The direct atom of v, which must be at most DIRECT_MAX. */
static inline noun
direct(uint64_t v)
{
	return v << 1;
}

/* The value of a direct atom. */
static inline uint64_t
direct_value(noun n)
{
	return n >> 1;
}

static inline noun
loobean(bool yes)
{
	return yes ? YES : NO;
}

/* The two words of a cell. */
static inline noun *
cell_words(noun cell)
{
	return (noun *)(cell - 1);
}

static inline noun
head(noun cell)
{
	return cell_words(cell)[0];
}

static inline noun
tail(noun cell)
{
	return cell_words(cell)[1];
}

/* The header word of a boxed atom; its limbs follow. */
static inline uint64_t *
boxed_header(noun boxed)
{
	return (uint64_t *)(boxed - 3);
}

static inline uint64_t *
boxed_limbs(noun boxed)
{
	return boxed_header(boxed) + 1;
}

static inline size_t
boxed_len(noun boxed)
{
	return *boxed_header(boxed) & ATOM_LIMBS_MAX;
}

#endif
