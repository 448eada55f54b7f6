/*
 * options -- what `urbit` was asked for, when it is to run a ship: Vere's
 * flags, and a few of our own.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum { OPTIONS_PROPS = 16 };

/* Where a prop is: one of the three. */
struct options_prop {
	const char *file, *name, *url;
};

struct options {
	const char *pier; /* an operand, -c, .run, or the name of -F */
	bool create;      /* -c or -F: there need not be one */

	/* Of a new ship; NULL = not given. */
	const char *fake, *pill, *url, *base;
	struct options_prop props[OPTIONS_PROPS];
	unsigned n_props;
	bool lite;

	/* Instead of running it, or before. */
	bool versions, recompute;
	const char *replay_to; /* and end */
	const char *scry, *scry_into, *scry_format;
	const char *inject, *import;

	/* Running it. */
	bool exit, daemon, no_tty, no_conn, no_dock;
	unsigned readers; /* UINT32_MAX = not given */
	const char *snap_minutes, *heap, *serf, *log;

	/* A command for the running ship: its words, from the first on. */
	int n_command;
	char **command;
};

extern struct options options;

/* TOOL_GO, or the exit code. */
int options_read(int argc, char **argv);

#endif
