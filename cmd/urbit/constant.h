/*
 * constant -- Hoon that is a noun written out, which needs no compiler.
 *
 * It is text.h's notation of nouns; where Hoon takes it too, it comes to the
 * same there.  So what scripts send to a ship is made without a pill.
 */
#ifndef CONSTANT_H
#define CONSTANT_H

#include <stdbool.h>
#include <stddef.h>

#include "noun.h"

/* Is p[0..n) one?  Its noun then.  Never collects. */
bool constant_read(const char *p, size_t n, noun *out);

#endif
