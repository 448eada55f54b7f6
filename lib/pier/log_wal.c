/*
 * SQLite's -wal file, https://www.sqlite.org/fileformat.html#walformat:
 *
 *     0..31    magic, version, page size, sequence, salt (8), sum (8)
 *     then     frames: page number, size of the file after a commit or 0,
 *              salt (8), sum (8), a page; sums go on from frame to frame
 *
 * After a crash SQLite takes the transactions before the first frame whose
 * sum is wrong.  That is right for what a dead process was writing, which is
 * the last transaction, but if a bit of an older one was flipped it drops all
 * behind it without a word.  The next transaction is begun only when the last
 * one is on disk: so a whole transaction with something of this file's salt
 * behind it was durable, and if it is behind the place, it would be lost.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log_parts.h"

enum { HEAD = 32, FRAME = 24, PAGE_MAX = 65536, TRIES = 3 };

struct wal {
	int fd;
	bool big; /* the sums are of big-endian words */
	size_t page;
	uint8_t salt[8];
	uint32_t sum[2];
	uint64_t at;                    /* frames read */
	uint64_t good, whole;           /* with right sums; the last commit */
	bool broke, lost, behind_whole; /* a wrong sum; what lies behind */
	uint8_t frame[FRAME + PAGE_MAX];
};

static uint32_t
get(const uint8_t *p, bool big)
{
	if (big)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		    (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[1] << 8 | p[0];
}

/* Go on with the sum over n bytes, a multiple of 8. */
static void
sum(struct wal *w, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i += 8) {
		w->sum[0] += get(p + i, w->big) + w->sum[1];
		w->sum[1] += get(p + i + 4, w->big) + w->sum[0];
	}
}

static bool
sum_is(const struct wal *w, const uint8_t *p)
{
	return get(p, true) == w->sum[0] && get(p + 4, true) == w->sum[1];
}

/* Bytes read, fewer at the end; -1 with errno set. */
static ssize_t
read_all(int fd, uint8_t *p, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = read(fd, p + have, n - have);

		if (got < 0 && errno != EINTR)
			return -1;
		if (got == 0)
			break;
		if (got > 0)
			have += (size_t)got;
	}
	return (ssize_t)have;
}

static bool
head_good(struct wal *w)
{
	uint8_t *h = w->frame;
	uint32_t magic = get(h, true);

	w->big = magic & 1;
	w->page = get(h + 8, true);
	w->sum[0] = w->sum[1] = 0;
	memcpy(w->salt, h + 16, 8);
	sum(w, h, 24);
	return (magic | 1) == 0x377f0683 && sum_is(w, h + 24) &&
	    w->page >= 512 && w->page <= PAGE_MAX &&
	    (w->page & (w->page - 1)) == 0;
}

/*
 * Is the frame, whose sum after `before` is wrong, the end of a transaction?
 * Its head may be off by a bit.
 */
static bool
ends_maybe(struct wal *w, const uint32_t before[2])
{
	uint8_t *f = w->frame;
	bool right = false, ends = get(f + 4, true) != 0;

	for (int i = 0; i < 64 && !right; i++) {
		f[i / 8] ^= (uint8_t)(1 << i % 8);
		memcpy(w->sum, before, sizeof w->sum);
		sum(w, f, 8);
		sum(w, f + FRAME, w->page);
		right = sum_is(w, f + 16);
		if (right)
			ends = get(f + 4, true) != 0;
		f[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	return ends;
}

/* Is it as it should be?  It is the next after those that are. */
static bool
frame_good(struct wal *w, bool ours, bool ends)
{
	uint8_t *f = w->frame;
	uint32_t before[2] = {w->sum[0], w->sum[1]};

	sum(w, f, 8);
	sum(w, f + FRAME, w->page);
	if (ours && sum_is(w, f + 16))
		return true;
	if (sum_is(w, f + 16)) /* only the salt is wrong */
		w->behind_whole = ends;
	else if (ours)
		w->behind_whole = ends_maybe(w, before);
	return false;
}

static void
frame_look(struct wal *w)
{
	const uint8_t *f = w->frame;
	bool ours = memcmp(f + 8, w->salt, 8) == 0;
	bool ends = get(f + 4, true) != 0;

	w->at++;
	if (w->broke) {
		w->lost |= ours && w->behind_whole;
		w->behind_whole |= ours && ends;
	} else if (frame_good(w, ours, ends)) {
		w->good = w->at;
		w->whole = ends ? w->at : w->whole;
	} else {
		w->broke = true;
	}
}

static enum log_got
frames_look(struct wal *w, char *why)
{
	ssize_t got;
	size_t n = FRAME + w->page;

	while ((got = read_all(w->fd, w->frame, n)) == (ssize_t)n)
		frame_look(w);
	if (got < 0)
		return log_sys_failed(why, "reading its -wal");
	if (w->lost)
		return log_say(why, LOG_BAD,
		    "its -wal is damaged at page %llu, and what was committed "
		    "there would be lost",
		    (unsigned long long)w->good + 1);
	if (w->good > w->whole || (w->broke && w->behind_whole) ||
	    (got >= FRAME && memcmp(w->frame + 8, w->salt, 8) == 0))
		return log_say(why, LOG_END,
		    "the last commit was not finished, and is dropped");
	return LOG_OK;
}

static enum log_got
file_look(struct wal *w, char *why)
{
	ssize_t got = read_all(w->fd, w->frame, HEAD);

	if (got < 0)
		return log_sys_failed(why, "reading its -wal");
	if (got < HEAD)
		return LOG_OK;
	if (head_good(w))
		return frames_look(w, why);
	/* It is synced before the first frame is written. */
	if (read_all(w->fd, w->frame, 1) == 1)
		return log_say(why, LOG_BAD, "the head of its -wal is damaged");
	return LOG_OK;
}

static enum log_got
look(const char *path, char *why)
{
	struct wal *w = calloc(1, sizeof *w);
	enum log_got got;

	if (w == NULL)
		return log_sys_failed(why, "reading its -wal");
	if ((w->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) {
		got = errno == ENOENT ? LOG_OK
		                      : log_sys_failed(why, "opening its -wal");
		free(w);
		return got;
	}
	got = file_look(w, why);
	close(w->fd);
	free(w);
	return got;
}

/* Someone may be writing to it just now: then it is another the next time. */
enum log_got
log_wal_look(const char *file, bool alone, char *why)
{
	static const struct timespec a_while = {0, 50 * 1000 * 1000};
	enum log_got got;
	char *path;

	if (asprintf(&path, "%s-wal", file) < 0)
		return log_sys_failed(why, "reading its -wal");
	got = look(path, why);
	for (int i = 1; i < TRIES && got == LOG_BAD && !alone; i++) {
		nanosleep(&a_while, NULL);
		got = look(path, why);
	}
	free(path);
	return got;
}
