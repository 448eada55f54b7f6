/*
 * redo -- the arm redo of the compiler's door ut: a type with the faces that
 * another, of the same nouns, has.  See seek.h.
 *
 *     tools   a list of faces, the innermost first
 *     hos     the tools that were met on the way in the subject
 *     wec     a set of tools, those in the reference: one of them, or none
 *             if the reference is void; more is a crash
 *
 * It reads the door's fan, the holds that are being expanded, and so it is
 * no memo jet: its products would be those of another fan.
 */
#include "seek.h"

/* -------- miss: can no noun be of both types? -------- */

static enum answer miss(
    struct search *s, noun sut, noun ref, const struct holds *gil);

static enum answer
miss_atoms(noun sut, noun ref)
{
	noun aura, a, b;

	if (!parts(sut, &aura, &a) || !parts(ref, &aura, &b))
		return UNKNOWN;
	return answer(is_cell(a) && is_cell(b) && !equal(a, b));
}

static enum answer
miss_cells(struct search *s, noun sut, noun ref, const struct holds *gil)
{
	noun a, b, c, d;
	enum answer is;

	if (!parts(sut, &a, &b) || !parts(ref, &c, &d))
		return UNKNOWN;
	is = miss(s, a, c, gil);
	return is == IS_NOT ? miss(s, b, d, gil) : is;
}

/* sut is an atom or a cell. */
static enum answer
miss_hard(struct search *s, noun sut, noun ref, const struct holds *gil)
{
	if (is_a(ref, ATOM))
		return is_a(sut, ATOM) ? miss_atoms(sut, ref) : IS;
	if (is_a(ref, CELL))
		return is_a(sut, CELL) ? miss_cells(s, sut, ref, gil) : IS;
	return miss(s, ref, sut, gil);
}

static enum answer
miss_fork(struct search *s, noun sut, noun ref, const struct holds *gil)
{
	noun list = tree_tap(tail(sut), 0);
	enum answer is = list == JET_PASS ? UNKNOWN : IS;

	for (; is == IS && list != 0; list = tail(list))
		is = miss(s, head(list), ref, gil);
	return is;
}

static enum answer
miss_hold(struct search *s, noun sut, noun ref, const struct holds *gil)
{
	struct holds this = {sut, ref, gil};
	noun in;

	if (holds_have(gil, sut, ref) || holds_have(gil, ref, sut))
		return IS;
	return seek_expand(s, sut, &in) ? miss(s, in, ref, &this) : UNKNOWN;
}

static enum answer
miss_step(struct search *s, noun sut, noun ref, const struct holds *gil)
{
	if (equal(sut, ref))
		return seek_nest(s, VOID, sut);
	if (sut == VOID)
		return IS;
	if (sut == NOUN)
		return seek_nest(s, VOID, ref);
	if (is_a(sut, ATOM) || is_a(sut, CELL))
		return miss_hard(s, sut, ref, gil);
	if (is_a(sut, CORE))
		return miss_hard(s, cons3(CELL, NOUN, NOUN), ref, gil);
	if (is_a(sut, FORK))
		return miss_fork(s, sut, ref, gil);
	return is_a(sut, HOLD) ? miss_hold(s, sut, ref, gil) : UNKNOWN;
}

static enum answer
miss(struct search *s, noun sut, noun ref, const struct holds *gil)
{
	enum answer is;

	while (!equal(sut, ref) && (is_a(sut, FACE) || is_a(sut, HINT)))
		if (!seek_under(s, sut, &sut))
			return UNKNOWN;
	if (!seek_enter(s))
		return UNKNOWN;
	is = miss_step(s, sut, ref, gil);
	s->depth--;
	return is;
}

/* -------- the tools -------- */

/* What is searched for: wec and ref are reduced on the way. */
struct refit {
	noun fan, ref, hos, wec;
};

/* Every one of a set of tools, with a face more. */
static noun
push_face(noun wec, noun face)
{
	noun list = tree_tap(wec, 0), set = 0;

	if (list == JET_PASS)
		return JET_PASS;
	for (; set != JET_PASS && list != 0; list = tail(list))
		set = tree_put(TREE_SET, set, cons(face, head(list)));
	return set;
}

