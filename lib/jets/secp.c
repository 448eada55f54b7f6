/*
 * secp -- the jets of secp256k1 and of Schnorr signatures on it (BIP 340).
 *
 * Hoon's numbers are little-endian atoms, the library's are 32 bytes, most
 * significant first.  What only verifies uses the library's constant
 * context; what signs needs tables, and makes them in scratch memory, which
 * takes about as long as the signing.
 *
 * The Hoon takes a hash as it is, not modulo n: in making a nonce, and in
 * recovering, where more than n crashes.
 *
 * A quirk, where every existing log has the answer of Vere's jets: nonces
 * are RFC 6979's.  The Hoon drops the zero bytes that the first v it makes
 * may begin with, one in 256 times, and so comes to another nonce then.
 */
#include <string.h>

#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_preallocated.h>
#include <secp256k1_recovery.h>
#include <secp256k1_schnorrsig.h>
#include <sodium.h>

#include "bytes.h"
#include "jet.h"

/* The order of the group, and p less than it by so much. */
static const uint8_t order[32] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc,
    0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41,
    0x41};
static const uint8_t order_below_p[32] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0x01, 0x45, 0x51, 0x23, 0x19, 0x50, 0xb7, 0x5f, 0xc4, 0x40, 0x2d,
    0xa1, 0x72, 0x2f, 0xc9, 0xba, 0xee};
static const uint8_t one[32] = {[31] = 1};

/* The n bytes of an atom, which crashes if it has more. */
static void
get(noun a, uint8_t *p, size_t n)
{
	if (atom_bytes(a) > n)
		jet_crash();
	bytes_get_reversed(a, p, n);
}

/* A number from 1 to n - 1; the arm crashes if it is another. */
static void
get_scalar(noun a, uint8_t p[32])
{
	if (a == 0)
		jet_crash();
	get(a, p, 32);
	if (memcmp(p, order, 32) >= 0)
		jet_crash();
}

static secp256k1_context *
signer(void)
{
	unsigned flags = SECP256K1_CONTEXT_SIGN;
	void *p = scratch_push(secp256k1_context_preallocated_size(flags));

	return secp256k1_context_preallocated_create(p, flags);
}

/* k = HMAC-SHA-256 of k and n bytes of message */
static void
mac(uint8_t out[32], const uint8_t k[32], const uint8_t *message, size_t n)
{
	crypto_auth_hmacsha256_state s;

	crypto_auth_hmacsha256_init(&s, k, 32);
	crypto_auth_hmacsha256_update(&s, message, n);
	crypto_auth_hmacsha256_final(&s, out);
}

/* RFC 6979, 3.2, b to h, with a hash that is not reduced */
static void
make_nonce(uint8_t nonce[32], const uint8_t hash[32], const uint8_t key[32])
{
	uint8_t k[32] = {0}, message[97], *v = message;

	memset(v, 1, 32);
	memcpy(message + 33, key, 32);
	memcpy(message + 65, hash, 32);
	for (uint8_t i = 0; i < 2; i++) {
		message[32] = i;
		mac(k, k, message, sizeof message);
		mac(v, k, v, 32);
	}
	mac(nonce, k, v, 32);
}

noun
jet_secp256k1_make(noun sample, noun context)
{
	uint8_t hash[32], key[32], nonce[32];

	(void)context;
	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	get(head(sample), hash, 32);
	get_scalar(tail(sample), key);
	make_nonce(nonce, hash, key);
	return bytes_atom_reversed(nonce, 32);
}

/* For the library: the nonce that was made, and no other. */
static int
give_nonce(uint8_t *nonce, const uint8_t *hash, const uint8_t *key,
    const uint8_t *algorithm, void *made, unsigned attempt)
{
	(void)hash, (void)key, (void)algorithm;
	memcpy(nonce, made, 32);
	return attempt == 0;
}

/* r and s in 64 bytes, and what to recover the key by */
static bool
sign(const uint8_t hash[32], const uint8_t key[32], uint8_t rs[64], int *v)
{
	char *cut = scratch_top();
	secp256k1_context *c = signer();
	secp256k1_ecdsa_recoverable_signature sig;
	uint8_t nonce[32];
	bool ok;

	make_nonce(nonce, hash, key);
	ok = secp256k1_ecdsa_sign_recoverable(
	    c, &sig, hash, key, give_nonce, nonce);
	if (ok)
		secp256k1_ecdsa_recoverable_signature_serialize_compact(
		    c, rs, v, &sig);
	secp256k1_context_preallocated_destroy(c);
	scratch_cut(cut);
	return ok;
}

noun
jet_secp256k1_sign(noun sample, noun context)
{
	uint8_t hash[32], key[32], rs[64];
	noun r;
	int v;

	(void)context;
	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	get(head(sample), hash, 32);
	get_scalar(tail(sample), key);
	/* 1 in 2^127: another nonce is wanted, or r is n or more */
	if (!sign(hash, key, rs, &v) || v > 1)
		return JET_PASS;
	r = bytes_atom_reversed(rs, 32);
	return cons3(direct((uint64_t)v), r, bytes_atom_reversed(rs + 32, 32));
}

/* a * b modulo n, neither of them 0 */
static void
multiply(uint8_t a[32], const uint8_t b[32])
{
	uint8_t factor[32];

	memcpy(factor, b, 32);
	if (!secp256k1_ec_seckey_tweak_mul(secp256k1_context_static, a, factor))
		jet_crash();
}

