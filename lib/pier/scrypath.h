/*
 * scrypath -- a path as people write it, /cx/~zod/base/1/sys/kelvin, as what
 * the kernel's arm peek takes.
 *
 *     /VIEW/SHIP/DESK/CASE/SPUR...     [0 path]
 *     /VIEW/=/DESK/=/SPUR...           [1 %once view desk spur]
 *
 * An = stands for this ship, and for now.
 */
#ifndef SCRYPATH_H
#define SCRYPATH_H

#include <stdbool.h>

#include "noun.h"

/* Places of knots that may be an =. */
enum { SCRYPATH_SHIP = 1, SCRYPATH_CASE = 3 };

/* The knots of a path: false if it does not begin with a /.  May bail. */
bool scrypath_knots(const char *text, noun *path);

/* Is the case there, and so all before it? */
bool scrypath_whole(noun path);

/* Is the knot at that place an =, or missing? */
bool scrypath_open(noun path, unsigned place);

/* The path with another knot at that place, which there is.  May bail. */
noun scrypath_put(noun path, unsigned place, noun knot);

/*
 * The nom of a path with neither = or both; false if it is too short, or has
 * but one of them.  May bail.
 */
bool scrypath_nom(noun path, noun *nom);

#endif
