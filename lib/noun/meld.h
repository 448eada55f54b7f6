/*
 * meld -- a noun of the image, written out anew with each of its parts once.
 *
 * Nothing that is dead comes along, and of equal nouns only one.  The new
 * cells and boxed atoms come out as they will lie in memory, one behind the
 * other from two given addresses on, parts before wholes; nothing of them is
 * kept here.  It takes about 18 bytes of scratch memory for each cell of the
 * image.
 */
#ifndef MELD_H
#define MELD_H

#include "noun.h"

/* Both return 0 to go on. */
struct meld_sink {
	/* n cells, and their mugs. */
	int (*cells)(struct meld_sink *, const noun *words,
	    const uint32_t *mugs, size_t n);

	/* n words of boxed atoms: headers with mugs, and limbs. */
	int (*atoms)(struct meld_sink *, const uint64_t *words, size_t n);
};

/*
 * Write n, which must be in the image or direct, for cells from the address
 * `cells` on and atoms from `atoms` on.  0 with *out the noun as it is
 * there, or what the sink returned.  May bail meme; never collects.
 */
int meld(
    struct meld_sink *s, noun n, uint64_t cells, uint64_t atoms, noun *out);

#endif
