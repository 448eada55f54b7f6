/*
 * tally -- the memory of several nouns, one after the other: what an earlier
 * one has is not counted again.
 *
 *     struct tally t;
 *
 *     tally_open(&t);
 *     a = tally_add(&t, first);
 *     b = tally_add(&t, second);     what second has and first has not
 *     tally_close(&t);
 *
 * While it is open nothing may be made, and nothing moves.
 */
#ifndef TALLY_H
#define TALLY_H

#include "marks.h"

struct tally {
	struct marks marks;
	char *scratch;
};

/* May bail meme. */
void tally_open(struct tally *t);

/* Bytes of the cells, and of the boxed atoms, that are met first here.  May
 * bail meme, or over. */
uint64_t tally_add(struct tally *t, noun n);

void tally_close(struct tally *t);

#endif
