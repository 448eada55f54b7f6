#include "route.h"

#include <signal.h>
#include <string.h>

#include "life.h"
#include "note.h"
#include "peel.h"
#include "readers.h"
#include "ripe.h"
#include "spin.h"
#include "words.h"

/* Ids that we give: above those that a driver counts up to. */
#define WISH ((uint64_t)1 << 62)

enum { WISH_BYTES = 4096 };

/* -------- bounds -------- */

static bool
window_open(const struct child *c)
{
	return c->events == 0 ||
	    (c->events < WINDOW && c->event_bytes < WINDOW_BYTES);
}

/* Has this driver so much open that it must wait? */
static bool
is_full(const struct child *c)
{
	return c->waiting.count >= WAITING ||
	    c->waiting.bytes >= WAITING_BYTES || c->peeks >= QUESTIONS ||
	    c->peek_bytes >= QUESTION_BYTES || c->box.bytes >= BOX_BYTES / 2;
}

static void
read_on(struct child *c)
{
	if (c->pid)
		child_hold(c, !c->ship->ending && is_full(c));
}

/* Somebody has so much to read that the serf must wait. */
static bool
is_slow(const struct child *c)
{
	return child_alive(c) && c->box.bytes > BOX_BYTES;
}

static bool
any_slow(struct ship *s)
{
	for (int i = 0; i < DRIVERS_N; i++)
		if (is_slow(&s->drivers[i]))
			return true;
	return false;
}

static void
serf_on(struct ship *s)
{
	if (s->serf.held && !any_slow(s)) {
		uv_timer_stop(&s->slow);
		child_hold(&s->serf, false);
	}
}

/* It reads, if not as fast as it might; but not for ever. */
static bool
is_patient(struct ship *s, struct child *c)
{
	bool reads = c->box.written - c->written >= SLOW_BYTES;

	c->written = c->box.written;
	return reads && uv_now(&s->loop) - s->slow_since < SLOW_MOST_MS;
}

static void
on_slow(uv_timer_t *slow)
{
	struct ship *s = slow->data;

	for (int i = 0; i < DRIVERS_N; i++) {
		struct child *c = &s->drivers[i];

		if (!is_slow(c) || is_patient(s, c))
			continue;
		s->counts.slow++;
		child_kill(c, "it does not read");
	}
	uv_timer_start(slow, on_slow, SLOW_MS, 0);
	serf_on(s);
	ship_flush(s);
}

/* Let the serf wait until that driver has read some of it. */
static void
wait_for(struct ship *s, struct child *c)
{
	if (s->serf.held || s->ending)
		return;
	child_flush(c);
	if (!is_slow(c))
		return;
	child_hold(&s->serf, true);
	uv_update_time(&s->loop); /* a long frame took its time */
	s->slow_since = uv_now(&s->loop);
	for (int i = 0; i < DRIVERS_N; i++)
		s->drivers[i].written = s->drivers[i].box.written;
	uv_timer_start(&s->slow, on_slow, SLOW_MS, 0);
}

void
route_drained(struct child *c)
{
	if (c->kind != CHILD_DRIVER)
		return;
	serf_on(c->ship);
	read_on(c);
}

/* -------- events -------- */

void
route_event(struct ship *s, const struct ask *a)
{
	ledger_put(&s->serf.asked, a);
	ledger_at(&s->serf.asked, s->serf.asked.count - 1)->turn = ++s->turn;
	s->counts.events++;
	if (a->from && a->from->life == a->life) {
		a->from->events++;
		a->from->event_bytes += a->parcel->n;
	}
	if (s->ripe)
		child_put(&s->serf, parcel_hold(a->parcel));
	if (s->serf.asked.count == 1)
		spin_front(s);
}

static void
send_waiting(struct child *c)
{
	struct ask a;

	while (window_open(c) && ledger_take(&c->waiting, &a))
		route_event(c->ship, &a);
}

static void
event(struct child *c, const struct frame_head *h, const uint8_t *p, size_t n)
{
	struct ask a = {
	    .parcel = parcel_new(p, n),
	    .frame = h->frame,
	    .id = h->frame == FRAME_POKE ? h->id : 0,
	    .tag = h->tag,
	    .from = c,
	    .life = c->life,
	};

	ledger_put(&c->waiting, &a);
	send_waiting(c);
}

