#include "parcel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "newt.h"
#include "tool.h"

/* Frames given to the system at once. */
enum { BATCH = 64 };

void
parcel_no_memory(void)
{
	errno = ENOMEM;
	exit(tool_errno("frames"));
}

struct parcel *
parcel_new(const void *p, size_t n)
{
	struct parcel *a = malloc(sizeof *a + NEWT_HEAD + n);

	if (a == NULL)
		parcel_no_memory();
	a->count = 1;
	a->n = NEWT_HEAD + n;
	newt_put(a->bytes, (uint32_t)n);
	memcpy(a->bytes + NEWT_HEAD, p, n);
	return a;
}

struct parcel *
parcel_hold(struct parcel *p)
{
	if (p)
		p->count++;
	return p;
}

void
parcel_drop(struct parcel *p)
{
	if (p && --p->count == 0)
		free(p);
}

static void
grow(struct box *b)
{
	unsigned cap = b->cap ? b->cap * 2 : BATCH;
	struct parcel **ring = calloc(cap, sizeof *ring);

	if (ring == NULL)
		parcel_no_memory();
	for (unsigned i = 0; i < b->count; i++)
		ring[i] = b->ring[(b->first + i) & (b->cap - 1)];
	free(b->ring);
	b->ring = ring;
	b->cap = cap;
	b->first = 0;
}

void
box_put(struct box *b, struct parcel *p)
{
	if (b->count == b->cap)
		grow(b);
	b->ring[(b->first + b->count++) & (b->cap - 1)] = p;
	b->bytes += p->n;
}

static void
take_first(struct box *b)
{
	parcel_drop(b->ring[b->first]);
	b->first = (b->first + 1) & (b->cap - 1);
	b->count--;
	b->at = 0;
}

/* So many bytes more are written. */
static void
advance(struct box *b, size_t n)
{
	b->bytes -= n;
	b->written += n;
	while (n) {
		size_t left = b->ring[b->first]->n - b->at;

		if (n < left) {
			b->at += n;
			return;
		}
		n -= left;
		take_first(b);
	}
}

static int
gather(const struct box *b, struct iovec v[BATCH])
{
	size_t at = b->at;
	int n = 0;

	for (; n < BATCH && (unsigned)n < b->count; n++, at = 0) {
		struct parcel *p =
		    b->ring[(b->first + (unsigned)n) & (b->cap - 1)];

		v[n].iov_base = p->bytes + at;
		v[n].iov_len = p->n - at;
	}
	return n;
}

enum box_got
box_write(struct box *b, int fd)
{
	struct iovec v[BATCH];

	while (b->count) {
		ssize_t put = writev(fd, v, gather(b, v));

		if (put > 0)
			advance(b, (size_t)put);
		else if (put < 0 && errno == EAGAIN)
			return BOX_LATER;
		else if (put < 0 && errno != EINTR)
			return BOX_SYS;
	}
	return BOX_EMPTY;
}

void
box_clear(struct box *b)
{
	while (b->count)
		take_first(b);
	free(b->ring);
	*b = (struct box){.written = b->written};
}
