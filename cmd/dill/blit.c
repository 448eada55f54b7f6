#include "blit.h"

#include "atom.h"
#include "heap.h"
#include "jam.h"
#include "shape.h"

/* Count a thing done; false if it was one too many. */
static bool
step(struct blit *b)
{
	if (b->steps == 0)
		return false;
	b->steps--;
	return true;
}

/* -------- text -------- */

static uint32_t
code_of(noun c)
{
	return is_direct(c) && direct_value(c) <= UINT32_MAX
	    ? (uint32_t)direct_value(c)
	    : UINT32_MAX;
}

/* A list of @c, i places behind the cursor.  How many places it took. */
static size_t
characters(struct blit *b, size_t i, noun text, struct style style)
{
	size_t n = 0;

	for (; is_cell(text) && step(b); text = tail(text))
		screen_put(b->screen, i + n++, code_of(head(text)), style);
	return n;
}

static void
put_stub(struct blit *b, noun stub)
{
	size_t i = 0;
	noun stye, text;

	for (; is_cell(stub) && step(b); stub = tail(stub))
		if (uncons(head(stub), &stye, &text))
			i += characters(b, i, text, style_of(stye));
}

/* -------- one blit each -------- */

static void
do_bel(struct blit *b, noun data)
{
	(void)data;
	screen_bell(b->screen);
}

static void
do_clr(struct blit *b, noun data)
{
	(void)data;
	screen_clear(b->screen);
}

static uint64_t
number(noun n)
{
	return is_direct(n) ? direct_value(n) : UINT64_MAX;
}

static void
do_hop(struct blit *b, noun data)
{
	if (is_cell(data))
		screen_hop(b->screen, number(head(data)), number(tail(data)));
	else
		screen_hop_last(b->screen, number(data));
}

static void
do_klr(struct blit *b, noun data)
{
	put_stub(b, data);
}

static void
do_nel(struct blit *b, noun data)
{
	(void)data;
	screen_newline(b->screen);
}

static void
do_put(struct blit *b, noun data)
{
	characters(b, 0, data, (struct style){0});
}

static void
do_wyp(struct blit *b, noun data)
{
	(void)data;
	screen_wipe(b->screen);
}

static void
do_lin(struct blit *b, noun data)
{
	screen_hop_last(b->screen, 0);
	screen_wipe(b->screen);
	do_put(b, data);
}

/* Its list waits on the noun stack, see blit_run(). */
static void
do_mor(struct blit *b, noun data)
{
	if (is_cell(data))
		stack_push(data);
	else
		screen_newline(b->screen);
}

static void
do_sav(struct blit *b, noun data)
{
	noun path, bytes;

	if (uncons(data, &path, &bytes) && is_atom(bytes) && b->save)
		b->save(b->arg, path, bytes);
}

static void
do_sag(struct blit *b, noun data)
{
	noun path, what;

	if (uncons(data, &path, &what) && b->save)
		b->save(b->arg, path, jam(what));
}

static void
do_url(struct blit *b, noun data)
{
	(void)b;
	(void)data;
}

/* -------- all -------- */

#define BLITS(X)                                              \
	X(bel) X(clr) X(hop) X(klr) X(lin) X(mor) X(nel) X(put) \
	X(sag) X(sav) X(url) X(wyp)

static void
blit(struct blit *b, noun one)
{
	static const struct {
		const char *tag;
		void (*run)(struct blit *, noun);
	} blits[] = {
#define X(tag) {#tag, do_##tag},
	    BLITS(X)
#undef X
	};
	noun tag, data;

	if (uncons(one, &tag, &data) && is_atom(tag))
		for (size_t i = 0; i < sizeof blits / sizeof *blits; i++)
			if (atom_is(tag, blits[i].tag)) {
				blits[i].run(b, data);
				return;
			}
	b->unknown++;
}

/*
 * The lists that are begun lie on the noun stack, each as what is left of it,
 * so that %mor in %mor goes as deep as memory and not as the C stack.
 */
bool
blit_run(struct blit *b, noun list)
{
	noun *bottom = stack_top();

	b->steps = BLIT_STEPS;
	stack_push(list);
	while (stack_top() > bottom && b->steps) {
		noun rest = stack_pop();

		if (!is_cell(rest))
			continue;
		step(b);
		stack_push(tail(rest));
		blit(b, head(rest));
	}
	stack_cut(bottom);
	return b->steps > 0;
}
