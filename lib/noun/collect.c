/*
 * Collection: Cheney's copying scan, made generational by the rule that no
 * noun points to a younger one.
 *
 * What moves (the nursery; in a major collection also the half of mid in
 * use) is copied behind the cells and atoms that stay; the new cells are
 * then scanned in order, which moves what they point to, until the scan has
 * caught up.  A moved cell's head is overwritten with its new address and
 * the tag 101, a moved atom's header with zero and its first limb with its
 * new address.  A run of cells linked by their tails is copied in one go,
 * so that lists lie in order.
 */
#include <assert.h>
#include <string.h>

#include "bail.h"
#include "clock.h"
#include "region.h"

enum { MOVED = 5 };

enum fate { STAYS, MOVES, MARKED, MEASURED };

static uint8_t fate[REGIONS];
static struct region *to_cells, *to_atoms;

static enum fate
fate_of(noun n)
{
	return fate[(n - (noun)heap.base) >> heap.shift];
}

static bool
moved(noun cell)
{
	return (head(cell) & 7) == MOVED;
}

/* What a cell moves to has no entries yet, and mostly needs none. */
static inline void
move_entry(unsigned side, noun from, noun to)
{
	uint32_t narrow;
	uint64_t wide;

	if (heap.side[side].width == 4) {
		narrow = *(uint32_t *)side_entry(side, from);
		if (narrow != 0)
			*(uint32_t *)side_entry(side, to) = narrow;
		return;
	}
	wide = *(uint64_t *)side_entry(side, from);
	if (wide != 0)
		*(uint64_t *)side_entry(side, to) = wide;
}

static inline void
move_sides(noun from, noun to)
{
	if ((char *)from >= heap.touched)
		return;
	for (unsigned i = 0; i < heap.sides; i++)
		move_entry(i, from, to);
}

static noun
move_one(noun cell)
{
	noun *c = cell_words(cell), *d = (noun *)to_cells->top;

	to_cells->top += 16;
	d[0] = c[0];
	d[1] = c[1];
	move_sides(cell, (noun)d | 1);
	c[0] = (noun)d | MOVED;
	return (noun)d | 1;
}

/* Move a cell, and the cells that follow it by their tails. */
static noun
move_cell(noun cell)
{
	noun first, last, next;

	if (moved(cell))
		return head(cell) - MOVED + 1;
	first = last = move_one(cell);
	for (;;) {
		next = tail(last);
		if (!is_cell(next) || fate_of(next) != MOVES || moved(next))
			return first;
		next = move_one(next);
		cell_words(last)[1] = next;
		last = next;
	}
}

static struct large *
large_of(noun a)
{
	return (struct large *)((char *)boxed_header(a) -
	    offsetof(struct large, header));
}

/*
 * An atom that grew large in the nursery gets a block of its own, if it can;
 * in the image there are no blocks.
 */
static noun
move_atom(noun a)
{
	uint64_t *h = boxed_header(a);
	size_t len = boxed_len(a);
	noun b = 0;

	if (*h == 0)
		return h[1];
	if (len * 8 >= LARGE_BYTES && fate[LARGE_ATOMS] != MOVES)
		b = large_copy(a, fate[LARGE_ATOMS] == MARKED);
	if (b == 0) {
		b = (noun)to_atoms->top | 3;
		memcpy(to_atoms->top, h, (len + 1) * 8);
		to_atoms->top += (len + 1) * 8;
	}
	h[0] = 0;
	h[1] = b;
	return b;
}

/* -------- how much would survive -------- */

/*
 * Where there is no room for the worst case, a walk over what lives finds
 * how much is needed.  It takes no memory: what was met is marked in bits
 * that are free, and the way back is kept in the cells, as in cue.c.
 */
static struct {
	size_t cells, atoms; /* bytes */
} living;

enum { IN_HEAD = 5, IN_TAIL = 7 };

#define CELL_MET (UINT32_C(1) << 31) /* in the mug's entry */
#define ATOM_MET (UINT64_C(1) << 32) /* in the length */

/* No atom is so long that it needs the bit. */
static bool
can_mark(unsigned cells)
{
	return region_used(&heap.region[cells + 1]) / 8 < ATOM_MET;
}

static bool
meet_cell(noun n)
{
	uint32_t *e = mug_entry(n);

	if (*e & CELL_MET)
		return false;
	*e |= CELL_MET;
	living.cells += 16;
	return true;
}

