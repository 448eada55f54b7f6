#include "screen.h"

#include <stdio.h>
#include <string.h>

#include "utf8.h"
#include "width.h"

static const struct style unstyled;

static unsigned
sane(unsigned n, unsigned otherwise)
{
	return n == 0 ? otherwise : n > SCREEN_MOST ? SCREEN_MOST : n;
}

void
screen_init(struct screen *s, unsigned cols, unsigned rows, bool plain)
{
	*s = (struct screen){.plain = plain, .stale = true};
	s->cols = s->ink.cols = sane(cols, 80);
	s->rows = sane(rows, 24);
	s->y = s->rows - 1;
	s->ink.x = s->ink.y = INK_NOWHERE;
}

void
screen_free(struct screen *s)
{
	ink_free(&s->ink);
	row_free(&s->want);
	row_free(&s->shown);
	row_free(&s->next);
}

static bool
on_last(const struct screen *s)
{
	return s->plain || s->y == s->rows - 1;
}

void
screen_forget(struct screen *s)
{
	s->stale = true;
	s->shown.n = 0;
	s->ink.x = s->ink.y = INK_NOWHERE;
	/* Whatever style the other left. */
	s->ink.pen = (struct style){.deco = UINT32_MAX};
}

/*
 * In how many rows of that many columns is what was in the last row before the
 * cursor, if the terminal broke it?  Behind its end the cursor is on its last.
 */
static size_t
rows_above(const struct screen *s, unsigned cols)
{
	size_t width = row_width(&s->shown, 0, s->shown.n), x = s->ink.x;

	if (!s->reflows || width == 0)
		return 0;
	return (x < width ? x : width - 1) / cols;
}

/*
 * A terminal keeps its cursor in the line that it was in, wherever it moves
 * that, and most break a line that is too long by then: so what stood from its
 * first part on is the old last row.
 */
static void
erase_old(struct screen *s, unsigned cols)
{
	size_t up = rows_above(s, cols);
	char csi[32];

	snprintf(csi, sizeof csi, "\033[%zuA", up);
	if (up)
		ink_text(&s->ink, csi);
	ink_text(&s->ink, "\r\033[J");
}

void
screen_resize(struct screen *s, unsigned cols, unsigned rows)
{
	bool last = on_last(s);

	if (s->plain)
		return;
	ink_plain(&s->ink);
	if (last && !s->stale && s->ink.y == s->rows - 1)
		erase_old(s, sane(cols, 80));
	s->cols = s->ink.cols = sane(cols, 80);
	s->rows = sane(rows, 24);
	if (last || s->y > s->rows - 1)
		s->y = s->rows - 1;
	screen_forget(s);
}

/* -------- the last row -------- */

static void
to_last(struct screen *s)
{
	ink_move(&s->ink, 0, s->rows - 1);
}

/* The row as Arvo has it, and what is over it. */
static size_t
places(const struct screen *s, size_t over)
{
	size_t end = s->n_over ? over + s->n_over : 0;

	return s->want.n > end ? s->want.n : end;
}

static struct cell
at_place(const struct screen *s, size_t over, size_t i)
{
	if (i >= over && i < over + s->n_over)
		return (struct cell){.code = s->over[i - over]};
	return i < s->want.n ? s->want.p[i] : (struct cell){.code = ' '};
}

/* The place of the cursor; with something over it, of that. */
static size_t
place(const struct screen *s)
{
	size_t x = on_last(s) ? s->x : 0;

	if (s->n_over == 0)
		return x;
	if (s->n_over >= s->cols)
		return 0;
	return x + s->n_over < s->cols ? x : s->cols - s->n_over;
}

/*
 * The first place that is shown: 0, or where the cursor, and what is over it,
 * would be past the right edge then, the first that shows both.
 */
static size_t
first_shown(const struct screen *s, size_t cursor)
{
	size_t room = s->cols - (s->n_over < s->cols ? s->n_over : 0);
	size_t width = 0, i = cursor;

	if (s->n_over == 0)
		room--;
	while (i > 0) {
		width += width_of(at_place(s, cursor, i - 1).code);
		if (width > room)
			return i;
		i--;
	}
	return 0;
}

