/*
 * heap -- the memory that nouns live in: one reserved range of addresses.
 *
 *     image     what a ship has committed              oldest, lowest
 *     large     boxed atoms of 256 KiB and more; never moved
 *     mid       what survived a collection (two halves, used in turn)
 *     nursery   what was just made; grows upward       youngest, highest
 *
 * The image, the halves of mid and the nursery are each a region of cells
 * and a region of boxed atoms, so that cells need no header to be scanned.
 * Beside them lie the noun stack, the scratch memory and the side tables.
 * All are parts of one range of addresses that is reserved at the start
 * and given memory piece by piece as the regions grow; memory goes back to
 * the system after a peak.
 *
 * The image only grows, by heap_promote() and heap_deposit(): what is in it
 * is never changed, moved or collected, so that a file can hold it and many
 * processes map it.
 *
 * Two rules make collection cheap:
 *
 *   1. No noun points to a younger one.  Addresses grow with youth, so a
 *      cell's head and tail never lie in a higher space than the cell.
 *   2. Collection happens only at a safepoint.  Between two safepoints
 *      nouns do not move and may be kept in C locals; allocation never
 *      collects.  At a safepoint every noun that is still wanted must be
 *      on the noun stack, in a registered root, or known to a hook.
 *
 * A build with -DHEAP_STARVE has a nursery of four cells, so that nearly
 * every safepoint collects, and makes the old one unreadable: a noun kept
 * across a safepoint by mistake is a fault at once.
 *
 * There is one heap in a process, as there is one address space: it is the
 * global `heap`.  Only the inline functions below touch its fields.
 */
#ifndef HEAP_H
#define HEAP_H

#include "noun.h"

/* Spaces, by age.  A region's index is its place in the reserved range. */
enum region_index {
	IMAGE_CELLS,
	IMAGE_ATOMS,
	LARGE_ATOMS,
	MID_A_CELLS,
	MID_A_ATOMS,
	MID_B_CELLS,
	MID_B_ATOMS,
	NURSERY_CELLS,
	NURSERY_ATOMS,
	NOUN_STACK,
	SCRATCH,
	CONTROL_STACK, /* the machine's: calls that have not returned */
	REGIONS
};

/* base <= top <= end <= max; [base, end) has memory. */
struct region {
	char *base, *top, *end, *max;
};

/*
 * A table with one entry of a fixed width for every cell, found from the
 * cell's address alone.  Zero means "nothing known"; see heap_side().
 */
struct side {
	char *bias; /* entry of cell n = bias + (n >> 4) * width */
	unsigned width;
};

enum { SIDE_MUG, SIDES_MAX = 4 };

/*
 * Something that owns nouns of its own: a cache, a table, a machine.
 *
 *   roots   call heap_visit() on each slot that must stay alive
 *   weak    all that lives has been found: heap_survivor() tells where a
 *           noun went, or that it died; heap_visit() may still keep more
 *   done    everything has moved; the nursery is about to be emptied
 *
 * `major` says which kind of collection it is; in a minor one, what is not
 * in the nursery stays where it is.  A collection that is short of memory
 * calls roots and weak once more before, to measure what would survive; so
 * only done may forget which nouns are young.
 */
struct heap_hook {
	void (*roots)(struct heap_hook *, bool major);
	void (*weak)(struct heap_hook *, bool major);
	void (*done)(struct heap_hook *, bool major);
	struct heap_hook *next;
};

/* n nouns at p that live as long as they are registered. */
struct heap_root {
	noun *p;
	size_t n;
	struct heap_root *next;
};

struct heap_opts {
	size_t limit;   /* most bytes of memory to use; 0 = no limit */
	size_t nursery; /* bytes made between collections; 0 = the default */
};

struct heap_stat {
	uint64_t minor, major; /* collections of either kind */
	uint64_t copied;       /* bytes moved by them */
	uint64_t nanoseconds;  /* spent in them */
	size_t live;           /* bytes in mid and large after the last */
	size_t image;          /* bytes of cells and boxed atoms in the image */
	size_t memory, peak;   /* bytes with memory now, and at most */
};

