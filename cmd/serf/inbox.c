#include "inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nonblock.h"

enum { PIPEFUL = 64 << 10 };

void
inbox_open(struct inbox *in)
{
	*in = (struct inbox){.fd = nonblock(STDIN_FILENO, O_RDONLY),
	    .eager = !isatty(STDIN_FILENO)};
}

/* Have room for n bytes more. */
static int
reserve(struct inbox *in, size_t n)
{
	size_t cap;
	uint8_t *more;

	if (in->at == in->have)
		in->at = in->have = 0;
	if (in->cap - in->have >= n)
		return 0;
	if (in->at > 0)
		memmove(in->buf, in->buf + in->at, in->have - in->at);
	in->have -= in->at;
	in->at = 0;
	if (in->cap - in->have >= n)
		return 0;
	cap = 2 * in->cap > in->have + n ? 2 * in->cap : in->have + n;
	if ((more = realloc(in->buf, cap)) == NULL)
		return -1;
	in->buf = more;
	in->cap = cap;
	return 0;
}

int
inbox_put(struct inbox *in, const void *p, size_t n)
{
	if (n == 0)
		return 0;
	if (reserve(in, n) < 0)
		return -1;
	memcpy(in->buf + in->have, p, n);
	in->have += n;
	return 0;
}

int
inbox_fill(struct inbox *in)
{
	ssize_t n;

	if (reserve(in, PIPEFUL) < 0)
		return -1;
	do
		n = read(in->fd, in->buf + in->have, in->cap - in->have);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	in->have += (size_t)n;
	in->ended = n == 0;
	return 0;
}

enum newt_got
inbox_look(const struct inbox *in, const uint8_t **p, size_t *n)
{
	uint32_t len;
	enum newt_got got;

	if (in->at == in->have)
		return NEWT_END;
	got = newt_get(in->buf + in->at, in->have - in->at, &len);
	if (got == NEWT_REC) {
		*p = in->buf + in->at + NEWT_HEAD;
		*n = len;
	}
	return got;
}

/* What a long frame took is given back at once. */
void
inbox_drop(struct inbox *in)
{
	uint32_t len;

	if (newt_get(in->buf + in->at, in->have - in->at, &len) != NEWT_REC)
		return;
	in->at += NEWT_HEAD + (size_t)len;
	in->count++;
	if (in->at == in->have && in->cap > 4 * (size_t)PIPEFUL)
		inbox_free(in);
}

void
inbox_forget(struct inbox *in)
{
	in->at = in->have;
}

void
inbox_free(struct inbox *in)
{
	free(in->buf);
	in->buf = NULL;
	in->at = in->have = in->cap = 0;
}
