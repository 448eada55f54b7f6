/*
 * replay -- the events of a log computed again, wherever they come from, and
 * the kernel's mug after each compared with the one that was noted.
 *
 * The first `life` events are computed as one, which makes the kernel; each
 * other one is a poke (kernel.h).  Effects are handed to who asks for them
 * and then forgotten: nothing leaves the process.  No more than one event is
 * in memory beside the kernel, but for the first ones.
 *
 *     struct replay r;
 *
 *     replay_init(&r, 0, 0);
 *     r.next = read from a log;
 *     r.life = what the log says;
 *     while ((got = replay_step(&r)) == REPLAY_DONE && r.event < stop)
 *         show r.event, r.ns, r.effects;
 *     replay_free(&r);
 *
 * So it may stop after any event, and go on from there, in another process
 * too: what there is to keep is r.kernel and r.event.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bail.h"
#include "heap.h"
#include "noun.h"

/* An event as a log has it. */
struct replay_event {
	uint64_t id;
	uint32_t mug; /* 0: not known */
	const uint8_t *jam;
	size_t n;
};

enum replay_got {
	REPLAY_DONE,    /* one event more; the first time, the life of them */
	REPLAY_END,     /* the source has no more */
	REPLAY_DIFFERS, /* the kernel's mug is not the event's: r->mug, want */
	REPLAY_CRASHED, /* the event crashed; nock_trace() says where */
	REPLAY_BAD,     /* the source gave what is no event: r->why */
	REPLAY_SOURCE,  /* the source failed, and knows why */
	REPLAY_GAVE_UP  /* the machine failed: r->kind; it can be tried again */
};

struct replay {
	/*
	 * The source: 1 and the next event, whose bytes are its own until
	 * the next call; 0 after the last; -1.
	 */
	int (*next)(void *arg, struct replay_event *e);
	void *arg;
	uint64_t life;
	bool check; /* compare mugs: true unless it is made false */

	/* As of the last event computed. */
	noun kernel, effects; /* roots; the life has no effects */
	noun gathered;        /* one too: of the life, in reverse */
	uint64_t event;
	uint64_t ns;        /* that it took */
	uint32_t mug, want; /* of the kernel, and noted; 0: not compared */

	/* Of the event at fault, which is the one after r->event. */
	enum bail kind;
	char why[128];

	/* The replay's own. */
	struct replay_event now;
	bool taken;     /* now was not computed yet */
	uint64_t ready; /* of the life: so many are gathered */
	struct heap_root root;
};

/*
 * Begin after an event with the kernel as it was then; with 0 and 0 at the
 * first.  The source has to give the events after that one.
 */
void replay_init(struct replay *r, noun kernel, uint64_t event);

/*
 * Compute the next event.  Unless it gives REPLAY_DONE, kernel and event are
 * what they were before, but for REPLAY_DIFFERS: the event did happen, and
 * the caller may go on.  Collects; never bails.
 */
enum replay_got replay_step(struct replay *r);

void replay_free(struct replay *r);

#endif
