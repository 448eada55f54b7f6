/*
 * Maps: the arms of Hoon's `by`.
 *
 * The map is the sample of the door, which for the arms without a sample
 * but with a face of their own is their context, as for the gates.
 */
#include "tree.h"

/* -------- keys and values -------- */

noun
jet_by_apt(noun sample, noun context)
{
	noun a, l, r;

	if (!uncons(sample, &l, &r) || l != 0 || r != 0 ||
	    !jet_door(context, &a))
		return JET_PASS;
	return tree_apt(TREE_MAP, a);
}

noun
jet_by_bif(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_bif(TREE_MAP, a, sample);
}

noun
jet_by_del(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_del(TREE_MAP, a, sample);
}

noun
jet_by_dif(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_dif(TREE_MAP, a, sample);
}

noun
jet_by_gas(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_gas(TREE_MAP, a, sample);
}

noun
jet_by_get(noun sample, noun context)
{
	noun a, at;

	if (!jet_door(context, &a))
		return JET_PASS;
	at = tree_find(TREE_MAP, a, sample);
	return at == 0 || at == JET_PASS ? at : cons(0, tail(head(at)));
}

noun
jet_by_has(noun sample, noun context)
{
	noun a, at;

	if (!jet_door(context, &a))
		return JET_PASS;
	at = tree_find(TREE_MAP, a, sample);
	return at == JET_PASS ? JET_PASS : loobean(at != 0);
}

noun
jet_by_int(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_int(TREE_MAP, a, sample);
}

noun
jet_by_put(noun sample, noun context)
{
	noun a;

	if (!is_cell(sample) || !jet_door(context, &a))
		return JET_PASS;
	return tree_put(TREE_MAP, a, sample);
}

noun
jet_by_tap(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_tap(a, sample);
}

noun
jet_by_uni(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	return tree_uni(TREE_MAP, a, sample);
}

/* A core of the door's battery and payload alone. */
noun
jet_by_wyt(noun sample, noun context)
{
	(void)sample;
	return is_cell(context) ? tree_wyt(head(context)) : JET_PASS;
}

/* -------- calling back -------- */

/* Ask of each value until the gate gives this answer. */
static noun
search(noun gate, noun context, bool wanted)
{
	struct tree_walk w;
	noun a, n, answer, *slot = stack_top();

	if (!jet_door(context, &a) || jet_deep())
		return JET_PASS;
	stack_push(gate);
	tree_walk_begin(&w, a);
	while (tree_walk_next(&w, &n)) {
		if (!is_cell(n)) {
			w.sound = false;
			break;
		}
		answer = nock_slam(*slot, tail(n));
		if (answer != YES && answer != NO)
			jet_crash();
		if ((answer == YES) == wanted) {
			stack_cut(slot);
			return answer;
		}
	}
	stack_cut(slot);
	return w.sound ? loobean(!wanted) : JET_PASS;
}

noun
jet_by_all(noun sample, noun context)
{
	return search(sample, context, false);
}

noun
jet_by_any(noun sample, noun context)
{
	return search(sample, context, true);
}

/* What to fold into is the tail of the gate's own sample. */
noun
jet_by_rep(noun sample, noun context)
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

/* A key that is not there is the Hoon's to crash on. */
noun
jet_by_jab(noun sample, noun context)
{
	noun key, gate, a, at, value;

	if (!uncons(sample, &key, &gate) || !jet_door(context, &a) ||
	    jet_deep())
		return JET_PASS;
	at = tree_find(TREE_MAP, a, key);
	if (at == 0 || at == JET_PASS)
		return JET_PASS;
	stack_push(a);
	stack_push(key);
	value = nock_slam(gate, tail(head(at)));
	key = stack_pop();
	a = stack_pop();
	return tree_edit(a, key, value);
}

/* -------- the same tree with other items -------- */

/*
 * On the stack: the gate, the map's nodes, each before those to its left and
 * these before those to its right, and above them the new values.
 */

/* Put the nodes there; how many, or SIZE_MAX where there is something else. */
static size_t
nodes_push(noun t)
{
	char *mark = scratch_top();
	size_t nodes = 0;

	for (;; t = scratch_take()) {
		for (; t != 0; t = tree_left(t), nodes++) {
			if (!tree_is_node(t) || !is_cell(head(t))) {
				scratch_cut(mark);
				return SIZE_MAX;
			}
			stack_push(t);
			scratch_put(tree_right(t));
		}
		if (scratch_top() == mark)
			return nodes;
	}
}

/*
 * The tree with those values, or without values if that is NULL.  From the
 * last node to the first, both sides of each are made before it, the left
 * one last.
 */
static noun
nodes_make(const noun *node, const noun *value, size_t nodes)
{
	noun t = 0, key, l, r;

	while (nodes-- > 0) {
		t = node[nodes];
		key = head(head(t));
		l = tree_left(t) ? scratch_take() : 0;
		r = tree_right(t) ? scratch_take() : 0;
		t = cons3(value ? cons(key, value[nodes]) : key, l, r);
		scratch_put(t);
	}
	return t ? scratch_take() : 0;
}

/* Call the gate with each value, or with each item. */
static noun
map_values(noun gate, noun context, bool whole)
{
	noun a, n, product, *slot = stack_top(), *node = slot + 1;
	size_t nodes;

	if (!jet_door(context, &a) || jet_deep())
		return JET_PASS;
	stack_push(gate);
	nodes = nodes_push(a);
	if (nodes == SIZE_MAX) {
		stack_cut(slot);
		return JET_PASS;
	}
	for (size_t i = 0; i < nodes; i++) {
		n = head(node[i]);
		stack_push(nock_slam(*slot, whole ? n : tail(n)));
	}
	product = nodes_make(node, node + nodes, nodes);
	stack_cut(slot);
	return product;
}

noun
jet_by_run(noun sample, noun context)
{
	return map_values(sample, context, false);
}

noun
jet_by_urn(noun sample, noun context)
{
	return map_values(sample, context, true);
}

/*
 * The set of the keys.  That of a map which keeps the rules is the map's own
 * tree, and telling whether it does is a tenth of making the set.
 */
static noun
keys_copy(noun a)
{
	noun *node = stack_top(), product;
	size_t nodes = nodes_push(a);

	product = nodes == SIZE_MAX ? JET_PASS : nodes_make(node, NULL, nodes);
	stack_cut(node);
	return product;
}

static noun
keys_put(noun set, noun a)
{
	struct tree_walk w;
	noun n, key;

	tree_walk_begin(&w, a);
	while (set != JET_PASS && tree_walk_next(&w, &n)) {
		if (!tree_key(TREE_MAP, n, &key))
			set = JET_PASS;
		else
			set = tree_put(TREE_SET, set, key);
	}
	stack_cut(w.base);
	return w.sound ? set : JET_PASS;
}

/* Its own sample is the set that they are put into. */
noun
jet_by_key(noun sample, noun context)
{
	noun a;

	if (!jet_door(context, &a))
		return JET_PASS;
	if (sample == 0 && tree_apt(TREE_MAP, a) == YES)
		return keys_copy(a);
	return keys_put(sample, a);
}
