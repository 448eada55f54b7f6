/*
 * text -- cords, tapes and lines; bytes in hexadecimal; what two lists have
 * in common.
 */
#include "jet.h"

#include <string.h>

#include "equal.h"
#include "mug.h"

/* The bytes of a cord that must be an atom. */
struct cord {
	const uint8_t *p;
	size_t n;
	uint64_t room;
};

static void
cord_view(noun a, struct cord *c)
{
	if (is_cell(a))
		jet_crash();
	c->n = atom_bytes(a);
	c->p = atom_view(a, &c->room);
}

/* A NUL is a character like others, but for those at the end. */
noun
jet_trip(noun sample, noun context)
{
	struct cord c;
	noun tape = 0;

	(void)context;
	cord_view(sample, &c);
	for (size_t i = c.n; i-- > 0;)
		tape = cons(direct(c.p[i]), tape);
	return tape;
}

/* -------- lines -------- */

/* A newline at the end ends the last line; it does not begin another. */
static noun
lines(const struct cord *c)
{
	size_t end = c->n;
	noun list = 0;

	if (end == 0)
		return 0;
	if (c->p[end - 1] == '\n')
		end--;
	for (size_t i = end; i-- > 0;)
		if (c->p[i] == '\n') {
			list = cons(
			    atom_from_bytes(c->p + i + 1, end - i - 1), list);
			end = i;
		}
	return cons(atom_from_bytes(c->p, end), list);
}

/*
 * ++to-wain:format.  A quirk: in Hoon a newline at the end begins one more,
 * empty line (and '' is one at kelvin 140).  Vere's jet has it as
 * here, and so are the text files of every ship.
 */
noun
jet_leer(noun sample, noun context)
{
	struct cord c;

	(void)context;
	cord_view(sample, &c);
	return lines(&c);
}

/* ++lune:unix:userlib: the last line must be ended. */
noun
jet_lune(noun sample, noun context)
{
	struct cord c;

	(void)context;
	cord_view(sample, &c);
	if (c.n > 0 && c.p[c.n - 1] != '\n')
		jet_crash();
	return lines(&c);
}

/* -------- base 16 -------- */

