/*
 * out -- a descriptor to write to, with a buffer before it.
 *
 * Small pieces are gathered, large ones go straight from the caller's
 * memory to the descriptor.  The first failure sticks: what follows does
 * nothing and fails alike, so a caller may look only at out_flush().
 * Output is not done until it is flushed.
 */
#ifndef OUT_H
#define OUT_H

#include <stddef.h>
#include <string.h>

enum { OUT_ROOM = 64 * 1024 };

struct out {
	int fd;
	int error; /* errno of the first failure, 0 = none */
	size_t n;
	char buf[OUT_ROOM];
};

static inline void
out_init(struct out *o, int fd)
{
	o->fd = fd;
	o->error = 0;
	o->n = 0;
}

/* Out of line: what does not fit. */
int out_put_slow(struct out *o, const void *p, size_t n);

/* Put n bytes.  0, or -1 with errno set. */
static inline int
out_put(struct out *o, const void *p, size_t n)
{
	if (n >= OUT_ROOM - o->n || o->error)
		return out_put_slow(o, p, n);
	memcpy(o->buf + o->n, p, n);
	o->n += n;
	return 0;
}

/* Put a string. */
static inline int
out_text(struct out *o, const char *s)
{
	return out_put(o, s, strlen(s));
}

/* Put what is in the buffer on the descriptor.  0, or -1 with errno set. */
int out_flush(struct out *o);

#endif
