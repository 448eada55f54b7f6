#include "bail.h"

#include <setjmp.h>
#include <stdlib.h>

#include "heap.h"

struct trap {
	jmp_buf back;
	noun *stack;
	char *scratch, *control;
	struct trap *outer;
};

static struct trap *nearest;

enum bail
trap_run(void (*f)(void *), void *arg)
{
	struct trap t = {.stack = stack_top(),
	    .scratch = scratch_top(),
	    .control = heap.region[CONTROL_STACK].top,
	    .outer = nearest};
	enum bail kind;

	nearest = &t;
	if ((kind = setjmp(t.back)) == BAIL_NONE)
		f(arg);
	nearest = t.outer;
	return kind;
}

void
bail(enum bail kind)
{
	struct trap *t = nearest;

	if (t == NULL)
		abort();
	heap_unwind(t->stack, t->scratch, t->control);
	longjmp(t->back, kind);
}

const char *
bail_name(enum bail kind)
{
	static const char *const names[] = {[BAIL_NONE] = "none",
#define X(kind, name) [BAIL_##kind] = name,
	    BAIL_KINDS(X)
#undef X
	};

	return names[kind];
}