/* Do the last `lip` of n tools stand before these others? */
static bool
overlaps(noun hos, uint64_t n, noun har, uint64_t lip)
{
	for (; n > lip; n--)
		hos = tail(hos);
	for (; hos != 0; hos = tail(hos), har = tail(har))
		if (!equal(head(hos), head(har)))
			return false;
	return true;
}

/* The tools of the reference that are to follow those of the subject. */
static bool
further(noun hos, noun har, noun *rest)
{
	uint64_t p, q, lap = 0;

	if (!list_length(hos, &p) || !list_length(har, &q))
		return false;
	for (uint64_t lip = 1; lip <= p && lip <= q; lip++)
		if (overlaps(hos, p, har, lip))
			lap = lip;
	for (*rest = har; lap > 0; lap--)
		*rest = tail(*rest);
	return true;
}

/* A type in these faces, the first of them innermost. */
static noun
dress(noun type, noun faces)
{
	for (; faces != 0; faces = tail(faces))
		type = jet_face(cons(head(faces), type), 0);
	return type;
}

static noun
done(noun sut, const struct refit *r)
{
	noun har, sides, rest;

	if (r->wec == 0)
		return sut;
	if (!uncons(r->wec, &har, &sides) || !is_cell(sides) ||
	    head(sides) != 0 || tail(sides) != 0 ||
	    !further(r->hos, har, &rest))
		return JET_PASS;
	return dress(dress(sut, r->hos), rest);
}

/* -------- the reference, reduced to one of no face -------- */

static bool sint(struct search *s, bool holds, noun sut, struct refit *r);

/* The types of a fork that can be of the subject, the last one first. */
static bool
sint_fork(struct search *s, bool holds, noun sut, struct refit *r)
{
	noun list = tree_tap(tail(r->ref), 0), types = 0, wec = 0;
	struct refit one;
	enum answer none;

	if (list == JET_PASS)
		return false;
	for (list = list_flop(list); list != 0; list = tail(list)) {
		one = *r;
		one.ref = head(list);
		if ((none = miss(s, sut, one.ref, NULL)) == IS)
			continue;
		if (none == UNKNOWN || !sint(s, holds, sut, &one))
			return false;
		if ((wec = tree_uni(TREE_SET, wec, one.wec)) == JET_PASS)
			return false;
		types = cons(one.ref, types);
	}
	r->wec = wec;
	return (r->ref = jet_fork(types, 0)) != JET_PASS;
}

static bool
sint_step(struct search *s, bool holds, noun sut, struct refit *r)
{
	noun on, in;

	for (;; r->ref = in) {
		if (is_a(r->ref, FORK))
			return sint_fork(s, holds, sut, r);
		if (is_a(r->ref, HOLD)) {
			if (!holds)
				return true;
			if (s->steps++ >= SEEK_STEPS ||
			    !seek_expand(s, r->ref, &in))
				return false;
			continue;
		}
		if (!is_a(r->ref, FACE) && !is_a(r->ref, HINT))
			return true;
		if (!parts(r->ref, &on, &in))
			return false;
		if (is_a(r->ref, FACE) &&
		    (r->wec = push_face(r->wec, on)) == JET_PASS)
			return false;
	}
}

/* `holds`: expand them, too. */
static bool
sint(struct search *s, bool holds, noun sut, struct refit *r)
{
	bool good;

	if (!seek_enter(s))
		return false;
	good = sint_step(s, holds, sut, r);
	s->depth--;
	return good;
}

/* -------- redo -------- */

static noun redo(
    struct search *s, noun sut, struct refit r, const struct holds *gil);

static noun
finish(struct search *s, bool holds, noun sut, struct refit *r)
{
	return sint(s, holds, sut, r) ? done(sut, r) : JET_PASS;
}

/* One side of a cell, for which the tools begin anew. */
static noun
redo_side(struct search *s, noun sut, const struct refit *r, unsigned axis,
    const struct holds *gil)
{
	struct refit side = {.fan = r->fan, .wec = cons3(0, 0, 0)};

	s->way = atom_cord("free");
	if ((side.ref = seek_peek(s, r->ref, axis)) == JET_PASS)
		return JET_PASS;
	return redo(s, sut, side, gil);
}

