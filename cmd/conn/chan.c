#include "chan.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "atom.h"
#include "jam.h"
#include "newt.h"
#include "request.h"
#include "shape.h"
#include "tool.h"

/* One piece of what is read, for all chans: a frame rarely is larger. */
static char piece[64 * 1024];

static TAILQ_HEAD(, chan) all = TAILQ_HEAD_INITIALIZER(all);
static TAILQ_HEAD(, chan) ready = TAILQ_HEAD_INITIALIZER(ready);
static uv_pipe_t server;
static uv_idle_t going; /* runs while a chan is ready */
static bool full;       /* a connection is there and has to wait */
static uint64_t last;

static void accept_one(void);
static void work(struct chan *c);

struct chan *
chan_find(uint64_t number)
{
	struct table_entry *e = table_get(&conn.chans, number);

	return e ? (struct chan *)e : NULL;
}

/* -------- the end of one -------- */

static void
on_closed(uv_handle_t *h)
{
	struct chan *c = h->data;

	if (c->threads)
		request_over(c);
	conn.in -= c->cap;
	free(c->in);
	free(c);
	if (full)
		accept_one();
}

static void
unready(struct chan *c)
{
	if (!c->ready)
		return;
	c->ready = false;
	TAILQ_REMOVE(&ready, c, go);
}

void
chan_close(struct chan *c)
{
	if (c->state == CHAN_IS_CLOSED)
		return;
	c->state = CHAN_IS_CLOSED;
	request_forget(c);
	unready(c);
	TAILQ_REMOVE(&all, c, all);
	table_remove(&conn.chans, &c->by_number);
	uv_close((uv_handle_t *)&c->pipe, on_closed);
}

/* Close it if nothing more will happen on it. */
static void
settle(struct chan *c)
{
	if (c->queued)
		return;
	if (c->state == CHAN_IS_ENDING ||
	    (c->state == CHAN_IS_LAST && c->open == 0))
		chan_close(c);
}

/* -------- out -------- */

struct waiting {
	uv_write_t write;
	struct chan *c;
	size_t n;
	uint8_t bytes[];
};

static void
on_written(uv_write_t *write, int status)
{
	struct waiting *w = (struct waiting *)write;
	struct chan *c = w->c;

	c->queued -= w->n;
	conn.out -= w->n;
	free(w);
	if (c->state == CHAN_IS_CLOSED)
		return;
	if (status < 0)
		chan_close(c);
	else
		chan_wake(c);
}

/* Queue what the system did not take: a head of h bytes, a body of n. */
static int
queue(struct chan *c, const void *head, size_t h, const void *p, size_t n)
{
	struct waiting *w = malloc(sizeof *w + h + n);
	uv_buf_t buf;

	if (w == NULL)
		return UV_ENOMEM;
	w->c = c;
	w->n = h + n;
	memcpy(w->bytes, head, h);
	memcpy(w->bytes + h, p, n);
	c->queued += w->n;
	conn.out += w->n;
	buf = (uv_buf_t){(char *)w->bytes, w->n};
	return uv_write(
	    &w->write, (uv_stream_t *)&c->pipe, &buf, 1, on_written);
}

/* How much the system takes at once; 0 if some wait already. */
static ssize_t
put_now(struct chan *c, uint8_t head[NEWT_HEAD], const void *p, size_t n)
{
	uv_buf_t buf[2] = {{(char *)head, NEWT_HEAD}, {(char *)p, n}};
	int put = c->queued ? 0 : uv_try_write((uv_stream_t *)&c->pipe, buf, 2);

	return put == UV_EAGAIN ? 0 : put;
}

/*
 * May a client let n bytes more wait?  One answer always may, or there could
 * be no large ones.
 */
static bool
may_wait(const struct chan *c, size_t n)
{
	if (c->queued == 0)
		return true;
	return n <=
	    conn.queue - (c->queued < conn.queue ? c->queued : conn.queue) &&
	    conn.out <= 4 * conn.queue;
}

static bool
drop_slow(struct chan *c)
{
	conn.counts.slow++;
	tool_say(
	    "client", "dropped: it let %zu bytes of answers wait", c->queued);
	chan_close(c);
	return false;
}

bool
chan_send(struct chan *c, const void *p, size_t n)
{
	uint8_t head[NEWT_HEAD];
	size_t done, h;
	ssize_t put;

	if (c->state == CHAN_IS_CLOSED)
		return false;
	if (n == 0 || n > NEWT_MAX || !may_wait(c, NEWT_HEAD + n))
		return drop_slow(c);
	newt_put(head, (uint32_t)n);
	if ((put = put_now(c, head, p, n)) < 0) {
		chan_close(c);
		return false;
	}
	conn.counts.answers++;
	done = (size_t)put;
	h = done < NEWT_HEAD ? done : NEWT_HEAD;
	if (done < NEWT_HEAD + n &&
	    queue(c, head + h, NEWT_HEAD - h, (const uint8_t *)p + (done - h),
	        n - (done - h)) < 0) {
		chan_close(c);
		return false;
	}
	return true;
}

