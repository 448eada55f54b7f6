/*
 * Sets: the arms of Hoon's `in`.
 *
 * The set is the sample of the door, which for the arms without a sample
 * but with a face of their own is their context, as for the gates.
 */
#include "tree.h"

noun
jet_in_apt(noun sample, noun context)
{
	noun a, l, r;

	if (!uncons(sample, &l, &r) || l != 0 || r != 0 ||
	    !jet_door(context, &a))
		return JET_PASS;
	return tree_apt(TREE_SET, a);
}

noun
jet_in_bif(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_bif(TREE_SET, a, sample);
}

noun
jet_in_del(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_del(TREE_SET, a, sample);
}

noun
jet_in_dif(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_dif(TREE_SET, a, sample);
}

noun
jet_in_gas(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_gas(TREE_SET, a, sample);
}

noun
jet_in_has(noun sample, noun context)
{
	noun a, at;

	if (!jet_door(context, &a))
		return JET_PASS;
	at = tree_find(TREE_SET, a, sample);
	return at == JET_PASS ? JET_PASS : loobean(at != 0);
}

noun
jet_in_int(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_int(TREE_SET, a, sample);
}

noun
jet_in_put(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_put(TREE_SET, a, sample);
}

/* What to fold into is the tail of the gate's own sample. */
noun
jet_in_rep(noun sample, noun context)
{
	struct tree_walk w;
	noun a, n, product, *gate = stack_top();

	if (!jet_door(context, &a) || jet_deep() ||
	    !axis_get_word(sample, 13, &product))
		return JET_PASS;
	stack_push(sample);
	tree_walk_begin(&w, a);
	while (tree_walk_next(&w, &n))
		product = nock_slam(*gate, cons(n, product));
	stack_cut(gate);
	return w.sound ? product : JET_PASS;
}

noun
jet_in_run(noun sample, noun context)
{
	struct tree_walk w;
	noun a, n, product = 0, *gate = stack_top();

	if (!jet_door(context, &a) || jet_deep())
		return JET_PASS;
	stack_push(sample);
	tree_walk_begin(&w, a);
	while (product != JET_PASS && tree_walk_next(&w, &n)) {
		stack_push(product);
		n = nock_slam(*gate, n);
		product = tree_put(TREE_SET, stack_pop(), n);
	}
	stack_cut(gate);
	return w.sound ? product : JET_PASS;
}

noun
jet_in_tap(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_tap(a, sample);
}

noun
jet_in_uni(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_uni(TREE_SET, a, sample);
}

/* A core of the door's battery and payload alone. */
noun
jet_in_wyt(noun sample, noun context)
{
	(void)sample;
	return is_cell(context) ? tree_wyt(head(context)) : JET_PASS;
}
