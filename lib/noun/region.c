#include "region.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>

#include "bail.h"

enum {
	GROW_MAX = 32 << 20,
	HUGE_BYTES = 64 << 20 /* what is worth huge pages */
};

#define CELL_REGIONS                                                 \
	(1u << IMAGE_CELLS | 1u << MID_A_CELLS | 1u << MID_B_CELLS | \
	    1u << NURSERY_CELLS)

size_t
granules(size_t n)
{
	return (n + GRANULE - 1) & ~(size_t)(GRANULE - 1);
}

char *
granule_up(char *p)
{
	return (char *)granules((size_t)p);
}

/* -------- addresses and memory -------- */

void *
memory_reserve(void *where, size_t n)
{
	void *p = mmap(where, n, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

bool
memory_give(char *p, size_t n)
{
	if (mprotect(p, n, PROT_READ | PROT_WRITE) != 0)
		return false;
	if (n >= HUGE_BYTES) /* 2 times faster to write */
		madvise(p, n, MADV_HUGEPAGE);
	return true;
}

/* A fresh mapping, not mprotect(): only that gives up the accounting too. */
void
memory_take(char *p, size_t n)
{
	void *q = mmap(p, n, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);

	assert(q == p);
}

void
memory_count(size_t gained, size_t lost)
{
	heap.stat.memory += gained - lost;
	if (heap.stat.memory > heap.stat.peak)
		heap.stat.peak = heap.stat.memory;
}

bool
memory_allowed(size_t more)
{
	return !heap_config.limit ||
	    heap.stat.memory + more <= heap_config.limit;
}

bool
region_has_sides(const struct region *r)
{
	return CELL_REGIONS >> (r - heap.region) & 1;
}

char *
side_at(const struct side *s, const char *p)
{
	return s->bias + ((size_t)p >> 4) * s->width;
}

void
region_take_sides(char *p, size_t n, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		size_t m = (n >> 4) * heap.side[i].width;

		memory_take(side_at(&heap.side[i], p), m);
		memory_count(0, m);
	}
}

bool
region_give_sides(char *p, size_t n, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		size_t m = (n >> 4) * heap.side[i].width;

		if (!memory_give(side_at(&heap.side[i], p), m)) {
			region_take_sides(p, n, from, i);
			return false;
		}
		memory_count(m, 0);
	}
	return true;
}

size_t
region_cost(const struct region *r, size_t n)
{
	size_t sum = n;

	if (region_has_sides(r))
		for (unsigned i = 0; i < heap.sides; i++)
			sum += (n >> 4) * heap.side[i].width;
	return sum;
}

bool
region_extend(struct region *r, size_t n)
{
	if ((size_t)(r->max - r->end) < n || !memory_allowed(region_cost(r, n)))
		return false;
	if (!memory_give(r->end, n))
		return false;
	if (region_has_sides(r) &&
	    !region_give_sides(r->end, n, 0, heap.sides)) {
		memory_take(r->end, n);
		return false;
	}
	memory_count(n, 0);
	r->end += n;
	return true;
}

bool
region_try(struct region *r, size_t n)
{
	size_t room = (size_t)(r->end - r->top), need, more;

	if (room >= n)
		return true;
	if (n > (size_t)(r->max - r->top))
		return false;
	need = granules(n - room);
	more = (size_t)(r->end - r->base) / 4;
	if (more > GROW_MAX)
		more = GROW_MAX;
	more = granules(more);
	return (more > need && region_extend(r, more)) ||
	    region_extend(r, need);
}

_Noreturn void
memory_out(enum bail kind)
{
	heap_config.major_at = 0;
	heap_hurry();
	bail(kind);
}

void
heap_grow(struct region *r, size_t n)
{
	if (!region_try(r, n))
		memory_out(
		    r == &heap.region[NOUN_STACK] ? BAIL_OVER : BAIL_MEME);
}

void
region_trim(struct region *r, char *to)
{
	size_t n;

	to = granule_up(to);
	if (to >= r->end)
		return;
	n = (size_t)(r->end - to);
	memory_take(to, n);
	memory_count(0, n);
	if (region_has_sides(r))
		region_take_sides(to, n, 0, heap.sides);
	r->end = to;
}

void
region_clear(struct region *r)
{
	r->top = r->base;
	region_trim(r, r->base);
}

void
sides_clear(char *from, char *to)
{
	for (unsigned i = 0; i < heap.sides; i++)
		memset(side_at(&heap.side[i], from), 0,
		    ((size_t)(to - from) >> 4) * heap.side[i].width);
}
