/*
 * driver_parts -- what the files of the driver share: driver.c runs the
 * callbacks, driver_in.c reads frames, driver_out.c writes them.  Nothing
 * else includes this.
 *
 * A descriptor that can be polled is; one that cannot, a file, is always
 * ready: it is read whenever the loop is idle, and written to at once.
 *
 * Standard input is read to its end however much output waits: two that
 * talk to each other, and each wait for the other to listen, wait for ever.
 */
#ifndef DRIVER_PARTS_H
#define DRIVER_PARTS_H

#include "driver.h"
#include "newt.h"

struct driver_in {
	union {
		uv_handle_t handle;
		uv_poll_t poll;
		uv_idle_t idle;
	} u;
	struct newt newt;
};

struct driver_out {
	uv_poll_t poll;
	bool polled;  /* poll is there to wait with */
	bool waiting; /* and does */
	bool broken;  /* nobody reads: what is put is dropped */
	bool full;    /* driver_full() said so, and `drained` is owed */
	int flags;    /* of the descriptor, before */
	uint8_t *buf; /* [at, have) of cap bytes is to be written */
	size_t at, have, cap;
};

struct driver_own {
	uv_loop_t loop;
	struct driver_in in;
	struct driver_out out;
	bool ended, settling;
	int code;       /* to end with */
	unsigned depth; /* of callbacks that may have nouns */
	char knot[16];  /* which start of the driver this is */
};

/* -------- driver.c -------- */

/* A frame has come: the jam p[0..n). */
void driver_take(struct driver *d, const uint8_t *p, size_t n);

/* After callbacks from the loop: write what they emitted. */
void driver_settle(struct driver *d);

/* -------- driver_in.c, driver_out.c -------- */

/* 0, or the exit code after saying why. */
int driver_in_open(struct driver *d);
int driver_out_open(struct driver *d);

/* Read no more. */
void driver_in_close(struct driver *d);

/* Queue a frame of n bytes.  False if there is no room for it. */
bool driver_out_put(struct driver *d, const void *p, size_t n);

/* Write what can be, and wait for the rest. */
void driver_out_flush(struct driver *d);

/* After the loop, when all was written or nobody reads: give all back. */
void driver_out_close(struct driver *d);
void driver_in_free(struct driver *d);
void driver_out_free(struct driver *d);

/* -------- driver_noun.c -------- */

/* Make the knot: 0, or -1 with errno set. */
int driver_knot(struct driver_own *o);

#endif
