/*
 * tell -- tanks and lines for people: on standard error, on the descriptor
 * for %slog, and on standard output.
 *
 * A line is put on its descriptor whole; of one of more than 16 KiB only
 * standard output gets more.  What would move a terminal's cursor prints as
 * ?.  Nothing here bails; only tell_trace() collects.
 */
#ifndef TELL_H
#define TELL_H

#include "bail.h"
#include "noun.h"

struct screen;

extern struct screen tell_err, tell_slog, tell_out;

/* Call first. */
void tell_init(int slog_fd);

/*
 * The lines of a tank, each with this before it; they are out at once.  How
 * it bailed if they are not all, which the last line says.
 */
enum bail tell_tank(struct screen *s, const char *prefix, noun tank);

/* A path, /as/here, likewise. */
void tell_path(struct screen *s, noun path);

/* A line of text; it may wait for the next that does not. */
void tell_line(struct screen *s, const char *text);

/*
 * The tanks of a trace, the outermost first and the innermost last, those
 * that repeat the one before them only counted.
 */
void tell_trace(struct screen *s, noun trace);

/* Put out what waits.  0, or -1 with errno set if any of it failed. */
int tell_flush(struct screen *s);

/* nock_opts.slog, nock_opts.report and, for --trace, nock_opts.enter. */
void tell_on_slog(void *arg, unsigned priority, noun tank);
void tell_on_report(void *arg, const char *line);
void tell_on_enter(void *arg, noun formula, noun spot, unsigned long depth);

enum { LABEL_MAX = 256 };

/*
 * What a function is called, as a C string: the place of its %spot, or the
 * mug of its formula where spot is 0.  It may be cut.
 */
void tell_label(noun formula, noun spot, char to[LABEL_MAX]);

#endif
