#include "scrypath.h"

#include <string.h>

#include "atom.h"
#include "heap.h"
#include "shape.h"

bool
scrypath_knots(const char *text, noun *path)
{
	noun list = 0;

	if (text[0] != '/')
		return false;
	while (*text == '/' && text[1]) {
		size_t n = strcspn(++text, "/");

		list = cons(atom_from_bytes(text, n), list);
		text += n;
	}
	*path = list_flop(list);
	return true;
}

static bool
knot_at(noun path, unsigned place, noun *knot)
{
	for (; place > 0 && is_cell(path); place--)
		path = tail(path);
	if (!is_cell(path))
		return false;
	*knot = head(path);
	return true;
}

bool
scrypath_whole(noun path)
{
	noun knot;

	return knot_at(path, SCRYPATH_CASE, &knot);
}

bool
scrypath_open(noun path, unsigned place)
{
	noun knot;

	return !knot_at(path, place, &knot) || atom_is(knot, "=");
}

noun
scrypath_put(noun path, unsigned place, noun knot)
{
	if (place == 0)
		return cons(knot, tail(path));
	return cons(head(path), scrypath_put(tail(path), place - 1, knot));
}

static noun
once(noun path)
{
	noun view = head(path), desk = head(tail(tail(path)));
	noun spur = tail(tail(tail(tail(path))));

	return cons(NO, cons4(atom_cord("once"), view, desk, spur));
}

bool
scrypath_nom(noun path, noun *nom)
{
	bool ours = scrypath_open(path, SCRYPATH_SHIP),
	     now = scrypath_open(path, SCRYPATH_CASE);

	if (!scrypath_whole(path) || ours != now)
		return false;
	*nom = now ? once(path) : cons(YES, path);
	return true;
}
