/*
 * readers -- who answers questions.
 *
 * A question goes to the reader that has fewest, which answers in order; if
 * there is none, to the serf.  When one of them dies, what it was at is asked
 * once more of another reader, when there is one, and never of the serf; then
 * it is answered with a tang.  What stood behind it is asked anew and does not
 * count as tried.
 */
#ifndef READERS_H
#define READERS_H

#include "ship_parts.h"

/* A driver's %peek. */
void readers_ask(
    struct child *c, const struct frame_head *h, const uint8_t *p, size_t n);

/* An answer by c, which has the questions of l. */
void readers_answer(struct child *c, struct ledger *l,
    const struct frame_head *h, const uint8_t *p, size_t n);

/* A reader is there, or given up: what waited for one. */
void readers_retry(struct ship *s);

/* A reader died; the serf did; the serf is there. */
void readers_gone(struct child *c);
void readers_serf_gone(struct ship *s);
void readers_serf(struct ship *s);

#endif
