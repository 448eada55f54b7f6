#define _GNU_SOURCE
#include "ship.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "beside.h"
#include "daemon.h"
#include "life.h"
#include "note.h"
#include "running.h"
#include "ship_parts.h"
#include "spin.h"
#include "term.h"
#include "tool.h"
#include "words.h"

static struct ship ship = {.notify = -1};

/* -------- children -------- */

struct child *
ship_next(struct ship *s, struct child *c)
{
	if (c == NULL)
		return &s->serf;
	if (c == &s->serf)
		c = s->drivers;
	else
		c++;
	if (c == s->drivers + DRIVERS_N)
		c = s->readers;
	return c == s->readers + s->n_readers ? NULL : c;
}

void
ship_flush(struct ship *s)
{
	SHIP_EACH(s, c)
	{
		child_flush(c);
	}
}

struct child *
ship_screen(struct ship *s)
{
	struct child *c = &s->drivers[DRIVER_DILL];

	return child_alive(c) && c->ready ? c : NULL;
}

void
ship_answer(const struct ask *a, struct parcel *p)
{
	if (a->from && a->from->life == a->life)
		child_put(a->from, p);
	else
		parcel_drop(p);
}

/* -------- who they are -------- */

/* Set the program, and begin its arguments. */
static int
set_program(struct child *c, const char *name)
{
	const char *dir = c->ship->opts->bin;
	int n = 0;

	if (dir)
		n = snprintf(c->path, sizeof c->path, "%s/%s", dir, name);
	if (n >= BESIDE_PATH || (!dir && !beside_path(name, c->path))) {
		errno = ENAMETOOLONG;
		return -1;
	}
	c->name = name;
	c->argv[0] = name;
	return 0;
}

static void
add(struct child *c, const char *arg)
{
	int n = 0;

	while (c->argv[n])
		n++;
	assert(n < CHILD_ARGS - 1);
	c->argv[n] = arg;
}

static void
add_common(struct child *c)
{
	if (c->ship->opts->quiet)
		add(c, "-q");
	if (c->ship->opts->verbose)
		add(c, "-v");
	if (c->kind != CHILD_SERF) {
		add(c, "-d");
		add(c, "3");
	}
}

static int
set_serf(struct ship *s)
{
	const char *const *arg = s->opts->serf_args;
	struct child *c = &s->serf;

	child_init(c, s, CHILD_SERF);
	if (set_program(c, "serf") < 0)
		return -1;
	if (s->opts->serf)
		snprintf(c->path, sizeof c->path, "%s", s->opts->serf);
	c->end_signal = SIGTERM;
	add_common(c);
	while (arg && *arg)
		add(c, *arg++);
	add(c, "--");
	add(c, s->opts->pier);
	return 0;
}

static int
set_readers(struct ship *s)
{
	for (unsigned i = 0; i < s->n_readers; i++) {
		struct child *c = &s->readers[i];

		child_init(c, s, CHILD_READER);
		if (set_program(c, "scry") < 0)
			return -1;
		c->end_signal = SIGKILL;
		add_common(c);
		add(c, "--");
		add(c, s->opts->pier);
	}
	return 0;
}

/* The directory where the terminal's driver may write files. */
static const char *
put_dir(const char *pier)
{
	static char dir[PATH_MAX];

	snprintf(dir, sizeof dir, "%s/.urb/put", pier);
	return dir;
}

static int
set_driver(struct ship *s, struct child *c, const char *name)
{
	if (set_program(c, name) < 0)
		return -1;
	c->most = s->opts->frame ? s->opts->frame : SHIP_FRAME;
	/* dill has modes to put back. */
	c->end_signal = c->needs & DRIVER_TTY ? SIGHUP : SIGKILL;
	add_common(c);
	if (c->needs & DRIVER_TTY)
		add(c, s->terminal ? "--kept" : "-t");
	if (c->needs & DRIVER_PUT) {
		add(c, "--put");
		add(c, put_dir(s->opts->pier));
	}
	if (c->needs & DRIVER_PIER) {
		add(c, "--");
		add(c, s->opts->pier);
	}
	c->given_up = s->opts->skip && strchr(s->opts->skip, c->letter);
	return 0;
}

