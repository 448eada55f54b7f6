#include "kernel.h"

#include "atom.h"
#include "bail.h"
#include "heap.h"
#include "nock.h"
#include "shape.h"

enum { KERNEL = 7, WISH = 10 };

bool
kernel_events(noun n, noun *events)
{
	noun tag, rest, one, two;

	if (!uncons(n, &tag, &rest))
		return false;
	*events = n;
	if (is_atom(tag)) {
		*events = rest;
		return atom_is(tag, "ivory") && is_cell(rest);
	}
	if (uncons(rest, &one, &two) && one == 0 && two == 0)
		*events = tag;
	return tail(*events) == 0 && is_cell(head(*events));
}

/* [2 [0 3] 0 2] */
static noun
lifecycle(void)
{
	return cons3(direct(2), cons(0, direct(3)), cons(0, direct(2)));
}

noun
kernel_make(noun events)
{
	noun kernel;

	if (!axis_get_word(nock(events, lifecycle()), KERNEL, &kernel))
		bail(BAIL_EXIT);
	/* Out of the nursery: the machine keeps ways through what is old. */
	stack_push(kernel);
	heap_collect(HEAP_MINOR);
	return stack_pop();
}

noun
kernel_wish(noun kernel, noun text)
{
	noun gate;

	stack_push(text);
	gate = nock_kick(kernel, WISH);
	return nock_slam(gate, stack_pop());
}
