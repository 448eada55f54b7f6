/*
 * Jam walks the noun in order, head before tail, and keeps every cell and
 * every atom that may be worth a reference in a hash table, with the bit at
 * which it began.  Cells are hashed by their mug, which is computed for all
 * of them first.
 *
 * For a big noun that table would not fit a cache.  But few cells stand
 * more than once; so when the table has grown past SMALL, the noun is first
 * surveyed with bitmaps.  The cells that it found again by their address
 * have a slot each for where they began, and only those that may have an
 * equal elsewhere go through the table: 3 to 5 times faster on a pill.
 *
 * Both rely on mugs that differ where nouns do.  They need not: the mugs of
 * a long chain of equal elements go round in a circle, and then comparing
 * costs more than it should.  When it has cost too much, a third way gives
 * every noun a number by the numbers of its parts, and compares those.
 */
#include "jam.h"

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "marks.h"
#include "mug.h"
#include "pile.h"
#include "writer.h"

/* -------- what stood where -------- */

/* A slot is empty where n is zero: atom 0 is never worth a reference. */
struct seen {
	noun n;
	uint64_t at : 40, tag : 24;
};

struct table {
	struct seen *slots;
	size_t mask, used;
	uint64_t widths; /* bit k: an atom of k bits (63: or more) is in it */
	uint64_t steps;  /* that comparing may still take; 0 = the table lies */
};

static void
table_make(struct table *t, size_t slots)
{
	t->slots = scratch_push_zero(slots * sizeof *t->slots);
	t->mask = slots - 1;
}

/* Mugs of large atoms would cost more than they save. */
static inline uint32_t
hash_of(noun n)
{
	enum { MUG_LIMBS = 64 };
	size_t len;

	if (is_cell(n))
		return *mug_entry(n);
	if (is_direct(n))
		return (uint32_t)(n * UINT64_C(0x9e3779b97f4a7c15) >> 33);
	len = boxed_len(n);
	if (len <= MUG_LIMBS)
		return mug(n);
	return (uint32_t)((boxed_limbs(n)[0] ^ boxed_limbs(n)[len / 2] ^
	                      boxed_limbs(n)[len - 1] ^ len) *
	        UINT64_C(0x9e3779b97f4a7c15) >>
	    33);
}

static inline uint32_t
tag_of(uint32_t hash)
{
	return hash >> 7;
}

static void __attribute__((noinline)) table_grow(struct table *t)
{
	struct table old = *t;

	table_make(t, (old.mask + 1) * 4);
	for (size_t i = 0; i <= old.mask; i++) {
		size_t j;

		if (old.slots[i].n == 0)
			continue;
		j = hash_of(old.slots[i].n) & t->mask;
		while (t->slots[j].n != 0)
			j = (j + 1) & t->mask;
		t->slots[j] = old.slots[i];
	}
}

/* The slot of n, or the empty one where it belongs. */
static inline struct seen *
table_find(struct table *t, noun n, uint32_t hash)
{
	struct seen *s = &t->slots[hash & t->mask];

	while (s->n != 0) {
		if (s->n == n ||
		    (s->tag == tag_of(hash) &&
		        equal_within(s->n, n, &t->steps) == EQUAL_YES))
			return s;
		s = s == t->slots + t->mask ? t->slots : s + 1;
	}
	return s;
}

static inline void
table_put(struct table *t, struct seen *s, noun n, uint32_t hash, uint64_t at)
{
	s->n = n;
	s->at = at;
	s->tag = tag_of(hash) & 0xffffff;
	if (++t->used * 2 > t->mask)
		table_grow(t);
}

/* -------- the survey: which cells may repeat -------- */

/*
 * Of 64 cells, by address: which were met, which were met again.  The
 * latter have a number each: how many there are `before`, and below.
 */
struct page {
	uint64_t met, again, before;
};

/*
 * By mug, two bits in a word for each: was one like it met; and, in a
 * smaller table, were two (few are).  A false alarm, one cell in a hundred,
 * only costs a look at the table.
 */
struct survey {
	char *pages[REGIONS]; /* of cell n: + (n >> 10) * sizeof(struct page) */
	struct pile touched;  /* the pages with cells met: first addresses */
	uint64_t cells;       /* met */
	uint64_t *mugs, *twins;
	uint32_t mugs_mask, twins_mask;
	uint64_t *at; /* by number, from 1 on: where it began, plus one */
};

