/*
 * vt -- as much of a terminal as dill asks for, to look at what it shows.
 *
 * A grid of code points; the right half of a wide one is VT_HALF, and marks
 * that take no column are only counted.  It wraps at the right edge when the
 * next character comes, and scrolls at the bottom, as xterm does.  What it
 * does not know, it does not take: vt_write() says no.
 */
#ifndef VT_H
#define VT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "../../cmd/dill/width.h"

#define VT_HALF UINT32_MAX

struct vt {
	unsigned cols, rows, x, y;
	bool wrap;   /* the last column is written, the cursor stays on it */
	bool styled; /* what is written now looks like something */
	unsigned bells, marks;
	uint64_t scrolled; /* lines */
	uint32_t *grid;
};

static inline uint32_t *
vt_row(struct vt *v, unsigned y)
{
	return v->grid + (size_t)y * v->cols;
}

static inline void
vt_blank(struct vt *v, unsigned y, unsigned from)
{
	for (unsigned x = from; x < v->cols; x++)
		vt_row(v, y)[x] = ' ';
}

static inline void
vt_init(struct vt *v, unsigned cols, unsigned rows)
{
	*v = (struct vt){.cols = cols, .rows = rows};
	v->grid = malloc(sizeof *v->grid * cols * rows);
	for (unsigned y = 0; y < rows; y++)
		vt_blank(v, y, 0);
}

static inline void
vt_free(struct vt *v)
{
	free(v->grid);
}

static inline void
vt_down(struct vt *v)
{
	v->wrap = false;
	if (v->y + 1 < v->rows) {
		v->y++;
		return;
	}
	memmove(v->grid, v->grid + v->cols,
	    sizeof *v->grid * v->cols * (v->rows - 1));
	vt_blank(v, v->rows - 1, 0);
	v->scrolled++;
}

/* Half of a wide one that is written over leaves a blank. */
static inline void
vt_set(struct vt *v, unsigned x, uint32_t code)
{
	uint32_t *row = vt_row(v, v->y);

	if (row[x] == VT_HALF && code != VT_HALF && x > 0)
		row[x - 1] = ' ';
	if (x + 1 < v->cols && row[x + 1] == VT_HALF)
		row[x + 1] = ' ';
	row[x] = code;
}

static inline void
vt_char(struct vt *v, uint32_t code)
{
	unsigned w = width_of(code);

	if (w == 0 || w > v->cols) {
		v->marks++;
		return;
	}
	if (v->wrap || v->x + w > v->cols) {
		v->x = 0;
		vt_down(v);
	}
	vt_set(v, v->x, code);
	if (w == 2)
		vt_set(v, v->x + 1, VT_HALF);
	v->x += w;
	v->wrap = v->x == v->cols;
	v->x -= v->wrap;
}

/* The sequence ESC [ a ; b final; those that are absent are 0. */
static inline bool
vt_csi(struct vt *v, unsigned a, unsigned b, char final)
{
	if (final == 'm') {
		v->styled = a != 0 || b != 0;
		return true;
	}
	v->wrap = final == 'K' ? v->wrap : false;
	if (final == 'H') {
		v->y = a ? a - 1 : 0;
		v->x = b ? b - 1 : 0;
		return v->y < v->rows && v->x < v->cols;
	}
	if (final == 'K' && a == 0) {
		vt_blank(v, v->y, v->x);
		return !v->styled;
	}
	if (final != 'J')
		return false;
	if (a == 0)
		vt_blank(v, v->y, v->x);
	for (unsigned y = a ? 0 : v->y + 1; y < v->rows; y++)
		vt_blank(v, y, 0);
	return (a == 0 || a == 2) && !v->styled;
}

/* Behind ESC: how many bytes the sequence has, 0 if it is none of ours. */
static inline size_t
vt_escape(struct vt *v, const uint8_t *p, size_t n)
{
	unsigned a[2] = {0, 0}, k = 0;
	size_t i = 1;

	if (n == 0 || p[0] != '[')
		return 0;
	for (; i < n && (p[i] == ';' || (p[i] >= '0' && p[i] <= '9')); i++)
		if (p[i] == ';')
			k++;
		else if (k < 2)
			a[k] = a[k] * 10 + (p[i] - '0');
		else
			a[1] = 1;
	return i < n && vt_csi(v, a[0], a[1], (char)p[i]) ? i + 1 : 0;
}

static inline bool
vt_control(struct vt *v, uint8_t c)
{
	if (c == '\r')
		v->x = 0, v->wrap = false;
	else if (c == '\n')
		vt_down(v);
	else if (c == '\b')
		v->x -= v->x > 0, v->wrap = false;
	else if (c == '\a')
		v->bells++;
	else
		return false;
	return true;
}

/* False at what no dill should send. */
static inline bool
vt_write(struct vt *v, const char *text, size_t n)
{
	const uint8_t *p = (const uint8_t *)text;
	uint32_t code;
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		if (p[i] == 27) {
			len = vt_escape(v, p + i + 1, n - i - 1);
			if (len++ == 0)
				return false;
		} else if (p[i] < ' ') {
			len = 1;
			if (!vt_control(v, p[i]))
				return false;
		} else {
			len = utf8_get(p + i, n - i, &code);
			if (len == 0 || !utf8_printable(code))
				return false;
			vt_char(v, code);
		}
	}
	return true;
}

#endif
