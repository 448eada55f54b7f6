/*
 * newt -- a stream of length-prefixed records, one jammed noun in each.
 *
 *     0       version, always 0
 *     1..4    n, little-endian; 1 <= n <= NEWT_MAX
 *     5..     n bytes of jam
 *
 * The same five bytes stand before a noun on Vere's sockets.  Nothing here
 * knows what a noun is.  Nothing is allocated for a length that was merely
 * claimed: the buffer grows as the bytes arrive.
 */
#ifndef NEWT_H
#define NEWT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct out;

enum { NEWT_HEAD = 5 };

#define NEWT_MAX UINT32_MAX

enum newt_got { NEWT_REC, NEWT_END, NEWT_SYS, NEWT_CUT, NEWT_BAD };

/* A reader of one descriptor.  Starts as all zero. */
struct newt {
	const uint8_t *p; /* the record */
	size_t n;
	uint64_t offset; /* of its frame in the stream, in bytes */
	uint64_t count;  /* records given, this one too */

	uint8_t *buf; /* read ahead: [at, have) of cap bytes is not done with */
	size_t at, have, cap;
};

/* -------- in memory -------- */

/*
 * Look at the frame that starts at p, of which n bytes are there.
 *
 *   NEWT_REC   the record is p[NEWT_HEAD .. NEWT_HEAD + *len)
 *   NEWT_END   n is 0
 *   NEWT_CUT   more bytes are needed; *len as far as known, else 0
 *   NEWT_BAD   bad version byte or length
 */
enum newt_got newt_get(const uint8_t *p, size_t n, uint32_t *len);

/* Its other half: make the head of a record of n bytes, 1 <= n. */
void newt_put(uint8_t h[NEWT_HEAD], uint32_t n);

/* -------- on a descriptor -------- */

/*
 * Read the next record from fd into r.  The bytes are r's own and hold
 * until the next newt_read() or newt_free() on it.
 *
 *   NEWT_REC   r->p[0..r->n) is the record
 *   NEWT_END   end of stream, cleanly between records
 *   NEWT_SYS   errno says why (EAGAIN too); the stream may be fine, and
 *              the next call goes on where this one stopped
 *   NEWT_CUT   the stream ended inside the record at r->offset
 *   NEWT_BAD   bad version byte or length at r->offset
 *
 * It reads ahead, so fd belongs to r from the first call on.
 */
enum newt_got newt_read(int fd, struct newt *r);

/*
 * Write one frame to fd at once.  0, or -1 with errno set; EMSGSIZE if n is
 * 0 or more than NEWT_MAX, and then nothing was written.
 */
int newt_write(int fd, const void *p, size_t n);

/* The same into a buffer, for many small frames (out.h). */
int newt_write_out(struct out *o, const void *p, size_t n);

/* -------- a step at a time, for who waits for more than one thing -------- */

/*
 * Read once what there is: so who talks a lot gets no more turns than others.
 * Bytes, 0 at the end, -1 with errno set (EAGAIN, ENOMEM too).
 */
ssize_t newt_fill(int fd, struct newt *r);

/* The same of bytes that someone else has read.  0, or -1: ENOMEM. */
int newt_feed(struct newt *r, const void *p, size_t n);

/*
 * What was read and is not done with: NEWT_REC, and r->p[0..r->n) is a record,
 * until the next newt_fill(), newt_feed() or newt_drop(); or NEWT_END, or
 * NEWT_CUT with r->n as in newt_get(), or NEWT_BAD.
 */
enum newt_got newt_look(struct newt *r);

/* Done with the record of newt_look(): it and the memory of a long one go. */
void newt_drop(struct newt *r);

/* Would newt_look() give a record?  How many bytes lie there? */
bool newt_ready(const struct newt *r);
size_t newt_backlog(const struct newt *r);

/* Words for NEWT_CUT and NEWT_BAD: a constant. */
const char *newt_why(enum newt_got got);

/* Give the buffer back; r is as new. */
void newt_free(struct newt *r);

#endif
