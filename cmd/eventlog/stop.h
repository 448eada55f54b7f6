/*
 * stop -- ^C, and SIGTERM: an end between two steps of a work.
 *
 * What the machine computes at that moment bails intr, and nothing of it is
 * recorded.  The second signal ends the process at once.
 */
#ifndef STOP_H
#define STOP_H

#include <stdbool.h>

/* From now on signals are only noted. */
void stop_catch(void);

/* Was there one? */
bool stop_asked(void);

/* For a poll: readable when there was one.  -1 before stop_catch(). */
int stop_fd(void);

/* End as the signal would have ended the process; or code, if none came. */
int stop_end(int code);

#endif
