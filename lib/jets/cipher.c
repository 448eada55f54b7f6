/*
 * cipher.c -- AES by single blocks and by chains of them.
 *
 * The Hoon has doors named for the key: a, b and c are AES-128, -192 and
 * -256.  All numbers are written as the standard prints bytes, the first one
 * most significant; a key, block or vector that is too long is cut to its
 * low bytes.
 */
#include "jet.h"

#include "aes.h"
#include "bytes.h"

/* -------- blocks -------- */

/* The door's sample is the key, of so many bytes. */
static noun
ecb(noun block, noun context, size_t bytes, bool encrypt)
{
	uint8_t key[32], b[AES_BLOCK];
	struct aes k;
	noun secret;

	if (!jet_door(context, &secret) || !is_atom(secret) || !is_atom(block))
		return JET_PASS;
	bytes_get_reversed(secret, key, bytes);
	bytes_get_reversed(block, b, sizeof b);
	if (encrypt) {
		aes_encrypt_key(&k, key, bytes);
		aes_encrypt(&k, b, b);
	} else {
		aes_decrypt_key(&k, key, bytes);
		aes_decrypt(&k, b, b);
	}
	return bytes_atom_reversed(b, sizeof b);
}

/* -------- chains -------- */

/*
 * The door's sample is [key prv].  A text is filled up from the front to
 * whole blocks, and none at all is one block of zeros.
 */
static noun
cbc(noun txt, noun context, size_t bytes, bool encrypt)
{
	uint8_t key[32], iv[AES_BLOCK], *p;
	noun door, secret, prv;
	struct aes k;
	size_t n;

	if (!jet_door(context, &door) || !uncons(door, &secret, &prv) ||
	    !is_atom(secret) || !is_atom(prv) || !is_atom(txt))
		return JET_PASS;
	n = txt == 0 ? 1 : (atom_bytes(txt) - 1) / AES_BLOCK + 1;
	p = bytes_begin(n * AES_BLOCK);
	bytes_get_reversed(txt, p, n * AES_BLOCK);
	bytes_get_reversed(secret, key, bytes);
	bytes_get_reversed(prv, iv, sizeof iv);
	if (encrypt) {
		aes_encrypt_key(&k, key, bytes);
		aes_cbc_encrypt(&k, iv, p, p, n);
	} else {
		aes_decrypt_key(&k, key, bytes);
		aes_cbc_decrypt(&k, iv, p, p, n);
	}
	bytes_reverse(p, p, n * AES_BLOCK);
	return bytes_end(n * AES_BLOCK);
}

/* -------- the jets -------- */

#define JET(name, f, bytes, encrypt)                       \
	noun jet_##name(noun sample, noun context)         \
	{                                                  \
		return f(sample, context, bytes, encrypt); \
	}

JET(ecba_en, ecb, 16, true)
JET(ecba_de, ecb, 16, false)
JET(ecbb_en, ecb, 24, true)
JET(ecbb_de, ecb, 24, false)
JET(ecbc_en, ecb, 32, true)
JET(ecbc_de, ecb, 32, false)
JET(cbca_en, cbc, 16, true)
JET(cbca_de, cbc, 16, false)
JET(cbcb_en, cbc, 24, true)
JET(cbcb_de, cbc, 24, false)
JET(cbcc_en, cbc, 32, true)
JET(cbcc_de, cbc, 32, false)
