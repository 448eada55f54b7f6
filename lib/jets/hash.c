/*
 * hash.c -- SHA-1, SHA-256, SHA-512, RIPEMD-160, BLAKE2b, HMAC, and the
 * random bits that Hoon makes of SHA-256.
 *
 * Hoon's own arms (shax and its kin) take an atom's bytes in their order;
 * those that are named after a standard (sha-1l, ripemd-160, blake2b) take
 * and give numbers that are written as the standard prints bytes, so that
 * the first byte is the most significant.
 */
#include "jet.h"

#include "blake2b.h"
#include "bytes.h"
#include "sha.h"

#include <openssl/ripemd.h>

/* -------- SHA-2 -------- */

static void
sha512(const void *p, size_t n, uint8_t out[64])
{
	SHA512_CTX c;

	SHA512_Init(&c);
	SHA512_Update(&c, p, n);
	SHA512_Final(out, &c);
}

noun
jet_shax(noun sample, noun context)
{
	uint64_t room;
	uint8_t out[32];

	(void)context;
	if (!is_atom(sample))
		return JET_PASS;
	sha256(atom_view(sample, &room), atom_bytes(sample), out);
	return atom_from_bytes(out, sizeof out);
}

/* The hash by f of [len ruz]. */
static noun
hash_octs(noun octs, void (*f)(const void *, size_t, uint8_t *), size_t size)
{
	char *top = scratch_top();
	uint8_t out[64];
	uint64_t room;
	size_t n;
	noun dat;

	if (!bytes_octs(octs, &n, &dat))
		return JET_PASS;
	f(bytes_view(dat, n, &room), n, out);
	scratch_cut(top);
	return atom_from_bytes(out, size);
}

noun
jet_shay(noun sample, noun context)
{
	(void)context;
	return hash_octs(sample, sha256, 32);
}

noun
jet_shal(noun sample, noun context)
{
	(void)context;
	return hash_octs(sample, sha512, 64);
}

/*
 * The salted hash.  A quirk: up to some kelvin the Hoon hashes only the
 * significant bytes of salt and first hash mixed, so one in 256 salted
 * hashes is another than this; but ships have always run this one, and
 * their logs replay to it, and so the later Hoon is changed to agree.
 */
static void
salt(const uint8_t *sal, size_t width, uint8_t mid[32], uint8_t out[32])
{
	char *top = scratch_top();
	uint8_t *p = mid;

	if (width > 32) {
		p = (uint8_t *)scratch_push(width);
		memcpy(p, sal, width);
		for (size_t i = 0; i < 32; i++)
			p[i] ^= mid[i];
	} else {
		for (size_t i = 0; i < width; i++)
			p[i] ^= sal[i];
	}
	sha256(p, width > 32 ? width : 32, out);
	scratch_cut(top);
}

noun
jet_shas(noun sample, noun context)
{
	uint8_t mid[32], out[32];
	uint64_t room;
	noun sal, ruz;

	(void)context;
	if (!uncons(sample, &sal, &ruz) || !is_atom(sal) || !is_atom(ruz))
		return JET_PASS;
	sha256(atom_view(ruz, &room), atom_bytes(ruz), mid);
	salt(atom_view(sal, &room), atom_bytes(sal), mid, out);
	return atom_from_bytes(out, sizeof out);
}

/* -------- random bits -------- */

/* (shas sal ruz), of the n bytes of ruz that are significant. */
static void
og_shas(const char *sal, const uint8_t *ruz, size_t n, uint8_t out[32])
{
	uint8_t mid[32];

	while (n > 0 && ruz[n - 1] == 0)
		n--;
	sha256(ruz, n, mid);
	salt((const uint8_t *)sal, 4, mid, out);
}

/* (mix b (mix a c)) into x, of n bytes. */
static void
og_mix(uint8_t *x, size_t n, noun a, uint64_t b, const uint8_t c[32])
{
	uint64_t low;

	bytes_get(a, x, n);
	memcpy(&low, x, 8);
	low ^= b;
	memcpy(x, &low, 8);
	for (size_t i = 0; i < 32; i++)
		x[i] ^= c[i];
}

/* b random bits from the seed a, 256 at a time, the first ones lowest. */
static noun
og_bits(noun a, uint64_t b)
{
	static const uint8_t zero[32];
	char *top = scratch_top();
	size_t width = atom_bytes(a) > 32 ? atom_bytes(a) : 32;
	size_t size = b / 8 + (b % 8 != 0), at = 0;
	uint8_t *x = (uint8_t *)scratch_push(width);
	uint8_t *out = (uint8_t *)scratch_push(size), c[32];
	noun product;

	og_mix(x, width, a, b, zero);
	og_shas("og-a", x, width, c);
	for (uint64_t left = b; left > 0; left -= left < 256 ? left : 256) {
		og_mix(x, width, a, left, c);
		og_shas("og-b", x, width, c);
		memcpy(out + at, c, size - at < 32 ? size - at : 32);
		at += 32;
	}
	if (b % 8 != 0)
		out[size - 1] &= (1 << b % 8) - 1;
	product = atom_from_bytes(out, size);
	scratch_cut(top);
	return product;
}

