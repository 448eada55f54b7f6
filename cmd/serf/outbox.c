#include "outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "atom.h"
#include "jam.h"
#include "newt.h"
#include "nonblock.h"

struct outbox_frame {
	struct outbox_frame *next;
	uint64_t event; /* to wait for */
	size_t n;
	uint8_t p[];
};

void
outbox_open(struct outbox *o)
{
	*o = (struct outbox){.fd = nonblock(STDOUT_FILENO, O_WRONLY)};
}

/* -------- lines -------- */

static void
append(struct outbox_line *l, struct outbox_frame *f)
{
	f->next = NULL;
	if (l->first == NULL)
		l->first = f;
	else
		l->last->next = f;
	l->last = f;
}

static struct outbox_frame *
take(struct outbox_line *l)
{
	struct outbox_frame *f = l->first;

	l->first = f->next;
	return f;
}

/* NULL with errno set. */
static struct outbox_frame *
frame_of(noun n)
{
	struct outbox_frame *f;
	noun bytes = jam(n);
	size_t size = atom_bytes(bytes);
	uint64_t room;

	if (size > NEWT_MAX) {
		errno = EMSGSIZE;
		return NULL;
	}
	if ((f = malloc(sizeof *f + NEWT_HEAD + size)) == NULL)
		return NULL;
	newt_put(f->p, (uint32_t)size);
	memcpy(f->p + NEWT_HEAD, atom_view(bytes, &room), size);
	f->n = NEWT_HEAD + size;
	return f;
}

int
outbox_put(struct outbox *o, uint64_t event, noun frame)
{
	struct outbox_frame *f = frame_of(frame);

	if (f == NULL)
		return -1;
	f->event = event;
	o->bytes += f->n;
	append(&o->held, f);
	return 0;
}

int
outbox_first(struct outbox *o, uint64_t event, noun frame)
{
	struct outbox_line behind = o->held;

	o->held.first = NULL;
	if (outbox_put(o, event, frame) < 0) {
		o->held = behind;
		return -1;
	}
	o->held.first->next = behind.first;
	if (behind.first != NULL)
		o->held.last = behind.last;
	return 0;
}

void
outbox_say(struct outbox *o, noun frame)
{
	struct outbox_frame *f;

	if (outbox_full(o) || (f = frame_of(frame)) == NULL) {
		o->dropped++;
		return;
	}
	o->bytes += f->n;
	append(&o->out, f);
}

void
outbox_release(struct outbox *o, uint64_t durable)
{
	while (o->held.first != NULL && o->held.first->event <= durable)
		append(&o->out, take(&o->held));
}

/* -------- writing -------- */

enum { PIECES = 64 };

/* So many bytes are written. */
static void
written(struct outbox *o, size_t n)
{
	struct outbox_frame *f;

	for (o->at += n; (f = o->out.first) != NULL && o->at >= f->n;) {
		o->at -= f->n;
		o->bytes -= f->n;
		free(take(&o->out));
	}
}

static ssize_t
write_pieces(struct outbox *o)
{
	struct iovec v[PIECES];
	size_t skip = o->at;
	int n = 0;

	for (struct outbox_frame *f = o->out.first; f != NULL && n < PIECES;
	     f = f->next) {
		v[n].iov_base = f->p + skip;
		v[n++].iov_len = f->n - skip;
		skip = 0;
	}
	return writev(o->fd, v, n);
}

int
outbox_write(struct outbox *o)
{
	ssize_t n;

	while (o->out.first != NULL) {
		n = write_pieces(o);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		written(o, (size_t)n);
	}
	return 0;
}
