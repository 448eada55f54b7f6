/*
 * What the searches through types have in common; see seek.h.
 */
#include "seek.h"

bool
holds_have(const struct holds *h, noun sut, noun ref)
{
	for (; h != NULL; h = h->outer)
		if (equal(h->sut, sut) && equal(h->ref, ref))
			return true;
	return false;
}

/* -------- parts of types: false if it is none, or not known -------- */

/* What a function of the door has given for this subject and arguments. */
static bool
known(struct search *s, enum ut_function f, noun sut, noun args, noun *product)
{
	struct ut u = s->ut;

	u.sut = sut;
	if (nock_memo_get(ut_key(f, &u, args), 0, product))
		return true;
	if (!s->wants) {
		s->wants = true;
		s->want = (struct want){f, sut, args};
	}
	return false;
}

bool
seek_expand(struct search *s, noun hold, noun *type)
{
	return known(s, REST, hold, cons(tail(hold), 0), type);
}

bool
seek_mint(struct search *s, noun sut, noun gen, noun *made)
{
	return known(s, MINT, sut, cons(NOUN, gen), made);
}

bool
seek_under(struct search *s, noun type, noun *in)
{
	noun skip;

	if (is_a(type, HOLD))
		return seek_expand(s, type, in);
	return (is_a(type, FACE) || is_a(type, HINT)) && parts(type, &skip, in);
}

bool
seek_core(noun type, struct core *c)
{
	noun garb, rest, name, nouns;

	return is_a(type, CORE) && parts(type, &c->payload, &c->coil) &&
	    uncons(c->coil, &garb, &rest) &&
	    uncons3(garb, &name, &c->poly, &c->vair) &&
	    uncons3(rest, &c->context, &nouns, &c->chapters);
}

/* -------- asking the Hoon -------- */

/*
 * The arm that makes the gate of a name is [7 * [11 [%fast [1 name *]] *]],
 * as the compiler makes it of ~/.
 */
static bool
is_arm(noun formula, noun name)
{
	noun seven, make, eleven, hint, core, fast, one, clue;

	return is_cell(formula) && uncons3(formula, &seven, &make, &eleven) &&
	    seven == direct(7) && uncons3(eleven, &eleven, &hint, &core) &&
	    eleven == direct(11) && uncons3(hint, &fast, &one, &clue) &&
	    fast == TAG('f', 'a', 's', 't') && one == direct(1) &&
	    is_cell(clue) && head(clue) == name;
}

enum { ARM_DEEP = 16 };

/* Its axis in a battery, or 0. */
static uint64_t
find_arm(noun tree, noun name, uint64_t axis)
{
	uint64_t found;

	if (is_arm(tree, name))
		return axis;
	if (is_atom(tree) || axis >> ARM_DEEP != 0)
		return 0;
	found = find_arm(head(tree), name, axis * 2);
	return found ? found : find_arm(tail(tree), name, axis * 2 + 1);
}

/* The same, as a formula, or 0.  *axis is where it was the last time. */
static noun
arm_of(noun battery, noun name, uint64_t *axis)
{
	noun formula;

	if (*axis != 0 && axis_get_word(battery, *axis, &formula) &&
	    is_arm(formula, name))
		return formula;
	*axis = find_arm(battery, name, 1);
	return *axis != 0 && axis_get_word(battery, *axis, &formula) ? formula
	                                                             : 0;
}

static noun
wanted_arm(noun battery, enum ut_function f)
{
	static uint64_t rest, mint;

	if (f == REST)
		return arm_of(battery, TAG('r', 'e', 's', 't'), &rest);
	return arm_of(battery, TAG('m', 'i', 'n', 't'), &mint);
}

/* Slam the gate that the formula at [0] makes of the door [1] with [2]. */
static void
ask(void *at)
{
	noun *slot = at, gate;

	gate = nock(slot[1], slot[0]);
	nock_slam(gate, slot[2]);
}

/*
 * A crash is left to the Hoon of who searched, which will come to it with
 * the trace that is due.
 */
bool
seek_learn(struct search *s, noun *sample, noun *context)
{
	noun arm = s->wants ? wanted_arm(s->ut.battery, s->want.f) : 0;
	noun *slot = stack_top(), rest;
	enum bail kind;

	if (arm == 0 || s->lessons == SEEK_LESSONS)
		return false;
	s->lessons++;
	rest = tail(tail(*context));
	stack_push(arm);
	stack_push(cons3(s->ut.battery, s->want.sut, rest));
	stack_push(s->want.args);
	stack_push(*sample);
	stack_push(*context);
	kind = nock_trap(ask, slot, 0);
	*context = stack_pop();
	*sample = stack_pop();
	stack_cut(slot);
	if (kind != BAIL_NONE && kind != BAIL_EXIT)
		bail(kind);
	return kind == BAIL_NONE && seek_begin(s, *context);
}

bool
seek_begin(struct search *s, noun context)
{
	s->depth = s->steps = 0;
	s->wants = false;
	return ut_open(context, &s->ut);
}
