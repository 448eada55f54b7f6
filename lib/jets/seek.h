/*
 * seek -- going through types: what the jets in wing.c, nest.c, redo.c and
 * take.c have in common.
 *
 *     type    %noun, %void, [%atom aura (unit @)], [%cell type type],
 *             [%core type [name poly vair] type seminoun chapters],
 *             [%face * type], [%fork set-of-type], [%hint * type],
 *             [%hold type hoon]
 *
 * The compiler goes through the same types again and again, so what a hold
 * expands to is mostly kept by the memo jet of rest, and what is behind a
 * bridge by that of mint.  What is not kept ends the search; the jet then
 * asks the Hoon for it, seek_learn(), and searches again from the start.
 * All that is rare is passed to the Hoon.
 *
 * Only what the Hoon would ask for may be asked for, and first what it would
 * ask for first: it may crash, and what is kept is kept without the holds
 * that were being expanded (ut.c).
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

enum { SEEK_DEEP = 200, SEEK_STEPS = 1 << 20, SEEK_LESSONS = 64 };

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
	unsigned most; /* steps, while it is a nest */

	/* The first product that was not known; the search fails. */
	bool wants;
	struct want {
		enum ut_function f;
		noun sut, args;
	} want;
	unsigned lessons; /* how often the Hoon was asked */
};

/* Ready for a search in this door; false if it is none. */
bool seek_begin(struct search *s, noun context);

/*
 * A search has failed.  If it was for want of something: run the Hoon that
 * gives it, and begin anew.  False: pass.  Calls back: only *sample and
 * *context have moved along.
 */
bool seek_learn(struct search *s, noun *sample, noun *context);

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
bool seek_expand(struct search *s, noun hold, noun *type);

/* [type formula] of hoon, if mint has been asked before. */
bool seek_mint(struct search *s, noun sut, noun gen, noun *made);

/* What is under a face, a hint or a hold. */
bool seek_under(struct search *s, noun type, noun *in);

/* An axis without its first step; is that one to the right? */
static inline uint64_t
seek_below(uint64_t axis)
{
	uint64_t top = UINT64_C(1) << (63 - __builtin_clzll(axis));

	return (axis ^ top) | top >> 1;
}

static inline bool
seek_right(uint64_t axis)
{
	return axis >> (62 - __builtin_clzll(axis)) & 1;
}

struct core {
	noun payload, coil, poly, vair, context, chapters;
};

bool seek_core(noun type, struct core *c);

/* -------- of two types -------- */

enum answer { IS_NOT, IS, UNKNOWN };

static inline enum answer
answer(bool yes)
{
	return yes ? IS : IS_NOT;
}

/* Is ref in sut?  Where the Hoon's nest is called with tel = |. */
enum answer seek_nest(struct search *s, noun sut, noun ref);

/* -------- of one -------- */

/* The vein of the leg or arm that a wing finds; or JET_PASS. */
noun seek_find(struct search *s, noun sut, noun way, noun wing);

/* The type of the part at an axis, of one word; or JET_PASS. */
noun seek_peek(struct search *s, noun sut, uint64_t axis);

#endif