void
route_settled(struct ship *s, struct ask *a)
{
	struct child *c = a->from;

	if (c == NULL) {
		s->injecting = false;
		life_check(s);
	} else if (c->life == a->life && c->pid) {
		bool is_event =
		    a->frame == FRAME_CARD || a->frame == FRAME_POKE;

		*(is_event ? &c->events : &c->peeks) -= 1;
		*(is_event ? &c->event_bytes : &c->peek_bytes) -= a->parcel->n;
		send_waiting(c);
		read_on(c);
	}
	parcel_drop(a->parcel);
}

/* What it said, it said; but nobody waits for an answer. */
void
route_gone(struct child *c)
{
	struct ask a;

	while (ledger_take(&c->waiting, &a)) {
		a.life = 0;
		if (c->ship->ending)
			parcel_drop(a.parcel);
		else
			route_event(c->ship, &a);
	}
	c->events = c->peeks = 0;
	c->event_bytes = c->peek_bytes = 0;
	serf_on(c->ship);
}

/* -------- wishes -------- */

static void
wish(struct child *c, const struct frame_head *h, const uint8_t *p, size_t n)
{
	struct ship *s = c->ship;
	struct ask a = {
	    .frame = FRAME_URTH,
	    .id = h->id,
	    .tag = WISH | ++s->wished,
	    .turn = ++s->turn,
	    .from = c,
	    .life = c->life,
	};

	if (n > WISH_BYTES) {
		child_kill(c, "its %urth is too long");
		return;
	}
	a.parcel = parcel_new(p, n);
	c->peeks++;
	c->peek_bytes += a.parcel->n;
	ledger_put(&s->wishes, &a);
	if (s->ripe)
		child_put(&s->serf, note_with_id(p, n, a.tag));
}

void
route_wishes(struct ship *s)
{
	for (unsigned i = 0; i < s->wishes.count; i++) {
		struct ask *a = ledger_at(&s->wishes, i);
		size_t n;
		const uint8_t *p = parcel_jam(a->parcel, &n);

		a->turn = ++s->turn;
		child_put(&s->serf, note_with_id(p, n, a->tag));
	}
}

/* Is it the answer to one? */
static bool
granted(struct ship *s, const struct frame_head *h, const uint8_t *p, size_t n)
{
	struct parcel *renamed;
	struct ask a;

	for (unsigned i = 0; h->id >= WISH && i < s->wishes.count; i++) {
		if (ledger_at(&s->wishes, i)->tag != h->id)
			continue;
		ledger_pick(&s->wishes, i, &a);
		renamed = note_with_id_of(p, n, &a);
		ship_answer(&a, renamed ? renamed : note_gone(&a));
		route_settled(s, &a);
		return true;
	}
	return false;
}

/* -------- from a driver -------- */

static void
interrupt(struct ship *s)
{
	if (s->ripe && s->serf.pid)
		kill(s->serf.pid, SIGINT);
}

static void
from_driver(
    struct child *c, const struct frame_head *h, const uint8_t *p, size_t n)
{
	switch (h->frame) {
	case FRAME_CARD:
	case FRAME_POKE:
		event(c, h, p, n);
		break;
	case FRAME_PEEK:
		readers_ask(c, h, p, n);
		break;
	case FRAME_PEEL:
		peel_answer(c, h, p, n);
		break;
	case FRAME_URTH:
		wish(c, h, p, n);
		break;
	case FRAME_INTR:
		interrupt(c->ship);
		break;
	case FRAME_EXIT:
		life_end(c->ship, h->id < 256 ? (int)h->id : 0);
		break;
	case FRAME_SLOG:
	case FRAME_FLOG:
		words_shown(c->ship, p, n);
		break;
	default:
		child_kill(c, "it says what no driver may say");
	}
	read_on(c);
}

/* -------- from the serf -------- */

