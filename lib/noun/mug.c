#include "mug.h"

#include <string.h>

#include "atom.h"
#include "heap.h"
#include "pile.h"

/* -------- MurmurHash3_x86_32, folded to 31 bits -------- */

static inline uint32_t
rotate(uint32_t v, int by)
{
	return v << by | v >> (32 - by);
}

static inline uint32_t
scramble(uint32_t k)
{
	return rotate(k * 0xcc9e2d51u, 15) * 0x1b873593u;
}

static inline uint32_t
stir(uint32_t h, uint32_t k)
{
	return rotate(h ^ scramble(k), 13) * 5 + 0xe6546b64u;
}

static inline uint32_t
finish(uint32_t h, uint32_t len)
{
	h ^= len;
	h ^= h >> 16;
	h *= 0x85ebca6bu;
	h ^= h >> 13;
	h *= 0xc2b2ae35u;
	h ^= h >> 16;
	return h >> 31 ^ (h & 0x7fffffffu);
}

static uint32_t
murmur(const uint8_t *p, size_t n, uint32_t seed)
{
	const uint8_t *end = p + (n & ~(size_t)3);
	uint32_t h = seed, k;

	for (; p < end; p += 4) {
		memcpy(&k, p, 4);
		h = stir(h, k);
	}
	if (n & 3) {
		k = 0;
		memcpy(&k, p, n & 3);
		h ^= scramble(k);
	}
	return finish(h, (uint32_t)n);
}

enum { SEEDS = 8 };

#define ATOM_SEED 0xcafebabeu
#define CELL_SEED 0xdeadbeefu

/* What eight zero hashes in a row give. */
enum { ATOM_LAST = 0x7fff, CELL_LAST = 0xfffe };

uint32_t
mug_bytes(const void *p, size_t n)
{
	uint32_t h;

	for (unsigned i = 0; i < SEEDS; i++)
		if ((h = murmur(p, n, ATOM_SEED + i)) != 0)
			return h;
	return ATOM_LAST;
}

/* The bytes of a number below 2^31: none for 0. */
static inline uint32_t
bytes_of(uint32_t v)
{
	return v ? 4 - (uint32_t)__builtin_clz(v) / 8 : 0;
}

static inline uint32_t
both_from(uint32_t seed, uint32_t head, uint32_t tail)
{
	uint32_t n = bytes_of(tail), h = stir(seed, head);

	h = n == 4 ? stir(h, tail) : h ^ scramble(tail);
	return finish(h, 4 + n);
}

uint32_t
mug_both(uint32_t head, uint32_t tail)
{
	uint32_t h;

	for (unsigned i = 0; i < SEEDS; i++)
		if ((h = both_from(CELL_SEED + i, head, tail)) != 0)
			return h;
	return CELL_LAST;
}

/* -------- nouns -------- */

static uint32_t
mug_direct(noun n)
{
	uint64_t v = direct_value(n);

	if (v <= UINT32_MAX) {
		uint32_t k = (uint32_t)v, bytes = bytes_of(k), h;

		h = bytes == 4 ? stir(ATOM_SEED, k) : ATOM_SEED ^ scramble(k);
		if ((h = finish(h, bytes)) != 0)
			return h;
	}
	return mug_bytes(&v, atom_bytes(n));
}

static uint32_t
mug_boxed(noun n)
{
	uint64_t *header = boxed_header(n);
	uint32_t h = (uint32_t)(*header >> 33);

	if (h == 0) {
		h = mug_bytes(header + 1, atom_bytes(n));
		*header |= (uint64_t)h << 33;
	}
	return h;
}

static inline uint32_t
mug_atom(noun n)
{
	return is_direct(n) ? mug_direct(n) : mug_boxed(n);
}

uint32_t
mug_known(noun n)
{
	if (is_cell(n))
		return *mug_entry(n);
	return is_direct(n) ? mug_direct(n)
	                    : (uint32_t)(*boxed_header(n) >> 33);
}

static inline bool
missing(noun n)
{
	return is_cell(n) && *mug_entry(n) == 0;
}

static inline uint32_t
mug_part(noun n)
{
	return is_cell(n) ? *mug_entry(n) : mug_atom(n);
}

/*
 * Post-order.  The pile holds the cells above n whose mug is still wanted;
 * each is looked at again after either of its parts has got its own.
 */
static void
mug_cells(noun n)
{
	struct pile p = pile_on(SCRATCH);
	noun h, t;

	pile_push(&p, 0);
	while (n != 0) {
		h = head(n);
		t = tail(n);
		if (missing(h) || missing(t)) {
			pile_push(&p, n);
			n = missing(h) ? h : t;
			continue;
		}
		*mug_entry(n) = mug_both(mug_part(h), mug_part(t));
		side_touch(n);
		n = pile_pop(&p);
	}
	scratch_cut(scratch_top());
}

uint32_t
mug(noun n)
{
	if (missing(n))
		mug_cells(n);
	return mug_part(n);
}

void
mug_image(size_t cells, size_t atoms)
{
	struct heap_image m = heap_image();
	char *end = m.cells + m.cell_bytes;

	for (char *p = m.cells + cells; p < end; p += 16)
		mug((noun)p | 1);
	end = m.atoms + m.atom_bytes;
	for (char *p = m.atoms + atoms; p < end;) {
		mug((noun)p | 3);
		p += (boxed_len((noun)p | 3) + 1) * 8;
	}
}
