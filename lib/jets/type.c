/*
 * type -- the Hoon compiler's small parts: makers of types, combiners of
 * formulas, and the searches for an arm.
 *
 *     type    %noun, %void, [%atom ..], [%cell type type],
 *             [%core type coil], [%face * type], [%fork set-of-type] ..
 *     nock    a formula; [0 axis] and [1 constant] are what is folded here
 *     dom     the chapters of a core: a map from a name to a tome, which
 *             has a map from an arm's name to its hoon
 *
 * What these make is part of every compiled kernel, and so of its mug.
 * Four of them have long not been what the Hoon of their time says, in the
 * runtime that all kernels were compiled with: fitz, flan, flor and flip.
 * Here, too, they are as the kernels know them; see each.
 */
#include "equal.h"
#include "jet.h"
#include "order.h"

/* A tag of four letters, as an atom. */
#define TAG(a, b, c, d) \
	direct((uint64_t)(d) << 24 | (uint64_t)(c) << 16 | (b) << 8 | (a))
#define VOID TAG('v', 'o', 'i', 'd')
#define CELL TAG('c', 'e', 'l', 'l')
#define CORE TAG('c', 'o', 'r', 'e')
#define FACE TAG('f', 'a', 'c', 'e')
#define FORK TAG('f', 'o', 'r', 'k')

static void
pair(noun n, noun *a, noun *b)
{
	if (!uncons(n, a, b))
		jet_crash();
}

/* n is [op *]: its tail. */
static bool
is_op(noun n, uint64_t op, noun *rest)
{
	if (!is_cell(n) || head(n) != direct(op))
		return false;
	*rest = tail(n);
	return true;
}

/* n is [a b], both of these direct atoms. */
static bool
is_pair(noun n, uint64_t a, uint64_t b)
{
	return is_cell(n) && head(n) == direct(a) && tail(n) == direct(b);
}

/* -------- axes of one word -------- */

/*
 * Hoon's peg: the axis in the whole of axis b within the part at a.  0 if
 * it is not a direct atom, or if one of them is no axis.
 */
static uint64_t
peg(uint64_t a, uint64_t b)
{
	unsigned down;

	if (a == 0 || b == 0)
		return 0;
	down = 63 - (unsigned)__builtin_clzll(b);
	if (64 - (unsigned)__builtin_clzll(a) + down > 63)
		return 0;
	return a << down | (b ^ UINT64_C(1) << down);
}

static uint64_t
peg_noun(noun a, noun b)
{
	if (!is_direct(a) || !is_direct(b))
		return 0;
	return peg(direct_value(a), direct_value(b));
}

/* -------- makers of types: nothing can be made of %void -------- */

noun
jet_cell(noun sample, noun context)
{
	noun hed, tal;

	(void)context;
	pair(sample, &hed, &tal);
	if (hed == VOID || tal == VOID)
		return VOID;
	return cons(CELL, sample);
}

noun
jet_core(noun sample, noun context)
{
	noun pac, con;

	(void)context;
	pair(sample, &pac, &con);
	return pac == VOID ? VOID : cons(CORE, sample);
}

noun
jet_face(noun sample, noun context)
{
	noun giz, der;

	(void)context;
	pair(sample, &giz, &der);
	return der == VOID ? VOID : cons(FACE, sample);
}

/* `set` with a type, or all those of another fork, in it. */
static noun
fork_add(noun set, noun type)
{
	noun in = cons3(0, set, 0), rest;

	if (type == VOID)
		return set;
	if (is_cell(type) && head(type) == FORK) {
		rest = tail(type);
		return jet_in_uni(rest, in);
	}
	return jet_in_put(type, in);
}

noun
jet_fork(noun sample, noun context)
{
	noun set = 0, node, rest;

	(void)context;
	for (; is_cell(sample); sample = tail(sample))
		if ((set = fork_add(set, head(sample))) == JET_PASS)
			return JET_PASS;
	if (sample != 0)
		jet_crash();
	if (set == 0)
		return VOID;
	if (uncons(set, &node, &rest) && is_pair(rest, 0, 0))
		return node;
	return cons(FORK, set);
}