static uint64_t
count_cells(void)
{
	uint64_t cells = 0;

	for (unsigned i = 0; i < NOUN_STACK; i++)
		if (is_cells(i))
			cells += (uint64_t)(heap.region[i].top -
			             heap.region[i].base) /
			    16;
	return cells;
}

static size_t
pages_of(const struct region *r)
{
	return ((size_t)(r->top - r->base) + 1023) / 1024;
}

static void
survey_open(struct survey *v)
{
	for (unsigned i = 0; i < NOUN_STACK; i++) {
		struct region *r = &heap.region[i];
		char *p;

		if (!is_cells(i))
			continue;
		p = scratch_push_zero(pages_of(r) * sizeof(struct page));
		v->pages[i] = p - ((size_t)r->base >> 10) * sizeof(struct page);
	}
	v->touched = pile_on(SCRATCH);
}

static inline struct page *
page_of(const struct survey *v, noun cell)
{
	unsigned r = (unsigned)((cell - (noun)heap.base) >> heap.shift);

	char *p = v->pages[r] + (cell >> 10) * sizeof(struct page);

	return (struct page *)p;
}

static inline uint64_t
bit_of(noun cell)
{
	return UINT64_C(1) << (cell >> 4 & 63);
}

static inline uint64_t
pattern(uint32_t mug)
{
	return UINT64_C(1) << (mug >> 25) |
	    UINT64_C(1) << (mug * UINT32_C(0x9e3779b1) >> 26);
}

/* True if the cell is met for the first time. */
static inline bool
meet(struct survey *v, noun cell)
{
	struct page *page = page_of(v, cell);
	uint64_t bit = bit_of(cell);

	if (page->met & bit) {
		page->again |= bit;
		return false;
	}
	if (__builtin_expect(page->met == 0, 0))
		pile_push(&v->touched, cell & ~(noun)1023);
	page->met |= bit;
	v->cells++;
	return true;
}

static inline void
note_mug(struct survey *v, uint32_t mug)
{
	uint64_t like = pattern(mug), *word = &v->mugs[mug & v->mugs_mask];

	if (__builtin_expect((*word & like) == like, 0))
		v->twins[mug & v->twins_mask] |= like;
	*word |= like;
}

static inline bool
has_twin(const struct survey *v, noun cell)
{
	uint32_t mug = *mug_entry(cell);
	uint64_t like = pattern(mug);

	return (v->twins[mug & v->twins_mask] & like) == like;
}

static void
make_mugs(struct survey *v)
{
	enum { MOST = 1 << 20, TWINS = 8 };
	uint64_t words = 64;

	while (words < v->cells / 8 && words < MOST)
		words *= 2;
	v->mugs = scratch_push_zero(words * 8);
	v->twins = scratch_push_zero(words / TWINS * 8);
	v->mugs_mask = (uint32_t)(words - 1);
	v->twins_mask = (uint32_t)(words / TWINS - 1);
}

/*
 * Note the mugs of the cells that were met, and number those that were met
 * again.  Noting mugs now, not on the walk, spares waiting for memory (1 ms
 * less for a pill), and their number is known.
 */
static void
survey_close(struct survey *v)
{
	const noun *touched = v->touched.base;
	size_t n = (size_t)(v->touched.top - touched);
	uint64_t sum = 1;

	scratch_push(n * sizeof *touched);
	make_mugs(v);
	for (size_t i = 0; i < n; i++) {
		const uint32_t *mugs = mug_entry(touched[i]);
		struct page *p = page_of(v, touched[i]);

		for (uint64_t met = p->met; met != 0; met &= met - 1)
			note_mug(v, mugs[__builtin_ctzll(met)]);
		p->before = sum;
		sum += (unsigned)__builtin_popcountll(p->again);
	}
	v->at = scratch_push_zero(sum * sizeof *v->at);
}

/* The slot for where a cell began; slot 0 if it was met but once. */
static inline uint64_t *
survey_at(const struct survey *v, noun cell)
{
	const struct page *p = page_of(v, cell);
	uint64_t bit = bit_of(cell);
	uint64_t i =
	    p->before + (unsigned)__builtin_popcountll(p->again & (bit - 1));

	return v->at + (p->again & bit ? i : 0);
}

static void
survey(struct survey *v, noun n)
{
	struct pile p = pile_on(NOUN_STACK);

	survey_open(v);
	pile_push(&p, n);
	while (!pile_is_empty(&p)) {
		n = pile_pop(&p);
		while (is_cell(n) && meet(v, n)) {
			if (is_cell(tail(n)))
				pile_push(&p, tail(n));
			n = head(n);
		}
	}
	survey_close(v);
}

