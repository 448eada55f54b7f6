#include "spin.h"

#include "note.h"

/* However much waits for the screen: were this lost it would be wrong for
 * ever. */
static void
show(struct ship *s)
{
	uint64_t tag = s->spinning ? ledger_at(&s->serf.asked, 0)->tag : 0;
	struct child *c = ship_screen(s);

	if (c)
		child_put(c, note_spin(s->spinning, tag));
}

static void
on_timer(uv_timer_t *timer)
{
	struct ship *s = timer->data;
	uint64_t age = uv_now(&s->loop) - s->front_since;

	if (s->serf.asked.count == 0 || !s->ripe)
		return;
	if (age < SPIN_MS) {
		uv_timer_start(timer, on_timer, SPIN_MS - age, 0);
		return;
	}
	s->spinning = true;
	show(s);
	ship_flush(s);
}

void
spin_init(struct ship *s)
{
	s->spin.data = s;
	uv_timer_init(&s->loop, &s->spin);
}

/*
 * The timer of the event before may run on: when it fires it sees that it is
 * early.  So a stream of short events sets no timer for each.
 */
void
spin_front(struct ship *s)
{
	s->front_since = uv_now(&s->loop);
	if (s->spinning) {
		s->spinning = false;
		show(s);
	}
	if (s->serf.asked.count == 0 || !s->ripe)
		return;
	if (!uv_is_active((uv_handle_t *)&s->spin))
		uv_timer_start(&s->spin, on_timer, SPIN_MS, 0);
}

void
spin_stop(struct ship *s)
{
	uv_timer_stop(&s->spin);
	if (s->spinning) {
		s->spinning = false;
		show(s);
	}
}

void
spin_show(struct ship *s)
{
	if (s->spinning)
		show(s);
}
