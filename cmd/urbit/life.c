#include "life.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "readers.h"
#include "reason.h"
#include "ripe.h"
#include "route.h"
#include "ship_parts.h"
#include "spin.h"
#include "term.h"
#include "tool.h"
#include "words.h"

/*
 * ms to wait after so many deaths in a row, the last for all further.  A serf
 * may find the lock held by one that is still saving: it gets 2 s for that.
 */
static const unsigned delays[] = {0, 10, 100, 1000, 2000, 5000};

enum { SERF_DEATHS = 5, LIVED_MS = 10 * 1000, DELAYS = 6 };

/* -------- starting -------- */

static void
on_again(uv_timer_t *again)
{
	struct child *c = again->data;

	life_start(c);
	ship_flush(c->ship);
}

static void
again(struct child *c)
{
	unsigned i = c->deaths < DELAYS ? c->deaths : DELAYS - 1;

	c->deaths++;
	c->ship->counts.restarts++;
	uv_timer_start(&c->again, on_again, delays[i], 0);
}

void
life_start(struct child *c)
{
	if (c->pid || c->ship->ending)
		return;
	if (child_start(c) == 0) {
		if (c->kind == CHILD_READER)
			readers_retry(c->ship);
		return;
	}
	words_fail(c->ship, c->name, "%s", reason_of(errno));
	again(c);
}

void
life_ripe(struct ship *s)
{
	SHIP_EACH(s, c)
	{
		if (c->kind != CHILD_SERF && c->pid == 0 && !c->given_up &&
		    !uv_is_active((uv_handle_t *)&c->again))
			life_start(c);
	}
	life_check(s);
}

void
life_progress(struct child *c)
{
	c->deaths = 0;
}

/* -------- live -------- */

void
life_check(struct ship *s)
{
	if (s->live || s->ending || !s->ripe || s->injecting)
		return;
	SHIP_EACH(s, c)
	{
		if (c->kind != CHILD_SERF && !c->settled && !c->given_up)
			return;
	}
	s->live = true;
	daemon_live(s);
	if (s->opts->exit)
		life_end(s, s->refused ? TOOL_NO : TOOL_DONE);
}

void
life_ready(struct child *c)
{
	c->ready = c->settled = true;
	if (c->needs & DRIVER_SHOWS)
		spin_show(c->ship);
	life_check(c->ship);
}

/* -------- ending -------- */

static bool
all_gone(struct ship *s)
{
	SHIP_EACH(s, c)
	{
		if (c->pid)
			return false;
	}
	return true;
}

/* What is still there is killed. */
static void
on_late(uv_timer_t *end)
{
	struct ship *s = end->data;

	SHIP_EACH(s, c)
	{
		if (c->pid && (s->rest || c->kind == CHILD_SERF))
			child_kill(c, "it did not end in time");
	}
}

static void
deadline(struct ship *s, uint64_t at)
{
	uint64_t now = uv_now(&s->loop);

	uv_timer_start(&s->end, on_late, at > now ? at - now : 0, 0);
}

/* The serf is gone: the others end with their input. */
static void
end_rest(struct ship *s)
{
	s->rest = true;
	ship_flush(s);
	SHIP_EACH(s, c)
	{
		if (c->pid && c->kind != CHILD_SERF) {
			if (c->box.count == 0)
				child_close(c);
			else
				c->closing = true;
		}
	}
	if (all_gone(s))
		uv_stop(&s->loop);
	else
		deadline(s, s->end_at);
}

static void
kill_all(struct ship *s)
{
	SHIP_EACH(s, c)
	{
		child_kill(c, NULL);
	}
}

void
life_end(struct ship *s, int code)
{
	unsigned ms = s->opts->end_ms ? s->opts->end_ms : 2000;

	if (s->ending) {
		kill_all(s);
		return;
	}
	s->ending = true;
	s->code = code;
	uv_update_time(&s->loop);
	s->end_at = uv_now(&s->loop) + ms;
	SHIP_EACH(s, c)
	{
		uv_timer_stop(&c->again);
		child_hold(c, false);
	}
	if (s->serf.pid == 0) {
		end_rest(s);
		return;
	}
	kill(s->serf.pid, SIGTERM);
	child_close(&s->serf);
	deadline(s, s->end_at - ms / 8);
}

/* -------- dying -------- */

/* Of a serf that cannot start the same is said each time: once is enough. */
static bool
is_told(const struct child *c, int status)
{
	static int told = -1;
	bool same = told == status;

	if (c->kind != CHILD_SERF || c->ship->was_ripe)
		return false;
	told = status;
	return same;
}

static void
tell(struct child *c, int status)
{
	struct ship *s = c->ship;

	if (c->doomed || is_told(c, status))
		return;
	if (WIFSIGNALED(status))
		words_fail(s, c->name, "died of signal %d", WTERMSIG(status));
	else
		words_fail(
		    s, c->name, "ended with code %d", WEXITSTATUS(status));
}

/* What will be no better the next time. */
static bool
hopeless(const struct child *c, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (code == TOOL_USAGE || code == 127)
		return true;
	return c->kind == CHILD_SERF && !c->ship->was_ripe &&
	    (code == TOOL_DATA || code == TOOL_NO);
}

static void
serf_gone(struct child *c, int status)
{
	struct ship *s = c->ship;
	bool ended = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	ripe_gone(s);
	if (ended && !c->doomed) {
		life_end(s, TOOL_DONE);
		return;
	}
	tell(c, status);
	if (hopeless(c, status)) {
		life_end(s,
		    WEXITSTATUS(status) == 127 ? TOOL_SYS
		                               : WEXITSTATUS(status));
		return;
	}
	if (c->deaths >= SERF_DEATHS) {
		words_fail(s, s->opts->pier,
		    "the serf died %u times and did nothing meanwhile",
		    c->deaths + 1);
		life_end(s, TOOL_SYS);
		return;
	}
	again(c);
}

static void
other_gone(struct child *c, int status)
{
	struct ship *s = c->ship;

	tell(c, status);
	c->settled = true;
	if (hopeless(c, status)) {
		c->given_up = true;
		words_fail(s, c->name, "the ship goes on without it");
		readers_retry(s);
	} else {
		again(c);
	}
	life_check(s);
}

void
life_gone(struct child *c, int status)
{
	struct ship *s = c->ship;

	if (uv_now(&s->loop) - c->since >= LIVED_MS)
		c->deaths = 0;
	if (c->needs & DRIVER_TTY)
		term_restore();
	if (c->kind == CHILD_DRIVER)
		route_gone(c);
	if (c->kind == CHILD_READER)
		readers_gone(c);
	if (s->ending && c->kind == CHILD_SERF)
		end_rest(s);
	else if (s->ending && all_gone(s))
		uv_stop(&s->loop);
	else if (!s->ending && c->kind == CHILD_SERF)
		serf_gone(c, status);
	else if (!s->ending)
		other_gone(c, status);
}
