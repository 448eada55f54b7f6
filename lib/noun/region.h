/*
 * region -- memory for the heap's parts.  Private to lib/noun's heap.c,
 * collect.c, deposit.c, large.c, kept.c and equal.c.
 *
 * A region is a stretch of reserved addresses with memory from its base to
 * its end.  Memory comes and goes in granules; a cell region's granules
 * bring and take the matching parts of every side table.
 */
#ifndef REGION_H
#define REGION_H

#include "bail.h"
#include "heap.h"

enum {
	GRANULE = 64 << 10,
	LARGE_BYTES = 256 << 10, /* boxed atoms from here on do not move */
	NURSERY_BYTES = 4 << 20, /* the default between collections */
	MAJOR_SLACK = 32 << 20   /* growth of mid that is always allowed */
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

/* The settings that heap_init() was given, and the books that all keep. */
extern struct heap_config {
	size_t limit, nursery;
	size_t major_at; /* bytes in mid and large that make a major due */
	size_t large;    /* bytes of large blocks */
	struct large *blocks, *last;
	struct heap_root *roots;
	struct heap_hook *hooks;
	size_t kept[2]; /* bytes of image cells and atoms that do not count */
	char *twins;    /* see twin_entry(); NULL until there is need */
	size_t twins_end;
} heap_config;

/* -------- region.c: addresses and memory -------- */

/* n, or p, rounded up to whole granules. */
size_t granules(size_t n);
char *granule_up(char *p);

/* n bytes of addresses without memory, at `where` if it is free; or NULL. */
void *memory_reserve(void *where, size_t n);

/* Give memory to reserved addresses; false if there is none.  Take it away. */
bool memory_give(char *p, size_t n);
void memory_take(char *p, size_t n);

/* Keep heap.stat's books; does the limit allow so much more? */
void memory_count(size_t gained, size_t lost);
bool memory_allowed(size_t more);

/* Out of memory: have the next safepoint look for some, and bail. */
_Noreturn void memory_out(enum bail kind);

bool region_has_sides(const struct region *r);

/* The entry of the cell at p. */
char *side_at(const struct side *s, const char *p);

/* Give cells [p, p + n) their entries in the sides [from, to). */
bool region_give_sides(char *p, size_t n, unsigned from, unsigned to);

void region_take_sides(char *p, size_t n, unsigned from, unsigned to);

/* What n bytes of the region cost, with the sides. */
size_t region_cost(const struct region *r, size_t n);

/* Move the end up by n bytes, a number of granules; false as below. */
bool region_extend(struct region *r, size_t n);

/* Like heap_grow(), but false where that bails. */
bool region_try(struct region *r, size_t n);

/* Take memory away above `to` (at least the top), rounded up. */
void region_trim(struct region *r, char *to);

/* Take all memory away and empty the region. */
void region_clear(struct region *r);

/* Zero the side entries of the cells in [from, to). */
void sides_clear(char *from, char *to);

/* -------- kept.c -------- */

/*
 * Equal cells of the image cannot be made to share their parts; instead the
 * younger names an older one in a table on the side: its number plus one,
 * 0 if it has no older twin that is known of.  Forgotten with the process.
 */

/* Have the table; false if there is no memory for it. */
bool twins_open(void);

/* The entry of a cell of the image, or NULL if the table has none. */
static inline uint32_t *
twin_entry(noun cell)
{
	size_t at = (cell - (noun)heap.region[IMAGE_CELLS].base) >> 4 << 2;

	return at < heap_config.twins_end ? (uint32_t *)(heap_config.twins + at)
	                                  : NULL;
}

void twins_free(void);

/* -------- large.c -------- */

/* The size of a block for so many limbs. */
size_t large_size(size_t limbs);

/* A block of n bytes, a number of granules; NULL if there is no memory. */
struct large *large_new(size_t n);

/* Take memory of b away above n bytes. */
void large_shrink(struct large *b, size_t n);

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
