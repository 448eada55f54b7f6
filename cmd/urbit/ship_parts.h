/*
 * ship_parts -- what the files of the switchboard share: the ship itself.
 *
 *     life.h      starting, dying, starting again, ending
 *     route.h     a frame came: where to
 *     readers.h   questions, and who answers them
 *     spin.h      what has been computed for long
 *     words.h     lines for people
 *     note.h      the few frames that we make ourselves
 */
#ifndef SHIP_PARTS_H
#define SHIP_PARTS_H

#include <uv.h>

#include "child.h"
#include "drivers.h"
#include "ledger.h"
#include "ship.h"

/* name, what it counts: for /mass, and for -v at the end. */
#define SHIP_COUNTS(X)                                           \
	X(events, "asked for by drivers")                        \
	X(done, "in the log")                                    \
	X(refused, "events that were refused")                   \
	X(gone, "events whose fate a dead serf did not tell")    \
	X(again, "events asked for anew of another serf")        \
	X(peeks, "questions")                                    \
	X(peeks_serf, "of them, given to the serf")              \
	X(peeks_lost, "that nobody lived to answer")             \
	X(effects, "passed on")                                  \
	X(effects_nobody, "for no driver")                       \
	X(effects_dead, "for a driver that was not there")       \
	X(slogs_lost, "not shown: the terminal is slow")         \
	X(words_lost, "bytes not said: standard error is slow")  \
	X(slow, "drivers killed for not reading")                \
	X(restarts, "of a process")

struct ship_counts {
#define X(name, about) uint64_t name;
	SHIP_COUNTS(X)
#undef X
};

enum { SHIP_READERS_MAX = 64 };

struct ship {
	const struct ship_opts *opts;
	uv_loop_t loop;
	uv_signal_t signals[4];
	bool terminal; /* there is one, and dill has it */
	int notify;    /* the parent that waits until we are live; -1 = none */

	struct child serf, drivers[DRIVERS_N];
	struct child readers[SHIP_READERS_MAX];
	unsigned n_readers;

	/* The serf.  serf.asked has the events. */
	bool ripe, was_ripe;
	bool injecting; /* what the ship is to begin with has no answer */
	bool refused;   /* that it was: -x ends with 1 */
	uint64_t who[2], event;
	uint64_t nonce;       /* of the serf before this one; see ripe.h */
	uint64_t answered;    /* events, by this one */
	struct ledger peeks;  /* that it is to answer */
	struct ledger deadly; /* that somebody died over: readers.c */
	uint64_t turn;        /* of what it was asked: ask.turn */
	bool blamed;          /* the one before may have died of an event */
	struct ledger wishes; /* %urth; ask.tag is the id it has for the serf */
	uint64_t wished;      /* ids given */
	uv_timer_t slow;      /* it waits for a driver to read, */
	uint64_t slow_since;  /* since then */

	uv_timer_t spin;
	bool spinning;
	uint64_t front_since; /* ms: when the first of the events became so */

	bool live, ending, rest; /* rest: the serf is gone, the others go */
	int code;
	uv_timer_t end;
	uint64_t end_at;

	struct ship_counts counts;
};

/* Every child, one after the other: NULL ends. */
struct child *ship_next(struct ship *s, struct child *c);

#define SHIP_EACH(s, c) \
	for (struct child *c = ship_next(s, NULL); c; c = ship_next(s, c))

/* Write what waits for the children; after each turn of the loop. */
void ship_flush(struct ship *s);

/* What was asked was answered so: to who asked, if that process lives. */
void ship_answer(const struct ask *a, struct parcel *p);

/* Who shows things to people: NULL if it is not there. */
struct child *ship_screen(struct ship *s);

#endif
