/*
 * Jam walks the noun in order, head before tail, and keeps every cell and
 * every atom that may be worth a reference in a hash table, with the bit at
 * which it began.  Cells are hashed by their mug, which is computed for all
 * of them first.
 *
 * For a big noun that table would not fit a cache.  But few cells stand
 * more than once; so when the table has grown past SMALL, the noun is first
 * surveyed with three bitmaps, and a second walk keeps only the cells that
 * may repeat: 3 times faster on a pill.
 *
 * Both rely on mugs that differ where nouns do.  They need not: the mugs of
 * a long chain of equal elements go round in a circle, and then comparing
 * costs more than it should.  When it has cost too much, a third way gives
 * every noun a number by the numbers of its parts, and compares those.
 */
#include "jam.h"

#include <gmp.h>
#include <string.h>

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "marks.h"
#include "mug.h"

/* -------- writing bits -------- */

/* The atom being built: whole limbs, and up to 63 bits not yet in one. */
struct writer {
	uint64_t *limbs;
	size_t n, room;
	uint64_t last;
	unsigned fill;
};

static uint64_t
position(const struct writer *w)
{
	return (uint64_t)w->n * 64 + w->fill;
}

static void __attribute__((noinline)) more_room(struct writer *w, size_t limbs)
{
	size_t room = w->room * 2;

	if (room < w->n + limbs + 2)
		room = w->n + limbs + 2;
	w->limbs = heap_atom_extend(room);
	w->room = room;
}

/* The low k <= 64 bits of v; the others are zero. */
static inline void
put(struct writer *w, uint64_t v, unsigned k)
{
	w->last |= v << w->fill;
	w->fill += k;
	if (w->fill < 64)
		return;
	if (w->n + 2 > w->room)
		more_room(w, 0);
	w->limbs[w->n++] = w->last;
	w->fill -= 64;
	w->last = k > w->fill && w->fill ? v >> (k - w->fill) : 0;
}

/* n limbs, of which the last has `bits` bits. */
static void
put_limbs(struct writer *w, const uint64_t *p, size_t n, unsigned bits)
{
	uint64_t carry = 0, *to;

	if (w->n + n + 2 > w->room)
		more_room(w, n);
	to = w->limbs + w->n;
	if (w->fill == 0)
		memcpy(to, p, (n - 1) * 8);
	else if (n > 1)
		carry = mpn_lshift(to, p, (mp_size_t)n - 1, w->fill);
	if (n > 1) {
		to[0] |= w->last;
		w->last = carry;
		w->n += n - 1;
	}
	put(w, p[n - 1], bits);
}

static inline unsigned
width(uint64_t v)
{
	return v ? 64 - (unsigned)__builtin_clzll(v) : 0;
}

/* A tag of t bits, then the length part of mat() for n bits. */
static inline void
put_length(struct writer *w, uint64_t tag, unsigned t, uint64_t n)
{
	unsigned k = width(n);

	put(w, tag | UINT64_C(1) << (k + t), t + k + 1);
	if (k > 1)
		put(w, n & ((UINT64_C(1) << (k - 1)) - 1), k - 1);
}

static inline void
put_word(struct writer *w, uint64_t tag, unsigned t, uint64_t v)
{
	unsigned n = width(v), k = width(n);
	uint64_t length;

	if (n == 0) {
		put(w, tag | UINT64_C(1) << t, t + 1);
		return;
	}
	length = tag | UINT64_C(1) << (k + t) |
	    (n ^ UINT64_C(1) << (k - 1)) << (k + t + 1);
	if (t + 2 * k + n <= 64) {
		put(w, length | v << (t + 2 * k), t + 2 * k + n);
		return;
	}
	put(w, length, t + 2 * k);
	put(w, v, n);
}

static void
put_atom(struct writer *w, noun a)
{
	uint64_t bits;

	if (is_direct(a)) {
		put_word(w, 0, 1, direct_value(a));
		return;
	}
	bits = atom_bits(a);
	put_length(w, 0, 1, bits);
	put_limbs(
	    w, boxed_limbs(a), boxed_len(a), (unsigned)((bits - 1) % 64) + 1);
}

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
 * By address: was the cell met, was it met again.  By mug: was one like it
 * met, were two.  A false alarm only costs a look at the table.
 */
struct survey {
	uint64_t *met[REGIONS]; /* pairs of bits; indexed from the base */
	uint64_t *mugs, *twins;
	uint32_t mask;
};

static bool
is_cells(unsigned r)
{
	return r == IMAGE_CELLS || r == MID_A_CELLS || r == MID_B_CELLS ||
	    r == NURSERY_CELLS;
}

