#include "info.h"

#include "atom.h"
#include "conn.h"
#include "heap.h"
#include "shape.h"

/* The last four are urbit's to answer. */
static const char *const paths[] = {
    "help", "info", "khan", "live", "mass", "v", "who"};

static noun
help(void)
{
	noun list = 0;

	for (size_t i = sizeof paths / sizeof *paths; i-- > 0;)
		list = cons(cons(atom_cord(paths[i]), direct(0)), list);
	return list;
}

static noun
leaf(const char *name, uint64_t value)
{
	return cons3(atom_cord(name), YES, atom_word(value));
}

static noun
info(void)
{
	const struct {
		const char *name;
		uint64_t value;
	} counted[] = {
#define X(name, what) {#name, conn.counts.name},
	    CONN_COUNTS(X)
#undef X
	        {"open", conn.chans.n},
	    {"asked", conn.requests.n},
	    {"bytes-in", conn.in},
	    {"bytes-out", conn.out},
	};
	noun list = 0;

	for (size_t i = sizeof counted / sizeof *counted; i-- > 0;)
		list = cons(leaf(counted[i].name, counted[i].value), list);
	return cons3(atom_cord("conn"), NO, list);
}

bool
info_peel(noun path, noun *unit)
{
	noun what;

	if (!is_cell(path) || tail(path) != 0)
		return false;
	if (atom_is(head(path), "help"))
		what = help();
	else if (atom_is(head(path), "info"))
		what = info();
	else if (atom_is(head(path), "khan"))
		what = loobean(conn.khan == KHAN_YES);
	else
		return false;
	*unit = cons(direct(0), what);
	return true;
}