/* 1/a = a^(n - 2) modulo n */
static void
invert(uint8_t out[32], const uint8_t a[32])
{
	uint8_t exponent[32];

	memcpy(exponent, order, 32);
	exponent[31] -= 2;
	memcpy(out, one, 32);
	for (int i = 0; i < 256; i++) {
		multiply(out, out);
		if (exponent[i / 8] >> (7 - i % 8) & 1)
			multiply(out, a);
	}
}

/* r + n - p, if it is not negative */
static bool
wrap(const uint8_t r[32], uint8_t x[32])
{
	int borrow = 0;

	if (memcmp(r, order_below_p, 32) < 0)
		return false;
	for (int i = 31; i >= 0; i--) {
		int d = r[i] - order_below_p[i] - borrow;

		borrow = d < 0;
		x[i] = (uint8_t)d;
	}
	return true;
}

/*
 * Recover by an x of r + n which is p or more.  The library says no, but
 * the Hoon takes it modulo p, and it is what v 2 and 3 nearly always mean.
 */
static bool
recover_wrapped(
    secp256k1_pubkey *key, const uint8_t hash[32], int v, const uint8_t rs[64])
{
	const secp256k1_context *c = secp256k1_context_static;
	uint8_t point[33] = {(uint8_t)(2 | (v & 1))}, inverse[32], factor[32];

	if (!wrap(rs, point + 1) ||
	    !secp256k1_ec_pubkey_parse(c, key, point, sizeof point))
		return false;
	invert(inverse, rs);
	memcpy(factor, rs + 32, 32);
	multiply(factor, inverse);
	if (!secp256k1_ec_pubkey_tweak_mul(c, key, factor))
		return false;
	memcpy(factor, hash, 32);
	if (!secp256k1_ec_seckey_negate(c, factor))
		return true; /* the hash is 0, or n */
	multiply(factor, inverse);
	return secp256k1_ec_pubkey_tweak_add(c, key, factor);
}

static bool
recover(
    secp256k1_pubkey *key, const uint8_t hash[32], int v, const uint8_t rs[64])
{
	const secp256k1_context *c = secp256k1_context_static;
	secp256k1_ecdsa_recoverable_signature sig;

	return (secp256k1_ecdsa_recoverable_signature_parse_compact(
	            c, &sig, rs, v) &&
	           secp256k1_ecdsa_recover(c, key, &sig, hash)) ||
	    (v > 1 && recover_wrapped(key, hash, v, rs));
}

noun
jet_secp256k1_reco(noun sample, noun context)
{
	uint8_t hash[32], rs[64], out[65];
	size_t n = sizeof out;
	secp256k1_pubkey key;
	noun h, v, r, s;

	(void)context;
	if (!uncons4(sample, &h, &v, &r, &s) || is_cell(h) || is_cell(v) ||
	    is_cell(r) || is_cell(s))
		return JET_PASS;
	if (!is_direct(v) || direct_value(v) > 3)
		jet_crash();
	get(h, hash, 32);
	get_scalar(r, rs);
	get_scalar(s, rs + 32);
	if (memcmp(hash, order, 32) > 0 ||
	    !recover(&key, hash, (int)direct_value(v), rs))
		jet_crash();
	secp256k1_ec_pubkey_serialize(
	    secp256k1_context_static, out, &n, &key, SECP256K1_EC_UNCOMPRESSED);
	r = bytes_atom_reversed(out + 1, 32);
	return cons(r, bytes_atom_reversed(out + 33, 32));
}

static bool
schnorr_sign(const uint8_t key[32], const uint8_t message[32],
    const uint8_t random[32], uint8_t sig[64])
{
	char *cut = scratch_top();
	secp256k1_context *c = signer();
	secp256k1_keypair pair;
	bool ok = secp256k1_keypair_create(c, &pair, key) &&
	    secp256k1_schnorrsig_sign32(c, sig, message, &pair, random);

	secp256k1_context_preallocated_destroy(c);
	scratch_cut(cut);
	return ok;
}

noun
jet_schnorr_sosi(noun sample, noun context)
{
	uint8_t key[32], message[32], random[32], sig[64];
	noun k, m, a;

	(void)context;
	if (!uncons3(sample, &k, &m, &a) || is_cell(k) || is_cell(m) ||
	    is_cell(a))
		return JET_PASS;
	get(m, message, 32);
	get(a, random, 32);
	get_scalar(k, key);
	if (!schnorr_sign(key, message, random, sig))
		return JET_PASS;
	return bytes_atom_reversed(sig, 64);
}

noun
jet_schnorr_sove(noun sample, noun context)
{
	const secp256k1_context *c = secp256k1_context_static;
	uint8_t key[32], message[32], sig[64];
	secp256k1_xonly_pubkey pub;
	noun k, m, s;

	(void)context;
	if (!uncons3(sample, &k, &m, &s) || is_cell(k) || is_cell(m) ||
	    is_cell(s))
		return JET_PASS;
	get(k, key, 32);
	get(m, message, 32);
	get(s, sig, 64);
	return loobean(secp256k1_xonly_pubkey_parse(c, &pub, key) &&
	    secp256k1_schnorrsig_verify(c, sig, message, 32, &pub));
}
