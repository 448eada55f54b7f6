/*
 * style -- how a character looks: what a blit has of it, and what a terminal
 * is told.
 *
 *     stye    [(set deco) back fore]
 *     deco    ~  %br bold  %un underlined  %bl blinking
 *     tint    ~  %k %r %g %y %b %m %c %w  or [red green blue]
 */
#ifndef STYLE_H
#define STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "noun.h"

enum { STYLE_BOLD = 1, STYLE_LINE = 2, STYLE_BLINK = 4 };

/* Colours: 0 is the terminal's own. */
enum {
	STYLE_EIGHT = 1 << 24,   /* + 0..7 */
	STYLE_PALETTE = 2 << 24, /* + 0..255 */
	STYLE_TRUE = 3 << 24     /* + red, green, blue: a byte each */
};

struct style {
	uint32_t deco, fore, back;
};

static inline bool
style_same(struct style a, struct style b)
{
	return a.deco == b.deco && a.fore == b.fore && a.back == b.back;
}

/* The style of a stye; what is none of it, is left out. */
struct style style_of(noun stye);

enum { STYLE_ROOM = 64 };

/* The sequence that sets it, whatever was set before.  Its length. */
size_t style_write(struct style s, char to[STYLE_ROOM]);

#endif
