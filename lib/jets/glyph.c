/*
 * glyph -- rules that read one character, or go by it.
 */
#include "edge.h"
#include "equal.h"
#include "jet.h"

static inline noun
increment(noun a)
{
	if (is_direct(a) && a != direct(DIRECT_MAX))
		return a + direct(1);
	if (is_cell(a))
		jet_crash();
	return atom_increment(a);
}

/* ++lust: the place after a character. */
static inline noun
after(noun c, noun hair)
{
	noun p, q;

	split(hair, &p, &q);
	if (c == direct('\n'))
		return cons(increment(p), direct(1));
	return cons(p, increment(q));
}

/* ++fail, of a nail that is known to be a cell. */
static inline noun
fail(noun tub)
{
	return cons(head(tub), 0);
}

/* ++next, of a nail that has a character. */
static inline noun
next(noun tub)
{
	noun c = head(tail(tub));
	noun zac = after(c, head(tub));

	return cons(zac, cons(0, cons(c, cons(zac, tail(tail(tub))))));
}

/* The next character of a nail; false if it is at its end. */
static inline bool
peek(noun tub, noun *c)
{
	noun hair, tape, t;

	split(tub, &hair, &tape);
	if (tape == 0)
		return false;
	split(tape, c, &t);
	return true;
}

/* -------- one character -------- */

noun
jet_just(noun tub, noun context)
{
	noun daf, c;

	if (!jet_door(context, &daf))
		jet_crash();
	return peek(tub, &c) && equal(daf, c) ? next(tub) : fail(tub);
}

noun
jet_mask(noun tub, noun context)
{
	noun bud, c, one;

	if (!jet_door(context, &bud))
		jet_crash();
	if (bud == 0 && is_cell(tub)) /* whatever the tape is */
		return fail(tub);
	if (!peek(tub, &c))
		return fail(tub);
	while (bud != 0) {
		split(bud, &one, &bud);
		if (equal(one, c))
			return next(tub);
	}
	return fail(tub);
}

noun
jet_shim(noun tub, noun context)
{
	noun range, c, les, mos;

	if (!jet_door(context, &range))
		jet_crash();
	if (!peek(tub, &c))
		return fail(tub);
	split(range, &les, &mos);
	if ((c | les | mos) & 1)
		return JET_PASS;
	return c >= les && c <= mos ? next(tub) : fail(tub);
}

/* -------- ++stew -------- */

/* -1, 0, 1: where c lies from a key, [first last] or one; 2 = be it Hoon's. */
static inline int
where(noun c, noun key)
{
	noun first = key, last = key;

	if (is_cell(key)) {
		first = head(key);
		last = tail(key);
	}
	if ((first | last) & 1)
		return 2;
	return c < first ? -1 : c > last;
}

/*
 * The context is [hel wor stew]: a tree of [key rule].  A key [9 3] holds
 * nothing, so what is not less than its first goes to the right.
 */
noun
jet_stew(noun tub, noun context)
{
	noun hel, c, node, l, r, key, rule, sides;

	if (!is_cell(context))
		jet_crash();
	if (head(context) == 0 && is_cell(tub)) /* whatever the tape is */
		return fail(tub);
	if (!peek(tub, &c))
		return fail(tub);
	if (!is_direct(c) || jet_deep())
		return JET_PASS;
	for (hel = head(context); hel != 0;) {
		int at;

		split(hel, &node, &sides);
		split(node, &key, &rule);
		at = where(c, key);
		if (at == 2)
			return JET_PASS;
		if (at == 0)
			return nock_slam(rule, tub);
		split(sides, &l, &r);
		hel = at < 0 ? l : r;
	}
	return fail(tub);
}