static void
meet_large(noun n)
{
	struct large *b = large_of(n);

	if (b->marked)
		return;
	living.atoms += (boxed_len(n) + 1) * 8;
	b->marked = true;
}

static void
meet_atom(noun n)
{
	uint64_t *h = boxed_header(n);

	if ((char *)h < heap.region[MID_A_CELLS].base) {
		meet_large(n);
		return;
	}
	if (*h & ATOM_MET)
		return;
	living.atoms += (boxed_len(n) + 1) * 8;
	*h |= ATOM_MET;
}

static bool
met(noun n)
{
	return is_cell(n) ? *mug_entry(n) & CELL_MET
	                  : *boxed_header(n) & ATOM_MET;
}

/* True if n is a cell to go down into. */
static bool
meet(noun n)
{
	if (is_direct(n) || fate_of(n) != MEASURED)
		return false;
	if (is_cell(n))
		return meet_cell(n);
	meet_atom(n);
	return false;
}

static void
measure(noun n)
{
	noun *up = NULL, *c;

	for (;;) {
		while (meet(n)) {
			c = cell_words(n);
			n = c[0];
			c[0] = (noun)up | IN_HEAD;
			up = c;
		}
		for (; up != NULL && (up[0] & 7) != IN_HEAD; up = c) {
			c = (noun *)(up[1] - IN_TAIL);
			up[1] = n;
			n = (noun)up | 1;
		}
		if (up == NULL)
			return;
		c = (noun *)(up[0] - IN_HEAD);
		up[0] = n;
		n = up[1];
		up[1] = (noun)c | IN_TAIL;
	}
}

static void
forget_met(unsigned cells)
{
	struct region *r = &heap.region[cells];

	for (char *p = r->base; p < r->top; p += 16)
		*mug_entry((noun)p | 1) &= ~CELL_MET;
	r = &heap.region[cells + 1];
	for (char *p = r->base; p < r->top;) {
		uint64_t *h = (uint64_t *)p;

		*h &= ~ATOM_MET;
		p += ((*h & ATOM_LIMBS_MAX) + 1) * 8;
	}
}

/* One that was moved to the image is followed there. */
static noun
mark_large(noun n)
{
	if (*boxed_header(n) == 0)
		return boxed_header(n)[1];
	large_of(n)->marked = true;
	return n;
}

void
heap_visit(noun *slot)
{
	noun n = *slot;

	if (is_direct(n))
		return;
	switch (fate_of(n)) {
	case STAYS:
		return;
	case MARKED:
		*slot = mark_large(n);
		return;
	case MEASURED:
		measure(n);
		return;
	case MOVES:
		*slot = is_cell(n) ? move_cell(n) : move_atom(n);
	}
}

bool
heap_survivor(noun *slot)
{
	noun n = *slot;

	if (is_direct(n) || fate_of(n) == STAYS)
		return true;
	if (fate_of(n) == MARKED && *boxed_header(n) != 0)
		return large_of(n)->marked;
	if (fate_of(n) == MEASURED)
		return met(n);
	if (is_cell(n) ? !moved(n) : *boxed_header(n) != 0)
		return false;
	*slot = is_cell(n) ? head(n) - MOVED + 1 : boxed_header(n)[1];
	return true;
}

static void
visit_all(noun *p, noun *end)
{
	for (; p < end; p++)
		heap_visit(p);
}

static void
visit_roots(bool major)
{
	struct region *stack = &heap.region[NOUN_STACK];

	visit_all(major ? (noun *)stack->base : heap.low, stack_top());
	for (struct heap_root *r = heap_config.roots; r; r = r->next)
		visit_all(r->p, r->p + r->n);
	for (struct heap_hook *h = heap_config.hooks; h; h = h->next)
		if (h->roots)
			h->roots(h, major);
}

/* The half of mid that is not in use. */
static unsigned
other_half(void)
{
	return MID_A_CELLS + MID_B_CELLS - heap.mid;
}

/* What a collection of this depth moves or measures. */
static void
set_fates(bool major, enum fate of_those)
{
	memset(fate, STAYS, sizeof fate);
	fate[NURSERY_CELLS] = fate[NURSERY_ATOMS] = of_those;
	if (major)
		fate[heap.mid] = fate[heap.mid + 1] = of_those;
}

static void
measure_all(bool major)
{
	living.cells = living.atoms = 0;
	set_fates(major, MEASURED);
	visit_roots(major);
	for (struct heap_hook *h = heap_config.hooks; h; h = h->next)
		if (h->weak)
			h->weak(h, major);
	forget_met(NURSERY_CELLS);
	if (major)
		forget_met(heap.mid);
}

