/*
 * One walk, flat(), puts a tank on one line; what the pen does with the
 * characters makes it a measure or a printer.  tall() walks from the first
 * line to the last, where Hoon builds them from the last to the first: an
 * open that looks for room on the line after it waits on the noun stack
 * until that line is known, all openers of one line together.
 */
#include "tank.h"

#include <string.h>

#include "atom.h"
#include "heap.h"
#include "shape.h"

enum {
	STEP = 2,        /* columns of an indent */
	PARTS = 16,      /* looked at for each character that may fit, */
	PARTS_MORE = 64, /* and beyond that */
	SHOWN_DEPTH = 8, /* of a noun that is no tank */
	SHOWN_WIDTH = 32
};

/* -------- the parts of a tank -------- */

enum kind { BARE, LEAF, PALM, ROSE, NONE };

/* A leaf's text is its open. */
struct tank {
	enum kind kind;
	noun mid, open, more, close, list;
};

/* The items of a list of bytes, or of anything, up to max; -1 if it is none. */
static int64_t
count(noun list, bool bytes, uint64_t max)
{
	uint64_t n = 0;

	for (; is_cell(list) && n < max; list = tail(list), n++)
		if (bytes && head(list) > direct(0xff))
			return -1;
	return is_cell(list) || list == 0 ? (int64_t)n : -1;
}

static bool
take_four(noun p, struct tank *t)
{
	if (!is_cell(p) || !is_cell(tail(p)) || !is_cell(tail(tail(p))))
		return false;
	t->mid = head(p);
	t->open = head(tail(p));
	t->more = head(tail(tail(p)));
	t->close = tail(tail(tail(p)));
	return true;
}

static bool
take_three(noun p, struct tank *t)
{
	if (!is_cell(p) || !is_cell(tail(p)))
		return false;
	t->mid = head(p);
	t->open = head(tail(p));
	t->close = tail(tail(p));
	return true;
}

/* By its outermost shape only. */
static enum kind
take(noun n, struct tank *t)
{
	if (is_atom(n))
		return BARE;
	if (is_cell(head(n)))
		return NONE;
	if (atom_is(head(n), "leaf")) {
		t->open = tail(n);
		return LEAF;
	}
	if (!is_cell(tail(n)))
		return NONE;
	t->list = tail(tail(n));
	if (atom_is(head(n), "palm"))
		return take_four(head(tail(n)), t) ? PALM : NONE;
	if (atom_is(head(n), "rose"))
		return take_three(head(tail(n)), t) ? ROSE : NONE;
	return NONE;
}

/*
 * The tank n, its texts and its list of parts checked up to max items each:
 * who measures need not look further than there is room, but may then take
 * for a tank what is none.
 */
static void
look(noun n, uint64_t max, struct tank *t)
{
	*t = (struct tank){0};
	t->kind = take(n, t);
	if (t->kind == BARE)
		return;
	if (t->kind == NONE || count(t->mid, true, max) < 0 ||
	    count(t->open, true, max) < 0 || count(t->more, true, max) < 0 ||
	    count(t->close, true, max) < 0 || count(t->list, false, max) < 0)
		*t = (struct tank){.kind = NONE};
}

/* -------- the pen -------- */

enum does { MEASURES, SEEKS, PRINTS };

struct pen {
	enum does does;
	bool done;       /* no more is wanted */
	uint64_t left;   /* MEASURES: characters that there is room for */
	uint64_t parts;  /* and how many parts may be looked at */
	uint64_t spaces; /* SEEKS: before the first other character */
	uint64_t skip;   /* PRINTS: characters that stand already */
	struct text_sink *sink;
	int rc;
	size_t n;
	char buf[1024];
};

static void
flush(struct pen *p)
{
	if (p->n > 0 && p->rc == 0)
		p->rc = p->sink->put(p->sink, p->buf, p->n);
	p->n = 0;
	p->done = p->rc != 0;
}

static void
print(struct pen *p, char c)
{
	if (p->skip > 0) {
		p->skip--;
		return;
	}
	if (c == 0) /* as ++crip: it takes a column, but is no byte */
		return;
	if (p->n == sizeof p->buf)
		flush(p);
	p->buf[p->n++] = c;
}

static void
put(struct pen *p, char c)
{
	switch (p->does) {
	case MEASURES:
		p->done = p->left == 0;
		p->left -= !p->done;
		break;
	case SEEKS:
		p->done = c != ' ';
		p->spaces += !p->done;
		break;
	case PRINTS:
		print(p, c);
	}
}

static void
put_tape(struct pen *p, noun tape)
{
	for (; is_cell(tape) && !p->done; tape = tail(tape))
		put(p, (char)direct_value(head(tape)));
}

static void
put_cord(struct pen *p, noun cord)
{
	uint64_t room;
	size_t n = atom_bytes(cord);
	const uint8_t *b = atom_view(cord, &room);

	for (size_t i = 0; i < n && !p->done; i++)
		put(p, (char)b[i]);
}

static void
put_spaces(struct pen *p, uint64_t n)
{
	while (n-- > 0 && !p->done)
		put(p, ' ');
}

