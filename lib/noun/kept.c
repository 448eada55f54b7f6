/*
 * The image: a space whose first part is mapped from a file by somebody
 * else; and the table of cells in it that are known to be equal.
 *
 * Memory counts from heap_config.kept on.  In front of that, cells, mugs
 * and atoms are the file's.
 */
#include "region.h"

#include <sys/mman.h>

static size_t *
kept(const struct region *r)
{
	return &heap_config.kept[r - &heap.region[IMAGE_CELLS]];
}

static size_t
whole_granules(size_t n)
{
	return n & ~(size_t)(GRANULE - 1);
}

static size_t
counted(const struct region *r)
{
	return region_cost(r, (size_t)(r->end - r->base) - *kept(r));
}

struct heap_image
heap_image(void)
{
	struct region *r = &heap.region[IMAGE_CELLS];

	return (struct heap_image){.cells = r->base,
	    .mugs = side_at(&heap.side[SIDE_MUG], r->base),
	    .atoms = r[1].base,
	    .cell_bytes = region_used(r),
	    .atom_bytes = region_used(r + 1)};
}

/* Mugs like the cells; what others keep of cells is not in the file. */
static bool
give_sides(const struct region *r, char *from, char *end)
{
	size_t n = (size_t)(end - from);
	size_t memory = heap.stat.memory;
	bool given;

	if (!region_has_sides(r))
		return true;
	given = region_give_sides(from, n, SIDE_MUG, SIDE_MUG + 1);
	if (given &&
	    !region_give_sides(
	        r->end, (size_t)(end - r->end), SIDE_MUG + 1, heap.sides)) {
		region_take_sides(from, n, SIDE_MUG, SIDE_MUG + 1);
		given = false;
	}
	heap.stat.memory = memory;
	return given;
}

static bool
place(struct region *r, size_t n)
{
	char *end = granule_up(r->base + n), *from = end - GRANULE;
	size_t before = counted(r);

	if (end > r->end) {
		if (from < r->end)
			from = r->end;
		if (!memory_give(from, (size_t)(end - from)))
			return false;
		if (!give_sides(r, from, end)) {
			memory_take(from, (size_t)(end - from));
			return false;
		}
		r->end = end;
	}
	r->top = r->base + n;
	if (*kept(r) < whole_granules(n))
		*kept(r) = whole_granules(n);
	memory_count(counted(r), before);
	return true;
}

static void
unplace(struct region *r, struct region was, size_t was_kept)
{
	size_t memory = heap.stat.memory - counted(r), n;

	if (r->end > was.end) {
		n = (size_t)(r->end - was.end);
		memory_take(was.end, n);
		if (region_has_sides(r))
			region_take_sides(was.end, n, 0, heap.sides);
	}
	*r = was;
	*kept(r) = was_kept;
	heap.stat.memory = memory + counted(r);
}

bool
heap_image_place(size_t cells, size_t atoms)
{
	struct region *r = &heap.region[IMAGE_CELLS], was = *r;
	size_t was_kept = *kept(r);

	if (cells > (size_t)(r->max - r->base) ||
	    atoms > (size_t)(r[1].max - r[1].base) || !place(r, cells))
		return false;
	if (!place(r + 1, atoms)) {
		unplace(r, was, was_kept);
		return false;
	}
	heap.stat.image = cells + atoms;
	return true;
}

static void
keep(struct region *r, size_t n)
{
	size_t before = counted(r);

	if (whole_granules(n) <= *kept(r))
		return;
	*kept(r) = whole_granules(n);
	memory_count(counted(r), before);
}

void
heap_image_kept(size_t cells, size_t atoms)
{
	keep(&heap.region[IMAGE_CELLS], cells);
	keep(&heap.region[IMAGE_ATOMS], atoms);
}

/* -------- twins -------- */

/* For all cells that there are; addresses are cheap, memory comes by use. */
bool
twins_open(void)
{
	size_t all = ((size_t)1 << heap.shift) >> 2;
	size_t n = granules(region_used(&heap.region[IMAGE_CELLS]) >> 2);
	char *p = heap_config.twins;

	if (n <= heap_config.twins_end)
		return true;
	if (p == NULL && (p = memory_reserve(NULL, all)) == NULL)
		return false;
	heap_config.twins = p;
	p += heap_config.twins_end;
	n -= heap_config.twins_end;
	if (!memory_allowed(n) || !memory_give(p, n))
		return false;
	heap_config.twins_end += n;
	memory_count(n, 0);
	return true;
}

void
twins_free(void)
{
	if (heap_config.twins != NULL)
		munmap(heap_config.twins, ((size_t)1 << heap.shift) >> 2);
	heap_config.twins = NULL;
	heap_config.twins_end = 0;
}
