#include "driver_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newt.h"
#include "tool.h"

/* The least room to have, and the most to keep when all was written. */
enum { ROOM = 64 * 1024, KEPT = 1 << 20 };

size_t
driver_backlog(const struct driver *d)
{
	return d->own->out.have - d->own->out.at;
}

bool
driver_full(const struct driver *d)
{
	bool full = driver_backlog(d) > DRIVER_FULL;

	if (full)
		d->own->out.full = true;
	return full;
}

/* -------- the queue -------- */

static bool
make_room(struct driver_out *out, size_t n)
{
	size_t cap = out->cap;
	uint8_t *bigger;

	if (out->cap - out->have >= n)
		return true;
	if (out->at) {
		memmove(out->buf, out->buf + out->at, out->have - out->at);
		out->have -= out->at;
		out->at = 0;
	}
	while (cap - out->have < n)
		cap = cap ? cap * 2 : ROOM;
	if (cap == out->cap)
		return true;
	if ((bigger = realloc(out->buf, cap)) == NULL)
		return false;
	out->buf = bigger;
	out->cap = cap;
	return true;
}

bool
driver_out_put(struct driver *d, const void *p, size_t n)
{
	struct driver_out *out = &d->own->out;

	if (out->broken)
		return true;
	if (driver_backlog(d) > DRIVER_STOP || !make_room(out, NEWT_HEAD + n))
		return false;
	newt_put(out->buf + out->have, (uint32_t)n);
	memcpy(out->buf + out->have + NEWT_HEAD, p, n);
	out->have += NEWT_HEAD + n;
	return true;
}

static void
all_written(struct driver_out *out)
{
	out->at = out->have = 0;
	if (out->cap > KEPT) {
		free(out->buf);
		out->buf = NULL;
		out->cap = 0;
	}
}

/* -------- the descriptor -------- */

/*
 * A parent that ends closes both ends at once: what happens to be noticed
 * first is no failure.
 */
static bool
parent_gone(const struct driver *d)
{
	struct pollfd in = {STDIN_FILENO, POLLIN, 0};

	return d->own->ended || (poll(&in, 1, 0) > 0 && in.revents & POLLHUP);
}

static void
break_off(struct driver *d)
{
	struct driver_out *out = &d->own->out;
	int error = errno;

	out->broken = true;
	all_written(out);
	errno = error;
	if (error == EPIPE && parent_gone(d))
		driver_end(d, TOOL_DONE);
	else
		driver_end(d, tool_errno("stdout"));
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct driver *d = poll->data;

	(void)events;
	if (status < 0)
		d->own->out.waiting = false; /* write() tells why */
	driver_settle(d);
}

/* Wait for room, or no longer. */
static void
await(struct driver *d, bool room)
{
	struct driver_out *out = &d->own->out;

	if (room && out->polled && !out->waiting)
		out->waiting =
		    uv_poll_start(&out->poll, UV_WRITABLE, on_ready) == 0;
	if (!room && out->waiting) {
		uv_poll_stop(&out->poll);
		out->waiting = false;
	}
}

void
driver_out_flush(struct driver *d)
{
	struct driver_out *out = &d->own->out;

	while (out->at < out->have) {
		ssize_t put = write(
		    STDOUT_FILENO, out->buf + out->at, out->have - out->at);

		if (put >= 0)
			out->at += (size_t)put;
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			break_off(d);
	}
	if (out->at == out->have)
		all_written(out);
	await(d, out->at < out->have);
}

/* Pipes and sockets are waited for; a file or a terminal takes what it gets. */
int
driver_out_open(struct driver *d)
{
	struct driver_out *out = &d->own->out;
	struct stat st;
	int error;

	out->flags = fcntl(STDOUT_FILENO, F_GETFL);
	if (out->flags < 0 || fstat(STDOUT_FILENO, &st) < 0)
		return tool_errno("stdout");
	if (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode))
		return TOOL_DONE;
	if ((error = uv_poll_init(d->loop, &out->poll, STDOUT_FILENO))) {
		errno = -error;
		return tool_errno("stdout");
	}
	out->poll.data = d;
	out->polled = true;
	return TOOL_DONE;
}

void
driver_out_close(struct driver *d)
{
	if (d->own->out.polled)
		uv_close((uv_handle_t *)&d->own->out.poll, NULL);
}

void
driver_out_free(struct driver *d)
{
	(void)fcntl(STDOUT_FILENO, F_SETFL, d->own->out.flags);
	free(d->own->out.buf);
}
