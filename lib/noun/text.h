/*
 * text -- nouns as people write them.
 *
 *     noun    atom | [noun noun ...]      brackets associate to the right:
 *                                         [1 2 3] is [1 [2 3]]
 *     atom    123  1.234.567              decimal, dots between threes or none
 *             0x1f  0x1.ffff              hexadecimal, dots between fours or none
 *             0b101  0b1.0101             binary, likewise
 *             %term                       a-z, then a-z 0-9 -; the bytes, first lowest
 *             %123  %0x1f                 the atom itself
 *             'a cord'                    UTF-8; \' \\ and \hh (a byte in hex)
 *             ~                           0
 *             ~zod  ~sampel-palnet        a ship's name
 *             & | %.y %.n                 0 and 1 as yes and no
 *     path    /a/b.c/~zod                 in brackets: a list of knots, each of
 *     /                                   a-z 0-9 - . _ ~; the empty list
 *
 * White space separates; a comment runs from :: to the end of the line.
 * Brackets hold two nouns or more.  A decimal number does not begin with 0;
 * hexadecimal digits may be upper case.  A cord stands on one line.
 *
 * Printed: an atom of three bytes or more whose bytes read as a term or as
 * text is printed so (%term, 'cord'), any other up to 64 bits in decimal
 * with dots, a larger one in hexadecimal with dots.  Text is UTF-8 that a
 * terminal shows as it is (utf8.h), with tabs and line ends, which print as
 * \09 \0a \0d.  Whatever is printed in full reads back as the same noun;
 * what is elided does not read back at all.
 */
#ifndef TEXT_H
#define TEXT_H

#include "noun.h"

/* -------- reading -------- */

struct text_fault {
	const char *reason;         /* a constant */
	unsigned long line, column; /* from 1; the column in bytes */
};

/*
 * Read the one noun in p[0..n), white space and comments around it, into
 * *out.  0, or -1 with *fault told.  Takes 8 bytes of noun stack for every
 * bracket that is open and every noun in it.  May bail meme, or over where
 * that stack ends; never collects.
 */
int text_read(const char *p, size_t n, noun *out, struct text_fault *fault);

/*
 * Read the next noun of a text that holds several: starts at *at and moves
 * it behind the noun.  1 for a noun, 0 at the end, -1 for a fault, whose
 * line is counted from p and which leaves *at.  Bails as text_read().
 */
int text_next(
    const char *p, size_t n, size_t *at, noun *out, struct text_fault *fault);

/* -------- printing -------- */

/*
 * Where the characters go.  put() returns 0 to go on, anything else to
 * stop; text_write() then returns that.
 */
struct text_sink {
	int (*put)(struct text_sink *, const char *p, size_t n);
};

struct text_opts {
	bool plain;     /* every atom in decimal, without dots */
	unsigned depth; /* brackets deeper than this print as ...; 0 = all */
	unsigned width; /* items of one bracket past this, and characters of
	                    one atom past 64 times this, print as ...; 0 = all */
	bool elided;    /* set when a ... was printed */
};

/*
 * Print n.  0, or what put() returned.  Goes in small pieces, however large
 * n is: takes 8 bytes of noun stack (16 with a width) for every bracket that
 * is open, and scratch memory only for a large atom in decimal.  Never
 * collects; may bail meme or over, so between the trap and here put() may
 * not hold what must be freed.
 */
int text_write(struct text_sink *s, noun n, struct text_opts *o);

#endif
