#include "style.h"

#include <stdio.h>

#include "atom.h"
#include "shape.h"

/* A set is a tree, which has four at most; one that is larger is a trick. */
enum { DECO_DEPTH = 4 };

static uint32_t
deco_of(noun set, unsigned depth)
{
	noun item, left, right;
	uint32_t one;

	if (depth == 0 || !uncons3(set, &item, &left, &right))
		return 0;
	one = !is_atom(item)      ? 0
	    : atom_is(item, "br") ? STYLE_BOLD
	    : atom_is(item, "un") ? STYLE_LINE
	    : atom_is(item, "bl") ? STYLE_BLINK
	                          : 0;
	return one | deco_of(left, depth - 1) | deco_of(right, depth - 1);
}

static uint32_t
byte_of(noun n)
{
	return is_direct(n) ? direct_value(n) & 0xff : 0;
}

static uint32_t
tint_of(noun tint)
{
	static const char letters[] = "krgybmcw";
	noun red, green, blue;

	if (uncons3(tint, &red, &green, &blue))
		return STYLE_TRUE | byte_of(red) << 16 | byte_of(green) << 8 |
		    byte_of(blue);
	if (!is_direct(tint))
		return 0;
	for (uint32_t i = 0; letters[i] != '\0'; i++)
		if (direct_value(tint) == (uint64_t)letters[i])
			return STYLE_EIGHT | i;
	return 0;
}

struct style
style_of(noun stye)
{
	struct style s = {0};
	noun deco, back, fore;

	if (!uncons3(stye, &deco, &back, &fore))
		return s;
	s.deco = deco_of(deco, DECO_DEPTH);
	s.back = tint_of(back);
	s.fore = tint_of(fore);
	return s;
}

/* ";31", ";38;5;244" or ";38;2;1;2;3"; nothing for the terminal's own. */
static size_t
colour_write(uint32_t c, char ground, char *to, size_t room)
{
	unsigned v = c & 0xffffff;

	switch (c & ~0xffffffu) {
	case STYLE_EIGHT:
		return (size_t)snprintf(to, room, ";%c%u", ground, v & 7);
	case STYLE_PALETTE:
		return (size_t)snprintf(to, room, ";%c8;5;%u", ground, v & 255);
	case STYLE_TRUE:
		return (size_t)snprintf(to, room, ";%c8;2;%u;%u;%u", ground,
		    v >> 16, v >> 8 & 255, v & 255);
	default:
		return 0;
	}
}

size_t
style_write(struct style s, char to[STYLE_ROOM])
{
	size_t n = (size_t)snprintf(to, STYLE_ROOM, "\033[%s%s%s%s",
	    s.deco || s.fore || s.back ? "0" : "",
	    s.deco & STYLE_BOLD ? ";1" : "", s.deco & STYLE_LINE ? ";4" : "",
	    s.deco & STYLE_BLINK ? ";5" : "");

	n += colour_write(s.back, '4', to + n, STYLE_ROOM - n);
	n += colour_write(s.fore, '3', to + n, STYLE_ROOM - n);
	to[n++] = 'm';
	return n;
}
