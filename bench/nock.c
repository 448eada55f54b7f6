/*
 * The machine, on the formulas of $NOCKUTILS_DATA/bench/nock: each file is
 * the jam of [subject formula].  A round runs what a cue has made outside
 * of the time; memory is collected between rounds.
 */
#include "bail.h"
#include "bench.h"
#include "equal.h"
#include "heap.h"
#include "jam.h"
#include "nock.h"
#include "shape.h"
#include "text.h"

static const char *const names[] = {"dec200k", "ack35", "ack36", "fib24",
    "slam500k", "slamdyn", "list100k", "deep1m", "tree16k", "churn1m"};

enum { NAMES = sizeof names / sizeof *names, CALLS = 1000000 };

/* The work of the row, and the root of its noun. */
struct work {
	noun pair;
	struct heap_root root;
};

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench/nock: %s\n", what);
	exit(111);
}

static noun
parse(const char *s)
{
	struct text_fault f;
	noun n;

	must(text_read(s, strlen(s), &n, &f) == 0, s);
	return n;
}

static void
run_pair(void *arg)
{
	struct work *w = arg;

	nock(head(w->pair), tail(w->pair));
}

/* A row: a run that bails is no measurement. */
static void
run_once(void *arg)
{
	must(trap_run(run_pair, arg) == BAIL_NONE, "it bailed");
}

static void
collect(void *arg)
{
	(void)arg;
	heap_collect(HEAP_MAJOR);
}

/* -------- against Vere -------- */

/* Vere's Y for the row, from the reference; 0 if it is not known. */
static double
reference(const char *name)
{
	FILE *f = fopen("bench/reference.tsv", "r");
	char line[512], input[100];
	double ms, y, found = 0;

	if (f == NULL)
		return 0;
	while (fgets(line, sizeof line, f))
		if (sscanf(line, "nock\t%99[^\t]\t%lf\t%lf", input, &ms, &y) ==
		        3 &&
		    strcmp(input, name) == 0)
			found = y;
	fclose(f);
	return found;
}

/* How many times Vere's speed, by Y; product of them, and how many. */
static double product = 1;
static unsigned compared;

/*
 * As bench_run(), keeping the factor to Vere for the mean of all rows, and
 * what share of the time went to collections.
 */
static double
measure(const char *name, struct work *w)
{
	double v[BENCH_ROUNDS], y[BENCH_ROUNDS], theirs = reference(name);
	uint64_t ns = 0, before;
	double all = 0, yard;

	for (int i = 0; i < BENCH_ROUNDS; i++) {
		y[i] = bench_time(bench_yardstick, NULL) * 1e3;
		collect(NULL);
		before = heap.stat.nanoseconds;
		v[i] = bench_time(run_once, w) * 1e3;
		ns += heap.stat.nanoseconds - before;
		all += v[i];
	}
	yard = bench_median(y, BENCH_ROUNDS);
	bench_row("nock", name, "ms", v, BENCH_ROUNDS, yard);
	if (theirs > 0) {
		product *= theirs / (v[BENCH_ROUNDS / 2] / yard);
		compared++;
	}
	return (double)ns / 1e4 / all;
}

/* The x with x^n = product, by halving. */
static double
geometric_mean(void)
{
	double low = 1e-6, high = 1e6, x, power;

	for (int i = 0; i < 200; i++) {
		x = (low + high) / 2;
		power = 1;
		for (unsigned n = 0; n < compared; n++)
			power *= x;
		if (power < product)
			low = x;
		else
			high = x;
	}
	return low;
}

static bool
load(const char *name, struct work *w)
{
	struct bench_bytes in;
	struct cue_fault fault;
	char path[200];

	snprintf(path, sizeof path, "bench/nock/%s.jam", name);
	if (!bench_data(&in, path))
		return false;
	must(cue(in.p, in.n, &w->pair, &fault) == 0, path);
	free(in.p);
	w->root = (struct heap_root){.p = &w->pair, .n = 1};
	heap_root_add(&w->root);
	return true;
}

static void
formulas(void)
{
	double share[NAMES], one[1];

	for (unsigned i = 0; i < NAMES; i++) {
		struct work w;

		share[i] = -1;
		if (!load(names[i], &w))
			continue;
		share[i] = measure(names[i], &w);
		heap_root_remove(&w.root);
	}
	for (unsigned i = 0; i < NAMES; i++)
		if (share[i] >= 0)
			bench_row("collecting", names[i], "%", &share[i], 1, 0);
	if (compared == 0)
		return;
	one[0] = geometric_mean();
	bench_row("nock", "geometric mean", "x Vere", one, 1, 0);
}

/* -------- compiling -------- */

/*
 * Formulas that are all different: each a loop like those of Hoon, with
 * some thirty formulas in it, and the count of its turns is 1.
 */
static void
compile_many(void *arg)
{
	unsigned *next = arg;

	for (unsigned i = 0; i < 1000; i++) {
		char f[300];

		snprintf(f, sizeof f,
		    "[8 [1 0] 8 [1 6 [5 [0 6] 1 0x%x] [0 6] 9 2 10 [6 1 0x%x] "
		    "10 [7 [0 6] 6 [3 0 7] [0 7] 1 3] 0 1] 9 2 0 1]",
		    *next + 1, *next + 1);
		++*next;
		nock(0, parse(f));
		heap_safepoint();
	}
}

static void
compiling(void)
{
	double v[BENCH_ROUNDS];
	unsigned next = 0;
	struct nock_stat s, t;

	for (int i = 0; i < BENCH_ROUNDS; i++) {
		collect(NULL);
		nock_stats(&s);
		compile_many(&next);
		nock_stats(&t);
		must(t.variants > s.variants, "nothing was compiled");
		v[i] = (double)(t.compile_ns - s.compile_ns) / 1e3 /
		    (double)(t.variants - s.variants);
	}
	bench_row("compile", "a function", "us", v, BENCH_ROUNDS, 0);
}

/* -------- calls from C -------- */

static void
slam_many(void *arg)
{
	struct work *w = arg;

	for (unsigned i = 0; i < CALLS; i++)
		nock_slam(w->pair, direct(i));
}

static void
soft_many(void *arg)
{
	struct work *w = arg;
	noun toon;

	for (unsigned i = 0; i < CALLS; i++)
		must(nock_soft(direct(i), w->pair, 0, &toon) == BAIL_NONE,
		    "soft");
}

static void
calls(void)
{
	struct work gate = {.pair = parse("[[4 0 6] 0 0]")};
	struct work formula = {.pair = parse("[4 0 1]")};

	gate.root = (struct heap_root){.p = &gate.pair, .n = 1};
	formula.root = (struct heap_root){.p = &formula.pair, .n = 1};
	heap_root_add(&gate.root);
	heap_root_add(&formula.root);
	bench_run(&(struct bench){.row = "nock_slam",
	    .input = "a gate, from C",
	    .unit = "ns",
	    .run = slam_many,
	    .idle = collect,
	    .arg = &gate,
	    .times = CALLS});
	bench_run(&(struct bench){.row = "nock_soft",
	    .input = "a formula, from C",
	    .unit = "ns",
	    .run = soft_many,
	    .idle = collect,
	    .arg = &formula,
	    .times = CALLS});
	heap_root_remove(&gate.root);
	heap_root_remove(&formula.root);
}

int
main(void)
{
	must(heap_init(NULL) == 0, "heap");
	nock_init(NULL);
	formulas();
	compiling();
	calls();
	nock_free();
	heap_free();
	return 0;
}
