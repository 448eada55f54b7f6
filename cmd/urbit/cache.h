/*
 * cache -- the directory where pills are looked for.
 *
 * It is $XDG_CACHE_HOME/nockutils/pills, or ~/.cache/nockutils/pills.
 */
#ifndef CACHE_H
#define CACHE_H

#include "noun.h"

/*
 * The events of the newest ivory pill there: a file *.pill, by the time it
 * was written.  *name is the file's, which holds until the process ends.  0,
 * or the exit code when it was said what is wrong.  Collects nothing.
 */
int cache_ivory(noun *events, const char **name);

#endif
