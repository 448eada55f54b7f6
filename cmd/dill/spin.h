/*
 * spin -- the bar that turns at the cursor while something is computed for
 * long, with what it is:
 *
 *     |«behn»   /«behn»   -«behn»   \«behn»
 *
 * It comes SPIN_COOL ms after it was asked for, so that what is soon done
 * does not flicker; SPIN_WARM where another was seen less than SPIN_IDLE ago.
 */
#ifndef SPIN_H
#define SPIN_H

#include <stddef.h>
#include <stdint.h>

#include "noun.h"

enum { SPIN_COOL = 400, SPIN_WARM = 50, SPIN_IDLE = 500, SPIN_RATE = 250 };

enum { SPIN_LABEL = 16, SPIN_ROOM = SPIN_LABEL + 3 };

struct spin {
	uint32_t label[SPIN_LABEL];
	size_t n;
	unsigned turn;
};

/*
 * Begin to turn; what a key came to (`belt`) needs no name.  What is not
 * printable in the label is left out, and its end if it is long.
 */
void spin_begin(struct spin *s, noun label);

/* What it looks like next, in code points.  How many. */
size_t spin_turn(struct spin *s, uint32_t to[SPIN_ROOM]);

#endif