/* [p q]: as many digits as p bytes have, the highest first. */
noun
jet_base16_en(noun sample, noun context)
{
	static const char digits[] = "0123456789abcdef";
	noun p, q;
	size_t n, limbs;
	struct cord c;
	uint8_t *to;

	(void)context;
	if (!uncons(sample, &p, &q) || is_cell(q))
		jet_crash();
	if (!is_direct(p) || direct_value(p) > UINT32_MAX)
		return JET_PASS;
	n = direct_value(p);
	if (n == 0)
		return 0;
	limbs = n / 4 + (n % 4 != 0);
	cord_view(q, &c);
	to = (uint8_t *)heap_atom_begin(limbs);
	memset(to + limbs * 8 - 8, 0, 8);
	for (size_t i = n; i-- > 0;) {
		uint8_t byte = i < c.n ? c.p[i] : 0;

		*to++ = (uint8_t)digits[byte >> 4];
		*to++ = (uint8_t)digits[byte & 15];
	}
	return heap_atom_end(limbs);
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

/* (unit octs); '' is no bytes, and an odd digit more is a byte more. */
noun
jet_base16_de(noun sample, noun context)
{
	struct cord c;
	size_t limbs;
	uint64_t *to;

	(void)context;
	cord_view(sample, &c);
	for (size_t i = 0; i < c.n; i++)
		if (hex_digit(c.p[i]) < 0)
			return 0;
	limbs = c.n / 16 + 1;
	to = heap_atom_begin(limbs);
	memset(to, 0, limbs * 8);
	for (size_t i = 0; i < c.n; i++)
		to[i / 16] |= (uint64_t)hex_digit(c.p[c.n - 1 - i])
		    << i % 16 * 4;
	return cons3(0, direct(c.n / 2 + c.n % 2), heap_atom_end(limbs));
}

/* -------- ++loss: the longest common subsequence -------- */

/*
 * Hunt and Szymanski's: fit[k] is the subsequence of length k + 1 that ends
 * earliest in hev, as the index of its last item there and the items, last
 * first.  An item of hel extends some of them: one for each place that it
 * has in hev.
 */
struct fit {
	uint32_t at;
	noun items;
};

struct loss {
	uint32_t n;      /* items in hev */
	noun *item;      /* hev */
	uint32_t *mugs;  /* of its items */
	uint32_t *again; /* where the item stands next, + 1 */
	uint32_t *heads; /* a hash table: where an item stands first, + 1 */
	uint32_t mask;
	struct fit *fit;
	uint32_t fits;
	uint64_t *found; /* fit << 32 | at: extensions to be made */
};

/* The slot of an item in the hash table: an empty one if hev lacks it. */
static uint32_t *
slot_of(const struct loss *l, noun item, uint32_t m)
{
	for (uint32_t i = m & l->mask;; i = (i + 1) & l->mask) {
		uint32_t at = l->heads[i];

		if (at == 0 ||
		    (l->mugs[at - 1] == m && equal(l->item[at - 1], item)))
			return &l->heads[i];
	}
}

static uint32_t
first_place(const struct loss *l, noun item)
{
	return *slot_of(l, item, mug(item));
}

/* From the last item to the first, so that a chain goes up. */
static void
index_items(struct loss *l)
{
	for (uint32_t i = l->n; i-- > 0;) {
		uint32_t *s;

		l->mugs[i] = mug(l->item[i]);
		s = slot_of(l, l->item[i], l->mugs[i]);
		l->again[i] = *s;
		*s = i + 1;
	}
}

/* The first fit from k on that does not end before `at`; or their number. */
static uint32_t
first_fit(const struct loss *l, uint32_t k, uint32_t at)
{
	uint32_t end = l->fits;

	while (k < end) {
		uint32_t middle = k + (end - k) / 2;

		if (l->fit[middle].at <= at)
			k = middle + 1;
		else
			end = middle;
	}
	return k;
}

/* What the places from `at` on (+ 1) extend, in *found; how many. */
static uint32_t
find_fits(struct loss *l, uint32_t at)
{
	uint32_t n = 0, k = 0;

	for (; at != 0 && k <= l->fits; at = l->again[at - 1]) {
		k = first_fit(l, k, at - 1);
		if (k > 0 && l->fit[k - 1].at >= at - 1)
			continue;
		l->found[n++] = (uint64_t)k++ << 32 | (at - 1);
	}
	return n;
}

/* The longest first: each is made of the next shorter one as it was. */
static void
extend_fits(struct loss *l, uint32_t n)
{
	while (n-- > 0) {
		uint32_t k = (uint32_t)(l->found[n] >> 32);
		uint32_t at = (uint32_t)l->found[n];

		l->fit[k].items =
		    cons(l->item[at], k ? l->fit[k - 1].items : 0);
		l->fit[k].at = at;
		if (k == l->fits)
			l->fits++;
	}
}

static void
loss_open(struct loss *l, noun hev, uint32_t n)
{
	uint32_t size = 4;

	while (size < 2 * n)
		size *= 2;
	l->n = n;
	l->mask = size - 1;
	l->item = scratch_push((size_t)n * sizeof *l->item);
	l->mugs = scratch_push((size_t)n * sizeof *l->mugs);
	l->again = scratch_push((size_t)n * sizeof *l->again);
	l->heads = scratch_push_zero((size_t)size * sizeof *l->heads);
	l->fit = scratch_push((size_t)(n + 1) * sizeof *l->fit);
	l->found = scratch_push((size_t)(n + 1) * sizeof *l->found);
	l->fits = 0;
	for (uint32_t i = 0; i < n; i++, hev = tail(hev))
		l->item[i] = head(hev);
	index_items(l);
}

noun
jet_loss(noun sample, noun context)
{
	noun hel, hev, common = 0;
	char *mark = scratch_top();
	uint64_t n, m;
	struct loss l;

	(void)context;
	if (!uncons(sample, &hel, &hev) || !list_length(hel, &m) ||
	    !list_length(hev, &n))
		jet_crash();
	if (n > INT32_MAX / 2)
		return JET_PASS;
	loss_open(&l, hev, (uint32_t)n);
	for (; hel != 0; hel = tail(hel))
		extend_fits(&l, find_fits(&l, first_place(&l, head(hel))));
	if (l.fits > 0)
		common = list_flop(l.fit[l.fits - 1].items);
	scratch_cut(mark);
	return common;
}
