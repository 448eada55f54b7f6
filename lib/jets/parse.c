/*
 * parse -- the combinators of Hoon's parsers.  Those for single characters
 * are in glyph.c, the shapes in edge.h.
 *
 * The products share what the rules gave as far as they can, which nobody
 * can see.
 */
#include "edge.h"
#include "equal.h"
#include "jet.h"

/* -------- places -------- */

static noun __attribute__((noinline)) farther_odd(noun a, noun b)
{
	bool same = equal(head(a), head(b));
	noun x = same ? tail(a) : head(a), y = same ? tail(b) : head(b);

	if (is_cell(x) || is_cell(y))
		return JET_PASS;
	return atom_compare(x, y) > 0 ? a : b;
}

/* ++last: the later of two hairs; JET_PASS if they are made of cells. */
static inline noun
farther(noun a, noun b)
{
	noun ap, aq, bp, bq;

	split(a, &ap, &aq);
	split(b, &bp, &bq);
	if ((ap | aq | bp | bq) & 1)
		return farther_odd(a, b);
	return (ap == bp ? aq > bq : ap > bp) ? a : b;
}

/* -------- edges -------- */

/* The edge yit, but no less far than hair. */
static inline noun
edge_farther(noun hair, noun yit)
{
	noun p, q, yur;

	split(yit, &p, &q);
	yur = farther(hair, p);
	return yur == p ? yit : edge(yur, q);
}

/* -------- one rule after the other -------- */

enum keep { FIRST, SECOND, BOTH };

static inline noun
kept(enum keep keep, noun a, noun b)
{
	return keep == BOTH ? cons(a, b) : keep == FIRST ? a : b;
}

/*
 * The edge of vex and then sab, with one of the values or both: ++comp with
 * a raq that is known.
 */
static inline noun __attribute__((always_inline))
then(noun sample, enum keep keep)
{
	noun vex, sab, hair, q, value, rest, yit, second, yur;

	split(sample, &vex, &sab);
	split(vex, &hair, &q);
	if (q == 0)
		return vex;
	if (jet_deep())
		return JET_PASS;
	split_read(q, &value, &rest);
	stack_push(hair);
	stack_push(value);
	yit = nock_slam(sab, rest);
	value = stack_pop();
	hair = stack_pop();
	if (keep == SECOND && is_cell(yit) && is_cell(tail(yit)) &&
	    head(tail(yit)) == 0 && is_cell(tail(tail(yit))))
		return edge_farther(hair, yit);
	split(yit, &yur, &q);
	yur = farther(hair, yur);
	if (q == 0)
		return edge(yur, 0);
	split_read(q, &second, &rest);
	return edge_read(yur, kept(keep, value, second), rest);
}

noun
jet_plug(noun sample, noun context)
{
	(void)context;
	return then(sample, BOTH);
}

noun
jet_pfix(noun sample, noun context)
{
	(void)context;
	return then(sample, SECOND);
}

noun
jet_sfix(noun sample, noun context)
{
	(void)context;
	return then(sample, FIRST);
}

/* What ++comp and ++bend make of two edges. */
struct joint {
	noun yur, q;      /* the farther hair; what the first edge read */
	noun value, rest; /* what raq gave; where the second edge ended */
};

/* raq on both values.  False if sab failed. */
static bool
join(noun raq, noun vex, noun sab, struct joint *j)
{
	noun value, yit, yq, second;

	split_read(tail(vex), &value, &j->rest);
	stack_push(raq);
	stack_push(vex);
	yit = nock_slam(sab, j->rest);
	vex = stack_pop();
	raq = stack_pop();
	j->q = tail(vex);
	split(yit, &j->yur, &yq);
	j->yur = farther(head(vex), j->yur);
	if (yq == 0 || j->yur == JET_PASS)
		return false;
	split_read(j->q, &value, &j->rest);
	split_read(yq, &second, &j->rest);
	stack_push(j->yur);
	stack_push(j->q);
	stack_push(j->rest);
	j->value = nock_slam(raq, cons(value, second));
	j->rest = stack_pop();
	j->q = stack_pop();
	j->yur = stack_pop();
	return true;
}

