/*
 * scrypt -- its memory-hard part, SMix of RFC 7914, over Salsa20/8.
 *
 * Nothing here knows what a noun is.
 */
#ifndef SCRYPT_H
#define SCRYPT_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of memory for a cost of n, a power of two, and block size r. */
size_t scrypt_memory(uint64_t n, uint64_t r);

/* Mix the 128 r bytes at b; v is so much memory, on 16 bytes. */
void scrypt_mix(uint8_t *b, uint64_t n, uint64_t r, void *v);

#endif
