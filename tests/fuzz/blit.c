/*
 * Two bytes are the size of a terminal, the rest is the jam of a list of
 * effects: lists of blits, [%slog priority tank], [%flog cord] or [%spin unit].
 * Whatever they are, the terminal gets nothing but characters that it shows
 * and the sequences that dill knows; and its last row and its cursor are the
 * same as if all of it were drawn anew.
 */
#include <assert.h>
#include <stdlib.h>

#include "bail.h"
#include "jam.h"

#include "../../cmd/dill/blit.c"
#include "../../cmd/dill/ink.c"
#include "../../cmd/dill/row.c"
#include "../../cmd/dill/screen.c"
#include "../../cmd/dill/slog.c"
#include "../../cmd/dill/spin.c"
#include "../../cmd/dill/style.c"
#include "../../cmd/dill/width.c"
#include "vt.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct play {
	struct screen *screen;
	struct spin spin;
	noun effect;
};

static void
save(void *arg, noun path, noun bytes)
{
	(void)arg;
	(void)path;
	assert(is_atom(bytes));
}

static void
turn(struct play *p, noun unit)
{
	uint32_t codes[SPIN_ROOM];
	size_t n = 0;

	if (is_cell(unit) && is_atom(tail(unit))) {
		spin_begin(&p->spin, tail(unit));
		n = spin_turn(&p->spin, codes);
		assert(n <= SPIN_ROOM);
	}
	screen_over(p->screen, codes, n);
}

static void
effect(void *arg)
{
	struct play *p = arg;
	struct blit b = {.screen = p->screen, .save = save};
	noun tag, a, rest;

	if (!uncons(p->effect, &tag, &rest))
		return;
	if (is_atom(tag) && atom_is(tag, "slog") && uncons(rest, &tag, &a))
		slog_tank(p->screen, tag, a);
	else if (is_atom(tag) && atom_is(tag, "flog"))
		slog_cord(p->screen, rest);
	else if (is_atom(tag) && atom_is(tag, "spin"))
		turn(p, rest);
	else
		blit_run(&b, p->effect);
}

/* The same screen on a terminal that has seen nothing of it. */
static void
compare(const struct screen *s, struct vt *v)
{
	struct screen anew = *s;
	struct vt fresh;

	vt_init(&fresh, v->cols, v->rows);
	anew.ink =
	    (struct ink){.cols = v->cols, .x = INK_NOWHERE, .y = INK_NOWHERE};
	anew.shown = anew.next = (struct row){0};
	anew.stale = true;
	screen_flush(&anew);
	assert(vt_write(&fresh, anew.ink.p, anew.ink.n));
	assert(memcmp(vt_row(&fresh, v->rows - 1), vt_row(v, v->rows - 1),
	           sizeof *v->grid * v->cols) == 0);
	assert(fresh.x == v->x && fresh.y == v->y && !v->styled);
	vt_free(&fresh);
	ink_free(&anew.ink);
	row_free(&anew.shown);
	row_free(&anew.next);
}

static void
take(struct screen *s, struct vt *v)
{
	screen_flush(s);
	assert(vt_write(v, s->ink.p, s->ink.n));
	ink_taken(&s->ink);
	compare(s, v);
}

static void
play(noun effects, unsigned cols, unsigned rows)
{
	struct screen s;
	struct vt v;
	struct play p = {.screen = &s};

	screen_init(&s, cols, rows, false);
	vt_init(&v, cols, rows);
	for (; is_cell(effects); effects = tail(effects)) {
		p.effect = head(effects);
		trap_run(effect, &p);
		take(&s, &v);
	}
	screen_end(&s);
	assert(vt_write(&v, s.ink.p, s.ink.n));
	vt_free(&v);
	screen_free(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cue_fault fault;
	noun effects;

	if (n < 2)
		return 0;
	if (heap.base == NULL &&
	    heap_init(&(struct heap_opts){.limit = 1 << 28}) != 0)
		abort();
	if (cue(p + 2, n - 2, &effects, &fault) == 0)
		play(effects, p[0] % 90 + 1, p[1] % 30 + 1);
	heap_collect(HEAP_MAJOR);
	return 0;
}