/* True if the first edge, vex, is the answer, or there is no C stack. */
static inline bool
joins_nothing(noun sample, noun context, noun *raq, noun *vex, noun *sab)
{
	split(sample, vex, sab);
	if (!is_cell(*vex) || !jet_door(context, raq))
		jet_crash();
	if (tail(*vex) == 0)
		return true;
	if (!jet_deep())
		return false;
	*vex = JET_PASS;
	return true;
}

noun
jet_comp(noun sample, noun context)
{
	noun raq, vex, sab;
	struct joint j;

	if (joins_nothing(sample, context, &raq, &vex, &sab))
		return vex;
	if (!join(raq, vex, sab, &j))
		return edge(j.yur, 0);
	return edge_read(j.yur, j.value, j.rest);
}

/*
 * The Hoon asks whether raq gave ~, but its compiler knows better: the raq of
 * the type never does, so there is no such test in the formula, and a raq
 * that does give ~ is a crash.
 */
noun
jet_bend(noun sample, noun context)
{
	noun raq, vex, sab;
	struct joint j;

	if (joins_nothing(sample, context, &raq, &vex, &sab))
		return vex;
	if (!join(raq, vex, sab, &j))
		return edge(j.yur, j.q);
	if (!is_cell(j.value))
		jet_crash();
	return edge_read(j.yur, tail(j.value), j.rest);
}

/* The rule that ;~(pfix bus sab) is must have two gates to be made of. */
static bool
is_gate(noun n)
{
	return is_cell(n) && is_cell(tail(n));
}

/* The last two thirds of ++glue: bus, then sab, after an edge that read. */
static noun
glue(noun bus, noun sab, noun hair, noun value, noun rest)
{
	noun yit, p, q, drop;

	stack_push(hair);
	stack_push(value);
	stack_push(sab);
	yit = nock_slam(bus, rest);
	split(yit, &p, &q);
	if (q != 0) {
		split_read(q, &drop, &rest);
		stack_push(p);
		yit = nock_slam(stack_top()[-2], rest);
		p = stack_pop();
		yit = edge_farther(p, yit);
	}
	stack_pop();
	value = stack_pop();
	hair = stack_pop();
	if (yit == JET_PASS)
		return JET_PASS;
	split(yit, &p, &q);
	p = farther(hair, p);
	if (q == 0)
		return edge(p, 0);
	split_read(q, &drop, &rest);
	return edge_read(p, cons(value, drop), rest);
}

noun
jet_glue(noun sample, noun context)
{
	noun bus, vex, sab, hair, q, value, rest;

	split(sample, &vex, &sab);
	split(vex, &hair, &q);
	if (!jet_door(context, &bus))
		jet_crash();
	if (!is_gate(bus) || !is_gate(sab) || jet_deep())
		return JET_PASS;
	if (q == 0)
		return vex;
	split_read(q, &value, &rest);
	return glue(bus, sab, hair, value, rest);
}

/* The second rule was given its nail by ;~ and is kicked. */
noun
jet_pose(noun sample, noun context)
{
	noun vex, sab, hair, q, roq;

	(void)context;
	split(sample, &vex, &sab);
	split(vex, &hair, &q);
	if (q != 0)
		return vex;
	if (jet_deep())
		return JET_PASS;
	stack_push(hair);
	roq = nock_kick(sab, 2);
	return edge_farther(stack_pop(), roq);
}

/* -------- rules with something done to their value -------- */

/* What sef of the door [a sef] made of a nail. */
struct inner {
	noun a, vex;
	noun hair, value, rest; /* of vex, if it read */
};

/* Run sef, but for lack of C stack.  False if vex is all there is to say. */
static bool
inner_reads(noun tub, noun context, struct inner *in)
{
	noun door, sef, q;

	if (!jet_door(context, &door))
		jet_crash();
	split(door, &in->a, &sef);
	in->vex = JET_PASS;
	if (jet_deep())
		return false;
	stack_push(in->a);
	in->vex = nock_slam(sef, tub);
	in->a = stack_pop();
	split(in->vex, &in->hair, &q);
	if (q == 0)
		return false;
	split_read(q, &in->value, &in->rest);
	return true;
}

