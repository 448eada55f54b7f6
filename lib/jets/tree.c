/*
 * Maps and sets: each function takes the steps of the Hoon of its name, with
 * the scratch memory for a stack.
 *
 * A way down the tree is kept as its nodes, in each of which bit 1 says that
 * it went on to the left: cells lie on 16 bytes.  The two that are walked
 * through together keep frames of three words, the last of which says what
 * to do when the product of the part in hand is known.
 */
#include "tree.h"

#include "equal.h"
#include "mug.h"
#include "order.h"

/* -------- nodes -------- */

/* The node with other sides; itself, if they are its own. */
static inline noun
with_sides(noun node, noun l, noun r)
{
	noun sides = tail(node);

	if (head(sides) == l && tail(sides) == r)
		return node;
	return cons(head(node), cons(l, r));
}

/* The key of a node that is known to have one. */
static inline noun
key_of(enum tree_kind kind, noun node)
{
	return kind == TREE_SET ? head(node) : head(head(node));
}

/* Give up: the scratch memory as it was. */
static noun
pass(char *mark)
{
	scratch_cut(mark);
	return JET_PASS;
}

/* -------- down to a key, and up again -------- */

enum way { HERE, LEFT, RIGHT };

/*
 * Where a key lies from another one: what =() and gor say, of which mostly
 * the mugs can tell.  *m is the key's mug, 0 if not yet known.
 */
static inline enum way
way_of(noun key, uint32_t *m, noun other)
{
	uint32_t o;

	if (key == other)
		return HERE;
	if (*m == 0)
		*m = mug(key);
	o = mug(other);
	if (*m != o)
		return *m < o ? LEFT : RIGHT;
	if (equal(key, other))
		return HERE;
	return order_dor(key, other) ? LEFT : RIGHT;
}

enum { WENT_LEFT = 2 };

static inline noun
path_take(bool *left)
{
	noun node = scratch_take();

	*left = node & WENT_LEFT;
	return node & ~(noun)WENT_LEFT;
}

/* Down to the key, with the nodes above it put as a path; else as find. */
static noun
descend(enum tree_kind kind, noun t, noun key)
{
	uint32_t m = 0;
	enum way way;
	noun other;

	while (t != 0) {
		if (!is_cell(t) || !tree_key(kind, head(t), &other))
			return JET_PASS;
		way = way_of(key, &m, other);
		if (way == HERE)
			return t;
		if (!is_cell(tail(t)))
			return JET_PASS;
		scratch_put(way == LEFT ? t | WENT_LEFT : t);
		t = way == LEFT ? tree_left(t) : tree_right(t);
	}
	return 0;
}

noun
tree_find(enum tree_kind kind, noun t, noun key)
{
	uint32_t m = 0;
	enum way way;
	noun other;

	while (t != 0) {
		if (!is_cell(t) || !tree_key(kind, head(t), &other))
			return JET_PASS;
		way = way_of(key, &m, other);
		if (way == HERE)
			return t;
		if (!is_cell(tail(t)))
			return JET_PASS;
		t = way == LEFT ? tree_left(t) : tree_right(t);
	}
	return 0;
}

/* Back up the path with a new tree at its end. */
static noun
ascend(noun t, char *mark)
{
	noun node;
	bool left;

	while (scratch_top() > mark) {
		node = path_take(&left);
		t = left ? with_sides(node, t, tree_right(node))
		         : with_sides(node, tree_left(node), t);
	}
	return t;
}

/* The same, but the tree's item goes first to where mor has it. */
static noun
rise(enum tree_kind kind, noun t, char *mark)
{
	noun node, n;
	bool left;

	while (scratch_top() > mark) {
		node = path_take(&left);
		if (order_mor(key_of(kind, node), key_of(kind, t))) {
			t = left ? with_sides(node, t, tree_right(node))
			         : with_sides(node, tree_left(node), t);
			continue;
		}
		if (!tree_is_node(t))
			return pass(mark);
		n = head(t);
		t = left
		    ? cons3(n, tree_left(t),
		          with_sides(node, tree_right(t), tree_right(node)))
		    : cons3(n, with_sides(node, tree_left(node), tree_left(t)),
		          tree_right(t));
	}
	return t;
}

/* -------- one key -------- */

/*
 * An item that is there already is risen too: that changes a tree which is
 * not in mor's order.
 */
