/*
 * ink -- bytes on their way to the terminal, and what it will look like when
 * they are there: where its cursor is, and in what style it writes.
 *
 * So nothing is sent that would change nothing, and a key costs the letter
 * that it is.
 */
#ifndef INK_H
#define INK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "style.h"

#define INK_NOWHERE UINT32_MAX

struct ink {
	char *p; /* n bytes wait: take them, then ink_taken() */
	size_t n, cap;
	bool short_of; /* there was no memory for some: what is shown is not
	                  what we think */

	unsigned cols;
	uint32_t x, y; /* the cursor, from 0; INK_NOWHERE: not known */
	struct style pen;
};

void ink_free(struct ink *k);

/* What waits was taken.  A little memory is kept. */
void ink_taken(struct ink *k);

/* Bytes as they are. */
void ink_bytes(struct ink *k, const char *p, size_t n);
void ink_text(struct ink *k, const char *s);

/* A code point, in this style, where the cursor is. */
void ink_code(struct ink *k, uint32_t code, struct style style);

/* The cursor goes there. */
void ink_move(struct ink *k, uint32_t x, uint32_t y);

/* The pen is the terminal's own again. */
void ink_plain(struct ink *k);

/* From the cursor to the end of the line there is nothing. */
void ink_erase(struct ink *k);

/* The start of the next line: of the same one, scrolled up, if it is the last. */
void ink_newline(struct ink *k, uint32_t rows);

#endif