/* -------- combiners of formulas -------- */

/* [7 mal buz], where both only fetch, is one fetch. */
static noun
comb_fetch(noun axis, noun mal, noun buz)
{
	noun rest, a, b;
	uint64_t x, y;

	if (is_op(buz, 0, &rest) && rest != 0) {
		x = peg_noun(axis, rest);
		return x == 0 ? JET_PASS : cons(0, direct(x));
	}
	if (is_op(buz, 2, &rest) && is_cell(rest) && is_op(head(rest), 0, &a) &&
	    is_op(tail(rest), 0, &b)) {
		x = peg_noun(axis, a);
		y = peg_noun(axis, b);
		if (x == 0 || y == 0)
			return JET_PASS;
		return cons3(direct(2), cons(0, direct(x)), cons(0, direct(y)));
	}
	return cons3(direct(7), mal, buz);
}

noun
jet_comb(noun sample, noun context)
{
	noun mal, buz, axis;

	(void)context;
	pair(sample, &mal, &buz);
	if (is_op(mal, 0, &axis) && axis != 0)
		return comb_fetch(axis, mal, buz);
	if (is_cell(mal) && is_cell(head(mal)) && is_pair(tail(mal), 0, 1))
		return cons3(direct(8), head(mal), buz);
	if (is_pair(buz, 0, 1))
		return mal;
	return cons(direct(7), sample);
}

noun
jet_cons(noun sample, noun context)
{
	noun vur, sed, p, q;

	(void)context;
	pair(sample, &vur, &sed);
	if (is_op(vur, 1, &p) && is_op(sed, 1, &q))
		return cons3(direct(1), p, q);
	return sample;
}

/*
 * Quirk, in kelvins 140 and 139: every constant decides, also one that is
 * no loobean, and [0 0], the formula that crashes, is one like others.
 * Which of the two is left, by what the first constant is:
 *
 *               bos is [1 0]   [1 other]    nif is [1 0]   [1 other]
 *     flan      nif            bos          bos            nif
 *     flor      bos            nif          nif            bos
 */
static noun
fold(noun bos, noun nif, bool and)
{
	noun p;

	if (is_op(bos, 1, &p))
		return (p == 0) == and? nif : bos;
	if (is_op(nif, 1, &p))
		return (p == 0) == and? bos : nif;
	if (and)
		return cons4(direct(6), bos, nif, cons(direct(1), NO));
	return cons4(direct(6), bos, cons(direct(1), YES), nif);
}

static noun
fold_sample(noun sample, bool and)
{
	noun bos, nif;

	pair(sample, &bos, &nif);
	if (is_atom(bos) || is_atom(nif))
		return JET_PASS;
	return equal(bos, nif) ? bos : fold(bos, nif, and);
}

noun
jet_flan(noun sample, noun context)
{
	(void)context;
	return fold_sample(sample, true);
}

noun
jet_flor(noun sample, noun context)
{
	(void)context;
	return fold_sample(sample, false);
}

/* Quirk, in kelvins 140 and 139: a constant is turned round, [0 0] is not. */
noun
jet_flip(noun sample, noun context)
{
	(void)context;
	if (is_pair(sample, 1, 0))
		return cons(direct(1), NO);
	if (is_pair(sample, 1, 1))
		return cons(direct(1), YES);
	return cons4(
	    direct(6), sample, cons(direct(1), NO), cons(direct(1), YES));
}

/* -------- auras -------- */

/* An aura: its letters, and the size at its end, 1 for A .. 26; 0 = none. */
struct aura {
	uint64_t name;
	unsigned size;
};

static struct aura
aura(uint64_t v)
{
	unsigned last = v == 0 ? 0 : (63 - (unsigned)__builtin_clzll(v)) & ~7u;
	uint64_t c = v >> last;

	if (c < 'A' || c > 'Z')
		return (struct aura){v, 0};
	return (struct aura){v ^ c << last, (unsigned)c - 'A' + 1};
}

