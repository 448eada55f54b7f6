/*
 * limit -- what stops a computation from outside: time, and ^C.
 *
 * All of it reaches the machine through nock_interrupt() and nock_tick(),
 * from signal handlers.
 */
#ifndef LIMIT_H
#define LIMIT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * From now on the machine bails time after so many nanoseconds, 0 = never,
 * until limit_end().
 */
void limit_begin(uint64_t ns);
void limit_end(void);

/*
 * From now on ^C makes the machine bail intr, once; the second time it
 * ends the process.
 */
void limit_catch(void);

/* The same of SIGTERM too. */
void limit_catch_term(void);

/* End as that signal ends a process, so that the shell knows. */
void limit_die(void);

/* nock_opts.alarm */
void limit_alarm(void *arg, uint64_t ns);

#endif
