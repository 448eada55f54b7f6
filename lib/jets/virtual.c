/*
 * virtual -- running Nock inside Nock: mink, and what the Hoon makes of it.
 *
 *     mink    [[subject formula] scry-gate]    the tone: [0 product],
 *                                              [1 path], [2 trace]
 *     mole    trap                             [~ product], or ~
 *     mule    trap                             [%& product], [%| tang]
 *
 * The Hoon of the last two runs the trap once more outside if it came to an
 * end, for the sake of its type; the product is the same.
 *
 * A failure of the machine is the failure of whoever called, and so is a
 * crash of the scry gate.
 */
#include "jet.h"
#include "trace.h"

/* The tone. */
static noun
run(noun subject, noun formula, noun scry)
{
	noun tone;
	enum bail kind = nock_soft(subject, formula, scry, &tone);

	if (kind != BAIL_NONE)
		bail(kind);
	return tone;
}

noun
jet_mink(noun sample, noun context)
{
	noun what, scry, subject, formula;

	(void)context;
	if (jet_deep())
		return JET_PASS;
	if (!uncons(sample, &what, &scry) || !uncons(what, &subject, &formula))
		jet_crash();
	return run(subject, formula, scry);
}

/* -------- traps -------- */

/*
 * A gate that asks outside, and always has an answer:
 * |=(a=^ ``.*(a [12 [0 2] 0 3]))
 */
static noun
outside(void)
{
	noun ask = cons3(direct(12), cons(0, direct(2)), cons(0, direct(3)));
	noun run_it =
	    cons3(direct(2), cons(0, direct(6)), cons(direct(1), ask));
	noun null = cons(direct(1), 0);

	return cons3(cons3(null, null, run_it), cons(0, 0), 0);
}

/* The tone of a trap. */
static noun
run_trap(noun trap, noun scry)
{
	return run(trap, cons4(direct(9), direct(2), 0, direct(1)), scry);
}

static noun
mole(noun trap, noun scry)
{
	noun tone = run_trap(trap, scry);

	return head(tone) == 0 ? cons(0, tail(tone)) : 0;
}

/* The list's items are put onto the scratch memory; false if it is none. */
static bool
put_items(noun list)
{
	for (; is_cell(list); list = tail(list))
		scratch_put(head(list));
	return list == 0;
}

/* A rose's tapes, or a palm's, so many. */
static bool
are_tapes(noun n, unsigned count)
{
	for (; count > 1; count--, n = tail(n))
		if (is_atom(n) || !list_of_atoms(head(n)))
			return false;
	return list_of_atoms(n);
}

/* Of one tank, if not of those in it, which go onto the scratch memory. */
static bool
is_tank_node(noun n)
{
	noun tag, tapes, tanks;

	if (is_atom(n))
		return true;
	if (is_cell(tag = head(n)))
		return false;
	if (atom_is(tag, "leaf"))
		return list_of_atoms(tail(n));
	if (!uncons(tail(n), &tapes, &tanks))
		return false;
	if (atom_is(tag, "rose"))
		return are_tapes(tapes, 3) && put_items(tanks);
	return atom_is(tag, "palm") && are_tapes(tapes, 4) && put_items(tanks);
}

/* Would Hoon's mold let it through as it is? */
static bool
is_tang(noun tang)
{
	char *mark = scratch_top();
	bool good = put_items(tang);

	while (good && scratch_top() != mark)
		good = is_tank_node(scratch_take());
	scratch_cut(mark);
	return good;
}

/*
 * False if an entry is a %mean that trace_tank() would read as a tank: it
 * is a core to mook, one that crashes.
 */
static bool
is_plain(noun trace)
{
	noun entry;

	for (; is_cell(trace); trace = tail(trace))
		if (is_cell(entry = head(trace)) && is_cell(tail(entry)) &&
		    is_atom(head(tail(entry))) && is_atom(head(entry)) &&
		    atom_is(head(entry), "mean"))
			return false;
	return true;
}

/*
 * What is in a trace that the Hoon's mook has words of its own for, such as
 * "mook.spot", comes out of trace_tanks() as no tank: the Hoon shall see to
 * it.  A block is never the end, as our gates do not block.
 */
static noun
mule(noun trap, noun scry)
{
	noun tone = run_trap(trap, scry), tang;

	if (head(tone) == 0)
		return cons(YES, tail(tone));
	if (head(tone) != direct(2) || !is_plain(tail(tone)))
		return JET_PASS;
	tang = trace_tanks(tail(tone));
	return is_tang(tang) ? cons(NO, tang) : JET_PASS;
}

noun
jet_mole(noun sample, noun context)
{
	(void)context;
	return jet_deep() ? JET_PASS : mole(sample, outside());
}

noun
jet_mule(noun sample, noun context)
{
	(void)context;
	return jet_deep() ? JET_PASS : mule(sample, outside());
}

/* -------- in the door vi: its sample says whether scries go outside ------ */

/* False if it is no loobean. */
static bool
vi_scry(noun context, noun *scry)
{
	noun forward;

	if (!jet_door(context, &forward) || (forward != YES && forward != NO))
		return false;
	*scry = forward == YES ? outside() : 0;
	return true;
}

noun
jet_vi_mole(noun sample, noun context)
{
	noun scry;

	if (jet_deep() || !vi_scry(context, &scry))
		return JET_PASS;
	return mole(sample, scry);
}

noun
jet_vi_mule(noun sample, noun context)
{
	noun scry;

	if (jet_deep() || !vi_scry(context, &scry))
		return JET_PASS;
	return mule(sample, scry);
}
