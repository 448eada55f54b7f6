/*
 * jet -- what a jet is: an arm of Hoon, in C.  For those who write one.
 *
 * A jet is its Hoon, exactly: the same product, the same crash.  It takes
 * the payload of its core, the sample and the context, which may be any
 * nouns at all (the core's batteries are what they should be, their samples
 * need not be), and
 *
 *   - gives the product; or
 *   - crashes, bail(BAIL_EXIT), where the Hoon crashes; or
 *   - passes, JET_PASS: the arm's own Hoon is run.  Right wherever the work
 *     is rare or odd: a sample that is not of the type, a number too large
 *     for a C size, little C stack left.
 *
 *     noun
 *     jet_dec(noun sample, noun context)
 *
 * A gate's sample is `sample` and a door's, if the gate is in one, is the
 * head of the tail of `context`, which is the door.  A core without a
 * sample of its own has its context's battery for a sample, and the
 * context's payload for a context.
 *
 * Nothing but calling back into Nock collects: between two calls nouns stay
 * in C locals.  What is wanted after a call goes on the noun stack.  There
 * is no malloc, no recursion over the structure of a noun and no I/O here;
 * scratch memory (heap.h) is cut by who pushed it, or by a bail.
 */
#ifndef JET_H
#define JET_H

#include "atom.h"
#include "bail.h"
#include "heap.h"
#include "jets.h"
#include "nock.h"
#include "noun.h"
#include "shape.h"
#include "table.h"

#define JET_PASS NOCK_PASS

/* The jet functions, as the table has them. */
#define X(path, arm, name, kelvins) noun jet_##name(noun sample, noun context);
JETS(X)
#undef X

/* The crash of a formula: where the Hoon has !!, or a cell for an atom. */
static inline noun __attribute__((noreturn)) jet_crash(void)
{
	bail(BAIL_EXIT);
}

/* The door's sample: +< of a gate's context.  False if it is no such core. */
static inline bool
jet_door(noun context, noun *sample)
{
	noun battery, outer;

	return uncons3(context, &battery, sample, &outer);
}

/*
 * A jet that calls back runs on the C stack, and so does what it calls.
 * True if little of that is left: pass, and let the Hoon do it, which needs
 * none.
 */
static inline bool
jet_deep(void)
{
	return nock_deep();
}

#endif
