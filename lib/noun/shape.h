/*
 * shape -- building and taking apart: axes, tuples, lists.
 *
 * Axis 1 is the whole; 2n and 2n+1 are the head and tail of axis n.
 * Making may bail meme.  Nothing here collects.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include "noun.h"

/* The part of n at an axis (an atom of any size); false if there is none. */
bool axis_get(noun n, noun axis, noun *part);
bool axis_get_word(noun n, uint64_t axis, noun *part);

/*
 * n with the part at an axis replaced: opcode 10.  False if there is no such
 * place: axis 0, or one below an atom.
 */
bool axis_edit(noun n, noun axis, noun part, noun *out);

/* [a b c], [a b c d] */
noun cons3(noun a, noun b, noun c);
noun cons4(noun a, noun b, noun c, noun d);

/* n is [a b]; [a b c]; [a b c d]: take it apart, false if it is not. */
bool uncons(noun n, noun *a, noun *b);
bool uncons3(noun n, noun *a, noun *b, noun *c);
bool uncons4(noun n, noun *a, noun *b, noun *c, noun *d);

/* The list of n nouns, ended by 0. */
noun list_from(const noun *p, size_t n);

/* Number of items; false if n is no list: cells ended by 0. */
bool list_length(noun n, uint64_t *length);

/* Is n a list of atoms: a path, a tape? */
bool list_of_atoms(noun n);

/* A list in the other direction.  n must be a list. */
noun list_flop(noun n);

#endif
