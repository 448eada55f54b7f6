/*
 * daemon -- go on in the background, and tell who started us how it went.
 *
 *     parent   waits, and gets 0 once the ship is live, or the exit code
 *     child    is in a session of its own, without a terminal; until the
 *              ship is live its words go to where the parent's do
 */
#ifndef DAEMON_H
#define DAEMON_H

struct ship;

/*
 * In the child: -1, with *notify to be kept.  In the parent: the exit code.
 */
int daemon_begin(int *notify);

/* The ship is live: let the parent go. */
void daemon_live(struct ship *s);

#endif
