/*
 * trace -- where a computation was when it crashed, for people to read.
 *
 * A trace is a list of entries, innermost first, which the hints of the
 * same name put there (nock.h):
 *
 *     [%spot path [line column] line column]    /a/hoon:<[1 1].[2 8]>
 *     [%mean cord], [%lose cord]                the text
 *     [%mean core]                              the tank that its arm at
 *                                               axis 2 gives
 *     [%hunk ref path]                          the path
 *     [%hand *]                                 its mug, as a ship's name
 *
 * The tanks are those of ++mook in hoon.hoon, with one difference: an entry
 * that it cannot read stands here as itself, which prints as the noun that
 * it is (tank.h).
 */
#ifndef TRACE_H
#define TRACE_H

#include "noun.h"

/* Of a longer trace only so many entries are told, half at each end. */
enum { TRACE_MAX = 1024 };

/*
 * The tank of an entry.  The core of a %mean is run, virtualised: so this
 * may collect, and bail; a crash in there gives the tank ####.
 */
noun trace_tank(noun entry);

/* The tanks of a trace, likewise: a list, innermost first. */
noun trace_tanks(noun trace);

#endif
