#include "times.h"

#include <inttypes.h>
#include <stdio.h>

#include "clock.h"
#include "heap.h"
#include "nock.h"
#include "tell.h"

static uint64_t began, ran, collected, cells;

static uint64_t
in_nursery(void)
{
	const struct region *r = &heap.region[NURSERY_CELLS];

	return (uint64_t)(r->top - r->base) / 16;
}

/* What lies in the nursery before it is emptied was made since the last time. */
static void
count(struct heap_hook *h, bool major)
{
	(void)h;
	(void)major;
	cells += in_nursery();
}

static struct heap_hook hook = {.done = count};

void
times_init(void)
{
	heap_hook_add(&hook);
}

void
times_begin(void)
{
	cells = 0 - in_nursery();
	collected = heap.stat.nanoseconds;
	began = clock_ns();
}

void
times_end(void)
{
	ran = clock_ns() - began;
	collected = heap.stat.nanoseconds - collected;
	cells += in_nursery();
}

uint64_t
times_ns(void)
{
	return ran;
}

uint64_t
times_cells(void)
{
	return cells;
}

uint64_t
times_made(void)
{
	return cells + in_nursery();
}

static void
tell_ms(const char *name, uint64_t ns)
{
	char line[80];

	snprintf(line, sizeof line, "%-13s %" PRIu64 ".%03u ms", name,
	    ns / 1000000, (unsigned)(ns / 1000 % 1000));
	tell_line(&tell_err, line);
}

static void
tell_count(const char *name, uint64_t n, const char *unit)
{
	char line[80];

	snprintf(line, sizeof line, "%-13s %" PRIu64 "%s", name, n, unit);
	tell_line(&tell_err, line);
}

void
times_tell(void)
{
	struct nock_stat s;
	uint64_t own;

	nock_stats(&s);
	own = ran -
	    (s.compile_ns + collected < ran ? s.compile_ns + collected : ran);
	tell_ms("compile:", s.compile_ns);
	tell_ms("run:", own);
	tell_ms("collect:", collected);
	tell_count("formulas:", s.formulas, "");
	tell_count("instructions:", s.instructions, "");
	tell_count("calls:", s.calls, "");
	tell_count("cells:", cells, "");
	tell_count("collections:", heap.stat.minor + heap.stat.major, "");
	tell_count("peak memory:", heap.stat.peak / 1024, " KiB");
	tell_flush(&tell_err);
}
