/*
 * term -- a terminal: its modes, its size, bytes from it and to it.
 *
 * It is opened anew, so that not to wait for it is nobody else's business.
 * While it is ours it sends each key at once, and only ^Z is the kernel's,
 * which stops the whole ship; whatever ends this process, the terminal is
 * as it was before: term_cook() is called at exit and when it dies of a bug,
 * and when it is killed a child of it, which shares `raw`, calls
 * term_orphaned().
 *
 * What is written waits while the terminal does not take it.  What comes when
 * TERM_FULL bytes wait is dropped, and `lost` is called when it takes again.
 */
#ifndef TERM_H
#define TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>
#include <uv.h>

/* Of the memory for what waits, so much is kept.  What is still to be written
 * at the end has so long for it. */
enum { TERM_FULL = 4 << 20, TERM_KEPT = 64 << 10, TERM_LAST_MS = 500 };

struct term {
	int fd;     /* -1: none */
	bool mouse; /* have it tell of clicks */
	void (*took)(struct term *, const uint8_t *p, size_t n);
	void (*lost)(struct term *);
	void (*gone)(struct term *); /* hung up, or broken: errno */
	void *arg;

	/* term's own */
	struct termios before;
	volatile bool *raw; /* shared with children; NULL: never opened */
	int keeper;         /* see term_kept(); -1: none */
	bool reading, dropped;
	uv_poll_t poll;
	char *p; /* [at, n) of cap bytes is to be written */
	size_t at, n, cap;
};

/*
 * Open the terminal at that path; digits are a descriptor.  0, or -1 with
 * errno set; ENOTTY if it is no terminal.
 */
int term_open(struct term *t, const char *path);

/* Columns and rows; 0 where it does not know. */
void term_size(const struct term *t, unsigned *cols, unsigned *rows);

/* Does it break lines that are too long for a new size?  From the environment:
 * all do but a few that are known by it. */
bool term_reflows(void);

/* Make it ours.  0, or -1 with errno set.  Again is no harm. */
int term_raw(struct term *t);

/* Make it as it was.  Safe in a signal's handler. */
void term_cook(struct term *t);

/*
 * The parent of this process puts the terminal back itself when this one ends,
 * as long as it lives: nobody else must, for it may have given the terminal to
 * another by then.
 */
void term_kept(struct term *t);

/*
 * For a child: close all descriptors from `from` on but those of t, which get
 * other numbers.
 */
void term_alone(struct term *t, int from);

/*
 * The same child, when its parent is gone: make the terminal as it was, if it
 * was left raw, nobody has changed its modes since, and nobody keeps it.
 */
void term_orphaned(struct term *t);

/* Have the loop read, and not read.  0, or a negative error of libuv. */
int term_start(struct term *t, uv_loop_t *loop);
void term_read(struct term *t, bool on);

/* Write, or have it wait. */
void term_put(struct term *t, const char *p, size_t n);

/* Write what waits, as long as some goes out within ms; what does not is
 * dropped.  Then it is as it was before us, until term_raw(). */
void term_pause(struct term *t, unsigned ms);

/* The same, and let go of it. */
void term_stop(struct term *t, unsigned ms);

#endif
