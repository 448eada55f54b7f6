#include "row.h"

#include <stdlib.h>

#include "width.h"

void
row_free(struct row *r)
{
	free(r->p);
	*r = (struct row){0};
}

void
row_clear(struct row *r)
{
	if (r->cap > ROW_KEPT)
		row_free(r);
	r->n = 0;
}

static bool
room_for(struct row *r, size_t n)
{
	size_t cap = r->cap ? r->cap : 128;
	struct cell *p;

	while (cap < n)
		cap *= 2;
	if (cap == r->cap)
		return true;
	if ((p = realloc(r->p, cap * sizeof *p)) == NULL)
		return false;
	r->p = p;
	r->cap = cap;
	return true;
}

bool
row_put(struct row *r, size_t at, struct cell c)
{
	if (at >= ROW_MAX || !room_for(r, at + 1))
		return false;
	while (r->n <= at)
		r->p[r->n++] = (struct cell){.code = ' '};
	r->p[at] = c;
	return true;
}

size_t
row_width(const struct row *r, size_t from, size_t n)
{
	size_t width = 0;

	for (size_t i = from; i < r->n && i < from + n; i++)
		width += width_of(r->p[i].code);
	return width;
}
