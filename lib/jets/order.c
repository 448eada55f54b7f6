/*
 * order -- hashing by mug, and the orders made of it.
 */
#include "order.h"

#include <string.h>

#include "equal.h"
#include "jet.h"
#include "mug.h"

/* -------- orders -------- */

/*
 * For unequal a and b.  They are the same up to where their heads differ,
 * so from there on it is the heads that count.  On a long way down through
 * heads each is compared whole again; mugs make that a look at two words.
 */
static inline __attribute__((always_inline)) bool
depth_order(noun a, noun b, bool (*atoms)(noun, noun))
{
	enum { MANY = 4 };
	unsigned turns = 0;

	while (is_cell(a) && is_cell(b)) {
		if (a == b)
			return true;
		if (equal(head(a), head(b))) {
			a = tail(a);
			b = tail(b);
			continue;
		}
		a = head(a);
		b = head(b);
		if (++turns == MANY) {
			mug(a);
			mug(b);
		}
	}
	return is_cell(a) ? false : is_cell(b) || atoms(a, b);
}

static inline bool
at_most(noun a, noun b)
{
	return is_direct(a) && is_direct(b) ? a <= b : atom_compare(a, b) <= 0;
}

bool
order_dor(noun a, noun b)
{
	return a == b || depth_order(a, b, at_most);
}

bool
order_gor(noun a, noun b)
{
	uint32_t c, d;

	if (a == b)
		return true;
	c = mug(a);
	d = mug(b);
	return c == d ? order_dor(a, b) : c < d;
}

bool
order_mor(noun a, noun b)
{
	uint32_t c, d;

	if (a == b)
		return true;
	c = mug(direct(mug(a)));
	d = mug(direct(mug(b)));
	return c == d ? order_dor(a, b) : c < d;
}

/* By the lowest byte in which they differ, as of the text in them. */
static bool
text_order(noun a, noun b)
{
	struct limbs x, y;
	uint64_t v, w;
	unsigned s;

	if (a == b)
		return true;
	atom_limbs(a, &x);
	atom_limbs(b, &y);
	for (size_t i = 0; i < x.n || i < y.n; i++) {
		v = i < x.n ? x.p[i] : 0;
		w = i < y.n ? y.p[i] : 0;
		if (v == w)
			continue;
		s = (unsigned)__builtin_ctzll(v ^ w) & ~7u;
		return (v >> s & 0xff) < (w >> s & 0xff);
	}
	return true;
}

static bool
alphabetical(noun a, noun b)
{
	return a == b || depth_order(a, b, text_order);
}

/* The jet of a gate with a sample of two nouns. */
#define ORDER(name, function)                                         \
	noun jet_##name(noun sample, noun context)                    \
	{                                                             \
		(void)context;                                        \
		if (!is_cell(sample))                                 \
			return JET_PASS;                              \
		return loobean(function(head(sample), tail(sample))); \
	}

ORDER(dor, order_dor)
ORDER(gor, order_gor)
ORDER(mor, order_mor)
ORDER(aor, alphabetical)

/* -------- hashes -------- */

noun
jet_mug(noun sample, noun context)
{
	(void)context;
	return direct(mug(sample));
}

static inline uint32_t
rotate(uint32_t v, int by)
{
	return v << by | v >> (32 - by);
}

static inline uint32_t
scramble(uint32_t k)
{
	return rotate(k * 0xcc9e2d51u, 15) * 0x1b873593u;
}

/* MurmurHash3_x86_32 of `len` bytes: the n at p, and zeros behind them. */
static uint32_t
murmur(uint32_t seed, const uint8_t *p, size_t n, size_t len)
{
	uint32_t h = seed, k;
	size_t i, have;

	for (i = 0; i + 4 <= len; i += 4) {
		have = n - i < 4 ? n - i : 4;
		k = 0;
		memcpy(&k, p + i, have);
		h = rotate(h ^ scramble(k), 13) * 5 + 0xe6546b64u;
	}
	if (i < n) {
		k = 0;
		memcpy(&k, p + i, n - i);
		h ^= scramble(k);
	}
	h ^= (uint32_t)len;
	h = (h ^ h >> 16) * 0x85ebca6bu;
	h = (h ^ h >> 13) * 0xc2b2ae35u;
	return h ^ h >> 16;
}

/*
 * [seed length key].  Lengths for which the Hoon of some kelvins crashes and
 * that of others does not are left to it: one below the key's own, and one
 * that takes in words of four bytes which the key does not have.
 */
noun
jet_muk(noun sample, noun context)
{
	noun seed, length, key;
	uint64_t room, len;
	struct limbs l;
	size_t n;

	(void)context;
	if (!uncons3(sample, &seed, &length, &key) || !is_atom(seed) ||
	    !is_direct(length) || !is_atom(key))
		return JET_PASS;
	len = direct_value(length);
	n = atom_bytes(key);
	if (len > UINT32_MAX || len < n || len / 4 > (n + 3) / 4)
		return JET_PASS;
	atom_limbs(seed, &l);
	return direct(
	    murmur(l.n ? (uint32_t)l.p[0] : 0, atom_view(key, &room), n, len));
}
