/*
 * words -- what people are to read, wherever it comes from.
 *
 * Where dill has a terminal it shows them, above the prompt; else they are
 * lines on standard error.  That is never waited for: what does not go out
 * waits in a buffer, and is dropped and counted when that is full.
 */
#ifndef WORDS_H
#define WORDS_H

#include "ship_parts.h"

/* `urbit: object: ...`; words_say() is silent with -q. */
void words_say(struct ship *s, const char *object, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void words_fail(struct ship *s, const char *object, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A line that a child said on its standard error, without its end. */
void words_line(struct child *c, const char *p, size_t n);

/* A frame %slog or %flog. */
void words_shown(struct ship *s, const uint8_t *p, size_t n);

/* Standard error is to be another descriptor's copy from now on. */
void words_move(struct ship *s, int fd);

/* Before the end: wait a little for what waits. */
void words_end(struct ship *s);

#endif
