/*
 * scot -- an atom as text, the way its aura says: ~zod, 0v1a, 1.024.
 *
 * For those who have no kernel to ask.
 */
#ifndef SCOT_H
#define SCOT_H

#include "noun.h"

/*
 * The text of an atom of an aura, a term: "p", "uw".  One that there is not
 * prints in hexadecimal, as in Hoon.  False for floats, and for what is none
 * of its aura, text that is not UTF-8.  May bail meme; never collects.
 */
bool scot_cord(noun aura, noun a, noun *cord);

#endif
