/*
 * What a wing finds in a type: the arms find, fond and peek of the compiler's
 * door ut.  See seek.h.
 */
#include "seek.h"

enum { LIMBS = 64 };

struct peel {
	bool sam, con;
};

/* What may be seen of a core's payload.  False if a word is none. */
static bool
peel(noun way, noun vair, struct peel *p)
{
	bool gold = atom_is(vair, "gold"), zinc = atom_is(vair, "zinc"),
	     iron = atom_is(vair, "iron"), free = atom_is(way, "free");

	*p = (struct peel){gold || free, gold || free};
	if (!gold && !zinc && !iron && !atom_is(vair, "lead"))
		return false;
	if (p->sam || atom_is(way, "both"))
		return true;
	p->sam = atom_is(way, "read") ? zinc : iron;
	return atom_is(way, "read") || atom_is(way, "rite");
}

/* -------- peek: the type of the part at an axis -------- */

static noun peek_loop(
    struct search *s, noun sut, uint64_t axis, const struct holds *gil);

/* The type of a part of a core that is to be read, and is seen in part. */
static noun
peek_blocked(struct search *s, const struct core *c, struct peel p)
{
	noun sam = NOUN, con = NOUN;

	if (!atom_is(s->way, "read"))
		return JET_PASS; /* payload-block */
	if (p.sam && (sam = seek_peek(s, c->payload, 2)) == JET_PASS)
		return JET_PASS;
	if (p.con && (con = seek_peek(s, c->payload, 3)) == JET_PASS)
		return JET_PASS;
	return jet_cell(cons(sam, con), 0);
}

static noun
peek_core(struct search *s, noun sut, uint64_t axis)
{
	uint64_t lat = seek_below(axis);
	struct core c;
	struct peel p;
	noun in;

	if (!seek_right(axis))
		return NOUN;
	if (!seek_core(sut, &c) || !peel(s->way, c.vair, &p))
		return JET_PASS;
	if ((p.sam && p.con) || (p.sam && lat > 1 && !seek_right(lat)) ||
	    (p.con && lat > 1 && seek_right(lat)))
		in = c.payload;
	else if ((in = peek_blocked(s, &c, p)) == JET_PASS)
		return JET_PASS;
	return seek_peek(s, in, lat);
}

static noun
peek_fork(struct search *s, noun sut, uint64_t axis, const struct holds *gil)
{
	noun list = tree_tap(tail(sut), 0), types = 0, one;

	if (list == JET_PASS)
		return JET_PASS;
	for (; list != 0; list = tail(list)) {
		if ((one = peek_loop(s, head(list), axis, gil)) == JET_PASS)
			return JET_PASS;
		types = cons(one, types);
	}
	return jet_fork(types, 0);
}

static noun
peek_hold(struct search *s, noun sut, uint64_t axis, const struct holds *gil)
{
	struct holds here = {sut, 0, gil};
	noun in;

	if (holds_have(gil, sut, 0))
		return VOID;
	return seek_expand(s, sut, &in) ? peek_loop(s, in, axis, &here)
	                                : JET_PASS;
}

static noun
peek_step(struct search *s, noun sut, uint64_t axis, const struct holds *gil)
{
	noun a, b;

	while (is_a(sut, FACE) || is_a(sut, HINT))
		if (!seek_under(s, sut, &sut))
			return JET_PASS;
	if (sut == VOID || sut == NOUN)
		return sut;
	if (is_a(sut, ATOM))
		return VOID;
	if (is_a(sut, CELL))
		return parts(sut, &a, &b)
		    ? seek_peek(s, seek_right(axis) ? b : a, seek_below(axis))
		    : JET_PASS;
	if (is_a(sut, CORE))
		return peek_core(s, sut, axis);
	if (is_a(sut, FORK))
		return peek_fork(s, sut, axis, gil);
	return is_a(sut, HOLD) ? peek_hold(s, sut, axis, gil) : JET_PASS;
}

static noun
peek_loop(struct search *s, noun sut, uint64_t axis, const struct holds *gil)
{
	noun type;

	if (!seek_enter(s))
		return JET_PASS;
	type = peek_step(s, sut, axis, gil);
	s->depth--;
	return type;
}

noun
seek_peek(struct search *s, noun sut, uint64_t axis)
{
	return axis == 1 ? sut : peek_loop(s, sut, axis, NULL);
}

