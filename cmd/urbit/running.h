/*
 * running -- does the ship run already?
 *
 * Its serf has the pier's lock.  A serf without a parent is one whose urbit
 * was killed: it is about to save and end, and is waited for; one that has a
 * parent belongs to a ship that runs.
 */
#ifndef RUNNING_H
#define RUNNING_H

#include <sys/types.h>

/* The serf's number, if the ship runs; else 0. */
pid_t running_serf(const char *pier);

#endif