noun
tree_put(enum tree_kind kind, noun t, noun n)
{
	char *mark = scratch_top();
	noun key, at;

	if (!tree_key(kind, n, &key))
		return JET_PASS;
	at = descend(kind, t, key);
	if (at == JET_PASS)
		return pass(mark);
	if (at == 0)
		at = cons(n, cons(0, 0));
	else if (kind == TREE_MAP && !equal(tail(n), tail(head(at))))
		at = cons(n, tail(at));
	return rise(kind, at, mark);
}

/* Both sides of an item that is gone, as one tree. */
static noun
join(enum tree_kind kind, noun l, noun r)
{
	char *mark = scratch_top();
	noun kl, kr;

	while (l != 0 && r != 0) {
		if (!tree_is_node(l) || !tree_is_node(r) ||
		    !tree_key(kind, head(l), &kl) ||
		    !tree_key(kind, head(r), &kr))
			return pass(mark);
		if (order_mor(kl, kr)) {
			scratch_put(l);
			l = tree_right(l);
		} else {
			scratch_put(r | WENT_LEFT);
			r = tree_left(r);
		}
	}
	return ascend(l == 0 ? r : l, mark);
}

noun
tree_del(enum tree_kind kind, noun t, noun key)
{
	char *mark = scratch_top();
	noun at = descend(kind, t, key);

	if (at == 0) {
		scratch_cut(mark);
		return t;
	}
	if (at == JET_PASS || !tree_is_node(at))
		return pass(mark);
	at = join(kind, tree_left(at), tree_right(at));
	return at == JET_PASS ? pass(mark) : ascend(at, mark);
}

noun
tree_edit(noun t, noun key, noun value)
{
	char *mark = scratch_top();
	noun at = descend(TREE_MAP, t, key);

	if (at == JET_PASS || at == 0)
		return pass(mark);
	return ascend(cons(cons(head(head(at)), value), tail(at)), mark);
}

/* False to pass. */
static bool
split(enum tree_kind kind, noun t, noun key, noun *l, noun *r)
{
	char *mark = scratch_top();
	noun at = descend(kind, t, key), node;
	bool left;

	if (at == JET_PASS || (at != 0 && !tree_is_node(at))) {
		scratch_cut(mark);
		return false;
	}
	*l = at ? tree_left(at) : 0;
	*r = at ? tree_right(at) : 0;
	while (scratch_top() > mark) {
		node = path_take(&left);
		if (left)
			*r = with_sides(node, *r, tree_right(node));
		else
			*l = with_sides(node, tree_left(node), *l);
	}
	return true;
}

noun
tree_bif(enum tree_kind kind, noun t, noun key)
{
	noun l, r;

	return split(kind, t, key, &l, &r) ? cons(l, r) : JET_PASS;
}

/* -------- two trees -------- */

/*
 * What to do with the product of a part, and the frame's two nouns:
 *
 *   FIRST     a, b: both have this item; that was their left sides
 *   SECOND    b, l: .. and that the right ones
 *   OUTER     hi, rest: hi has the upper item, and that was its one side with
 *             the part of the lower tree that lies there; rest is the other
 *             part.  ON_LEFT tells the side, SWAPPED that hi is b and not a
 *   UNITE     x: that and x together (with SWAPPED or not)
 *   AFTER, JOIN  of dif, which see
 */
enum step {
	FIRST,
	SECOND,
	OUTER,
	UNITE,
	AFTER,
	JOIN,
	STEPS = 7,
	ON_LEFT,
	SWAPPED = 16
};

static inline void
frame_put(unsigned step, noun x, noun y)
{
	scratch_put(x);
	scratch_put(y);
	scratch_put(step);
}

static inline unsigned
frame_take(noun *x, noun *y)
{
	unsigned step = (unsigned)scratch_take();

	*y = scratch_take();
	*x = scratch_take();
	return step;
}

/* Set the pair in hand: the upper tree's part, the lower one's. */
static inline void
pair_set(unsigned step, noun hi, noun lo, noun *a, noun *b)
{
	*a = step & SWAPPED ? lo : hi;
	*b = step & SWAPPED ? hi : lo;
}

/* The lower tree's item lies on one side of the upper one's. */
static void
part_lower(unsigned step, noun hi, noun lo, bool left, noun *a, noun *b)
{
	if (left) {
		frame_put(step | ON_LEFT, hi, tree_right(lo));
		lo = with_sides(lo, tree_left(lo), 0);
		hi = tree_left(hi);
	} else {
		frame_put(step, hi, tree_left(lo));
		lo = with_sides(lo, 0, tree_right(lo));
		hi = tree_right(hi);
	}
	pair_set(step, hi, lo, a, b);
}

