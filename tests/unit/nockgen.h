/*
 * nockgen -- random subjects and formulas that mostly make sense.
 *
 * A formula is made for a subject whose kind is known: what is a cell,
 * what an atom, what a gate that can be called.  So axes mostly hit, and
 * increments mostly meet atoms; faults are sown in at a rate that each case
 * draws.  One case in ten has no sense at all.  Loops count to a bound.
 *
 * All choices come from gen_pick(): out of a seed, or out of bytes, whose
 * end reads as zeros; choice 0 is always the way to an early end.  Never
 * collects.
 */
#ifndef NOCKGEN_H
#define NOCKGEN_H

#include "atom.h"
#include "heap.h"
#include "shape.h"

enum gen_sort { GEN_ANY, GEN_ATOM, GEN_BOOL, GEN_CELL };

/* What is known of a noun; gate: of a gate's product, else NULL. */
struct kind {
	enum gen_sort sort;
	const struct kind *head, *tail, *gate;
};

enum { GEN_KINDS = 8000, GEN_NODES = 150, GEN_AXIS = 256 };

struct gen {
	uint64_t seed; /* if p is NULL */
	const uint8_t *p;
	size_t n;
	unsigned fault; /* of 1000 formulas */
	unsigned nodes; /* formulas still to be made */
	unsigned loops; /* around this one */
	bool scries;    /* opcode 12 may be used with success */
	size_t kinds;
	struct kind kind[GEN_KINDS];
};

static const struct kind gen_any = {.sort = GEN_ANY};
static const struct kind gen_atom = {.sort = GEN_ATOM};
static const struct kind gen_bool = {.sort = GEN_BOOL};

static noun gen_formula(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k);

/* -------- choices -------- */

