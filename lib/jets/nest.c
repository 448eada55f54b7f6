/*
 * Two types beside each other: the arms fuse, what they have in common, and
 * nest, whether one is in the other, of the compiler's door ut.  See seek.h.
 *
 * Both have memo jets, whose keys are used here, too.
 */
#include "seek.h"

/* -------- fuse -------- */

static noun fuse(struct search *s, noun sut, noun ref, const struct holds *bix);

static noun
fuse_atoms(noun sut, noun ref)
{
	noun aura, mine, other, known, fits;

	if (!parts(sut, &mine, &known) || !parts(ref, &aura, &other))
		return JET_PASS;
	if ((fits = jet_fitz(cons(aura, mine), 0)) == JET_PASS)
		return JET_PASS;
	if (fits == YES)
		aura = mine;
	if (is_cell(known) && is_cell(other) && !equal(known, other))
		return VOID;
	return cons3(ATOM, aura, is_cell(known) ? known : other);
}

static noun
fuse_cells(struct search *s, noun sut, noun ref, const struct holds *bix)
{
	noun a, b, c, d;

	if (!parts(sut, &a, &b) || !parts(ref, &c, &d) ||
	    (a = fuse(s, a, c, bix)) == JET_PASS ||
	    (b = fuse(s, b, d, bix)) == JET_PASS)
		return JET_PASS;
	return jet_cell(cons(a, b), 0);
}

static noun
fuse_fork(struct search *s, noun sut, noun ref, const struct holds *bix)
{
	noun list = tree_tap(tail(sut), 0), types = 0, one;

	if (list == JET_PASS)
		return JET_PASS;
	for (; list != 0; list = tail(list)) {
		if ((one = fuse(s, head(list), ref, bix)) == JET_PASS)
			return JET_PASS;
		types = cons(one, types);
	}
	return jet_fork(types, 0);
}

/* Under a face or a hint, which stay. */
static noun
fuse_under(struct search *s, noun sut, noun ref, const struct holds *bix)
{
	noun on, in;

	if (!parts(sut, &on, &in) || (in = fuse(s, in, ref, bix)) == JET_PASS)
		return JET_PASS;
	if (in == VOID || (in == NOUN && is_a(sut, HINT)))
		return in;
	return cons3(head(sut), on, in);
}

static noun
fuse_hold(struct search *s, noun sut, noun ref, const struct holds *bix)
{
	struct holds this = {sut, ref, bix};
	noun in;

	if (holds_have(bix, sut, ref) || !seek_expand(s, sut, &in))
		return JET_PASS;
	return fuse(s, in, ref, &this);
}

static noun
fuse_step(struct search *s, noun sut, noun ref, const struct holds *bix)
{
	noun a, b;

	if (sut == NOUN)
		return ref;
	if (sut == VOID)
		return VOID;
	if (is_a(sut, FACE) || is_a(sut, HINT))
		return fuse_under(s, sut, ref, bix);
	if (is_a(sut, FORK))
		return fuse_fork(s, sut, ref, bix);
	if (is_a(sut, HOLD))
		return fuse_hold(s, sut, ref, bix);
	if (is_a(sut, CORE))
		return parts(sut, &a, &b)
		    ? fuse(s, cons3(CELL, NOUN, a), ref, bix)
		    : JET_PASS;
	if (is_a(sut, ATOM) && is_a(ref, ATOM))
		return fuse_atoms(sut, ref);
	if (is_a(sut, ATOM) && is_a(ref, CELL))
		return VOID;
	if (is_a(sut, CELL) && is_a(ref, CELL))
		return fuse_cells(s, sut, ref, bix);
	if (is_a(sut, ATOM) || is_a(sut, CELL))
		return fuse(s, ref, sut, bix);
	return JET_PASS;
}

/*
 * A step that may be met again: without what is known of these, types whose
 * parts are shared took a million steps and more.  That there is a product
 * does not depend on bix: had the way to it come upon one of these again,
 * the expansion of that one would have come here, and crashed.
 */
static noun
fuse_work(struct search *s, noun sut, noun ref, const struct holds *bix)
{
	struct ut u = s->ut;
	noun type;

	u.sut = sut;
	if (nock_memo_get(ut_key(FUSE, &u, ref), 0, &type))
		return type;
	type = fuse_step(s, sut, ref, bix);
	if (type != JET_PASS)
		nock_memo_put(ut_key(FUSE, &u, ref), 0, type);
	return type;
}

static noun
fuse(struct search *s, noun sut, noun ref, const struct holds *bix)
{
	noun type;

	if (ref == NOUN || equal(sut, ref))
		return sut;
	if (!seek_enter(s))
		return JET_PASS;
	if (is_a(sut, HOLD) || is_a(sut, FORK))
		type = fuse_work(s, sut, ref, bix);
	else
		type = fuse_step(s, sut, ref, bix);
	s->depth--;
	return type;
}

