/*
 * life -- how the processes of a ship begin and end.
 *
 *     STARTING   the serf is computing what its image lacks
 *       %ripe -> readers and drivers are started; each says that it is ready
 *     LIVE       all have said so, or died trying
 *       a death -> the same process again, later if it dies often
 *     ENDING     the serf saves and ends; then the others' input ends
 *
 * A serf that ends with 0 by itself was told to by somebody who knew its
 * number, out of the pier's lock: the ship ends.
 */
#ifndef LIFE_H
#define LIFE_H

#include "child.h"

/* Start a process now; if that fails, later. */
void life_start(struct child *c);

/* The serf is ripe: start the others, those that do not run. */
void life_ripe(struct ship *s);

/* It is ready; it is dead. */
void life_ready(struct child *c);
void life_gone(struct child *c, int status);

/* Is the ship live now? */
void life_check(struct ship *s);

/* The serf does what it is there for: forget that it died. */
void life_progress(struct child *c);

/*
 * End the ship with this code; the second time, at once.
 */
void life_end(struct ship *s, int code);

#endif
