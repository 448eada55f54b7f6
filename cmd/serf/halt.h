/*
 * halt -- what reaches a computation from outside: ^C, an end, a time limit,
 * and the ticker.
 *
 *     SIGINT     what is being computed bails intr; when nothing is, it is
 *                ignored
 *     SIGTERM    there is a second left; what is computed then bails intr
 *     SIGHUP     the same, unless it was ignored when we began (nohup)
 *     ticker     every 10 ms, so that what waits for the log is seen to in
 *                the midst of an event (nock_opts.sample)
 */
#ifndef HALT_H
#define HALT_H

#include <stdbool.h>
#include <stdint.h>

/* 0, or -1 with errno set.  Signals that were blocked meanwhile come now. */
int halt_catch(void);

/* No more of them, until another halt_catch(). */
void halt_block(void);

/* In a child: a SIGTERM or SIGHUP ends it, ^C does not. */
void halt_forget(void);

/* Was there a SIGTERM or SIGHUP?  Is its second over? */
bool halt_asked(void);
bool halt_late(void);

/* For a poll: readable when either became true. */
int halt_fd(void);

/* That was read. */
void halt_seen(void);

/* A computation is between these, for at most so long; 0 = no limit. */
void halt_begin(uint64_t ns);
void halt_end(void);

/* Begin its time anew. */
void halt_again(void);

/* The ticker goes, or does not. */
void halt_tick(bool on);

#endif
