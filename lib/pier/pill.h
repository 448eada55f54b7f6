/*
 * pill -- what a ship is started from: a noun with the kernel in it.
 *
 *     old ivory   [[formula 0] 0 0], or the list alone: [formula 0]
 *     ivory       [%ivory formula trap ... 0]
 *     pill        [%pill name boot kernel userspace]
 *     cash        [%cash [name boot kernel userspace] cache]
 *     prop        [%prop name ?(%fore %hind) events]
 *
 * Boot, kernel, userspace and events are lists.  The first of them is
 * computed as one; each item of the others is an event.
 *
 * The versions are "kelvins": they count down, to a zero that is final.  A
 * brass pill carries sources that state them:
 *
 *     hoon   =>  %140  =>       an item of boot that is a cord
 *     arvo   ++  arvo  %240     likewise, or the file /sys/arvo
 *     lull   ++  lull  %328     the file /sys/lull in a kernel event
 *     zuse   ++  zuse  %417     the file /sys/zuse     [wire %what files]
 *
 * A solid one has them in the kernel, [%zuse [~ %hoon text] directory].
 *
 * A pill without sources has only the root of its jets, which the compiler
 * leaves as the hint [%fast 1 [%k N] [1 0] 0]; N is hoon's.
 *
 * Here a pill is only looked at.  May bail meme; never collects.
 */
#ifndef PILL_H
#define PILL_H

#include "noun.h"

/* kind, what it is called, what it is for */
#define PILLS(X)                                                             \
	X(OLD_IVORY, "old ivory", "the compiler and its library, no ship")   \
	X(IVORY, "%ivory", "the compiler and its library, no ship")          \
	X(BOOT, "%pill", "what a ship is started from")                      \
	X(CASH, "%cash", "what a ship is started from, computed in advance") \
	X(PROP, "%prop", "more events for a ship's start")

enum pill_kind {
#define X(kind, word, means) PILL_##kind,
	PILLS(X)
#undef X
};

/* What has a version. */
#define KELVINS(X) \
	X(HOON, "hoon") X(ARVO, "arvo") X(LULL, "lull") X(ZUSE, "zuse")

enum kelvin {
#define X(id, word) KELVIN_##id,
	KELVINS(X)
#undef X
	    KELVIN_N
};

struct pill {
	enum pill_kind kind;
	char name[32]; /* a C string: "brass", "solid"; "" if it has none */
	uint64_t boot, kernel, userspace; /* items; of a prop: userspace */
	uint64_t cached;                  /* products in a cash */
	uint64_t kelvin[KELVIN_N];        /* 0 = not to be seen */
};

/* Look at n; false if it is no pill. */
bool pill_look(noun n, struct pill *p);

typedef void pill_line(
    void *to, const char *name, const char *value, const char *means);

/*
 * Look at n, and if it is a pill say what there is to say of it in lines;
 * `means` is for people.
 */
void pill_tell(noun n, pill_line *line, void *to);

#endif
