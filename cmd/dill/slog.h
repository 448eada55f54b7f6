/*
 * slog -- what is printed above the prompt: tanks with a priority, and text.
 *
 *     0   grey       1   "> " green     2   ">> " yellow    3   ">>> " red
 *
 * An effect of more than SLOG_MOST bytes of text is cut there, and says so.
 */
#ifndef SLOG_H
#define SLOG_H

#include "screen.h"

enum { SLOG_MOST = 1 << 20 };

/* A tank, as wide as the screen.  May bail; lines before that are there. */
void slog_tank(struct screen *s, noun priority, noun tank);

/* A cord, which may be of several lines. */
void slog_cord(struct screen *s, noun cord);

#endif
