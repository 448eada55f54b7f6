/*
 * Into the image without a collection: what is new is copied there, and no
 * noun moves.
 *
 * As in a collection the copies lie in a row that is scanned until the scan
 * has caught up, and what was copied tells meanwhile where to.  What that
 * mark took the place of is noted in the scratch memory, so that in the end
 * each original can be a noun again: a cell of the copy's parts, so that who
 * meets it the next time copies one cell and not all below it; or, where
 * memory ran out, what it was.
 */
#include <string.h>

#include "region.h"

enum {
	GONE = 5, /* the tag of a head that says where the copy is */
	STEP = 1 << 20
};

/* An original that was copied: its first two words. */
struct was {
	uint64_t *at, first, second;
};

static bool
in_image(noun n)
{
	return n < (noun)heap.region[LARGE_ATOMS].base;
}

/* Room for n bytes, and not much more: the image has no need to breathe. */
static bool
room(struct region *r, size_t n)
{
	size_t there = (size_t)(r->end - r->top), more;

	if (there >= n)
		return true;
	more = granules(n - there > STEP ? n - there : STEP);
	return region_extend(r, more) || region_extend(r, granules(n - there));
}

static bool
note(uint64_t *at)
{
	struct region *r = &heap.region[SCRATCH];

	if (!region_try(r, sizeof(struct was)))
		return false;
	*(struct was *)r->top = (struct was){at, at[0], at[1]};
	r->top += sizeof(struct was);
	return true;
}

static bool
copy_atom(noun *slot)
{
	struct region *to = &heap.region[IMAGE_ATOMS];
	uint64_t *h = boxed_header(*slot);
	size_t n;

	if (*h == 0) {
		*slot = h[1];
		return true;
	}
	n = (boxed_len(*slot) + 1) * sizeof *h;
	if (!room(to, n) || !note(h))
		return false;
	memcpy(to->top, h, n);
	*slot = (noun)to->top | 3;
	to->top += n;
	h[0] = 0;
	h[1] = *slot;
	return true;
}

static bool
copy_one(noun *slot)
{
	struct region *to = &heap.region[IMAGE_CELLS];
	noun *c = cell_words(*slot), *d;
	uint32_t mug = *mug_entry(*slot);

	if (!room(to, 16) || !note(c))
		return false;
	d = (noun *)to->top;
	to->top += 16;
	d[0] = c[0];
	d[1] = c[1];
	if (mug != 0)
		*mug_entry((noun)d | 1) = mug;
	c[0] = (noun)d | GONE;
	*slot = (noun)d | 1;
	return true;
}

/* A cell, and those that follow it by their tails. */
static bool
copy_cells(noun *slot)
{
	noun n;

	for (;; slot = cell_words(*slot) + 1) {
		n = *slot;
		if (!is_cell(n) || in_image(n))
			return true;
		if ((head(n) & 7) == GONE) {
			*slot = head(n) - GONE + 1;
			return true;
		}
		if (!copy_one(slot))
			return false;
	}
}

static bool
copy(noun *slot)
{
	if (is_direct(*slot) || in_image(*slot))
		return true;
	return is_cell(*slot) ? copy_cells(slot) : copy_atom(slot);
}

static bool
copy_all(noun *root)
{
	struct region *to = &heap.region[IMAGE_CELLS];
	char *scan = to->top;
	bool room = copy(root);

	for (; room && scan < to->top; scan += sizeof(noun))
		room = copy((noun *)scan);
	return room;
}

/* An atom is what it was in any case. */
static void
mend(const struct was *w, bool copied)
{
	noun *c;

	if (copied && w->at[0] != 0) {
		c = (noun *)(w->at[0] - GONE);
		w->at[0] = c[0];
		w->at[1] = c[1];
		return;
	}
	w->at[0] = w->first;
	w->at[1] = w->second;
}

/* Which may pass the limit, as it may to promote. */
bool
heap_deposit(noun *root)
{
	struct region *cells = &heap.region[IMAGE_CELLS], *atoms = cells + 1;
	size_t limit = heap_config.limit;
	char *was_cells = cells->top, *was_atoms = atoms->top;
	char *bottom = scratch_top();
	noun at = *root;
	bool copied;

	heap_config.limit = 0;
	copied = copy_all(&at);
	heap_config.limit = limit;
	for (char *p = heap.region[SCRATCH].top; p > bottom;) {
		p -= sizeof(struct was);
		mend((struct was *)p, copied);
	}
	scratch_cut(bottom);
	if (!copied) {
		sides_clear(was_cells, cells->top);
		cells->top = was_cells;
		atoms->top = was_atoms;
		return false;
	}
	*root = at;
	heap.stat.image = region_used(cells) + region_used(atoms);
	return true;
}