/* -------- numbers: which cells are equal, without comparing -------- */

/*
 * A direct atom's number is its own word; boxed atoms and cells get odd
 * ones, in turn.  `twins` finds a cell's by the numbers of its parts.
 */
struct twin {
	uint64_t head, tail, number; /* number 0 = empty */
};

struct numbers {
	struct marks marks; /* of every cell and boxed atom: its number */
	struct twin *twins;
	size_t mask;
	struct table atoms; /* `at` is the number */
	uint64_t last;
	uint64_t *at; /* by half the number: where it began, plus one */
};

static inline uint64_t
number_of(struct numbers *v, noun n)
{
	return is_direct(n) ? n : *mark_of(&v->marks, n);
}

static void
number_boxed(struct numbers *v, noun a)
{
	uint32_t hash = hash_of(a);
	struct seen *s = table_find(&v->atoms, a, hash);
	uint64_t number = s->n ? s->at : (v->last += 2);

	*mark_of(&v->marks, a) = number;
	if (s->n == 0)
		table_put(&v->atoms, s, a, hash, number);
}

static void
number_cell(struct numbers *v, noun c)
{
	uint64_t h = number_of(v, head(c)), t = number_of(v, tail(c));
	size_t i = ((h * UINT64_C(0x9e3779b97f4a7c15) ^ t) *
	        UINT64_C(0xbf58476d1ce4e5b9) >>
	    20);

	for (i &= v->mask; v->twins[i].number != 0; i = (i + 1) & v->mask)
		if (v->twins[i].head == h && v->twins[i].tail == t)
			break;
	if (v->twins[i].number == 0)
		v->twins[i] = (struct twin){h, t, v->last += 2};
	*mark_of(&v->marks, c) = v->twins[i].number;
}

static inline bool
unnumbered(struct numbers *v, noun n)
{
	return is_boxed(n) || is_cell(n) ? *mark_of(&v->marks, n) == 0 : false;
}

/* Number every atom and cell of n, parts first; the stack is of nouns. */
static void
number_all(struct numbers *v, noun n)
{
	noun *base = stack_top(), top;

	stack_push(n);
	while (stack_top() > base) {
		top = stack_top()[-1];
		if (is_cell(top) && unnumbered(v, top)) {
			if (unnumbered(v, tail(top)))
				stack_push(tail(top));
			if (unnumbered(v, head(top)))
				stack_push(head(top));
			if (stack_top()[-1] != top)
				continue;
			number_cell(v, top);
		} else if (unnumbered(v, top)) {
			number_boxed(v, top);
		}
		stack_pop();
	}
}

static void
numbers_make(struct numbers *v, noun n)
{
	size_t slots = 1024;

	while (slots < count_cells() * 2)
		slots *= 2;
	*v = (struct numbers){.mask = slots - 1, .last = 1};
	marks_open(&v->marks);
	v->twins = scratch_push_zero(slots * sizeof *v->twins);
	table_make(&v->atoms, 64);
	v->atoms.steps = UINT64_MAX;
	number_all(v, n);
	v->at = scratch_push_zero((v->last / 2 + 1) * sizeof *v->at);
}

/* -------- the walk -------- */

struct jam {
	struct writer w;
	struct table t;
	struct survey *survey;   /* or NULL: any cell may repeat */
	struct numbers *numbers; /* or NULL: cells are in the table */
};

static inline void
put_reference(struct jam *j, uint64_t at)
{
	put_word(&j->w, 3, 2, at);
}

/*
 * The following write a cell's tag, or a reference in its place; true if
 * its parts follow.
 */
static inline bool
cell_at(struct jam *j, uint64_t *at, bool keep)
{
	if (*at != 0) {
		put_reference(j, *at - 1);
		return false;
	}
	*at = keep ? position(&j->w) + 1 : 0;
	put(&j->w, 1, 2);
	return true;
}

static inline bool __attribute__((always_inline))
cell_in_table(struct jam *j, noun n)
{
	uint32_t hash = *mug_entry(n);
	struct seen *s = table_find(&j->t, n, hash);

	if (s->n != 0) {
		put_reference(j, s->at);
		return false;
	}
	table_put(&j->t, s, n, hash, position(&j->w));
	put(&j->w, 1, 2);
	return true;
}