static void
survey_make(struct survey *v)
{
	const uint64_t most = UINT64_C(1) << 26;
	uint64_t cells = 0, bits = 1 << 16;

	for (unsigned i = 0; i < NOUN_STACK; i++) {
		struct region *r = &heap.region[i];
		size_t n = (size_t)(r->top - r->base) / 16;

		if (!is_cells(i))
			continue;
		v->met[i] = scratch_push_zero((n / 32 + 1) * 8);
		cells += n;
	}
	while (bits < cells * 8 && bits < most)
		bits *= 2;
	v->mugs = scratch_push_zero(bits / 8);
	v->twins = scratch_push_zero(bits / 8);
	v->mask = (uint32_t)(bits - 1);
}

static inline uint64_t *
met_word(struct survey *v, noun cell, unsigned *bit)
{
	unsigned r = (unsigned)((cell - (noun)heap.base) >> heap.shift);
	size_t i = (cell - (noun)heap.region[r].base) / 16;

	*bit = i % 32 * 2;
	return v->met[r] + i / 32;
}

static inline bool
test(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static inline void
set(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* True if the cell is met for the first time. */
static inline bool
meet(struct survey *v, noun cell)
{
	uint32_t i = *mug_entry(cell) & v->mask;
	unsigned bit;
	uint64_t *met = met_word(v, cell, &bit);

	if (*met >> bit & 1) {
		*met |= UINT64_C(2) << bit;
		return false;
	}
	*met |= UINT64_C(1) << bit;
	set(test(v->mugs, i) ? v->twins : v->mugs, i);
	return true;
}

static void
survey(struct survey *v, noun n)
{
	noun *base = stack_top();

	survey_make(v);
	for (;;) {
		if (is_cell(n) && meet(v, n)) {
			if (is_cell(tail(n)))
				stack_push(tail(n));
			n = head(n);
			continue;
		}
		if (stack_top() == base)
			return;
		n = stack_pop();
	}
}

static inline bool
may_repeat(struct survey *v, noun cell)
{
	unsigned bit;
	uint64_t met = *met_word(v, cell, &bit);

	return met >> bit & 2 || test(v->twins, *mug_entry(cell) & v->mask);
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

static inline bool
refer(struct jam *j, const struct seen *s)
{
	if (s->n == 0)
		return false;
	put_word(&j->w, 3, 2, s->at);
	return true;
}

/* Write a cell's tag, or a reference in its place; true if its parts follow. */
static inline bool
jam_cell(struct jam *j, noun n)
{
	uint32_t hash;
	struct seen *s;
	uint64_t *at;

	if (j->numbers != NULL) {
		at = &j->numbers->at[*mark_of(&j->numbers->marks, n) / 2];
		if (*at != 0) {
			put_word(&j->w, 3, 2, *at - 1);
			return false;
		}
		*at = position(&j->w) + 1;
	} else if (!j->survey || may_repeat(j->survey, n)) {
		hash = *mug_entry(n);
		s = table_find(&j->t, n, hash);
		if (refer(j, s))
			return false;
		table_put(&j->t, s, n, hash, position(&j->w));
	}
	put(&j->w, 1, 2);
	return true;
}

/*
 * An atom is worth a reference only to a position of fewer bits, and the
 * first position is the one that counts: so an atom that is not worth
 * keeping where it first stands never will be.
 */
static inline void
jam_atom(struct jam *j, noun a)
{
	uint64_t at = position(&j->w), bits = atom_bits(a);
	uint64_t kind = UINT64_C(1) << (bits < 63 ? bits : 63);
	bool keep = bits > width(at);
	struct seen *s;
	uint32_t hash;

	if (keep || (j->t.widths & kind)) {
		hash = hash_of(a);
		s = table_find(&j->t, a, hash);
		if (refer(j, s))
			return;
		if (keep) {
			j->t.widths |= kind;
			table_put(&j->t, s, a, hash, at);
		}
	}
	put_atom(&j->w, a);
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
	noun *base = stack_top();

	for (;;) {
		if (is_cell(n) && jam_cell(j, n)) {
			stack_push(tail(n));
			n = head(n);
			continue;
		}
		if (is_atom(n))
			jam_atom(j, n);
		if (stack_top() == base)
			return true;
		if (hopeless(j))
			break;
		n = stack_pop();
	}
	stack_cut(base);
	return false;
}

static bool
attempt(struct jam *j, noun n)
{
	enum { LIMBS = 32, SLOTS = 64, STEPS = 1 << 16 };

	table_make(&j->t, SLOTS);
	j->t.steps = j->numbers ? UINT64_MAX : STEPS;
	if (j->survey)
		j->t.steps += 16 * count_cells();
	j->w.limbs = heap_atom_begin(LIMBS);
	j->w.room = LIMBS;
	return walk(j, n);
}

static bool
attempt_surveyed(struct jam *j, noun n)
{
	struct survey v;

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
	if (j.w.n + 1 > j.w.room)
		more_room(&j.w, 1);
	j.w.limbs[j.w.n] = j.w.last;
	scratch_cut(mark);
	return heap_atom_end(j.w.n + (j.w.fill > 0));
}
