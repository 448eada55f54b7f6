#include "out.h"

#include <errno.h>
#include <unistd.h>

static int
fail(struct out *o, int error)
{
	o->error = errno = error;
	return -1;
}

/* Write all of it, whatever the pieces the system takes. */
static int
write_all(struct out *o, const char *p, size_t n)
{
	while (n) {
		ssize_t put = write(o->fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return fail(o, errno);
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

int
out_flush(struct out *o)
{
	size_t n = o->n;

	if (o->error)
		return fail(o, o->error);
	o->n = 0;
	return write_all(o, o->buf, n);
}

int
out_put_slow(struct out *o, const void *p, size_t n)
{
	if (out_flush(o) < 0)
		return -1;
	if (n >= OUT_ROOM)
		return write_all(o, p, n);
	memcpy(o->buf, p, n);
	o->n = n;
	return 0;
}
