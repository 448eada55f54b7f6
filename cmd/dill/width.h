/*
 * width -- how much of a terminal's line a code point takes, and whether it
 * may be shown at all.
 *
 * The terminal decides, and terminals differ; this is what most do, from the
 * tables of Unicode 14.  Where they differ most, in sequences that join
 * several pictures into one, the joiners are not sent, so that each picture
 * stands by itself and the cursor is where we think.
 */
#ifndef WIDTH_H
#define WIDTH_H

#include <stdbool.h>
#include <stdint.h>

/* The columns of it: 0 for what is put onto the one before, 1, or 2. */
unsigned width_of(uint32_t code);

/* What is shown for it: itself, or something harmless. */
uint32_t width_shown(uint32_t code);

/* A joiner or a selector of variants: it is not sent. */
bool width_silent(uint32_t code);

#endif
