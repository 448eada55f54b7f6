/*
 * ut -- what the jets of the compiler's door share: the door taken apart,
 * the keys of its memo jets, and what is kept under them.
 */
#ifndef UT_H
#define UT_H

#include "jet.h"

/* vet is the lowest bit of the tag. */
enum ut_function { CROP, FISH, FUSE, MINT, MULL, NEST, REDO, REST };

/* The door: [battery sut [fan rib vet] outer]. */
struct ut {
	noun battery, sut, vet, outer;
};

/* False if it is none. */
bool ut_open(noun door, struct ut *u);

/* The key of a call of an arm with these arguments: see ut.c. */
noun ut_key(enum ut_function f, const struct ut *u, noun args);

/* A tag of four letters, as an atom. */
#define TAG(a, b, c, d) \
	direct((uint64_t)(d) << 24 | (uint64_t)(c) << 16 | (b) << 8 | (a))
#define ATOM TAG('a', 't', 'o', 'm')
#define CELL TAG('c', 'e', 'l', 'l')
#define CORE TAG('c', 'o', 'r', 'e')
#define FACE TAG('f', 'a', 'c', 'e')
#define FORK TAG('f', 'o', 'r', 'k')
#define HINT TAG('h', 'i', 'n', 't')
#define HOLD TAG('h', 'o', 'l', 'd')
#define NOUN TAG('n', 'o', 'u', 'n')
#define VOID TAG('v', 'o', 'i', 'd')

#endif
