/*
 * options -- what nock-eval was asked to do.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "form.h"

struct options {
	/* Nouns, as text or the name of a file; NULL = not given. */
	const char *subject, *formula, *gate, *scry;
	const char *file;   /* to read; NULL or "-" = standard input */
	const char *object; /* the same in messages */

	enum form from, to;
	bool to_given, sized;
	struct text_opts text;

	bool stream; /* -j */
	unsigned workers;
	bool as_done;

	size_t heap;
	uint64_t limit_ns; /* 0 = none */

	bool time, trace, disasm, verbose;
	const char *profile;
	int slog;
};

extern struct options options;

/* True if all of subject and formula is given, and nothing is read. */
bool options_complete(void);

/* TOOL_GO, or the exit code. */
int options_read(int argc, char **argv);

#endif
