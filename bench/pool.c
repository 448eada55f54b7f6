/*
 * The pool of workers: small jobs a second, a lone job's time, and what a
 * second worker brings.
 */
#include "pool.h"

#include <err.h>

#include "bench.h"

enum { SMALL_N = 400 * 1000, SMALL_SIZE = 50, LONE_N = 5000, SPIN_N = 200 };

struct load {
	struct pool *p;
	size_t n, size; /* jobs, and bytes in each */
};

static int
echo(void *arg, const void *job, size_t n, struct pool_reply *r)
{
	(void)arg;
	r->p = job;
	r->n = n;
	return 0;
}

/* About 100 us of computing, whatever the clock of the machine. */
static unsigned spins = 1000;

static int
spin(void *arg, const void *job, size_t n, struct pool_reply *r)
{
	uint64_t x = n;

	(void)arg, (void)job;
	for (unsigned i = 0; i < spins; i++) {
		x = x * UINT64_C(0x5851f42d4c957f2d) + 1;
		__asm__ volatile("" : "+r"(x));
	}
	return pool_reply_put(r, &x, sizeof x);
}

static void
calibrate(void)
{
	struct pool_reply r = {0};
	double least = 1;

	spins = 100 * 1000;
	for (int i = 0; i < 50; i++) {
		double begin = bench_now();

		r.n = 0;
		spin(NULL, NULL, 0, &r);
		if (bench_now() - begin < least)
			least = bench_now() - begin;
	}
	free(r.buf);
	spins = (unsigned)(spins * 100e-6 / least);
}

static struct pool *
start(unsigned workers, pool_work *work)
{
	struct pool *p =
	    pool_new(&(struct pool_setup){.workers = workers, .work = work});

	if (p == NULL)
		err(111, "pool");
	return p;
}

static void
must_get(struct pool *p)
{
	struct pool_answer a;

	if (pool_next(p, &a) != POOL_GOT || a.end != POOL_DONE)
		errx(111, "pool: no answer");
}

static void
stream(void *arg)
{
	static char job[4096];
	struct load *l = arg;
	size_t put = 0, got = 0;

	while (got < l->n)
		if (put < l->n && pool_put(l->p, job, l->size) == 0) {
			put++;
		} else {
			must_get(l->p);
			got++;
		}
}

static void
small(unsigned workers, const char *input)
{
	struct load l = {start(workers, echo), SMALL_N, SMALL_SIZE};

	bench_run(&(struct bench){.row = "pool: small jobs",
	    .input = input,
	    .unit = "M/s",
	    .run = stream,
	    .arg = &l,
	    .amount = l.n / 1e6});
	pool_free(l.p);
}

static void
lone(void)
{
	static double v[LONE_N];
	struct pool *p = start(0, echo);

	for (int i = 0; i < LONE_N; i++) {
		double begin = bench_now();

		if (pool_put(p, "", 0) < 0)
			err(111, "pool");
		must_get(p);
		v[i] = (bench_now() - begin) * 1e6;
	}
	bench_row("pool: round trip", "no-op job", "us", v, LONE_N, 0);
	pool_free(p);
}

/* The best of a few short runs: what else runs here disturbs two more. */
static double
best(struct load *l)
{
	double least = bench_time(stream, l);

	for (int i = 1; i < BENCH_ROUNDS; i++) {
		double t = bench_time(stream, l);

		least = t < least ? t : least;
	}
	return least;
}

static void
gain(void)
{
	struct load one = {start(1, spin), SPIN_N, 8};
	struct load two = {start(2, spin), SPIN_N, 8};
	double v[BENCH_ROUNDS];

	for (int i = 0; i < BENCH_ROUNDS; i++)
		v[i] = best(&one) / best(&two);
	bench_row(
	    "pool: 2 workers by 1", "100 us jobs", "x", v, BENCH_ROUNDS, 0);
	pool_free(one.p);
	pool_free(two.p);
}

int
main(void)
{
	calibrate();
	small(1, "50 bytes, 1 worker");
	small(2, "50 bytes, 2 workers");
	lone();
	gain();
	return 0;
}
