/*
 * ed -- what the jets of ed25519 share: scalars, and keys.
 *
 * A scalar is four limbs.  May bail meme, never collects.
 */
#ifndef ED_H
#define ED_H

#include <string.h>

#include "bytes.h"
#include "jet.h"

#define OPENSSL_SUPPRESS_DEPRECATED
#include <gmp.h>
#include <openssl/sha.h>

/* A private key: a scalar, and what its nonces are made of. */
struct ed_secret {
	uint8_t scalar[32], nonce[32];
};

/* The order of the base point, 2^252 + 27742317777372353535851937790883648493;
 * and that of the whole group. */
static const uint64_t ED_L[4] = {
    0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000};
static const uint64_t ED_8L[4] = {
    0xc09318d2e7ae9f68, 0xa6f7cef517bce6b2, 0, 0x8000000000000000};

/* The n limbs at p modulo m, which is one of these two; out may be p. */
static inline void
ed_mod(uint64_t out[4], const uint64_t *p, size_t n, const uint64_t m[4])
{
	char *cut = scratch_top();
	uint64_t few[16], *q = few;

	if (n < 4) {
		memcpy(few, p, n * 8);
		memset(out, 0, 32);
		memcpy(out, few, n * 8);
		return;
	}
	if (n - 3 > 16)
		q = (uint64_t *)scratch_push((n - 3) * 8);
	mpn_tdiv_qr(q, out, 0, p, (mp_size_t)n, m, 4);
	scratch_cut(cut);
}

static inline void
ed_atom_mod(uint64_t out[4], noun a, const uint64_t m[4])
{
	struct limbs l;

	atom_limbs(a, &l);
	ed_mod(out, l.p, l.n, m);
}

/* (a b + c) modulo L, of any a, b and c */
static inline void
ed_multiply_add(uint64_t out[4], const uint64_t a[4], const uint64_t b[4],
    const uint64_t c[4])
{
	uint64_t product[9];

	mpn_mul_n(product, a, b, 4);
	product[8] = mpn_add(product, product, 8, c, 4);
	ed_mod(out, product, 9, ED_L);
}

/* The bytes of an atom, if there are no more than n; else the arm crashes. */
static inline void
ed_fitting(noun a, void *p, size_t n)
{
	if (atom_bytes(a) > n)
		jet_crash();
	bytes_get(a, p, n);
}

/* The key pair of a seed, which must have 32 bytes at most, or it crashes. */
void ed_key(noun seed, uint8_t public[32], struct ed_secret *k);

#endif
