/*
 * serf -- the one process of a ship that computes and writes.
 *
 *     open      lock, log, image; what is in the log and not in the image is
 *               computed
 *     start     the kernel is told of it
 *     loop      frames in, events into the log, frames out
 *     close     all that was worked is durable and has gone out; a checkpoint
 *
 * The loop is one thread.  Beside it the log's own waits for the disk, and
 * now and then a child process packs the image.
 */
#include "serf.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "frame.h"
#include "halt.h"
#include "jetwatch.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "nonblock.h"
#include "options.h"
#include "tell.h"
#include "tool.h"

struct serf serf;

enum { WAITING_MAX = 64 << 20 }; /* bytes put and not durable */

/* -------- how it ends -------- */

void
serf_stop(struct serf *s, int code)
{
	if (s->code == 0)
		s->code = code;
	s->over = true;
}

static int
why(struct serf *s, enum pier_got got)
{
	return got == PIER_DIFFER
	    ? tool_fail(TOOL_DATA, options.pier, "%s", s->pier.why)
	    : load_pier_failed(options.pier, &s->pier, got);
}

void
serf_failed(struct serf *s, enum pier_got got)
{
	serf_stop(s, why(s, got));
}

/* -------- opening -------- */

static bool
tell(enum bail kind)
{
	(void)kind;
	halt_again();
	return !halt_asked();
}

/* One event of the log.  ^C is nobody's business now. */
static enum pier_got
compute(struct serf *s)
{
	enum pier_got got;

	do {
		halt_begin(0);
		got = pier_next(&s->pier, true);
		halt_end();
	} while (
	    got == PIER_GAVE_UP && s->pier.kind == BAIL_INTR && !halt_asked());
	return got;
}

/* What is behind is computed; what that took is kept now and then. */
static int
catch_up(struct serf *s)
{
	struct pier *p = &s->pier;
	uint64_t begin = clock_ns(), first = p->event;
	enum pier_got got = PIER_OK;

	while (got == PIER_OK && p->event < p->log.last && !halt_asked()) {
		got = compute(s);
		if (tool_progress_due())
			tool_progress("event %" PRIu64 " of %" PRIu64, p->event,
			    p->log.last);
		if (got == PIER_OK && clock_ns() - begin > options.snap_ns) {
			got = pier_save(p);
			begin = clock_ns();
		}
	}
	tool_progress_end();
	if (halt_asked())
		s->over = true;
	else if (got != PIER_OK)
		return why(s, got);
	else if (p->event > first && options.resumed < 0)
		tool_say(options.pier,
		    "computed events %" PRIu64 " to %" PRIu64, first + 1,
		    p->event);
	return 0;
}

static int
open_pier(struct serf *s)
{
	struct pier *p = &s->pier;
	enum pier_got got = pier_open(p, options.pier, true);

	if (p->note[0])
		tool_say(options.pier, "%s", p->note);
	if (got != PIER_OK)
		return why(s, got);
	s->opened = true;
	p->tell = tell;
	s->saved = p->store.saved;
	s->published = p->event;
	s->saved_at = s->busy_at = s->changed_at = clock_ns();
	event_date(s);
	return 0;
}

static int
begin(struct serf *s)
{
	int code;

	if ((code = open_pier(s)) != 0 || (code = catch_up(s)) != 0 || s->over)
		return code;
	if (options.resumed >= 0)
		return again_take(s, options.resumed);
	return start(s);
}

/* -------- the loop -------- */

/* May a frame be taken now? */
static bool
may_work(const struct serf *s)
{
	return !s->over && !s->packed && !halt_late() &&
	    !outbox_full(&s->out) && s->pier.log.waiting <= WAITING_MAX;
}

/* Those of our own come first, also when the process is to begin anew. */
static bool
take_own(struct serf *s)
{
	if (s->own == 0 || s->over || halt_late() || outbox_full(&s->out))
		return false;
	halt_tick(true);
	event_next(s);
	return true;
}

static bool
take_next(struct serf *s)
{
	struct newt *in = &s->in.newt;
	struct frame_head h;

	switch (newt_look(in)) {
	case NEWT_REC:
		break;
	case NEWT_BAD:
		serf_stop(
		    s, tool_fail(TOOL_DATA, "stdin", "%s", newt_why(NEWT_BAD)));
		return true;
	default:
		return false;
	}
	halt_tick(true);
	frame_head(in->p, in->n, &h);
	if (h.frame == FRAME_CARD || h.frame == FRAME_POKE)
		event_take(s, in->p, in->n);
	else
		ask_take(s, in->p, in->n);
	return true;
}

enum { POLL_IN, POLL_OUT, POLL_LOG, POLL_HALT, POLL_CHILD, POLLS };

/* Read what there is.  False if there was nothing. */
static bool
fill(struct serf *s)
{
	ssize_t got = newt_fill(s->in.fd, &s->in.newt);

	s->in.ended = got == 0;
	if (got < 0 && errno != EAGAIN)
		serf_stop(s, tool_errno("stdin"));
	return got >= 0 || s->over;
}

