/*
 * memo -- products kept by subject and formula, for the hint %memo.
 *
 * A bounded table; a new entry takes the place of an older one with the
 * same place.  Nothing here collects; both may bail meme.
 */
#ifndef MEMO_H
#define MEMO_H

#include "noun.h"

void memo_init(uint32_t max);
void memo_free(void);

/* True and *product if it is known. */
bool memo_get(noun subject, noun formula, noun *product);

void memo_put(noun subject, noun formula, noun product);

/*
 * The same, of a product that was computed elsewhere: it stays until it is
 * asked for.  Not kept if there are two in its place that do.
 */
void memo_pin(noun subject, noun formula, noun product);

/* May there be a pinned one of this formula? */
bool memo_pinned(noun formula);

/* Forget all. */
void memo_clear(void);

/* The parts of a collection: see struct heap_hook. */
void memo_roots(bool major);
void memo_done(bool major);

extern uint64_t memo_hits, memo_misses;

#endif
