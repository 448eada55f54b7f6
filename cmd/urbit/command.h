/*
 * command -- what the four-letter subcommands have in common: options, and
 * a pier, which need not be named where this program was called as its .run.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stddef.h>

#include "tool.h"

/*
 * Options about how Vere holds its memory and its log, of which there is
 * nothing here to set: taken, and with -v told of.  id, letter, word, value,
 * help.
 */
#define NO_MATTER(X)                                                      \
	X(LOOM, 0, "loom", "EXPO", "no matter: memory has no fixed size") \
	X(NO_DEMAND, 0, "no-demand", NULL, "no matter")                   \
	X(SWAP, 0, "swap", NULL, "no matter")                             \
	X(SWAP_TO, 0, "swap-to", "FILE", "no matter")                     \
	X(LMDB, 0, "lmdb-map-size", "SIZE",                               \
	    "no matter: the log has no fixed size")

/* What runs: its name, its -q and -v. */
extern struct tool command_tool;

struct command {
	const char *name; /* "urbit play" */
	const char *about;
	const struct tool_option *options;
	int n_options; /* at most COMMAND_OPTIONS */

	/* Take one of them.  0, or not when it is wrong and that was said. */
	int (*set)(int option, const char *value);

	/* Do it; the exit code. */
	int (*run)(const char *pier);
};

enum { COMMAND_OPTIONS = 24 };

/* Read the arguments and run it; the exit code. */
int command_main(const struct command *c, int argc, char **argv);

/*
 * Note that an option was given which changes nothing; and, when all have
 * been read, with -v say so of each, once.  o is kept.
 */
void command_no_matter(const struct tool_option *o);
void command_tell(void);

/* This thing is not there, in words; TOOL_USAGE. */
int command_absent(const char *object, const char *why);

/*
 * How this program was called, set by main(), and the pier if that is
 * PIER/.run, else NULL.
 */
extern const char *command_called;
const char *command_own_pier(void);

#endif
