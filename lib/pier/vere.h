/*
 * vere -- the event log of a pier that Vere wrote, or can go on with.
 *
 *     PIER/.urb/log/0iN/data.mdb    an epoch: the events after event N
 *                      /epoc.txt    its format, "1" or "2"
 *                      /vere.txt    the release that made it, "4.6"
 *                      /image.bin   Vere's memory at event N; not in 0i0
 *     PIER/.urb/log/data.mdb        who it is, again; before release 3.0 the
 *                                   one log, and there are no epochs
 *
 * A data.mdb is an LMDB environment with two databases:
 *
 *     EVENTS    u64 number -> u32 mug, jam of [date ovum]
 *     META      "version", "who", "fake", "life" -> a little-endian number
 *               without its leading zeros: who has up to 16 bytes, fake is a
 *               loobean, life the number of events that make the kernel
 *
 * The mug is that of the kernel after the event; 0 where it is not known, as
 * for the first `life` events, which are computed as one.
 *
 * Reading trusts nothing and writes nothing (btree.h), so it does for a pier
 * on a read-only disk, and for one whose ship runs: it reads what there was
 * when it was opened.  Nothing here knows what a noun is.
 */
#ifndef VERE_H
#define VERE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "btree.h"

enum { VERE_WHY = 256, VERE_RELEASE = 32 };

struct vere_meta {
	uint8_t who[16]; /* little-endian */
	bool fake;
	uint32_t life;
	unsigned version;           /* 1, 2: before epochs; 3 */
	char release[VERE_RELEASE]; /* of vere.txt; "" if there is none */
};

struct vere_event {
	uint64_t id;
	uint32_t mug; /* 0: not known */
	const uint8_t *jam;
	size_t n;
};

/* -------- reading -------- */

enum vere_got {
	VERE_EVENT,
	VERE_END,
	VERE_BAD, /* v->why says what is wrong and where */
	VERE_SYS  /* errno says why, and v->why of what */
};

/* The events after one, up to a last: none if that is the same. */
struct vere_epoch {
	uint64_t after, last;
};

struct vere {
	struct vere_meta meta;
	uint64_t first, last; /* events that there are; first > last: none */
	struct vere_epoch *epochs;
	size_t n;
	char why[VERE_WHY];

	int dir;     /* PIER/.urb/log */
	bool flat;   /* the log is there, not in an epoch */
	bool placed; /* the cursor stands before `next` */
	size_t at;   /* which epoch is open, n = none */
	int fd;      /* its data.mdb */
	uint64_t next;
	struct btree_file file;
	struct btree events;
	struct btree_cursor cursor;
};

/*
 * Open the log of the pier in this directory.  Its epochs have been seen to
 * follow on each other then.  VERE_EVENT, VERE_BAD or VERE_SYS; in any case
 * free v with vere_close().
 */
enum vere_got vere_open(struct vere *v, const char *pier);

/* Let vere_next() give this event next; VERE_END if it is not there. */
enum vere_got vere_seek(struct vere *v, uint64_t id);

/*
 * The next event, from v->first on; their numbers have no gaps.  What it
 * points to is v's until the next call.
 */
enum vere_got vere_next(struct vere *v, struct vere_event *e);

void vere_close(struct vere *v);

/* -------- writing -------- */

struct MDB_env;
struct MDB_txn;

/* What these give when it is not 0; out->why says what is wrong. */
enum {
	VERE_FAILED = -1, /* the machine did */
	VERE_OTHER = -2,  /* there is something else where the log should be */
	VERE_HURT = -3    /* the log there is damaged */
};

/*
 * A log being written, by liblmdb.  It is one epoch, 0i0, from event 1 on.  It
 * has no image, so Vere begins by replaying it.
 */
struct vere_out {
	uint64_t last; /* the event that was written last */
	char why[VERE_WHY];

	uint64_t durable;
	struct MDB_env *env;
	struct MDB_txn *txn; /* NULL: nothing was put since the commit */
	unsigned events;     /* the database, in liblmdb's terms */
};

/*
 * Make the log of a pier, in a directory that is not there or has nothing in
 * it; or go on with one that was made so, of the same ship: then out->last is
 * the last event in it.  VERE_OTHER where there is anything else, and above
 * all one of our own piers.  In any case free out with vere_out_close().
 */
int vere_create(
    struct vere_out *out, const char *pier, const struct vere_meta *meta);

/*
 * Add an event, which is number out->last + 1.  It is in the file, and
 * durable, when vere_commit() says so.  0 or VERE_FAILED.
 */
int vere_put(struct vere_out *out, uint32_t mug, const uint8_t *jam, size_t n);

/* Commit what was put.  0, or VERE_FAILED and nothing of it is in the log. */
int vere_commit(struct vere_out *out);

/* Forget what was put since the last commit, and end. */
void vere_out_close(struct vere_out *out);

#endif