noun
jet_og_raw(noun sample, noun context)
{
	noun seed;

	if (!jet_door(context, &seed) || !is_atom(seed) || !is_direct(sample) ||
	    direct_value(sample) > BYTES_MAX)
		return JET_PASS;
	return og_bits(seed, direct_value(sample));
}

/* -------- SHA-1 and RIPEMD-160 -------- */

/*
 * The Hoon turns five words round by taking the number apart, which leaves
 * leading zeros out: last words that are zero are lost.
 */
noun
jet_sha1(noun sample, noun context)
{
	static const uint8_t zero[4];
	char *top = scratch_top();
	uint8_t out[20];
	size_t n, size = sizeof out;
	SHA_CTX c;
	noun dat;

	(void)context;
	if (!bytes_octs(sample, &n, &dat))
		return JET_PASS;
	SHA1_Init(&c);
	SHA1_Update(&c, bytes_push_reversed(dat, n), n);
	SHA1_Final(out, &c);
	scratch_cut(top);
	while (size > 0 && memcmp(out + size - 4, zero, 4) == 0)
		size -= 4;
	return bytes_atom_reversed(out, size);
}

noun
jet_ripemd160(noun sample, noun context)
{
	char *top = scratch_top();
	RIPEMD160_CTX c;
	uint8_t out[20];
	size_t n;
	noun dat;

	(void)context;
	if (!bytes_octs(sample, &n, &dat))
		return JET_PASS;
	RIPEMD160_Init(&c);
	RIPEMD160_Update(&c, bytes_push_reversed(dat, n), n);
	RIPEMD160_Final(out, &c);
	scratch_cut(top);
	return bytes_atom_reversed(out, sizeof out);
}

/* -------- BLAKE2b -------- */

/* The Hoon brings the lengths into bounds: a key of 0..64, 1..64 of output. */
noun
jet_blake2b(noun sample, noun context)
{
	char *top = scratch_top();
	noun msg, key, size, dat, secret;
	size_t n, k, out_n;
	struct blake2b b;
	uint8_t out[64];

	(void)context;
	if (!uncons3(sample, &msg, &key, &size) || !bytes_octs(msg, &n, &dat) ||
	    !bytes_octs(key, &k, &secret) || !bytes_width(size, &out_n))
		return JET_PASS;
	k = k < 64 ? k : 64;
	out_n = out_n < 1 ? 1 : out_n < 64 ? out_n : 64;
	blake2b_init(&b, out_n, bytes_push_reversed(secret, k), k);
	blake2b_put(&b, bytes_push_reversed(dat, n), n);
	blake2b_end(&b, out);
	scratch_cut(top);
	return bytes_atom_reversed(out, out_n);
}

/* -------- HMAC -------- */

/*
 * (haj [more + boq] msg): msg is n bytes, under the block of the key mixed
 * with a pad.  The gate may be any gate, so it is called.  False if it does
 * not give an atom of at most `limit` bytes; then the Hoon shall see.
 */
static bool
hmac_call(noun haj, uint8_t pad, const uint8_t *key, size_t boq, noun msg,
    size_t n, size_t limit, noun *product)
{
	char *top = scratch_top();
	uint8_t *p = (uint8_t *)scratch_push(n + boq);
	noun whole;

	bytes_get(msg, p, n);
	for (size_t i = 0; i < boq; i++)
		p[n + i] = key[i] ^ pad;
	whole = atom_from_bytes(p, n + boq);
	scratch_cut(top);
	*product = nock_slam(haj, cons(direct(n + boq), whole));
	return is_atom(*product) && atom_bytes(*product) <= limit;
}

/*
 * The hash: a key that is longer than a block is hashed, a shorter one fills
 * the block from the top.
 */
static noun
hmac(noun haj, size_t boq, size_t out, noun key, size_t wik, noun msg, size_t n)
{
	noun *mine = stack_top(), product;
	uint8_t *block = (uint8_t *)scratch_push_zero(boq);

	stack_push(haj);
	stack_push(msg);
	if (wik > boq) {
		char *top = scratch_top();

		key = cons(
		    direct(wik), atom_from_bytes(bytes_push(key, wik), wik));
		scratch_cut(top);
		key = nock_slam(haj, key);
		wik = out;
		if (wik > boq || !is_atom(key) || atom_bytes(key) > wik)
			return JET_PASS;
	}
	bytes_get(key, block + boq - wik, wik);
	if (!hmac_call(mine[0], 0x36, block, boq, mine[1], n, out, &product) ||
	    !hmac_call(
	        mine[0], 0x5c, block, boq, product, out, SIZE_MAX, &product))
		return JET_PASS;
	return product;
}

/* The sample is [[haj boq out] key msg]. */
noun
jet_hmac(noun sample, noun context)
{
	noun *stack = stack_top();
	char *top = scratch_top();
	noun how, key, msg, haj, block, size, product;
	size_t boq, out, wik, n;

	(void)context;
	if (jet_deep() || !uncons3(sample, &how, &key, &msg) ||
	    !uncons3(how, &haj, &block, &size) || !bytes_width(block, &boq) ||
	    !bytes_width(size, &out) || !bytes_octs(key, &wik, &key) ||
	    !bytes_octs(msg, &n, &msg))
		return JET_PASS;
	product = hmac(haj, boq, out, key, wik, msg, n);
	stack_cut(stack);
	scratch_cut(top);
	return product;
}
