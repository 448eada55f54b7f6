/*
 * aes.c -- see aes.h.  Eight blocks are in flight where they do not depend
 * on each other: counters, and chains taken apart.
 */
#include "aes.h"

#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#define NATIVE __attribute__((target("aes,sse4.1")))
#endif

enum { WIDE = 8 };

static inline void
mix(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = a[i] ^ b[i];
}

/* counter + 1, of 128 bits */
static inline void
increment(uint64_t counter[2])
{
	counter[1] += ++counter[0] == 0;
}

static inline void
counter_put(uint8_t *out, const uint64_t counter[2])
{
	uint64_t high = __builtin_bswap64(counter[1]);
	uint64_t low = __builtin_bswap64(counter[0]);

	memcpy(out, &high, 8);
	memcpy(out + 8, &low, 8);
}

static inline void
counter_get(uint64_t counter[2], const uint8_t *in)
{
	memcpy(&counter[1], in, 8);
	memcpy(&counter[0], in + 8, 8);
	counter[1] = __builtin_bswap64(counter[1]);
	counter[0] = __builtin_bswap64(counter[0]);
}

/* -------- by the processor -------- */

#ifdef __x86_64__

static bool
is_native(void)
{
	return __builtin_cpu_supports("aes") &&
	    __builtin_cpu_supports("sse4.1");
}

/*
 * The key schedule.  The instruction's own round constant has to be one in
 * the code, so it does the substitution alone.
 */
NATIVE static void
native_key(struct aes *k, const uint8_t *key, size_t bytes)
{
	unsigned nk = bytes / 4, constant = 1;
	uint32_t w[4 * (AES_ROUNDS_MAX + 1)];

	k->rounds = nk + 6;
	memcpy(w, key, bytes);
	for (unsigned i = nk; i < 4 * (k->rounds + 1); i++) {
		uint32_t t = w[i - 1];

		if (i % nk == 0 || (nk > 6 && i % nk == 4))
			t = _mm_cvtsi128_si32(_mm_aeskeygenassist_si128(
			    _mm_set_epi32(0, 0, (int)t, 0), 0));
		if (i % nk == 0) {
			t = (t >> 8 | t << 24) ^ constant;
			constant = constant << 1 ^ (constant >> 7) * 0x11b;
		}
		w[i] = w[i - nk] ^ t;
	}
	memcpy(k->round, w, (k->rounds + 1) * AES_BLOCK);
}

/* For decryption: the rounds backwards, columns mixed back in all but two. */
NATIVE static void
native_invert(struct aes *k)
{
	__m128i r[AES_ROUNDS_MAX + 1];

	memcpy(r, k->round, sizeof r);
	for (unsigned i = 0; i <= k->rounds; i++) {
		__m128i x = r[k->rounds - i];

		if (i > 0 && i < k->rounds)
			x = _mm_aesimc_si128(x);
		memcpy(k->round[i], &x, AES_BLOCK);
	}
}

NATIVE static inline __m128i
round_key(const struct aes *k, unsigned i)
{
	return _mm_loadu_si128((const __m128i *)k->round[i]);
}

/* n blocks, a constant: they have to be in registers, so all is unrolled. */
NATIVE static inline __attribute__((always_inline)) void
native_encrypt(const struct aes *k, __m128i *x, unsigned n)
{
#pragma GCC unroll 8
	for (unsigned j = 0; j < n; j++)
		x[j] = _mm_xor_si128(x[j], round_key(k, 0));
	for (unsigned i = 1; i < k->rounds; i++)
#pragma GCC unroll 8
		for (unsigned j = 0; j < n; j++)
			x[j] = _mm_aesenc_si128(x[j], round_key(k, i));
#pragma GCC unroll 8
	for (unsigned j = 0; j < n; j++)
		x[j] = _mm_aesenclast_si128(x[j], round_key(k, k->rounds));
}

NATIVE static inline __attribute__((always_inline)) void
native_decrypt(const struct aes *k, __m128i *x, unsigned n)
{
#pragma GCC unroll 8
	for (unsigned j = 0; j < n; j++)
		x[j] = _mm_xor_si128(x[j], round_key(k, 0));
	for (unsigned i = 1; i < k->rounds; i++)
#pragma GCC unroll 8
		for (unsigned j = 0; j < n; j++)
			x[j] = _mm_aesdec_si128(x[j], round_key(k, i));
#pragma GCC unroll 8
	for (unsigned j = 0; j < n; j++)
		x[j] = _mm_aesdeclast_si128(x[j], round_key(k, k->rounds));
}

NATIVE static void
native_one(const struct aes *k, const uint8_t *in, uint8_t *out, bool encrypt)
{
	__m128i x = _mm_loadu_si128((const __m128i *)in);

	if (encrypt)
		native_encrypt(k, &x, 1);
	else
		native_decrypt(k, &x, 1);
	_mm_storeu_si128((__m128i *)out, x);
}

/* The chain; what comes of each block is kept unless out is NULL. */
NATIVE static void
native_chain(
    const struct aes *k, uint8_t *iv, const uint8_t *in, uint8_t *out, size_t n)
{
	__m128i x = _mm_loadu_si128((const __m128i *)iv);

	for (size_t i = 0; i < n; i++) {
		x = _mm_xor_si128(x, _mm_loadu_si128((const __m128i *)in + i));
		native_encrypt(k, &x, 1);
		if (out != NULL)
			_mm_storeu_si128((__m128i *)out + i, x);
	}
	_mm_storeu_si128((__m128i *)iv, x);
}