static noun
peek_axis(struct search *s, noun sut, noun axis)
{
	if (!is_direct(axis) || axis == 0)
		return JET_PASS;
	return seek_peek(s, sut, direct_value(axis));
}

noun
jet_ut_peek(noun sample, noun context)
{
	struct search s = {.lessons = 0};
	noun axis, type;

	if (!seek_begin(&s, context) || jet_deep())
		return JET_PASS;
	do {
		if (!uncons(sample, &s.way, &axis))
			return JET_PASS;
		type = peek_axis(&s, s.ut.sut, axis);
	} while (type == JET_PASS && seek_learn(&s, &sample, &context));
	return type;
}

/* -------- fond: what a wing finds -------- */

/*
 *     pony    0                        nothing can be there
 *             [0 vein 0 type]          a leg
 *             [0 vein 1 axis feet]     an arm: of a set of [type foot]
 *             [1 0 number]             not there; so many are to be skipped
 *             [1 1 type formula]       computed: passed
 *     vein    a list of (unit axis), innermost first
 */
struct pony {
	enum { PASS, NEVER, LEG, ARM, MISS } kind;
	noun vein;
	noun type; /* of a leg */
	noun axis, feet;
	uint64_t skip;
};

/* One limb: a name, 0 for any, after so many others. */
struct place {
	noun name; /* (unit term) */
	noun vein; /* what led here */
	uint64_t axis, skip;
};

static const struct pony pass = {.kind = PASS};

static struct pony find(
    struct search *s, noun sut, struct place p, const struct holds *gil);

static noun
vein_on(const struct place *p)
{
	return cons(cons(0, direct(p->axis)), p->vein);
}

static struct pony
missed(uint64_t skip)
{
	return (struct pony){.kind = MISS, .skip = skip};
}

static struct pony
here(noun sut, const struct place *p)
{
	if (p->skip > 0)
		return missed(p->skip - 1);
	return (struct pony){
	    .kind = LEG, .vein = cons(0, vein_on(p)), .type = sut};
}

/* The axis of one of the two, or of a core's payload's; false: too large. */
static bool
down(struct place *p, uint64_t by)
{
	unsigned bits = 63 - (unsigned)__builtin_clzll(by);

	if (bits > 60 || p->axis >> (61 - bits) != 0)
		return false;
	p->axis = p->axis << bits | (by ^ UINT64_C(1) << bits);
	return true;
}

static struct pony
find_cell(struct search *s, noun sut, struct place p, const struct holds *gil)
{
	struct place left = p;
	struct pony got;
	noun a, b;

	if (!parts(sut, &a, &b) || !down(&left, 2) || !down(&p, 3))
		return pass;
	got = find(s, a, left, gil);
	if (got.kind != MISS)
		return got;
	p.skip = got.skip;
	return find(s, b, p, gil);
}

/* An arm of this core, by [axis hoon]. */
static struct pony
arm(noun sut, const struct core *c, noun found, const struct place *p)
{
	struct pony got = {.kind = ARM, .vein = vein_on(p)};
	struct place at = {.axis = 2};
	noun axis = head(found);

	if (!(atom_is(c->poly, "dry") || atom_is(c->poly, "wet")) ||
	    !is_direct(axis) || axis == 0 || !down(&at, direct_value(axis)))
		return pass;
	got.axis = direct(at.axis);
	got.feet = cons3(cons(sut, cons(c->poly, tail(found))), 0, 0);
	return got;
}

static struct pony
find_core(struct search *s, noun sut, struct place p, const struct holds *gil)
{
	struct core c;
	struct peel see;
	noun found;

	if (!seek_core(sut, &c))
		return pass;
	found = jet_loot_136(cons(tail(p.name), c.chapters), 0);
	if (found == JET_PASS)
		return pass;
	if (found != 0 && p.skip == 0)
		return arm(sut, &c, tail(found), &p);
	p.skip -= found != 0;
	if (!peel(s->way, c.vair, &see))
		return pass;
	if (!see.sam)
		return missed(p.skip);
	if (!down(&p, see.con ? 3 : 6))
		return pass;
	if (!see.con && (c.payload = seek_peek(s, c.payload, 2)) == JET_PASS)
		return pass;
	return find(s, c.payload, p, gil);
}

