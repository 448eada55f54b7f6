/*
 * ring -- a stream of bytes from one process to another, through memory
 * that both have mapped.
 *
 * One process writes and moves `put`, the other reads and moves `got`.
 * Positions count bytes from the start of the stream, so what waits is
 * [got, put) and a position never comes twice.  A frame in it is a head of
 * 8 bytes and a body; both begin at a multiple of 8, so a head is whole.
 * Whoever moves a position does so after the bytes are copied, and the
 * other looks at the position before it touches them.
 */
#ifndef RING_H
#define RING_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* From 32 to 512 KiB the pool is as fast, within a fifth. */
enum { RING_ROOM = 128 * 1024, RING_LINE = 64 };

/* Starts as all zero.  A word for each side, on a cache line of its own. */
struct ring {
	_Alignas(RING_LINE) _Atomic uint64_t put;
	_Alignas(RING_LINE) _Atomic uint64_t got;
	_Alignas(RING_LINE) uint8_t room[RING_ROOM];
};

/* n bytes of body and what is left free behind them. */
static inline uint64_t
ring_body(uint64_t n)
{
	return (n + 7) & ~UINT64_C(7);
}

/* How many bytes may be written at put, while the other side is at got. */
static inline size_t
ring_free(uint64_t put, uint64_t got)
{
	return RING_ROOM - (size_t)(put - got);
}

/* Copy n bytes to position `at`, where there is room for them. */
static inline void
ring_write(struct ring *r, uint64_t at, const void *p, size_t n)
{
	size_t i = at % RING_ROOM;
	size_t k = n < RING_ROOM - i ? n : RING_ROOM - i;

	if (n == 0)
		return;
	memcpy(r->room + i, p, k);
	memcpy(r->room, (const uint8_t *)p + k, n - k);
}

/* Its other half: copy n bytes that wait at position `at`. */
static inline void
ring_read(const struct ring *r, uint64_t at, void *p, size_t n)
{
	size_t i = at % RING_ROOM;
	size_t k = n < RING_ROOM - i ? n : RING_ROOM - i;

	if (n == 0)
		return;
	memcpy(p, r->room + i, k);
	memcpy((uint8_t *)p + k, r->room, n - k);
}

/* A head: two numbers. */
static inline void
ring_put_head(struct ring *r, uint64_t at, uint32_t n, uint32_t code)
{
	uint64_t head = n | (uint64_t)code << 32;

	memcpy(r->room + at % RING_ROOM, &head, sizeof head);
}

static inline void
ring_get_head(const struct ring *r, uint64_t at, uint32_t *n, uint32_t *code)
{
	uint64_t head;

	memcpy(&head, r->room + at % RING_ROOM, sizeof head);
	*n = (uint32_t)head;
	*code = (uint32_t)(head >> 32);
}

#endif
