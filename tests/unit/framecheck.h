/*
 * framecheck -- frame_head() by its definition: from the noun that the jam
 * is.  Nothing here collects.
 */
#ifndef FRAMECHECK_H
#define FRAMECHECK_H

#include <string.h>

#include "atom.h"
#include "frame.h"
#include "jam.h"
#include "shape.h"

static inline uint64_t
framecheck_word(noun n)
{
	uint64_t v;

	return is_atom(n) && atom_to_word(n, &v) ? v : FRAME_LONG;
}

/* [wire tag data] */
static inline bool
framecheck_card(noun n, struct frame_head *h)
{
	noun wire, tag, data;
	unsigned i;

	if (!uncons3(n, &wire, &tag, &data) || !is_atom(tag))
		return false;
	for (i = 0; is_cell(wire); wire = tail(wire), i++) {
		if (!is_atom(head(wire)) || i == FRAME_KNOTS)
			return false;
		if (i < 2)
			h->knot[i] = framecheck_word(head(wire));
	}
	h->tag = framecheck_word(tag);
	return wire == 0;
}

/* What follows the tag of a message. */
static inline bool
framecheck_rest(noun n, struct frame_head *h)
{
	h->id = framecheck_word(is_cell(n) ? head(n) : n);
	switch (h->frame) {
	case FRAME_POKE:
		return is_cell(n) && is_atom(head(n)) &&
		    framecheck_card(tail(n), h);
	case FRAME_PEEK:
	case FRAME_PEEL:
	case FRAME_URTH:
	case FRAME_DONE:
	case FRAME_BAIL:
	case FRAME_GONE:
		h->word = is_cell(n) ? framecheck_word(tail(n)) : 0;
		return is_cell(n) && is_atom(head(n));
	default:
		return true;
	}
}

static inline bool
framecheck_noun(noun n, struct frame_head *h)
{
	if (is_atom(n))
		return false;
	h->frame = FRAME_CARD;
	if (is_cell(head(n)))
		return framecheck_card(n, h);
	h->frame = FRAME_OTHER;
#define X(name, word, rest)         \
	if (atom_is(head(n), word)) \
		h->frame = FRAME_##name;
	FRAMES(X)
#undef X
	h->tag = framecheck_word(head(n));
	return framecheck_rest(tail(n), h);
}

/* Is it told alike of the jam p[0..n), of this noun? */
static inline bool
framecheck(const uint8_t *p, size_t n, noun whole)
{
	struct frame_head got, want = {0};

	frame_head(p, n, &got);
	if (!framecheck_noun(whole, &want))
		want = (struct frame_head){.frame = FRAME_BAD};
	return got.frame == want.frame && got.tag == want.tag &&
	    got.id == want.id && got.knot[0] == want.knot[0] &&
	    got.knot[1] == want.knot[1] && got.word == want.word;
}

#endif
