/*
 * patp -- ships' names: ~zod, ~marzod, ~sampel-palnet.
 *
 * A name is its number in base 256, one syllable a byte, in words of two
 * bytes that dashes part; from 64 bits up, two dashes stand between groups
 * of four words.
 *
 *     galaxy  8 bits    ~zod             moon    64 bits   ~doznec-...
 *     star    16 bits   ~marzod          comet   128 bits
 *     planet  32 bits   ~sampel-palnet
 *
 * The lower 32 bits of planets and moons are scrambled first, so that a
 * planet's name does not show its star.  As ++ob, ++po and ++fed:ag in
 * hoon.hoon have it.  Nothing here collects.
 */
#ifndef PATP_H
#define PATP_H

#include "noun.h"

/*
 * Read a name, without its ~, that is all of p[0..n): false if it is none.
 * There is one name for a ship: no leading ~doz is taken.  May bail meme.
 */
bool patp_read(const char *p, size_t n, noun *out);

enum { PATP_MAX = 29 }; /* a moon's name, its ~ and a NUL */

/*
 * Its other half, for ships up to moons: write the name, with its ~, as a C
 * string.  Its length.
 */
size_t patp_write(uint64_t ship, char to[PATP_MAX]);

/* Scramble, and undo it; the same as v below 2^16. */
uint64_t patp_fein(uint64_t v);
uint64_t patp_fynd(uint64_t v);

#endif
