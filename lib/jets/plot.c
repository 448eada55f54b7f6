/*
 * plot -- the jets of plot:lull: atoms laid end to end, by a tree of sizes.
 *
 *     plot    [plot plot]           one after the other
 *             [bloq (list plat)]    counted in blocks of 2^bloq bits
 *     plat    atom                  all of it
 *             [step atom]           so many blocks
 *             [[%c 0] [from step] atom]    so many blocks, from there on
 *             [[%m 0] [from step] atom]    the same, without zeros at its end
 *             [[%s 0] plot]         another plot, in whole blocks
 *
 * The size of a plot is in blocks of its last part, and what precedes it is
 * rounded up to such.  A plot is gone through twice: once to measure, with
 * nothing made, so that anything odd or immense can still be left to the
 * Hoon; and once to write.
 */
#include "bits.h"
#include "jet.h"

enum { BLOQ_MAX = 40 };

#define SIZE_MAX_BITS ((uint64_t)1 << BLOQ_MAX)

/*
 * A plot that is not done: of a pair, what follows in it; of a list, too.
 * All parts on the right of pairs share the last one's bloq, so a chain of
 * them takes one of these.  Sizes are in blocks, `base` in bits.
 */
struct part {
	struct part *up;
	noun rest;
	bool list;
	uint64_t base, bloq, size;
};

/* Where it goes; `to` is NULL to measure.  `top`: bits up to the last 1. */
struct layout {
	uint64_t *to, top;
	uint64_t bloq, size; /* of the whole */
};

enum outcome { DONE, ODD };

/* The bloq of the last part of a plot. */
static bool
last_bloq(noun plot, uint64_t *bloq)
{
	while (is_cell(plot) && is_cell(head(plot)))
		plot = tail(plot);
	if (!is_cell(plot) || !is_direct(head(plot)))
		return false;
	*bloq = direct_value(head(plot));
	return *bloq <= BLOQ_MAX;
}

static struct part *
open_part(struct part *up, noun plot, uint64_t base)
{
	struct part *p = (struct part *)scratch_push(sizeof *p);

	*p = (struct part){.up = up, .rest = plot, .base = base};
	return last_bloq(plot, &p->bloq) ? p : NULL;
}

/* Blocks of 2^from bits in blocks of 2^to, rounded up: Hoon's rig. */
static uint64_t
convert(uint64_t size, uint64_t from, uint64_t to)
{
	if (from >= to)
		return size << (from - to);
	return (size >> (to - from)) +
	    ((size & ((UINT64_C(1) << (to - from)) - 1)) != 0);
}

static uint64_t
here(const struct part *p)
{
	return p->base + (p->size << p->bloq);
}

/* Let so many blocks more be in it; false if they are too many. */
static bool
advance(struct part *p, uint64_t size)
{
	if (size > SIZE_MAX_BITS >> p->bloq)
		return false;
	p->size += size;
	return here(p) <= SIZE_MAX_BITS;
}

/* The n bits of a from bit `from` on go to bit `at`, where zeros are. */
static void
copy(
    uint64_t *to, uint64_t at, const struct limbs *a, uint64_t from, uint64_t n)
{
	uint64_t k, w;

	for (; n > 0; n -= k, from += k, at += k) {
		k = 64 - at % 64;
		k = k < n ? k : n;
		w = bits_window(a, from);
		if (k < 64)
			w = bits_low(w, k);
		to[at / 64] |= w << at % 64;
	}
}

/* Index after the last 1 among the n bits of a from bit `from` on, less it. */
static uint64_t
significant(const struct limbs *a, uint64_t from, uint64_t n)
{
	while (n > 0) {
		uint64_t k = n % 64 ? n % 64 : 64;
		uint64_t w = bits_window(a, from + n - k);

		if (k < 64)
			w = bits_low(w, k);
		if (w)
			return n - k + 64 - (uint64_t)__builtin_clzll(w);
		n -= k;
	}
	return 0;
}

/*
 * The bits of `a` between these two, in blocks; `measured`: as many blocks
 * as its last 1 wants.
 */
