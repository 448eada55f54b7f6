/*
 * run -- the events of a pier's log computed, one after the other, up to the
 * last of boot, with checkpoints on the way.
 *
 * There is one after the lifecycle, which is the longest that is lost by an
 * interruption, then one whenever an event ends and the last is ten seconds
 * ago, and one where it stops, whatever the reason: so the same command goes
 * on from there.
 */
#ifndef RUN_H
#define RUN_H

#include "pier.h"

/* The exit code.  ^C ends the process. */
int run_boot(struct pier *p);

/* Say why the pier failed; the exit code. */
int run_fail(struct pier *p, enum pier_got got);

#endif
