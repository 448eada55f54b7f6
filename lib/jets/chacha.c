/*
 * chacha.c -- ChaCha with any even number of rounds, in its first form: a
 * counter and a nonce of 64 bits each.  And XChaCha's key.
 *
 * Key, counter and nonce that are too long are cut; an octs that is shorter
 * than its width is filled with zeros, which are then encrypted, and one
 * that is longer is cut.  An odd number of rounds crashes in the Hoon.
 */
#include "jet.h"

#include "bytes.h"

enum { BLOCK = 64, LANES = 8, ROUNDS_MAX = 1 << 10 };

/* One word of each of eight blocks, which differ in their counters. */
typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));

#define INLINE static inline __attribute__((always_inline))

#define ROL(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define QUARTER(a, b, c, d)                  \
	do {                                 \
		s[a] += s[b];                \
		s[d] = ROL(s[d] ^ s[a], 16); \
		s[c] += s[d];                \
		s[b] = ROL(s[b] ^ s[c], 12); \
		s[a] += s[b];                \
		s[d] = ROL(s[d] ^ s[a], 8);  \
		s[c] += s[d];                \
		s[b] = ROL(s[b] ^ s[c], 7);  \
	} while (0)
#define TWO_ROUNDS()                   \
	do {                           \
		QUARTER(0, 4, 8, 12);  \
		QUARTER(1, 5, 9, 13);  \
		QUARTER(2, 6, 10, 14); \
		QUARTER(3, 7, 11, 15); \
		QUARTER(0, 5, 10, 15); \
		QUARTER(1, 6, 11, 12); \
		QUARTER(2, 7, 8, 13);  \
		QUARTER(3, 4, 9, 14);  \
	} while (0)

/* -------- blocks -------- */

static void
rounds_on(uint32_t s[16], unsigned rounds)
{
	for (; rounds > 0; rounds -= 2)
		TWO_ROUNDS();
}

/* One block of the stream, or n bytes of it, mixed into p. */
static void
one_block(const uint32_t state[16], unsigned rounds, uint8_t *p, size_t n)
{
	uint32_t s[16];
	uint8_t b[BLOCK];

	memcpy(s, state, sizeof s);
	rounds_on(s, rounds);
	for (unsigned i = 0; i < 16; i++)
		s[i] += state[i];
	memcpy(b, s, sizeof b);
	for (size_t i = 0; i < n; i++)
		p[i] ^= b[i];
}

INLINE void
eight_blocks(const uint32_t state[16], unsigned rounds, uint8_t *p)
{
	uint64_t counter = state[12] | (uint64_t)state[13] << 32;
	lanes s[16], t[16];

	for (unsigned i = 0; i < 16; i++)
		t[i] = (lanes){0} + state[i];
	for (unsigned i = 0; i < LANES; i++) {
		t[12][i] = (uint32_t)(counter + i);
		t[13][i] = (counter + i) >> 32;
	}
	for (unsigned i = 0; i < 16; i++)
		s[i] = t[i];
	for (; rounds > 0; rounds -= 2)
		TWO_ROUNDS();
	for (unsigned i = 0; i < 16; i++)
		t[i] += s[i];
	for (unsigned lane = 0; lane < LANES; lane++)
		for (unsigned i = 0; i < 16; i++, p += 4) {
			uint32_t w;

			memcpy(&w, p, 4);
			w ^= t[i][lane];
			memcpy(p, &w, 4);
		}
}

static void
eight_plain(const uint32_t state[16], unsigned rounds, uint8_t *p)
{
	eight_blocks(state, rounds, p);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void
eight_avx2(const uint32_t state[16], unsigned rounds, uint8_t *p)
{
	eight_blocks(state, rounds, p);
}
#endif

static void
eight(const uint32_t state[16], unsigned rounds, uint8_t *p)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2")) {
		eight_avx2(state, rounds, p);
		return;
	}
#endif
	eight_plain(state, rounds, p);
}

/* -------- the stream -------- */

static void
state_init(uint32_t s[16], noun key, uint64_t counter, uint64_t nonce)
{
	memcpy(s, "expand 32-byte k", 16);
	bytes_get(key, s + 4, 32);
	memcpy(s + 12, &counter, 8);
	memcpy(s + 14, &nonce, 8);
}

static void
chacha(uint32_t s[16], unsigned rounds, uint8_t *p, size_t n)
{
	uint64_t counter;

	memcpy(&counter, s + 12, 8);
	while (n > 0) {
		size_t m = n < BLOCK ? n : BLOCK, blocks = 1;

		if (n >= LANES * BLOCK) {
			m = LANES * BLOCK;
			blocks = LANES;
			eight(s, rounds, p);
		} else {
			one_block(s, rounds, p, m);
		}
		counter += blocks;
		memcpy(s + 12, &counter, 8);
		p += m;
		n -= m;
	}
}

/* -------- the jets -------- */

static bool
rounds_get(noun n, unsigned *rounds)
{
	*rounds = direct_value(n);
	return is_direct(n) && direct_value(n) <= ROUNDS_MAX &&
	    *rounds % 2 == 0;
}

static uint64_t
word64(noun a)
{
	uint64_t v;

	bytes_get(a, &v, sizeof v);
	return v;
}

/* [rounds key nonce counter msg] to the octs, encrypted. */
noun
jet_chacha_crypt(noun sample, noun context)
{
	noun rounds, key, rest, nonce, counter, msg, dat;
	uint32_t s[16];
	unsigned r;
	uint8_t *p;
	size_t n;

	(void)context;
	if (!uncons3(sample, &rounds, &key, &rest) ||
	    !uncons3(rest, &nonce, &counter, &msg) || !rounds_get(rounds, &r) ||
	    !is_atom(key) || !is_atom(nonce) || !is_atom(counter) ||
	    !bytes_octs(msg, &n, &dat))
		return JET_PASS;
	p = bytes_begin(n);
	bytes_get(dat, p, n);
	state_init(s, key, word64(counter), word64(nonce));
	chacha(s, r, p, n);
	return cons(direct(n), bytes_end(n));
}

/*
 * [rounds key nonce] to a key and a nonce.  What is left of the nonce after
 * its first 128 bits is not cut.
 */
noun
jet_xchacha(noun sample, noun context)
{
	noun rounds, key, nonce, rest = 0;
	uint32_t s[16];
	uint64_t n[2], room;
	unsigned r;

	(void)context;
	if (!uncons3(sample, &rounds, &key, &nonce) ||
	    !rounds_get(rounds, &r) || !is_atom(key) || !is_atom(nonce))
		return JET_PASS;
	bytes_get(nonce, n, sizeof n);
	state_init(s, key, n[0], n[1]);
	rounds_on(s, r);
	memcpy(s + 4, s + 12, 16);
	if ((s[0] | s[1] | s[2] | s[3]) ==
	    0) /* the Hoon would not shift by them */
		return JET_PASS;
	if (atom_bytes(nonce) > 16)
		rest = atom_from_bytes(
		    atom_view(nonce, &room) + 16, atom_bytes(nonce) - 16);
	return cons(atom_from_bytes(s, 32), rest);
}
