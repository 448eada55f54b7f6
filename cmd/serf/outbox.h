/*
 * outbox -- frames on the way out: held until an event is in the log, then
 * written as fast as the reader takes them, and never waited for.
 *
 *     outbox_put()  -> held --outbox_release()--> out --outbox_write()-->
 *     outbox_say()  ---------------------------->
 *
 * What is held goes out in the order in which it was put.  What is said to
 * people goes at once; when more than OUTBOX_FULL bytes are on the way it is
 * dropped instead, counted, and that is said later.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "noun.h"

enum { OUTBOX_FULL = 16 << 20 };

/* A line of frames. */
struct outbox_line {
	struct outbox_frame *first, *last;
};

struct outbox {
	int fd;
	struct outbox_line held, out;
	size_t bytes;     /* in both */
	size_t at;        /* bytes of out.first that are written */
	uint64_t dropped; /* and not told of */
};

/* Write to standard output, which may be anything but a terminal. */
void outbox_open(struct outbox *o);

/*
 * A frame that is to leave when the log is durable up to an event.  0, or -1
 * with errno set: EMSGSIZE if its jam is too long for a frame.  May bail
 * meme, then nothing was put; never collects.
 */
int outbox_put(struct outbox *o, uint64_t event, noun frame);

/* The same, but it goes before all that is held. */
int outbox_first(struct outbox *o, uint64_t event, noun frame);

/* A frame for people.  May bail meme; never collects. */
void outbox_say(struct outbox *o, noun frame);

/* The log is durable up to this event. */
void outbox_release(struct outbox *o, uint64_t durable);

/* Write what can be written now.  0, or -1 with errno set. */
int outbox_write(struct outbox *o);

/* Is more on the way than there should be? */
static inline bool
outbox_full(const struct outbox *o)
{
	return o->bytes > OUTBOX_FULL;
}

/* For a poll: something could go out, if the reader took it. */
static inline bool
outbox_waits(const struct outbox *o)
{
	return o->out.first != NULL;
}

static inline bool
outbox_empty(const struct outbox *o)
{
	return o->bytes == 0;
}

#endif
