/*
 * beside -- the other tools of this project, which lie beside this program.
 *
 * A subcommand that another tool does already is that tool, with the
 * options translated; it speaks for itself, by its own name.
 */
#ifndef BESIDE_H
#define BESIDE_H

#include <stdbool.h>

enum { ARGS_MAX = 120, BESIDE_PATH = 4096 };

/* An argument vector that is made piece by piece; its strings stay the
 * caller's.  Starts as all zero. */
struct args {
	const char *v[ARGS_MAX + 1]; /* ended by NULL */
	int n;
};

/* Add one; NULL adds nothing.  More than ARGS_MAX are a bug. */
void args_add(struct args *a, const char *s);

/* An option and its value, or nothing if that is NULL. */
void args_add_value(struct args *a, const char *option, const char *value);

/* -q and -v, as they were given to this program (command.h). */
void args_add_loudness(struct args *a);

/*
 * The path of the tool of that name.  False if it is too long, or this
 * program's own is not to be had.
 */
bool beside_path(const char *name, char to[BESIDE_PATH]);

/* Become the tool a->v[0].  Returns only when it failed: the exit code. */
int beside_exec(const struct args *a);

/*
 * Run it and wait.  Its exit code; 128 and more if a signal ended it.  It
 * gets our standard descriptors; ^C is its business meanwhile, SIGTERM is
 * passed on to it, and it ends when this process does.
 */
int beside_run(const struct args *a);

#endif
