/*
 * argon2 -- the memory-hard hash, of RFC 9106 and with Urbit's own type.
 *
 * Type u fills the memory by addresses of its own making, as type i does, in
 * the first three quarters of the first pass, and depends on the data after
 * that.  The output may have any length up to ARGON2_OUT_MAX; with no length
 * it is one byte, of a hash that is told 0.
 *
 * Nothing here knows what a noun is.
 */
#ifndef ARGON2_H
#define ARGON2_H

#include <stddef.h>
#include <stdint.h>

#define ARGON2_OUT_MAX UINT32_MAX

/* The values are those that are hashed. */
enum argon2_type { ARGON2_D = 0, ARGON2_I = 1, ARGON2_ID = 2, ARGON2_U = 10 };

struct argon2 {
	enum argon2_type type;
	uint32_t version; /* 0x10, 0x13 */
	uint32_t lanes;   /* >= 1 */
	uint32_t memory;  /* KiB, >= 8 lanes */
	uint32_t passes;  /* >= 1 */
	uint32_t size;    /* of the output */
};

struct argon2_text {
	const uint8_t *p;
	size_t n;
};

/* Blocks of 1 KiB in use: the memory in multiples of four for each lane. */
uint64_t argon2_blocks(const struct argon2 *a);

/*
 * Hash the texts: message, salt, secret, further data.  memory is so many
 * blocks, on 16 bytes.  The number of bytes in out: size, or 1.
 */
size_t argon2_hash(const struct argon2 *a, const struct argon2_text text[4],
    void *memory, uint8_t *out);

#endif
