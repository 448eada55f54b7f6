/*
 * bench -- measuring: include it in a program of bench/, print rows.
 *
 *     struct bench_bytes in;
 *
 *     heap_init(NULL);
 *     if (bench_data(&in, "pills/brass-140.pill"))
 *             bench("cue", "brass-140.pill", "ms", cue_once, &in);
 *     bench_run(&(struct bench){.row = "jam", .input = "63-byte noun",
 *         .unit = "us", .run = jam_many, .arg = &many, .times = 10000});
 *     bench_run(&(struct bench){.row = "cue", .input = "1 GiB atom",
 *         .unit = "GB/s", .run = cue_once, .arg = &big, .amount = 1.07});
 *
 * A row is one line: row, input, unit, median, least, most, Y, between
 * tabs; `make bench` runs all programs and makes one table, with what is
 * known of others from reference.tsv by the first two columns.  A row in
 * ms is measured in turns with the yardstick, and Y is its median in
 * multiples of the yardstick's.  A row that cannot be had here is a line
 * that starts with #.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "yardstick.h"

enum { BENCH_ROUNDS = 9 };

struct bench {
	const char *row, *input;
	const char *unit;     /* "ms", "us", "ns", or something a second */
	void (*run)(void *);  /* what is measured */
	void (*idle)(void *); /* before each round, not measured; or NULL */
	void *arg;            /* for both */
	double times;  /* things done in one run: the time is each one's */
	double amount; /* of something in one run: the row is per second */
};

struct bench_bytes {
	uint8_t *p;
	size_t n;
};

static inline double
bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline int
bench_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline double
bench_median(double *v, size_t n)
{
	qsort(v, n, sizeof *v, bench_order);
	return v[n / 2];
}

/* Print a row from its n values; y is 0 where there is none. */
static inline void
bench_row(const char *row, const char *input, const char *unit, double *v,
    size_t n, double y)
{
	double median = bench_median(v, n);

	printf("%s\t%s\t%s\t%.4g\t%.4g\t%.4g\t", row, input, unit, median, v[0],
	    v[n - 1]);
	if (y > 0)
		printf("%.3g\n", median / y);
	else
		printf("-\n");
	fflush(stdout);
}

/* Seconds, in the unit of b. */
static inline double
bench_scale(const struct bench *b, double seconds)
{
	double each = seconds / (b->times > 0 ? b->times : 1);

	if (b->amount > 0)
		return b->amount / seconds;
	if (strcmp(b->unit, "ns") == 0)
		return each * 1e9;
	if (strcmp(b->unit, "us") == 0)
		return each * 1e6;
	return each * 1e3;
}

static inline double
bench_time(void (*run)(void *), void *arg)
{
	double begin = bench_now();

	run(arg);
	return bench_now() - begin;
}

static inline void
bench_yardstick(void *arg)
{
	(void)arg;
	yardstick();
}

static inline void
bench_run(const struct bench *b)
{
	double v[BENCH_ROUNDS], y[BENCH_ROUNDS];
	bool ms = strcmp(b->unit, "ms") == 0;

	for (int i = 0; i < BENCH_ROUNDS; i++) {
		y[i] = ms ? bench_time(bench_yardstick, NULL) * 1e3 : 0;
		if (b->idle)
			b->idle(b->arg);
		v[i] = bench_scale(b, bench_time(b->run, b->arg));
	}
	bench_row(b->row, b->input, b->unit, v, BENCH_ROUNDS,
	    bench_median(y, BENCH_ROUNDS));
}

static inline void
bench(const char *row, const char *input, const char *unit, void (*run)(void *),
    void *arg)
{
	bench_run(&(struct bench){
	    .row = row, .input = input, .unit = unit, .run = run, .arg = arg});
}

/*
 * Read a file of $NOCKUTILS_DATA.  False, and a line that says so, if it is
 * not there.  b->p is the program's, to the end.
 */
static inline bool
bench_data(struct bench_bytes *b, const char *name)
{
	const char *dir = getenv("NOCKUTILS_DATA");
	char path[4096];
	FILE *f;
	long n;

	snprintf(path, sizeof path, "%s/%s", dir ? dir : "../shared", name);
	if ((f = fopen(path, "rb")) == NULL || fseek(f, 0, SEEK_END) != 0 ||
	    (n = ftell(f)) < 0) {
		printf("# no %s\n", path);
		return false;
	}
	rewind(f);
	b->n = (size_t)n;
	b->p = malloc(b->n + 1);
	if (b->p == NULL || fread(b->p, 1, b->n, f) != b->n) {
		perror(path);
		exit(111);
	}
	fclose(f);
	return true;
}

#endif
