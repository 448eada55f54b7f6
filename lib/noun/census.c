/*
 * First every cell gets a number, children before parents, which is kept as
 * its mark; what follows is loops over an array in that order, in which 0
 * stands for "an atom".
 */
#include "census.h"

#include <math.h>
#include <string.h>

#include "atom.h"
#include "bail.h"
#include "heap.h"
#include "marks.h"
#include "mug.h"

struct node {
	noun cell;
	uint32_t head, tail;
};

#define CELLS_MAX (UINT32_MAX - 1)

struct survey {
	struct marks marks;
	struct node *node; /* 1..n; node 0 is no cell */
	uint32_t n;
	void *room; /* 16 bytes for each node, for one count at a time */
	struct census *c;
};

/* -------- numbering the cells -------- */

/* The number of a noun: 0 for an atom, and for a cell without one yet. */
static inline uint32_t
number(const struct survey *s, noun n)
{
	return is_cell(n) ? (uint32_t)*mark_of(&s->marks, n) : 0;
}

static void
push_node(struct node v)
{
	struct region *r = &heap.region[SCRATCH];

	region_room(r, sizeof v);
	*(struct node *)r->top = v;
	r->top += sizeof v;
}

static void
finish(struct survey *s, noun cell)
{
	struct node v = {cell, number(s, head(cell)), number(s, tail(cell))};

	if (s->n == CELLS_MAX)
		bail(BAIL_MEME);
	push_node(v);
	*mark_of(&s->marks, cell) = ++s->n;
}

/* A cell on the stack whose parts have been pushed; no noun ends so. */
enum { EXPANDED = 4 };

static inline void
want(const struct survey *s, noun n)
{
	if (is_cell(n) && number(s, n) == 0)
		stack_push(n);
}

static void
number_cells(struct survey *s, noun root)
{
	noun *bottom = stack_top();

	marks_open(&s->marks);
	s->node = scratch_push(0);
	push_node((struct node){0, 0, 0});
	want(s, root);
	while (stack_top() > bottom) {
		noun n = stack_top()[-1];

		if (n & EXPANDED)
			finish(s, stack_pop() - EXPANDED);
		else if (number(s, n) != 0)
			stack_pop();
		else {
			stack_top()[-1] = n + EXPANDED;
			/* Heads are walked first: cue lays them out so. */
			want(s, tail(n));
			want(s, head(n));
		}
	}
}

/* -------- atoms -------- */

/* The mark of a boxed atom: 0, 1, 2 as it was met never, once, more. */
static void
meet_boxed(struct survey *s, noun a)
{
	uint64_t *met = mark_of(&s->marks, a);

	if (*met == 2)
		return;
	if ((*met)++ == 1) {
		s->c->shared++;
		return;
	}
	s->c->boxed++;
	s->c->bytes += (boxed_len(a) + 1) * 8;
}

static void
meet_atom(struct survey *s, noun n)
{
	if (is_direct(n))
		s->c->direct++;
	else if (is_boxed(n))
		meet_boxed(s, n);
}

static void
count_atoms(struct survey *s, noun root)
{
	meet_atom(s, root);
	for (uint32_t i = 1; i <= s->n; i++) {
		meet_atom(s, head(s->node[i].cell));
		meet_atom(s, tail(s->node[i].cell));
	}
}

/* -------- cells -------- */

static void
count_shared(struct survey *s)
{
	uint8_t *met = s->room;

	memset(met, 0, (size_t)s->n + 1);
	met[0] = 2;
	for (uint32_t i = 1; i <= s->n; i++) {
		const struct node *v = &s->node[i];

		if (met[v->head] < 2)
			s->c->shared += met[v->head]++;
		if (met[v->tail] < 2)
			s->c->shared += met[v->tail]++;
	}
}

static void
find_depth(struct survey *s)
{
	uint32_t *depth = s->room;

	depth[0] = 0;
	for (uint32_t i = 1; i <= s->n; i++) {
		uint32_t h = depth[s->node[i].head], t = depth[s->node[i].tail];

		depth[i] = (h > t ? h : t) + 1;
	}
	s->c->depth = depth[s->n];
}

/* -------- the size of the tree -------- */

/* m * 2^(STEP * e), where m is below 2^STEP unless e is about to grow. */
struct big {
	double m;
	int64_t e;
};

enum { STEP = 500 };

static struct big
big_sum(struct big a, struct big b)
{
	if (a.e < b.e) {
		struct big larger = b;

		b = a;
		a = larger;
	}
	if (a.e == b.e)
		a.m += b.m;
	else if (a.e == b.e + 1)
		a.m += b.m * 0x1p-500;
	if (a.m >= 0x1p500) {
		a.m *= 0x1p-500;
		a.e++;
	}
	return a;
}

/* However large: the sum in floating point. */
static void
estimate_tree(struct survey *s)
{
	const struct big one = {1, 0};
	struct big *v = s->room;

	v[0] = one;
	for (uint32_t i = 1; i <= s->n; i++) {
		v[i] = big_sum(v[s->node[i].head], v[s->node[i].tail]);
		v[i] = big_sum(v[i], one);
	}
	s->c->tree_log2 = log2(v[s->n].m) + STEP * (double)v[s->n].e;
}

/*
 * The next 64 bits of every cell's tree, from those of its parts and what
 * the bits before carried.  False when there was nothing left to add.
 */
static bool
add_limbs(const struct survey *s, uint64_t *v, uint8_t *carry)
{
	uint64_t any = v[0];

	for (uint32_t i = 1; i <= s->n; i++) {
		const struct node *k = &s->node[i];
		unsigned __int128 sum =
		    (unsigned __int128)v[k->head] + v[k->tail] + carry[i];

		v[i] = (uint64_t)sum;
		carry[i] = (uint8_t)(sum >> 64);
		any |= v[i] | carry[i];
	}
	return any != 0;
}

/*
 * Exactly: limb by limb over all cells, so that memory does not grow with
 * the bits.  The root's tree is the largest, so the last limb that is not
 * zero anywhere is its own.
 */
static void
sum_tree(struct survey *s)
{
	uint64_t limb[CENSUS_BITS / 64];
	uint64_t *v = s->room;
	uint8_t *carry = (uint8_t *)(v + s->n + 1);
	size_t n = 0;
	bool more;

	memset(carry, 1, (size_t)s->n + 1); /* the cell itself */
	v[0] = 1;
	while ((more = add_limbs(s, v, carry)) && n < CENSUS_BITS / 64) {
		limb[n++] = v[s->n];
		v[0] = 0;
	}
	if (!more)
		s->c->tree = atom_from_limbs(limb, n);
}

void
census(noun n, struct census *c)
{
	struct survey s = {.c = c};
	char *mark = scratch_top();

	memset(c, 0, sizeof *c);
	c->mug = mug(n);
	number_cells(&s, n);
	s.room = scratch_push(((size_t)s.n + 1) * 16);
	c->cells = s.n;
	c->bytes = c->cells * 16;
	count_atoms(&s, n);
	count_shared(&s);
	find_depth(&s);
	estimate_tree(&s);
	if (c->tree_log2 < CENSUS_BITS + 1)
		sum_tree(&s);
	scratch_cut(mark);
}
