/*
 * kernel -- the core that an ivory pill makes: Hoon's compiler and library.
 *
 *     %ivory    [%ivory formula trap ... 0]     events: the tail
 *     old       [[formula 0] 0 0]               events: the head
 *     old       [formula 0]                     events: all of it
 *
 * The kernel is part 7 of what the lifecycle function, [2 [0 3] 0 2], makes
 * of the events.  Its arm 10, wish, is a gate from the text of an expression
 * to its product.
 *
 * Whatever runs here may bail and may collect.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include "noun.h"

/* Does n look like an ivory pill?  Its events then.  Never collects. */
bool kernel_events(noun n, noun *events);

/* The kernel of events; exit if they are none. */
noun kernel_make(noun events);

/* Compile the text, a cord, and run it.  Exit if it is wrong, or crashes. */
noun kernel_wish(noun kernel, noun text);

#endif
