/*
 * cash -- what a pill's boot computes that is the same in every boot of it:
 * a list of [[subject formula] product], each product *[subject formula].
 *
 * It is found by booting the pill here, as ~zod, without a pier.  Taken are
 * the products of the compiler's memo jets that cost SLOW cells or more, some
 * milliseconds, and were not part of another.  A boot that has these asks for
 * some that were part of them before, and are slow now: so it is booted again
 * with what is known, until nothing is found to be slow.  Cells are counted,
 * and no time: the list is the same whenever it is made.
 */
#ifndef CASH_H
#define CASH_H

#include "noun.h"

/* The list.  May bail, exit where an event crashes; and may collect. */
noun cash_make(noun pill);

#endif