/* -------- what is wrong -------- */

static const struct {
	int code;
	const char *text;
} faults[] = {
#define X(name, code, text) [CHAN_BAD_##name] = {code, text},
    CHAN_FAULTS(X)
#undef X
};

struct telling {
	struct chan *c;
	enum chan_fault fault;
};

static void
tell_fault(struct driver *d, void *arg)
{
	struct telling *t = arg;
	uint64_t room;
	noun code = atom_word((uint32_t)faults[t->fault].code);
	noun text = atom_cord(faults[t->fault].text);
	noun j = jam(cons4(direct(0), atom_cord("bail"), code, text));

	(void)d;
	chan_send(t->c, atom_view(j, &room), atom_bytes(j));
}

static void
stop_reading(struct chan *c)
{
	if (c->reading)
		uv_read_stop((uv_stream_t *)&c->pipe);
	c->reading = false;
}

void
chan_bad(struct chan *c, enum chan_fault fault)
{
	struct telling t = {c, fault};

	if (c->state == CHAN_IS_CLOSED || c->state == CHAN_IS_ENDING)
		return;
	conn.counts.faults++;
	tool_say("client", "closed: %s", faults[fault].text);
	stop_reading(c);
	request_forget(c);
	c->state = CHAN_IS_ENDING;
	if (!driver_try(&conn.d, tell_fault, &t))
		chan_close(c);
	else
		chan_wake(c);
}

/* -------- in -------- */

static bool
must_wait(const struct chan *c)
{
	return driver_full(&conn.d) || c->open >= CHAN_OPEN ||
	    c->queued >= CHAN_WAIT;
}

/*
 * Take the frames at the front of p[0..n): how many bytes they were.  Stops
 * where the chan has to wait, or is closed.  It is stuck only over bytes that
 * are there: they are kept, and taken when it is woken.
 */
static size_t
take(struct chan *c, const uint8_t *p, size_t n)
{
	size_t at = 0;
	uint32_t len;

	c->stuck = false;
	while (
	    c->state == CHAN_IS_OPEN && at < n && !(c->stuck = must_wait(c))) {
		enum newt_got got = newt_get(p + at, n - at, &len);

		if (len > conn.frame)
			chan_bad(c, CHAN_BAD_LONG);
		else if (got == NEWT_BAD)
			chan_bad(c, CHAN_BAD_FRAME);
		else if (got != NEWT_REC)
			break;
		else
			request_take(c, p + at + NEWT_HEAD, len);
		at += got == NEWT_REC ? NEWT_HEAD + (size_t)len : 0;
	}
	return at;
}

/* Make room for n bytes more.  False if there is none. */
static bool
room(struct chan *c, size_t n)
{
	size_t cap = c->cap ? c->cap : 256;
	uint8_t *bigger;

	if (c->cap - c->have >= n)
		return true;
	while (cap - c->have < n)
		cap *= 2;
	if (conn.in - c->cap + cap > 4 * (conn.frame + sizeof piece) ||
	    (bigger = realloc(c->in, cap)) == NULL)
		return false;
	conn.in += cap - c->cap;
	c->in = bigger;
	c->cap = cap;
	return true;
}

/* Keep the bytes for later.  None are a piece of c->in. */
static void
keep(struct chan *c, const uint8_t *p, size_t n)
{
	if (n == 0)
		return;
	if (!room(c, n)) {
		chan_bad(c, CHAN_BAD_FULL);
		return;
	}
	memcpy(c->in + c->have, p, n);
	c->have += n;
}

/* The first n bytes of what is kept are done with. */
static void
discard(struct chan *c, size_t n)
{
	c->have -= n;
	memmove(c->in, c->in + n, c->have);
	if (c->have > 0 || c->cap == 0)
		return;
	conn.in -= c->cap;
	free(c->in);
	c->in = NULL;
	c->cap = 0;
}

static void
take_kept(struct chan *c)
{
	if (c->have)
		discard(c, take(c, c->in, c->have));
}

static void
take_piece(struct chan *c, size_t n)
{
	const uint8_t *p = (const uint8_t *)piece;
	size_t at;

	if (c->have) {
		keep(c, p, n);
		take_kept(c);
		return;
	}
	at = take(c, p, n);
	if (c->state == CHAN_IS_OPEN)
		keep(c, p + at, n - at);
}

