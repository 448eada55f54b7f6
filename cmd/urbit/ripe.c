#include "ripe.h"

#include <inttypes.h>

#include "life.h"
#include "note.h"
#include "readers.h"
#include "route.h"
#include "spin.h"
#include "tool.h"
#include "words.h"

enum { RIPE_VERSION = 1, TRIES = 3 };

/* What became of the first of the events, its asker is not to know. */
static void
let_go(struct ship *s)
{
	struct ask a;

	ledger_take(&s->serf.asked, &a);
	s->counts.gone++;
	if (a.id)
		ship_answer(&a, note_gone(&a));
	route_settled(s, &a);
}

/* Those that are in the log, by the serf before. */
static void
let_go_taken(struct ship *s, const struct ripe *r)
{
	uint64_t n = 0;

	if (r->nonce != s->nonce && r->taken > s->answered)
		n = r->taken - s->answered;
	if (n > s->serf.asked.count)
		words_fail(s, s->serf.name, "it took %" PRIu64 " events of %u",
		    n, s->serf.asked.count);
	for (; n && s->serf.asked.count; n--)
		let_go(s);
}

/*
 * Did the serf that is gone die of an event?  Not if we killed it, nor if it
 * was a question's turn or a wish's.
 */
static bool
is_event_to_blame(struct ship *s)
{
	uint64_t turn;

	if (s->serf.doomed || s->serf.asked.count == 0)
		return false;
	turn = ledger_at(&s->serf.asked, 0)->turn;
	return (s->peeks.count == 0 || turn < ledger_at(&s->peeks, 0)->turn) &&
	    (s->wishes.count == 0 || turn < ledger_at(&s->wishes, 0)->turn);
}

/* The first may be what kills them. */
static void
let_go_poison(struct ship *s)
{
	struct ask *a;

	if (!s->blamed || s->serf.asked.count == 0)
		return;
	s->blamed = false;
	a = ledger_at(&s->serf.asked, 0);
	if (++a->tries < TRIES)
		return;
	words_fail(s, s->serf.name,
	    "%d died over an event of %s: it is dropped", TRIES,
	    a->from ? a->from->name : "-I");
	let_go(s);
}

static void
ask_again(struct ship *s)
{
	for (unsigned i = 0; i < s->serf.asked.count; i++) {
		struct ask *a = ledger_at(&s->serf.asked, i);

		a->turn = ++s->turn;
		child_put(&s->serf, parcel_hold(a->parcel));
		s->counts.again++;
	}
	readers_serf(s);
	route_wishes(s);
}

static void
inject(struct ship *s)
{
	struct ask a = {.frame = FRAME_CARD};

	if (s->opts->inject == NULL)
		return;
	a.parcel = parcel_new(s->opts->inject, s->opts->inject_n);
	s->injecting = true;
	route_event(s, &a);
}

static void
born(struct ship *s)
{
	for (int i = 0; i < DRIVERS_N; i++)
		if (child_alive(&s->drivers[i]))
			child_put(&s->drivers[i], note_born());
}

void
ripe_take(struct ship *s, const uint8_t *p, size_t n)
{
	bool first = !s->was_ripe;
	struct ripe r;

	if (s->ripe || !note_ripe(p, n, &r)) {
		child_kill(&s->serf, "its %ripe is out of turn");
		return;
	}
	if (r.version != RIPE_VERSION) {
		words_fail(s, s->serf.name,
		    "it speaks version %" PRIu64 ", not %d", r.version,
		    RIPE_VERSION);
		life_end(s, TOOL_DATA);
		return;
	}
	if (s->ending)
		return;
	if (!first)
		let_go_taken(s, &r);
	let_go_poison(s);
	s->who[0] = r.who[0];
	s->who[1] = r.who[1];
	s->event = r.event;
	s->nonce = r.nonce;
	s->answered = 0;
	s->ripe = s->was_ripe = true;
	born(s);
	ask_again(s);
	if (first)
		inject(s);
	spin_front(s);
	life_ripe(s);
}

void
ripe_gone(struct ship *s)
{
	struct ask a;

	/* One that was not ripe yet had nothing to die of. */
	if (s->ripe)
		s->blamed = is_event_to_blame(s);
	s->ripe = false;
	spin_stop(s);
	uv_timer_stop(&s->slow);
	while (ledger_take(&s->wishes, &a)) {
		ship_answer(&a, note_gone(&a));
		route_settled(s, &a);
	}
	readers_serf_gone(s);
}
