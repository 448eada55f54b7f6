#include "cash.h"

#include <inttypes.h>

#include "atom.h"
#include "bail.h"
#include "boot.h"
#include "heap.h"
#include "jets.h"
#include "kernel.h"
#include "nock.h"
#include "options.h"
#include "shape.h"
#include "times.h"
#include "tool.h"

enum { SLOW = 100000, ROUNDS = 9, DAY = 1704067200 /* 2024-01-01 */ };

/* Roots: what is run moves nouns. */
static struct {
	noun pill;
	noun events, life; /* lists */
	noun kernel, cache;
} c;

static struct heap_root root = {&c.pill, sizeof c / sizeof(noun), NULL};

static uint64_t found;

static void
keep(void *arg, noun subject, noun formula, noun product)
{
	(void)arg;
	c.cache = cons(cons(cons(subject, formula), product), c.cache);
	found++;
}

/* -------- one boot -------- */

/* What is to be run, of the ship that all boots begin with. */
static void
plan_boot(void)
{
	struct boot_opts o = {
	    .vent = cons(atom_cord("fake"), 0),
	    .now = boot_date(DAY, 0),
	    .tag = atom_cord("0v0"),
	    .version =
	        cons3(atom_cord("nockutils"), atom_cord("~." TOOL_VERSION), 0),
	    .order = boot_order(c.pill),
	};
	struct boot b;

	if (boot_events(c.pill, &o, &b) != NULL)
		bail(BAIL_EXIT);
	c.events = b.events;
	for (c.life = 0; b.life > 0; b.life--) {
		c.life = cons(head(c.events), c.life);
		c.events = tail(c.events);
	}
	c.life = list_flop(c.life);
}

static void
run_boot(void)
{
	noun product;

	c.kernel = kernel_boot(c.life);
	for (; c.events != 0; c.events = tail(c.events)) {
		heap_safepoint();
		product = kernel_poke(c.kernel, head(c.events));
		if (is_atom(product) || is_atom(tail(product)))
			bail(BAIL_EXIT);
		c.kernel = tail(product);
	}
	c.kernel = 0;
}

/* How many more products were found to be slow. */
static uint64_t
look_once(void)
{
	static const struct jets_slow slow = {
	    .spent = times_made, .least = SLOW, .tell = keep};
	uint64_t before = found;

	plan_boot();
	nock_memo_clear();
	boot_cache(c.cache);
	times_begin();
	jets_on_slow(&slow);
	run_boot();
	jets_on_slow(NULL);
	times_end();
	return found - before;
}

noun
cash_make(noun pill)
{
	c.pill = pill;
	heap_root_add(&root);
	for (int i = 0; i < ROUNDS; i++) {
		tool_say(options.solid,
		    "its boot, with %" PRIu64 " products known", found);
		if (look_once() == 0)
			break;
	}
	heap_root_remove(&root);
	return list_flop(c.cache);
}
