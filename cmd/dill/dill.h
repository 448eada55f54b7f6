/*
 * dill -- what the files of the terminal's driver share.  dill.c is its
 * frames and its life, input.c what comes from the terminal and the signals
 * that go with one, options.c the command line.
 *
 *     drawing     blits, slogs and the bar change `screen`; `dirty` is set
 *     shown       before the loop waits again: one write for all that came
 *     suspended   ^Z: the terminal is somebody else's until SIGCONT
 *     ended       input has ended, or SIGTERM, SIGHUP: the terminal is as it
 *                 was
 */
#ifndef DILL_H
#define DILL_H

#include "driver.h"
#include "keys.h"
#include "save.h"
#include "screen.h"
#include "spin.h"
#include "term.h"

enum { DILL_SIGNALS = 5 };

struct dill {
	struct driver d;
	struct screen screen;
	struct term term; /* fd -1: lines to standard error instead */
	struct keys keys;
	struct save save;

	struct spin spin;
	bool busy;        /* the ship computes for long */
	bool turning;     /* and that is seen */
	uint64_t turned;  /* when it was last, in the loop's ms; 0 = long ago */
	uv_timer_t timer; /* of the bar */

	uv_prepare_t prepare;
	bool dirty, suspended, ended;
	bool lost; /* some of what was to be seen */

	uv_signal_t signals[DILL_SIGNALS];
	unsigned cols, rows; /* as the ship was told */
};

/* -------- dill.c -------- */

/* [wire tag data] from this terminal.  May bail. */
void dill_emit(struct dill *s, noun card);

/*
 * The size, as the ship wants it told, %blew; and %hail, for what it has cut to
 * the old size it does not draw anew.  For driver_try().
 */
void dill_emit_size(struct driver *d, void *arg);

/* -------- input.c: 0, or the exit code after saying why -------- */

/* After driver_init(), before the jail. */
int input_open(struct dill *s);

/* Give handles back, so that the loop can end. */
void input_close(struct dill *s);

/* There is room for events again. */
void input_go_on(struct dill *s);

/* -------- options.c -------- */

struct dill_options {
	bool no_tty, mouse, kept;
	const char *tty; /* path or descriptor; NULL = /dev/tty */
	const char *put; /* directory; NULL = none */
	int ready_fd;
};

/* TOOL_GO and *o, or the exit code. */
int options_read(int argc, char **argv, struct dill_options *o);

#endif
