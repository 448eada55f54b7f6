/*
 * patience -- a time limit for each of many short questions.
 *
 * The limit of limit.h is set and unset by system calls, which take longer
 * than many a question.  Here a clock ticks all the time, eight times in
 * what is allowed, and a tick looks whether a question has lasted too long:
 * so it is given up at most an eighth late.
 */
#ifndef PATIENCE_H
#define PATIENCE_H

#include <stdint.h>

/* Nanoseconds; 0 = no limit.  Once in a process. */
void patience_set(uint64_t ns);

/* A question is between these. */
void patience_begin(void);
void patience_end(void);

#endif
