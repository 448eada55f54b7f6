/*
 * event -- for benchmarks of a pier in this process: the machine, and events
 * that every kernel takes.
 */
#ifndef EVENT_H
#define EVENT_H

#include <err.h>

#include "atom.h"
#include "heap.h"
#include "jetwatch.h"
#include "nock.h"
#include "pier.h"
#include "shape.h"

static inline void
begin_machine(void *arg)
{
	(void)arg;
	nock_init(NULL);
	jetwatch_init();
}

static inline void
start_machine(void)
{
	if (heap_init(NULL) < 0 || trap_run(begin_machine, NULL) != BAIL_NONE)
		errx(111, "machine");
}

/* Under a trap: [now //arvo %wack n]. */
static inline void
make_event(void *arg)
{
	struct pier *p = arg;
	noun wire = cons3(0, atom_cord("arvo"), 0);
	noun card = cons(atom_cord("wack"), direct(p->event));
	uint64_t seconds = 2000000000 + p->event;

	p->work.event = cons3(boot_date((int64_t)seconds, 0), wire, card);
}

/* The next event, durable. */
static inline void
work_event(struct pier *p)
{
	if (trap_run(make_event, p) != BAIL_NONE || pier_poke(p) != PIER_OK ||
	    log_commit(&p->log) != LOG_OK)
		errx(111, "event: %s", p->why);
}

#endif