static struct child *
driver_for(struct ship *s, const struct frame_head *h)
{
	uint64_t knot = h->knot[0] ? h->knot[0] : h->knot[1];

	for (int i = 0; i < DRIVERS_N; i++) {
		struct child *c = &s->drivers[i];

		if (knot == c->knot || knot == (uint64_t)c->letter)
			return c;
	}
	return NULL;
}

/* A knot or a tag, as far as it fits a word. */
static const char *
knot_text(uint64_t knot, char text[sizeof knot + 1])
{
	memset(text, 0, sizeof knot + 1);
	if (knot == FRAME_LONG)
		strcpy(text, "...");
	else
		memcpy(text, &knot, sizeof knot);
	return text;
}

/*
 * What the ship computed may have any shape, and it is no reason to doubt the
 * serf that none here knows it.
 */
static void
nobody(struct ship *s, const struct frame_head *h)
{
	char text[3][sizeof h->tag + 1];

	s->counts.effects_nobody++;
	if (s->opts->verbose && h->frame != FRAME_CARD)
		words_say(
		    s, s->opts->pier, "nobody takes a frame that is no effect");
	else if (s->opts->verbose)
		words_say(s, s->opts->pier,
		    "nobody takes the effect %%%s of /%s/%s",
		    knot_text(h->tag, text[0]), knot_text(h->knot[0], text[1]),
		    knot_text(h->knot[1], text[2]));
}

static void
effect(struct ship *s, const struct frame_head *h, const uint8_t *p, size_t n)
{
	struct child *c = driver_for(s, h);

	if (c == NULL) {
		nobody(s, h);
		return;
	}
	if (!child_alive(c)) {
		s->counts.effects_dead++;
		return;
	}
	s->counts.effects++;
	child_put(c, parcel_new(p, n));
	if (is_slow(c))
		wait_for(s, c);
}

/* An event's %done or %bail: they come in the order of asking. */
static void
answer(struct ship *s, const struct frame_head *h, const uint8_t *p, size_t n)
{
	struct ledger *l = &s->serf.asked;
	struct ask a;

	if (granted(s, h, p, n))
		return;
	if (l->count == 0 || ledger_at(l, 0)->id != h->id) {
		child_kill(&s->serf, "it answers what it was not asked");
		return;
	}
	ledger_take(l, &a);
	s->answered++;
	life_progress(&s->serf);
	if (h->frame == FRAME_DONE) {
		s->counts.done++;
		s->event = h->word;
	} else {
		s->counts.refused++;
		if (a.from == NULL) {
			s->refused = true;
			words_fail(s, s->opts->pier, "the event was refused");
		}
	}
	if (a.id)
		ship_answer(&a, parcel_new(p, n));
	spin_front(s);
	route_settled(s, &a);
}

void
route_show(struct ship *s, struct parcel *p)
{
	struct child *c = ship_screen(s);

	if (c && c->box.bytes < SHOWN_BYTES) {
		child_put(c, p);
		return;
	}
	s->counts.slogs_lost++;
	parcel_drop(p);
}

static void
from_serf(
    struct ship *s, const struct frame_head *h, const uint8_t *p, size_t n)
{
	switch (h->frame) {
	case FRAME_CARD:
		effect(s, h, p, n);
		break;
	case FRAME_DONE:
	case FRAME_BAIL:
		answer(s, h, p, n);
		break;
	case FRAME_PEEK:
		readers_answer(&s->serf, &s->peeks, h, p, n);
		break;
	case FRAME_SLOG:
	case FRAME_FLOG:
		words_shown(s, p, n);
		break;
	case FRAME_RIPE:
		ripe_take(s, p, n);
		break;
	case FRAME_EXIT:
		life_end(s, h->id < 256 ? (int)h->id : 0);
		break;
	default:
		nobody(s, h);
	}
}

void
route_frame(struct child *c, const uint8_t *p, size_t n)
{
	struct frame_head h;

	frame_head(p, n, &h);
	if (c->kind == CHILD_SERF)
		from_serf(c->ship, &h, p, n);
	else if (c->kind == CHILD_READER)
		readers_answer(c, &c->asked, &h, p, n);
	else if (!c->ship->ending)
		from_driver(c, &h, p, n);
}
