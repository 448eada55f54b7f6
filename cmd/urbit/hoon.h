/*
 * hoon -- expressions, compiled and run by the kernel of an ivory pill, or of
 * a ship.
 *
 * The kernel, once loaded, is a registered root.
 */
#ifndef HOON_H
#define HOON_H

#include <stddef.h>

#include "bail.h"
#include "noun.h"

/*
 * Make the kernel of this pill.  If it is NULL, take the one of the ship whose
 * PIER/.run we are called as, as its image has it; or make that of the newest
 * pill in the cache.  0, or the exit code.  Collects.
 */
int hoon_load(const char *pill);

/* After the last expression. */
void hoon_end(void);

/*
 * Run an expression, under the limit of time.  BAIL_NONE and its product, or
 * how it failed; nock_trace() has then where.  Collects.
 */
enum bail hoon_run(const char *p, size_t n, noun *product);

/* The same, but the tank that the dojo shows for the product. */
enum bail hoon_show(const char *p, size_t n, noun *tank);

#endif