/* What the last row should show, in next, and the column of the cursor. */
static uint32_t
compose(struct screen *s)
{
	size_t cursor = place(s), first = first_shown(s, cursor);
	size_t end = places(s, cursor), width = 0;
	uint32_t x = 0;

	s->next.n = 0;
	for (size_t i = first; i < end || i <= cursor; i++) {
		struct cell c = at_place(s, cursor, i);

		if (i == cursor)
			x = (uint32_t)width;
		width += width_of(c.code);
		if (i >= end || width > s->cols || width_silent(c.code))
			continue;
		row_put(&s->next, s->next.n, c);
	}
	return x < s->cols ? x : s->cols - 1;
}

static bool
same(struct cell a, struct cell b)
{
	return a.code == b.code && style_same(a.style, b.style);
}

/* The first place where next and what is shown differ. */
static size_t
common_start(const struct screen *s)
{
	size_t i = 0;

	while (i < s->next.n && i < s->shown.n &&
	    same(s->next.p[i], s->shown.p[i]))
		i++;
	/* A mark belongs to the letter before it. */
	while (i > 0 &&
	    ((i < s->next.n && width_of(s->next.p[i].code) == 0) ||
	        (i < s->shown.n && width_of(s->shown.p[i].code) == 0)))
		i--;
	return i;
}

/* How many at their ends are the same, in the same columns. */
static size_t
common_end(const struct screen *s, size_t start)
{
	size_t a = s->next.n, b = s->shown.n, n = 0;

	if (row_width(&s->next, start, a) != row_width(&s->shown, start, b))
		return 0;
	while (a > start && b > start &&
	    same(s->next.p[a - 1], s->shown.p[b - 1])) {
		a--;
		b--;
		n++;
	}
	/* Not from the middle of a letter with marks. */
	while (n > 0 && width_of(s->next.p[s->next.n - n].code) == 0)
		n--;
	return n;
}

static void
paint(struct screen *s)
{
	struct row old;
	size_t start, end, before;

	if (s->stale) {
		to_last(s);
		ink_erase(&s->ink);
		s->shown.n = 0;
		s->stale = false;
	}
	start = common_start(s);
	end = common_end(s, start);
	before = row_width(&s->next, 0, start);
	if (start < s->next.n - end || s->next.n < s->shown.n)
		ink_move(&s->ink, (uint32_t)before, s->rows - 1);
	for (size_t i = start; i < s->next.n - end; i++)
		ink_code(&s->ink, s->next.p[i].code, s->next.p[i].style);
	if (row_width(&s->next, 0, s->next.n) <
	    row_width(&s->shown, 0, s->shown.n))
		ink_erase(&s->ink);
	ink_plain(&s->ink);
	old = s->shown;
	s->shown = s->next;
	s->next = old;
}

void
screen_flush(struct screen *s)
{
	uint32_t x;

	if (s->plain)
		return;
	x = compose(s);
	paint(s);
	if (s->n_over || on_last(s))
		ink_move(&s->ink, x, s->rows - 1);
	else
		ink_move(&s->ink, s->x < s->cols ? s->x : s->cols - 1, s->y);
}

/* -------- blits -------- */

void
screen_bell(struct screen *s)
{
	if (!s->plain)
		ink_text(&s->ink, "\a");
}

/* The last row is empty. */
static void
empty(struct screen *s)
{
	row_clear(&s->want);
	s->cut = false;
}

void
screen_clear(struct screen *s)
{
	empty(s);
	if (s->plain)
		return;
	ink_plain(&s->ink);
	ink_text(&s->ink, "\033[H\033[2J");
	s->ink.x = s->ink.y = 0;
	s->shown.n = 0;
	s->stale = false;
}

/*
 * Arvo's line editor fills the row to its end, and then wants the cursor behind
 * it: on the last row there is one place more.
 */
void
screen_hop(struct screen *s, uint64_t x, uint64_t y)
{
	uint32_t most;

	s->y = y < s->rows ? (uint32_t)y : s->rows - 1;
	most = on_last(s) ? s->cols : s->cols - 1;
	s->x = x < most ? (uint32_t)x : most;
}

