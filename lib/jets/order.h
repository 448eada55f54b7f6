/*
 * order -- the three orders of Hoon's maps and sets.
 *
 * dor is the plain order: equal nouns are in order, an atom comes before a
 * cell, atoms go by size and cells by their heads, then by their tails.
 * gor goes by mug and mor by the mug of the mug; both ask dor when the mugs
 * are the same.  Each is true when a comes before b, or is b.
 *
 * No recursion in C however deep the nouns are.  May bail meme (scratch
 * memory); never collects.
 */
#ifndef ORDER_H
#define ORDER_H

#include "noun.h"

bool order_dor(noun a, noun b);
bool order_gor(noun a, noun b);
bool order_mor(noun a, noun b);

#endif
