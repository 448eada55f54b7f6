#include "wish.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "atom.h"
#include "dial.h"
#include "equal.h"
#include "heap.h"
#include "load.h"
#include "patp.h"
#include "product.h"
#include "raw.h"
#include "scrypath.h"
#include "shape.h"
#include "tell.h"
#include "tool.h"

/* -------- asking, and what was not to be -------- */

/* Ask; the first question connects.  0, or the exit code. */
static int
ask(const struct wish *w, noun question, noun *rest)
{
	static bool open;
	int code = open ? 0 : dial_open(w->pier, w->limit);

	open = true;
	return code ? code : dial_ask(question, rest);
}

static int
strange(void)
{
	return tool_fail(TOOL_DATA, "answer", "is none to this question");
}

static int
show(const struct wish *w, noun n)
{
	return w->raw ? raw_put(n) : product_put(w->to, n);
}

/* The tanks of a trace, which has the innermost first, the outermost first. */
static void
tell_tang(noun tang)
{
	uint64_t n;

	if (!list_length(tang, &n))
		return;
	for (tang = list_flop(tang); is_cell(tang); tang = tail(tang))
		tell_tank(&tell_err, "", head(tang));
}

/* A goof, [kind tang]: it crashed; TOOL_NO. */
static int
tell_goof(const struct wish *w, noun goof)
{
	noun kind, tang;
	uint64_t room;

	if (!uncons(goof, &kind, &tang) || is_cell(kind) ||
	    atom_bytes(kind) > 32)
		return strange();
	tell_tang(tang);
	return tool_fail(TOOL_NO, w->word, "bail: %%%.*s",
	    (int)atom_bytes(kind), (const char *)atom_view(kind, &room));
}

static int
tell_goofs(const struct wish *w, noun goofs)
{
	int code = TOOL_DATA;

	if (is_atom(goofs))
		return strange();
	for (; is_cell(goofs); goofs = tail(goofs))
		code = tell_goof(w, head(goofs));
	return code;
}

/* The answer [tag rest] if it has that tag. */
static bool
is_tagged(noun answer, const char *tag, noun *rest)
{
	noun head;

	return uncons(answer, &head, rest) && is_atom(head) &&
	    atom_is(head, tag);
}

/* -------- peek, peel -------- */

/* This ship: ask it. */
static int
who(const struct wish *w, noun *ship)
{
	noun path = cons(atom_cord("who"), direct(0));
	int code = ask(w, cons(atom_cord("peel"), path), ship);

	if (code)
		return code;
	if (!is_cell(*ship) || is_cell(*ship = tail(*ship)))
		return strange();
	return 0;
}

/* The name of a ship up to a moon, as a knot. */
static int
name_of(noun ship, noun *knot)
{
	char name[PATP_MAX];
	uint64_t word;

	if (!atom_to_word(ship, &word))
		return tool_fail(TOOL_NO, "=",
		    "stands for a ship whose name is to be written out");
	*knot = atom_from_bytes(name, patp_write(word, name));
	return 0;
}

/* Is the knot this ship's name? */
static bool
is_name(noun knot, noun ship)
{
	uint64_t room;
	const char *p = (const char *)atom_view(knot, &room);
	size_t n = atom_bytes(knot);
	noun named;

	return n > 1 && p[0] == '~' && patp_read(p + 1, n - 1, &named) &&
	    equal(named, ship);
}

/* One = of two: see which ship this is.  0, or the exit code. */
static int
complete(const struct wish *w, noun *path)
{
	noun ship, knot = atom_cord("=");
	int code;

	if ((code = who(w, &ship)) != 0)
		return code;
	if (scrypath_open(*path, SCRYPATH_SHIP))
		code = name_of(ship, &knot);
	else if (!is_name(head(tail(*path)), ship))
		code = tool_fail(TOOL_NO, w->operands[0],
		    "only of the ship itself is there a now");
	if (code == 0)
		*path = scrypath_put(*path, SCRYPATH_SHIP, knot);
	return code;
}

/* [mark noun], or [%omen path mark noun]: the noun. */
static bool
noun_of(noun cask, noun *n)
{
	noun tag, path, page;

	if (uncons3(cask, &tag, &path, &page) && is_atom(tag) &&
	    atom_is(tag, "omen"))
		cask = page;
	return uncons(cask, &tag, n);
}