void
screen_hop_last(struct screen *s, uint64_t x)
{
	screen_hop(s, x, s->rows - 1);
}

void
screen_wipe(struct screen *s)
{
	if (on_last(s)) {
		empty(s);
		return;
	}
	ink_move(&s->ink, 0, s->y);
	ink_erase(&s->ink);
}

static void
put_text(struct screen *s, const struct row *r)
{
	for (size_t i = 0; i < r->n; i++)
		ink_code(
		    &s->ink, r->p[i].code, s->plain ? unstyled : r->p[i].style);
}

/*
 * The last row is finished and scrolls up.  If it is wider than the terminal
 * the terminal breaks it, so that it can be copied from it as the one line
 * that it is.
 */
static void
scroll_up(struct screen *s)
{
	if (row_width(&s->want, 0, s->want.n) > s->cols) {
		to_last(s);
		if (s->shown.n || s->stale)
			ink_erase(&s->ink);
		put_text(s, &s->want);
	} else {
		size_t over = s->n_over;

		s->n_over = 0;
		s->x = 0;
		compose(s);
		paint(s);
		s->n_over = over;
		if (s->ink.y != s->rows - 1)
			to_last(s);
	}
	s->stale = false;
	ink_newline(&s->ink, s->rows);
	s->shown.n = 0;
}

static void
print_plain(struct screen *s)
{
	while (s->want.n && s->want.p[s->want.n - 1].code == ' ')
		s->want.n--;
	put_text(s, &s->want);
	ink_text(&s->ink, "\n");
}

void
screen_newline(struct screen *s)
{
	static const char words[] = "... and more, which is not shown";

	if (!on_last(s)) {
		s->x = 0;
		s->y++;
		return;
	}
	if (s->plain)
		print_plain(s);
	else
		scroll_up(s);
	s->x = 0;
	row_clear(&s->want);
	if (s->cut)
		screen_line(s, unstyled, words, sizeof words - 1);
	s->cut = false;
}

/* On another row: in columns, as far as there are any. */
static void
put_elsewhere(struct screen *s, size_t i, struct cell c)
{
	unsigned width = width_of(c.code);

	if (i == 0)
		s->column = s->x;
	if (width > 0 && s->column + width <= s->cols)
		ink_move(&s->ink, s->column, s->y);
	s->column += width;
	if (s->column <= s->cols && (width > 0 || i > 0))
		ink_code(&s->ink, c.code, c.style);
	else
		s->column = s->cols + 1;
}

void
screen_put(struct screen *s, size_t i, uint32_t code, struct style style)
{
	struct cell c = {.code = width_shown(code), .style = style};

	if (!on_last(s))
		put_elsewhere(s, i, c);
	else if (!row_put(&s->want, s->x + i, c))
		s->cut = true;
}

/* -------- what is ours -------- */

static void
put_line(struct screen *s, struct style style, const char *text, size_t n)
{
	const uint8_t *p = (const uint8_t *)text;
	uint32_t code;
	unsigned len;

	for (size_t i = 0; i < n; i += len) {
		if ((len = utf8_get(p + i, n - i, &code)) == 0) {
			code = '?';
			len = 1;
		}
		ink_code(&s->ink, code, style);
	}
}

void
screen_line(struct screen *s, struct style style, const char *p, size_t n)
{
	if (s->plain) {
		put_line(s, unstyled, p, n);
		ink_text(&s->ink, "\n");
		return;
	}
	to_last(s);
	if (s->shown.n || s->stale)
		ink_erase(&s->ink);
	put_line(s, style, p, n);
	s->ink.y = s->rows - 1;
	ink_newline(&s->ink, s->rows);
	s->shown.n = 0;
	s->stale = false;
}

void
screen_over(struct screen *s, const uint32_t *codes, size_t n)
{
	s->n_over = n < SCREEN_OVER ? n : SCREEN_OVER;
	if (n)
		memcpy(s->over, codes, s->n_over * sizeof *codes);
}

void
screen_end(struct screen *s)
{
	if (s->plain)
		return;
	s->n_over = 0;
	if (!on_last(s))
		screen_hop_last(s, 0);
	screen_flush(s);
	ink_plain(&s->ink);
	ink_newline(&s->ink, s->rows);
}
