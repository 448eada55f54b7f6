/*
 * ship -- run a ship: the processes it is made of, and the frames that pass
 * between them.
 *
 * ship_run() starts `serf PIER`, readers `scry PIER` and the drivers of
 * drivers.h, passes on what they say to each other (driver(5)), starts anew
 * what dies, and ends them all when the ship is to end.  It computes nothing
 * and parses nothing but the front of a frame.  There must be a pier, and no
 * thread may run; it is to be called once, and the process is to end with
 * what it gives.
 */
#ifndef SHIP_H
#define SHIP_H

#include <stdbool.h>
#include <stddef.h>

/* All zero, but for the pier, is how most ships run. */
struct ship_opts {
	const char *pier;

	/* Programs: beside this one's own file where NULL. */
	const char *bin;  /* the directory that has serf, scry and drivers */
	const char *serf; /* --serf-bin: this one file instead */
	const char *const *serf_args; /* options for it, ended by NULL */

	int readers;      /* how many; 0 = one a core but one; -1 = none */
	const char *skip; /* drivers not to run, by letter: "k" = no conn */
	bool no_tty;      /* -t */
	bool exit;        /* -x: end once it is live */
	bool daemon;      /* -d: the caller comes back when it is live */
	const char *log;  /* with -d: where words go; NULL = nowhere */
	bool quiet, verbose;

	/* The jam of an event [wire tag data] to begin with; NULL = none. */
	const void *inject;
	size_t inject_n;

	size_t frame;    /* longest frame of a driver; 0 = SHIP_FRAME */
	unsigned end_ms; /* to end in, before the rest is killed; 0 = 2000 */
};

#define SHIP_FRAME ((size_t)1 << 30)

/*
 * Run it until it ends.  The exit code: what the ship said with %exit, 0 after
 * SIGINT, SIGTERM or SIGHUP, what the serf gave if it could not start, 111 if
 * it kept dying.  With `daemon` the parent gets 0 when the ship is live, or
 * why it did not come to that.
 */
int ship_run(const struct ship_opts *o);

#endif
