/*
 * blake2b -- the hash as Hoon has it, which is not quite the standard's.
 *
 * Hoon takes a block of 128 bytes as a number, and that apart into words;
 * words of zero that a block begins with are then at its end instead.  So
 * it is the standard's hash of other blocks.  Only a block that begins with
 * eight zeros is another, the lengths are the same, and a key is a block.
 *
 * Nothing here knows what a noun is.
 *
 *     blake2b_init(&b, 32, NULL, 0);
 *     blake2b_put(&b, p, n);
 *     blake2b_end(&b, out);
 */
#ifndef BLAKE2B_H
#define BLAKE2B_H

#include <sodium.h>
#include <stddef.h>
#include <stdint.h>

enum { BLAKE2B_BLOCK = 128, BLAKE2B_MAX = 64 };

struct blake2b {
	crypto_generichash_blake2b_state state;
	uint8_t block[BLAKE2B_BLOCK]; /* begun, n bytes of it */
	size_t n, size;
};

/* A hash of size bytes, 1 to 64, under a key of k bytes, 0 to 64. */
void blake2b_init(struct blake2b *b, size_t size, const uint8_t *key, size_t k);

void blake2b_put(struct blake2b *b, const uint8_t *p, size_t n);

/* The hash into out. */
void blake2b_end(struct blake2b *b, uint8_t *out);

#endif
