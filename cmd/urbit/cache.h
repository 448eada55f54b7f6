/*
 * cache -- the directory where pills are looked for, and kept.
 *
 * It is $XDG_CACHE_HOME/nockutils/pills, or ~/.cache/nockutils/pills.
 * Whatever gives an exit code has said what is wrong, when it is not 0.
 */
#ifndef CACHE_H
#define CACHE_H

#include "noun.h"

enum { CACHE_PATH = 4096 };

/*
 * The events of the newest ivory pill there: a file *.pill, by the time it
 * was written.  *name is the file's, which holds until the process ends.  0,
 * or the exit code.  Collects nothing.
 */
int cache_ivory(noun *events, const char **name);

/* The newest one that a ship is made of, likewise. */
int cache_bootable(const char **name);

/* Is this a pill that a ship is made of? */
bool cache_boots(noun n);

/* The path of a file there, which need not be; the directory is made.  0, or
 * the exit code. */
int cache_path(const char *name, char to[CACHE_PATH]);

#endif