/* Has the other end closed altogether, so that no answer can reach it? */
static bool
is_gone(const struct chan *c)
{
	struct pollfd p = {0};

	return uv_fileno((const uv_handle_t *)&c->pipe, &p.fd) == 0 &&
	    poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR));
}

static void
at_end(struct chan *c)
{
	stop_reading(c);
	if (c->state != CHAN_IS_OPEN)
		return;
	if (is_gone(c)) {
		chan_close(c);
		return;
	}
	c->state = CHAN_IS_LAST;
	if (c->have)
		chan_bad(c, CHAN_BAD_FRAME);
	else
		settle(c);
}

static void
on_alloc(uv_handle_t *h, size_t n, uv_buf_t *buf)
{
	(void)h, (void)n;
	*buf = (uv_buf_t){piece, sizeof piece};
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct chan *c = s->data;

	(void)buf;
	if (n > 0)
		take_piece(c, (size_t)n);
	else if (n == UV_EOF)
		at_end(c);
	else if (n < 0)
		chan_close(c);
	if (n > 0)
		work(c);
}

/* -------- going on -------- */

/* Read, or wait, as it has to be. */
static void
work(struct chan *c)
{
	bool wait;

	if (c->state != CHAN_IS_OPEN) {
		settle(c);
		return;
	}
	wait = must_wait(c);
	if (wait || c->stuck)
		stop_reading(c);
	if (!wait && c->stuck)
		chan_wake(c);
	if (wait || c->stuck || c->reading)
		return;
	c->reading =
	    uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read) == 0;
	if (!c->reading)
		chan_close(c);
}

static void
on_going(uv_idle_t *idle)
{
	struct chan *c = TAILQ_FIRST(&ready);

	if (c == NULL) {
		uv_idle_stop(idle);
		return;
	}
	unready(c);
	if (c->state == CHAN_IS_OPEN)
		take_kept(c);
	if (c->state != CHAN_IS_CLOSED)
		work(c);
}

void
chan_wake(struct chan *c)
{
	if (c->ready || c->state == CHAN_IS_CLOSED ||
	    (c->reading && c->state == CHAN_IS_OPEN))
		return;
	c->ready = true;
	TAILQ_INSERT_TAIL(&ready, c, go);
	uv_idle_start(&going, on_going);
}

void
chan_wake_all(void)
{
	struct chan *c;

	TAILQ_FOREACH(c, &all, all)
	chan_wake(c);
}

/* -------- new ones -------- */

/*
 * A client that said its last word, or that waits, is not looked at; some of
 * these may be gone.
 */
static void
close_gone(void)
{
	struct chan *c = TAILQ_FIRST(&all), *next;

	for (; c; c = next) {
		next = TAILQ_NEXT(c, all);
		if (!c->reading && is_gone(c))
			chan_close(c);
	}
}

static struct chan *
chan_new(void)
{
	struct chan *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	c->by_number.key = ++last;
	if (!table_put(&conn.chans, &c->by_number)) {
		free(c);
		return NULL;
	}
	TAILQ_INIT(&c->requests);
	uv_pipe_init(conn.d.loop, &c->pipe, 0);
	c->pipe.data = c;
	TAILQ_INSERT_TAIL(&all, c, all);
	return c;
}

static void
accept_one(void)
{
	struct chan *c = NULL;

	full = conn.chans.n >= conn.limit || (c = chan_new()) == NULL;
	if (full) {
		close_gone();
		return;
	}
	if (uv_accept((uv_stream_t *)&server, (uv_stream_t *)&c->pipe) < 0) {
		chan_close(c);
		return;
	}
	conn.counts.connections++;
	work(c);
}

/* The library asks again only once this one is taken. */
static void
on_connection(uv_stream_t *s, int status)
{
	(void)s;
	if (status == 0)
		accept_one();
}

int
chan_listen(int fd)
{
	int rc;

	if ((rc = uv_pipe_init(conn.d.loop, &server, 0)) < 0 ||
	    (rc = uv_pipe_open(&server, fd)) < 0 ||
	    (rc = uv_listen((uv_stream_t *)&server, 4096, on_connection)) < 0)
		return rc;
	return uv_idle_init(conn.d.loop, &going);
}

void
chan_close_all(void)
{
	struct chan *c;

	full = false;
	uv_close((uv_handle_t *)&server, NULL);
	uv_close((uv_handle_t *)&going, NULL);
	while ((c = TAILQ_FIRST(&all)) != NULL)
		chan_close(c);
}