static inline bool
cell_surveyed(struct jam *j, noun n)
{
	uint64_t *at = survey_at(j->survey, n);

	if (*at == 0 && __builtin_expect(has_twin(j->survey, n), 0))
		return cell_in_table(j, n);
	return cell_at(j, at, at != j->survey->at);
}

static inline bool
jam_cell(struct jam *j, noun n)
{
	if (j->survey)
		return cell_surveyed(j, n);
	if (!j->numbers)
		return cell_in_table(j, n);
	return cell_at(
	    j, &j->numbers->at[*mark_of(&j->numbers->marks, n) / 2], true);
}

/*
 * An atom is worth a reference only to a position of fewer bits, and the
 * first position is the one that counts: so an atom that is not worth
 * keeping where it first stands never will be.
 */
static void __attribute__((noinline)) jam_boxed(struct jam *j, noun a)
{
	uint64_t at = position(&j->w), bits = atom_bits(a);
	uint32_t hash;
	struct seen *s;

	if (bits <= width(at) && !(j->t.widths >> 63)) {
		put_boxed(&j->w, a);
		return;
	}
	hash = hash_of(a);
	s = table_find(&j->t, a, hash);
	if (s->n != 0) {
		put_reference(j, s->at);
		return;
	}
	if (bits > width(at)) {
		j->t.widths |= UINT64_C(1) << 63;
		table_put(&j->t, s, a, hash, at);
	}
	put_boxed(&j->w, a);
}

/* An atom in the table, or a reference to it, in one way without branches. */
static inline void
jam_direct(struct jam *j, noun a)
{
	uint64_t at = position(&j->w), v = direct_value(a);
	unsigned bits = direct_width(v);
	bool keep = bits > width(at), found;
	uint32_t hash;
	struct seen *s;

	if (!keep && !(j->t.widths >> bits & 1)) {
		put_word(&j->w, 0, 1, v);
		return;
	}
	hash = hash_of(a);
	s = &j->t.slots[hash & j->t.mask];
	while (s->n != 0 && s->n != a)
		s = s == j->t.slots + j->t.mask ? j->t.slots : s + 1;
	found = s->n != 0;
	put_word(&j->w, found ? 3 : 0, 1 + found, found ? s->at : v);
	if (keep && !found) {
		j->t.widths |= UINT64_C(1) << bits;
		table_put(&j->t, s, a, hash, at);
	}
}

enum { SMALL = 4096 };

static bool
hopeless(const struct jam *j)
{
	return j->t.steps == 0 ||
	    (!j->survey && !j->numbers && j->t.used > SMALL);
}

/* False if it stopped because another way is called for. */
static bool
walk(struct jam *j, noun n)
{
	struct pile p = pile_on(NOUN_STACK);

	pile_push(&p, n);
	while (!pile_is_empty(&p)) {
		if (hopeless(j))
			return false;
		n = pile_pop(&p);
		while (is_cell(n) && jam_cell(j, n)) {
			pile_push(&p, tail(n));
			n = head(n);
		}
		if (is_direct(n))
			jam_direct(j, n);
		else if (is_boxed(n))
			jam_boxed(j, n);
	}
	return true;
}

static bool
attempt(struct jam *j, noun n)
{
	enum { LIMBS = 32, SLOTS = 64, STEPS = 1 << 16 };

	table_make(&j->t, SLOTS);
	j->t.steps = j->numbers ? UINT64_MAX : STEPS;
	if (j->survey)
		j->t.steps += 16 * j->survey->cells;
	writer_begin(&j->w, LIMBS);
	return walk(j, n);
}

static bool
attempt_surveyed(struct jam *j, noun n)
{
	struct survey v = {0};

	*j = (struct jam){.survey = &v};
	survey(&v, n);
	return attempt(j, n);
}

static void
attempt_numbered(struct jam *j, noun n)
{
	struct numbers v;

	*j = (struct jam){.numbers = &v};
	numbers_make(&v, n);
	attempt(j, n);
}

noun
jam(noun n)
{
	char *mark = scratch_top();
	struct jam j = {0};

	if (is_cell(n))
		mug(n);
	if (!attempt(&j, n)) {
		scratch_cut(mark);
		if (!attempt_surveyed(&j, n)) {
			scratch_cut(mark);
			attempt_numbered(&j, n);
		}
	}
	n = writer_end(&j.w);
	scratch_cut(mark);
	return n;
}
