#include "ink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "width.h"

enum { KEPT = 64 << 10 };

void
ink_free(struct ink *k)
{
	free(k->p);
	*k = (struct ink){.cols = k->cols};
}

void
ink_taken(struct ink *k)
{
	k->n = 0;
	if (k->cap > KEPT) {
		free(k->p);
		k->p = NULL;
		k->cap = 0;
	}
}

static bool
grow(struct ink *k, size_t n)
{
	size_t cap = k->cap ? k->cap : 1024;
	char *p;

	if (n <= k->cap - k->n)
		return true;
	while (cap - k->n < n)
		cap *= 2;
	if ((p = realloc(k->p, cap)) == NULL) {
		k->short_of = true;
		return false;
	}
	k->p = p;
	k->cap = cap;
	return true;
}

void
ink_bytes(struct ink *k, const char *p, size_t n)
{
	if (n == 0 || !grow(k, n))
		return;
	memcpy(k->p + k->n, p, n);
	k->n += n;
}

void
ink_text(struct ink *k, const char *s)
{
	ink_bytes(k, s, strlen(s));
}

static void
pen(struct ink *k, struct style style)
{
	char sgr[STYLE_ROOM];

	if (style_same(style, k->pen))
		return;
	ink_bytes(k, sgr, style_write(style, sgr));
	k->pen = style;
}

/* As UTF-8.  The code point is one that may be shown. */
static size_t
encode(uint32_t c, char to[4])
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/*
 * Behind the last column terminals differ: they stay on it until the next
 * character, and then are on the next line.  So there we do not know.
 */
void
ink_code(struct ink *k, uint32_t code, struct style style)
{
	char utf8[4];

	code = width_shown(code);
	if (width_silent(code))
		return;
	pen(k, style);
	ink_bytes(k, utf8, encode(code, utf8));
	if (k->x != INK_NOWHERE && (k->x += width_of(code)) >= k->cols)
		k->x = INK_NOWHERE;
}

void
ink_move(struct ink *k, uint32_t x, uint32_t y)
{
	char csi[32];

	if (k->x == x && k->y == y)
		return;
	if (k->y == y && x == 0)
		ink_text(k, "\r");
	else if (k->y == y && k->x != INK_NOWHERE && k->x == x + 1)
		ink_text(k, "\b");
	else {
		snprintf(csi, sizeof csi, "\033[%u;%uH", y + 1, x + 1);
		ink_text(k, csi);
	}
	k->x = x;
	k->y = y;
}

void
ink_plain(struct ink *k)
{
	pen(k, (struct style){0});
}

void
ink_erase(struct ink *k)
{
	ink_plain(k);
	ink_text(k, "\033[K");
}

void
ink_newline(struct ink *k, uint32_t rows)
{
	ink_plain(k);
	ink_text(k, "\r\n");
	k->x = 0;
	if (k->y != INK_NOWHERE && k->y + 1 < rows)
		k->y++;
}
