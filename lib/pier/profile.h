/*
 * profile -- where the time went, by looking a thousand times a second of
 * the processor's time.
 *
 *     OUT         folded stacks: outermost;...;innermost COUNT, one a line
 *     OUT.json    a Chrome trace: the looks, as begins and ends of functions
 *
 * A function is called by its %spot (tell.h).  One that calls itself counts
 * once, and of a stack only the innermost 250 are told.  A look that took
 * long, at a deep stack, is followed by as long a pause.
 */
#ifndef PROFILE_H
#define PROFILE_H

/* 0, or -1 with errno set. */
int profile_open(const char *file);

/* From here to there the machine is looked at. */
void profile_begin(void);
void profile_end(void);

/* nock_opts.sample */
void profile_sample(void *arg);

/* Write the rest.  0, or -1 with errno set. */
int profile_close(void);

#endif
