/*
 * chan -- a connection of the control socket: frames in, frames out, in
 * bytes.
 *
 *     OPEN      reading, unless it waits
 *     LAST      the client has said all: closed when all is answered
 *     ENDING    it did wrong: closed when it has been told
 *     CLOSED    its memory goes when the loop lets it go
 *
 * A chan waits, and nothing is read from it, while the ship takes no more
 * events, while CHAN_OPEN of its requests are not answered, or while
 * CHAN_WAIT bytes of answers are not read.  What it sent then lies in the
 * system's own buffers.  It goes on from the loop, never from within a
 * callback of the driver, since its frames become nouns.
 *
 * Nothing here wakes up for a client that does nothing.
 */
#ifndef CHAN_H
#define CHAN_H

#include <sys/queue.h>

#include "conn.h"

enum { CHAN_OPEN = 1024, CHAN_WAIT = 1 << 20 };

enum chan_state { CHAN_IS_OPEN, CHAN_IS_LAST, CHAN_IS_ENDING, CHAN_IS_CLOSED };

struct request;

struct chan {
	struct table_entry by_number; /* Vere calls the number its coq */
	uv_pipe_t pipe;
	enum chan_state state;
	bool reading;
	bool stuck; /* there may be whole frames in what it keeps */
	bool ready; /* to go on */

	uint8_t *in; /* the begin of a frame; have of cap bytes */
	size_t have, cap;
	size_t queued; /* bytes of answers that wait */

	TAILQ_HEAD(, request) requests; /* in order of arrival */
	unsigned open;                  /* how many */
	bool threads; /* it went while one of them was a thread's */

	TAILQ_ENTRY(chan) all, go;
};

/*
 * What is wrong with a client, which is told by [0 %bail code name], as Vere
 * does; codes from -9 on are ours.
 */
#define CHAN_FAULTS(X)                                            \
	X(CUE, -1, "cue-none")       /* no jam */                 \
	X(FRAME, -1, "newt-decode")  /* no frame */               \
	X(JAR, -2, "jar-bad")        /* not [rid tag data] */     \
	X(TAG, -3, "tag-unknown")                                 \
	X(OVUM, -6, "ovum-bad")      /* not [tar wire tag data] */\
	X(URTH, -7, "urth-bad")                                   \
	X(KHAN, -8, "khan-miss")     /* no vane to run threads */ \
	X(LONG, -9, "frame-long")    /* a frame over --max */     \
	X(FULL, -10, "memory-full")

enum chan_fault {
	CHAN_GOOD,
#define X(name, code, text) CHAN_BAD_##name,
	CHAN_FAULTS(X)
#undef X
};

/* Take connections on this socket.  0, or a negative error of libuv's. */
int chan_listen(int fd);

/* The chan of that number, if it is there and not closed, or NULL. */
struct chan *chan_find(uint64_t number);

/*
 * Send the n bytes of a jam as a frame; they are the caller's.  It may close
 * the chan, which forgets its requests: false then.
 */
bool chan_send(struct chan *c, const void *p, size_t n);

/* Tell the client what is wrong, take nothing more from it, close it. */
void chan_bad(struct chan *c, enum chan_fault fault);

/* Something was answered, or there is room again: go on if it can. */
void chan_wake(struct chan *c);
void chan_wake_all(void);

/* Close it now.  Its memory is there until the loop goes on. */
void chan_close(struct chan *c);

/* The end: close the socket and all chans. */
void chan_close_all(void);

#endif