/* The pen as a sink. */
struct quill {
	struct text_sink sink;
	struct pen *pen;
};

static int
put_piece(struct text_sink *s, const char *text, size_t n)
{
	struct pen *p = ((struct quill *)s)->pen;

	for (size_t i = 0; i < n && !p->done; i++)
		put(p, text[i]);
	return p->done;
}

static void
put_noun(struct pen *p, noun n)
{
	struct quill q = {.sink = {put_piece}, .pen = p};
	struct text_opts o = {.depth = SHOWN_DEPTH, .width = SHOWN_WIDTH};

	(void)text_write(&q.sink, n, &o);
}

/* -------- on one line -------- */

/* A word of scratch memory each, so that they lie without gaps. */
static void *
push_words(size_t n)
{
	struct region *r = &heap.region[SCRATCH];
	char *p;

	region_room(r, n);
	p = r->top;
	r->top += n;
	return p;
}

static void
drop_to(void *p)
{
	heap.region[SCRATCH].top = p;
}

/* The parts of a tank that are still to come. */
struct flat {
	noun rest, mid, close;
};

/* Put what stands before the parts of *n; true if *n is the first of them. */
static bool
flat_open(struct pen *p, noun *n)
{
	struct tank t;
	struct flat *f;

	look(*n, p->does == MEASURES ? p->left + 1 : UINT64_MAX, &t);
	if (t.kind == NONE)
		put_noun(p, *n);
	else if (t.kind == BARE)
		put_cord(p, *n);
	else
		put_tape(p, t.open);
	put_tape(p, t.more);
	if (!is_cell(t.list)) {
		put_tape(p, t.close);
		return false;
	}
	f = push_words(sizeof *f);
	*f = (struct flat){tail(t.list), t.mid, t.close};
	*n = head(t.list);
	return true;
}

/* Behind a part: true if *n is the next of those above mark. */
static bool
flat_next(struct pen *p, char *mark, noun *n)
{
	while (scratch_top() > mark && !p->done) {
		struct flat *f = (struct flat *)scratch_top() - 1;

		if (is_cell(f->rest)) {
			put_tape(p, f->mid);
			*n = head(f->rest);
			f->rest = tail(f->rest);
			return true;
		}
		put_tape(p, f->close);
		drop_to(f);
	}
	return false;
}

static void
flat(struct pen *p, noun n)
{
	char *mark = scratch_top();
	bool more = true;

	while (more && !p->done) {
		if (p->does == MEASURES && p->parts-- == 0)
			p->done = true;
		else if (!flat_open(p, &n))
			more = flat_next(p, mark, &n);
	}
	scratch_cut(mark);
}

static bool
fits(noun n, uint64_t room)
{
	struct pen p;

	p.does = MEASURES;
	p.done = false;
	p.left = room;
	p.parts = PARTS_MORE + PARTS * room;
	flat(&p, n);
	return !p.done;
}

/* -------- lines -------- */

/* What stands on a line behind its indent: a tape, or a tank on one line. */
struct text {
	noun n;
	bool is_tank;
	uint64_t tab;
};

static void
put_text(struct pen *p, const struct text *t)
{
	if (t->is_tank)
		flat(p, t->n);
	else
		put_tape(p, t->n);
}

/* How a line begins: so many spaces, and nothing else if blank. */
struct start {
	uint64_t spaces;
	bool blank;
};

static struct start
seek(const struct text *t)
{
	struct pen p;

	p.does = SEEKS;
	p.done = false;
	p.spaces = t->tab;
	put_text(&p, t);
	return (struct start){p.spaces, !p.done};
}

/*
 * An open that waits for the line after it, as three slots of the noun
 * stack: the tape, its column, and whether it stands on that line.
 */
struct open {
	noun tape, tab, joins;
};

/* The column after an open and one space. */
static uint64_t
open_end(const struct open *o)
{
	return direct_value(o->tab) +
	    (uint64_t)count(o->tape, true, UINT64_MAX) + 1;
}

/*
 * From the last open to the first: does it stand on the line below it?  It
 * must find spaces up to its end, and something after them.
 */
static void
join_opens(struct open *first, struct open *end, const struct text *t)
{
	struct start s;

	if (first == end)
		return;
	s = seek(t);
	for (struct open *o = end; o-- > first;) {
		struct text own = {o->tape, false, direct_value(o->tab)};
		struct start mine = seek(&own);
		bool joins = s.spaces >= open_end(o) + s.blank;

		o->joins = loobean(joins);
		if (!joins || !mine.blank)
			s = mine;
	}
}

/* Put t from column *at on; what would stand before it is there already. */
static void
put_from(struct pen *p, const struct text *t, uint64_t at)
{
	p->skip = at;
	put_spaces(p, t->tab);
	put_text(p, t);
}

static void
put_open(struct pen *p, const struct open *o, uint64_t *at)
{
	struct text t = {o->tape, false, direct_value(o->tab)};
	uint64_t end = open_end(o);

	put_from(p, &t, *at);
	if (o->joins == YES) {
		put(p, ' ');
		*at = *at > end ? *at : end;
	} else {
		p->skip = 0;
		put(p, '\n');
		*at = 0;
	}
}