noun
jet_cold(noun tub, noun context)
{
	struct inner in;

	if (!inner_reads(tub, context, &in))
		return in.vex;
	return edge_read(in.hair, in.a, in.rest);
}

noun
jet_stag(noun tub, noun context)
{
	struct inner in;

	if (!inner_reads(tub, context, &in))
		return in.vex;
	return edge_read(in.hair, cons(in.a, in.value), in.rest);
}

/* The edge with what the gate `a` makes of a value. */
static noun
cooked(const struct inner *in, noun value)
{
	noun hair, rest;

	stack_push(in->hair);
	stack_push(in->rest);
	value = nock_slam(in->a, value);
	rest = stack_pop();
	hair = stack_pop();
	return edge_read(hair, value, rest);
}

noun
jet_cook(noun tub, noun context)
{
	struct inner in;

	if (!inner_reads(tub, context, &in))
		return in.vex;
	return cooked(&in, in.value);
}

/* The gate gets [[from to] value]. */
noun
jet_here(noun tub, noun context)
{
	struct inner in;
	noun from;
	bool read;

	stack_push(tub);
	read = inner_reads(tub, context, &in);
	tub = stack_pop();
	if (!read)
		return in.vex;
	if (!is_cell(tub) || !is_cell(in.rest))
		jet_crash();
	from = head(tub);
	return cooked(&in, cons(cons(from, head(in.rest)), in.value));
}

noun
jet_easy(noun tub, noun context)
{
	noun huf;

	if (!is_cell(tub) || !jet_door(context, &huf))
		jet_crash();
	return edge_read(head(tub), huf, tub);
}

/* -------- ++stir -------- */

/* Is it the gate |*([a=* b=*] [a b]), that of ++star? */
static bool
is_pairing(noun gate)
{
	noun f;

	if (!is_gate(gate) || !is_cell(f = head(gate)))
		return false;
	return is_cell(head(f)) && is_cell(tail(f)) && head(head(f)) == 0 &&
	    tail(head(f)) == direct(12) && head(tail(f)) == 0 &&
	    tail(tail(f)) == direct(13);
}

/*
 * Read with fel until it fails.  Puts [hair value] of each on the stack as
 * two nouns; gives the last hair, and the nail where it ended.  fel is in
 * the slot below `base`.
 */
static noun
read_all(noun *base, noun *tub)
{
	noun vex, hair, q, value;

	for (;;) {
		stack_push(*tub);
		vex = nock_slam(base[-1], *tub);
		*tub = stack_pop();
		split(vex, &hair, &q);
		if (q == 0)
			return hair;
		split_read(q, &value, tub);
		stack_push(hair);
		stack_push(value);
	}
}

/* The same, folded from the last to the first; raq is in base[-2]. */
static noun
fold_all(noun *base, noun hair, noun acc, noun tub)
{
	bool pairing = is_pairing(base[-2]);
	noun value;

	while (stack_top() > base) {
		value = stack_pop();
		hair = farther(stack_pop(), hair);
		if (hair == JET_PASS)
			break;
		if (pairing) {
			acc = cons(value, acc);
			continue;
		}
		stack_push(hair);
		stack_push(tub);
		acc = nock_slam(base[-2], cons(value, acc));
		tub = stack_pop();
		hair = stack_pop();
	}
	stack_cut(base - 3);
	return edge_read(hair, acc, tub);
}

/*
 * The Hoon calls fel once more, on the first nail, to make the sample of
 * the gate that folds; that has no effect and is left out.
 */
noun
jet_stir(noun tub, noun context)
{
	noun sample, rud, more, raq, fel, hair, *base;

	if (!jet_door(context, &sample))
		jet_crash();
	split(sample, &rud, &more);
	split(more, &raq, &fel);
	if (jet_deep())
		return JET_PASS;
	stack_push(rud);
	stack_push(raq);
	stack_push(fel);
	base = stack_top();
	hair = read_all(base, &tub);
	return fold_all(base, hair, base[-3], tub);
}
