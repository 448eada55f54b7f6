#include "hoon.h"

#include <inttypes.h>

#include "atom.h"
#include "cache.h"
#include "clock.h"
#include "command.h"
#include "eval_options.h"
#include "heap.h"
#include "kernel.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "state.h"
#include "tell.h"
#include "tool.h"

/* show: the gate that makes the tank, when it was needed. */
static struct {
	noun kernel, show;
} hoon;

static struct heap_root root = {&hoon.kernel, 2, NULL};

/* -------- the kernel -------- */

static void
make(void *arg)
{
	noun *n = arg;

	*n = kernel_make(*n);
}

static int
make_kernel(const char *pill, noun events)
{
	uint64_t began = clock_ns();
	enum bail kind = trap_run(make, &events);

	if (kind != BAIL_NONE)
		tell_trace(&tell_err, nock_trace());
	if (kind == BAIL_EXIT)
		return tool_fail(
		    TOOL_DATA, pill, "crashed as its kernel was made (exit)");
	if (kind != BAIL_NONE)
		return load_gave_up(pill, kind);
	hoon.kernel = events;
	heap_root_add(&root);
	if (eval_options.verbose)
		tool_say(pill, "the kernel took %" PRIu64 " ms",
		    (clock_ns() - began) / 1000000);
	return 0;
}

static struct pier ship;

/* A kernel has the arm wish wherever it comes from. */
static int
take_ship(const char *pier)
{
	int code = state_open(&ship, pier);

	if (code != 0)
		return code;
	hoon.kernel = ship.work.kernel;
	heap_root_add(&root);
	return 0;
}

void
hoon_end(void)
{
	pier_close(&ship);
}

int
hoon_load(const char *pill)
{
	const char *pier = command_own_pier();
	noun n, events;
	int code;

	if (pill == NULL && pier != NULL)
		return take_ship(pier);
	if (pill == NULL)
		code = cache_ivory(&events, &pill);
	else if ((code = load_file(pill, &n)) == 0 &&
	    !kernel_events(n, &events))
		code = tool_fail(TOOL_DATA, pill, "is no ivory pill");
	return code ? code : make_kernel(pill, events);
}

/* -------- expressions -------- */

struct expression {
	const char *p;
	size_t n;
	noun product;
};

static void
run(void *arg)
{
	struct expression *e = arg;

	e->product = kernel_wish(hoon.kernel, atom_from_bytes(e->p, e->n));
}

/*
 * Compiled on the subject of the gate, which is wish's own, and shown with
 * the type that it has there.
 */
static void
show(void *arg)
{
	struct expression *e = arg;

	if (hoon.show == 0)
		hoon.show = kernel_wish(hoon.kernel,
		    atom_cord(
		        "|=(a=@t (sell (slap !>(+>.$) (rain /eval a))))"));
	e->product = nock_slam(hoon.show, atom_from_bytes(e->p, e->n));
}

static enum bail
run_limited(void (*f)(void *), const char *p, size_t n, noun *product)
{
	struct expression e = {p, n, 0};
	enum bail kind;

	limit_begin(eval_options.limit_ns);
	kind = trap_run(f, &e);
	limit_end();
	*product = e.product;
	return kind;
}

enum bail
hoon_run(const char *p, size_t n, noun *product)
{
	return run_limited(run, p, n, product);
}

enum bail
hoon_show(const char *p, size_t n, noun *tank)
{
	return run_limited(show, p, n, tank);
}