/* The line t, and the opens above mark, which have waited for it. */
static void
line(struct pen *p, noun *mark, const struct text *t)
{
	struct open *first = (struct open *)mark;
	struct open *end = (struct open *)stack_top();
	uint64_t at = 0;

	join_opens(first, end, t);
	for (struct open *o = first; o < end && !p->done; o++)
		put_open(p, o, &at);
	put_from(p, t, at);
	p->skip = 0;
	put(p, '\n');
	stack_cut(mark);
}

/* -------- tall -------- */

struct tall {
	struct pen pen;
	unsigned edge;
	noun *mark;   /* the noun stack below the opens */
	uint64_t tab; /* of the tank at hand */
};

/* The parts of a tank that are still to come, each on lines of its own. */
struct below {
	noun rest;
	uint64_t tab, back; /* of the next part; so much less after each */
	noun close;
	uint64_t close_tab;
};

static void
wait(noun tape, uint64_t tab)
{
	stack_push(tape);
	stack_push(direct(tab));
	stack_push(NO);
}

static void
line_tape(struct tall *w, noun tape, uint64_t tab)
{
	line(&w->pen, w->mark, &(struct text){tape, false, tab});
}

/* Begin with the first part, at column tab, `back` less for each after it. */
static noun
descend(struct tall *w, const struct tank *t, uint64_t tab, uint64_t back,
    noun close)
{
	struct below *b = push_words(sizeof *b);

	*b = (struct below){tail(t->list), tab - back, back, close, w->tab};
	w->tab = tab;
	return head(t->list);
}

/* Each of these: true if *n is the tank to go on with. */
static bool
tall_palm(struct tall *w, const struct tank *t, noun *n)
{
	uint64_t parts = (uint64_t)count(t->list, false, UINT64_MAX);

	if (parts < 2) { /* an only part stands left of its open, as in Hoon */
		line_tape(w, t->open, w->tab + parts * STEP);
		*n = parts ? head(t->list) : 0;
		return parts;
	}
	wait(t->open, w->tab);
	*n = descend(w, t, w->tab + (parts - 1) * STEP, STEP, 0);
	return true;
}

static bool
tall_rose(struct tall *w, const struct tank *t, noun *n)
{
	if (t->open != 0)
		wait(t->open, w->tab);
	if (t->list == 0) {
		if (t->close != 0)
			line_tape(w, t->close, w->tab);
		return false;
	}
	*n = descend(w, t, (w->tab + STEP) % (2 * (w->edge / 3)), 0, t->close);
	return true;
}

static bool
tall_open(struct tall *w, noun *n)
{
	struct tank t;

	look(*n, UINT64_MAX, &t);
	if ((t.kind != PALM && t.kind != ROSE) ||
	    fits(*n, w->tab < w->edge ? w->edge - w->tab : 0)) {
		line(&w->pen, w->mark, &(struct text){*n, true, w->tab});
		return false;
	}
	return t.kind == PALM ? tall_palm(w, &t, n) : tall_rose(w, &t, n);
}

/* Behind a part: true if *n is the next of those above mark. */
static bool
tall_next(struct tall *w, char *mark, noun *n)
{
	while (scratch_top() > mark && !w->pen.done) {
		struct below *b = (struct below *)scratch_top() - 1;

		if (b->rest != 0) {
			*n = head(b->rest);
			w->tab = b->tab;
			b->rest = tail(b->rest);
			b->tab -= b->back;
			return true;
		}
		if (b->close != 0)
			line_tape(w, b->close, b->close_tab);
		drop_to(b);
	}
	return false;
}

/* Opens that no line came after: the last of them is one. */
static void
put_rest(struct tall *w)
{
	struct open last;

	if (stack_top() == w->mark || w->pen.done)
		return;
	last = ((struct open *)stack_top())[-1];
	stack_cut(stack_top() - 3);
	line_tape(w, last.tape, direct_value(last.tab));
}

int
tank_write(struct text_sink *s, noun tank, unsigned tab, unsigned edge)
{
	char *mark = scratch_top();
	struct tall w;

	w.pen = (struct pen){.does = PRINTS, .sink = s};
	w.edge = edge < 3 ? 3 : edge;
	w.mark = stack_top();
	w.tab = tab;
	do
		while (!w.pen.done && tall_open(&w, &tank))
			;
	while (tall_next(&w, mark, &tank));
	put_rest(&w);
	flush(&w.pen);
	stack_cut(w.mark);
	scratch_cut(mark);
	return w.pen.rc;
}

/* -------- making -------- */

noun
tape_from(const char *p, size_t n)
{
	noun tape = 0;

	while (n-- > 0)
		tape = cons(direct((uint8_t)p[n]), tape);
	return tape;
}

noun
tank_leaf(const char *s)
{
	return cons(atom_cord("leaf"), tape_from(s, strlen(s)));
}

/* The path's elements are cords, which are tanks as they stand. */
noun
tank_path(noun path)
{
	noun slash = tape_from("/", 1);

	return cons3(atom_cord("rose"), cons3(slash, slash, 0), path);
}
