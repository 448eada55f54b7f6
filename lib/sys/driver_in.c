#include "driver_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "tool.h"

/* The stream is wrong, at what was looked at last. */
static void
bad(struct driver *d, const char *why)
{
	const struct newt *r = &d->own->in.newt;

	driver_end(d,
	    tool_fail(TOOL_DATA, "stdin", "frame %llu: %s",
	        (unsigned long long)r->count + (r->p == NULL), why));
}

static void
take_frames(struct driver *d)
{
	struct newt *r = &d->own->in.newt;
	size_t limit = d->frame ? d->frame : NEWT_MAX;
	enum newt_got got = NEWT_REC;

	while (!d->own->ended && got == NEWT_REC) {
		got = newt_look(r);
		if (got == NEWT_BAD || r->n > limit) {
			bad(d, got == NEWT_BAD ? newt_why(got) : "too long");
			return;
		}
		if (got == NEWT_REC)
			driver_take(d, r->p, r->n);
		newt_drop(r);
	}
}

static void
at_end(struct driver *d)
{
	if (newt_backlog(&d->own->in.newt))
		bad(d, newt_why(NEWT_CUT));
	else
		driver_end(d, TOOL_DONE);
}

static void
read_more(struct driver *d)
{
	ssize_t got = newt_fill(STDIN_FILENO, &d->own->in.newt);

	if (got < 0 && errno == EAGAIN)
		return;
	if (got < 0)
		driver_end(d, tool_errno("stdin"));
	else if (got == 0)
		at_end(d);
	else
		take_frames(d);
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
	newt_free(&d->own->in.newt);
}
