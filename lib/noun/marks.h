/*
 * marks -- a word for every cell and boxed atom of the heap, for a while.
 *
 * For a walk that must know what it has seen.  The words lie in scratch
 * memory, are zero at first and are gone with scratch_cut(); only those
 * that are touched cost memory.  Nothing may be allocated while a walk uses
 * them.
 */
#ifndef MARKS_H
#define MARKS_H

#include "heap.h"

/* Is this region (enum region_index) one of cells? */
static inline bool
is_cells(unsigned r)
{
	return r == IMAGE_CELLS || r == MID_A_CELLS || r == MID_B_CELLS ||
	    r == NURSERY_CELLS;
}

struct marks {
	/* mark of noun n in region r = bias[r] + (n >> shift) * 8 */
	char *bias[REGIONS];
};

/* May bail meme. */
void marks_open(struct marks *m);

static inline uint64_t *
mark_of(const struct marks *m, noun n)
{
	unsigned r = (unsigned)((n - (noun)heap.base) >> heap.shift);

	return (uint64_t *)(m->bias[r] + (is_cell(n) ? n >> 4 : n >> 3) * 8);
}

#endif
