/*
 * plan -- how what is read becomes a subject and a formula.
 *
 *     given        read        run
 *     nothing      [s f]       *[s f]
 *     -s s         f           *[s f]
 *     -f f         s           *[s f]
 *     -g g         a           g called with a
 *     -s s -f f    nothing     *[s f]
 *
 * The nouns of the plan, here and in what it was given, are registered
 * roots: they live, and move, until the heap ends.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>

#include "bail.h"
#include "noun.h"

struct plan {
	noun given;   /* the subject, the formula or the gate */
	noun formula; /* with the subject given, or a gate's call */
	noun scry;    /* a gate, or 0 */
};

extern struct plan plan;

/* Load what the options give.  0, or the exit code. */
int plan_load(void);

/* False if n is no cell where it should be.  May bail meme; never collects. */
bool plan_apply(noun n, noun *subject, noun *formula);

/*
 * Run it.  BAIL_NONE and a toon, as nock_soft(); or the machine's failure,
 * and then *toon is the trace, or 0.  The nouns are the callee's to keep.
 */
enum bail plan_run(noun subject, noun formula, noun *toon);

#endif
