/*
 * seek -- going through types without calling back: what the jets in wing.c
 * and nest.c have in common.
 *
 *     type    %noun, %void, [%atom aura (unit @)], [%cell type type],
 *             [%core type [name poly vair] type seminoun chapters],
 *             [%face * type], [%fork set-of-type], [%hint * type],
 *             [%hold type hoon]
 *
 * The compiler goes through the same types again and again, so what a hold
 * expands to is mostly kept by the memo jet of rest, and what is behind a
 * bridge by that of mint: what is not, and all that is rare, is passed to
 * the Hoon, which makes it known.
 *
 * Recursion follows the structure of a type, down to SEEK_DEEP only: what is
 * deeper is passed, too.  So is what takes more than SEEK_STEPS: a type whose
 * parts are shared may be endless as a tree, and nothing interrupts a jet.
 */
#ifndef SEEK_H
#define SEEK_H

#include "equal.h"
#include "tree.h"
#include "ut.h"

enum { SEEK_DEEP = 200, SEEK_STEPS = 1 << 20 };

/* The holds that are being expanded, innermost first; a type alone has 0. */
struct holds {
	noun sut, ref;
	const struct holds *outer;
};

bool holds_have(const struct holds *h, noun sut, noun ref);

/* What all steps of a search have in common. */
struct search {
	struct ut ut;
	noun way; /* %read, %rite, %both, %free */
	unsigned depth, steps;
};

/* One step down, to be undone by depth--; false if that is too deep, or too
 * much: then no further step is taken. */
static inline bool
seek_enter(struct search *s)
{
	if (s->depth == SEEK_DEEP || s->steps == SEEK_STEPS)
		return false;
	s->depth++;
	s->steps++;
	return true;
}

/* -------- parts of types: false if it is none, or not known -------- */

static inline bool
is_a(noun type, noun tag)
{
	return is_cell(type) && head(type) == tag;
}

/* [tag a b] */
static inline bool
parts(noun type, noun *a, noun *b)
{
	return is_cell(type) && uncons(tail(type), a, b);
}

/* The type that a hold stands for, if rest has been asked before. */
bool seek_expand(const struct search *s, noun hold, noun *type);

/* What is under a face, a hint or a hold. */
bool seek_under(const struct search *s, noun type, noun *in);

struct core {
	noun payload, coil, poly, vair, context, chapters;
};

bool seek_core(noun type, struct core *c);

/* The type of the part at an axis, of one word; or JET_PASS. */
noun seek_peek(struct search *s, noun sut, uint64_t axis);

#endif
