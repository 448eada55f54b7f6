/*
 * info -- what conn answers of itself: /help, the paths that there are;
 * /khan, whether threads can be run; /info, what was counted, as Hoon's
 * $mass, (pair cord (each * (list mass))).
 */
#ifndef INFO_H
#define INFO_H

#include "noun.h"

/* Is the path ours, and what is there, as a unit?  May bail. */
bool info_peel(noun path, noun *unit);

#endif
