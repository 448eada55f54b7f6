/*
 * route -- a frame came: where does it go?
 *
 *     from a driver   an event: to the serf, if the driver's window has room,
 *                     else it waits; a question: to a reader; or for us
 *     from the serf   an effect: to the driver of its wire; an answer: to who
 *                     asked; something for people: to the screen
 *     from a reader   an answer
 *
 * Nothing grows without bound.  A driver has at most WINDOW events with the
 * serf, so that none of them is far behind another's, and some more that
 * wait; then it is not read from.  A driver that has BOX_BYTES to read
 * holds the serf up; if it reads less than SLOW_BYTES of it in SLOW_MS it is
 * killed, or if it has held the serf up for SLOW_MOST_MS.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include "ship_parts.h"

enum {
	WINDOW = 256, /* events of a driver with the serf */
	WINDOW_BYTES = 4 << 20,
	WAITING = 1024, /* and behind them */
	WAITING_BYTES = 4 << 20,
	QUESTIONS = 512, /* and questions */
	QUESTION_BYTES = 8 << 20,
	BOX_BYTES = 64 << 20,  /* that wait for a driver to read them */
	SHOWN_BYTES = 1 << 20, /* of them, words for people */
	SLOW_MS = 2000,
	SLOW_BYTES = 4 << 20,
	SLOW_MOST_MS = 30 * 1000
};

/* A frame, its jam, of that child. */
void route_frame(struct child *c, const uint8_t *p, size_t n);

/* It has read something. */
void route_drained(struct child *c);

/* A driver died. */
void route_gone(struct child *c);

/* An event for the serf; its parcel's count is ours. */
void route_event(struct ship *s, const struct ask *a);

/*
 * It has its answer: drop it, and read on from who asked.
 */
void route_settled(struct ship *s, struct ask *a);

/* Something for people, if the screen has room. */
void route_show(struct ship *s, struct parcel *p);

/* The serf is ripe: ask it for what waited for that. */
void route_wishes(struct ship *s);

#endif
