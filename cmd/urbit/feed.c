#include "feed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newt.h"

enum { AHEAD = 64 * 1024, KEPT = 1024 * 1024 };

/* Move what waits to the front, or take more memory: room for AHEAD bytes. */
static bool
make_room(struct feed *f)
{
	size_t cap;
	uint8_t *bigger;

	if (f->cap - f->have >= AHEAD)
		return true;
	if (f->at) {
		memmove(f->buf, f->buf + f->at, f->have - f->at);
		f->have -= f->at;
		f->at = 0;
	}
	cap = f->cap;
	while (cap - f->have < AHEAD)
		cap = cap ? cap * 2 : 2 * AHEAD;
	if (cap == f->cap)
		return true;
	if ((bigger = realloc(f->buf, cap)) == NULL)
		return false;
	f->buf = bigger;
	f->cap = cap;
	return true;
}

ssize_t
feed_read(struct feed *f, int fd)
{
	ssize_t got;

	if (!make_room(f))
		return -1;
	do
		got = read(fd, f->buf + f->have, f->cap - f->have);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		f->have += (size_t)got;
	return got;
}

enum feed_got
feed_next(struct feed *f, size_t most, const uint8_t **p, size_t *n)
{
	const uint8_t *next = f->buf ? f->buf + f->at : NULL;
	uint32_t len;
	enum newt_got got = newt_get(next, f->have - f->at, &len);

	if (got == NEWT_BAD)
		return FEED_BAD;
	if (len > most)
		return FEED_LONG;
	if (got != NEWT_REC)
		return FEED_MORE;
	*p = next + NEWT_HEAD;
	*n = len;
	f->at += NEWT_HEAD + (size_t)len;
	return FEED_REC;
}

void
feed_trim(struct feed *f)
{
	if (f->at == f->have && f->cap > KEPT)
		feed_free(f);
}

void
feed_free(struct feed *f)
{
	free(f->buf);
	*f = (struct feed){0};
}
