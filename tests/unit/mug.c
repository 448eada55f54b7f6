#include "test.h"

#include "atom.h"
#include "gen.h"
#include "heap.h"
#include "mug.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
}

/* -------- the definition, byte by byte -------- */

static uint32_t
rotated(uint32_t v, unsigned by)
{
	for (; by > 0; by--)
		v = (v & 0x7fffffff) * 2 + (v >> 31);
	return v;
}

static uint32_t
murmur3(const uint8_t *p, size_t n, uint32_t h)
{
	for (size_t i = 0; i < n; i += 4) {
		uint32_t k = 0;

		for (size_t j = 0; j < 4 && i + j < n; j++)
			k += (uint32_t)p[i + j] << 8 * j;
		h ^= rotated(k * 0xcc9e2d51, 15) * 0x1b873593;
		if (i + 4 <= n)
			h = rotated(h, 13) * 5 + 0xe6546b64;
	}
	h ^= (uint32_t)n;
	h = (h ^ h >> 16) * 0x85ebca6b;
	h = (h ^ h >> 13) * 0xc2b2ae35;
	return h ^ h >> 16;
}

/* The first of eight seeds whose hash does not fold to zero. */
static uint32_t
folded(const uint8_t *p, size_t n, uint32_t seed, uint32_t last)
{
	for (unsigned i = 0; i < 8; i++) {
		uint32_t h = murmur3(p, n, seed + i);

		h = (h & 0x7fffffff) ^ h >> 31;
		if (h != 0)
			return h;
	}
	return last;
}

static uint32_t
plain_atom(const uint8_t *p, size_t n)
{
	while (n > 0 && p[n - 1] == 0)
		n--;
	return folded(p, n, 0xcafebabe, 0x7fff);
}

static uint32_t
plain_both(uint32_t head, uint32_t tail)
{
	uint8_t b[8];
	size_t n = 8;

	for (unsigned i = 0; i < 4; i++) {
		b[i] = (uint8_t)(head >> 8 * i);
		b[4 + i] = (uint8_t)(tail >> 8 * i);
	}
	while (n > 4 && b[n - 1] == 0)
		n--;
	return folded(b, n, 0xdeadbeef, 0xfffe);
}

static uint32_t
plain(noun n)
{
	uint64_t room;
	const uint8_t *p;

	if (is_cell(n))
		return plain_both(plain(head(n)), plain(tail(n)));
	p = atom_view(n, &room);
	return plain_atom(p, atom_bytes(n));
}

/* -------- vectors -------- */

static noun
cell_of(uint64_t h, uint64_t t)
{
	return cons(direct(h), direct(t));
}

static noun
words(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	return atom_from_bytes((uint32_t[]){a, b, c, d}, 16);
}

TEST("mug: the field's vectors")
{
	uint64_t shifted[5] = {0};
	uint8_t *p = (uint8_t *)shifted;

	CHECK_EQ(mug(atom_cord("Hello, world!")), 0x4d441035);
	CHECK_EQ(mug(0), 0x79ff04e8);
	CHECK_EQ(mug(direct(1)), 0x715c2a60);
	CHECK_EQ(mug(direct(2)), 0x718b9468);
	CHECK_EQ(mug_both(0x715c2a60, mug(cell_of(2, 3))), 0x3a811aec);
	CHECK_EQ(mug(cell_of(0, 0)), 0x192f5588);
	CHECK_EQ(mug(cell_of(1, 1)), 0x6b32ec46);
	CHECK_EQ(mug(cell_of(2, 2)), 0x2effe10);
	CHECK_EQ(mug(atom_cord("xxxxxxxxxxxxxxxxxxxxxxxxxxxx")), 0x64dfda5c);
	CHECK_EQ(mug(cell_of(0, UINT64_C(1) << 32)), 0x7cefb7f);
	CHECK_EQ(mug(cons(words(-1u, -1u, -1u, -1u), direct(1))), 0x2aa06bfc);
	CHECK_EQ(mug(words(0, 0, 0, 1)), 0x519bd45c);
	CHECK_EQ(mug(words(0, 1, 0, 1)), 0x540eb8a9);
	CHECK_EQ(mug(words(1, 1, 0, 1)), 0x319d28f9);
	CHECK_EQ(mug(words(0, 0, 0, 0xffff)), 0x5230a260);
	memcpy(p + 1, "abcdefjhijklmnopqrstuvwxyz", 26);
	p[1 + 212 / 8] ^= 1 << 212 % 8;
	CHECK_EQ(mug(atom_from_limbs(shifted, 5)), 0x34d08717);
}

/* -------- against the definition -------- */

