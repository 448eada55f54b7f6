#include "readers.h"

#include "life.h"
#include "note.h"
#include "route.h"

enum { TRIES = 2 };

static struct child *
least_busy(struct ship *s)
{
	struct child *best = NULL;

	for (unsigned i = 0; i < s->n_readers; i++) {
		struct child *c = &s->readers[i];

		if (child_alive(c) && c->fd[PIPE_IN] >= 0 &&
		    (!best || c->asked.count < best->asked.count))
			best = c;
	}
	return best;
}

/* The parcel's count goes along. */
static void
give(struct ship *s, const struct ask *a)
{
	struct child *c = least_busy(s);

	if (c) {
		ledger_put(&c->asked, a);
		child_put(c, parcel_hold(a->parcel));
		return;
	}
	s->counts.peeks_serf++;
	ledger_put(&s->peeks, a);
	ledger_at(&s->peeks, s->peeks.count - 1)->turn = ++s->turn;
	if (s->ripe)
		child_put(&s->serf, parcel_hold(a->parcel));
}

void
readers_ask(
    struct child *c, const struct frame_head *h, const uint8_t *p, size_t n)
{
	struct ask a = {
	    .parcel = parcel_new(p, n),
	    .frame = FRAME_PEEK,
	    .id = h->id,
	    .from = c,
	    .life = c->life,
	};

	c->ship->counts.peeks++;
	c->peeks++;
	c->peek_bytes += a.parcel->n;
	give(c->ship, &a);
}

void
readers_answer(struct child *c, struct ledger *l, const struct frame_head *h,
    const uint8_t *p, size_t n)
{
	struct ask a;

	if (h->frame != FRAME_PEEK || l->count == 0 ||
	    ledger_at(l, 0)->id != h->id) {
		child_kill(c, "it answers what it was not asked");
		return;
	}
	ledger_take(l, &a);
	if (c->kind == CHILD_READER)
		life_progress(c);
	ship_answer(&a, parcel_new(p, n));
	route_settled(c->ship, &a);
}

/* Is there a reader, or will there be one again? */
static bool
any_to_come(struct ship *s)
{
	for (unsigned i = 0; i < s->n_readers; i++)
		if (!s->readers[i].given_up)
			return true;
	return false;
}

/*
 * Ask anew, or say that it cannot be answered.  What somebody died over waits
 * for a reader: the serf has better things to die of.
 */
static void
retry(struct ship *s, struct ask *a)
{
	if (a->tries < TRIES && !s->ending) {
		if (a->tries == 0 || least_busy(s)) {
			give(s, a);
			return;
		}
		if (any_to_come(s)) {
			ledger_put(&s->deadly, a);
			return;
		}
	}
	s->counts.peeks_lost++;
	ship_answer(a, note_unanswered(a));
	route_settled(s, a);
}

/* Those questions that waited are the first that it gets. */
void
readers_retry(struct ship *s)
{
	struct ledger old = s->deadly;
	struct ask a;

	s->deadly = (struct ledger){0};
	while (ledger_take(&old, &a))
		retry(s, &a);
	ledger_clear(&old);
}

/* All that was asked of somebody who died, over the first of it maybe. */
static void
retry_all(struct ship *s, struct ledger *l, bool blame)
{
	struct ledger old = *l;
	struct ask a;

	*l = (struct ledger){0};
	if (blame && old.count)
		ledger_at(&old, 0)->tries++;
	while (ledger_take(&old, &a))
		retry(s, &a);
	ledger_clear(&old);
}

void
readers_gone(struct child *c)
{
	retry_all(c->ship, &c->asked, true);
}

void
readers_serf_gone(struct ship *s)
{
	retry_all(s, &s->peeks, !s->serf.doomed);
}

void
readers_serf(struct ship *s)
{
	for (unsigned i = 0; i < s->peeks.count; i++) {
		struct ask *a = ledger_at(&s->peeks, i);

		a->turn = ++s->turn;
		child_put(&s->serf, parcel_hold(a->parcel));
	}
}