/* Behind the bridges of a face, which lead to what they compute. */
static struct pony
find_bridges(struct search *s, noun bridges, noun sut, struct place p,
    const struct holds *gil)
{
	struct place there = {.name = p.name, .skip = p.skip, .axis = 1};
	struct pony got;
	noun made;

	for (; is_cell(bridges); bridges = tail(bridges)) {
		if (!seek_mint(s, sut, head(bridges), &made) || is_atom(made))
			return pass;
		there.skip = p.skip;
		got = find(s, head(made), there, NULL);
		if (got.kind == NEVER)
			return got;
		if (got.kind != MISS)
			return pass;
		p.skip = got.skip;
	}
	p.vein = cons(0, p.vein);
	return find(s, sut, p, gil);
}

/* A face that is a tune, [aliases bridges]. */
static struct pony
find_tune(struct search *s, noun tune, noun sut, struct place p,
    const struct holds *gil)
{
	noun known = tree_find(TREE_MAP, head(tune), tail(p.name));

	if (known == JET_PASS)
		return pass;
	if (known == 0)
		return find_bridges(s, tail(tune), sut, p, gil);
	if (tail(head(known)) == 0) {
		p.vein = cons(0, p.vein);
		p.skip++;
		return find(s, sut, p, gil);
	}
	if (p.skip == 0)
		return pass;
	p.skip--;
	return find_bridges(s, tail(tune), sut, p, gil);
}

static struct pony
find_face(struct search *s, noun sut, struct place p, const struct holds *gil)
{
	noun face, in;

	if (!parts(sut, &face, &in))
		return pass;
	if (p.name == 0)
		return here(in, &p);
	if (is_cell(face))
		return find_tune(s, face, in, p, gil);
	return equal(tail(p.name), face) ? here(in, &p) : missed(p.skip);
}

/* -------- of a fork: what all of its types agree on -------- */

static bool
same(const struct pony *a, const struct pony *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == MISS)
		return a->skip == b->skip;
	return equal(a->vein, b->vein) &&
	    (a->kind == LEG ? equal(a->type, b->type)
	                    : a->axis == b->axis && equal(a->feet, b->feet));
}

static struct pony
twin(struct pony a, struct pony b)
{
	if (a.kind == PASS || b.kind == PASS)
		return pass;
	if (a.kind == NEVER)
		return b;
	if (b.kind == NEVER || same(&a, &b))
		return a;
	if (a.kind != b.kind || a.kind == MISS || !equal(a.vein, b.vein))
		return pass;
	if (a.kind == LEG) {
		a.type = jet_fork(cons3(a.type, b.type, 0), 0);
		return a.type == JET_PASS ? pass : a;
	}
	if (a.axis != b.axis)
		return pass;
	a.feet = tree_uni(TREE_SET, a.feet, b.feet);
	return a.feet == JET_PASS ? pass : a;
}

/* The twin of all, from the last on. */
static struct pony
find_last(struct search *s, noun list, struct place p, const struct holds *gil)
{
	struct pony all = find(s, head(list), p, gil);

	for (list = tail(list); list != 0; list = tail(list))
		all = twin(find(s, head(list), p, gil), all);
	return all;
}

static struct pony
find_fork(struct search *s, noun sut, struct place p, const struct holds *gil)
{
	noun list = tree_tap(tail(sut), 0);
	struct pony all;

	if (list == JET_PASS)
		return pass;
	if (list == 0)
		return (struct pony){.kind = NEVER};
	all = find_last(s, list_flop(list), p, gil);
	if (all.kind == PASS && s->wants) {
		s->wants = false; /* the first of the list is first to ask */
		for (; list != 0 && !s->wants; list = tail(list))
			find(s, head(list), p, gil);
	}
	return all;
}

static struct pony
find_hold(struct search *s, noun sut, struct place p, const struct holds *gil)
{
	struct holds this = {sut, 0, gil};
	noun in;

	if (holds_have(gil, sut, 0))
		return (struct pony){.kind = NEVER};
	return seek_expand(s, sut, &in) ? find(s, in, p, &this) : pass;
}

static struct pony
find_step(struct search *s, noun sut, struct place p, const struct holds *gil)
{
	if (sut == VOID)
		return (struct pony){.kind = NEVER};
	if (sut == NOUN || is_a(sut, ATOM))
		return p.name == 0 ? here(sut, &p) : missed(p.skip);
	if (is_a(sut, FACE))
		return find_face(s, sut, p, gil);
	if (is_a(sut, FORK))
		return find_fork(s, sut, p, gil);
	if (is_a(sut, HOLD))
		return find_hold(s, sut, p, gil);
	if (p.name == 0 && (is_a(sut, CELL) || is_a(sut, CORE)))
		return here(sut, &p);
	if (is_a(sut, CELL))
		return find_cell(s, sut, p, gil);
	return is_a(sut, CORE) ? find_core(s, sut, p, gil) : pass;
}