/* Beside the memo jet, whose key this keeps its products under. */
noun
jet_ut_fused(noun sample, noun context)
{
	struct search s = {.lessons = 0};
	noun type;

	if (!seek_begin(&s, context) || jet_deep())
		return JET_PASS;
	if (nock_memo_get(ut_key(FUSE, &s.ut, sample), 0, &type))
		return type;
	do
		type = fuse(&s, s.ut.sut, sample, NULL);
	while (type == JET_PASS && seek_learn(&s, &sample, &context));
	if (type != JET_PASS)
		nock_memo_put(ut_key(FUSE, &s.ut, sample), 0, type);
	return type;
}

/* -------- nest -------- */

/* More steps without a memory of what was asked before may be far too many. */
enum { STEPS = 4000 };

/* What was met, and what is assumed, on the way: as the Hoon names them. */
struct guards {
	const struct holds *seg, *reg, *gil;
};

static enum answer dext(struct search *s, noun sut, noun ref, struct guards g);

static enum answer
both(enum answer a, struct search *s, noun sut, noun ref, struct guards g)
{
	return a == IS ? dext(s, sut, ref, g) : a;
}

/* Is every type of the fork ref in sut? */
static enum answer
every(struct search *s, noun sut, noun ref, struct guards g)
{
	noun list = tree_tap(tail(ref), 0);
	enum answer a = list == JET_PASS ? UNKNOWN : IS;

	for (; a == IS && list != 0; list = tail(list))
		a = dext(s, sut, head(list), g);
	return a;
}

/* Is ref in one of the types of the fork sut? */
static enum answer
some(struct search *s, noun sut, noun ref, struct guards g)
{
	noun list = tree_tap(tail(sut), 0);
	enum answer a = list == JET_PASS ? UNKNOWN : IS_NOT;

	for (; a == IS_NOT && list != 0; list = tail(list))
		a = dext(s, head(list), ref, g);
	return a;
}

static enum answer
sint_hold(struct search *s, noun sut, noun ref, struct guards g)
{
	struct holds reg = {ref, 0, g.reg}, gil = {sut, ref, g.gil};
	noun in;

	if (holds_have(g.reg, ref, 0) || holds_have(g.gil, sut, ref))
		return IS;
	if (!seek_expand(s, ref, &in))
		return UNKNOWN;
	return dext(s, sut, in, (struct guards){g.seg, &reg, &gil});
}

/* By what ref is. */
static enum answer
sint(struct search *s, noun sut, noun ref, struct guards g)
{
	noun a, b;

	if (ref == VOID)
		return IS;
	if (ref == NOUN || is_a(ref, ATOM) || is_a(ref, CELL))
		return IS_NOT;
	if (is_a(ref, FORK))
		return every(s, sut, ref, g);
	if (is_a(ref, HOLD))
		return sint_hold(s, sut, ref, g);
	if (!parts(ref, &a, &b))
		return UNKNOWN;
	if (is_a(ref, CORE))
		return dext(s, sut, cons3(CELL, NOUN, a), g);
	return is_a(ref, FACE) || is_a(ref, HINT) ? dext(s, sut, b, g)
	                                          : UNKNOWN;
}

static enum answer
dext_atom(noun sut, noun ref)
{
	noun aura, other, known, same, fits;

	if (!parts(sut, &aura, &known) || !parts(ref, &other, &same) ||
	    (fits = jet_fitz(cons(aura, other), 0)) == JET_PASS)
		return UNKNOWN;
	return answer(fits == YES && (known == 0 || equal(known, same)));
}

static enum answer
dext_cell(struct search *s, noun sut, noun ref, struct guards g)
{
	struct guards anew = {.gil = g.gil};
	noun a, b, c, d;

	if (!parts(sut, &a, &b) || !parts(ref, &c, &d))
		return UNKNOWN;
	return both(dext(s, a, c, anew), s, b, d, anew);
}

/* Each in the other. */
static enum answer
meet(struct search *s, noun sut, noun ref, struct guards g)
{
	return both(dext(s, sut, ref, g), s, ref, sut, g);
}

/* The samples of the two, as the variance lets them be seen. */
static enum answer
deem_samples(
    struct search *s, noun sut, noun ref, const char *way, struct guards g)
{
	s->way = atom_cord(way);
	sut = seek_peek(s, sut, 2);
	ref = seek_peek(s, ref, 2);
	if (sut == JET_PASS || ref == JET_PASS)
		return UNKNOWN;
	return way[1] == 'i' ? dext(s, ref, sut, g) : dext(s, sut, ref, g);
}

static enum answer
deem(struct search *s, const struct core *a, const struct core *b,
    struct guards g)
{
	if (!equal(a->vair, b->vair) && !atom_is(a->vair, "lead") &&
	    !atom_is(b->vair, "gold"))
		return IS_NOT;
	if (atom_is(a->vair, "lead"))
		return IS;
	if (atom_is(a->vair, "gold"))
		return meet(s, a->context, b->context, g);
	if (atom_is(a->vair, "iron"))
		return deem_samples(s, a->context, b->context, "rite", g);
	if (atom_is(a->vair, "zinc"))
		return deem_samples(s, a->context, b->context, "read", g);
	return UNKNOWN;
}

