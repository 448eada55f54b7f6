/*
 * jetkernel -- for tests of jets: the kernel of the ivory pill, and the
 * pools of jetsamples.h, made by it.
 */
#ifndef JETKERNEL_H
#define JETKERNEL_H

#include <stdio.h>

#include "bail.h"
#include "jam.h"
#include "jetgen.h"
#include "jetsamples.h"
#include "kernel.h"

static const struct pool {
	const char *name, *hoon;
} pools[] = {
#define X(name, hoon) {name, hoon},
    POOLS(X)
#undef X
};

enum { POOLS_N = sizeof pools / sizeof *pools };

static noun kernel, pool_nouns[POOLS_N];

static bool
jetgen_pool(const char *name, size_t n, noun *pool)
{
	for (size_t i = 0; i < POOLS_N; i++)
		if (strlen(pools[i].name) == n &&
		    memcmp(pools[i].name, name, n) == 0) {
			*pool = pool_nouns[i];
			return true;
		}
	return false;
}

struct wish {
	const char *hoon;
	noun product;
};

static void
wish_run(void *arg)
{
	struct wish *w = arg;

	w->product = kernel_wish(kernel, atom_cord(w->hoon));
}

/* The product of Hoon, or false. */
static bool
jetkernel_wish(const char *hoon, noun *product)
{
	struct wish w = {.hoon = hoon};
	enum bail kind = trap_run(wish_run, &w);

	if (kind != BAIL_NONE)
		printf("# %s: %s\n", bail_name(kind), hoon);
	*product = w.product;
	return kind == BAIL_NONE;
}

static void
make_kernel(void *arg)
{
	noun n;

	if (!kernel_events(*(noun *)arg, &n))
		bail(BAIL_EXIT);
	kernel = kernel_make(n);
}

/* The pill's noun; false if there is no such file. */
static bool
read_pill(noun *pill)
{
	const char *data = getenv("NOCKUTILS_DATA");
	struct cue_fault fault;
	char name[4096];
	uint8_t *p;
	long n;
	FILE *f;

	snprintf(name, sizeof name, "%s/pills/ivory-140.pill",
	    data ? data : "../shared");
	if ((f = fopen(name, "rb")) == NULL)
		return false;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	if ((p = malloc((size_t)n + 1)) == NULL ||
	    fread(p, 1, (size_t)n, f) != (size_t)n ||
	    cue(p, (size_t)n, pill, &fault) != 0)
		exit(111);
	fclose(f);
	free(p);
	return true;
}

static void
make_pools(bool (*wanted)(const char *name))
{
	for (size_t i = 0; i < POOLS_N; i++)
		if (wanted(pools[i].name) &&
		    !jetkernel_wish(pools[i].hoon, &pool_nouns[i])) {
			printf("Bail out! no pool of %s\n", pools[i].name);
			exit(1);
		}
}

/*
 * Make the kernel, and those pools that are wanted.  False if there is no
 * pill; ends the program if it is bad.
 */
static bool
jetkernel_start(bool (*wanted)(const char *name))
{
	static struct heap_root roots[] = {
	    {.p = &kernel, .n = 1}, {.p = pool_nouns, .n = POOLS_N}};
	noun pill;

	heap_root_add(&roots[0]);
	heap_root_add(&roots[1]);
	if (!read_pill(&pill))
		return false;
	if (trap_run(make_kernel, &pill) != BAIL_NONE) {
		printf("Bail out! the pill makes no kernel\n");
		exit(1);
	}
	make_pools(wanted);
	return true;
}

#endif
