#include "heap.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "bail.h"
#include "region.h"

struct heap heap;
struct heap_config heap_config;

enum {
	SHIFT_MAX = 37, /* 128 GiB a region */
	SHIFT_MIN = 24  /* 16 MiB: for a tight RLIMIT_AS */
};

/* Preferred, so that a mapped image rarely needs relocating. */
#define HEAP_BASE ((void *)0x200000000000)

/* -------- begin and end -------- */

unsigned
heap_side(unsigned width)
{
	size_t n = ((size_t)NOUN_STACK << heap.shift >> 4) * width;
	struct side *s = &heap.side[heap.sides];
	char *p;

	assert(heap.sides < SIDES_MAX);
	if ((p = memory_reserve(NULL, n)) == NULL)
		bail(BAIL_MEME);
	s->width = width;
	s->bias = p - ((size_t)heap.base >> 4) * width;
	for (unsigned i = 0; i < NOUN_STACK; i++) {
		struct region *r = &heap.region[i];

		if (!region_has_sides(r) || r->end == r->base)
			continue;
		if (!region_give_sides(r->base, (size_t)(r->end - r->base),
		        heap.sides, heap.sides + 1))
			bail(BAIL_MEME);
	}
	memory_count(0, (heap_config.kept[0] >> 4) * width);
	return heap.sides++;
}

/*
 * The same, on a whole granule: where the preferred address is taken, the
 * system gives any page.
 */
static void *
reserve_granules(void *where, size_t n)
{
	char *p = memory_reserve(where, n + GRANULE), *q;
	size_t before;

	if (p == NULL)
		return NULL;
	q = granule_up(p);
	before = (size_t)(q - p);
	if (before > 0)
		munmap(p, before);
	munmap(q + n, GRANULE - before);
	return q;
}

/* Reserve a range with regions of this size, and the table of mugs. */
static bool
reserve_range(unsigned shift)
{
	size_t n = (size_t)REGIONS << shift;
	char *mugs;

	if ((heap.base = reserve_granules(HEAP_BASE, n)) == NULL)
		return false;
	mugs = memory_reserve(NULL, (size_t)NOUN_STACK << shift >> 2);
	if (mugs == NULL) {
		munmap(heap.base, n);
		return false;
	}
	heap.shift = shift;
	heap.side[SIDE_MUG].width = 4;
	heap.side[SIDE_MUG].bias = mugs - ((size_t)heap.base >> 4) * 4;
	heap.sides = 1;
	return true;
}

static void
release_range(void)
{
	for (unsigned i = 0; i < heap.sides; i++) {
		struct side *s = &heap.side[i];

		munmap(side_at(s, heap.base),
		    ((size_t)NOUN_STACK << heap.shift >> 4) * s->width);
	}
	twins_free();
	munmap(heap.base, (size_t)REGIONS << heap.shift);
}

/*
 * The largest range that can be had, near where we like it.  Where
 * addresses are scarce, half of that: others want some too.
 */
static bool
reserve_all(void)
{
	unsigned shift = SHIFT_MAX;

	while (shift >= SHIFT_MIN && !reserve_range(shift))
		shift--;
	if (shift == SHIFT_MAX || shift < SHIFT_MIN)
		return shift == SHIFT_MAX;
	release_range();
	return reserve_range(shift - 1);
}

static void
lay_out(void)
{
	for (unsigned i = 0; i < REGIONS; i++) {
		struct region *r = &heap.region[i];

		r->base = r->top = r->end =
		    heap.base + ((size_t)i << heap.shift);
		r->max = heap.base + ((size_t)(i + 1) << heap.shift) - GRANULE;
	}
}

/*
 * Begin the noun stack off the page boundary: a stack and a nursery that
 * both begin on one, used at the same pace, compete for the same cache sets.
 */
static bool
skew_stack(void)
{
	struct region *r = &heap.region[NOUN_STACK];
	enum { SKEW = 320 };

	if (!region_extend(r, GRANULE))
		return false;
	r->base = r->top = r->base + SKEW;
	heap.low = stack_top();
	return true;
}

int
heap_init(const struct heap_opts *opts)
{
	memset(&heap, 0, sizeof heap);
	memset(&heap_config, 0, sizeof heap_config);
	if (!reserve_all()) {
		errno = ENOMEM;
		return -1;
	}
	lay_out();
	if (!skew_stack()) {
		heap_free();
		errno = ENOMEM;
		return -1;
	}
	heap_config.limit = opts ? opts->limit : 0;
	heap_config.nursery =
	    opts && opts->nursery ? opts->nursery : NURSERY_BYTES;
#ifdef HEAP_STARVE
	heap_config.nursery = 64;
#endif
	heap_config.major_at = MAJOR_SLACK;
	if (heap_config.limit && heap_config.major_at > heap_config.limit / 2)
		heap_config.major_at = heap_config.limit / 2;
	heap.mid = MID_A_CELLS;
	heap.touched = heap.region[NURSERY_CELLS].base;
	heap.soft = heap.region[NURSERY_CELLS].base + heap_config.nursery;
	return 0;
}

void
heap_allow(size_t bytes)
{
	heap_config.limit = bytes;
}

void
heap_free(void)
{
	if (heap.base == NULL)
		return;
	release_range();
	memset(&heap, 0, sizeof heap);
}

