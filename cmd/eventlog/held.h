/*
 * held -- what is to be written when the events that it comes from are
 * durable, and not before.
 *
 *     held_add() for each event, in order
 *     held_release() when the log is durable up to one
 */
#ifndef HELD_H
#define HELD_H

#include <stddef.h>
#include <stdint.h>

#include "form.h"

struct held {
	enum form form; /* FORM_NEWT or FORM_TEXT */

	/* Its own.  Marks tell up to which byte an event's output reaches. */
	uint8_t *p;
	size_t n, cap;
	struct held_mark {
		uint64_t event;
		size_t end;
	} * marks;
	size_t n_marks, cap_marks;
};

/*
 * Hold [event effects], to be written when that event is durable; or of
 * event 0, [0 effects], with the one that was held before.  0, or -1 with
 * errno set.  May bail meme, then nothing was added; never collects.
 */
int held_add(struct held *h, uint64_t event, noun effects);

/* Write what belongs to events up to this one.  0, or -1 with errno set. */
int held_release(struct held *h, int fd, uint64_t durable);

void held_free(struct held *h);

#endif
