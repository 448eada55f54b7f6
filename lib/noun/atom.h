/*
 * atom -- atoms of any size: made from and read as words and bytes.
 *
 * Making an atom may bail meme; nothing here collects.  Sizes are in the
 * unit that the name says.  Byte order is little-endian throughout, as in
 * Hoon.  Arithmetic is the business of those who need it: a struct limbs
 * is what GMP's mpn functions take.
 */
#ifndef ATOM_H
#define ATOM_H

#include "noun.h"

/* An atom as 64-bit limbs, lowest first; n = 0 for zero. */
struct limbs {
	const uint64_t *p;
	size_t n;
	uint64_t one; /* where p points for a direct atom */
};

/*
 * Look at atom a as limbs.  l->p is l's own for a direct atom (so l must
 * not be copied), the heap's until the next safepoint for a boxed one.
 */
void atom_limbs(noun a, struct limbs *l);

/* The atom of one word, of n limbs (not necessarily normalised), of n bytes. */
noun atom_word(uint64_t v);
noun atom_from_limbs(const uint64_t *p, size_t n);
noun atom_from_bytes(const void *p, size_t n);

/* The atom of a C string's bytes: a cord, or a term. */
noun atom_cord(const char *s);

/* True and *v if atom a fits 64 bits. */
bool atom_to_word(noun a, uint64_t *v);

/* Number of significant bits: Hoon's (met 0 a). */
uint64_t atom_bits(noun a);

/* Number of significant bytes: Hoon's (met 3 a). */
size_t atom_bytes(noun a);

/*
 * The significant bytes of a, atom_bytes(a) of them.  For a direct atom
 * they are put into *room; else they are the heap's until the next
 * safepoint.
 */
const uint8_t *atom_view(noun a, uint64_t *room);

/* -1, 0, 1 as atom a is less than, equal to, greater than atom b. */
int atom_compare(noun a, noun b);

/* a + 1 */
noun atom_increment(noun a);

/* True if atom a is the cord s: for tags such as %pill. */
bool atom_is(noun a, const char *s);

#endif
