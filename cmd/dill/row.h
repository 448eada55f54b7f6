/*
 * row -- a line of characters with their styles, as Arvo counts them: one
 * place each, however wide it is shown.
 */
#ifndef ROW_H
#define ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "style.h"

/* Of the memory of a long one, so many cells are kept. */
enum { ROW_MAX = 1 << 20, ROW_KEPT = 4096 };

struct cell {
	uint32_t code; /* as width_shown() gives it */
	struct style style;
};

/* Starts as all zero. */
struct row {
	struct cell *p;
	size_t n, cap;
};

void row_free(struct row *r);

/* There is nothing in it any more. */
void row_clear(struct row *r);

/*
 * Put c at a place; what is missing before it becomes blank.  False if the
 * place is ROW_MAX or later, or there is no memory.
 */
bool row_put(struct row *r, size_t at, struct cell c);

/* The columns that n of its characters take, from one on. */
size_t row_width(const struct row *r, size_t from, size_t n);

#endif
