/*
 * options -- what boot was asked to do.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot.h"
#include "form.h"

enum { PROPS_MAX = 64, SEED_MAX = 256 };

enum task {
	TASK_BOOT,
	TASK_LIST,    /* --events */
	TASK_EXTRACT, /* --event */
	TASK_SOLID    /* --solid */
};

struct options {
	enum task task;
	const char *pier; /* or NULL */

	/* What a new ship is made of; NULL = not given. */
	const char *fake, *pill, *base;
	const char *props[PROPS_MAX];
	unsigned n_props;
	uint8_t seed[SEED_MAX];
	size_t seed_n; /* 0 = not given */
	bool lite, ordered;
	enum boot_order order; /* if ordered */

	bool stops; /* after this event */
	unsigned stop;

	unsigned event;  /* to extract */
	bool out_given;  /* -o */
	const char *out; /* the file for that, or NULL: stdout */
	enum form to;    /* and its form */
	const char *solid;
	bool cache;    /* in the pill of --solid */
	bool no_cache; /* of a %cash */

	bool time, effects, trace, verbose;
	const char *profile;
	int slog;
	size_t heap;
	uint64_t limit_ns; /* 0 = none */
};

extern struct options options;

/* TOOL_GO, or the exit code. */
int options_read(int argc, char **argv);

#endif
