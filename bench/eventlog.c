/*
 * The event log with the kernel: events made durable, computed again, put
 * into the image; and how soon a ship is there.
 *
 * BENCH_PIER=DIR: a pier of a real ship, of which a copy is used; without it
 * its rows are left out.
 */
#include <unistd.h>

#include "bench.h"
#include "event.h"
#include "shell.h"

enum { EVENTS = 20000, CHECKPOINTS = 50 };

/* -------- the mini kernel, through the tools -------- */

static void
fresh(void *arg)
{
	(void)arg;
	must("rm -rf %s/pier && cp -r %s/booted %s/pier", dir, dir, dir);
}

static void
append(void *arg)
{
	(void)arg;
	must("%s/eventlog append -q -o newt %s/pier <%s/in >/dev/null", bin(),
	    dir, dir);
}

static void
replay(void *arg)
{
	(void)arg;
	must("%s/eventlog replay -q --full --check %s/pier", bin(), dir);
}

static void
start(void *arg)
{
	must("%s/eventlog replay -q %s", bin(), (const char *)arg);
}

static void
make_pier(void)
{
	make_dir();
	must("%s/boot -q -F nec -B %s/mini.pill --seed 01 %s/booted "
	     "2>/dev/null",
	    bin(), bin(), dir);
	must("seq -f '[[%%%%echo 0] %%%%echo %%.0f]' 1 %d | "
	     "%s/jam -i text -o newt >%s/in",
	    EVENTS, bin(), dir);
}

static void
mini(void)
{
	bench_run(&(struct bench){.row = "eventlog append",
	    .input = "mini kernel, durable",
	    .unit = "k/s",
	    .run = append,
	    .idle = fresh,
	    .amount = EVENTS / 1e3});
	bench_run(&(struct bench){.row = "eventlog replay",
	    .input = "mini kernel, with mugs",
	    .unit = "k/s",
	    .run = replay,
	    .amount = EVENTS / 1e3});
}

/* -------- checkpoints, in this process -------- */

static void
one_event(struct pier *p, double *ms, double *kib)
{
	double begin;

	work_event(p);
	begin = bench_now();
	if (pier_save(p) != PIER_OK)
		errx(111, "checkpoint: %s", p->why);
	*ms = (bench_now() - begin) * 1e3;
	*kib = (double)p->store.written / 1024;
}

static void
checkpoints(const char *pier, const char *input)
{
	double ms[CHECKPOINTS], kib[CHECKPOINTS];
	struct pier p;
	enum pier_got got;

	start_machine();
	if (pier_open(&p, pier, true) != PIER_OK)
		errx(111, "%s: %s", pier, p.why);
	while ((got = pier_next(&p, false)) == PIER_OK)
		;
	if (got != PIER_END)
		errx(111, "%s: %s", pier, p.why);
	for (int i = 0; i < CHECKPOINTS; i++)
		one_event(&p, &ms[i], &kib[i]);
	bench_row("checkpoint", input, "ms", ms, CHECKPOINTS, 0);
	bench_row("checkpoint: written", input, "KiB", kib, CHECKPOINTS, 0);
	pier_close(&p);
	jetwatch_end(0);
	nock_free();
	heap_free();
}

/* -------- a real ship -------- */

static void
real(const char *pier)
{
	char copy[200];

	snprintf(copy, sizeof copy, "%s/real", dir);
	must("cp -r '%s' %s", pier, copy);
	must("%s/eventlog replay -q %s", bin(), copy);
	bench_run(&(struct bench){.row = "start",
	    .input = "a booted pier",
	    .unit = "ms",
	    .run = start,
	    .arg = copy});
	checkpoints(copy, "one event, Arvo");
}

int
main(void)
{
	const char *pier = getenv("BENCH_PIER");
	char copy[200];

	make_pier();
	mini();
	fresh(NULL);
	snprintf(copy, sizeof copy, "%s/pier", dir);
	checkpoints(copy, "one event, mini kernel");
	if (pier)
		real(pier);
	else
		printf("# no BENCH_PIER\n");
	must("rm -rf %s", dir);
	return 0;
}
