/*
 * boot -- the events that a ship begins with, from its pill.
 *
 *     pill's boot items            as they are: they make the kernel
 *     on //arvo   %wyrd            the versions of runtime and kernel
 *                 %verb %whom %wack    quiet or not, who it is, entropy
 *     pill's kernel events         sources
 *     props of the tier %fore
 *     on /d/term/1 %boot lit vent  who it is to the world
 *     pill's userspace events      files; one may be replaced
 *     props of the tier %hind
 *
 * All but the first group are [now ovum], each 2^-16 of a second after the
 * one before.  Pills of the year 2023 and before (zuse 412 and above) were
 * booted by %wyrd %whom %wack %verb: the kernel takes either order, and
 * boot_order() says which was its own.
 *
 * Pure: may bail meme, never collects.
 */
#ifndef BOOT_H
#define BOOT_H

#include "noun.h"

enum boot_order {
	BOOT_TODAY, /* %wyrd %verb %whom %wack */
	BOOT_2023   /* %wyrd %whom %wack %verb */
};

struct boot_opts {
	noun who;     /* the ship, an atom */
	noun vent;    /* [%fake who], or [%dawn ..] */
	noun entropy; /* an atom of up to 512 bits */
	noun now;     /* @da before the first */
	noun tag; /* a @ta that tells this start of the runtime from others */
	noun version; /* path after /vere, a list: ~['edge' '~.0.1'] */
	noun props;   /* list of [%prop name tier events] */
	noun base;    /* an ovum in place of the one that brings %base; or 0 */
	bool lite;    /* %boot's lit */
	bool verbose;
	enum boot_order order;
};

/* Where boot events come from, in words, and why there are none. */
struct boot {
	noun events;      /* list */
	uint64_t life;    /* of them, how many the lifecycle has to make */
	noun cache;       /* of a %cash: list of [[subject formula] product] */
	const char *name; /* "brass": as pill.h; or NULL */
};

/* The order that was in use when the kernel of this pill was new. */
enum boot_order boot_order(noun pill);

/* NULL, or why there is no boot from this noun, in words. */
const char *boot_events(noun pill, const struct boot_opts *o, struct boot *out);

/*
 * The ovum %wyrd, of this start and release of the runtime, as in boot_opts:
 * it names the newest kelvins that we know of, which do for older kernels.
 */
noun boot_wyrd(noun tag, noun version);

/* The @da of a time of Unix. */
noun boot_date(int64_t seconds, uint32_t nanoseconds);

/* And back: nanoseconds since 1970; those before, and after 2262, are cut. */
int64_t boot_unix(noun date);

/*
 * Keep the products of a %cash where %memo and the memo jets find them, each
 * until it is asked for.  Nobody knows if they are right: what asks for one
 * takes it.
 */
void boot_cache(noun cache);

/* The cache of a pill, 0 if it has none: NULL, or why it is no pill. */
const char *boot_cached(noun pill, noun *cache);

#endif
