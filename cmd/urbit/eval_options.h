/*
 * eval_options -- what `urbit eval` was asked to do.
 */
#ifndef EVAL_OPTIONS_H
#define EVAL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "form.h"

struct eval_options {
	const char *pill;   /* NULL = the newest of the cache */
	char **expressions; /* n of them; none = standard input */
	int n;

	bool raw; /* write the product, in this form; else what `sell` shows */
	enum form to;
	bool cue, newt, khan; /* the filters */
	bool batch;

	size_t heap;
	uint64_t limit_ns; /* 0 = none */
	bool verbose;
};

extern struct eval_options eval_options;

/* TOOL_GO, or the exit code. */
int eval_options_read(int argc, char **argv);

#endif