/* Room for so much where the survivors go. */
static bool
room_for(bool major, size_t cells, size_t atoms)
{
	struct region *to = &heap.region[major ? other_half() : heap.mid];

	if (region_try(to, cells) && region_try(to + 1, atoms))
		return true;
	region_trim(to, to->top);
	region_trim(to + 1, to[1].top);
	return false;
}

/* Room for all that could survive. */
static bool
room_for_all(bool major)
{
	size_t cells = region_used(&heap.region[NURSERY_CELLS]);
	size_t atoms = region_used(&heap.region[NURSERY_ATOMS]);

	if (major) {
		cells += region_used(region_mid_cells());
		atoms += region_used(region_mid_atoms());
	}
	return room_for(major, cells, atoms);
}

/* Take away all memory that holds nothing. */
static void
trim_all(void)
{
	for (unsigned i = 0; i < REGIONS; i++)
		region_trim(&heap.region[i], heap.region[i].top);
}

/* Room for what does survive, be the limit what it may. */
static bool
room_for_living(bool major)
{
	size_t limit = heap_config.limit;
	bool room;

	if (!can_mark(NURSERY_CELLS) || !can_mark(heap.mid))
		return false;
	trim_all();
	measure_all(major);
	heap_config.limit = 0;
	room = room_for(major, living.cells, living.atoms);
	heap_config.limit = limit;
	return room;
}

static void
empty_nursery(void)
{
	struct region *c = &heap.region[NURSERY_CELLS];
	struct region *a = &heap.region[NURSERY_ATOMS];
#ifdef HEAP_STARVE
	/* Leave the old one unreadable; begin at the same place far later. */
	char *next = c->base + (region_used(c) / GRANULE + 1) * GRANULE;

	region_clear(c);
	region_clear(a);
	if (next > c->max - ((size_t)1 << (heap.shift - 1)))
		next = c->max - ((size_t)1 << heap.shift) + 2 * GRANULE;
	c->base = c->top = c->end = next;
#else
	char *keep = c->base + heap_config.nursery;

	region_trim(c, keep);
	if (heap.touched > c->end)
		heap.touched = c->end;
	sides_clear(c->base, heap.touched);
	c->top = c->base;
	a->top = a->base;
	region_trim(a, a->base + 2 * heap_config.nursery);
#endif
	heap.touched = c->base;
	heap.soft = c->base + heap_config.nursery;
}

/* Keep enough for the next collections, so that most need no system call. */
static void
trim_mid(struct region *r)
{
	region_trim(r, r->top + region_used(r) / 4 + 2 * heap_config.nursery);
}

/* Mid's old half, the dead large atoms, and memory kept for the worst case. */
static void
release(bool major)
{
	if (major) {
		region_clear(&heap.region[other_half()]);
		region_clear(&heap.region[other_half() + 1]);
		large_sweep();
	}
	region_trim(&heap.region[LARGE_ATOMS], heap.region[LARGE_ATOMS].top);
	region_trim(&heap.region[NOUN_STACK],
	    heap.region[NOUN_STACK].top + heap_config.nursery);
	trim_mid(to_cells);
	trim_mid(to_atoms);
}

static void
plan_next(bool major)
{
	size_t live =
	    region_used(to_cells) + region_used(to_atoms) + heap_config.large;

	heap.stat.live = live;
	if (!major)
		return;
	heap_config.major_at = 2 * live + MAJOR_SLACK;
	if (heap_config.limit && heap_config.major_at > heap_config.limit / 2)
		heap_config.major_at = heap_config.limit / 2;
	if (heap_config.major_at < live + live / 8)
		heap_config.major_at = live + live / 8;
}

/* Is the limit passed even without what is kept for later? */
static bool
over_limit(void)
{
	if (!heap_config.limit || heap.stat.memory <= heap_config.limit)
		return false;
	trim_all();
	return heap.stat.memory > heap_config.limit;
}

/* Visit what the cells moved since `scan` point to; the place reached. */
static char *
scan_cells(char *scan)
{
	for (; scan < to_cells->top; scan += 16) {
		heap_visit((noun *)scan);
		heap_visit((noun *)scan + 1);
	}
	return scan;
}