static int
set_drivers(struct ship *s)
{
	static const struct {
		const char *program;
		char letter;
		const char *knot;
		unsigned needs;
	} rows[] = {
#define X(name, program, letter, knot, needs) {program, letter, knot, needs},
	    DRIVERS(X)
#undef X
	};

	for (int i = 0; i < DRIVERS_N; i++) {
		struct child *c = &s->drivers[i];

		child_init(c, s, CHILD_DRIVER);
		c->letter = rows[i].letter;
		c->knot = frame_cord(rows[i].knot);
		c->needs = rows[i].needs;
		if (set_driver(s, c, rows[i].program) < 0)
			return -1;
	}
	return 0;
}

/* The serf has a core of its own. */
static unsigned
count_readers(int wanted)
{
	unsigned cores = uv_available_parallelism();
	unsigned n = cores > 1 ? cores - 1 : 1;

	if (wanted != 0)
		n = wanted > 0 ? (unsigned)wanted : 0;
	return n < SHIP_READERS_MAX ? n : SHIP_READERS_MAX;
}

static int
set_children(struct ship *s)
{
	s->n_readers = count_readers(s->opts->readers);
	if (set_serf(s) < 0 || set_drivers(s) < 0)
		return -1;
	return set_readers(s);
}

/* -------- signals -------- */

/* All that ended, also what is ours only because we are process 1. */
static void
on_child(uv_signal_t *handle, int signal)
{
	struct ship *s = handle->data;
	int status;
	pid_t pid;

	(void)signal;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		SHIP_EACH(s, c)
		{
			if (c->pid == pid) {
				child_reap(c, status);
				break;
			}
		}
	}
	ship_flush(s);
}

static void
on_end(uv_signal_t *handle, int signal)
{
	struct ship *s = handle->data;

	/* Of a hangup the kernel and the shell tell each: nobody insists. */
	if (signal == SIGHUP && s->ending)
		return;
	if (s->opts->verbose)
		words_say(s, s->opts->pier, "signal %d: it ends", signal);
	life_end(s, TOOL_DONE);
	ship_flush(s);
}

/* What nohup, or a shell that runs us in the background, has us ignore. */
static bool
is_ignored(int signal)
{
	struct sigaction old;

	return (signal == SIGHUP || signal == SIGINT) &&
	    sigaction(signal, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
}

static void
set_signals(struct ship *s)
{
	static const int signals[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP};

	signal(SIGPIPE, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	for (int i = 0; i < 4; i++) {
		if (is_ignored(signals[i]))
			continue;
		s->signals[i].data = s;
		uv_signal_init(&s->loop, &s->signals[i]);
		uv_signal_start(&s->signals[i],
		    signals[i] == SIGCHLD ? on_child : on_end, signals[i]);
	}
}

/* -------- all of it -------- */

static bool
has_terminal(const struct ship_opts *o)
{
	if (o->no_tty || o->daemon)
		return false;
	if (term_save())
		return true;
	tool_say("terminal",
	    "standard input or output is none: it does without, as with -t");
	return false;
}

static int
init(struct ship *s, const struct ship_opts *o)
{
	s->opts = o;
	if (uv_loop_init(&s->loop) < 0 || note_init() < 0)
		return tool_errno("loop");
	s->terminal = has_terminal(o);
	set_signals(s);
	spin_init(s);
	s->end.data = s->slow.data = s;
	uv_timer_init(&s->loop, &s->end);
	uv_timer_init(&s->loop, &s->slow);
	if (set_children(s) < 0)
		return tool_errno(o->pier);
	return 0;
}

static void
say_counts(struct ship *s)
{
#define X(name, about)                                             \
	if (s->counts.name)                                        \
		words_say(s, s->opts->pier, "%llu " #name " (%s)", \
		    (unsigned long long)s->counts.name, about);
	SHIP_COUNTS(X)
#undef X
}

int
ship_run(const struct ship_opts *o)
{
	struct ship *s = &ship;
	pid_t serf;
	int code;

	if ((serf = running_serf(o->pier)))
		return tool_fail(TOOL_SYS, o->pier,
		    "it runs already: process %ld has it", (long)serf);
	if (o->daemon && (code = daemon_begin(&s->notify)) >= 0)
		return code;
	if ((code = init(s, o)))
		return code;
	life_start(&s->serf);
	uv_run(&s->loop, UV_RUN_DEFAULT);
	term_restore();
	if (o->verbose)
		say_counts(s);
	words_end(s);
	return s->code;
}
