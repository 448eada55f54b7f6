/*
 * parcel -- a frame on its way, and the box where those for one process wait.
 *
 * A parcel is the bytes of a newt frame, head and all, as they will be
 * written.  It is counted: whoever keeps it holds one count.  Where there is
 * no memory for one the process ends, with words: its children end with it,
 * and nothing that was acknowledged is lost.
 */
#ifndef PARCEL_H
#define PARCEL_H

#include <stddef.h>
#include <stdint.h>

struct parcel {
	unsigned count;
	size_t n; /* bytes, the head too */
	uint8_t bytes[];
};

/* A parcel of the jam p[0..n), which is copied; 1 <= n <= NEWT_MAX. */
struct parcel *parcel_new(const void *p, size_t n);

/* One more count; one less, and free with the last.  NULL is fine. */
struct parcel *parcel_hold(struct parcel *p);
void parcel_drop(struct parcel *p);

/* Its jam. */
static inline const uint8_t *
parcel_jam(const struct parcel *p, size_t *n)
{
	*n = p->n - 5;
	return p->bytes + 5;
}

/* There is no memory: say so, and end. */
_Noreturn void parcel_no_memory(void);

/* -------- a box: first in, first out.  Starts as all zero. -------- */

struct box {
	struct parcel **ring;
	unsigned cap, first, count; /* cap is a power of two */
	size_t at;                  /* bytes of the first that are written */
	size_t bytes;               /* that wait */
	uint64_t written;           /* ever */
};

/* The box takes over the caller's count. */
void box_put(struct box *b, struct parcel *p);

enum box_got { BOX_EMPTY, BOX_LATER, BOX_SYS };

/*
 * Write what the descriptor takes without waiting.  BOX_LATER if it is full;
 * BOX_SYS with errno set.
 */
enum box_got box_write(struct box *b, int fd);

/* Drop all that waits. */
void box_clear(struct box *b);

#endif