struct heap {
	struct region region[REGIONS];
	char *volatile soft; /* the nursery's cells may grow to here */
	noun *low;           /* stack slots below hold nothing young */
	struct side side[SIDES_MAX];
	unsigned sides;
	char *touched;  /* the nursery's cells from here on have no entries */
	unsigned mid;   /* MID_A_CELLS or MID_B_CELLS: the half in use */
	char *base;     /* of the reserved range */
	unsigned shift; /* log2 of a region's reserved size */
	struct heap_stat stat;
};

extern struct heap heap;

/*
 * Reserve the range and make the heap empty.  0, or -1 with errno set:
 * ENOMEM if not even the smallest range can be had.
 */
int heap_init(const struct heap_opts *opts);

/* Another limit, from now on; 0 = none. */
void heap_allow(size_t bytes);

/* Give everything back.  All nouns, roots and hooks are gone. */
void heap_free(void);

/* -------- making nouns: may bail meme, never collects -------- */

/* Give region r room for n more bytes above its top, or bail meme. */
void heap_grow(struct region *r, size_t n);

static inline void
region_room(struct region *r, size_t n)
{
	if (__builtin_expect((size_t)(r->end - r->top) < n, 0))
		heap_grow(r, n);
}

/* The cell [head tail]. */
static inline noun
cons(noun h, noun t)
{
	struct region *r = &heap.region[NURSERY_CELLS];
	noun *c;

	region_room(r, 16);
	c = (noun *)r->top;
	r->top += 16;
	c[0] = h;
	c[1] = t;
	return (noun)c | 1;
}

/*
 * A boxed atom is built in place at the top of the nursery's atoms: begin
 * gives n limbs to write (unset), extend makes them more (keeping what was
 * written; the address may not be kept), end normalises them and gives the
 * noun.  Nothing else may make an atom in between.
 */
uint64_t *heap_atom_begin(size_t limbs);
uint64_t *heap_atom_extend(size_t limbs);
noun heap_atom_end(size_t limbs);

/*
 * A plot is where a reader builds one big noun out of its own parts only:
 * in the nursery if it is small, else straight in mid, which spares a copy.
 * Its cells lie in order from first_cell on.
 */
struct plot {
	struct region *cells, *atoms;
	char *first_cell, *first_atom;
};

/* Open a plot for about n bytes. */
void plot_open(struct plot *p, size_t n);

/* heap_atom_begin() in the plot; heap_atom_end() ends it. */
uint64_t *plot_atom_begin(struct plot *p, size_t limbs);

/* A cell of the plot, its words not set yet. */
static inline noun *
plot_cell(struct plot *p)
{
	noun *c;

	region_room(p->cells, 16);
	c = (noun *)p->cells->top;
	p->cells->top += 16;
	return c;
}

/* The noun is complete; or it was bad, and all of it is taken back. */
void plot_close(struct plot *p);
void plot_drop(struct plot *p);

/* -------- collection -------- */

enum heap_depth {
	HEAP_MINOR, /* the nursery, into mid */
	HEAP_MAJOR  /* the nursery and mid, into the other half of mid */
};

/* Collect now.  Moves nouns.  May bail meme only if a limit is set. */
void heap_collect(enum heap_depth depth);

/* Collect as deep as is due. */
void heap_collect_due(void);

/* True if the next safepoint will collect. */
static inline bool
heap_due(void)
{
	return heap.region[NURSERY_CELLS].top >= heap.soft;
}

/* A place where nouns may move.  Costs a load and a compare when not due. */
static inline void
heap_safepoint(void)
{
	if (__builtin_expect(heap_due(), 0))
		heap_collect_due();
}

/* Make the next safepoint collect.  Safe in a signal handler. */
void heap_hurry(void);

/* -------- the image -------- */

/*
 * The image is three rows of bytes that begin at fixed places and grow:
 * cells, the mug of each cell (4 bytes for 16), boxed atoms.  Whoever keeps
 * them in a file maps that over their first whole pages, read-only; what
 * lies behind is memory of the heap.
 */
struct heap_image {
	char *cells, *mugs, *atoms;
	size_t cell_bytes, atom_bytes;
};

struct heap_image heap_image(void);

/*
 * The image has so many bytes of cells and atoms from now on, no fewer than
 * before; the caller sees to it that they are there before anyone looks.
 * The last 64 KiB that are begun, and their mugs, are given memory here;
 * what was not there before and lies below them is the caller's to map.
 * False if there is no room: then all is as it was.
 */
