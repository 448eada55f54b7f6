/*
 * tank -- formatted text as Hoon has it: a tree that knows how to break.
 *
 *     cord                                  its bytes
 *     [%leaf tape]                          its characters
 *     [%rose [mid open close] tanks]        open a mid b mid c close
 *     [%palm [mid open more close] tanks]   open more a mid b mid c close
 *
 * On one line if it fits, else "tall": a rose's parts stand below each
 * other, indented by two, between its open and its close; a palm's step
 * backwards, the last of them below its open.  An open stands on the line
 * of what follows it where the indent leaves room.  A leaf is never broken,
 * however long.  The lines are those of ++wash in hoon.hoon, character for
 * character, where that does not crash (it does when the indent passes the
 * edge; here nothing fits there).
 *
 * What is no tank is shown as the noun that it is, in part if it is large
 * (text.h); so is a part of a tank that is none.
 */
#ifndef TANK_H
#define TANK_H

#include "noun.h"
#include "text.h"

enum { TANK_WIDTH = 80 };

/*
 * Print a tank from column tab, to break at column edge (3 or more): lines,
 * each with its newline.  0, or what put() returned.  Characters are bytes,
 * as in Hoon, and go out as they are, control characters too.
 *
 * Never collects.  Takes noun stack and scratch memory for every tank that
 * is open, however deep; may bail meme or over, so put() may not hold what
 * must be freed.  A tank of many parts without a character is taken not to
 * fit a line, so that a hostile one costs no more than its lines.
 */
int tank_write(struct text_sink *s, noun tank, unsigned tab, unsigned edge);

/* [%leaf tape] of a C string.  May bail meme. */
noun tank_leaf(const char *s);

/* The tape, a list of characters, of the n bytes at p.  May bail meme. */
noun tape_from(const char *p, size_t n);

/* A path as people write it, /a/b/c: a rose.  May bail meme. */
noun tank_path(noun path);

#endif
