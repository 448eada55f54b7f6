#include "ship.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "heap.h"
#include "jam.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "stop.h"
#include "tell.h"
#include "tool.h"

/* -------- options -------- */

void (*ship_sample)(void *arg);

static size_t heap_limit;
static uint64_t limit_ns;

int
ship_set(int option, const char *value)
{
	if (option >= SHIP_JETS)
		return jetwatch_set(option - SHIP_JETS, value);
	return option == SHIP_HEAP ? load_heap(value, &heap_limit)
	                           : load_limit(value, &limit_ns);
}

uint64_t
ship_limit(void)
{
	return limit_ns;
}

/* -------- the machine -------- */

static void
start(void *arg)
{
	struct nock_opts o = {
	    .slog = *(bool *)arg ? tell_on_slog : NULL,
	    .report = tell_on_report,
	    .alarm = limit_alarm,
	    .sample = ship_sample,
	};

	nock_init(&o);
	jetwatch_init();
}

int
ship_start(bool loud)
{
	struct heap_opts h = {.limit = heap_limit};
	enum bail kind;

	tell_init(STDERR_FILENO);
	if (heap_init(&h) < 0)
		return tool_errno("heap");
	if ((kind = trap_run(start, &loud)) != BAIL_NONE)
		return load_gave_up("heap", kind);
	stop_catch();
	return 0;
}

int
ship_end(int code)
{
	tell_flush(&tell_err);
	code = jetwatch_end(code);
	nock_free();
	heap_free();
	return code;
}

/* -------- what went wrong -------- */

static int
gave_up(const char *dir, const struct pier *p)
{
	char object[300];

	if (stop_asked())
		return tool_fail(TOOL_SYS, dir, "interrupted in event %" PRIu64,
		    p->event + 1);
	snprintf(
	    object, sizeof object, "%.250s: event %" PRIu64, dir, p->event + 1);
	return load_gave_up(object, p->kind);
}

int
ship_failed(const char *dir, const struct pier *p, enum pier_got got)
{
	return got == PIER_GAVE_UP ? gave_up(dir, p)
	                           : load_pier_failed(dir, p, got);
}

int
ship_log_failed(const char *dir, const struct log *l, enum log_got got)
{
	if (got == LOG_OK)
		return 0;
	if (got == LOG_NONE)
		return tool_fail(TOOL_SYS, dir, "no pier: there is no log");
	return tool_fail(
	    got == LOG_BAD ? TOOL_DATA : TOOL_SYS, dir, "log: %s", log_why(l));
}

/* -------- opening -------- */

static int
opened(const struct pier *p, const char *dir, enum pier_got got)
{
	if (p->note[0])
		tool_say(dir, "%s", p->note);
	return ship_failed(dir, p, got);
}

int
ship_open(struct pier *p, const char *dir, enum ship_way way)
{
	return opened(p, dir,
	    way == SHIP_BARE ? pier_open_bare(p, dir)
	                     : pier_open(p, dir, way == SHIP_WRITE));
}

int
ship_open_anew(struct pier *p, const char *dir, uint64_t most)
{
	return opened(p, dir, pier_open_anew(p, dir, most));
}

int
ship_log(struct log *l, const char *dir)
{
	char path[4096];
	const char *why;

	*l = (struct log){0};
	if ((why = pier_absent(dir)) != NULL)
		return tool_fail(TOOL_SYS, dir, "%s", why);
	if (snprintf(path, sizeof path, "%s/%s", dir, LOG_NAME) >=
	    (int)sizeof path) {
		errno = ENAMETOOLONG;
		return tool_errno(dir);
	}
	return ship_log_failed(dir, l, log_open(l, path, LOG_READ));
}

/* -------- a row's noun -------- */

/* Under a trap. */
struct row {
	const struct log_event *e;
	void (*use)(noun n);
	struct cue_fault fault;
	bool good;
};

