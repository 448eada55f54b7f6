/*
 * aes -- the block cipher, and chains of blocks.
 *
 * By the processor's own instructions where it has them, which take a
 * constant time for any key; else by OpenSSL's.  n counts blocks of 16
 * bytes; in and out may be the same.
 *
 * Nothing here knows what a noun is.
 */
#ifndef AES_H
#define AES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/aes.h>

enum { AES_BLOCK = 16, AES_ROUNDS_MAX = 14 };

struct aes {
	uint8_t round[AES_ROUNDS_MAX + 1][AES_BLOCK];
	unsigned rounds; /* 0: not by the processor */
	AES_KEY soft;
};

/* The key for one direction: 16, 24 or 32 bytes. */
void aes_encrypt_key(struct aes *k, const uint8_t *key, size_t bytes);
void aes_decrypt_key(struct aes *k, const uint8_t *key, size_t bytes);

/* One block. */
void aes_encrypt(const struct aes *k, const uint8_t in[16], uint8_t out[16]);
void aes_decrypt(const struct aes *k, const uint8_t in[16], uint8_t out[16]);

/* n chained blocks; iv becomes the last block of the ciphertext. */
void aes_cbc_encrypt(const struct aes *k, uint8_t iv[16], const uint8_t *in,
    uint8_t *out, size_t n);
void aes_cbc_decrypt(const struct aes *k, uint8_t iv[16], const uint8_t *in,
    uint8_t *out, size_t n);

/* The same chain for its last block alone, which iv becomes: a MAC. */
void aes_cbc_mac(
    const struct aes *k, uint8_t iv[16], const uint8_t *in, size_t n);

/* n bytes mixed with the encrypted counter, which is big-endian. */
void aes_ctr(const struct aes *k, const uint8_t counter[16], const uint8_t *in,
    uint8_t *out, size_t n);

#endif
