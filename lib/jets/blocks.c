/*
 * blocks -- atoms made of blocks, taken apart into them, and turned round.
 *
 * What assembles a list goes over it twice, first to measure, and passes if
 * it is not a list of what it should be.
 */
#include <gmp.h>
#include <string.h>

#include "bits.h"

/* -------- putting together -------- */

static uint64_t
add_widths(uint64_t a, uint64_t b)
{
	return a + b < WIDE ? a + b : WIDE;
}

/* How the items of a list lie in the atom that is made of them. */
enum layout {
	SIZED, /* ++can: an item is [step atom] */
	WHOLE, /* ++rap: as many blocks as it needs */
	EVEN   /* ++rep: all are equally wide */
};

/* The part of an atom that an item is, and where it goes. */
struct part {
	noun a;
	uint64_t at, n; /* the low n bits of a, and no more than it has */
};

/* A way through the list; `wrong` if it is not what it should be. */
struct walk {
	noun list, bloq;
	uint64_t width, at;
	bool wrong;
};

/* Always inline: the layout is a constant then. */
#define INLINE static inline __attribute__((always_inline))

/* The width of as many blocks as so many bits need. */
static inline uint64_t
whole_width(noun bloq, uint64_t bits)
{
	uint64_t mask;

	if (!is_direct(bloq) || direct_value(bloq) >= 62)
		return bits ? WIDE : 0;
	mask = (UINT64_C(1) << direct_value(bloq)) - 1;
	return (bits + mask) & ~mask;
}

/* The width of an item's place, and its atom. */
INLINE bool
read_item(const struct walk *w, enum layout layout, noun *a, uint64_t *width)
{
	noun item = head(w->list), step;

	if (layout == SIZED) {
		if (!two_atoms(item, &step, a))
			return false;
		*width = bits_scale(w->bloq, step);
		return true;
	}
	*a = item;
	if (!is_atom(item))
		return false;
	*width =
	    layout == EVEN ? w->width : whole_width(w->bloq, bits_of(item));
	return true;
}

/* The next part; false at the end, or where something is wrong. */
INLINE bool
next_part(struct walk *w, enum layout layout, struct part *p)
{
	uint64_t width, bits;

	if (!is_cell(w->list)) {
		w->wrong = w->list != 0;
		return false;
	}
	if (!read_item(w, layout, &p->a, &width)) {
		w->wrong = true;
		return false;
	}
	w->list = tail(w->list);
	bits = bits_of(p->a);
	p->at = w->at;
	p->n = bits < width ? bits : width;
	w->at = add_widths(w->at, width);
	return true;
}

/* Bits that hold all parts; WIDE if there are too many of them. */
INLINE uint64_t
extent(struct walk w, enum layout layout, bool *wrong)
{
	uint64_t end = 0;
	struct part p;

	while (next_part(&w, layout, &p))
		if (p.n > 0)
			end = add_widths(p.at, p.n);
	*wrong = w.wrong;
	return end;
}

static inline void
put_part(uint64_t *to, const struct part *p)
{
	struct limbs l;
	uint64_t w, s = p->at % 64;

	if (is_boxed(p->a)) {
		atom_limbs(p->a, &l);
		bits_put(to, p->at, l.p, p->n);
		return;
	}
	to += p->at / 64;
	w = bits_low(direct_value(p->a), p->n);
	to[0] |= w << s;
	if (s && w >> (64 - s))
		to[1] |= w >> (64 - s);
}

/* One go is enough if all of it fits a direct atom; false if it does not. */
INLINE bool
assemble_small(struct walk w, enum layout layout, noun *out)
{
	uint64_t v = 0, word;
	struct part p;

	while (next_part(&w, layout, &p)) {
		if (p.n == 0)
			continue;
		if (p.at + p.n > 63)
			return false;
		word = is_boxed(p.a) ? boxed_limbs(p.a)[0] : direct_value(p.a);
		v |= bits_low(word, p.n) << p.at;
	}
	*out = w.wrong ? JET_PASS : direct(v);
	return true;
}

/*
 * Too large is left to the Hoon: the parts at the end may be zero in the
 * bits that count.
 */
