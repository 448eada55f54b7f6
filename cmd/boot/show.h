/*
 * show -- events for people, and one of them for programs.
 */
#ifndef SHOW_H
#define SHOW_H

#include <stdint.h>

#include "form.h"
#include "noun.h"

/*
 * Print the events of the plan, a line each: number, date, bytes of its jam,
 * wire and tag.  The first ones, which make the kernel, have none of these
 * but the size; what they are for is told instead, where it is known.
 * The exit code.
 */
int show_list(void);

/* Write event number id of the plan where the options say.  The exit code. */
int show_event(uint64_t id);

/* Print effects on standard output, "EVENT EFFECT", in part.  0, or the exit
 * code. */
int show_effects(uint64_t event, noun effects);

/* How many effects. */
uint64_t show_count(noun effects);

/* Write n to a file, which is there whole or not at all, or to standard
 * output where that is NULL or "-".  0, or the exit code. */
int show_write(const char *file, enum form f, noun n);

#endif