static struct pony
find(struct search *s, noun sut, struct place p, const struct holds *gil)
{
	struct pony got;

	while (is_a(sut, HINT))
		if (!seek_under(s, sut, &sut))
			return pass;
	if (!seek_enter(s))
		return pass;
	got = find_step(s, sut, p, gil);
	s->depth--;
	return got;
}

/* -------- a wing: limb after limb, the last of them first -------- */

/* The type of what was found before. */
static noun
found_type(const struct pony *p)
{
	noun list, types = 0;

	if (p->kind == LEG)
		return p->type;
	if ((list = tree_tap(p->feet, 0)) == JET_PASS)
		return JET_PASS;
	for (; list != 0; list = tail(list)) {
		if (is_atom(head(list)))
			return JET_PASS;
		types = cons(head(head(list)), types);
	}
	return jet_fork(types, 0);
}

static struct pony
find_axis(struct search *s, noun sut, noun axis, noun vein)
{
	noun type = peek_axis(s, sut, axis);

	if (type == JET_PASS)
		return pass;
	return (struct pony){
	    .kind = LEG, .vein = cons(cons(0, axis), vein), .type = type};
}

/* limb: a name; [0 axis]; [1 number (unit name)] */
static struct pony
find_limb(struct search *s, noun limb, const struct pony *from)
{
	struct place p = {.vein = from->vein, .axis = 1};
	noun sut = found_type(from), skip;

	if (sut == JET_PASS)
		return pass;
	if (is_atom(limb)) {
		p.name = cons(0, limb);
		return find(s, sut, p, NULL);
	}
	if (head(limb) == direct(0))
		return find_axis(s, sut, tail(limb), from->vein);
	if (head(limb) != direct(1) || !uncons(tail(limb), &skip, &p.name) ||
	    !is_direct(skip) || (p.name != 0 && is_atom(p.name)))
		return pass;
	p.skip = direct_value(skip);
	return find(s, sut, p, NULL);
}

static noun
pony_noun(const struct pony *p)
{
	switch (p->kind) {
	case PASS:
		return JET_PASS;
	case NEVER:
		return 0;
	case MISS:
		return cons3(direct(1), 0, direct(p->skip));
	case LEG:
		return cons4(0, p->vein, 0, p->type);
	default:
		return cons4(0, p->vein, direct(1), cons(p->axis, p->feet));
	}
}

static struct pony
find_limbs(struct search *s, noun sut, noun wing)
{
	struct pony p = {.kind = LEG, .type = sut};
	noun limbs[LIMBS];
	unsigned n = 0;

	for (; is_cell(wing) && n < LIMBS; wing = tail(wing))
		limbs[n++] = head(wing);
	if (wing != 0)
		return pass;
	while (n > 0 && (p.kind == LEG || p.kind == ARM))
		p = find_limb(s, limbs[--n], &p);
	return n > 0 && p.kind == NEVER ? pass : p;
}

static struct pony
find_wing(noun sample, noun context)
{
	struct search s = {.lessons = 0};
	struct pony p;
	noun wing;

	if (!seek_begin(&s, context) || jet_deep())
		return pass;
	do {
		if (!uncons(sample, &s.way, &wing))
			return pass;
		p = find_limbs(&s, s.ut.sut, wing);
	} while (p.kind == PASS && seek_learn(&s, &sample, &context));
	return p;
}

noun
seek_find(struct search *s, noun sut, noun way, noun wing)
{
	struct pony p;

	s->way = way;
	p = find_limbs(s, sut, wing);
	return p.kind == LEG || p.kind == ARM ? p.vein : JET_PASS;
}

noun
jet_ut_fond(noun sample, noun context)
{
	struct pony p = find_wing(sample, context);

	return pony_noun(&p);
}

/* The same, but what is not there is a crash, with a trace. */
noun
jet_ut_find(noun sample, noun context)
{
	struct pony p = find_wing(sample, context);

	return p.kind == LEG || p.kind == ARM ? pony_noun(&p) : JET_PASS;
}