/*
 * May an atom of aura wix be used where yaz is wanted?  Its size may not be
 * the larger one, and the shorter of the names has to begin the longer.
 *
 * Quirk: older Hoon compares the sizes in place of the names, and so takes
 * @ux for @ud.  The kernels were all compiled with this, the later one.
 */
noun
jet_fitz(noun sample, noun context)
{
	struct aura yaz, wix;
	noun y, w;

	(void)context;
	pair(sample, &y, &w);
	if (is_cell(y) || is_cell(w))
		jet_crash();
	if (!is_direct(y) || !is_direct(w))
		return JET_PASS;
	yaz = aura(direct_value(y));
	wix = aura(direct_value(w));
	if (yaz.size != 0 && wix.size > yaz.size)
		return NO;
	for (; yaz.name != 0 && wix.name != 0; yaz.name >>= 8, wix.name >>= 8)
		if ((yaz.name ^ wix.name) & 0xff)
			return NO;
	return YES;
}

/* -------- where an arm is: [~ axis hoon], or ~ -------- */

/*
 * In a map of name to hoon, whose nodes are laid out as a battery is: a
 * node without children is its own axis, one with a single child has itself
 * at 2 and the child at 3, one with both has itself at 2, and 6 and 7.
 */
static noun
look(noun cog, noun dab, uint64_t axis)
{
	noun n, l, r;
	bool left;

	for (; dab != 0; dab = left ? l : r) {
		if (!uncons3(dab, &n, &l, &r) || is_atom(n))
			return JET_PASS;
		if (equal(cog, head(n))) {
			axis = l == 0 && r == 0 ? axis : peg(axis, 2);
			return axis == 0 ? JET_PASS
			                 : cons3(0, direct(axis), tail(n));
		}
		if (l == 0 && r == 0)
			return 0;
		left = order_gor(cog, head(n));
		axis = peg(axis, l == 0 || r == 0 ? 3 : left ? 6 : 7);
		if (axis == 0)
			return JET_PASS;
	}
	return 0;
}

noun
jet_look(noun sample, noun context)
{
	noun cog, dab;

	(void)context;
	pair(sample, &cog, &dab);
	return look(cog, dab, 1);
}

/* The arms in a chapter: a tome is their map, with words before it once. */
static bool
arms(noun node, bool words, noun *dab)
{
	if (is_atom(node) || (words && is_atom(tail(node))))
		return false;
	*dab = words ? tail(tail(node)) : tail(node);
	return true;
}

/*
 * The same through all chapters, which are laid out likewise, a node before
 * its children.  Those still to do are on the scratch memory, each with its
 * axis, which is 0 if it is too large: look() then passes if it matters.
 */
static void
later(noun dom, uint64_t axis)
{
	scratch_put(dom);
	scratch_put(axis);
}

static noun
chapter(noun cog, noun dom, uint64_t axis, bool words)
{
	noun n, l, r, dab, found;
	bool leaf;

	if (dom == 0)
		return 0;
	if (!uncons3(dom, &n, &l, &r) || !arms(n, words, &dab))
		return JET_PASS;
	leaf = l == 0 && r == 0;
	found = look(cog, dab, leaf ? axis : peg(axis, 2));
	if (found != 0 || leaf)
		return found;
	later(r, peg(axis, l == 0 ? 3 : 7));
	later(l, peg(axis, r == 0 ? 3 : 6));
	return 0;
}

static noun
loot(noun sample, bool words)
{
	char *mark = scratch_top();
	noun cog, dom, found = 0;
	uint64_t axis;

	pair(sample, &cog, &dom);
	for (later(dom, 1); found == 0 && scratch_top() != mark;) {
		axis = scratch_take();
		dom = scratch_take();
		found = chapter(cog, dom, axis, words);
	}
	scratch_cut(mark);
	return found;
}

/* A map of tomes. */
noun
jet_loot_136(noun sample, noun context)
{
	(void)context;
	return loot(sample, true);
}

/* In kelvin 135, a map of maps. */
noun
jet_loot(noun sample, noun context)
{
	(void)context;
	return loot(sample, false);
}
