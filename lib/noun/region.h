/*
 * region -- memory for the heap's parts.  Private to heap.c and collect.c.
 *
 * A region is a stretch of reserved addresses with memory from its base to
 * its end.  Memory comes and goes in granules; a cell region's granules
 * bring and take the matching parts of every side table.
 */
#ifndef REGION_H
#define REGION_H

#include "heap.h"

enum {
	GRANULE = 64 << 10,
	LARGE_BYTES = 256 << 10,     /* boxed atoms from here on do not move */
	NURSERY_BYTES = 4 << 20,     /* the default between collections */
	MAJOR_SLACK = 32 << 20       /* growth of mid that is always allowed */
};

/*
 * A large atom: this, then its header and limbs.  The blocks are a list by
 * rising address.
 */
struct large {
	struct large *next;
	size_t bytes; /* of the whole block, in granules */
	bool marked;
	uint64_t header;
};

/* The settings that heap_init() was given, and the books of both files. */
extern struct heap_config {
	size_t limit, nursery;
	size_t major_at; /* bytes in mid and large that make a major due */
	size_t large;    /* bytes of large blocks */
	struct large *blocks, *last;
	struct heap_root *roots;
	struct heap_hook *hooks;
} heap_config;

/* Like heap_grow(), but false where that bails. */
bool region_try(struct region *r, size_t n);

/* Take memory away above `to` (at least the top), rounded up. */
void region_trim(struct region *r, char *to);

/* Take all memory away and empty the region. */
void region_clear(struct region *r);

/* Zero the side entries of the cells in [from, to). */
void sides_clear(char *from, char *to);

/* A copy of boxed atom a in a block of its own; 0 if there is no room. */
noun large_copy(noun a, bool marked);

/* Take away the memory of blocks that are not marked; unmark the others. */
void large_sweep(void);

static inline struct region *
region_mid_cells(void)
{
	return &heap.region[heap.mid];
}

static inline struct region *
region_mid_atoms(void)
{
	return &heap.region[heap.mid + 1];
}

static inline size_t
region_used(const struct region *r)
{
	return (size_t)(r->top - r->base);
}

#endif
