/*
 * knot -- numbers as the knots of a wire, the way Hoon's scot writes them.
 *
 *     @ud   12, 1.234         decimal, a dot before every three digits
 *     @uv   0v0, 0vg.00031    base 32, a dot before every five
 *
 * Making one may bail meme; nothing here collects.
 */
#ifndef KNOT_H
#define KNOT_H

#include "noun.h"

/* Atoms of more bytes than this are not written. */
enum { KNOT_BYTES = 1024 };

noun knot_ud(uint64_t n);

/* Its other half: false if the knot is no such number. */
bool knot_ud_read(noun knot, uint64_t *n);

/* a has at most KNOT_BYTES bytes. */
noun knot_uv(noun a);

#endif