/* Until there is something to do. */
static void
wait_for(struct serf *s, bool read, int timeout)
{
	struct pollfd p[POLLS] = {
	    [POLL_IN] = {.fd = read ? s->in.fd : -1, .events = POLLIN},
	    [POLL_OUT] = {.fd = outbox_waits(&s->out) ? s->out.fd : -1,
	        .events = POLLOUT},
	    [POLL_LOG] = {.fd = -1, .events = POLLIN},
	    [POLL_HALT] = {.fd = halt_fd(), .events = POLLIN},
	    [POLL_CHILD] = {.fd = s->job != JOB_NONE ? s->child_fd : -1,
	        .events = POLLIN},
	};
	struct log *l = &s->pier.log;

	if (!s->broken && l->durable < l->last)
		p[POLL_LOG].fd = log_fd(l);
	halt_tick(false);
	if (poll(p, POLLS, timeout) < 0) {
		if (errno != EINTR)
			serf_stop(s, tool_errno("poll"));
		return;
	}
	if (p[POLL_HALT].revents)
		halt_seen();
	if (p[POLL_CHILD].revents)
		aside_end(s);
	if (p[POLL_IN].revents)
		fill(s);
}

/* Nothing is left to be said that the process to come would not know. */
static bool
may_begin_anew(const struct serf *s)
{
	return s->packed && !s->over && !halt_asked() && s->own == 0 &&
	    outbox_empty(&s->out) && s->pier.log.durable == s->pier.event;
}

/* Is nothing left of what has come, that this process could still do? */
static bool
idle(const struct serf *s)
{
	return s->own == 0 &&
	    (!newt_ready(&s->in.newt) || (s->packed && halt_asked()));
}

static bool
ended(const struct serf *s)
{
	return s->over || halt_late() ||
	    ((s->in.ended || halt_asked()) && idle(s) && !s->wished);
}

/*
 * A pipe that was opened anew when its last writer had gone already says so
 * only to who reads: so that comes before a poll.
 */
static void
loop(struct serf *s)
{
	bool read;

	for (;;) {
		turn(s);
		ask_dropped(s);
		if (may_begin_anew(s))
			again(s);
		if (!s->over && care(s))
			continue;
		if (take_own(s) || (may_work(s) && take_next(s)))
			continue;
		if (ended(s))
			break;
		read = may_work(s) && !s->in.ended && !halt_asked();
		if (!read || !s->in.eager || !fill(s))
			wait_for(s, read, care_timeout(s));
	}
	if (s->in.ended && !s->over && newt_backlog(&s->in.newt))
		serf_stop(
		    s, tool_fail(TOOL_DATA, "stdin", "%s", newt_why(NEWT_CUT)));
}

/* -------- closing -------- */

/* What may go out goes; after a SIGTERM for half a second. */
static void
drain(struct serf *s)
{
	uint64_t begin = clock_ns();

	for (;;) {
		turn(s);
		ask_dropped(s);
		if (s->out.fd < 0 || !outbox_waits(&s->out) ||
		    (halt_asked() && clock_ns() - begin > 500 * 1000000))
			return;
		wait_for(s, false, 100);
	}
}

static void
close_pier(struct serf *s)
{
	if (s->opened) {
		aside_kill(s);
		if (turn_settle(s))
			drain(s);
		if (s->code != TOOL_SYS && s->saved != s->pier.event)
			care_save(s);
	}
	pier_close(&s->pier);
}

/* -------- main -------- */

static void
on_sample(void *arg)
{
	turn(arg);
}

static void
start_machine(void *arg)
{
	struct nock_opts o = {
	    .slog = ask_on_slog,
	    .report = ask_on_report,
	    .sample = on_sample,
	    .alarm = limit_alarm,
	    .arg = arg,
	};

	nock_init(&o);
	jetwatch_init();
}

/* 0, or the exit code. */
static int
init(struct serf *s)
{
	static struct heap_root root = {.p = &serf.id, .n = SERF_ROOTS};
	struct heap_opts h = {.limit = options.heap};
	enum bail kind;

	tell_init(STDERR_FILENO);
	if (heap_init(&h) < 0)
		return tool_errno("heap");
	if ((kind = trap_run(start_machine, s)) != BAIL_NONE)
		return load_gave_up("heap", kind);
	heap_root_add(&root);
	s->in.fd = nonblock(STDIN_FILENO, O_RDONLY);
	s->in.eager = !isatty(STDIN_FILENO);
	outbox_open(&s->out);
	return halt_catch() < 0 ? tool_errno("signals") : 0;
}

static int
ready(void)
{
	int rc;

	if (options.ready < 0)
		return 0;
	rc = write(options.ready, "\n", 1) == 1 ? 0 : tool_errno("-d");
	close(options.ready);
	return rc;
}

int
main(int argc, char **argv)
{
	struct serf *s = &serf;
	int code;

	again_remember(argv);
	if ((code = options_read(argc, argv)) != TOOL_GO)
		return code;
	if ((code = init(s)) != 0)
		return code;
	if ((code = begin(s)) == 0 && !s->over && (code = ready()) == 0)
		loop(s);
	serf_stop(s, code);
	close_pier(s);
	code = jetwatch_end(s->code);
	nock_free();
	heap_free();
	return code;
}