bool heap_image_place(size_t cells, size_t atoms);

/*
 * The first so many bytes of cells and atoms are mapped from a file: they
 * count no longer as memory, and the limit does not apply to them.
 */
void heap_image_kept(size_t cells, size_t atoms);

/*
 * A major collection that moves all that *root reaches into the image,
 * behind what is there; *root need not be registered.  False if there is no
 * memory for it: then nothing has moved.  May pass the limit.
 */
bool heap_promote(noun *root);

/*
 * The same, but all that *root reaches is copied: no noun moves, nothing is
 * collected, and it costs what is copied.  *root is the copy.  A cell that
 * was copied has the copy's parts from now on.
 */
bool heap_deposit(noun *root);

/* -------- what collection must know -------- */

/* Registered roots and hooks stay the caller's memory until removed. */
void heap_root_add(struct heap_root *r);
void heap_root_remove(struct heap_root *r);
void heap_hook_add(struct heap_hook *h);
void heap_hook_remove(struct heap_hook *h);

/* In a hook: keep *slot alive, and set it to where it went. */
void heap_visit(noun *slot);

/* In a hook's weak(): set *slot to where it went; false if it died. */
bool heap_survivor(noun *slot);

/* -------- the noun stack -------- */

/*
 * A slot is read where it lies, but not set there: below `low` a collection
 * would not look for something young.  Take it off and push it anew.
 */

static inline noun *
stack_top(void)
{
	return (noun *)heap.region[NOUN_STACK].top;
}

static inline void
stack_push(noun n)
{
	struct region *r = &heap.region[NOUN_STACK];

	region_room(r, sizeof n);
	*(noun *)r->top = n;
	r->top += sizeof n;
}

/*
 * Take the top noun off.  Slots below `low` are taken to hold nothing
 * young, so whoever shrinks the stack lowers it.
 */
static inline noun
stack_pop(void)
{
	struct region *r = &heap.region[NOUN_STACK];

	r->top -= sizeof(noun);
	if (__builtin_expect((noun *)r->top < heap.low, 0))
		heap.low = (noun *)r->top;
	return *(noun *)r->top;
}

/* Shrink the stack to a height that stack_top() once gave. */
static inline void
stack_cut(noun *top)
{
	heap.region[NOUN_STACK].top = (char *)top;
	if (top < heap.low)
		heap.low = top;
}

/* -------- scratch memory: words that are not nouns, last in first out ---- */

/* n bytes, 16-byte aligned, not cleared, until scratch_cut() below them. */
void *scratch_push(size_t n);

/* The same, all zero.  What has not been touched costs no memory. */
void *scratch_push_zero(size_t n);

static inline char *
scratch_top(void)
{
	return heap.region[SCRATCH].top;
}

/* One word onto, and off, the scratch memory: an explicit stack. */
static inline void
scratch_put(uint64_t w)
{
	struct region *r = &heap.region[SCRATCH];

	region_room(r, sizeof w);
	*(uint64_t *)r->top = w;
	r->top += sizeof w;
}

static inline uint64_t
scratch_take(void)
{
	struct region *r = &heap.region[SCRATCH];

	r->top -= sizeof(uint64_t);
	return *(uint64_t *)r->top;
}

/* Give back all that was pushed since scratch_top() gave `top`. */
void scratch_cut(char *top);

/* For bail(): cut the stacks and scratch memory, and give memory back. */
void heap_unwind(noun *stack, char *scratch, char *control);

/* -------- side tables -------- */

/*
 * A new side table with entries of width bytes (4 or 8), all zero; its
 * number, to be passed to side_entry().  A cell's entry moves with it, and
 * is zero again when its address is used anew.  Whoever sets an entry calls
 * side_touch() on the cell.
 */
unsigned heap_side(unsigned width);

static inline void *
side_entry(unsigned side, noun cell)
{
	struct side *s = &heap.side[side];

	return s->bias + (cell >> 4) * s->width;
}

static inline void
side_touch(noun cell)
{
	if ((char *)cell >= heap.touched)
		heap.touched = (char *)cell + 15;
}

static inline uint32_t *
mug_entry(noun cell)
{
	return (uint32_t *)(heap.side[SIDE_MUG].bias + (cell >> 4) * 4);
}

#endif
