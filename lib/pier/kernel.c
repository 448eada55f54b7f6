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

/* [kind tang]: how it bailed, and where. */
static noun
goof(enum bail kind, noun trace)
{
	enum bail reading;

	stack_push(trace);
	heap_safepoint();
	trace = stack_pop();
	stack_push(trace);
	reading = trap_run(read_trace, &trace);
	stack_pop();
	return cons(
	    atom_cord(bail_name(kind)), reading == BAIL_NONE ? trace : 0);
}

/* As it is computed again: not virtualised. */
static void
poke(void *arg)
{
	struct kernel_work *w = arg;
	noun product = kernel_poke(w->kernel, w->event);

	if (is_atom(product) || is_atom(tail(product)))
		bail(BAIL_EXIT);
	w->effects = head(product);
	w->kernel = tail(product);
}

/* One try at an event.  If it bails, why is before what *goofs was. */
static enum bail
try_event(struct kernel_work *w)
{
	enum bail kind = trap_run(poke, w);
	noun why;

	if (kind != BAIL_NONE) {
		why = goof(kind, nock_trace());
		w->goofs = cons(why, w->goofs);
	}
	return kind;
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
kernel_work(struct kernel_work *w, bool (*tell)(enum bail kind))
{
	enum bail kind;

	w->effects = w->goofs = 0;
	if (is_atom(w->event))
		bail(BAIL_EXIT);
	kind = try_event(w);
	if (kind == BAIL_NONE ||
	    (kind != BAIL_EXIT && (tell == NULL || !tell(kind))))
		return kind;
	w->event = crud(w->event, head(w->goofs));
	if ((kind = try_event(w)) != BAIL_NONE)
		w->goofs = list_flop(w->goofs);
	return kind;
}

noun
kernel_wish(noun kernel, noun text)
{
	noun gate;

	stack_push(text);
	gate = nock_kick(kernel, WISH);
	return nock_slam(gate, stack_pop());
}
