/*
 * options -- what serf was asked to do.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
	const char *pier;
	int ready;   /* -d; -1 = not given */
	int resumed; /* --resume; -1 = not given */
	size_t heap;
	uint64_t limit_ns; /* of an event; 0 = none */
	uint64_t snap_ns;  /* between checkpoints */
	bool publish;      /* let readers see each event */
	bool verbose;
};

extern struct options options;

/* TOOL_GO, or the exit code. */
int options_read(int argc, char **argv);

#endif
