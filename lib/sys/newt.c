#include "newt.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "out.h"

/*
 * Read at least so much at a time: 10,000 small frames for one call.  Keep no
 * more memory when all is done with.
 */
enum { AHEAD = 64 * 1024, KEPT = 1024 * 1024 };

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
 * Make room for n bytes behind those that wait.  They move to the front only
 * here, so a buffer full of small frames is read without copying.
 */
static bool
make_room(struct newt *r, size_t n)
{
	uint8_t *bigger;
	size_t cap = r->cap;

	if (r->cap - r->have >= n)
		return true;
	if (r->at) {
		memmove(r->buf, r->buf + r->at, r->have - r->at);
		r->have -= r->at;
		r->at = 0;
	}
	if (cap - r->have >= n)
		return true;
	while (cap - r->have < n)
		cap = cap ? cap * 2 : 2 * AHEAD;
	if ((bigger = realloc(r->buf, cap)) == NULL)
		return false;
	r->buf = bigger;
	r->cap = cap;
	return true;
}

ssize_t
newt_fill(int fd, struct newt *r)
{
	ssize_t got;

	if (!make_room(r, AHEAD))
		return -1;
	do
		got = read(fd, r->buf + r->have, r->cap - r->have);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		r->have += (size_t)got;
	return got;
}

int
newt_feed(struct newt *r, const void *p, size_t n)
{
	if (n == 0)
		return 0;
	if (!make_room(r, n))
		return -1;
	memcpy(r->buf + r->have, p, n);
	r->have += n;
	return 0;
}

/* What lies at r->at. */
static enum newt_got
peek(const struct newt *r, uint32_t *len)
{
	return newt_get(r->buf ? r->buf + r->at : NULL, newt_backlog(r), len);
}

enum newt_got
newt_look(struct newt *r)
{
	uint32_t len;
	enum newt_got got = peek(r, &len);

	if (got == NEWT_REC && r->p == NULL)
		r->count++;
	r->p = got == NEWT_REC ? r->buf + r->at + NEWT_HEAD : NULL;
	r->n = len;
	return got;
}

void
newt_drop(struct newt *r)
{
	size_t n = NEWT_HEAD + r->n;

	if (r->p == NULL)
		return;
	r->at += n;
	r->offset += n;
	r->p = NULL;
	r->n = 0;
	if (r->at == r->have)
		r->at = r->have = 0;
	if (r->have == 0 && r->cap > KEPT) {
		free(r->buf);
		r->buf = NULL;
		r->cap = 0;
	}
}

bool
newt_ready(const struct newt *r)
{
	uint32_t len;

	return peek(r, &len) == NEWT_REC;
}

size_t
newt_backlog(const struct newt *r)
{
	return r->have - r->at;
}

enum newt_got
newt_read(int fd, struct newt *r)
{
	enum newt_got got;
	ssize_t more;

	newt_drop(r);
	while ((got = newt_look(r)) == NEWT_END || got == NEWT_CUT) {
		if ((more = newt_fill(fd, r)) < 0)
			return NEWT_SYS;
		if (more == 0)
			return got;
	}
	return got;
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
