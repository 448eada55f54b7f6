#include "replay.h"

#include <inttypes.h>
#include <stdio.h>

#include "clock.h"
#include "jam.h"
#include "kernel.h"
#include "mug.h"
#include "shape.h"

void
replay_init(struct replay *r, noun kernel, uint64_t event)
{
	*r = (struct replay){.check = true, .kernel = kernel, .event = event};
	r->root = (struct heap_root){.p = &r->kernel, .n = 3};
	heap_root_add(&r->root);
}

void
replay_free(struct replay *r)
{
	heap_root_remove(&r->root);
}

/* -------- the source -------- */

/*
 * The event that is next, which stays so until it is computed.  REPLAY_DONE
 * if there is one.
 */
static enum replay_got
fetch(struct replay *r, uint64_t id)
{
	int got;

	if (r->taken)
		return REPLAY_DONE;
	if ((got = r->next(r->arg, &r->now)) < 0)
		return REPLAY_SOURCE;
	if (got == 0)
		return REPLAY_END;
	if (r->now.id != id) {
		snprintf(r->why, sizeof r->why,
		    "it is event %" PRIu64 " where %" PRIu64 " should be",
		    r->now.id, id);
		return REPLAY_BAD;
	}
	r->taken = true;
	return REPLAY_DONE;
}

/* -------- computing, under a trap -------- */

struct step {
	struct replay *r;
	void (*compute)(struct replay *, noun event);
	bool bad;
};

static void
run(void *arg)
{
	struct step *s = arg;
	struct replay *r = s->r;
	struct cue_fault fault;
	noun event;

	if (r->kind == BAIL_MEME) /* of the try before: make room */
		heap_safepoint();
	if (cue(r->now.jam, r->now.n, &event, &fault) < 0) {
		snprintf(r->why, sizeof r->why, "bit %" PRIu64 ": %s",
		    fault.bit, fault.reason);
		s->bad = true;
		return;
	}
	s->compute(r, event);
}

/* Do this with the event that is next, and then it is no longer next. */
static enum replay_got
compute(struct replay *r, void (*f)(struct replay *, noun event))
{
	struct step s = {.r = r, .compute = f};

	r->kind = trap_run(run, &s);
	if (r->kind == BAIL_EXIT)
		return REPLAY_CRASHED;
	if (r->kind != BAIL_NONE)
		return REPLAY_GAVE_UP;
	if (s.bad)
		return REPLAY_BAD;
	r->taken = false;
	return REPLAY_DONE;
}

/* The kernel is this one, now that nothing can bail any more. */
static void
take(struct replay *r, noun kernel, noun effects)
{
	uint32_t want = r->check ? r->now.mug : 0;

	r->mug = want ? mug(kernel) : 0;
	r->want = want;
	r->kernel = kernel;
	r->effects = effects;
	r->event = r->now.id;
}

static void
poke(struct replay *r, noun event)
{
	noun product = kernel_poke(r->kernel, event), effects, kernel;

	if (!uncons(product, &effects, &kernel) || !is_cell(kernel))
		bail(BAIL_EXIT);
	take(r, kernel, effects);
}

/* -------- the first events, as one -------- */

static void
gather(struct replay *r, noun event)
{
	r->gathered = cons(event, r->gathered);
	r->ready++;
}

/* With the last of them. */
static void
boot(struct replay *r, noun event)
{
	take(r, kernel_boot(list_flop(cons(event, r->gathered))), 0);
	r->gathered = 0;
}

static enum replay_got
live(struct replay *r)
{
	enum replay_got got = REPLAY_DONE;

	while (got == REPLAY_DONE && r->event == 0)
		if ((got = fetch(r, r->ready + 1)) == REPLAY_DONE)
			got =
			    compute(r, r->ready + 1 < r->life ? gather : boot);
	if (got != REPLAY_END || r->ready == 0)
		return got;
	snprintf(
	    r->why, sizeof r->why, "the source ends before the kernel is made");
	return REPLAY_BAD;
}

enum replay_got
replay_step(struct replay *r)
{
	uint64_t start = clock_ns();
	enum replay_got got;

	if (r->event == 0 && r->life > 0)
		got = live(r);
	else if ((got = fetch(r, r->event + 1)) == REPLAY_DONE)
		got = compute(r, poke);
	r->ns = clock_ns() - start;
	return got == REPLAY_DONE && r->mug != r->want ? REPLAY_DIFFERS : got;
}
