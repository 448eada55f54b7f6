#include "kernel.h"

#include "atom.h"
#include "bail.h"
#include "heap.h"
#include "nock.h"
#include "shape.h"
#include "trace.h"

enum { KERNEL = 7, WISH = 10, PEEK = 22, POKE = 23 };

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
kernel_boot(noun events)
{
	noun kernel;

	if (!axis_get_word(nock(events, lifecycle()), KERNEL, &kernel))
		bail(BAIL_EXIT);
	return kernel;
}

noun
kernel_make(noun events)
{
	/* Out of the nursery: the machine keeps ways through what is old. */
	stack_push(kernel_boot(events));
	heap_collect(HEAP_MINOR);
	return stack_pop();
}

/* -------- arms that are gates -------- */

/* On [sample kernel]: [8 [9 axis 0 3] 9 2 10 [6 0 6] 0 2] */
static noun
slam_arm(unsigned axis)
{
	noun arm = cons3(direct(9), direct(axis), cons(0, direct(3)));
	noun sample = cons3(direct(6), 0, direct(6));
	noun slam = cons4(
	    direct(9), direct(2), direct(10), cons3(sample, 0, direct(2)));

	return cons3(direct(8), arm, slam);
}

noun
kernel_poke(noun kernel, noun event)
{
	return nock(cons(event, kernel), slam_arm(POKE));
}

noun
kernel_peek(noun kernel, noun sample)
{
	return nock(cons(sample, kernel), slam_arm(PEEK));
}

static void
read_trace(void *arg)
{
	noun *tang = arg, tanks = trace_tanks(*tang);

	*tang = tanks;
}

/* [%exit tang], of a crash. */
static noun
goof(noun trace)
{
	enum bail kind;

	stack_push(trace);
	kind = trap_run(read_trace, &trace);
	stack_pop();
	return cons(atom_cord("exit"), kind == BAIL_NONE ? trace : 0);
}

/* One try at an event.  BAIL_EXIT: *goofs is before what it was. */
static enum bail
try_event(struct kernel_work *w)
{
	noun toon, product;
	enum bail kind =
	    nock_soft(cons(w->event, w->kernel), slam_arm(POKE), 0, &toon);

	if (kind != BAIL_NONE)
		return kind;
	product = tail(toon);
	if (head(toon) == 0 && is_cell(product) && is_cell(tail(product))) {
		w->effects = head(product);
		w->kernel = tail(product);
		return BAIL_NONE;
	}
	product = goof(head(toon) == direct(2) ? product : 0);
	w->goofs = cons(product, w->goofs);
	return BAIL_EXIT;
}

/* [now ovum] as [now //arvo %crud goof ovum]. */
static noun
crud(noun event, noun error)
{
	noun wire = cons3(0, atom_cord("arvo"), 0);

	return cons3(
	    head(event), wire, cons3(atom_cord("crud"), error, tail(event)));
}

enum bail
kernel_work(struct kernel_work *w)
{
	enum bail kind;

	w->effects = w->goofs = 0;
	if (is_atom(w->event))
		bail(BAIL_EXIT);
	if ((kind = try_event(w)) != BAIL_EXIT)
		return kind;
	w->event = crud(w->event, head(w->goofs));
	if ((kind = try_event(w)) != BAIL_EXIT)
		return kind;
	w->goofs = list_flop(w->goofs);
	return BAIL_EXIT;
}

noun
kernel_wish(noun kernel, noun text)
{
	noun gate;

	stack_push(text);
	gate = nock_kick(kernel, WISH);
	return nock_slam(gate, stack_pop());
}