static void
use_row(void *arg)
{
	struct row *r = arg;
	noun n;

	heap_safepoint();
	r->good = cue(r->e->jam, r->e->n, &n, &r->fault) == 0;
	if (r->good && r->use != NULL)
		r->use(n);
}

int
ship_noun(const char *dir, const struct log_event *e, void (*use)(noun n))
{
	struct row r = {.e = e, .use = use};
	enum bail kind = trap_run(use_row, &r);

	if (kind != BAIL_NONE)
		return load_gave_up(dir, kind);
	if (r.good)
		return 0;
	return tool_fail(TOOL_DATA, dir,
	    "event %" PRIu64 ": %s at bit %" PRIu64, e->id, r.fault.reason,
	    r.fault.bit);
}

/* -------- computing -------- */

enum { SAVE_S = 20 };

static void
show(const struct pier *p, const struct ship_run *r)
{
	if (tool_progress_due())
		tool_progress("event %" PRIu64 " of %" PRIu64 ", %.0f/s",
		    p->event, r->to, (double)r->events * 1e9 / (double)r->ns);
}

int
ship_save(struct pier *p, const char *dir)
{
	return ship_failed(dir, p, pier_save(p));
}

static enum pier_got
step(struct pier *p, struct ship_run *r)
{
	uint64_t begin = clock_ns(), before = p->event;
	enum pier_got got;

	limit_begin(limit_ns);
	got = pier_next(p, p->event + 1 >= r->from);
	limit_end();
	tell_flush(&tell_err);
	r->events += p->event - before;
	r->ns += clock_ns() - begin;
	return got;
}

/* What was not compared yet is not kept. */
static int
keep(struct pier *p, const char *dir, const struct ship_run *r)
{
	return r->save && p->event >= r->from ? ship_save(p, dir) : 0;
}

/* Why it ended, and what helps; it began behind event `start`. */
static int
ended(struct pier *p, const char *dir, const struct ship_run *r,
    enum pier_got got, uint64_t start)
{
	if (got != PIER_DIFFER)
		return ship_failed(dir, p, got);
	return tool_fail(r->differs ? r->differs : TOOL_NO, dir, "%s; %s",
	    p->why,
	    start > 0
	        ? "eventlog replay --full makes an image of this log"
	        : "with --check-jets, a jet that is not its Hoon is named");
}

int
ship_go(struct pier *p, const char *dir, struct ship_run *r)
{
	uint64_t saved = clock_ns(), start = p->event;
	enum pier_got got = PIER_OK;
	int code = 0, wrote;

	if (r->to == 0 || r->to > p->log.last)
		r->to = p->log.last;
	while (p->event < r->to && !stop_asked()) {
		if ((got = step(p, r)) != PIER_OK)
			break;
		show(p, r);
		if (clock_ns() - saved < SAVE_S * UINT64_C(1000000000))
			continue;
		if ((code = keep(p, dir, r)) != 0)
			break;
		saved = clock_ns();
	}
	tool_progress_end();
	if (code != 0)
		return code;
	code = ended(p, dir, r, got, start);
	wrote = keep(p, dir, r);
	if (code == 0 && wrote == 0 && stop_asked())
		code = tool_fail(TOOL_SYS, dir,
		    "interrupted after event %" PRIu64, p->event);
	return code ? code : wrote;
}

/* -------- the image -------- */

static bool
show_bytes(void *arg, uint64_t done, uint64_t all)
{
	(void)arg;
	if (tool_progress_due())
		tool_progress("image: %" PRIu64 " of %" PRIu64 " MiB",
		    done >> 20, all >> 20);
	return !stop_asked();
}

int
ship_check_image(struct pier *p, const char *dir)
{
	enum store_got got = store_verify(&p->store, show_bytes, NULL);

	tool_progress_end();
	if (got == STORE_OK || got == STORE_STOP)
		return 0;
	return tool_fail(got == STORE_SYS ? TOOL_SYS : TOOL_DATA, dir,
	    "image: %s", p->store.why);
}
