#include "newt.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "out.h"

/* Read at least so much at a time: 10,000 small frames for one call. */
enum { AHEAD = 64 * 1024 };

enum newt_got
newt_get(const uint8_t *p, size_t n, uint32_t *len)
{
	*len = 0;
	if (n == 0)
		return NEWT_END;
	if (p[0] != 0)
		return NEWT_BAD;
	if (n < NEWT_HEAD)
		return NEWT_CUT;
	*len = (uint32_t)p[1] | (uint32_t)p[2] << 8 | (uint32_t)p[3] << 16 |
	    (uint32_t)p[4] << 24;
	if (*len == 0)
		return NEWT_BAD;
	return n - NEWT_HEAD < *len ? NEWT_CUT : NEWT_REC;
}

void
newt_put(uint8_t h[NEWT_HEAD], uint32_t n)
{
	h[0] = 0;
	h[1] = (uint8_t)n;
	h[2] = (uint8_t)(n >> 8);
	h[3] = (uint8_t)(n >> 16);
	h[4] = (uint8_t)(n >> 24);
}

/*
 * Make room for AHEAD bytes behind those that wait.  They move to the front
 * only here, so a buffer full of small frames is read without copying.
 */
static bool
make_room(struct newt *r)
{
	uint8_t *bigger;
	size_t cap = r->cap;

	if (r->cap - r->have >= AHEAD)
		return true;
	if (r->at) {
		memmove(r->buf, r->buf + r->at, r->have - r->at);
		r->have -= r->at;
		r->at = 0;
	}
	if (cap - r->have >= AHEAD)
		return true;
	while (cap - r->have < AHEAD)
		cap = cap ? cap * 2 : 2 * AHEAD;
	if ((bigger = realloc(r->buf, cap)) == NULL)
		return false;
	r->buf = bigger;
	r->cap = cap;
	return true;
}

/* Bytes read, 0 at the end of the stream, -1 with errno set. */
static ssize_t
read_more(int fd, struct newt *r)
{
	ssize_t got;

	if (!make_room(r))
		return -1;
	do
		got = read(fd, r->buf + r->have, r->cap - r->have);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		r->have += (size_t)got;
	return got;
}

/* Give the record of len bytes that stands at r->at. */
static void
give(struct newt *r, uint32_t len)
{
	r->p = r->buf + r->at + NEWT_HEAD;
	r->n = len;
	r->at += NEWT_HEAD + (size_t)len;
	r->count++;
}

enum newt_got
newt_read(int fd, struct newt *r)
{
	enum newt_got got;
	uint32_t len;
	ssize_t more;

	if (r->p) {
		r->offset += NEWT_HEAD + r->n;
		r->p = NULL;
		r->n = 0;
	}
	for (;;) {
		const uint8_t *next = r->buf ? r->buf + r->at : NULL;

		got = newt_get(next, r->have - r->at, &len);
		if (got == NEWT_REC)
			give(r, len);
		if (got != NEWT_END && got != NEWT_CUT)
			return got;
		if ((more = read_more(fd, r)) < 0)
			return NEWT_SYS;
		if (more == 0)
			return got;
	}
}

/* Step over n bytes that were written. */
static void
advance(struct iovec v[2], size_t n)
{
	for (int i = 0; i < 2; i++) {
		size_t k = n < v[i].iov_len ? n : v[i].iov_len;

		v[i].iov_base = (char *)v[i].iov_base + k;
		v[i].iov_len -= k;
		n -= k;
	}
}

static int
head_for(uint8_t h[NEWT_HEAD], size_t n)
{
	if (n == 0 || n > NEWT_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	newt_put(h, (uint32_t)n);
	return 0;
}

int
newt_write(int fd, const void *p, size_t n)
{
	uint8_t h[NEWT_HEAD];
	struct iovec v[2] = {{h, sizeof h}, {(void *)p, n}};

	if (head_for(h, n) < 0)
		return -1;
	while (v[0].iov_len + v[1].iov_len) {
		ssize_t put = writev(fd, v, 2);

		if (put < 0 && errno != EINTR)
			return -1;
		if (put > 0)
			advance(v, (size_t)put);
	}
	return 0;
}

int
newt_write_out(struct out *o, const void *p, size_t n)
{
	uint8_t h[NEWT_HEAD];

	if (head_for(h, n) < 0 || out_put(o, h, sizeof h) < 0)
		return -1;
	return out_put(o, p, n);
}

const char *
newt_why(enum newt_got got)
{
	return got == NEWT_CUT ? "the stream ends inside a frame"
	                       : "bad version byte or length of a frame";
}

void
newt_free(struct newt *r)
{
	free(r->buf);
	*r = (struct newt){0};
}
