/*
 * siv.c -- AES-SIV, RFC 5297: deterministic encryption, whose vector is a
 * MAC of the text and of a list of other strings.
 *
 * All strings are atoms, the first byte most significant, and as long as
 * they have significant bytes.  The doors' sample is [key vec]; the upper
 * half of the key is for the MAC, the lower one for the cipher.
 */
#include "jet.h"

#include "aes.h"
#include "bytes.h"

struct siv {
	struct aes mac, cipher;
	uint8_t one[AES_BLOCK], two[AES_BLOCK]; /* the MAC's subkeys */
	noun vec;
};

static void
mix(uint8_t *a, const uint8_t *b)
{
	for (unsigned i = 0; i < AES_BLOCK; i++)
		a[i] ^= b[i];
}

/* Twice a string, as a number in the field of 2^128. */
static void
doub(uint8_t out[AES_BLOCK], const uint8_t in[AES_BLOCK])
{
	unsigned carry = in[0] >> 7;

	for (unsigned i = 0; i + 1 < AES_BLOCK; i++)
		out[i] = in[i] << 1 | in[i + 1] >> 7;
	out[15] = in[15] << 1 ^ (0x87 & -carry);
}

/* The CMAC of n bytes. */
static void
cmac(const struct siv *s, const uint8_t *p, size_t n, uint8_t out[AES_BLOCK])
{
	size_t whole = n > 0 ? (n - 1) / AES_BLOCK : 0;
	size_t left = n - whole * AES_BLOCK;
	uint8_t last[AES_BLOCK] = {0};

	memset(out, 0, AES_BLOCK);
	memcpy(last, p + whole * AES_BLOCK, left);
	if (left == AES_BLOCK) {
		mix(last, s->one);
	} else {
		last[left] = 0x80;
		mix(last, s->two);
	}
	aes_cbc_mac(&s->mac, out, p, whole);
	aes_cbc_mac(&s->mac, out, last, 1);
}

/*
 * The MAC of the door's strings and then of the text, n bytes at p, whose
 * last block is changed and put back.
 */
static void
s2v(const struct siv *s, uint8_t *p, size_t n, uint8_t out[AES_BLOCK])
{
	static const uint8_t zero[AES_BLOCK];
	uint8_t d[AES_BLOCK], m[AES_BLOCK];
	char *top = scratch_top();

	cmac(s, zero, sizeof zero, d);
	for (noun l = s->vec; l != 0; l = tail(l)) {
		size_t width = atom_bytes(head(l));

		cmac(s, bytes_push_reversed(head(l), width), width, m);
		scratch_cut(top);
		doub(d, d);
		mix(d, m);
	}
	if (n >= AES_BLOCK) {
		mix(p + n - AES_BLOCK, d);
		cmac(s, p, n, out);
		mix(p + n - AES_BLOCK, d);
		return;
	}
	doub(d, d);
	memset(m, 0, sizeof m);
	memcpy(m, p, n);
	m[n] = 0x80;
	mix(d, m);
	cmac(s, d, sizeof d, out);
}

/* The cipher, both ways: two bits of the vector are left out of its counter. */
static void
crypt(const struct siv *s, const uint8_t iv[AES_BLOCK], uint8_t *p, size_t n)
{
	uint8_t counter[AES_BLOCK];

	memcpy(counter, iv, sizeof counter);
	counter[8] &= 0x7f;
	counter[12] &= 0x7f;
	aes_ctr(&s->cipher, counter, p, p, n);
}

static bool
siv_get(noun context, size_t bytes, struct siv *s)
{
	static const uint8_t zero[AES_BLOCK];
	uint8_t key[64];
	noun door, secret;

	if (!jet_door(context, &door) || !uncons(door, &secret, &s->vec) ||
	    !is_atom(secret) || !list_of_atoms(s->vec))
		return false;
	bytes_get_reversed(secret, key, 2 * bytes);
	aes_encrypt_key(&s->mac, key, bytes);
	aes_encrypt_key(&s->cipher, key + bytes, bytes);
	aes_encrypt(&s->mac, zero, s->one);
	doub(s->one, s->one);
	doub(s->two, s->one);
	return true;
}

/* The text to [iv len ciphertext]. */
static noun
siv_en(noun txt, noun context, size_t bytes)
{
	uint8_t iv[AES_BLOCK], *p;
	struct siv s;
	size_t n;

	if (!is_atom(txt) || !siv_get(context, bytes, &s))
		return JET_PASS;
	n = atom_bytes(txt);
	p = bytes_begin(n);
	bytes_get_reversed(txt, p, n);
	s2v(&s, p, n, iv);
	crypt(&s, iv, p, n);
	bytes_reverse(p, p, n);
	txt = bytes_end(n);
	return cons3(bytes_atom_reversed(iv, sizeof iv), direct(n), txt);
}

/*
 * [iv len ciphertext] to a unit of the text: ~ if it is not the one that was
 * encrypted.  Zeros that it begins with are no part of its MAC.
 */
static noun
siv_de(noun sample, noun context, size_t bytes)
{
	uint8_t given[AES_BLOCK], iv[AES_BLOCK], *p;
	noun tag, len, txt;
	struct siv s;
	size_t n, zeros = 0;

	if (!uncons3(sample, &tag, &len, &txt) || !is_atom(tag) ||
	    !is_atom(txt) || !bytes_width(len, &n) || n < atom_bytes(txt) ||
	    !siv_get(context, bytes, &s))
		return JET_PASS;
	p = bytes_begin(n);
	bytes_get_reversed(txt, p, n);
	bytes_get_reversed(tag, given, sizeof given);
	crypt(&s, given, p, n);
	while (zeros < n && p[zeros] == 0)
		zeros++;
	s2v(&s, p + zeros, n - zeros, iv);
	bytes_reverse(p, p, n);
	txt = bytes_end(n);
	if (atom_bytes(tag) > sizeof iv || memcmp(iv, given, sizeof iv) != 0)
		return 0;
	return cons(0, txt);
}

#define JETS_OF(door, bytes)                            \
	noun jet_##door##_en(noun sample, noun context) \
	{                                               \
		return siv_en(sample, context, bytes);  \
	}                                               \
	noun jet_##door##_de(noun sample, noun context) \
	{                                               \
		return siv_de(sample, context, bytes);  \
	}

JETS_OF(siva, 16)
JETS_OF(sivb, 24)
JETS_OF(sivc, 32)
