/*
 * A walk, parts before wholes.  The mark of a cell or boxed atom is what it
 * is in the new image, once that is known.  A cell whose parts have their
 * marks is equal to one that was met before exactly if their parts' marks
 * are; so a look into a table, by mug, decides it, and no comparison ever
 * goes deeper than one cell.
 */
#include "meld.h"

#include <assert.h>
#include <string.h>

#include "heap.h"
#include "marks.h"
#include "mug.h"
#include "pile.h"

/* Open addressing; a slot holds an old noun, and in the bits that no address
 * has, bits of its mug. */
struct table {
	uint64_t *slots;
	uint64_t n;
};

enum { ADDRESS_BITS = 48, ROOM = 2048 };

#define ADDRESS_MASK ((UINT64_C(1) << ADDRESS_BITS) - 1)

struct melder {
	struct meld_sink *sink;
	struct marks marks;
	struct table cells, atoms;
	uint64_t next_cell, next_atom; /* addresses */
	int error;
	size_t n_cells, n_words; /* in the buffers */
	noun cell[2 * ROOM];
	uint32_t mug[ROOM];
	uint64_t words[ROOM];
};

/* -------- out -------- */

static void
flush_cells(struct melder *m)
{
	if (m->error == 0 && m->n_cells > 0)
		m->error = m->sink->cells(m->sink, m->cell, m->mug, m->n_cells);
	m->n_cells = 0;
}

static void
flush_words(struct melder *m)
{
	if (m->error == 0 && m->n_words > 0)
		m->error = m->sink->atoms(m->sink, m->words, m->n_words);
	m->n_words = 0;
}

static void
put_words(struct melder *m, const uint64_t *p, size_t n)
{
	m->next_atom += n * 8;
	if (m->n_words + n > ROOM)
		flush_words(m);
	if (n <= ROOM) {
		memcpy(m->words + m->n_words, p, n * 8);
		m->n_words += n;
	} else if (m->error == 0) {
		m->error = m->sink->atoms(m->sink, p, n);
	}
}

static noun
put_cell(struct melder *m, noun h, noun t, uint32_t hash)
{
	noun at = m->next_cell | 1;

	m->cell[2 * m->n_cells] = h;
	m->cell[2 * m->n_cells + 1] = t;
	m->mug[m->n_cells] = hash;
	m->next_cell += 16;
	if (++m->n_cells == ROOM)
		flush_cells(m);
	return at;
}

static noun
put_atom(struct melder *m, noun a)
{
	noun at = m->next_atom | 3;

	put_words(m, boxed_header(a), 1);
	put_words(m, boxed_limbs(a), boxed_len(a));
	return at;
}

/* -------- the tables -------- */

static void
table_open(struct table *t, size_t most)
{
	t->n = most + most / 4 + 1;
	t->slots = scratch_push_zero(t->n * sizeof *t->slots);
}

static inline uint64_t
tagged(noun n, uint32_t hash)
{
	return n | (uint64_t)(hash & 0xffff) << ADDRESS_BITS;
}

/* 31 bits of hash are spread over the slots. */
static inline uint64_t
first_slot(const struct table *t, uint32_t hash)
{
	return (uint64_t)((unsigned __int128)hash * t->n >> 31);
}

static inline noun
new_word(const struct melder *m, noun n)
{
	return is_direct(n) ? n : *mark_of(&m->marks, n);
}

/* The slot that holds a cell like this, or that is free for it. */
static uint64_t *
find_cell(const struct melder *m, noun h, noun t, uint32_t hash)
{
	uint64_t i = first_slot(&m->cells, hash), *slot, tag = tagged(0, hash);
	noun like;

	for (;; i = i + 1 == m->cells.n ? 0 : i + 1) {
		slot = &m->cells.slots[i];
		if (*slot == 0)
			return slot;
		if ((*slot & ~ADDRESS_MASK) != tag)
			continue;
		like = *slot & ADDRESS_MASK;
		if (new_word(m, head(like)) == h &&
		    new_word(m, tail(like)) == t)
			return slot;
	}
}

static bool
same_atom(noun a, noun b)
{
	size_t n = boxed_len(a);

	return n == boxed_len(b) &&
	    memcmp(boxed_limbs(a), boxed_limbs(b), n * 8) == 0;
}

static uint64_t *
find_atom(const struct melder *m, noun a, uint32_t hash)
{
	uint64_t i = first_slot(&m->atoms, hash), *slot, tag = tagged(0, hash);

	for (;; i = i + 1 == m->atoms.n ? 0 : i + 1) {
		slot = &m->atoms.slots[i];
		if (*slot == 0 ||
		    ((*slot & ~ADDRESS_MASK) == tag &&
		        same_atom(*slot & ADDRESS_MASK, a)))
			return slot;
	}
}

/* -------- the walk -------- */

static noun
meld_atom(struct melder *m, noun a)
{
	uint64_t *mark, *slot;
	uint32_t hash;

	if (is_direct(a) || *(mark = mark_of(&m->marks, a)) != 0)
		return new_word(m, a);
	hash = mug(a);
	slot = find_atom(m, a, hash);
	if (*slot == 0) {
		*slot = tagged(a, hash);
		return *mark = put_atom(m, a);
	}
	return *mark = *mark_of(&m->marks, *slot & ADDRESS_MASK);
}

static inline noun
meld_part(struct melder *m, noun n)
{
	return is_cell(n) ? new_word(m, n) : meld_atom(m, n);
}

static void
meld_cell(struct melder *m, noun n)
{
	noun h = meld_part(m, head(n)), t = meld_part(m, tail(n));
	uint32_t hash = mug_known(n);
	uint64_t *slot = find_cell(m, h, t, hash);

	assert(hash != 0); /* a walk for it would want the pile's place */
	if (*slot == 0) {
		*slot = tagged(n, hash);
		*mark_of(&m->marks, n) = put_cell(m, h, t, hash);
	} else {
		*mark_of(&m->marks, n) =
		    *mark_of(&m->marks, *slot & ADDRESS_MASK);
	}
}

static inline bool
waits(const struct melder *m, noun n)
{
	return is_cell(n) && *mark_of(&m->marks, n) == 0;
}

/* The pile holds the cells above n, each to be looked at again. */
static void
meld_cells(struct melder *m, noun n)
{
	struct pile p = pile_on(SCRATCH);
	noun h, t;

	pile_push(&p, 0);
	while (n != 0 && m->error == 0) {
		h = head(n);
		t = tail(n);
		if (waits(m, h) || waits(m, t)) {
			pile_push(&p, n);
			n = waits(m, h) ? h : t;
			continue;
		}
		meld_cell(m, n);
		n = pile_pop(&p);
	}
}

static size_t
count_atoms(const struct heap_image *i)
{
	size_t n = 0;

	for (char *p = i->atoms; p < i->atoms + i->atom_bytes; n++)
		p += (boxed_len((noun)p | 3) + 1) * 8;
	return n;
}

int
meld(struct meld_sink *s, noun n, uint64_t cells, uint64_t atoms, noun *out)
{
	struct heap_image i = heap_image();
	char *mark = scratch_top();
	struct melder *m = scratch_push_zero(sizeof *m);
	int error;

	m->sink = s;
	m->next_cell = cells;
	m->next_atom = atoms;
	marks_open(&m->marks);
	table_open(&m->cells, i.cell_bytes / 16);
	table_open(&m->atoms, count_atoms(&i));
	if (is_cell(n))
		meld_cells(m, n);
	*out = meld_part(m, n);
	flush_cells(m);
	flush_words(m);
	error = m->error;
	scratch_cut(mark);
	return error;
}
