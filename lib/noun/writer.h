/*
 * writer -- an atom of bits, written in order: jam's output.  Private to
 * lib/noun.
 *
 * Everything is inline: this is the inner loop of jam.  While a writer is
 * open nothing else may make an atom (heap.h).  May bail meme; never
 * collects.
 */
#ifndef WRITER_H
#define WRITER_H

#include <string.h>

#include "atom.h"
#include "heap.h"

/*
 * The atom being built: whole bytes up to p, and the last up to 7 bits.
 * Every put() stores 8 bytes at p and then moves p by the whole bytes among
 * them, which needs no branch.
 */
struct writer {
	uint64_t *limbs;
	size_t room; /* in limbs */
	uint8_t *p, *end;
	uint64_t last;
	unsigned fill;
};

enum { PUT_MAX = 56 };

static inline uint64_t
position(const struct writer *w)
{
	return (uint64_t)(w->p - (uint8_t *)w->limbs) * 8 + w->fill;
}

/* A p up to `end` has room for a put(), and then for writer_end(). */
static inline void
set_room(struct writer *w, uint64_t *limbs, size_t room, size_t used)
{
	w->limbs = limbs;
	w->room = room;
	w->p = (uint8_t *)limbs + used;
	w->end = (uint8_t *)(limbs + room) - 16;
}

static inline void
writer_begin(struct writer *w, size_t limbs)
{
	set_room(w, heap_atom_begin(limbs), limbs, 0);
}

static void __attribute__((noinline)) more_room(struct writer *w, size_t limbs)
{
	size_t used = (size_t)(w->p - (uint8_t *)w->limbs);
	size_t room = w->room * 2;

	if (room < used / 8 + limbs + 4)
		room = used / 8 + limbs + 4;
	set_room(w, heap_atom_extend(room), room, used);
}

static inline void
store(uint8_t *p, uint64_t v)
{
	memcpy(p, &v, sizeof v);
}

/* The low k <= PUT_MAX bits of v; the others are zero. */
static inline void
put(struct writer *w, uint64_t v, unsigned k)
{
	uint64_t last = w->last | v << w->fill;
	unsigned fill = w->fill + k;

	if (__builtin_expect(w->p > w->end, 0))
		more_room(w, 0);
	store(w->p, last);
	w->p += fill / 8;
	w->last = last >> (fill & ~7u);
	w->fill = fill & 7;
}

static inline void
put_64(struct writer *w, uint64_t v, unsigned k)
{
	if (k > PUT_MAX) {
		put(w, v & UINT32_MAX, 32);
		v >>= 32;
		k -= 32;
	}
	put(w, v, k);
}

/* n whole limbs.  (mpn_lshift() takes twice the time for a large atom.) */
static inline void
put_whole(struct writer *w, const uint64_t *p, size_t n)
{
	uint8_t *to = w->p;
	uint64_t last = w->last;
	unsigned fill = w->fill;

	for (size_t i = 0; i < n; i++, to += 8) {
		store(to, last | p[i] << fill);
		last = p[i] >> 1 >> (63 - fill);
	}
	w->p = to;
	w->last = last;
}

/* n limbs, of which the last has `bits` bits. */
static inline void
put_limbs(struct writer *w, const uint64_t *p, size_t n, unsigned bits)
{
	if (w->p + n * 8 > w->end)
		more_room(w, n);
	if (n > 1)
		put_whole(w, p, n - 1);
	put_64(w, p[n - 1], bits);
}

static inline noun
writer_end(struct writer *w)
{
	uint64_t bits = position(w);

	store(w->p, w->last);
	return heap_atom_end((bits + 63) / 64);
}

static inline unsigned
width(uint64_t v)
{
	return v ? 64 - (unsigned)__builtin_clzll(v) : 0;
}

/* The same without a branch, for v <= DIRECT_MAX. */
static inline unsigned
direct_width(uint64_t v)
{
	return 63 - (unsigned)__builtin_clzll(2 * v + 1);
}

/* A tag of t bits, then the length part of mat() for n > 0 bits. */
static inline void
put_length(struct writer *w, uint64_t tag, unsigned t, uint64_t n)
{
	unsigned k = width(n);

	put(w, tag | UINT64_C(1) << (k + t), t + k + 1);
	put(w, n & ((UINT64_C(1) << (k - 1)) - 1), k - 1);
}

/* A tag of t <= 2 bits, then mat(v) for v <= DIRECT_MAX. */
static inline void __attribute__((always_inline))
put_word(struct writer *w, uint64_t tag, unsigned t, uint64_t v)
{
	unsigned n = direct_width(v), k = direct_width(n), all = t + 2 * k + n;
	uint64_t length = tag | UINT64_C(1) << (k + t) |
	    (n ^ UINT64_C(1) << k >> 1) << (k + t + 1);

	if (__builtin_expect(all < PUT_MAX, 1)) {
		put(w, length | v << (t + 2 * k), all + (n == 0));
		return;
	}
	put(w, length, t + 2 * k);
	put_64(w, v, n);
}

static inline void
put_boxed(struct writer *w, noun a)
{
	uint64_t bits = atom_bits(a);

	put_length(w, 0, 1, bits);
	put_limbs(
	    w, boxed_limbs(a), boxed_len(a), (unsigned)((bits - 1) % 64) + 1);
}

#endif
