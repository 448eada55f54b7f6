/*
 * census -- how big a noun is, in every sense.
 *
 * Parts are told apart by where they lie in memory: two equal cells that
 * do not share it are two.  Of a noun that cue() has read, or the image
 * holds, all sharing that the jam had is seen.
 */
#ifndef CENSUS_H
#define CENSUS_H

#include "noun.h"

struct census {
	uint64_t cells;   /* distinct cells in memory, below 2^32 */
	uint64_t boxed;   /* distinct boxed atoms in memory */
	uint64_t direct;  /* places that hold a direct atom */
	uint64_t bytes;   /* memory of the cells and boxed atoms */
	uint64_t shared;  /* cells and boxed atoms held in several places */
	uint64_t depth;   /* cells on the longest path down; 0 for an atom */
	double tree_log2; /* log2 of the tree's size */
	noun tree;        /* the tree's size, cells and atoms if nothing were
	                     shared: an atom; 0 if it has more than CENSUS_BITS
	                     bits */
	uint32_t mug;
};

enum { CENSUS_BITS = 4096 };

/*
 * Take the census of n, an atom or a cell.  Bails meme for want of memory
 * and for 2^32 cells; never collects.  Time is in proportion to the cells,
 * and to the bits of the tree's size.
 */
void census(noun n, struct census *c);

#endif
