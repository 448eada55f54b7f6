/*
 * keccak.c -- Keccak in its first form, which Ethereum uses: the padding is
 * 0x01, not SHA-3's 0x06.
 *
 * The input is an octs in an atom's own order, the first byte lowest; the
 * output is a number that begins with the hash's first byte.
 */
#include "jet.h"

#include "bytes.h"

enum { LANES = 25, ROUNDS = 24 };

static inline uint64_t
rol(uint64_t x, unsigned n)
{
	return x << n | x >> (-n & 63);
}

/*
 * One round from a to b, lane [x, y] at x + 5y.  The lines are those of the
 * standard; rho and pi are one step here: row y of what chi reads is made of
 * five lanes on a diagonal, turned.
 */
static inline __attribute__((always_inline)) void
keccak_round(const uint64_t *a, uint64_t *b, uint64_t constant)
{
	uint64_t c[5], d[5];

#define THETA(x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]
#define ROW(y, r0, l0, r1, l1, r2, l2, r3, l3, r4, l4)    \
	do {                                              \
		uint64_t e0 = rol(a[l0] ^ d[l0 % 5], r0), \
		         e1 = rol(a[l1] ^ d[l1 % 5], r1); \
		uint64_t e2 = rol(a[l2] ^ d[l2 % 5], r2), \
		         e3 = rol(a[l3] ^ d[l3 % 5], r3); \
		uint64_t e4 = rol(a[l4] ^ d[l4 % 5], r4); \
		b[5 * y] = e0 ^ (~e1 & e2);               \
		b[5 * y + 1] = e1 ^ (~e2 & e3);           \
		b[5 * y + 2] = e2 ^ (~e3 & e4);           \
		b[5 * y + 3] = e3 ^ (~e4 & e0);           \
		b[5 * y + 4] = e4 ^ (~e0 & e1);           \
	} while (0)
	THETA(0), THETA(1), THETA(2), THETA(3), THETA(4);
	d[0] = c[4] ^ rol(c[1], 1);
	d[1] = c[0] ^ rol(c[2], 1);
	d[2] = c[1] ^ rol(c[3], 1);
	d[3] = c[2] ^ rol(c[4], 1);
	d[4] = c[3] ^ rol(c[0], 1);
	ROW(0, 0, 0, 44, 6, 43, 12, 21, 18, 14, 24);
	b[0] ^= constant;
	ROW(1, 28, 3, 20, 9, 3, 10, 45, 16, 61, 22);
	ROW(2, 1, 1, 6, 7, 25, 13, 8, 19, 18, 20);
	ROW(3, 27, 4, 36, 5, 10, 11, 15, 17, 56, 23);
	ROW(4, 62, 2, 55, 8, 39, 14, 41, 15, 2, 21);
#undef ROW
#undef THETA
}

static void
keccak_permute(uint64_t s[LANES])
{
	static const uint64_t constant[ROUNDS] = {0x1, 0x8082,
	    0x800000000000808a, 0x8000000080008000, 0x808b, 0x80000001,
	    0x8000000080008081, 0x8000000000008009, 0x8a, 0x88, 0x80008009,
	    0x8000000a, 0x8000808b, 0x800000000000008b, 0x8000000000008089,
	    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x800a,
	    0x800000008000000a, 0x8000000080008081, 0x8000000000008080,
	    0x80000001, 0x8000000080008008};
	uint64_t t[LANES];

	for (unsigned i = 0; i < ROUNDS; i += 2) {
		keccak_round(s, t, constant[i]);
		keccak_round(t, s, constant[i + 1]);
	}
}

static void
keccak_absorb(uint64_t s[LANES], const uint8_t *p, size_t rate)
{
	for (size_t i = 0; i < rate / 8; i++) {
		uint64_t lane;

		memcpy(&lane, p + 8 * i, 8);
		s[i] ^= lane;
	}
	keccak_permute(s);
}

/* The rate of a hash of so many bytes: what is left of 200 by the capacity. */
static void
keccak(const uint8_t *p, size_t n, uint8_t *out, size_t size)
{
	size_t rate = 200 - 2 * size;
	uint8_t last[200] = {0};
	uint64_t s[LANES] = {0};

	for (; n >= rate; p += rate, n -= rate)
		keccak_absorb(s, p, rate);
	memcpy(last, p, n);
	last[n] = 0x01;
	last[rate - 1] |= 0x80;
	keccak_absorb(s, last, rate);
	memcpy(out, s, size);
}

static noun
keccak_octs(noun octs, size_t size)
{
	char *top = scratch_top();
	uint8_t out[64];
	uint64_t room;
	size_t n;
	noun dat;

	if (!bytes_octs(octs, &n, &dat))
		return JET_PASS;
	keccak(bytes_view(dat, n, &room), n, out, size);
	scratch_cut(top);
	return bytes_atom_reversed(out, size);
}

noun
jet_keccak224(noun sample, noun context)
{
	(void)context;
	return keccak_octs(sample, 28);
}

noun
jet_keccak256(noun sample, noun context)
{
	(void)context;
	return keccak_octs(sample, 32);
}

noun
jet_keccak384(noun sample, noun context)
{
	(void)context;
	return keccak_octs(sample, 48);
}

noun
jet_keccak512(noun sample, noun context)
{
	(void)context;
	return keccak_octs(sample, 64);
}
