#include "super.h"

#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#include "noun.h"

void
super_begin(struct super *s, uint64_t cells_at, uint64_t atoms_at)
{
	memset(s, 0, sizeof *s);
	memcpy(s->magic, SUPER_MAGIC, sizeof s->magic);
	s->cells_at = cells_at;
	s->atoms_at = atoms_at;
}

static uint64_t
sum_of(const struct super *s)
{
	return XXH3_64bits(s, offsetof(struct super, sum));
}

void
super_seal(struct super *s)
{
	s->sum = sum_of(s);
}

uint64_t
super_place(uint64_t sequence)
{
	return sequence % 2 * SUPER_SPACING;
}

bool
super_newer(const struct super *a, const struct super *b)
{
	return a->order != b->order ? a->order > b->order
	                            : a->sequence > b->sequence;
}

uint64_t
super_length(const struct super *s, enum super_row row)
{
	return row == SUPER_ATOMS ? s->atoms
	    : row == SUPER_CELLS  ? s->cells
	                          : s->cells / 4;
}

/* -------- extents -------- */

static uint64_t
whole(uint64_t n, uint64_t unit)
{
	return (n + unit - 1) / unit * unit;
}

static uint64_t
sums_of(uint64_t bytes)
{
	return bytes / SUPER_BLOCK * sizeof(uint64_t);
}

/* What an extent takes in the file; a next one begins on a whole block. */
static uint64_t
cells_footprint(uint64_t b)
{
	return b + b / 4 + whole(sums_of(b) + sums_of(b / 4), SUPER_BLOCK);
}

static uint64_t
atoms_footprint(uint64_t b)
{
	return b + whole(sums_of(b), SUPER_BLOCK);
}

uint64_t
super_end(const struct super *s)
{
	uint64_t end = SUPER_FIRST, e;

	for (uint32_t i = 0; i < s->n_cells; i++) {
		e = s->cell_extent[i].at +
		    cells_footprint(s->cell_extent[i].bytes);
		end = e > end ? e : end;
	}
	for (uint32_t i = 0; i < s->n_atoms; i++) {
		e = s->atom_extent[i].at +
		    atoms_footprint(s->atom_extent[i].bytes);
		end = e > end ? e : end;
	}
	return end;
}

static uint64_t
capacity(const struct super_extent *e, uint32_t n)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += e[i].bytes;
	return sum;
}

/* An eighth more than there is: so extents, and mappings, stay few. */
static bool
grow(struct super_extent *e, uint32_t *n, uint64_t need, uint64_t end)
{
	uint64_t have = capacity(e, *n), more = have / 8;

	if (need <= have)
		return true;
	if (*n == SUPER_EXTENTS)
		return false;
	if (more < need - have)
		more = need - have;
	if (more < SUPER_GROW)
		more = SUPER_GROW;
	e[*n] = (struct super_extent){end, whole(more, SUPER_UNIT)};
	++*n;
	return true;
}

bool
super_grow(struct super *s, uint64_t cells, uint64_t atoms)
{
	return grow(s->cell_extent, &s->n_cells, cells, super_end(s)) &&
	    grow(s->atom_extent, &s->n_atoms, atoms, super_end(s));
}

struct super_spot
super_find(const struct super *s, enum super_row row, uint64_t pos)
{
	bool atoms = row == SUPER_ATOMS, mugs = row == SUPER_MUGS;
	const struct super_extent *e = atoms ? s->atom_extent : s->cell_extent;
	unsigned of = mugs ? 4 : 1; /* of the extent's bytes, the row's */
	uint64_t b, sums;

	for (; pos >= e->bytes / of; e++)
		pos -= e->bytes / of;
	b = e->bytes;
	sums = e->at + (atoms ? b : b + b / 4) + (mugs ? sums_of(b) : 0);
	return (struct super_spot){.at = e->at + (mugs ? b : 0) + pos,
	    .room = b / of - pos,
	    .sum = sums + sums_of(pos)};
}

/* -------- what can be believed -------- */

static bool
extents_fit(const struct super_extent *e, uint32_t n,
    uint64_t (*footprint)(uint64_t), uint64_t file)
{
	if (n > SUPER_EXTENTS)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (e[i].at % SUPER_BLOCK != 0 || e[i].at < SUPER_FIRST ||
		    e[i].bytes % SUPER_UNIT != 0 || e[i].bytes == 0 ||
		    e[i].at > file || e[i].bytes > file ||
		    footprint(e[i].bytes) > file - e[i].at)
			return false;
	return true;
}

static bool
root_fits(const struct super *s)
{
	if (is_direct(s->root))
		return true;
	if (is_cell(s->root))
		return s->root - 1 - s->cells_at < s->cells &&
		    (s->root - 1 - s->cells_at) % 16 == 0;
	return s->root - 3 - s->atoms_at < s->atoms &&
	    (s->root - 3 - s->atoms_at) % 8 == 0;
}

const char *
super_fault(const struct super *s, uint64_t file)
{
	if (memcmp(s->magic, SUPER_MAGIC, sizeof s->magic) != 0)
		return "no superblock";
	if (s->sum != sum_of(s))
		return "a damaged superblock";
	if (!extents_fit(s->cell_extent, s->n_cells, cells_footprint, file) ||
	    !extents_fit(s->atom_extent, s->n_atoms, atoms_footprint, file))
		return "extents beyond the end of the file";
	if (s->cells > capacity(s->cell_extent, s->n_cells) ||
	    s->atoms > capacity(s->atom_extent, s->n_atoms) ||
	    s->cells % 16 != 0 || s->atoms % 8 != 0 ||
	    s->old_cells > s->cells || s->old_atoms > s->atoms || !root_fits(s))
		return "a superblock that cannot be";
	return NULL;
}