static noun
redo_cell(struct search *s, noun sut, struct refit *r, const struct holds *gil)
{
	noun a, b;

	if (!parts(sut, &a, &b) || !sint(s, true, sut, r) ||
	    (a = redo_side(s, a, r, 2, gil)) == JET_PASS ||
	    (b = redo_side(s, b, r, 3, gil)) == JET_PASS)
		return JET_PASS;
	return done(cons3(CELL, a, b), r);
}

static noun
redo_face(struct search *s, noun sut, struct refit r, const struct holds *gil)
{
	noun face, in;

	if (!parts(sut, &face, &in))
		return JET_PASS;
	r.hos = cons(face, r.hos);
	return redo(s, in, r, gil);
}

static noun
redo_hint(struct search *s, noun sut, struct refit r, const struct holds *gil)
{
	noun note, in;

	if (!parts(sut, &note, &in) || (in = redo(s, in, r, gil)) == JET_PASS)
		return JET_PASS;
	return in == VOID || in == NOUN ? in : cons3(HINT, note, in);
}

static noun
redo_fork(struct search *s, noun sut, struct refit r, const struct holds *gil)
{
	noun list = tree_tap(tail(sut), 0), types = 0, one;

	if (list == JET_PASS)
		return JET_PASS;
	for (; list != 0; list = tail(list)) {
		if ((one = redo(s, head(list), r, gil)) == JET_PASS)
			return JET_PASS;
		types = cons(one, types);
	}
	return jet_fork(list_flop(types), 0);
}

/* A hold that comes out as what it expands to stays a hold. */
static noun
redo_hold(struct search *s, noun sut, struct refit *r, const struct holds *gil)
{
	struct holds this = {sut, 0, gil};
	noun in, out, loop;

	if (!sint(s, false, sut, r))
		return JET_PASS;
	if ((loop = tree_find(TREE_SET, r->fan, tail(sut))) == JET_PASS)
		return JET_PASS;
	if (loop != 0)
		return finish(s, true, sut, r);
	if (holds_have(gil, sut, r->ref))
		return finish(s, false, sut, r);
	this.ref = r->ref;
	if (!seek_expand(s, sut, &in) ||
	    (out = redo(s, in, *r, &this)) == JET_PASS)
		return JET_PASS;
	return equal(out, in) ? sut : out;
}

static noun
redo_step(struct search *s, noun sut, struct refit *r, const struct holds *gil)
{
	if (equal(sut, r->ref) || r->ref == NOUN || r->ref == VOID ||
	    is_a(r->ref, ATOM) || is_a(r->ref, CORE))
		return done(sut, r);
	if (sut == NOUN || sut == VOID || is_a(sut, ATOM) || is_a(sut, CORE))
		return finish(s, true, sut, r);
	if (is_a(sut, CELL))
		return redo_cell(s, sut, r, gil);
	if (is_a(sut, FACE))
		return redo_face(s, sut, *r, gil);
	if (is_a(sut, HINT))
		return redo_hint(s, sut, *r, gil);
	if (is_a(sut, FORK))
		return redo_fork(s, sut, *r, gil);
	return is_a(sut, HOLD) ? redo_hold(s, sut, r, gil) : JET_PASS;
}

static noun
redo(struct search *s, noun sut, struct refit r, const struct holds *gil)
{
	noun type;

	if (!seek_enter(s))
		return JET_PASS;
	type = redo_step(s, sut, &r, gil);
	s->depth--;
	return type;
}

static noun
redo_sample(struct search *s, noun sample, noun context)
{
	struct refit r = {.ref = sample, .wec = cons3(0, 0, 0)};
	noun battery, sut, guards, outer, rest;

	if (!uncons4(context, &battery, &sut, &guards, &outer) ||
	    !uncons(guards, &r.fan, &rest))
		return JET_PASS;
	return redo(s, sut, r, NULL);
}

noun
jet_ut_redone(noun sample, noun context)
{
	struct search s = {.lessons = 0};
	noun type;

	if (!seek_begin(&s, context) || jet_deep())
		return JET_PASS;
	do
		type = redo_sample(&s, sample, context);
	while (type == JET_PASS && seek_learn(&s, &sample, &context));
	return type;
}
