/*
 * hoon -- expressions, compiled and run by the kernel of an ivory pill.
 *
 * The kernel, once loaded, is a registered root.
 */
#ifndef HOON_H
#define HOON_H

#include <stddef.h>

#include "bail.h"
#include "noun.h"

/*
 * Make the kernel of this pill, or if it is NULL of the newest in the cache.
 * 0, or the exit code.  Collects.
 */
int hoon_load(const char *pill);

/*
 * Run an expression, under the limit of time.  BAIL_NONE and its product, or
 * how it failed; nock_trace() has then where.  Collects.
 */
enum bail hoon_run(const char *p, size_t n, noun *product);

/* The same, but the tank that the dojo shows for the product. */
enum bail hoon_show(const char *p, size_t n, noun *tank);

#endif
