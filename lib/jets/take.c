/*
 * take -- a type with another in the place that a wing found: the arm toss
 * of the compiler's door ut, which does this to each of the cores that an arm
 * may be in, when it is called with a changed sample.  See seek.h.
 *
 * A vein is a list of (unit axis), innermost first; ~ is a face to go
 * through.  Here it goes the other way.
 */
#include "seek.h"

/* What is put in, and where: the rest of the vein, and of an axis in it. */
struct way {
	noun type, vein;
	uint64_t axis; /* 0: through a face */
};

static noun take(struct search *s, noun sut, struct way w);
static noun take_at(
    struct search *s, noun sut, struct way w, const struct holds *vil);

/* -------- one step -------- */

static noun
take_fork(struct search *s, noun sut, struct way w, const struct holds *vil)
{
	noun list = tree_tap(tail(sut), 0), types = 0, one;

	if (list == JET_PASS)
		return JET_PASS;
	for (; list != 0; list = tail(list)) {
		if ((one = take_at(s, head(list), w, vil)) == JET_PASS)
			return JET_PASS;
		types = cons(one, types);
	}
	return jet_fork(types, 0);
}

static noun
take_hint(struct search *s, noun sut, struct way w, const struct holds *vil)
{
	noun note, in;

	if (!parts(sut, &note, &in) ||
	    (in = take_at(s, in, w, vil)) == JET_PASS)
		return JET_PASS;
	return in == VOID || in == NOUN ? in : cons3(HINT, note, in);
}

static noun
take_hold(struct search *s, noun sut, struct way w, const struct holds *vil)
{
	struct holds this = {sut, 0, vil};
	noun in;

	if (w.axis != 0 && holds_have(vil, sut, 0))
		return VOID;
	return seek_expand(s, sut, &in) ? take_at(s, in, w, &this) : JET_PASS;
}

/* Its ~ goes through this face; an axis leads into it, too. */
static noun
take_face(struct search *s, noun sut, struct way w, const struct holds *vil)
{
	noun face, in;

	if (!parts(sut, &face, &in))
		return JET_PASS;
	in = w.axis == 0 ? take(s, in, w) : take_at(s, in, w, vil);
	return in == JET_PASS ? in : jet_face(cons(face, in), 0);
}

static noun
take_cell(struct search *s, noun sut, struct way w, const struct holds *vil)
{
	bool right = seek_right(w.axis);
	noun a, b;

	if (!parts(sut, &a, &b))
		return JET_PASS;
	w.axis = seek_below(w.axis);
	if (right)
		b = take_at(s, b, w, vil);
	else
		a = take_at(s, a, w, vil);
	return a == JET_PASS || b == JET_PASS ? JET_PASS
	                                      : jet_cell(cons(a, b), 0);
}

static noun
take_core(struct search *s, noun sut, struct way w, const struct holds *vil)
{
	noun payload, coil;

	if (!parts(sut, &payload, &coil))
		return JET_PASS;
	if (!seek_right(w.axis))
		return take_at(s, cons3(CELL, NOUN, payload), w, vil);
	w.axis = seek_below(w.axis);
	payload = take_at(s, payload, w, vil);
	return payload == JET_PASS ? payload : jet_core(cons(payload, coil), 0);
}

/* What has the place that an axis leads to. */
static noun
take_part(struct search *s, noun sut, struct way w, const struct holds *vil)
{
	if (sut == NOUN)
		return take_at(s, cons3(CELL, NOUN, NOUN), w, vil);
	if (sut == VOID || is_a(sut, ATOM))
		return VOID;
	if (is_a(sut, CELL))
		return take_cell(s, sut, w, vil);
	return is_a(sut, CORE) ? take_core(s, sut, w, vil) : JET_PASS;
}

static noun
take_step(struct search *s, noun sut, struct way w, const struct holds *vil)
{
	if (w.axis == 1)
		return take(s, sut, w);
	if (is_a(sut, FACE))
		return take_face(s, sut, w, vil);
	if (is_a(sut, HINT))
		return take_hint(s, sut, w, vil);
	if (is_a(sut, FORK))
		return take_fork(s, sut, w, vil);
	if (is_a(sut, HOLD))
		return take_hold(s, sut, w, vil);
	return w.axis == 0 ? take(s, sut, w) : take_part(s, sut, w, vil);
}

static noun
take_at(struct search *s, noun sut, struct way w, const struct holds *vil)
{
	noun type;

	if (!seek_enter(s))
		return JET_PASS;
	type = take_step(s, sut, w, vil);
	s->depth--;
	return type;
}

/* The next of the vein. */
static noun
take(struct search *s, noun sut, struct way w)
{
	noun unit;

	if (w.vein == 0)
		return w.type;
	unit = head(w.vein);
	w.vein = tail(w.vein);
	w.axis = 0;
	if (is_cell(unit)) {
		if (!is_direct(tail(unit)) || tail(unit) == 0)
			return JET_PASS;
		w.axis = direct_value(tail(unit));
	} else if (unit != 0) {
		return JET_PASS;
	}
	return take_at(s, sut, w, NULL);
}

/* -------- toss -------- */

/* The axis in the whole that a vein, outermost first, leads to. */
static noun
tend(noun vein)
{
	noun axis = direct(1);

	for (; vein != 0 && axis != JET_PASS; vein = tail(vein))
		if (is_cell(head(vein)))
			axis = jet_peg(cons(axis, tail(head(vein))), 0);
	return axis;
}

/* Of one of [type foot]: the type changed, and where that was. */
static bool
toss_one(
    struct search *s, noun type, noun wing, noun mur, noun *axis, noun *out)
{
	struct way w = {.type = mur};
	noun vein = seek_find(s, type, TAG('r', 'i', 't', 'e'), wing);

	if (vein == JET_PASS)
		return false;
	w.vein = list_flop(vein);
	*axis = tend(w.vein);
	*out = take(s, type, w);
	return *axis != JET_PASS && *out != JET_PASS;
}

/* All of them must have it in the same place. */
static noun
toss(struct search *s, noun sample)
{
	noun wing, mur, men, axis = 0, here, type, done = 0;

	if (!uncons3(sample, &wing, &mur, &men))
		return JET_PASS;
	for (; is_cell(men); men = tail(men)) {
		if (is_atom(head(men)) ||
		    !toss_one(s, head(head(men)), wing, mur, &here, &type) ||
		    (axis != 0 && !equal(axis, here)))
			return JET_PASS;
		axis = here;
		done = cons(cons(type, tail(head(men))), done);
	}
	if (men != 0 || axis == 0)
		return JET_PASS;
	return cons(axis, list_flop(done));
}

noun
jet_ut_toss(noun sample, noun context)
{
	struct search s = {.lessons = 0};
	noun made;

	if (!seek_begin(&s, context) || jet_deep())
		return JET_PASS;
	do
		made = toss(&s, sample);
	while (made == JET_PASS && seek_learn(&s, &sample, &context));
	return made;
}
