#include "driver_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newt.h"
#include "tool.h"

/* Read at least so much at a time; keep no more when all was taken. */
enum { AHEAD = 64 * 1024, KEPT = 1 << 20 };

/* The stream is wrong, at the frame behind those that were taken. */
static void
bad(struct driver *d, const char *why)
{
	driver_end(d,
	    tool_fail(TOOL_DATA, "stdin", "frame %llu: %s",
	        (unsigned long long)d->own->in.frames + 1, why));
}

/* Give back what one long frame took. */
static void
shrink(struct driver_in *in)
{
	if (in->at < in->have)
		return;
	in->at = in->have = 0;
	if (in->cap > KEPT) {
		free(in->buf);
		in->buf = NULL;
		in->cap = 0;
	}
}

static bool
make_room(struct driver_in *in)
{
	size_t cap = in->cap;
	uint8_t *bigger;

	if (cap - in->have >= AHEAD)
		return true;
	if (in->at) {
		memmove(in->buf, in->buf + in->at, in->have - in->at);
		in->have -= in->at;
		in->at = 0;
	}
	while (cap - in->have < AHEAD)
		cap = cap ? cap * 2 : 2 * AHEAD;
	if (cap == in->cap)
		return true;
	if ((bigger = realloc(in->buf, cap)) == NULL)
		return false;
	in->buf = bigger;
	in->cap = cap;
	return true;
}

static void
take_frames(struct driver *d)
{
	struct driver_in *in = &d->own->in;
	size_t limit = d->frame ? d->frame : NEWT_MAX;

	while (!d->own->ended) {
		const uint8_t *p = in->buf + in->at;
		uint32_t len;
		enum newt_got got = newt_get(p, in->have - in->at, &len);

		if (got == NEWT_BAD || len > limit) {
			bad(d, got == NEWT_BAD ? newt_why(got) : "too long");
			return;
		}
		if (got != NEWT_REC)
			break;
		in->at += NEWT_HEAD + (size_t)len;
		in->frames++;
		driver_take(d, p + NEWT_HEAD, len);
	}
	shrink(in);
}

static void
at_end(struct driver *d)
{
	if (d->own->in.at < d->own->in.have)
		bad(d, newt_why(NEWT_CUT));
	else
		driver_end(d, TOOL_DONE);
}

static void
read_more(struct driver *d)
{
	struct driver_in *in = &d->own->in;
	ssize_t got = -1;

	if (make_room(in))
		got =
		    read(STDIN_FILENO, in->buf + in->have, in->cap - in->have);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got < 0) {
		driver_end(d, tool_errno("stdin"));
	} else if (got == 0) {
		at_end(d);
	} else {
		in->have += (size_t)got;
		take_frames(d);
	}
	driver_settle(d);
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	(void)status, (void)events; /* read() tells it better */
	read_more(poll->data);
}

static void
on_idle(uv_idle_t *idle)
{
	read_more(idle->data);
}

/*
 * libuv makes what it polls non-blocking, for all who have it, such as the
 * shell of a terminal.  One read of what is ready does not block anyway.
 */
static int
poll_start(struct driver *d)
{
	uv_poll_t *poll = &d->own->in.u.poll;
	int flags = fcntl(STDIN_FILENO, F_GETFL);
	int error = uv_poll_init(d->loop, poll, STDIN_FILENO);

	if (error == 0 && flags >= 0)
		(void)fcntl(STDIN_FILENO, F_SETFL, flags);
	return error ? error : uv_poll_start(poll, UV_READABLE, on_ready);
}

int
driver_in_open(struct driver *d)
{
	struct driver_in *in = &d->own->in;
	int error = poll_start(d);

	if (error == UV_EPERM) {
		error = uv_idle_init(d->loop, &in->u.idle);
		if (error == 0)
			error = uv_idle_start(&in->u.idle, on_idle);
	}
	in->u.handle.data = d;
	errno = -error;
	return error ? tool_errno("stdin") : TOOL_DONE;
}

void
driver_in_close(struct driver *d)
{
	uv_close(&d->own->in.u.handle, NULL);
}

void
driver_in_free(struct driver *d)
{
	free(d->own->in.buf);
}
