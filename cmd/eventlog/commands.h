/*
 * commands -- what `eventlog` can do: its table of subcommands.
 *
 * Each is a struct command, NAME_command, in a file of its group; usage, help
 * and dispatch are made from it.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "tool.h"

/* In the order of --help. */
#define COMMANDS(X) \
	X(append)   \
	X(cat)      \
	X(info)     \
	X(verify)   \
	X(replay)   \
	X(import)   \
	X(export)   \
	X(chop)     \
	X(compact)  \
	X(stat)

struct command {
	const char *name, *operands;
	const char *about; /* what it does, in a few words */
	const struct tool_option *options;
	int n_options;
	int least, most; /* operands */

	/* Take an option.  0, or not when it is wrong and that was said. */
	int (*set)(int option, const char *value);

	/* Do it; the exit code. */
	int (*run)(int n, char **operand);
};

#define X(name) extern const struct command name##_command;
COMMANDS(X)
#undef X

/* Was -v given? */
bool command_verbose(void);

/* In most: any number. */
enum { COMMAND_MANY = 1 << 20 };

#endif