void
heap_hurry(void)
{
	heap.soft = heap.base;
}

void
heap_root_add(struct heap_root *r)
{
	r->next = heap_config.roots;
	heap_config.roots = r;
}

void
heap_root_remove(struct heap_root *r)
{
	struct heap_root **p = &heap_config.roots;

	while (*p != r)
		p = &(*p)->next;
	*p = r->next;
}

void
heap_hook_add(struct heap_hook *h)
{
	h->next = heap_config.hooks;
	heap_config.hooks = h;
}

void
heap_hook_remove(struct heap_hook *h)
{
	struct heap_hook **p = &heap_config.hooks;

	while (*p != h)
		p = &(*p)->next;
	*p = h->next;
}

/* -------- scratch -------- */

void *
scratch_push(size_t n)
{
	struct region *r = &heap.region[SCRATCH];
	char *p;

	n = (n + 15) & ~(size_t)15;
	region_room(r, n + 15);
	p = (char *)(((size_t)r->top + 15) & ~(size_t)15);
	r->top = p + n;
	return p;
}

/* Above a region's end memory is fresh, and so zero. */
void *
scratch_push_zero(size_t n)
{
	char *old_end = heap.region[SCRATCH].end;
	char *p = scratch_push(n);

	if (p < old_end)
		memset(p, 0, p + n < old_end ? n : (size_t)(old_end - p));
	return p;
}

/* Cut a stack, and give back memory that was a peak's. */
static void
cut(struct region *r, char *top)
{
	enum { KEEP = 1 << 20 };

	r->top = top;
	if (r->end - top > 2 * KEEP)
		region_trim(r, top + KEEP);
}

void
scratch_cut(char *top)
{
	cut(&heap.region[SCRATCH], top);
}

void
heap_unwind(noun *stack, char *scratch, char *control)
{
	stack_cut(stack);
	cut(&heap.region[NOUN_STACK], (char *)stack);
	cut(&heap.region[SCRATCH], scratch);
	cut(&heap.region[CONTROL_STACK], control);
}

/* -------- boxed atoms -------- */

/*
 * The atom being built: in a large block, or, where `open` is NULL, behind
 * a header at the top of the region `site`.
 */
static struct large *open;
static struct region *site;

static uint64_t *
atom_begin(struct region *r, size_t limbs)
{
	if (limbs > ATOM_LIMBS_MAX)
		bail(BAIL_MEME);
	site = r;
	open = NULL;
	if (limbs * 8 >= LARGE_BYTES) {
		if ((open = large_new(large_size(limbs))) == NULL)
			memory_out(BAIL_MEME);
		return &open->header + 1;
	}
	region_room(r, (limbs + 1) * 8);
	return (uint64_t *)r->top + 1;
}

uint64_t *
heap_atom_begin(size_t limbs)
{
	return atom_begin(&heap.region[NURSERY_ATOMS], limbs);
}

uint64_t *
heap_atom_extend(size_t limbs)
{
	assert(open == NULL);
	if (limbs > ATOM_LIMBS_MAX)
		bail(BAIL_MEME);
	region_room(site, (limbs + 1) * 8);
	return (uint64_t *)site->top + 1;
}

/* The limb of a value that needs no box, or nothing made at all. */
static bool
fits_direct(const uint64_t *p, size_t limbs)
{
	return limbs == 0 || (limbs == 1 && p[0] <= DIRECT_MAX);
}

/* An atom that was built in the nursery: is a collection due for it? */
static void
note_nursery(void)
{
	if (region_used(site) > heap_config.nursery)
		heap_hurry();
}

noun
heap_atom_end(size_t limbs)
{
	uint64_t *header = open ? &open->header : (uint64_t *)site->top;

	while (limbs > 0 && header[limbs] == 0)
		limbs--;
	*header = limbs;
	if (fits_direct(header + 1, limbs)) {
		if (open != NULL)
			large_shrink(open, large_size(1));
		return limbs ? direct(header[1]) : 0;
	}
	if (open != NULL) {
		large_shrink(open, large_size(limbs));
		if (heap_config.large > heap_config.major_at)
			heap_hurry();
		return (noun)header | 3;
	}
	site->top += (limbs + 1) * 8;
	if (site == &heap.region[NURSERY_ATOMS])
		note_nursery();
	return (noun)header | 3;
}

/* -------- plots -------- */

void
plot_open(struct plot *p, size_t n)
{
	enum { BIG = 64 << 10 };
	bool big = n >= BIG;

	p->cells = big ? region_mid_cells() : &heap.region[NURSERY_CELLS];
	p->atoms = big ? region_mid_atoms() : &heap.region[NURSERY_ATOMS];
	p->first_cell = p->cells->top;
	p->first_atom = p->atoms->top;
}

uint64_t *
plot_atom_begin(struct plot *p, size_t limbs)
{
	return atom_begin(p->atoms, limbs);
}

void
plot_close(struct plot *p)
{
	if (p->cells == region_mid_cells() &&
	    region_used(p->cells) + region_used(p->atoms) >
	        heap_config.major_at)
		heap_hurry();
}

void
plot_drop(struct plot *p)
{
	p->cells->top = p->first_cell;
	p->atoms->top = p->first_atom;
}
