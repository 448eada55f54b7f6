#include "driver.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "driver_parts.h"
#include "heap.h"
#include "jam.h"
#include "newt.h"
#include "tool.h"

/* -------- running callbacks -------- */

static void
pass_safepoint(void *arg)
{
	(void)arg;
	heap_safepoint();
}

/* What is kept for good does not fit: no frame will. */
static void
reclaim(struct driver *d)
{
	if (trap_run(pass_safepoint, NULL) != BAIL_NONE)
		driver_end(d, tool_fail(TOOL_SYS, "heap", "out of memory"));
}

/* Under a trap; the outermost leaves no nouns behind. */
static enum bail
run(struct driver *d, void (*f)(void *), void *arg)
{
	enum bail kind;

	d->own->depth++;
	kind = trap_run(f, arg);
	if (--d->own->depth == 0)
		reclaim(d);
	return kind;
}

static const char *
bail_words(enum bail kind)
{
	return kind == BAIL_EXIT ? "crashed"
	    : kind == BAIL_MEME  ? "out of memory"
	                         : bail_name(kind);
}

struct trying {
	struct driver *d;
	void (*f)(struct driver *, void *);
	void *arg;
};

static void
try_it(void *arg)
{
	struct trying *t = arg;

	t->f(t->d, t->arg);
}

bool
driver_try(struct driver *d, void (*f)(struct driver *, void *), void *arg)
{
	struct trying t = {d, f, arg};
	enum bail kind = run(d, try_it, &t);

	if (kind != BAIL_NONE)
		tool_fail(
		    TOOL_SYS, "event", "%s, it is lost", bail_words(kind));
	if (d->own->depth == 0)
		driver_settle(d);
	return kind == BAIL_NONE;
}

/* -------- frames in -------- */

struct taking {
	struct driver *d;
	const uint8_t *p;
	size_t n;
	bool bad; /* no jam: fault says why; or no frame */
	struct cue_fault fault;
};

static void
dispatch(struct driver *d, enum frame frame, noun whole)
{
	if (frame == FRAME_CARD)
		d->card(d, head(whole), tail(whole));
	else if (frame == FRAME_BORN)
		d->born(d);
	else if (d->message)
		d->message(d, frame, whole);
}

static void
take(void *arg)
{
	struct taking *t = arg;
	struct frame_head h;
	noun whole;

	t->bad = cue(t->p, t->n, &whole, &t->fault) < 0;
	if (t->bad)
		return;
	frame_head(t->p, t->n, &h);
	if (h.frame == FRAME_BAD) {
		t->bad = true;
		t->fault.reason = "neither a card nor a message";
		return;
	}
	dispatch(t->d, h.frame, whole);
}

void
driver_take(struct driver *d, const uint8_t *p, size_t n)
{
	struct taking t = {.d = d, .p = p, .n = n};
	enum bail kind = run(d, take, &t);
	char object[40];

	snprintf(object, sizeof object, "frame %llu",
	    (unsigned long long)d->own->in.newt.count);
	if (kind != BAIL_NONE)
		tool_fail(TOOL_SYS, object, "%s, it is lost", bail_words(kind));
	else if (t.bad)
		driver_end(
		    d, tool_fail(TOOL_DATA, object, "%s", t.fault.reason));
}

/* -------- frames out -------- */

void
driver_emit(struct driver *d, noun frame)
{
	noun j = jam(frame);
	size_t n = atom_bytes(j);
	uint64_t room;

	if (n == 0 || n > NEWT_MAX)
		bail(BAIL_EXIT);
	if (!driver_out_put(d, atom_view(j, &room), n))
		bail(BAIL_MEME);
}

/*
 * `drained` may emit, and so come here again: that is written when it is
 * back, so that a file, which is never full, does not let it go deeper.
 */
void
driver_settle(struct driver *d)
{
	struct driver_own *o = d->own;

	if (o->settling)
		return;
	o->settling = true;
	driver_out_flush(d);
	while (o->out.full && driver_backlog(d) == 0) {
		o->out.full = false;
		if (d->drained && !o->ended)
			d->drained(d);
		driver_out_flush(d);
	}
	o->settling = false;
}

/* -------- beginning and end -------- */

int
driver_ready_option(const char *value, int *fd)
{
	unsigned n;

	if (!tool_count(value, &n) || n <= STDERR_FILENO || n > INT_MAX)
		return tool_usage("-d", "no descriptor to write to");
	*fd = (int)n;
	return 0;
}

/* A failure counts more than the end that it leads to. */
void
driver_end(struct driver *d, int code)
{
	struct driver_own *o = d->own;

	if (o->code == TOOL_DONE)
		o->code = code;
	if (o->ended)
		return;
	o->ended = true;
	driver_in_close(d);
	if (d->closed)
		d->closed(d);
}

static int
open_heap(const struct driver *d)
{
	struct heap_opts opts = {.limit = d->heap ? d->heap : DRIVER_HEAP};

	return heap_init(&opts) < 0 ? tool_errno("heap") : TOOL_DONE;
}

static int
open_loop(struct driver *d)
{
	int error = uv_loop_init(&d->own->loop);

	d->loop = &d->own->loop;
	errno = -error;
	return error ? tool_errno("loop") : TOOL_DONE;
}

int
driver_init(struct driver *d)
{
	int code;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	if ((d->own = calloc(1, sizeof *d->own)) == NULL ||
	    driver_knot(d->own) < 0)
		return tool_errno("driver");
	if ((code = open_heap(d)) || (code = open_loop(d)) ||
	    (code = driver_out_open(d)))
		return code;
	return driver_in_open(d);
}

/* A kernel that has no jails is no reason not to run; it is said. */
static int
enter_jail(const struct driver *d)
{
	if (jail_enter(d->jail) == 0)
		return TOOL_DONE;
	if (errno != ENOSYS)
		return tool_errno("jail");
	tool_fail(TOOL_SYS, "jail", "this kernel has none, going on without");
	return TOOL_DONE;
}

static int
tell_ready(int fd)
{
	if (fd == 0)
		return TOOL_DONE;
	if (write(fd, "\n", 1) != 1 || close(fd) < 0)
		return tool_errno("-d");
	return TOOL_DONE;
}

static void
begin(struct driver *d, void *arg)
{
	(void)arg;
	d->born(d);
}

int
driver_run(struct driver *d)
{
	struct driver_own *o = d->own;
	int code;

	if ((code = enter_jail(d)) || (code = tell_ready(d->ready_fd)))
		return code;
	driver_try(d, begin, NULL);
	uv_run(d->loop, UV_RUN_DEFAULT);
	driver_out_close(d);
	uv_run(d->loop, UV_RUN_DEFAULT);
	code = o->code;
	uv_loop_close(d->loop);
	driver_in_free(d);
	driver_out_free(d);
	heap_free();
	free(o);
	d->own = NULL;
	return code;
}