INLINE noun
assemble(struct walk w, enum layout layout)
{
	struct part p;
	uint64_t *to, end;
	bool wrong;
	noun small;

	if (assemble_small(w, layout, &small))
		return small;
	end = extent(w, layout, &wrong);
	if (wrong || end > BITS_MAX)
		return JET_PASS;
	to = bits_begin(bits_limbs(end));
	while (next_part(&w, layout, &p))
		if (p.n > 0)
			put_part(to, &p);
	return heap_atom_end(bits_limbs(end));
}

noun
jet_can(noun sample, noun context)
{
	(void)context;
	if (!is_cell(sample) || !is_atom(head(sample)))
		return JET_PASS;
	return assemble(
	    (struct walk){.list = tail(sample), .bloq = head(sample)}, SIZED);
}

noun
jet_rap(noun sample, noun context)
{
	(void)context;
	if (!is_cell(sample) || !is_atom(head(sample)))
		return JET_PASS;
	return assemble(
	    (struct walk){.list = tail(sample), .bloq = head(sample)}, WHOLE);
}

noun
jet_rep(noun sample, noun context)
{
	struct walk w = {0};

	(void)context;
	if (!is_cell(sample) || !bits_width(head(sample), &w.width))
		return JET_PASS;
	w.list = tail(sample);
	return assemble(w, EVEN);
}

noun
jet_cat(noun sample, noun context)
{
	noun bloq, a, b;

	(void)context;
	if (!uncons3(sample, &bloq, &a, &b) || !is_atom(bloq) || !is_atom(a) ||
	    !is_atom(b))
		return JET_PASS;
	return bits_join(a, whole_width(bloq, bits_of(a)), b);
}

/* Blocks from..from+step of a are those of `with`. */
noun
jet_sew(noun sample, noun context)
{
	noun bloq, patch, a, from, step, with;
	uint64_t at, width;

	(void)context;
	if (!uncons3(sample, &bloq, &patch, &a) || !is_atom(bloq) ||
	    !uncons3(patch, &from, &step, &with) || !is_atom(from) ||
	    !is_atom(step) || !is_atom(with) || !is_atom(a))
		return JET_PASS;
	at = bits_scale(bloq, from);
	width = bits_scale(bloq, step);
	return bits_join(
	    a, at, bits_join(with, width, bits_slice(a, at + width, WIDE)));
}

/* -------- taking apart -------- */

/* From the last block on, for a list is made from its end. */
static noun
broken(uint64_t width, noun a)
{
	uint64_t bits = bits_of(a), at;
	struct limbs l;
	noun list = 0;

	if (bits == 0)
		return 0;
	if (width == 0)
		bail(BAIL_MEME); /* a list without an end */
	atom_limbs(a, &l);
	at = (bits - 1) / width * width;
	if (width <= 63) {
		for (uint64_t i = at / width + 1; i-- > 0; at -= width)
			list = cons(
			    direct(bits_low(bits_window(&l, at), width)), list);
		return list;
	}
	for (uint64_t i = at / width + 1; i-- > 0; at -= width)
		list = cons(bits_slice(a, at, width), list);
	return list;
}

BITE_ATOM(rip, broken)

/*
 * Cut many: a tree of steps becomes a tree of slices.  On the scratch stack
 * are the ways back, two words each: a tail that is still to be cut and
 * TAIL, or a head that is done and HEAD.
 */
enum { TAIL, HEAD };

static bool
cut_leaf(noun n, noun bloq, noun a, uint64_t *step, noun *out)
{
	uint64_t v = direct_value(n);

	if (!is_direct(n) || v >= WIDE - *step)
		return false;
	*out =
	    bits_slice(a, bits_scale(bloq, direct(*step)), bits_scale(bloq, n));
	*step += v;
	return true;
}

/* The tree to go on with; or none, and *v is the whole. */
static bool
come_back(char *bottom, noun *tree, noun *v)
{
	while (scratch_top() > bottom) {
		uint64_t way = scratch_take();
		noun part = scratch_take();

		if (way == TAIL) {
			scratch_put(*v);
			scratch_put(HEAD);
			*tree = part;
			return true;
		}
		*v = cons(part, *v);
	}
	return false;
}

