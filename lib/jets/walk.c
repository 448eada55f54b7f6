/*
 * Going through all of a map or set.
 */
#include "equal.h"
#include "order.h"
#include "tree.h"

/* -------- are the rules kept? -------- */

enum verdict { GOOD, BAD, STRANGE };

/* Does key a come before b, by gor or mor?  It is strange if they are one. */
static enum verdict
before(bool order(noun, noun), noun a, noun b)
{
	if (equal(a, b))
		return STRANGE;
	return order(a, b) ? GOOD : BAD;
}

/* No noun: there is no such bound. */
#define NO_KEY JET_PASS

/* A node between its bounds, as the Hoon calls them: l is that which the node
 * is to the left of. */
static enum verdict
apt_bounds(noun key, noun l, noun r)
{
	enum verdict v = GOOD;

	if (l != NO_KEY)
		v = before(order_gor, key, l);
	if (v == GOOD && r != NO_KEY)
		v = before(order_gor, r, key);
	return v;
}

/* A node and one of the trees below it, if that is not 0. */
static enum verdict
apt_child(enum tree_kind kind, noun key, noun child)
{
	noun below;

	if (child == 0)
		return GOOD;
	if (!is_cell(child) || !tree_key(kind, head(child), &below))
		return STRANGE;
	return before(order_mor, key, below);
}

/*
 * One node, on the way down; it is put, with its bound to the right, for the
 * way back.  (The other bound is then the node itself.)
 */
static enum verdict
apt_node(enum tree_kind kind, noun *t, noun *l, noun r)
{
	enum verdict v;
	noun key;

	if (!tree_is_node(*t) || !tree_key(kind, head(*t), &key))
		return STRANGE;
	v = apt_bounds(key, *l, r);
	if (v == GOOD)
		v = apt_child(kind, key, tree_left(*t));
	scratch_put(*l);
	scratch_put(*t);
	*t = tree_left(*t);
	*l = key;
	return v;
}

/* To the right side of the last node on the way down. */
static enum verdict
apt_right(enum tree_kind kind, noun *t, noun *l, noun *r)
{
	noun node = scratch_take();

	*l = scratch_take();
	tree_key(kind, head(node), r);
	*t = tree_right(node);
	return apt_child(kind, *r, *t);
}

/*
 * Whether a key may stand twice has been told differently by the Hoon over
 * time: it shall tell.
 */
noun
tree_apt(enum tree_kind kind, noun t)
{
	char *mark = scratch_top();
	noun l = NO_KEY, r = NO_KEY;
	enum verdict v = GOOD;

	while (v == GOOD) {
		if (t != 0)
			v = apt_node(kind, &t, &l, r);
		else if (scratch_top() > mark)
			v = apt_right(kind, &t, &l, &r);
		else
			return YES;
	}
	scratch_cut(mark);
	return v == BAD ? NO : JET_PASS;
}

/* -------- all items -------- */

noun
tree_wyt(noun t)
{
	char *mark = scratch_top();
	uint64_t n = 0;

	for (;; t = scratch_take()) {
		for (; tree_is_node(t); t = tree_left(t), n++)
			if (tree_right(t) != 0)
				scratch_put(tree_right(t));
		if (t != 0)
			break;
		if (scratch_top() == mark)
			return direct(n);
	}
	scratch_cut(mark);
	return JET_PASS;
}

noun
tree_tap(noun t, noun list)
{
	char *mark = scratch_top();

	for (;;) {
		for (; tree_is_node(t); t = tree_left(t))
			scratch_put(t);
		if (t != 0)
			break;
		if (scratch_top() == mark)
			return list;
		t = scratch_take();
		list = cons(head(t), list);
		t = tree_right(t);
	}
	scratch_cut(mark);
	return JET_PASS;
}

/* -------- calling back -------- */

void
tree_walk_begin(struct tree_walk *w, noun t)
{
	w->base = stack_top();
	w->sound = true;
	stack_push(t);
}

bool
tree_walk_next(struct tree_walk *w, noun *n)
{
	noun t;

	do {
		if (stack_top() == w->base)
			return false;
		t = stack_pop();
	} while (t == 0);
	w->sound = tree_is_node(t);
	if (!w->sound)
		return false;
	*n = head(t);
	stack_push(tree_right(t));
	stack_push(tree_left(t));
	return true;
}
