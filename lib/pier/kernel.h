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

#include "bail.h"
#include "noun.h"

/* Does n look like an ivory pill?  Its events then.  Never collects. */
bool kernel_events(noun n, noun *events);

/* The kernel of events; exit if they are none. */
noun kernel_make(noun events);

/* -------- Arvo: arms load 4, peek 22, poke 23, wish 10 -------- */

/*
 * *[event-list 2 [0 3] 0 2], part 7: the core after a ship's first events,
 * which are no [now ovum] but make each other.
 */
noun kernel_boot(noun events);

/* Give the kernel an event, [now ovum]: [effects kernel]. */
noun kernel_poke(noun kernel, noun event);

/*
 * As an event is worked for good: one that crashes is worked again as Arvo
 * wants to hear of it, [now //arvo %crud goof ovum].  So is one at which the
 * machine failed, by meme, over, intr or time, if tell(kind) says so; NULL:
 * it never does.
 *
 *   BAIL_NONE   w->kernel and w->effects are new; w->event is what counts,
 *               to be logged: what was given, or the %crud
 *   BAIL_EXIT   both failed, the %crud by a crash; nothing happened
 *   any other   the machine failed, which is no answer; nothing happened
 *
 * Unless it is BAIL_NONE, w->goofs tells of each try, [kind tang].  Bails only
 * if there is no memory left to say so.
 */
enum { KERNEL_WORK = 4 };

/* The caller has all four registered as one heap_root. */
struct kernel_work {
	noun kernel, event; /* given, and taken further */
	noun effects, goofs;
};

enum bail kernel_work(struct kernel_work *w, bool (*tell)(enum bail kind));

/* Ask without changing anything: (unit (cask)), or as the kernel has it. */
noun kernel_peek(noun kernel, noun sample);

/* Compile the text, a cord, and run it.  Exit if it is wrong, or crashes. */
noun kernel_wish(noun kernel, noun text);

#endif
