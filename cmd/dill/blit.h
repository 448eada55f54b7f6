/*
 * blit -- what Arvo wants done to the terminal.
 *
 *     [%bel ~]            ring
 *     [%clr ~]            clear the screen
 *     [%hop x]            the cursor, on the last row
 *     [%hop x y]          the cursor; rows count from the top
 *     [%klr stub]         a list of [stye (list @c)], at the cursor
 *     [%lin (list @c)]    the last row is this; of kernels before %put
 *     [%mor (list blit)]  several; [%mor ~] is a newline, as it was then
 *     [%nel ~]            newline
 *     [%put (list @c)]    at the cursor, which stays where it is
 *     [%sag path noun]    its jam to a file
 *     [%sav path atom]    its bytes to a file
 *     [%url cord]         an address to visit, which the text shows anyway
 *     [%wyp ~]            wipe the row of the cursor
 *
 * What is none of these is counted and passed over.  One effect may do
 * BLIT_STEPS things, characters counted: a noun of a few bytes can mean
 * more than a machine's life of them.
 */
#ifndef BLIT_H
#define BLIT_H

#include "screen.h"

enum { BLIT_STEPS = 1 << 22 };

struct blit {
	struct screen *screen;
	/* %sav, and %sag with its jam.  May bail.  NULL: not done. */
	void (*save)(void *arg, noun path, noun bytes);
	void *arg;
	uint64_t unknown; /* that were no blits */

	size_t steps; /* blit_run()'s own: left of BLIT_STEPS */
};

/*
 * Do what a list of blits says.  False if that was too much, and the rest of
 * it is not done.  May bail; then what came before it is done.
 */
bool blit_run(struct blit *b, noun list);

#endif