int
wish_peek(const struct wish *w)
{
	noun path, nom, rest, n;
	int code;

	if (!scrypath_knots(w->operands[0], &path) || !scrypath_whole(path))
		return tool_usage(w->operands[0],
		    "is no path, /VIEW/SHIP/DESK/CASE and more");
	if (!scrypath_nom(path, &nom)) {
		if ((code = complete(w, &path)) != 0)
			return code;
		scrypath_nom(path, &nom);
	}
	if ((code = ask(w, cons(atom_cord("peek"), nom), &rest)) != 0)
		return code;
	if (!is_tagged(rest, "peek", &rest))
		return strange();
	if (is_atom(rest))
		return tool_fail(TOOL_NO, w->operands[0], "nothing is there");
	return noun_of(tail(rest), &n) ? show(w, n) : strange();
}

int
wish_peel(const struct wish *w)
{
	noun path, rest;
	int code;

	if (!scrypath_knots(w->operands[0], &path))
		return tool_usage(w->operands[0], "is no path");
	if ((code = ask(w, cons(atom_cord("peel"), path), &rest)) != 0)
		return code;
	if (is_atom(rest))
		return tool_fail(TOOL_NO, w->operands[0], "nothing is there");
	return show(w, tail(rest));
}

/* -------- events -------- */

/* [%news %done], or [%bail goofs]. */
static int
news(const struct wish *w, noun rest)
{
	noun more;

	if (is_tagged(rest, "bail", &more))
		return tell_goofs(w, more);
	if (!is_tagged(rest, "news", &more) || is_cell(more))
		return strange();
	return atom_is(more, "done")
	    ? 0
	    : tool_fail(TOOL_NO, w->word, "the ship dropped it");
}

int
wish_poke(const struct wish *w)
{
	noun wire, card, data, rest;
	int code;

	if (!scrypath_knots(w->operands[0], &wire) || is_atom(wire))
		return tool_usage(
		    w->operands[0], "is no wire, such as /d/term/1");
	if ((code = load_value("NOUN", w->operands[2], &data)) != 0)
		return code;
	card = cons(atom_cord(w->operands[1]), data);
	code = ask(
	    w, cons4(atom_cord("ovum"), head(wire), tail(wire), card), &rest);
	return code ? code : news(w, rest);
}

int
wish_urth(const struct wish *w)
{
	noun what =
	    cons3(atom_cord("urth"), atom_cord("wait"), atom_cord(w->word));
	noun rest;
	int code = ask(w, what, &rest);

	return code ? code : news(w, rest);
}

/* -------- threads -------- */

/* [%avow 0 mark noun], [%avow 1 goof], or [%bail goofs]. */
static int
avowed(const struct wish *w, noun rest)
{
	noun more, ok, page, mark, n;

	if (is_tagged(rest, "bail", &more))
		return tell_goofs(w, more);
	if (!is_tagged(rest, "avow", &more) || !uncons(more, &ok, &page))
		return strange();
	if (ok != YES)
		return tell_goof(w, page);
	return uncons(page, &mark, &n) ? show(w, n) : strange();
}

static int
run_thread(const struct wish *w, const char *desk, const char *name, noun page)
{
	noun args = cons(atom_cord(w->mark), page);
	noun fyrd = cons3(atom_cord(desk), atom_cord(name), args);
	noun rest;
	int code = ask(w, cons(atom_cord("fyrd"), fyrd), &rest);

	return code ? code : avowed(w, rest);
}

int
wish_thread(const struct wish *w)
{
	noun n = 0;
	int code;

	if (w->n < 4)
		return run_thread(w, w->operands[0], w->operands[1],
		    cons(atom_cord("noun"), n));
	if ((code = load_value("NOUN", w->operands[3], &n)) != 0)
		return code;
	return run_thread(w, w->operands[0], w->operands[1],
	    cons(atom_cord(w->operands[2]), n));
}

/* The threads that run Hoon are base's, and take it as that mark. */
int
wish_eval(const struct wish *w)
{
	noun page = cons(atom_cord("ted-eval"), atom_cord(w->operands[0]));

	return run_thread(w, "base", w->khan ? "khan-eval" : "eval", page);
}

/* -------- frames as they are -------- */

int
wish_send(const struct wish *w)
{
	int code = dial_open(w->pier, w->limit);

	return code ? code : dial_pass();
}
