/*
 * Bytes are a jam of [index sample door], or nothing: the jet of that index
 * is run on the sample, in the door.  It gives a noun, crashes or passes;
 * memory and time are limited, as a sample may ask for a lot of either.
 */
#include <stdlib.h>

#include "bail.h"
#include "heap.h"
#include "jam.h"
#include "jet.h"
#include "limit.h"
#include "mug.h"
#include "nock.h"
#include "shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static jet_fn *const jets[] = {
#define X(path, arm, name, kelvins) jet_##name,
    JETS(X)
#undef X
};

enum { JETS_N = sizeof jets / sizeof *jets, TIME_NS = 200000000 };

struct call {
	jet_fn *jet;
	noun sample, door;
};

static void
run(void *arg)
{
	struct call *c = arg;
	noun product = c->jet(c->sample, cons3(0, c->door, 0));

	if (product != JET_PASS)
		mug(product); /* reads all of it */
}

static void
run_limited(void *arg)
{
	enum bail kind = nock_trap(run, arg, TIME_NS);

	if (kind != BAIL_NONE)
		bail(kind);
}

static void
start(void)
{
	struct nock_opts o = {.alarm = limit_alarm};

	if (heap_init(&(struct heap_opts){.limit = (size_t)1 << 28}) != 0)
		abort();
	nock_init(&o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cue_fault fault;
	noun all, index;
	struct call c;
	noun *top;

	if (heap.base == NULL)
		start();
	if (cue(p, n, &all, &fault) != 0 ||
	    !uncons3(all, &index, &c.sample, &c.door) || !is_direct(index))
		return 0;
	c.jet = jets[direct_value(index) % JETS_N];
	top = stack_top();
	trap_run(run_limited, &c);
	if (stack_top() != top)
		abort();
	heap_safepoint();
	return 0;
}