static enum outcome
slice(struct layout *o, struct part *p, noun a, uint64_t from, uint64_t size,
    bool measured)
{
	uint64_t at = here(p), bits = atom_bits(a), n = size << p->bloq;
	struct limbs l;

	from <<= p->bloq;
	n = from >= bits ? 0 : n < bits - from ? n : bits - from;
	atom_limbs(a, &l);
	n = significant(&l, from, n);
	if (measured)
		size = convert(n, 0, p->bloq);
	if (!advance(p, size))
		return ODD;
	if (n == 0)
		return DONE;
	if (o->to)
		copy(o->to, at, &l, from, n);
	if (o->top < at + n)
		o->top = at + n;
	return DONE;
}

/* A number of blocks that is not immense. */
static bool
get_size(const struct part *p, noun a, uint64_t *n)
{
	if (!is_direct(a) || direct_value(a) > SIZE_MAX_BITS >> p->bloq)
		return false;
	*n = direct_value(a);
	return true;
}

/* A plat with a tag [letter 0]: the three that cut, measure, and nest. */
static enum outcome
tagged(struct layout *o, struct part **top, noun tag, noun plat)
{
	struct part *p = *top;
	uint64_t from, size;

	if (tail(tag) != 0)
		return ODD;
	if (head(tag) == direct('s')) {
		*top = open_part(p, plat, here(p));
		return *top ? DONE : ODD;
	}
	if ((head(tag) != direct('c') && head(tag) != direct('m')) ||
	    !is_cell(plat) || !is_cell(head(plat)) || !is_atom(tail(plat)) ||
	    !get_size(p, head(head(plat)), &from) ||
	    !get_size(p, tail(head(plat)), &size))
		return ODD;
	return slice(o, p, tail(plat), from, size, head(tag) == direct('m'));
}

static enum outcome
plat(struct layout *o, struct part **top, noun n)
{
	struct part *p = *top;
	uint64_t size;

	if (is_atom(n))
		return slice(
		    o, p, n, 0, convert(atom_bits(n), 0, p->bloq), false);
	if (is_cell(head(n)))
		return tagged(o, top, head(n), tail(n));
	if (!is_atom(tail(n)) || !get_size(p, head(n), &size))
		return ODD;
	return slice(o, p, tail(n), 0, size, false);
}

/* The innermost part is complete: it counts in the one around it. */
static enum outcome
close_part(struct layout *o, struct part **top)
{
	struct part *p = *top, *up = p->up;
	uint64_t bloq = p->bloq, size = p->size;

	scratch_cut((char *)p);
	*top = up;
	if (up)
		return advance(up, convert(size, bloq, up->bloq)) ? DONE : ODD;
	o->bloq = bloq;
	o->size = size;
	return DONE;
}

/* Work on the innermost part: the head of a pair, a plat, or the end. */
static enum outcome
step(struct layout *o, struct part **top)
{
	struct part *p = *top;
	noun first;

	if (p->list && p->rest == 0)
		return close_part(o, top);
	if (!is_cell(p->rest))
		return ODD;
	first = head(p->rest);
	p->rest = tail(p->rest);
	if (p->list)
		return plat(o, top, first);
	if (is_cell(first)) {
		*top = open_part(p, first, here(p));
		return *top ? DONE : ODD;
	}
	p->list = true;
	return DONE;
}

static enum outcome
lay_out(struct layout *o, noun plot)
{
	char *cut = scratch_top();
	struct part *top = open_part(NULL, plot, 0);
	enum outcome r = top ? DONE : ODD;

	while (r == DONE && top)
		r = step(o, &top);
	scratch_cut(cut);
	return r;
}

static noun
written(noun plot, uint64_t bits)
{
	size_t n = bits_limbs(bits);
	struct layout o = {.to = NULL};

	if (n == 0)
		return 0;
	o.to = heap_atom_begin(n);
	for (size_t i = 0; i < n; i++)
		o.to[i] = 0;
	lay_out(&o, plot);
	return heap_atom_end(n);
}

noun
jet_plot_fax(noun sample, noun context)
{
	struct layout o = {.to = NULL};
	noun a;

	(void)context;
	if (lay_out(&o, sample) != DONE)
		return JET_PASS;
	a = written(sample, o.top);
	return cons3(a, direct(o.bloq), direct(o.size));
}

noun
jet_plot_met(noun sample, noun context)
{
	struct layout o = {.to = NULL};

	(void)context;
	if (lay_out(&o, sample) != DONE)
		return JET_PASS;
	return cons(direct(o.bloq), direct(o.size));
}