static uint64_t
gen_word(struct gen *g)
{
	uint64_t z = g->seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t
gen_byte(struct gen *g)
{
	if (g->n == 0)
		return 0;
	g->n--;
	return *g->p++;
}

/* 0 .. n - 1 */
static uint64_t
gen_pick(struct gen *g, uint64_t n)
{
	uint64_t v;

	if (g->p == NULL)
		return gen_word(g) % n;
	v = gen_byte(g);
	for (uint64_t most = 256; most < n && most != 0; most <<= 8)
		v = v << 8 | gen_byte(g);
	return v % n;
}

/* True in n of 100. */
static bool
gen_chance(struct gen *g, unsigned n)
{
	return gen_pick(g, 100) >= 100 - n;
}

/* -------- kinds -------- */

static const struct kind *
gen_pair(struct gen *g, const struct kind *h, const struct kind *t)
{
	struct kind *k;

	if (g->kinds == GEN_KINDS)
		return &gen_any;
	k = &g->kind[g->kinds++];
	*k = (struct kind){.sort = GEN_CELL, .head = h, .tail = t};
	return k;
}

/* A gate [battery sample context]. */
static const struct kind *
gen_gate_kind(struct gen *g, const struct kind *sample,
    const struct kind *context, const struct kind *product)
{
	const struct kind *k =
	    gen_pair(g, &gen_any, gen_pair(g, sample, context));

	if (k != &gen_any)
		((struct kind *)k)->gate = product;
	return k;
}

static bool
gen_fits(const struct kind *k, enum gen_sort want)
{
	return want == GEN_ANY || k->sort == want ||
	    (want == GEN_ATOM && k->sort == GEN_BOOL);
}

/* What is known of something that is either. */
static const struct kind *
gen_either(struct gen *g, const struct kind *a, const struct kind *b)
{
	if (a == b)
		return a;
	if (gen_fits(a, GEN_ATOM) && gen_fits(b, GEN_ATOM))
		return &gen_atom;
	if (a->sort != GEN_CELL || b->sort != GEN_CELL)
		return &gen_any;
	return gen_pair(g, gen_either(g, a->head, b->head),
	    gen_either(g, a->tail, b->tail));
}

/* -------- nouns -------- */

/* Around 2^62 .. 2^65, where representations change. */
static noun
gen_edge(struct gen *g)
{
	uint64_t v[2] = {0, 0}, bit = 62 + gen_pick(g, 4), d = gen_pick(g, 4);
	bool below = gen_pick(g, 2);

	v[bit / 64] = UINT64_C(1) << bit % 64;
	if (below) {
		v[1] -= v[0] < d + 1;
		v[0] -= d + 1;
	} else {
		v[0] += d;
	}
	return atom_from_limbs(v, 2);
}

static noun
gen_large(struct gen *g)
{
	uint64_t v[5];
	size_t n = 1 + gen_pick(g, 5);

	for (size_t i = 0; i < n; i++)
		v[i] = gen_pick(g, 3) ? gen_pick(g, UINT64_MAX) : UINT64_MAX;
	return atom_from_limbs(v, n);
}

static noun
gen_number(struct gen *g)
{
	switch (gen_pick(g, 12)) {
	case 10:
		return gen_edge(g);
	case 11:
		return gen_large(g);
	case 9:
		return direct(gen_pick(g, 1000));
	}
	return direct(gen_pick(g, 14));
}

static noun
gen_noun(struct gen *g, unsigned depth)
{
	noun h;

	if (depth == 0 || !gen_chance(g, 55))
		return gen_number(g);
	h = gen_noun(g, depth - 1);
	return cons(h, gen_noun(g, depth - 1));
}

/* A noun of a kind; of a gate's, one that gives some constant. */
static noun
gen_of(struct gen *g, const struct kind *k)
{
	noun h;

	if (k->sort == GEN_BOOL)
		return direct(gen_pick(g, 2));
	if (k->sort == GEN_ATOM)
		return gen_number(g);
	if (k->sort == GEN_ANY)
		return gen_noun(g, 2);
	h = k->gate ? cons(direct(1), gen_of(g, k->gate)) : gen_of(g, k->head);
	return cons(h, gen_of(g, k->tail));
}

/* A noun of some sort, and its kind. */
static noun
gen_constant(struct gen *g, enum gen_sort want, const struct kind **k)
{
	const struct kind *h, *t;
	noun a, b;

	if (want == GEN_ANY)
		want = 1 + gen_pick(g, 3);
	*k = want == GEN_BOOL ? &gen_bool : &gen_atom;
	if (want != GEN_CELL)
		return gen_of(g, *k);
	a = gen_constant(g, GEN_ATOM, &h);
	b = gen_constant(g, gen_pick(g, 2) ? GEN_ANY : GEN_ATOM, &t);
	*k = gen_pair(g, h, t);
	return cons(a, b);
}

/* -------- axes -------- */

/* A way down from the root: 0 head, 1 tail. */
struct path {
	unsigned n;
	uint8_t step[GEN_AXIS];
};

static noun
path_axis(const struct path *p)
{
	uint64_t v[GEN_AXIS / 64 + 1] = {0};

	for (unsigned i = 0; i < p->n; i++)
		if (p->step[p->n - 1 - i])
			v[i / 64] |= UINT64_C(1) << i % 64;
	v[p->n / 64] |= UINT64_C(1) << p->n % 64;
	return atom_from_limbs(v, p->n / 64 + 1);
}

/* A random place in a noun of kind s. */
static const struct kind *
gen_walk(struct gen *g, const struct kind *s, struct path *p)
{
	unsigned going = 20 + 10 * gen_pick(g, 9);

	p->n = 0;
	while (s->sort == GEN_CELL && p->n < GEN_AXIS - 8 &&
	    gen_chance(g, going)) {
		p->step[p->n] = gen_pick(g, 2);
		s = p->step[p->n++] ? s->tail : s->head;
	}
	return s;
}

/* A place that is of the sort, or (gate) a gate whose product is. */
static bool
gen_find(struct gen *g, const struct kind *s, enum gen_sort want, bool gate,
    struct path *p, const struct kind **k)
{
	for (int i = 0; i < 12; i++) {
		*k = gen_walk(g, s, p);
		if (gate ? (*k)->gate && gen_fits((*k)->gate, want)
		         : gen_fits(*k, want))
			return true;
	}
	return false;
}

/* An axis that is likely not in a noun of kind s. */
static noun
gen_bad_axis(struct gen *g, const struct kind *s)
{
	struct path p;
	unsigned more;

	if (gen_pick(g, 4) == 0)
		return gen_number(g);
	gen_walk(g, s, &p);
	more = gen_pick(g, 6) ? 1 + gen_pick(g, 3) : 64 + gen_pick(g, 80);
	while (more-- > 0 && p.n < GEN_AXIS - 1)
		p.step[p.n++] = gen_pick(g, 2);
	return path_axis(&p);
}

/* -------- formulas: [op ...] with words for what is used most -------- */

static noun
f_axis(uint64_t axis)
{
	return cons(direct(0), direct(axis));
}

static noun
f_quote(noun n)
{
	return cons(direct(1), n);
}

static noun
f_inc(noun f)
{
	return cons(direct(4), f);
}

static noun
f_op(uint64_t op, noun a, noun b)
{
	return cons3(direct(op), a, b);
}

static noun
f_if(noun test, noun yes, noun no)
{
	return cons4(direct(6), test, yes, no);
}

static noun
f_arm(uint64_t axis, noun core)
{
	return f_op(9, direct(axis), core);
}

static noun
f_edit(noun axis, noun value, noun target)
{
	return f_op(10, cons(axis, value), target);
}

/* A formula that builds the noun n, out of parts down to a depth. */
static noun
gen_build(struct gen *g, noun n, unsigned depth)
{
	noun h;

	if (depth == 0 || !is_cell(n) || gen_pick(g, 3) == 0)
		return f_quote(n);
	h = gen_build(g, head(n), depth - 1);
	return cons(h, gen_build(g, tail(n), depth - 1));
}

/* -------- faults -------- */

static noun
gen_fault(struct gen *g, const struct kind *s, const struct kind **k)
{
	noun f = gen_formula(g, s, GEN_ANY, k);
	noun h = gen_formula(g, s, GEN_CELL, k);

	*k = &gen_any;
	switch (gen_pick(g, 16)) {
	case 0:
		return f_axis(0);
	case 1:
		return gen_number(g);
	case 2:
	case 3:
		return cons(direct(0), gen_bad_axis(g, s));
	case 4:
		return f_inc(h);
	case 5:
		return f_if(f, f_quote(direct(7)), h);
	case 6:
		return f_if(f_quote(direct(2 + gen_pick(g, 3))), f, h);
	case 7:
		return f_op(12 + gen_pick(g, 3), f, h);
	case 8:
		return cons(direct(2 + gen_pick(g, 11)), gen_number(g));
	case 9:
		return f_op(9, gen_bad_axis(g, &gen_any), h);
	case 10:
		return f_op(2, f, f_quote(gen_number(g)));
	case 11:
	case 12:
		return f_edit(gen_bad_axis(g, s), f, f_axis(1));
	case 13:
		return f_edit(direct(0), f, h);
	case 14:
		return cons(f, gen_number(g));
	}
	return f_op(5 + gen_pick(g, 7), h, gen_noun(g, 3));
}

/* No sense at all. */
static noun
gen_nonsense(struct gen *g, unsigned depth)
{
	noun h, t;

	if (depth == 0 || gen_pick(g, 8) == 0)
		return gen_pick(g, 3)
		    ? cons(direct(gen_pick(g, 2)), direct(gen_pick(g, 8)))
		    : gen_noun(g, 2);
	if (gen_pick(g, 6) == 0) {
		h = gen_nonsense(g, depth - 1);
		return cons(h, gen_nonsense(g, depth - 1));
	}
	h = direct(gen_pick(g, 14));
	t = gen_nonsense(g, depth - 1);
	if (gen_pick(g, 3) == 0)
		return cons(h, t);
	return cons3(h,
	    gen_pick(g, 4) ? gen_nonsense(g, depth - 1)
	                   : direct(gen_pick(g, 10)),
	    t);
}

/* -------- formulas of one kind or another -------- */

static noun
gen_leaf(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	struct path p;

	if (gen_pick(g, 4) != 0 && gen_find(g, s, want, false, &p, k))
		return cons(direct(0), path_axis(&p));
	return f_quote(gen_constant(g, want, k));
}

static noun
gen_test(struct gen *g, const struct kind *s)
{
	const struct kind *k;

	return gen_formula(g, s, GEN_BOOL, &k);
}

static noun
gen_branch(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	const struct kind *a, *b;
	noun test = gen_test(g, s), yes, no;

	yes = gen_formula(g, s, want, &a);
	no = gen_formula(g, s, want, &b);
	*k = gen_either(g, a, b);
	return f_if(test, yes, no);
}

static noun
gen_compose(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	const struct kind *a;
	noun f = gen_formula(g, s, GEN_ANY, &a);

	return f_op(7, f, gen_formula(g, a, want, k));
}

static noun
gen_push(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	const struct kind *a;
	noun f = gen_formula(g, s, GEN_ANY, &a);

	return f_op(8, f, gen_formula(g, gen_pair(g, a, s), want, k));
}

/* Opcode 2, its formula found in one of several ways. */
static noun
gen_dynamic(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	const struct kind *a, *b;
	noun f = gen_formula(g, s, GEN_ANY, &a);
	noun body = gen_formula(g, a, want, k), other, test;

	switch (gen_pick(g, 6)) {
	case 1:
		return f_op(2, f, gen_build(g, body, 3));
	case 2:
		test = gen_test(g, s);
		other = gen_formula(g, a, want, &b);
		*k = gen_either(g, *k, b);
		return f_op(2, f, f_if(test, f_quote(body), f_quote(other)));
	case 3: /* [8 [1 body] 2 [7 [0 3] f] 0 2] */
		return f_op(8, f_quote(body),
		    f_op(2, f_op(7, f_axis(3), f), f_axis(2)));
	case 4: /* built by an edit of [0 1] */
		if (!is_cell(body))
			break;
		return f_op(2, f,
		    f_edit(direct(2), f_quote(head(body)),
		        f_edit(direct(3), f_quote(tail(body)),
		            f_quote(f_axis(1)))));
	case 5: /* the core is the formula: [9 1 1 body] on itself */
		body = gen_formula(g, &gen_any, want, k);
		return f_arm(1, f_quote(body));
	}
	return f_op(2, f, f_quote(body));
}

/* A gate: [8 [1 sample] [1 body] 0 1], for samples of kind a. */
static noun
gen_gate(struct gen *g, const struct kind *s, const struct kind *a,
    enum gen_sort want, const struct kind **gate)
{
	const struct kind *product;
	const struct kind *in = gen_pair(g, &gen_any, gen_pair(g, a, s));
	noun body = gen_formula(g, in, want, &product);
	noun sample = gen_of(g, a);

	*gate = gen_gate_kind(g, a, s, product);
	return f_op(8, f_quote(sample), cons(f_quote(body), f_axis(1)));
}

/* A gate is made, and called at once or by what follows. */
static noun
gen_slam(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	const struct kind *a, *gate;
	noun f = gen_formula(g, s, GEN_ANY, &a);
	noun made = gen_gate(g, s, a, want, &gate), call;

	if (gate->gate == NULL || gen_pick(g, 2)) {
		f = gen_formula(g, gen_pair(g, gate, s), want, k);
		return f_op(8, made, f);
	}
	*k = gate->gate;
	call = f_edit(direct(6), f_op(7, f_axis(3), f), f_axis(2));
	return f_op(8, made, f_arm(2, call));
}

/* Call a gate that is somewhere in the subject. */
static noun
gen_pulled(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	const struct kind *gate, *a;
	struct path p;
	noun core, sample;

	if (!gen_find(g, s, want, true, &p, &gate))
		return gen_leaf(g, s, want, k);
	*k = gate->gate;
	core = cons(direct(0), path_axis(&p));
	a = gate->tail->head;
	sample = a->sort == GEN_CELL ? f_quote(gen_of(g, a))
	                             : gen_formula(g, s, a->sort, &a);
	switch (gen_pick(g, 4)) {
	case 1:
		return f_arm(2, core);
	case 2:
		return f_op(8, core,
		    f_arm(2,
		        f_edit(
		            direct(6), f_op(7, f_axis(3), sample), f_axis(2))));
	case 3: /* the arm found by hand */
		return f_op(7, f_edit(direct(6), sample, core),
		    f_op(2, f_axis(1), f_axis(2)));
	}
	return f_arm(2, f_edit(direct(6), sample, core));
}

/* -------- loops: a core [battery [count [result context]]] -------- */

/* The same core, one further, with the result of `step`, run. */
static noun
gen_again(struct gen *g, noun step)
{
	noun count = f_inc(f_axis(6)), next;

	next = cons(f_axis(2), cons3(count, step, f_axis(15)));
	switch (gen_pick(g, 5)) {
	case 1:
		return f_arm(2, next);
	case 2:
		return f_op(2, next, f_axis(2));
	case 3:
		return f_op(7, next, f_arm(2, f_axis(1)));
	case 4:
		return f_arm(2,
		    f_edit(
		        direct(7), cons3(count, step, f_axis(15)), f_axis(1)));
	}
	return f_arm(
	    2, f_edit(direct(6), count, f_edit(direct(14), step, f_axis(1))));
}

/* The call, and what is still to be done after it. */
static noun
gen_after(struct gen *g, enum gen_sort want, noun call)
{
	switch (gen_pick(g, 8)) {
	case 1:
		return want == GEN_ATOM ? f_inc(call) : call;
	case 2:
		return want == GEN_ANY ? cons(f_axis(6), call) : call;
	case 3:
		return f_op(11, cons(atom_cord("mean"), f_axis(6)), call);
	case 4:
		return f_op(8, call, f_axis(2));
	case 5:
		return want == GEN_ANY ? cons(call, f_axis(14)) : call;
	}
	return call;
}

static noun
gen_until(noun bound, noun done, noun again)
{
	return f_if(f_op(5, f_axis(6), f_quote(bound)), done, again);
}

/* Two arms that call each other. */
static noun
gen_battery(noun bound, noun done, noun step)
{
	noun a = f_arm(5, f_edit(direct(6), f_inc(f_axis(6)), f_axis(1)));
	noun b = f_arm(4, f_edit(direct(14), step, f_axis(1)));

	return cons(gen_until(bound, done, a), b);
}

/* One arm that calls itself twice: the bound is small. */
static noun
gen_twice(struct gen *g, noun bound, noun done)
{
	noun a = f_arm(2, f_edit(direct(6), f_inc(f_axis(6)), f_axis(1)));
	noun b = f_arm(2, f_edit(direct(6), f_inc(f_axis(6)), f_axis(3)));
	noun both = gen_pick(g, 2) ? f_op(8, a, cons(f_axis(2), b))
	                           : f_op(5, a, f_op(8, f_quote(0), b));

	return gen_until(bound, done, both);
}

static noun
gen_start(noun battery, noun result, uint64_t axis)
{
	noun core = cons(
	    f_quote(battery), cons3(f_quote(direct(0)), result, f_axis(1)));

	return f_op(7, core, f_arm(axis, f_axis(1)));
}

static noun
gen_loop(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	enum gen_sort sort =
	    want == GEN_ATOM || gen_pick(g, 2) ? GEN_ATOM : GEN_ANY;
	const struct kind *a, *core, *rest;
	noun bound, first, done, step;

	if (g->loops >= 2)
		return gen_leaf(g, s, want, k);
	first = gen_formula(g, s, sort, &a);
	if (sort == GEN_ANY)
		a = &gen_any;
	rest = gen_pair(g, &gen_atom, gen_pair(g, a, s));
	core = gen_pair(g, &gen_any, rest);
	bound = direct(1 + gen_pick(g, g->loops ? 3 : 12));
	g->loops++;
	done = want == GEN_ATOM && gen_pick(g, 2)
	    ? f_axis(14)
	    : gen_formula(g, core, want, k);
	step = gen_formula(g, core, sort, &a);
	g->loops--;
	*k = want == GEN_ATOM ? &gen_atom : &gen_any;
	switch (gen_pick(g, 6)) {
	case 1:
		return gen_start(gen_battery(bound, done, step), first, 4);
	case 2:
		if (want != GEN_ANY)
			break;
		bound = direct(1 + gen_pick(g, 4));
		return gen_start(gen_twice(g, bound, done), first, 2);
	}
	step = gen_after(g, want, gen_again(g, step));
	return gen_start(gen_until(bound, done, step), first, 2);
}

/* -------- edits, hints, opcode 12 -------- */

/* The kind of a noun of kind s with a k at the path. */
static const struct kind *
gen_edited(struct gen *g, const struct kind *s, const struct path *p,
    unsigned i, const struct kind *k)
{
	const struct kind *part;

	if (i == p->n)
		return k;
	part = gen_edited(g, p->step[i] ? s->tail : s->head, p, i + 1, k);
	return p->step[i] ? gen_pair(g, s->head, part)
	                  : gen_pair(g, part, s->tail);
}

static noun
gen_edit(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	const struct kind *target, *value;
	struct path p;
	noun t, v;

	if (gen_pick(g, 3)) {
		t = f_axis(1);
		target = s;
	} else {
		t = gen_formula(g, s, GEN_CELL, &target);
	}
	gen_walk(g, target, &p);
	v = gen_formula(g, s, GEN_ANY, &value);
	*k = gen_edited(g, target, &p, 0, value);
	t = f_edit(path_axis(&p), v, t);
	if (gen_fits(*k, want))
		return t;
	return f_op(7, t, gen_formula(g, *k, want, k));
}

static const char *const gen_tags[] = {"mean", "mean", "spot", "hunk", "lose",
    "slog", "memo", "memo", "fast", "bout", "live", "germ", "sole", "xray",
    "meme", "nara", "hela", "spin", "loop", "foo", "xylophone-long"};

static noun
gen_clue(struct gen *g, const struct kind *s)
{
	const struct kind *k;

	switch (gen_pick(g, 5)) {
	case 1:
		return gen_formula(g, s, GEN_ANY, &k);
	case 2: /* as ~% has it */
		return f_quote(cons3(atom_cord("a"), f_axis(7), direct(0)));
	case 3: /* as !: has it */
		return f_quote(cons(cons(atom_cord("lib"), 0),
		    cons(cons(direct(1), direct(2)),
		        cons(direct(3), direct(4)))));
	case 4:
		return f_quote(cons(direct(gen_pick(g, 4)), atom_cord("hi")));
	}
	return f_quote(gen_number(g));
}

static noun
gen_hint(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	unsigned n = sizeof gen_tags / sizeof *gen_tags, i = gen_pick(g, n + 1);
	noun tag = i < n ? atom_cord(gen_tags[i]) : gen_number(g);
	noun f = gen_formula(g, s, want, k);

	if (gen_pick(g, 4) == 0)
		return f_op(11, tag, f);
	return f_op(11, cons(tag, gen_clue(g, s)), f);
}

/* See gen_scry_gate() for the answers. */
static noun
gen_scry(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	const struct kind *a;
	noun ref = gen_formula(g, s, want, k), path;

	if (!g->scries)
		return ref;
	switch (gen_pick(g, 24)) {
	case 1:
	case 2:
		path = f_quote(direct(gen_pick(g, 2)));
		break;
	case 3:
		path = f_quote(cons(direct(3), 0));
		break;
	case 4:
	case 5:
	case 6:
		path = gen_formula(g, s, GEN_ANY, &a);
		break;
	default:
		path = f_quote(direct(2));
	}
	return f_op(12, ref, path);
}

/*
 * [~ ~ ref] for most paths, ~ for 0, [~ ~] for 1, and a crash for any that
 * is a cell and begins with 3.
 */
static noun
gen_scry_gate(void)
{
	noun known = cons3(f_quote(0), f_quote(0), f_axis(12));
	noun first =
	    f_if(f_op(5, f_axis(26), f_quote(direct(3))), f_axis(0), known);
	noun body = f_if(cons(direct(3), f_axis(13)), first, known);

	body = f_if(
	    f_op(5, f_axis(13), f_quote(direct(1))), f_quote(cons(0, 0)), body);
	body = f_if(f_op(5, f_axis(13), f_quote(direct(0))), f_quote(0), body);
	return cons(body, cons(cons(0, 0), 0));
}

/* -------- all of them -------- */

static noun
gen_cons(struct gen *g, const struct kind *s, const struct kind **k)
{
	const struct kind *a, *b;
	noun f = gen_formula(g, s, GEN_ANY, &a);
	noun h = gen_formula(g, s, GEN_ANY, &b);

	*k = gen_pair(g, a, b);
	return cons(f, h);
}

static noun
gen_compare(struct gen *g, const struct kind *s, const struct kind **k)
{
	enum gen_sort sort = gen_pick(g, 3);
	noun f = gen_formula(g, s, sort, k);
	noun h = gen_formula(g, s, sort, k);

	*k = &gen_bool;
	if (gen_pick(g, 8) == 0)
		h = f;
	return f_op(5, f, h);
}

/* What only gives the sort; 0 if nothing came up. */
static noun
gen_typed(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	noun f;

	if (want == GEN_CELL || (want == GEN_ANY && gen_pick(g, 2)))
		return gen_cons(g, s, k);
	if (want == GEN_BOOL && gen_pick(g, 3)) {
		f = gen_formula(g, s, GEN_ANY, k);
		*k = &gen_bool;
		return cons(direct(3), f);
	}
	if (want == GEN_BOOL)
		return gen_compare(g, s, k);
	f = f_inc(gen_formula(g, s, GEN_ATOM, k));
	*k = &gen_atom;
	return f;
}

static noun
gen_some(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	static noun (*const ways[])(struct gen *, const struct kind *,
	    enum gen_sort, const struct kind **) = {gen_leaf, gen_branch,
	    gen_branch, gen_compose, gen_push, gen_push, gen_dynamic, gen_slam,
	    gen_pulled, gen_loop, gen_edit, gen_edit, gen_hint, gen_hint,
	    gen_scry, gen_scry};
	unsigned n = sizeof ways / sizeof *ways;
	unsigned i = gen_pick(g, n + 7);

	if (i >= n)
		return gen_typed(g, s, want, k);
	return ways[i](g, s, want, k);
}

static noun
gen_formula(struct gen *g, const struct kind *s, enum gen_sort want,
    const struct kind **k)
{
	if (g->nodes == 0)
		return gen_leaf(g, s, want, k);
	g->nodes--;
	if (gen_pick(g, 1000) >= 1000 - g->fault)
		return gen_fault(g, s, k);
	return gen_some(g, s, want, k);
}

/* -------- cases -------- */

/* A list of some 70 or 140 things: axes of more than 64 bits. */
static noun
gen_long(struct gen *g, const struct kind **k)
{
	const struct kind *item;
	unsigned n = 60 + gen_pick(g, 90);
	noun list = 0;

	*k = &gen_atom;
	while (n-- > 0) {
		noun i = gen_constant(g, GEN_ATOM, &item);

		list = cons(i, list);
		*k = gen_pair(g, item, *k);
	}
	return list;
}

static noun
gen_core(struct gen *g, const struct kind **k)
{
	const struct kind *a, *context, *product;
	enum gen_sort want = gen_pick(g, 2) ? GEN_ATOM : GEN_ANY;
	noun sample = gen_constant(g, GEN_ANY, &a);
	noun rest = gen_constant(g, GEN_ANY, &context), body;

	body = gen_formula(
	    g, gen_pair(g, &gen_any, gen_pair(g, a, context)), want, &product);
	*k = gen_gate_kind(g, a, context, product);
	return cons3(body, sample, rest);
}

static noun
gen_subject(struct gen *g, unsigned depth, const struct kind **k)
{
	const struct kind *a, *b;
	noun h;

	switch (gen_pick(g, depth > 0 ? 8 : 2)) {
	case 2:
	case 3:
	case 4:
	case 5:
		h = gen_subject(g, depth - 1, &a);
		h = cons(h, gen_subject(g, depth - 1, &b));
		*k = gen_pair(g, a, b);
		return h;
	case 6:
		return gen_core(g, k);
	case 7:
		if (gen_pick(g, 4) == 0)
			return gen_long(g, k);
		return gen_constant(g, GEN_CELL, k);
	}
	return gen_constant(g, GEN_ANY, k);
}

/* The next case. */
static void
gen_case(struct gen *g, noun *subject, noun *formula)
{
	const struct kind *s, *k;

	g->kinds = 0;
	g->loops = 0;
	g->scries = gen_pick(g, 3) == 1;
	g->fault = gen_pick(g, 2) ? 0 : 1 + gen_pick(g, 60);
	g->nodes = GEN_NODES / 4;
	*subject = gen_subject(g, 4, &s);
	if (gen_pick(g, 10) == 9) {
		*formula = gen_nonsense(g, 5);
		return;
	}
	g->nodes = 2 + gen_pick(g, GEN_NODES);
	*formula = gen_formula(g, s, GEN_ANY, &k);
}

#endif