/* Cores with other arms: dry ones would have to be played, arm by arm. */
static enum answer
dext_arms(const struct core *a, const struct core *b, noun sut, noun ref,
    struct guards g)
{
	if (atom_is(a->poly, "wet"))
		return answer(equal(a->chapters, b->chapters));
	return holds_have(g.gil, sut, ref) ? IS : UNKNOWN;
}

static enum answer
dext_core(struct search *s, noun sut, noun ref, struct guards g)
{
	enum answer is;
	struct core a, b;

	if (!seek_core(sut, &a) || !seek_core(ref, &b))
		return UNKNOWN;
	if (equal(a.coil, b.coil))
		return dext(s, a.payload, b.payload, g);
	if (!equal(a.poly, b.poly))
		return IS_NOT;
	is = meet(s, a.context, a.payload, g);
	is = both(is, s, b.context, b.payload, g);
	if (is == IS)
		is = deem(s, &a, &b, g);
	return is == IS ? dext_arms(&a, &b, sut, ref, g) : is;
}

static enum answer
dext_hold(struct search *s, noun sut, noun ref, struct guards g)
{
	struct holds seg = {sut, 0, g.seg}, gil = {sut, ref, g.gil};
	noun in;

	if (holds_have(g.seg, sut, 0))
		return IS_NOT;
	if (holds_have(g.gil, sut, ref))
		return IS;
	if (!seek_expand(s, sut, &in))
		return UNKNOWN;
	return dext(s, in, ref, (struct guards){&seg, g.reg, &gil});
}

/* By what sut is, which is neither face nor hint. */
static enum answer
dext_step(struct search *s, noun sut, noun ref, struct guards g)
{
	bool hard = ref == NOUN || is_a(ref, ATOM) || is_a(ref, CELL) ||
	    is_a(ref, CORE);

	if (sut == NOUN)
		return IS;
	if (is_a(sut, HOLD))
		return dext_hold(s, sut, ref, g);
	if (is_a(sut, FORK) && hard)
		return some(s, sut, ref, g);
	if (is_a(sut, ATOM) && is_a(ref, ATOM))
		return dext_atom(sut, ref);
	if (is_a(sut, CELL) && is_a(ref, CELL))
		return dext_cell(s, sut, ref, g);
	if (is_a(sut, CORE) && is_a(ref, CORE))
		return dext_core(s, sut, ref, g);
	if (sut == VOID || is_a(sut, FORK) || is_a(sut, ATOM) ||
	    is_a(sut, CELL) || is_a(sut, CORE))
		return sint(s, sut, ref, g);
	return UNKNOWN;
}

static enum answer
dext(struct search *s, noun sut, noun ref, struct guards g)
{
	enum answer is;

	while (!equal(sut, ref) && (is_a(sut, FACE) || is_a(sut, HINT)))
		if (!seek_under(s, sut, &sut))
			return UNKNOWN;
	if (equal(sut, ref))
		return IS;
	if (s->steps >= s->most || !seek_enter(s))
		return UNKNOWN;
	is = dext_step(s, sut, ref, g);
	s->depth--;
	return is;
}

/* The memo jet of its first step, with empty sets, may know it. */
static enum answer
nest_known(struct search *s, noun sut, noun ref, noun tel)
{
	struct ut u = s->ut;
	noun is;

	u.sut = sut;
	if (!nock_memo_get(
	        ut_key(NEST, &u, cons3(tel, ref, cons3(0, 0, 0))), 0, &is))
		return UNKNOWN;
	return answer(is == YES);
}

static enum answer
nest(struct search *s, noun sut, noun ref, noun tel)
{
	enum answer is = nest_known(s, sut, ref, tel);

	if (is != UNKNOWN)
		return is;
	s->most = s->steps + STEPS;
	return dext(s, sut, ref, (struct guards){0});
}

enum answer
seek_nest(struct search *s, noun sut, noun ref)
{
	return nest(s, sut, ref, NO);
}

/* A no is a crash if tel is set: the Hoon's. */
noun
jet_ut_nest_in(noun sample, noun context)
{
	struct search s = {.lessons = 0};
	enum answer is;
	noun tel, ref;

	if (!seek_begin(&s, context) || jet_deep())
		return JET_PASS;
	do {
		if (!uncons(sample, &tel, &ref) || (tel != YES && tel != NO))
			return JET_PASS;
		is = nest(&s, s.ut.sut, ref, tel);
	} while (is == UNKNOWN && seek_learn(&s, &sample, &context));
	if (is == UNKNOWN || (is == IS_NOT && tel == YES))
		return JET_PASS;
	return loobean(is == IS);
}