TEST("mug: atoms of every length up to 40 bytes")
{
	for (size_t n = 0; n <= 40; n++)
		for (unsigned i = 0; i < 400; i++) {
			uint8_t b[40] = {0};

			for (size_t k = 0; k < n; k++)
				b[k] = (uint8_t)(gen_word() >> gen_below(9));
			CHECK_EQ(mug(atom_from_bytes(b, n)), plain_atom(b, n));
		}
	for (size_t bits = 0; bits < 300; bits++) {
		noun a = gen_bits(bits);

		CHECK_EQ(mug(a), plain(a));
	}
}

TEST("mug: a large atom, and one with many zero bytes inside")
{
	noun a = gen_bits(5000001), b;
	uint64_t limbs[1000] = {1, [999] = 1};

	CHECK_EQ(mug(a), plain(a));
	b = atom_from_limbs(limbs, 1000);
	CHECK_EQ(mug(b), plain(b));
}

TEST("mug: cells whose tail's mug is short")
{
	static const uint32_t some[] = {
	    1, 0xff, 0x100, 0xffff, 0x10000, 0xffffff, 0x1000000, 0x7fffffff};

	for (size_t i = 0; i < 8; i++)
		for (size_t j = 0; j < 8; j++)
			CHECK_EQ(mug_both(some[i], some[j]),
			    plain_both(some[i], some[j]));
	for (unsigned i = 0; i < 300000; i++) {
		uint32_t h = (uint32_t)gen_word() >> (1 + gen_below(31));
		uint32_t t = (uint32_t)gen_word() >> (1 + gen_below(31));

		CHECK_EQ(mug_both(h, t), plain_both(h, t));
	}
}

TEST("mug: nouns of every shape")
{
	for (unsigned i = 0; i < 300; i++) {
		noun n = gen_small(gen_below(12));

		CHECK_EQ(mug(n), plain(n));
		CHECK_EQ(mug_known(n), mug(n));
		CHECK_EQ(mug(gen_twin(n)), mug(n));
	}
}

/* -------- a hash of zero -------- */

static uint32_t
turned_back(uint32_t h, uint32_t xor, unsigned shift)
{
	for (unsigned i = 0; i < 32; i += shift)
		h = xor^h >> shift;
	return h;
}

/* The odd number whose product with v is 1. */
static uint32_t
inverse(uint32_t v)
{
	uint32_t r = v;

	for (unsigned i = 0; i < 5; i++)
		r *= 2 - r * v;
	return r;
}

/* The one word of four bytes that hashes to `want` before the fold. */
static uint32_t
word_of_hash(uint32_t want, uint32_t seed)
{
	uint32_t h = turned_back(want, want, 16);

	h *= inverse(0xc2b2ae35);
	h = turned_back(h, h, 13) * inverse(0x85ebca6b);
	h = turned_back(h, h, 16) ^ 4;
	h = (h - 0xe6546b64) * inverse(5);
	h = rotated(h, 32 - 13) ^ seed;
	return rotated(h * inverse(0x1b873593), 32 - 15) * inverse(0xcc9e2d51);
}

TEST("mug: where the hash folds to zero the next seed is used")
{
	uint32_t zero = word_of_hash(0, 0xcafebabe);
	uint32_t ones = word_of_hash(0x80000001, 0xcafebabe);

	CHECK_EQ(murmur3((uint8_t *)&zero, 4, 0xcafebabe), 0);
	CHECK_EQ(murmur3((uint8_t *)&ones, 4, 0xcafebabe), 0x80000001);
	REQUIRE(zero >> 24 != 0 && ones >> 24 != 0);
	CHECK_EQ(mug(direct(zero)), plain_atom((uint8_t *)&zero, 4));
	CHECK_EQ(mug(direct(ones)), plain_atom((uint8_t *)&ones, 4));
	CHECK(mug(direct(zero)) != 0 && mug(direct(ones)) != 0);
	CHECK_EQ(mug_bytes(&zero, 4), mug(direct(zero)));
}

/* -------- size -------- */

enum { MANY = 1000000 };

TEST("mug: deep heads, long tails and shared parts take no C stack")
{
	noun left = direct(1), right = direct(1), twice = direct(1);
	uint32_t l = mug(left), r = l, t = l, one = l;

	for (size_t i = 0; i < MANY; i++) {
		left = cons(left, direct(1));
		right = cons(direct(1), right);
		twice = cons(twice, twice);
		l = plain_both(l, one);
		r = plain_both(one, r);
		t = plain_both(t, t);
	}
	CHECK_EQ(mug(left), l);
	CHECK_EQ(mug(right), r);
	CHECK_EQ(mug(twice), t);
	CHECK(scratch_top() == heap.region[SCRATCH].base);
}
