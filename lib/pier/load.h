/*
 * load -- nouns from the command line and from files, for tools that run
 * Nock; and how such a tool says that it gave up.
 *
 * All of it collects nothing and never bails: what is wrong has been said
 * when a function gives an exit code.
 */
#ifndef LOAD_H
#define LOAD_H

#include "bail.h"
#include "form.h"
#include "pier.h"

/* --heap and --limit-time as they were given, for messages; NULL = not. */
struct load_limits {
	const char *heap, *time;
};

extern struct load_limits load_limits;

/*
 * Take the value of --heap, in bytes; of --limit-time, in nanoseconds; of
 * --slog, a descriptor.  0, or TOOL_USAGE when it is wrong and that was said.
 */
int load_heap(const char *value, size_t *size);
int load_limit(const char *value, uint64_t *ns);
int load_slog(const char *value, int *fd);

/* The one noun in the form f on fd.  0, or the exit code. */
int load_fd(const char *object, int fd, enum form f, noun *out);

/* The same of a file, in any form. */
int load_file(const char *file, noun *out);

/*
 * The value of an option: a noun as text, or else the name of a file; with
 * an @ before it, a name for certain.  0, or the exit code.
 */
int load_value(const char *option, const char *value, noun *out);

/* That of a file in the form f; of standard input if file is NULL or "-". */
int load_input(const char *file, enum form f, noun *out);

/* The machine failed, in this way: say so; the exit code. */
int load_gave_up(const char *object, enum bail kind);

/* A function of pier.h gave that: say why; the exit code, 0 for what is fine. */
int load_pier_failed(const char *dir, const struct pier *p, enum pier_got got);

#endif
