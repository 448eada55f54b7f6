/*
 * bytes -- atoms as strings of bytes whose length is told beside them.
 *
 * Hoon's octs and byts are [wid dat], and either may lie about the other:
 * a dat that is shorter than wid is taken to end in zeros, and how one that
 * is longer is cut is the business of each arm; most cut it as these do.
 * Byte 0 is the least significant; "reversed" is most significant first,
 * as the arms want it that are written after big-endian standards.
 *
 * What is pushed is scratch memory (heap.h): a jet notes scratch_top() and
 * cuts back to it before it returns.
 */
#ifndef BYTES_H
#define BYTES_H

#include <string.h>

#include "atom.h"
#include "heap.h"
#include "noun.h"
#include "shape.h"

/* No length above this, 2^40 bits, is worth trying. */
#define BYTES_MAX ((uint64_t)1 << 37)

/* The length that an atom tells; false if it is a cell, or beyond reason. */
static inline bool
bytes_width(noun wid, size_t *n)
{
	*n = direct_value(wid);
	return is_direct(wid) && *n <= BYTES_MAX;
}

/* n is [wid dat], two atoms, the width within reason: take it apart. */
static inline bool
bytes_octs(noun n, size_t *wid, noun *dat)
{
	if (!is_cell(n) || !bytes_width(head(n), wid))
		return false;
	*dat = tail(n);
	return is_atom(*dat);
}

/* The low n bytes of atom a into p, zeros after its end. */
static inline void
bytes_get(noun a, void *p, size_t n)
{
	uint64_t one = direct_value(a);
	const void *from = &one;
	size_t have = sizeof one;

	if (is_boxed(a)) {
		from = boxed_limbs(a);
		have = boxed_len(a) * 8;
	}
	if (have > n)
		have = n;
	memcpy(p, from, have);
	if (n > have)
		memset((char *)p + have, 0, n - have);
}

/* to[0..n) = from[0..n) backwards.  They may be the same, else lie apart. */
static inline void
bytes_reverse(uint8_t *to, const uint8_t *from, size_t n)
{
	size_t i = 0, j = n; /* what is left; taken from both ends */
	uint64_t low, high;

	for (; j - i >= 16; i += 8, j -= 8) {
		memcpy(&low, from + i, 8);
		memcpy(&high, from + j - 8, 8);
		low = __builtin_bswap64(low);
		high = __builtin_bswap64(high);
		memcpy(to + j - 8, &low, 8);
		memcpy(to + i, &high, 8);
	}
	for (; i < j; i++, j--) {
		uint8_t first = from[i];

		to[i] = from[j - 1];
		to[j - 1] = first;
	}
}

/* bytes_get(), reversed: p[0] is byte n - 1. */
static inline void
bytes_get_reversed(noun a, void *p, size_t n)
{
	bytes_get(a, p, n);
	bytes_reverse((uint8_t *)p, (uint8_t *)p, n);
}

/* The low n bytes of atom a in scratch memory; and reversed. */
static inline uint8_t *
bytes_push(noun a, size_t n)
{
	uint8_t *p = (uint8_t *)scratch_push(n);

	bytes_get(a, p, n);
	return p;
}

static inline uint8_t *
bytes_push_reversed(noun a, size_t n)
{
	uint8_t *p = (uint8_t *)scratch_push(n);

	bytes_get_reversed(a, p, n);
	return p;
}

/*
 * The low n bytes of atom a, to look at until the next safepoint: where
 * they are, if all are there; in *room, if they fit; else pushed.
 */
static inline const uint8_t *
bytes_view(noun a, size_t n, uint64_t *room)
{
	if (n <= sizeof *room) {
		bytes_get(a, room, sizeof *room);
		return (const uint8_t *)room;
	}
	if (is_boxed(a) && n <= boxed_len(a) * 8)
		return (const uint8_t *)boxed_limbs(a);
	return bytes_push(a, n);
}

/*
 * An atom of n bytes is built in place, which spares a copy: begin gives the
 * bytes, unset, to be written; end makes the atom.  Nothing else may make
 * one in between (heap.h).
 */
static inline uint8_t *
bytes_begin(size_t n)
{
	size_t limbs = n / 8 + 1;
	uint64_t *l = heap_atom_begin(limbs);

	l[limbs - 1] = 0;
	return (uint8_t *)l;
}

static inline noun
bytes_end(size_t n)
{
	return heap_atom_end(n / 8 + 1);
}

/* The atom of n bytes, the most significant first. */
static inline noun
bytes_atom_reversed(const void *p, size_t n)
{
	uint64_t v = 0;

	if (n <= 8) {
		bytes_reverse((uint8_t *)&v, (const uint8_t *)p, n);
		return atom_word(v);
	}
	bytes_reverse(bytes_begin(n), (const uint8_t *)p, n);
	return bytes_end(n);
}

#endif
