/*
 * tree -- what Hoon's maps and sets are made of, and their jets share.
 *
 *     0         empty
 *     [n l r]   an item, and the trees to its left and right
 *
 * The item of a set is its own key, that of a map is [key value].  Keys to
 * the left come before (gor) the item's and those to the right after it; an
 * item comes before (mor) those below it.  A tree that keeps both rules is
 * the only one of its items.  But any noun may be passed for one, and then
 * what matters is where the Hoon looks and what it does there: what is here
 * takes the Hoon's own steps, and passes at the first part that has not the
 * shape it needs.
 *
 * A result of JET_PASS is to be passed on.  All of this leaves the scratch
 * memory as it was; nothing collects, all that is not inline may bail meme.
 * No C recursion: a tree may be as deep as it likes.
 */
#ifndef TREE_H
#define TREE_H

#include "jet.h"

enum tree_kind { TREE_SET, TREE_MAP };

static inline bool
tree_is_node(noun t)
{
	return is_cell(t) && is_cell(tail(t));
}

static inline noun
tree_left(noun node)
{
	return head(tail(node));
}

static inline noun
tree_right(noun node)
{
	return tail(tail(node));
}

/* The key of an item. */
static inline bool
tree_key(enum tree_kind kind, noun n, noun *key)
{
	if (kind == TREE_SET)
		*key = n;
	else if (is_cell(n))
		*key = head(n);
	else
		return false;
	return true;
}

/* -------- one key, or two trees: tree.c -------- */

/* The tree whose item has this key, which may lack its sides; 0 = none. */
noun tree_find(enum tree_kind kind, noun t, noun key);

/* With an item more, or in place of that of the same key. */
noun tree_put(enum tree_kind kind, noun t, noun n);

/* Without the item of a key. */
noun tree_del(enum tree_kind kind, noun t, noun key);

/* A map with another value for a key that it has. */
noun tree_edit(noun t, noun key, noun value);

/* [l r]: what comes before a key, and after it. */
noun tree_bif(enum tree_kind kind, noun t, noun key);

/* All of both (b's where they have the same key); b's that a has; a's that
 * b has not. */
noun tree_uni(enum tree_kind kind, noun a, noun b);
noun tree_int(enum tree_kind kind, noun a, noun b);
noun tree_dif(enum tree_kind kind, noun a, noun b);

/* -------- all of a tree: gas.c, walk.c -------- */

/* With all items of a list. */
noun tree_gas(enum tree_kind kind, noun t, noun list);

/* Are the rules kept?  YES or NO; passes if a key stands twice. */
noun tree_apt(enum tree_kind kind, noun t);

/* The number of items. */
noun tree_wyt(noun t);

/* The items, last first, in front of a list. */
noun tree_tap(noun t, noun list);

/*
 * Calling back: a walk over a tree, each item before those to its left, and
 * these before those to its right.  The trees to come are on the noun stack
 * above `base`, so that they may move in a call.  False at the end; then,
 * *sound tells whether all were nodes.
 */
struct tree_walk {
	noun *base;
	bool sound;
};

void tree_walk_begin(struct tree_walk *w, noun t);
bool tree_walk_next(struct tree_walk *w, noun *n);

#endif
