/*
 * jam -- nouns to bytes and back: the portable serial form.
 *
 * Bits are counted from the lowest bit of the first byte.
 *
 *     noun    0 mat(a)              an atom
 *             1 0 noun noun         a cell
 *             1 1 mat(p)            the noun that began at bit p
 *     mat(0)  1
 *     mat(a)  k zeros, 1, the low k-1 bits of n, the n bits of a
 *             where n = the bits of a, k = the bits of n
 *
 * jam writes a noun that stood earlier as a reference, but an atom only
 * where its bits are more than those of the position: so every noun has
 * one jam, the same as everyone's.  cue reads any: also jams with less
 * sharing, and atoms with leading zeros.
 */
#ifndef JAM_H
#define JAM_H

#include "noun.h"

/*
 * The jam of n, as an atom.  Equal parts are found by structure, so the
 * result does not depend on how n shares its memory.  May bail meme; never
 * collects.
 */
noun jam(noun n);

/* Why a cue failed, and at which bit. */
struct cue_fault {
	const char *reason; /* a constant, "the jam is cut short" */
	uint64_t bit;
};

/*
 * Read the jam in p[0..n) into *out.  0, or -1 with *fault told; then no
 * noun was made.  Zero bytes may follow the jam, nothing else.  Uses at
 * most 110 bytes of heap and scratch for every byte of p.  May bail meme;
 * never collects.  p may not lie in the heap's nursery.
 */
int cue(const void *p, size_t n, noun *out, struct cue_fault *fault);

#endif
