/*
 * plan -- the events that a ship begins with: of a new one, from the options
 * and a pill (boot.h); or of one that is there, from its log.
 *
 * With --seed chance and the clock are not asked: the entropy is the SHA-512
 * of the seed, and the time before the first event ~2024.1.1.  The name of
 * this start in %wyrd is made from the entropy.
 *
 * What is read here stays in roots until plan_drop().  Nothing collects.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>

#include "boot.h"
#include "pier.h"

struct plan {
	struct boot boot;
	struct pier_facts facts; /* of a new ship */
};

extern struct plan plan;

/* Take the events from the options: 0, or the exit code. */
int plan_read(void);

/* Take the first ones of a pier: likewise. */
int plan_from_pier(struct pier *p);

/* Is this the ship that -F names, or is there no -F?  As the fact "who". */
bool plan_is(const char *who);

/* Let go of the nouns. */
void plan_drop(void);

#endif
