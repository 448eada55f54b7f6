#include "filter.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "atom.h"
#include "eval_options.h"
#include "form.h"
#include "heap.h"
#include "load.h"
#include "pretty.h"
#include "shape.h"
#include "tell.h"
#include "tool.h"

/* Under a trap. */
struct thread {
	noun n, kind,
	    tanks; /* the last two of a failure; the first innermost */
	bool failed;
};

/* False if it is no such answer. */
static bool
take_apart(struct thread *t)
{
	noun request, mark, ok, rest;

	if (!uncons4(t->n, &request, &mark, &ok, &rest))
		return false;
	if (ok != NO)
		return true;
	if (!uncons(rest, &t->kind, &t->tanks) || is_cell(t->kind))
		return false;
	t->failed = true;
	t->n = cons3(request, mark, ok);
	return true;
}

static void
flop(void *arg)
{
	struct thread *t = arg;
	uint64_t n;

	t->tanks = list_length(t->tanks, &n) ? list_flop(t->tanks) : 0;
}

static void
tell_failure(struct thread *t)
{
	uint64_t room;
	char kind[32];
	int n =
	    atom_bytes(t->kind) < sizeof kind ? (int)atom_bytes(t->kind) : 0;

	if (trap_run(flop, t) == BAIL_NONE)
		for (; is_cell(t->tanks); t->tanks = tail(t->tanks))
			tell_tank(&tell_err, "", head(t->tanks));
	snprintf(kind, sizeof kind, "%.*s", n,
	    (const char *)atom_view(t->kind, &room));
	tool_fail(TOOL_NO, "thread", "bail: %%%s", kind);
}

static int
filter_thread(noun *n)
{
	struct thread t = {.n = *n};

	if (!take_apart(&t))
		return tool_fail(
		    TOOL_DATA, "stdin", "is not what a thread answers");
	if (t.failed)
		tell_failure(&t);
	*n = t.n;
	return 0;
}

int
filter_run(void)
{
	enum form f = eval_options.newt ? FORM_NEWT : FORM_BINARY;
	noun n;
	int code = load_input(NULL, f, &n);

	if (code == 0 && eval_options.khan)
		code = filter_thread(&n);
	return code ? code : pretty_put(n);
}
