#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "options.h"
#include "profile.h"
#include "show.h"
#include "tell.h"
#include "times.h"
#include "tool.h"

#define CHECKPOINT_NS UINT64_C(10000000000)

int
run_fail(struct pier *p, enum pier_got got)
{
	if (got == PIER_GAVE_UP && p->kind == BAIL_INTR)
		return tool_fail(TOOL_SYS, options.pier, "interrupted (intr)");
	if (got == PIER_DIFFER)
		return tool_fail(TOOL_DATA, options.pier, "%s", p->why);
	return load_pier_failed(options.pier, p, got);
}

/* -------- one event -------- */

/* Which comes next. */
static void
say_next(struct pier *p)
{
	struct log_event e;

	if (p->event == 0)
		tool_say(options.pier,
		    "events 1 to %" PRIu64 " of %" PRIu64
		    ": the kernel, from its pill",
		    p->life, p->booted);
	else if (log_get(&p->log, p->event + 1, &e) == LOG_OK)
		tool_say(options.pier,
		    "event %" PRIu64 " of %" PRIu64 ": %s %%%s", e.id,
		    p->booted, e.wire, e.tag);
}

static void
say_times(struct pier *p)
{
	char line[160];

	snprintf(line, sizeof line,
	    "event %" PRIu64 ": %" PRIu64 ".%03u ms, %" PRIu64
	    " cells, mug 0x%08" PRIx32 ", %" PRIu64 " effects",
	    p->event, times_ns() / 1000000,
	    (unsigned)(times_ns() / 1000 % 1000), times_cells(), pier_mug(p),
	    show_count(p->work.effects));
	tell_line(&tell_err, line);
	tell_flush(&tell_err);
}

static enum pier_got
step(struct pier *p)
{
	enum pier_got got;

	limit_begin(options.limit_ns);
	times_begin();
	got = pier_next(p, true);
	times_end();
	limit_end();
	tell_flush(&tell_err);
	if (got == PIER_CRASH || got == PIER_GAVE_UP)
		tell_trace(&tell_err, nock_trace());
	return got;
}

static int
after(struct pier *p)
{
	if (options.time)
		say_times(p);
	return options.effects ? show_effects(p->event, p->work.effects) : 0;
}

/* -------- all of them -------- */

/* A checkpoint, and how it went: the exit code. */
static int
save(struct pier *p)
{
	enum pier_got got = pier_save(p);

	return got == PIER_OK ? 0 : run_fail(p, got);
}

static int
run_to(struct pier *p, uint64_t stop)
{
	uint64_t saved = clock_ns();
	enum pier_got got;
	int code = 0;

	while (code == 0 && p->event < stop) {
		say_next(p);
		if ((got = step(p)) != PIER_OK)
			return run_fail(p, got);
		code = after(p);
		if (code == 0 && p->event < stop &&
		    (p->event == p->life ||
		        clock_ns() - saved > CHECKPOINT_NS)) {
			code = save(p);
			saved = clock_ns();
		}
	}
	return code;
}

static void
say_end(struct pier *p)
{
	if (p->event == 0)
		tool_say(options.pier,
		    "nothing of %" PRIu64
		    " events is computed; the same command goes on",
		    p->booted);
	else if (p->event < p->booted)
		tool_say(options.pier,
		    "stopped after event %" PRIu64 " of %" PRIu64
		    ", kernel mug 0x%08" PRIx32 "; the same command goes on",
		    p->event, p->booted, pier_mug(p));
	else
		tool_say(options.pier,
		    "booted: event %" PRIu64 ", kernel mug 0x%08" PRIx32,
		    p->event, pier_mug(p));
}

static uint64_t
stop_of(const struct pier *p)
{
	if (options.stops && options.stop > p->booted)
		tool_say(options.pier, "the boot ends with event %" PRIu64,
		    p->booted);
	if (!options.stops || options.stop >= p->booted)
		return p->booted;
	if (options.stop > 0 && options.stop < p->life)
		tool_say(options.pier,
		    "events 1 to %" PRIu64 " are computed as one: stopping "
		    "after these",
		    p->life);
	return options.stop;
}

static int
run_profiled(struct pier *p, uint64_t stop)
{
	int code;

	if (options.profile != NULL && p->event >= stop)
		tool_say(options.profile, "nothing to compute: not written");
	if (options.profile == NULL || p->event >= stop)
		return run_to(p, stop);
	if (profile_open(options.profile) < 0)
		return tool_errno(options.profile);
	profile_begin();
	code = run_to(p, stop);
	profile_end();
	if (profile_close() < 0)
		code = tool_errno(options.profile);
	return code;
}

/*
 * What was computed is kept, also before a failure.  But nothing more will be
 * computed, and a checkpoint would move the products of %memo for nothing.
 */
int
run_boot(struct pier *p)
{
	int code, saved;

	if (options.stops && options.stop < p->event && p->event < p->booted)
		return tool_fail(TOOL_NO, options.pier,
		    "event %" PRIu64 " is computed already", p->event);
	limit_catch_term();
	code = run_profiled(p, stop_of(p));
	nock_memo_clear();
	saved = save(p);
	if (p->kind == BAIL_INTR && code != 0) {
		pier_close(p); /* or its lock is left behind */
		limit_die();
	}
	if (code == 0)
		code = saved;
	if (code == 0)
		say_end(p);
	return code;
}
