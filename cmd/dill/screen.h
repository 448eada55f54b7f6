/*
 * screen -- what is to be seen: the line at the bottom that Arvo writes to,
 * what scrolled up from it, and lines of ours above it.
 *
 * Arvo draws its prompt on the bottom row, and does so anew with every key.
 * That row is kept here twice, as Arvo has it and as the terminal has it;
 * screen_flush() sends the difference.  The other rows are written to as
 * blits come, and forgotten: lines of ours scroll them away.
 *
 * Arvo counts characters, a terminal columns.  On the bottom row a column
 * of Arvo's is a place in the row, so that the cursor is behind the character
 * that it should be behind, however wide those before it are; if the row
 * is too wide then, a part of it with the cursor in it is shown.
 *
 * Where there is no terminal (`plain`) the rows that are finished come out as
 * lines, and nothing else does.
 *
 * Nothing here knows nouns, bails or does I/O: what is to be written waits in
 * ink (ink.h).
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "ink.h"
#include "row.h"

enum { SCREEN_OVER = 32, SCREEN_MOST = 10000 };

struct screen {
	struct ink ink;
	unsigned cols, rows; /* 1..SCREEN_MOST */
	bool plain;
	bool reflows; /* the terminal breaks lines when it becomes narrower;
	                 set after screen_init() */

	uint32_t x, y; /* Arvo's cursor; x is a place in want on the last row */
	struct row want;
	struct row shown;
	struct row next; /* for screen_flush() */
	bool cut;        /* some of want did not fit into it */
	bool stale;      /* what the terminal has there is not known */
	uint32_t column; /* on other rows, behind the last screen_put() */

	uint32_t over[SCREEN_OVER]; /* in place of what is at the cursor */
	size_t n_over;
};

/* What is on the terminal stays, but for its last row. */
void screen_init(struct screen *s, unsigned cols, unsigned rows, bool plain);
void screen_free(struct screen *s);

/* The terminal has another size now, and may have moved what was on it. */
void screen_resize(struct screen *s, unsigned cols, unsigned rows);

/* Nothing is known of the terminal: somebody else wrote to it. */
void screen_forget(struct screen *s);

/* -------- what blits do -------- */

void screen_bell(struct screen *s);
void screen_clear(struct screen *s);
void screen_hop(struct screen *s, uint64_t x, uint64_t y);
void screen_hop_last(struct screen *s, uint64_t x); /* on the last row */
void screen_wipe(struct screen *s);
void screen_newline(struct screen *s);

/*
 * A character i places behind the cursor, which stays.  Those of a text are
 * put one after another, from i = 0.
 */
void screen_put(struct screen *s, size_t i, uint32_t code, struct style style);

/* -------- what is ours -------- */

/*
 * A line above the last row.  It is UTF-8; what is not, or would move a
 * cursor, shows as ?.
 */
void screen_line(struct screen *s, struct style style, const char *p, size_t n);

/* Show these at the cursor, until others; n = 0: no longer any. */
void screen_over(struct screen *s, const uint32_t *codes, size_t n);

/* -------- */

/* Make the last row and the cursor what they should be. */
void screen_flush(struct screen *s);

/* Leave the terminal to others, the cursor on an empty line. */
void screen_end(struct screen *s);

#endif
