/*
 * inbox -- frames on the way in: what has come of them, in memory.
 *
 * Bytes are taken as they come, and no more than a pipeful of whole frames
 * lies here: the rest waits in the pipe.
 */
#ifndef INBOX_H
#define INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newt.h"

struct inbox {
	int fd;
	bool eager;     /* to read makes nobody wait */
	bool ended;     /* there is no more to come */
	uint64_t count; /* of frames that were dropped, for words */

	uint8_t *buf; /* [at, have) of cap bytes are there */
	size_t at, have, cap;
};

/* Read from standard input. */
void inbox_open(struct inbox *in);

/* Put bytes in front: what another process has read.  0, or -1: ENOMEM. */
int inbox_put(struct inbox *in, const void *p, size_t n);

/* Read once what there is.  0, or -1 with errno set, EAGAIN too. */
int inbox_fill(struct inbox *in);

/*
 * The next frame: NEWT_REC and its bytes, which hold until another call on
 * it; or NEWT_END, NEWT_CUT: it is not all there yet; or NEWT_BAD.
 */
enum newt_got inbox_look(const struct inbox *in, const uint8_t **p, size_t *n);

/* Done with that frame. */
void inbox_drop(struct inbox *in);

/* And with all that is there. */
void inbox_forget(struct inbox *in);

void inbox_free(struct inbox *in);

#endif