static noun
cut_tree(noun tree, noun bloq, uint64_t step, noun a)
{
	char *bottom = scratch_top();
	noun v;

	do {
		for (; is_cell(tree); tree = head(tree)) {
			scratch_put(tail(tree));
			scratch_put(TAIL);
		}
		if (!cut_leaf(tree, bloq, a, &step, &v)) {
			scratch_cut(bottom);
			return JET_PASS;
		}
	} while (come_back(bottom, &tree, &v));
	return cons3(v, bloq, direct(step));
}

/* The context is [[bloq step] gate], where the gate's sample is [bite a]. */
noun
jet_hew(noun sample, noun context)
{
	noun place, gate, battery, given, outer, bloq, step, bite, a;

	if (!uncons(context, &place, &gate) ||
	    !two_atoms(place, &bloq, &step) ||
	    !uncons3(gate, &battery, &given, &outer) ||
	    !uncons(given, &bite, &a) || !is_atom(a) || !is_direct(step) ||
	    direct_value(step) >= WIDE)
		return JET_PASS;
	return cut_tree(sample, bloq, direct_value(step), a);
}

/* -------- the other way round -------- */

/* A limb's blocks of `width` bits, a power of two below 64. */
static inline uint64_t
reverse_limb(uint64_t w, uint64_t width)
{
	static const uint64_t masks[] = {0x5555555555555555, 0x3333333333333333,
	    0x0f0f0f0f0f0f0f0f, 0x00ff00ff00ff00ff, 0x0000ffff0000ffff,
	    0x00000000ffffffff};

	for (unsigned i = (unsigned)__builtin_ctzll(width); i < 6; i++)
		w = (w & masks[i]) << (1u << i) | (w >> (1u << i) & masks[i]);
	return w;
}

/* Blocks within limbs: turn the limbs round, and each in itself. */
static noun
reverse_small(noun a, uint64_t width, uint64_t n)
{
	struct limbs l;
	unsigned pad;
	uint64_t *p;

	atom_limbs(a, &l);
	pad = (unsigned)(l.n * 64 - n * width);
	if (l.n == 1)
		return atom_word(reverse_limb(l.p[0], width) >> pad);
	p = heap_atom_begin(l.n);
	for (size_t i = 0; i < l.n; i++)
		p[l.n - 1 - i] = reverse_limb(l.p[i], width);
	if (pad)
		mpn_rshift(p, p, (long)l.n, pad);
	return heap_atom_end(l.n);
}

/* Blocks of k limbs; the last may be cut short. */
static noun
reverse_large(noun a, size_t k, size_t n)
{
	struct limbs l;
	uint64_t *p;
	size_t part;

	atom_limbs(a, &l);
	p = bits_begin(n * k);
	for (size_t i = 0; i < n; i++) {
		part = l.n - i * k < k ? l.n - i * k : k;
		memcpy(p + (n - 1 - i) * k, l.p + i * k, part * 8);
	}
	return heap_atom_end(n * k);
}

static noun
reversed(noun bloq, noun a)
{
	uint64_t width = bits_scale(bloq, direct(1));
	uint64_t n = bits_blocks(bloq, bits_of(a));

	if (n <= 1)
		return a;
	if (width < 64)
		return reverse_small(a, width, n);
	return reverse_large(a, width / 64, n);
}

TWO_ATOMS(swp, reversed)

noun
jet_rev(noun sample, noun context)
{
	noun bloq, len, a;
	uint64_t n;

	(void)context;
	if (!uncons3(sample, &bloq, &len, &a) || !is_atom(bloq) ||
	    !is_atom(len) || !is_atom(a))
		return JET_PASS;
	a = bits_slice(a, 0, bits_scale(bloq, len));
	if (a == 0)
		return 0;
	if (!is_direct(len))
		bail(BAIL_MEME);
	n = bits_blocks(bloq, bits_of(a));
	return bits_shift(
	    reversed(bloq, a), bits_scale(bloq, direct(direct_value(len) - n)));
}
