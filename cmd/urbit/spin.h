/*
 * spin -- tell people what is being computed, once it takes long.
 *
 * The clock runs only while an event is open, so an idle ship has no timer.
 */
#ifndef SPIN_H
#define SPIN_H

#include "ship_parts.h"

enum { SPIN_MS = 100 };

void spin_init(struct ship *s);

/* Another event is the first of those without an answer, or there is none. */
void spin_front(struct ship *s);

/* Nothing is computed: the serf is gone. */
void spin_stop(struct ship *s);

/* The screen is new: show it what the last one showed. */
void spin_show(struct ship *s);

#endif
