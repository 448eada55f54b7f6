#include "scry.h"

#include "bail.h"
#include "heap.h"
#include "load.h"
#include "shape.h"
#include "tool.h"

/*
 * The gate's arm, on [arm [ref path] entries]: an entry is [[ref path]
 * answer], at 14 while entries are left; what is found is [0 0 answer].
 */
static const char arm[] = "[6 [3 0 7]"
                          "  [6 [6 [5 [0 57] 0 13]"
                          "        [6 [5 [1 0] 0 56] [1 0] 5 [0 56] 0 12]"
                          "        1 1]"
                          "     [[1 0] [1 0] 0 29]"
                          "     9 2 10 [7 0 15] 0 1]"
                          "  1 0]";

/* [[ref path] answer] */
static bool
is_entry(noun n)
{
	return is_cell(n) && is_cell(head(n)) && list_of_atoms(tail(head(n)));
}

static bool
is_list(noun n)
{
	for (; is_cell(n); n = tail(n))
		if (!is_entry(head(n)))
			return false;
	return n == 0;
}

struct work {
	noun entries, list;
	bool good;
};

/* The entries of a map, in front of those found before. */
static bool
flatten(noun map, noun *list)
{
	noun *mark = stack_top();
	noun entry, left, right;

	stack_push(map);
	while (stack_top() > mark) {
		if ((map = stack_pop()) == 0)
			continue;
		if (!uncons3(map, &entry, &left, &right) || !is_entry(entry)) {
			stack_cut(mark);
			return false;
		}
		*list = cons(entry, *list);
		stack_push(left);
		stack_push(right);
	}
	return true;
}

/*
 * What is a map throughout is taken for one: a list is none, but for odd
 * answers and refs that are cells.
 */
static void
sort_out(void *arg)
{
	struct work *w = arg;

	w->list = 0;
	w->good = flatten(w->entries, &w->list);
	if (!w->good && (w->good = is_list(w->entries)))
		w->list = w->entries;
}

static void
make_gate(void *arg)
{
	struct work *w = arg;

	w->list = cons3(w->entries, 0, w->list);
}

int
scry_load(const char *file, noun *gate)
{
	struct work w;
	enum bail kind;
	int code;

	if ((code = load_file(file, &w.entries)) != 0)
		return code;
	if ((kind = trap_run(sort_out, &w)) != BAIL_NONE)
		return load_gave_up(file, kind);
	if (!w.good)
		return tool_fail(TOOL_DATA, file,
		    "is no list or map of [[ref path] answer]");
	if ((code = load_value("--scry", arm, &w.entries)) != 0)
		return code;
	if ((kind = trap_run(make_gate, &w)) != BAIL_NONE)
		return load_gave_up(file, kind);
	*gate = w.list;
	return 0;
}