static void
collect(bool major)
{
	uint64_t start = clock_ns();
	char *scan, *was_cells, *was_atoms;

	set_fates(major, MOVES);
	if (major) {
		fate[LARGE_ATOMS] = MARKED;
		heap.mid = other_half();
	}
	to_cells = region_mid_cells();
	to_atoms = region_mid_atoms();
	scan = was_cells = to_cells->top;
	was_atoms = to_atoms->top;
	visit_roots(major);
	heap.low = stack_top();
	scan = scan_cells(scan);
	for (struct heap_hook *h = heap_config.hooks; h; h = h->next) {
		if (h->weak)
			h->weak(h, major);
		scan = scan_cells(scan);
	}
	heap.stat.copied += (uint64_t)(to_cells->top - was_cells) +
	    (uint64_t)(to_atoms->top - was_atoms);
	for (struct heap_hook *h = heap_config.hooks; h; h = h->next)
		if (h->done)
			h->done(h, major);
	empty_nursery();
	release(major);
	plan_next(major);
	*(major ? &heap.stat.major : &heap.stat.minor) += 1;
	heap.stat.nanoseconds += clock_ns() - start;
}

/* -------- into the image -------- */

/* Room in the image for so much, and for all else that could survive. */
static bool
room_to_promote(size_t cells, size_t atoms)
{
	struct region *to = &heap.region[IMAGE_CELLS];

	if (region_try(to, cells) && region_try(to + 1, atoms) &&
	    room_for_all(true))
		return true;
	trim_all();
	return false;
}

static bool
room_for_worst(void)
{
	return room_to_promote(region_used(&heap.region[NURSERY_CELLS]) +
	        region_used(region_mid_cells()),
	    region_used(&heap.region[NURSERY_ATOMS]) +
	        region_used(region_mid_atoms()) + heap_config.large);
}

/* The same from what *root does reach, be the limit what it may. */
static bool
room_for_root(noun *root)
{
	size_t limit = heap_config.limit;
	bool room;

	if (!can_mark(NURSERY_CELLS) || !can_mark(heap.mid))
		return false;
	living.cells = living.atoms = 0;
	set_fates(true, MEASURED);
	fate[LARGE_ATOMS] = MEASURED;
	heap_visit(root);
	forget_met(NURSERY_CELLS);
	forget_met(heap.mid);
	for (struct large *b = heap_config.blocks; b != NULL; b = b->next)
		b->marked = false;
	heap_config.limit = 0;
	room = room_to_promote(living.cells, living.atoms);
	heap_config.limit = limit;
	return room;
}

/*
 * What went to the image left its new address behind, as it does in any
 * collection; so the one that follows finds it as moved already.
 */
bool
heap_promote(noun *root)
{
	char *was_cells, *was_atoms;

	if (!room_for_worst() && !room_for_root(root))
		return false;
	set_fates(true, MOVES);
	fate[LARGE_ATOMS] = MOVES;
	to_cells = &heap.region[IMAGE_CELLS];
	to_atoms = &heap.region[IMAGE_ATOMS];
	was_cells = to_cells->top;
	was_atoms = to_atoms->top;
	heap_visit(root);
	scan_cells(was_cells);
	heap.stat.copied += (uint64_t)(to_cells->top - was_cells) +
	    (uint64_t)(to_atoms->top - was_atoms);
	heap.stat.image = region_used(to_cells) + region_used(to_atoms);
	region_trim(to_cells, to_cells->top);
	region_trim(to_atoms, to_atoms->top);
	collect(true);
	return true;
}

/* -------- when, and how deep -------- */

/*
 * Room is made before anything moves: running out of it half-way could not
 * be undone.  A heap that is too full for the worst case gets the deep
 * collection, for which it may pass its limit: else it would stay full for
 * ever.
 */
void
heap_collect(enum heap_depth depth)
{
	bool major = depth == HEAP_MAJOR;

	if (room_for_all(major))
		collect(major);
	else if (room_for_living(true))
		collect(true);
	else if (room_for_living(false))
		collect(false);
	else
		bail(BAIL_MEME);
	if (over_limit())
		bail(BAIL_MEME);
}

static bool
major_due(void)
{
#ifdef HEAP_STARVE
	/* Often, but not where each would copy much. */
	if ((heap.stat.minor + heap.stat.major) % 8 == 7 &&
	    heap.stat.live < GRANULE)
		return true;
#endif
	return region_used(region_mid_cells()) +
	    region_used(region_mid_atoms()) + heap_config.large >=
	    heap_config.major_at;
}

void
heap_collect_due(void)
{
	heap_collect(major_due() ? HEAP_MAJOR : HEAP_MINOR);
}
