/*
 * driver -- what the drivers of a ship have in common: frames in, frames
 * out, one event loop, one jail.
 *
 *     struct driver d = {.name = "behn", .born = born, .card = effect};
 *
 *     driver_init(&d);                  heap, loop, standard descriptors
 *     ... options; open what is needed; put handles on d.loop ...
 *     return driver_run(&d);            jail, ready, born, loop: exit code
 *
 * A driver is a filter.  Effects come on standard input, events go to
 * standard output, words for people to standard error.  It ends with 0 when
 * its input ends, after what it has to say is said; SIGTERM and SIGINT are
 * its parent's business, and ignored.  driver(5) has the frames.
 *
 * Nouns.  A callback may make nouns, may bail, and keeps none: when it is
 * over they are gone, unless in a registered root.  What bails is said, and
 * only that frame is lost.
 *
 * Output is never waited for: it is queued.  When more than
 * DRIVER_FULL bytes wait, driver_full() is true: stop reading where
 * your events come from, until `drained` is called.  When nobody reads it any
 * more, the driver ends with 111.  Input is read however much output waits,
 * so that two who are both full do not wait for each other.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <uv.h>

#include "frame.h"
#include "jail.h"
#include "noun.h"

enum {
	DRIVER_FULL = 1 << 20,
	DRIVER_STOP = 64 << 20, /* driver_emit() bails meme when more waits */
	DRIVER_HEAP = 1 << 30
};

struct driver {
	const char *name;
	unsigned jail; /* what it may do once it runs: enum jail_may */
	int ready_fd;  /* -d FD: a newline goes there when ready; 0 = none */
	size_t heap;   /* most memory for nouns; 0 = DRIVER_HEAP */
	size_t frame;  /* longest frame taken; 0 = NEWT_MAX */

	/* Announce yourself: once at the start, and again on %born. */
	void (*born)(struct driver *d);
	/* An effect: wire, a list of knots, and card, [tag data]. */
	void (*card)(struct driver *d, noun wire, noun card);
	/* Any other frame, whole; its head is the tag of `frame`. */
	void (*message)(struct driver *d, enum frame frame, noun whole);
	/* Output has drained: see driver_full().  May be NULL. */
	void (*drained)(struct driver *d);
	/* Standard input has ended, or driver_end(): close your handles so
	 * that the loop can end.  May be NULL. */
	void (*closed)(struct driver *d);
	void *arg; /* yours */

	uv_loop_t *loop;
	struct driver_own *own;
};

/* The value of a driver's option -d, for ready_fd: a descriptor from 3 on.  0,
 * or the exit code after saying why. */
int driver_ready_option(const char *value, int *fd);

/* 0, or the exit code after saying why.  Standard input and output are d's. */
int driver_init(struct driver *d);

/* Run until the input ends.  Its exit code. */
int driver_run(struct driver *d);

/*
 * Queue a frame, or an event [wire tag data].  May bail meme, or exit if it
 * cannot be framed; never collects.  Within a callback, or driver_try().
 */
void driver_emit(struct driver *d, noun frame);

/*
 * Run f(d, arg), which may make nouns and emit, from a callback of a loop's
 * handle.  False if it bailed, which was said.
 */
bool driver_try(
    struct driver *d, void (*f)(struct driver *, void *), void *arg);

/* Bytes queued and not written. */
size_t driver_backlog(const struct driver *d);
bool driver_full(const struct driver *d);

/* End as if standard input had ended, with this exit code. */
void driver_end(struct driver *d, int code);

/* -------- nouns that drivers need -------- */

/* The wire of a driver, /b/behn/0v1abc: the last knot tells this process
 * from the one before it; it is made by driver_init(). */
noun driver_wire(const struct driver *d, const char *vane, const char *name);

#endif
