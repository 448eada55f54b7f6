#include "trace.h"

#include <string.h>

#include "atom.h"
#include "heap.h"
#include "mug.h"
#include "nock.h"
#include "patp.h"
#include "shape.h"
#include "tank.h"

/* -------- text -------- */

struct text {
	size_t n;
	char p[160]; /* four numbers of 26 characters, and what is around them */
};

static void
put(struct text *t, const char *s)
{
	size_t n = strlen(s);

	memcpy(t->p + t->n, s, n);
	t->n += n;
}

/* In decimal, with dots: as (scow %ud v). */
static void
put_number(struct text *t, uint64_t v)
{
	char buf[27], *p = buf + sizeof buf;
	unsigned n = 0;

	*--p = 0;
	do {
		if (n > 0 && n % 3 == 0)
			*--p = '.';
		*--p = (char)('0' + v % 10);
		n++;
	} while ((v /= 10) > 0);
	put(t, p);
}

static noun
leaf(noun tape)
{
	return cons(atom_cord("leaf"), tape);
}

static noun
text_leaf(const struct text *t)
{
	return leaf(tape_from(t->p, t->n));
}

/* The bytes of a cord are the heap's, which making a tape does not move. */
static noun
cord_leaf(noun cord)
{
	uint64_t room;
	const uint8_t *p = atom_view(cord, &room);

	return leaf(tape_from((const char *)p, atom_bytes(cord)));
}

/* -------- entries: the tank, or false if it is no such entry -------- */

/* [line column] as it prints. */
static bool
put_place(struct text *t, noun n)
{
	uint64_t line, column;

	if (!is_cell(n) || is_cell(head(n)) || is_cell(tail(n)) ||
	    !atom_to_word(head(n), &line) || !atom_to_word(tail(n), &column))
		return false;
	put(t, "[");
	put_number(t, line);
	put(t, " ");
	put_number(t, column);
	put(t, "]");
	return true;
}

static bool
spot(noun n, noun *tank)
{
	struct text t = {0};
	noun path, from, to, parts;

	if (!uncons3(n, &path, &from, &to) || !list_of_atoms(path))
		return false;
	put(&t, "<");
	if (!put_place(&t, from))
		return false;
	put(&t, ".");
	if (!put_place(&t, to))
		return false;
	put(&t, ">");
	parts = cons3(tank_path(path), text_leaf(&t), 0);
	*tank = cons3(atom_cord("rose"), cons3(tape_from(":", 1), 0, 0), parts);
	return true;
}

static bool
hunk(noun n, noun *tank)
{
	if (!is_cell(n) || !list_of_atoms(tail(n)))
		return false;
	*tank = tank_path(tail(n));
	return true;
}

static bool
lose(noun n, noun *tank)
{
	if (is_cell(n))
		return false;
	*tank = cord_leaf(n);
	return true;
}

static bool
hand(noun n, noun *tank)
{
	struct text t;

	t.n = patp_write(mug(n), t.p);
	*tank = text_leaf(&t);
	return true;
}

/*
 * A core's first arm makes the tank.  A head that is an atom is no arm: it
 * may be a tank's own tag.
 */
static bool
mean(noun n, noun *tank)
{
	enum bail kind;
	noun toon;

	if (is_atom(n))
		return lose(n, tank);
	*tank = n;
	if (is_atom(head(n)))
		return true;
	if ((kind = nock_soft(n, head(n), 0, &toon)) != BAIL_NONE)
		bail(kind);
	*tank = head(toon) == 0 ? tail(toon) : tank_leaf("####");
	return true;
}

static const struct {
	const char *tag;
	bool (*read)(noun n, noun *tank);
} entries[] = {
    {"spot", spot},
    {"mean", mean},
    {"hunk", hunk},
    {"lose", lose},
    {"hand", hand},
};

noun
trace_tank(noun entry)
{
	noun tank;

	if (is_atom(entry) || is_cell(head(entry)))
		return entry;
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
		if (atom_is(head(entry), entries[i].tag))
			return entries[i].read(tail(entry), &tank) ? tank
			                                           : entry;
	return entry;
}

/* -------- traces -------- */

static uint64_t
length(noun list)
{
	uint64_t n = 0;

	for (; is_cell(list); list = tail(list))
		n++;
	return n;
}

static noun
skipped(uint64_t n)
{
	struct text t = {0};

	put(&t, "[skipped ");
	put_number(&t, n);
	put(&t, " frames]");
	return text_leaf(&t);
}

/* The tanks found so far are on the noun stack, below what is left. */
static void
found(noun tank)
{
	noun rest = stack_pop(), tanks = stack_pop();

	/* Pushed anew: a slot that a collection has seen may not be set. */
	stack_push(cons(tank, tanks));
	stack_push(rest);
}

noun
trace_tanks(noun trace)
{
	uint64_t n = length(trace), skip = n > TRACE_MAX ? n - TRACE_MAX : 0;

	stack_push(0);
	stack_push(trace);
	for (uint64_t i = 0; i < n; i++) {
		noun *rest = stack_top() - 1, entry = head(*rest);

		*rest = tail(*rest);
		if (i >= TRACE_MAX / 2 && i < TRACE_MAX / 2 + skip) {
			if (i == TRACE_MAX / 2)
				found(skipped(skip));
		} else {
			found(trace_tank(entry));
		}
	}
	stack_pop();
	return list_flop(stack_pop());
}
