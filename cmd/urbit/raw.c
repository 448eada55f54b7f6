#include "raw.h"

#include <unistd.h>

#include "atom.h"
#include "out.h"
#include "shape.h"
#include "tool.h"

static struct out out;

static void
put_atom(noun a)
{
	uint64_t room;

	out_put(&out, atom_view(a, &room), atom_bytes(a));
}

static bool
is_tape(noun list)
{
	for (; is_cell(list); list = tail(list))
		if (atom_bytes(head(list)) != 1)
			return false;
	return true;
}

static void
put_list(noun list)
{
	bool lines = !is_tape(list);

	for (; is_cell(list); list = tail(list)) {
		put_atom(head(list));
		if (lines)
			out_put(&out, "\n", 1);
	}
}

int
raw_put(noun n)
{
	out_init(&out, STDOUT_FILENO);
	if (is_atom(n))
		put_atom(n);
	else if (list_of_atoms(n))
		put_list(n);
	else
		return tool_fail(TOOL_NO, "product", "is no text");
	return out_flush(&out) < 0 ? tool_errno("stdout") : 0;
}