/*
 * Two trees, neither of them 0, become the pair of parts that is to be done
 * first, and a frame.  False to pass.
 */
static bool
part(enum tree_kind kind, noun *a, noun *b)
{
	noun ka, kb;

	if (!tree_is_node(*a) || !tree_is_node(*b) ||
	    !tree_key(kind, head(*a), &ka) || !tree_key(kind, head(*b), &kb))
		return false;
	if (equal(ka, kb)) {
		frame_put(FIRST, *a, *b);
		*a = tree_left(*a);
		*b = tree_left(*b);
	} else if (order_mor(ka, kb)) {
		part_lower(OUTER, *a, *b, order_gor(kb, ka), a, b);
	} else {
		part_lower(OUTER | SWAPPED, *b, *a, order_gor(ka, kb), a, b);
	}
	return true;
}

/*
 * A part's product is v.  True if that gives the next pair; else v is the
 * product of all.
 */
static bool
uni_next(noun *v, noun *a, noun *b, char *mark)
{
	unsigned step;
	noun x, y;

	while (scratch_top() > mark) {
		step = frame_take(&x, &y);
		switch (step & STEPS) {
		case FIRST:
			frame_put(SECOND, y, *v);
			*a = tree_right(x);
			*b = tree_right(y);
			return true;
		case SECOND:
			*v = with_sides(x, y, *v);
			break;
		default:
			x = step & ON_LEFT ? with_sides(x, *v, tree_right(x))
			                   : with_sides(x, tree_left(x), *v);
			pair_set(step, x, y, a, b);
			return true;
		}
	}
	return false;
}

/* A set's uni looks first whether both are the same. */
noun
tree_uni(enum tree_kind kind, noun a, noun b)
{
	char *mark = scratch_top();
	noun v;

	if (kind == TREE_SET && equal(a, b))
		return a;
	do {
		while (a != 0 && b != 0)
			if (!part(kind, &a, &b))
				return pass(mark);
		v = b == 0 ? a : b;
	} while (uni_next(&v, &a, &b, mark));
	return v;
}

/* As uni_next; v may become JET_PASS. */
static bool
int_next(enum tree_kind kind, noun *v, noun *a, noun *b, char *mark)
{
	unsigned step;
	noun x, y;

	while (*v != JET_PASS && scratch_top() > mark) {
		step = frame_take(&x, &y);
		switch (step & STEPS) {
		case FIRST:
			frame_put(SECOND, y, *v);
			*a = tree_right(x);
			*b = tree_right(y);
			return true;
		case SECOND:
			*v = with_sides(x, y, *v);
			break;
		case UNITE:
			*v = tree_uni(kind, x, *v);
			break;
		default:
			frame_put(UNITE, *v, 0);
			pair_set(step, x, y, a, b);
			return true;
		}
	}
	return false;
}

noun
tree_int(enum tree_kind kind, noun a, noun b)
{
	char *mark = scratch_top();
	noun v;

	do {
		while (a != 0 && b != 0)
			if (!part(kind, &a, &b))
				return pass(mark);
		v = 0;
	} while (int_next(kind, &v, &a, &b, mark));
	return v == JET_PASS ? pass(mark) : v;
}

/*
 * An item of b splits a; its left side is taken from the left part, and then
 * (AFTER: the right part, the right side) and (JOIN: the left product).
 */
static bool
dif_next(enum tree_kind kind, noun *v, noun *a, noun *b, char *mark)
{
	noun x, y;

	while (*v != JET_PASS && scratch_top() > mark) {
		if (frame_take(&x, &y) == AFTER) {
			frame_put(JOIN, *v, 0);
			*a = x;
			*b = y;
			return true;
		}
		*v = join(kind, x, *v);
	}
	return false;
}

noun
tree_dif(enum tree_kind kind, noun a, noun b)
{
	char *mark = scratch_top();
	noun key, rest;

	do {
		for (; b != 0; b = tree_left(b)) {
			if (!tree_is_node(b) ||
			    !tree_key(kind, head(b), &key) ||
			    !split(kind, a, key, &a, &rest))
				return pass(mark);
			frame_put(AFTER, rest, tree_right(b));
		}
	} while (dif_next(kind, &a, &a, &b, mark));
	return a == JET_PASS ? pass(mark) : a;
}
