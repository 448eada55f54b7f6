#include "look.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "load.h"
#include "log.h"
#include "scrypath.h"
#include "shape.h"
#include "tell.h"
#include "tool.h"

struct looking {
	struct reader *r;
	const char *text;  /* the path */
	const char *wrong; /* with it */
	char who[LOG_WORDS];
	struct out out;
	struct form_writer to;
	int error;
	bool there;
};

/* -------- the question -------- */

/* Whose ship it is, of its log; "" if that cannot be told. */
static void
find_who(struct looking *l)
{
	struct log log = {0};
	char path[STORE_PATH];

	l->who[0] = 0;
	if (snprintf(path, sizeof path, "%s/%s", l->r->pier, LOG_NAME) >=
	        (int)sizeof path ||
	    log_open(&log, path, LOG_READ) != LOG_OK ||
	    log_fact(&log, "who", l->who, sizeof l->who) != LOG_OK)
		l->who[0] = 0;
	log_close(&log);
}

/* A name of the ship is as good as an = for it, and the reverse. */
static noun
with_ship(struct looking *l, noun path)
{
	bool ours = scrypath_open(path, SCRYPATH_SHIP);
	bool now = scrypath_open(path, SCRYPATH_CASE);
	noun knot;

	if (!scrypath_whole(path) || ours == now)
		return path;
	if (l->who[0] == 0)
		find_who(l);
	knot = head(tail(path));
	if (ours)
		return scrypath_put(path, SCRYPATH_SHIP, atom_cord(l->who));
	return l->who[0] && atom_is(knot, l->who)
	    ? scrypath_put(path, SCRYPATH_SHIP, atom_cord("="))
	    : path;
}

static void
make_sample(void *arg)
{
	struct looking *l = arg;
	noun path, nom;

	l->wrong = NULL;
	if (!scrypath_knots(l->text, &path) || !scrypath_whole(path))
		l->wrong = "wants a path, /VIEW/SHIP/DESK/CASE/...";
	else if (!scrypath_nom(with_ship(l, path), &nom))
		l->wrong = "wants a case, as 1 or a date: = is now, which only "
		           "this ship has";
	else
		l->r->sample = cons(cons(0, 0), nom);
}

/* -------- the answer -------- */

/* (unit (cask)); what was asked for now comes with a path before it. */
static bool
take_noun(noun product, noun *out)
{
	noun unit, mark, rest, path;

	if (!uncons3(product, &unit, &mark, &rest) || unit != 0)
		return false;
	if (is_atom(mark) && atom_is(mark, "omen") &&
	    !uncons3(rest, &path, &mark, &rest))
		return false;
	*out = rest;
	return true;
}

static void
write_noun(void *arg)
{
	struct looking *l = arg;
	noun n;

	l->error = 0;
	l->there = take_noun(tail(l->r->answer), &n);
	if (l->there && form_write(&l->to, n) < 0)
		l->error = errno;
}

static void
show_tanks(noun tang)
{
	noun tank;

	while (uncons(tang, &tank, &tang))
		tell_tank(&tell_err, "", tank);
	tell_flush(&tell_err);
}

static int
show(struct looking *l)
{
	enum bail kind;

	if (l->r->kind != BAIL_NONE) {
		show_tanks(tail(l->r->answer));
		return l->r->kind == BAIL_EXIT
		    ? tool_fail(TOOL_NO, l->text, "crashed")
		    : load_gave_up(l->text, l->r->kind);
	}
	if ((kind = trap_run(write_noun, l)) != BAIL_NONE)
		return load_gave_up(l->text, kind);
	errno = l->error;
	if (l->error == EMSGSIZE)
		return tool_fail(
		    TOOL_NO, l->text, "its jam is too long for a frame");
	if (l->error != 0)
		return tool_errno("stdout");
	return l->there ? 0 : tool_fail(TOOL_NO, l->text, "nothing is there");
}

/* -------- one after another -------- */

static void
ask(void *arg)
{
	struct looking *l = arg;

	reader_ask(l->r);
}

static int
look_at(struct looking *l)
{
	enum bail kind = trap_run(make_sample, l);

	if (kind != BAIL_NONE)
		return load_gave_up(l->text, kind);
	if (l->wrong != NULL)
		return tool_usage(l->text, l->wrong);
	if ((kind = trap_run(ask, l)) != BAIL_NONE)
		return load_gave_up(l->text, kind);
	tell_flush(&tell_err);
	return show(l);
}

int
look(struct reader *r, char **path, int n, enum form to)
{
	static struct looking l;
	int code = 0, worst = 0;

	l.r = r;
	out_init(&l.out, STDOUT_FILENO);
	l.to = (struct form_writer){.out = &l.out, .form = to};
	for (int i = 0; i < n; i++) {
		l.text = path[i];
		code = look_at(&l);
		worst = code > worst ? code : worst;
		r->sample = r->answer = 0;
	}
	if (out_flush(&l.out) < 0)
		return tool_errno("stdout");
	return worst;
}