/* Whole groups of blocks of a chain taken apart; how many blocks. */
NATIVE static size_t
native_unchain(
    const struct aes *k, uint8_t *iv, const uint8_t *in, uint8_t *out, size_t n)
{
	__m128i x[WIDE], c[WIDE], before = _mm_loadu_si128((const __m128i *)iv);
	size_t i = 0;

	for (; n - i >= WIDE; i += WIDE) {
#pragma GCC unroll 8
		for (unsigned j = 0; j < WIDE; j++)
			x[j] = c[j] =
			    _mm_loadu_si128((const __m128i *)in + i + j);
		native_decrypt(k, x, WIDE);
#pragma GCC unroll 8
		for (unsigned j = 0; j < WIDE; j++) {
			x[j] = _mm_xor_si128(x[j], before);
			_mm_storeu_si128((__m128i *)out + i + j, x[j]);
			before = c[j];
		}
	}
	_mm_storeu_si128((__m128i *)iv, before);
	return i;
}

/* Whole groups of blocks of a counter stream; how many bytes. */
NATIVE static size_t
native_ctr(const struct aes *k, uint64_t counter[2], const uint8_t *in,
    uint8_t *out, size_t n)
{
	size_t i = 0;

	for (; n - i >= WIDE * AES_BLOCK; i += WIDE * AES_BLOCK) {
		const __m128i *from = (const __m128i *)(in + i);
		__m128i x[WIDE];

#pragma GCC unroll 8
		for (unsigned j = 0; j < WIDE; j++) {
			counter_put((uint8_t *)&x[j], counter);
			increment(counter);
		}
		native_encrypt(k, x, WIDE);
#pragma GCC unroll 8
		for (unsigned j = 0; j < WIDE; j++)
			_mm_storeu_si128((__m128i *)(out + i) + j,
			    _mm_xor_si128(x[j], _mm_loadu_si128(from + j)));
	}
	return i;
}

#else

static bool
is_native(void)
{
	return false;
}
#define native_key(k, key, bytes) ((void)0)
#define native_invert(k) ((void)0)
#define native_one(k, in, out, encrypt) ((void)0)
#define native_chain(k, iv, in, out, n) ((void)0)
#define native_unchain(k, iv, in, out, n) ((size_t)0)
#define native_ctr(k, counter, in, out, n) ((size_t)0)

#endif

/* -------- keys and blocks -------- */

void
aes_encrypt_key(struct aes *k, const uint8_t *key, size_t bytes)
{
	k->rounds = 0;
	if (is_native())
		native_key(k, key, bytes);
	else
		AES_set_encrypt_key(key, bytes * 8, &k->soft);
}

void
aes_decrypt_key(struct aes *k, const uint8_t *key, size_t bytes)
{
	k->rounds = 0;
	if (is_native()) {
		native_key(k, key, bytes);
		native_invert(k);
	} else {
		AES_set_decrypt_key(key, bytes * 8, &k->soft);
	}
}

void
aes_encrypt(const struct aes *k, const uint8_t in[16], uint8_t out[16])
{
	if (k->rounds > 0)
		native_one(k, in, out, true);
	else
		AES_encrypt(in, out, &k->soft);
}

void
aes_decrypt(const struct aes *k, const uint8_t in[16], uint8_t out[16])
{
	if (k->rounds > 0)
		native_one(k, in, out, false);
	else
		AES_decrypt(in, out, &k->soft);
}

/* -------- chains -------- */

void
aes_cbc_encrypt(const struct aes *k, uint8_t iv[16], const uint8_t *in,
    uint8_t *out, size_t n)
{
	if (k->rounds > 0) {
		native_chain(k, iv, in, out, n);
		return;
	}
	for (size_t i = 0; i < n; i++, in += AES_BLOCK, out += AES_BLOCK) {
		mix(iv, iv, in, AES_BLOCK);
		AES_encrypt(iv, iv, &k->soft);
		memcpy(out, iv, AES_BLOCK);
	}
}

void
aes_cbc_mac(const struct aes *k, uint8_t iv[16], const uint8_t *in, size_t n)
{
	if (k->rounds > 0) {
		native_chain(k, iv, in, NULL, n);
		return;
	}
	for (size_t i = 0; i < n; i++, in += AES_BLOCK) {
		mix(iv, iv, in, AES_BLOCK);
		AES_encrypt(iv, iv, &k->soft);
	}
}

void
aes_cbc_decrypt(const struct aes *k, uint8_t iv[16], const uint8_t *in,
    uint8_t *out, size_t n)
{
	size_t i = k->rounds > 0 ? native_unchain(k, iv, in, out, n) : 0;
	uint8_t c[AES_BLOCK], x[AES_BLOCK];

	for (; i < n; i++) {
		memcpy(c, in + i * AES_BLOCK, AES_BLOCK);
		aes_decrypt(k, c, x);
		mix(out + i * AES_BLOCK, x, iv, AES_BLOCK);
		memcpy(iv, c, AES_BLOCK);
	}
}

void
aes_ctr(const struct aes *k, const uint8_t counter[16], const uint8_t *in,
    uint8_t *out, size_t n)
{
	uint64_t c[2];
	size_t i;

	counter_get(c, counter);
	i = k->rounds > 0 ? native_ctr(k, c, in, out, n) : 0;
	for (; i < n; i += AES_BLOCK) {
		uint8_t x[AES_BLOCK];

		counter_put(x, c);
		increment(c);
		aes_encrypt(k, x, x);
		mix(out + i, in + i, x, n - i < AES_BLOCK ? n - i : AES_BLOCK);
	}
}
