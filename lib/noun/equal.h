/*
 * equal -- are two nouns the same?
 *
 * Stops at equal words and at known mugs that differ.  Where two distinct
 * cells turn out equal, their parents are made to share the older of the
 * two, so that comparing them again is immediate and structures that lost
 * their sharing are compared in linear time.  This never makes an older
 * cell point to a younger one.  Nor is a cell of the image written to; what
 * was found equal there is remembered beside it.  May bail meme (scratch
 * memory); never collects.
 */
#ifndef EQUAL_H
#define EQUAL_H

#include "noun.h"

/* Out of line: two different words that may still be equal nouns. */
bool equal_deep(noun a, noun b);

/*
 * The same in at most *steps steps of a cell each, which are taken off it:
 * for who compares with many that are likely to differ only far down.
 */
enum equality { EQUAL_NO, EQUAL_YES, EQUAL_UNSURE };

enum equality equal_within(noun a, noun b, uint64_t *steps);

static inline bool
equal(noun a, noun b)
{
	if (a == b)
		return true;
	if (!(a & b & 1) || ((a ^ b) & 2)) /* direct, or of different kinds */
		return false;
	return equal_deep(a, b);
}

#endif
