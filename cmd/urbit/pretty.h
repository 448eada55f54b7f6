/*
 * pretty -- a noun as Vere's eval -c prints it, which scripts take apart.
 *
 *     26984     an atom under 65,536, in decimal, without dots
 *     %base     one of a-z, - and, but at its ends, digits
 *     '~zod'    one of other ASCII from the space on, as it is, \ and ' too
 *     0x1f2e3d  any other, in hexadecimal, without dots
 *     [1 2 3]   cells, which associate to the right
 *
 * It cannot be read back in all cases; what can is text.h's.
 */
#ifndef PRETTY_H
#define PRETTY_H

#include "noun.h"

/* A line on standard output.  0, or the exit code. */
int pretty_put(noun n);

#endif
