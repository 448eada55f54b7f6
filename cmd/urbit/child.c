#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "life.h"
#include "route.h"
#include "ship_parts.h"
#include "words.h"

/* Bytes for its words in a second; what is more is lost, and counted. */
enum { ERR_BUDGET = 1024 * 1024 };

/* Reads for what a dead one left in a pipe; ms to end in, its output closed. */
enum { DRAIN = 1024, SILENT_MS = 5000 };

static void on_in(void *arg);
static void on_out(void *arg);
static void on_err(void *arg);
static void on_ready(void *arg);

static watch_seen *const seen[PIPES] = {on_in, on_out, on_err, on_ready};

void
child_init(struct child *c, struct ship *s, enum child_kind kind)
{
	*c = (struct child){.ship = s, .kind = kind, .most = UINT32_MAX};
	for (int i = 0; i < PIPES; i++)
		c->fd[i] = -1;
	c->again.data = c;
	uv_timer_init(&s->loop, &c->again);
}

bool
child_alive(const struct child *c)
{
	return c->pid && !c->doomed;
}

/* -------- pipes -------- */

static void
shut(struct child *c, enum child_pipe i)
{
	watch_drop(c->watch[i]);
	c->watch[i] = NULL;
	if (c->fd[i] >= 0)
		close(c->fd[i]);
	c->fd[i] = -1;
}

static void
shut_all(struct child *c)
{
	for (enum child_pipe i = 0; i < PIPES; i++)
		shut(c, i);
}

/* Our end goes to c->fd[i], its own to *end. */
static int
make_pipe(struct child *c, enum child_pipe i, int *end)
{
	int ours = i == PIPE_IN, fd[2];

	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	c->fd[i] = fd[ours];
	*end = fd[!ours];
	if (fcntl(c->fd[i], F_SETFL, O_NONBLOCK) < 0)
		return -1;
	c->watch[i] = watch_new(&c->ship->loop, c->fd[i],
	    i == PIPE_IN ? 0 : UV_READABLE, seen[i], c);
	return c->watch[i] ? 0 : -1;
}

