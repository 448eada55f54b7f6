/*
 * gen -- for tests: random nouns, the same on every run, and a check that
 * the heap keeps its rules.
 *
 * The nouns have what breaks things: atoms around the sizes where their
 * form changes, equal parts in one place and equal parts in several, long
 * lists, deep heads.  Nothing here collects.
 */
#ifndef GEN_H
#define GEN_H

#include <stdlib.h>
#include <string.h>

#include "atom.h"
#include "heap.h"

static uint64_t gen_state = 1;

static inline uint64_t
gen_word(void)
{
	uint64_t z = gen_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline uint64_t
gen_below(uint64_t n)
{
	return gen_word() % n;
}

/* An atom of exactly this many bits. */
static inline noun
gen_bits(size_t bits)
{
	size_t n = (bits + 63) / 64;
	uint64_t *p;

	if (bits == 0)
		return 0;
	p = heap_atom_begin(n);
	for (size_t i = 0; i < n; i++)
		p[i] = gen_word();
	if (bits % 64)
		p[n - 1] &= (UINT64_C(1) << bits % 64) - 1;
	p[n - 1] |= UINT64_C(1) << (bits - 1) % 64;
	return heap_atom_end(n);
}

static inline noun
gen_atom(void)
{
	switch (gen_below(8)) {
	case 0:
	case 1:
		return direct(gen_below(3));
	case 2:
	case 3:
		return direct(gen_below(2000));
	case 4:
		return gen_bits(60 + gen_below(10));
	case 5:
		return gen_bits(124 + gen_below(8));
	case 6:
		return gen_bits(gen_below(71));
	default:
		return gen_bits(gen_below(700));
	}
}

/* An equal noun that stands elsewhere; its parts are the same. */
static inline noun
gen_twin(noun n)
{
	if (is_cell(n))
		return cons(head(n), tail(n));
	if (is_boxed(n))
		return atom_from_limbs(boxed_limbs(n), boxed_len(n));
	return n;
}

enum { GEN_POOL = 24 };

static inline noun
gen_pick(const noun *pool)
{
	noun n = pool[gen_below(GEN_POOL)];

	switch (gen_below(4)) {
	case 0:
		return n;
	case 1:
		return gen_twin(n);
	default:
		return gen_atom();
	}
}

/* A noun of at most about this many cells in memory; none gives an atom. */
static inline noun
gen_noun(size_t cells)
{
	noun pool[GEN_POOL], all;

	if (cells == 0)
		return gen_atom();
	for (size_t i = 0; i < GEN_POOL; i++)
		pool[i] = gen_atom();
	for (size_t i = 0; i < cells; i++) {
		noun *to = &pool[gen_below(GEN_POOL)];
		uint64_t kind = gen_below(8);

		if (kind == 0) /* a list or a deep head grows */
			*to = cons(gen_atom(), *to);
		else if (kind == 1)
			*to = cons(*to, gen_atom());
		else
			*to = cons(gen_pick(pool), gen_pick(pool));
	}
	all = pool[0];
	for (size_t i = 1; i < GEN_POOL && i < cells; i++)
		all = cons(gen_twin(all), pool[i]);
	return all;
}

/* A noun of cells and atoms of three bytes at most: small in every form. */
static inline noun
gen_small(size_t cells)
{
	noun n = direct(gen_below(1 << 24));

	for (size_t i = 0; i < cells; i++) {
		noun a = direct(gen_below(UINT64_C(1) << gen_below(24)));

		switch (gen_below(4)) {
		case 0:
			n = cons(a, n);
			break;
		case 1:
			n = cons(n, a);
			break;
		case 2:
			n = cons(n, n);
			break;
		default:
			n = cons(n, gen_twin(n));
		}
	}
	return n;
}

/* -------- the rules of the heap -------- */

/* Where n stands: a region's index, or REGIONS if in none, or not in it. */
static inline unsigned
gen_region(noun n)
{
	char *p = (char *)(n & ~(noun)(is_cell(n) ? 1 : 3));
	unsigned i;

	for (i = 0; i < NOUN_STACK; i++)
		if (p >= heap.region[i].base && p < heap.region[i].top)
			break;
	return i < NOUN_STACK ? i : REGIONS;
}

/* Does this slot of a cell in region r hold a noun, and none younger? */
static inline bool
gen_slot_sound(unsigned r, noun n)
{
	unsigned to;

	if (is_direct(n))
		return true;
	to = gen_region(n);
	if ((n & 4) != 0 && is_cell(n))
		return false;
	return to <= r + 1 &&
	    is_cell(n) ==
	    (to == IMAGE_CELLS || to == MID_A_CELLS || to == MID_B_CELLS ||
	        to == NURSERY_CELLS);
}

/* Every cell there is holds nouns, none of which is in a younger space. */
static inline bool
gen_sound(void)
{
	static const unsigned cells[] = {
	    IMAGE_CELLS, MID_A_CELLS, MID_B_CELLS, NURSERY_CELLS};

	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		struct region *r = &heap.region[cells[i]];

		for (noun *p = (noun *)r->base; p < (noun *)r->top; p++)
			if (!gen_slot_sound(cells[i], *p))
				return false;
	}
	return true;
}

/* The bytes of an atom, on the C heap: free() them. */
static inline uint8_t *
gen_bytes(noun a, size_t *n)
{
	uint64_t room;
	const uint8_t *p = atom_view(a, &room);
	uint8_t *copy = malloc(atom_bytes(a) + 1);

	if (copy == NULL)
		exit(111);
	*n = atom_bytes(a);
	return memcpy(copy, p, *n);
}

#endif
