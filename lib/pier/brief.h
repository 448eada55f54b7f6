/*
 * brief -- a noun as text (text.h) in a line that is not long.
 */
#ifndef BRIEF_H
#define BRIEF_H

#include <stddef.h>

#include "text.h"

enum { BRIEF_DOTS = 4 }; /* the room that the end takes: "...", and 0 */

/*
 * Put the text of n, as the options have it, into to[0..size) as a C string;
 * one that does not fit in size - BRIEF_DOTS bytes ends in "...".  May bail
 * meme or over; never collects.
 */
void brief_put(char *to, size_t size, noun n, struct text_opts o);

#endif