static pid_t
spawn(struct child *c)
{
	int ends[PIPES] = {-1, -1, -1, -1}, e;
	pid_t pid = 0;

	for (enum child_pipe i = 0; i < PIPES && pid == 0; i++)
		pid = make_pipe(c, i, &ends[i]);
	if (pid == 0)
		pid = child_spawn(c, ends);
	e = errno;
	for (int i = 0; i < PIPES; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	errno = e;
	return pid;
}

int
child_start(struct child *c)
{
	pid_t pid = spawn(c);

	if (pid < 0) {
		int e = errno;

		shut_all(c);
		errno = e;
		return -1;
	}
	c->pid = pid;
	c->life++;
	c->since = uv_now(&c->ship->loop);
	c->ready = c->doomed = c->dirty = c->held = c->closing = false;
	c->err.n = c->err.lost = 0;
	return 0;
}

/* -------- to it -------- */

void
child_put(struct child *c, struct parcel *p)
{
	if (p == NULL || c->fd[PIPE_IN] < 0 || c->doomed) {
		parcel_drop(p);
		return;
	}
	box_put(&c->box, p);
	c->dirty = true;
}

void
child_close(struct child *c)
{
	shut(c, PIPE_IN);
	box_clear(&c->box);
	c->dirty = false;
}

void
child_flush(struct child *c)
{
	enum box_got got;

	if (!c->dirty || c->fd[PIPE_IN] < 0)
		return;
	c->dirty = false;
	got = box_write(&c->box, c->fd[PIPE_IN]);
	/* If it closed its input its death will tell more. */
	if (got == BOX_SYS || (got == BOX_EMPTY && c->closing))
		child_close(c);
	else
		watch_for(
		    c->watch[PIPE_IN], got == BOX_LATER ? UV_WRITABLE : 0);
}

static void
on_in(void *arg)
{
	struct child *c = arg;

	c->dirty = true;
	child_flush(c);
	route_drained(c);
	ship_flush(c->ship);
}

/* -------- from it -------- */

/*
 * Take what was read.  With `all` nobody is asked whether it may.  What was
 * killed for what it said is not listened to, but for the serf: what it says
 * is in the log, is.
 */
static void
take(struct child *c, bool all)
{
	while ((all || !c->held) && (!c->doomed || c->kind == CHILD_SERF)) {
		enum newt_got got = newt_look(&c->said);

		if (got == NEWT_BAD)
			child_kill(c, "what it says is no frame");
		else if (c->said.n > c->most)
			child_kill(c, "its frame is too long");
		else if (got == NEWT_REC)
			route_frame(c, c->said.p, c->said.n);
		if (got != NEWT_REC || c->said.n > c->most)
			break;
		newt_drop(&c->said);
	}
}

static void
on_silent(uv_timer_t *again)
{
	child_kill(again->data, "it closed its output and did not end");
}

static void
on_out(void *arg)
{
	struct child *c = arg;
	ssize_t got = newt_fill(c->fd[PIPE_OUT], &c->said);

	if (got < 0 && errno == ENOMEM)
		parcel_no_memory();
	if (got == 0 || (got < 0 && errno != EAGAIN)) {
		/* It has said all, and is about to end. */
		watch_for(c->watch[PIPE_OUT], 0);
		uv_timer_start(&c->again, on_silent, SILENT_MS, 0);
	} else if (got > 0) {
		take(c, false);
	}
	ship_flush(c->ship);
}

void
child_hold(struct child *c, bool hold)
{
	if (c->held == hold || c->watch[PIPE_OUT] == NULL)
		return;
	c->held = hold;
	watch_for(c->watch[PIPE_OUT], hold ? 0 : UV_READABLE);
	if (!hold)
		take(c, false);
}

static void
on_ready(void *arg)
{
	struct child *c = arg;
	char said;
	ssize_t got = read(c->fd[PIPE_READY], &said, 1);

	if (got < 0)
		return;
	shut(c, PIPE_READY);
	if (got == 1 && !c->doomed && c->kind != CHILD_SERF)
		life_ready(c);
	ship_flush(c->ship);
}

/* -------- its words -------- */

/* Is there budget for n bytes more in this second? */
static bool
afford(struct child *c, size_t n)
{
	uint64_t second = uv_now(&c->ship->loop) / 1000;

	if (second != c->err.second) {
		c->err.second = second;
		c->err.budget = ERR_BUDGET;
		if (c->err.lost)
			words_fail(c->ship, c->name,
			    "%zu bytes of what it said are lost", c->err.lost);
		c->err.lost = 0;
	}
	if (c->err.budget < n) {
		c->err.lost += n;
		return false;
	}
	c->err.budget -= n;
	return true;
}

/* Show the lines in the buffer that are whole; with `all` the rest too. */
static void
show_lines(struct child *c, bool all)
{
	char *from = c->err.text, *end = from + c->err.n, *line;

	while ((line = memchr(from, '\n', (size_t)(end - from)))) {
		words_line(c, from, (size_t)(line - from));
		from = line + 1;
	}
	if (from < end &&
	    (all || (from == c->err.text && c->err.n == sizeof c->err.text))) {
		words_line(c, from, (size_t)(end - from));
		from = end;
	}
	c->err.n = (size_t)(end - from);
	memmove(c->err.text, from, c->err.n);
}

/* One read: bytes, 0 at the end, -1 with errno set (EAGAIN too). */
static ssize_t
read_words(struct child *c)
{
	ssize_t got;

	do
		got = read(c->fd[PIPE_ERR], c->err.text + c->err.n,
		    sizeof c->err.text - c->err.n);
	while (got < 0 && errno == EINTR);
	if (got > 0 && afford(c, (size_t)got)) {
		c->err.n += (size_t)got;
		show_lines(c, false);
	}
	return got;
}

static void
on_err(void *arg)
{
	struct child *c = arg;
	ssize_t got = read_words(c);

	if (got == 0 || (got < 0 && errno != EAGAIN))
		watch_for(c->watch[PIPE_ERR], 0);
	ship_flush(c->ship);
}

/* -------- its end -------- */

void
child_kill(struct child *c, const char *why)
{
	if (c->pid == 0 || c->doomed)
		return;
	c->doomed = true;
	if (why)
		words_fail(c->ship, c->name, "%s: killed", why);
	kill(c->pid, SIGKILL);
	child_close(c);
}

/*
 * What it has written is all there; a child of its own may have the pipe
 * still, so the end of the stream is not waited for.
 */
static void
drain(struct child *c)
{
	take(c, true);
	for (int i = 0; i < DRAIN && c->fd[PIPE_OUT] >= 0; i++) {
		if (newt_fill(c->fd[PIPE_OUT], &c->said) <= 0)
			break;
		take(c, true);
	}
	for (int i = 0; i < DRAIN && c->fd[PIPE_ERR] >= 0; i++)
		if (read_words(c) <= 0)
			break;
	show_lines(c, true);
}

void
child_reap(struct child *c, int status)
{
	c->pid = 0; /* the number may be another's from now on */
	c->ready = false;
	uv_timer_stop(&c->again);
	child_close(c);
	drain(c);
	shut_all(c);
	newt_free(&c->said);
	life_gone(c, status);
}
