/*
 * append -- events from standard input into the log, through the kernel.
 *
 * An event is worked, and put; what was put while the last commit was under
 * way goes into the next, so that the disk and the machine work at the same
 * time.  What comes out of an event is written when it is durable.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "atom.h"
#include "clock.h"
#include "commands.h"
#include "held.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "shape.h"
#include "ship.h"
#include "stop.h"
#include "tell.h"
#include "when.h"

/* -------- options -------- */

/* id, letter, word, value, help */
#define OPTIONS(X)                                                             \
	X(FROM, 'i', NULL, "FORM", "read newt or text")                        \
	X(TO, 'o', NULL, "FORM", "write newt or text of each, or none")        \
	X(DATE, 0, "date", "DATE", "the first event's; a tick each, no clock") \
	X(PUBLISH, 0, "publish", NULL, "let scry see each event at once")      \
	SHIP_OPTIONS(X)

enum { OPTIONS(TOOL_OPT) OPTIONS_N, OPT_SHIP = OPTIONS_N - SHIP_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

static struct {
	enum form from, to;
	bool to_given, none;
	bool dated; /* --date */
	bool publish;
	uint64_t date[2];
} options = {.from = FORM_NEWT};

static int
set_to(const char *value)
{
	options.to_given = true;
	options.none = strcmp(value, "none") == 0;
	if (options.none ||
	    (form_named(value, &options.to) &&
	        (options.to == FORM_NEWT || options.to == FORM_TEXT)))
		return 0;
	return tool_usage("-o", "newt, text or none");
}

static int
set(int option, const char *value)
{
	if (option >= OPT_SHIP)
		return ship_set(option - OPT_SHIP, value);
	switch (option) {
	case OPT_FROM:
		return form_named(value, &options.from) &&
		        (options.from == FORM_NEWT || options.from == FORM_TEXT)
		    ? 0
		    : tool_usage("-i", "newt or text");
	case OPT_TO:
		return set_to(value);
	case OPT_PUBLISH:
		options.publish = true;
		return 0;
	default:
		options.dated = true;
		return when_read(value, options.date)
		    ? 0
		    : tool_usage("--date", "wants a date, such as 2024-01-31");
	}
}

/* -------- the state -------- */

enum {
	WAITING_MAX = 16 << 20, /* bytes put and not durable */
	SAVE_S = 60
};

struct append {
	const char *dir;
	struct pier pier;
	struct form_reader reader;
	struct held held;
	uint64_t last[2]; /* the date of the last event */
	uint64_t events, crashes;
	uint64_t saved; /* clock_ns() of the last checkpoint */
	bool behind;    /* it was said that a date is */
	bool broken;    /* the log cannot be written */
	bool ended;
	int flags; /* that a socket had, or -1 */
	int code;
};

static struct append append;

/* End with this code, unless there is a reason already. */
static void
stop(struct append *a, int code)
{
	if (a->code == 0)
		a->code = code;
	a->ended = true;
}

/* -------- commits -------- */

static void
release(struct append *a)
{
	if (held_release(&a->held, STDOUT_FILENO, a->pier.log.durable) < 0)
		stop(a, tool_errno("stdout"));
}

static void
log_broke(struct append *a, enum log_got got)
{
	a->broken = true;
	stop(a, ship_log_failed(a->dir, &a->pier.log, got));
}

/*
 * Where is the commit?  What is durable goes out, and what was put since goes
 * on its way.
 */
static void
turn(struct append *a)
{
	struct log *l = &a->pier.log;
	enum log_got got =
	    l->waiting > WAITING_MAX ? log_commit_wait(l) : log_commit_done(l);

	if (got == LOG_OK) {
		release(a);
		got = log_commit_start(l);
	}
	if (got != LOG_OK && got != LOG_LATER)
		log_broke(a, got);
}

/* What is durable, when that is all there is. */
static void
publish(struct append *a)
{
	enum pier_got got;

	if (!options.publish || a->broken ||
	    a->pier.log.durable < a->pier.event)
		return;
	if ((got = pier_publish(&a->pier)) != PIER_OK)
		stop(a, ship_failed(a->dir, &a->pier, got));
}

/* All that was put is durable, and has gone out. */
static void
settle(struct append *a)
{
	enum log_got got = log_commit(&a->pier.log);

	if (got != LOG_OK)
		log_broke(a, got);
	release(a);
}

static void
save(struct append *a)
{
	int code;

	settle(a);
	if (a->broken)
		return;
	if ((code = ship_save(&a->pier, a->dir)) != 0)
		stop(a, code);
	a->saved = clock_ns();
}

/* -------- while an event is worked -------- */

/*
 * One that takes long must not keep back the effects of those before it: a
 * timer makes the machine call turn() in the midst of it.
 */
enum { TICK_MS = 10 };

static timer_t ticker;

static void
on_tick(int sig)
{
	(void)sig;
	nock_sample();
}

static void
on_sample(void *arg)
{
	(void)arg;
	turn(&append);
}

static int
make_ticker(void)
{
	struct sigaction act = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
	struct sigevent e = {
	    .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 1};

	sigaction(SIGRTMIN + 1, &act, NULL);
	return timer_create(CLOCK_MONOTONIC, &e, &ticker);
}

static void
set_ticker(long ms)
{
	struct timespec t = {.tv_nsec = ms * 1000000};
	struct itimerspec all = {.it_interval = t, .it_value = t};

	timer_settime(ticker, 0, &all, NULL);
}

/* -------- an event -------- */

/* What was read, and if it is no event, why not. */
enum taken { TAKEN, TAKEN_BAD, TAKEN_LATE };

/* Under a trap. */
struct reading {
	struct append *a;
	enum form_got got;
	enum taken taken;
	int error;
	bool good;
};

static void
say_behind(struct append *a, const char *who, const uint64_t da[2])
{
	char was[WHEN_MAX], is[WHEN_MAX];

	if (a->behind)
		return;
	a->behind = true;
	when_tell(a->last, was);
	when_tell(da, is);
	tool_say(a->dir,
	    "%s says %s, but the last event was at %s: "
	    "dates go on from there",
	    who, is, was);
}

/*
 * The date of the next event; `da` is the one that it came with, or NULL.
 * False if there is none behind that of the last event.
 */
static bool
take_date(struct append *a, const uint64_t *da, noun *date)
{
	const char *who = da ? "the input"
	    : options.dated  ? "--date"
	                     : "the clock";
	uint64_t now[2], said[2];
	enum when_got got;

	if (da)
		memcpy(now, da, sizeof now);
	else if (options.dated)
		memcpy(now, options.date, sizeof now);
	else
		when_now(now);
	memcpy(said, now, sizeof said);
	if ((got = when_after(now, a->last)) == WHEN_NONE)
		return false;
	if (got == WHEN_MOVED && (da || !options.dated || a->events == 0))
		say_behind(a, who, said);
	memcpy(a->last, now, sizeof now);
	*date = atom_from_limbs(now, 2);
	return true;
}

/* [date ovum] as it came, or an ovum: [now ovum]. */
static enum taken
take_event(struct append *a, noun n, noun *event)
{
	noun wire, tag, data, date, ovum = n;
	uint64_t da[2] = {0};
	struct limbs l;
	bool dated;

	if (!uncons3(n, &wire, &tag, &data))
		return TAKEN_BAD;
	dated = is_atom(wire) && (wire != 0 || is_cell(tag));
	if (dated) {
		atom_limbs(wire, &l);
		if (l.n > 2)
			return TAKEN_BAD;
		memcpy(da, l.p, l.n * sizeof *da);
		ovum = tail(n);
		if (!uncons3(ovum, &wire, &tag, &data))
			return TAKEN_BAD;
	}
	if (!take_date(a, dated ? da : NULL, &date))
		return TAKEN_LATE;
	*event = cons(date, ovum);
	return TAKEN;
}

static void
read_event(void *arg)
{
	struct reading *r = arg;
	noun n;

	r->got = form_next(&r->a->reader, &n);
	r->error = errno;
	if (r->got == FORM_NOUN)
		r->taken = take_event(r->a, n, &r->a->pier.work.event);
}

static void
hold_effects(void *arg)
{
	struct reading *r = arg;
	struct append *a = r->a;
	struct kernel_work *w = &a->pier.work;
	int rc = r->good ? held_add(&a->held, a->pier.event, w->effects)
	                 : held_add(&a->held, 0, w->goofs);

	r->error = rc < 0 ? errno : 0;
}

/* Hold what came out of it, or, if it crashed, its goofs. */
static void
hold(struct append *a, bool good)
{
	struct reading r = {.a = a, .good = good};
	enum bail kind;

	if (options.none)
		return;
	kind = trap_run(hold_effects, &r);
	errno = r.error;
	if (kind != BAIL_NONE)
		stop(a, load_gave_up("effects", kind));
	else if (r.error)
		stop(a, tool_errno("effects"));
}

static void
say_crash(struct append *a)
{
	a->crashes++;
	tool_say(a->dir,
	    "input %" PRIu64 " crashed, and again as %%crud: nothing happened",
	    a->reader.count);
}

static void
work(struct append *a)
{
	enum pier_got got;

	bool waiting = a->pier.log.durable < a->pier.log.last;

	if (waiting)
		set_ticker(TICK_MS);
	limit_begin(ship_limit());
	got = pier_poke(&a->pier);
	limit_end();
	if (waiting)
		set_ticker(0);
	tell_flush(&tell_err);
	a->events += got == PIER_OK;
	if (got == PIER_CRASH)
		say_crash(a);
	if (got == PIER_OK || got == PIER_CRASH)
		hold(a, got == PIER_OK);
	else
		stop(a, ship_failed(a->dir, &a->pier, got));
}

/* -------- input -------- */

/* Until there is something to read, or the commit is done, or a signal. */
static void
wait(struct append *a)
{
	struct log *l = &a->pier.log;
	struct pollfd p[3] = {
	    {.fd = a->reader.fd, .events = POLLIN},
	    {.fd = stop_fd(), .events = POLLIN},
	    {.fd = -1, .events = POLLIN},
	};

	if (l->durable < l->last)
		p[2].fd = log_fd(l);
	if (poll(p, 3, -1) < 0 && errno != EINTR)
		stop(a, tool_errno("stdin"));
}

static int
input_bad(const struct append *a, enum taken taken)
{
	if (taken == TAKEN_BAD)
		return tool_fail(TOOL_DATA, "stdin",
		    "input %" PRIu64
		    " is neither [wire card] nor [date wire card]",
		    a->reader.count);
	return tool_fail(TOOL_DATA, "stdin",
	    "input %" PRIu64
	    " can have no date: that of the event before is the last there "
	    "is",
	    a->reader.count);
}

static void
next(struct append *a)
{
	struct reading r = {.a = a};
	enum bail kind = trap_run(read_event, &r);

	errno = r.error;
	if (kind != BAIL_NONE) {
		stop(a, load_gave_up("stdin", kind));
	} else if (r.got == FORM_END) {
		a->ended = true;
	} else if (r.got == FORM_BAD) {
		stop(a, tool_fail(TOOL_DATA, "stdin", "%s", a->reader.why));
	} else if (r.got == FORM_NOUN && r.taken != TAKEN) {
		stop(a, input_bad(a, r.taken));
	} else if (r.got == FORM_NOUN) {
		work(a);
	} else if (errno == EAGAIN) {
		wait(a);
	} else {
		stop(a, tool_errno("stdin"));
	}
}

/*
 * A pipe is opened once more, so that not to wait for it is no business of
 * others who have it; a socket cannot be, and gets its flags back.
 */
static int
open_polled(struct append *a)
{
	struct stat st;
	int fd;

	a->flags = -1;
	if (options.from != FORM_NEWT || fstat(STDIN_FILENO, &st) < 0)
		return STDIN_FILENO;
	if (S_ISSOCK(st.st_mode)) {
		a->flags = fcntl(STDIN_FILENO, F_GETFL);
		fcntl(STDIN_FILENO, F_SETFL, a->flags | O_NONBLOCK);
	}
	if (!S_ISFIFO(st.st_mode))
		return STDIN_FILENO;
	fd = open("/proc/self/fd/0", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? STDIN_FILENO : fd;
}

static void
close_input(struct append *a)
{
	form_close(&a->reader);
	if (a->flags >= 0)
		fcntl(STDIN_FILENO, F_SETFL, a->flags);
}

/* -------- all of it -------- */

/* The date of the last event of the log; none of the first ones has any. */
static int
find_last(struct append *a)
{
	struct pier *p = &a->pier;
	enum pier_got got;
	struct limbs l;
	noun event;

	if (p->log.last <= p->life)
		return 0;
	if ((got = pier_event(p, p->log.last, &event)) != PIER_OK)
		return ship_failed(a->dir, p, got);
	if (is_atom(event) || is_cell(head(event)))
		return 0;
	atom_limbs(head(event), &l);
	memcpy(a->last, l.p, (l.n < 2 ? l.n : 2) * sizeof *l.p);
	return 0;
}

static void
loop(struct append *a)
{
	a->saved = clock_ns();
	while (!a->ended && !stop_asked()) {
		next(a);
		turn(a);
		publish(a);
		if (tool_progress_due())
			tool_progress("%" PRIu64 " events", a->events);
		if (clock_ns() - a->saved > SAVE_S * UINT64_C(1000000000))
			save(a);
	}
	tool_progress_end();
	if (!a->broken)
		save(a);
}

static void
say_done(const struct append *a)
{
	if (command_verbose())
		tool_say(a->dir,
		    "%" PRIu64 " events, %" PRIu64
		    " that crashed; the last is event %" PRIu64,
		    a->events, a->crashes, a->pier.event);
}

static int
append_to(struct append *a)
{
	struct ship_run all = {.save = true, .differs = TOOL_DATA};
	int code;

	if ((code = ship_open(&a->pier, a->dir, SHIP_WRITE)) != 0 ||
	    (code = ship_go(&a->pier, a->dir, &all)) != 0 ||
	    (code = find_last(a)) != 0)
		return code;
	if (form_open(&a->reader, open_polled(a), options.from, true) < 0)
		return tool_errno("stdin");
	loop(a);
	if (a->code == 0 && !stop_asked())
		say_done(a);
	close_input(a);
	return a->code ? a->code : a->crashes ? TOOL_NO : TOOL_DONE;
}

static int
run(int n, char **operand)
{
	struct append *a = &append;
	int code;

	(void)n;
	a->dir = operand[0];
	if (!options.to_given)
		options.to = isatty(STDOUT_FILENO) ? FORM_TEXT : FORM_NEWT;
	a->held.form = options.to;
	ship_sample = on_sample;
	if ((code = ship_start(true)) != 0)
		return code;
	if (make_ticker() < 0)
		return tool_errno("timer");
	code = append_to(a);
	pier_close(&a->pier);
	held_free(&a->held);
	return ship_end(code);
}

const struct command append_command = {
    .name = "append",
    .operands = "PIER",
    .about = "work the events on standard input, and log them",
    .options = table,
    .n_options = OPTIONS_N,
    .least = 1,
    .most = 1,
    .set = set,
    .run = run,
};
