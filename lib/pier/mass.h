/*
 * mass -- what takes how much memory, by the parts that the kernel tells of.
 *
 *     mass   [name 0 noun]           a part
 *            [name 1 (list mass)]    parts
 *
 * What two parts share is counted with the first of them, so that the sum is
 * the memory there is.  What the kernel told of nowhere is the rest.
 */
#ifndef MASS_H
#define MASS_H

#include "noun.h"

/* A line of the report; depth 0 is a whole. */
typedef void mass_line(
    void *arg, unsigned depth, const char *name, uint64_t bytes);

/*
 * Count, and give each line, the total at last.  mass is what the kernel
 * tells, or 0 if it does not; jets are those of a pier.  May bail meme; the
 * lines come after all that may.  Never collects.
 */
void mass_report(noun mass, noun kernel, noun jets, mass_line *line, void *arg);

#endif
