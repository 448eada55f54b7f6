/*
 * feed -- frames out of a descriptor that does not wait, a read at a time.
 *
 * Unlike newt_read() it never goes on reading by itself, however much there
 * is: who talks a lot gets no more turns than the others.  Nothing is
 * allocated for a length that was merely claimed.
 */
#ifndef FEED_H
#define FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Starts as all zero. */
struct feed {
	uint8_t *buf; /* [at, have) of cap bytes has not been given */
	size_t at, have, cap;
};

/* One read: bytes, 0 at the end, -1 with errno set (EAGAIN too). */
ssize_t feed_read(struct feed *f, int fd);

enum feed_got {
	FEED_REC,  /* (*p)[0..*n) is a frame's jam, until the next call */
	FEED_MORE, /* bytes are missing */
	FEED_BAD,  /* no frame */
	FEED_LONG  /* longer than most bytes */
};

/* The next of what was read. */
enum feed_got feed_next(
    struct feed *f, size_t most, const uint8_t **p, size_t *n);

/* All that was read was given: give the memory of a long frame back. */
void feed_trim(struct feed *f);

/* Give all back; f is as new. */
void feed_free(struct feed *f);

#endif
