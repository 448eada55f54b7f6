#include "test.h"

#include <math.h>

#include "atom.h"
#include "census.h"
#include "equal.h"
#include "heap.h"
#include "jam.h"
#include "mug.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
}

/* 2^bits + more */
static noun
power_sum(unsigned bits, uint64_t more)
{
	uint64_t limb[80] = {0};

	limb[bits / 64] = UINT64_C(1) << bits % 64;
	limb[0] += more;
	return atom_from_limbs(limb, bits / 64 + 1);
}

/* The tree of [x x] where x is that of one less: 2^(n+1) - 1 nouns. */
static noun
doubled(unsigned n)
{
	noun x = 0;

	while (n-- > 0)
		x = cons(x, x);
	return x;
}

TEST("census: an atom is a tree of one, without cells")
{
	struct census c;
	noun big = power_sum(100, 0);

	census(direct(5), &c);
	CHECK_EQ(c.cells, 0);
	CHECK_EQ(c.direct, 1);
	CHECK_EQ(c.boxed, 0);
	CHECK_EQ(c.bytes, 0);
	CHECK_EQ(c.depth, 0);
	CHECK_EQ(c.tree, direct(1));
	CHECK(c.tree_log2 == 0);
	CHECK_EQ(c.mug, mug(direct(5)));
	census(big, &c);
	CHECK_EQ(c.direct, 0);
	CHECK_EQ(c.boxed, 1);
	CHECK_EQ(c.bytes, 24);
	CHECK_EQ(c.shared, 0);
	CHECK_EQ(c.tree, direct(1));
}

TEST("census: cells, atoms, sharing and depth of a small noun")
{
	struct census c;
	noun big = power_sum(100, 0), pair = cons(direct(1), big);
	noun n = cons(pair, cons(pair, cons(big, direct(2))));

	census(n, &c);
	CHECK_EQ(c.cells, 4);
	CHECK_EQ(c.boxed, 1);
	CHECK_EQ(c.direct, 2);
	CHECK_EQ(c.bytes, 4 * 16 + 24);
	CHECK_EQ(c.shared, 2);
	CHECK_EQ(c.depth, 3);
	CHECK_EQ(c.tree, direct(11));
	CHECK_EQ(c.mug, mug(n));
}

TEST("census: equal cells that lie apart are two")
{
	struct census c;

	census(
	    cons(cons(direct(1), direct(2)), cons(direct(1), direct(2))), &c);
	CHECK_EQ(c.cells, 3);
	CHECK_EQ(c.shared, 0);
}

TEST("census: a cell whose two parts are one cell holds it in two places")
{
	struct census c;
	noun big = power_sum(70, 0);

	census(doubled(1), &c);
	CHECK_EQ(c.shared, 0);
	census(doubled(2), &c);
	CHECK_EQ(c.shared, 1);
	census(cons(big, big), &c);
	CHECK_EQ(c.shared, 1);
	CHECK_EQ(c.boxed, 1);
}

TEST("census: it counts the same again, and after other nouns")
{
	struct census a, b;
	noun n = cons(doubled(5), cons(power_sum(64, 0), doubled(3)));

	stack_push(n);
	census(n, &a);
	census(doubled(9), &b);
	census(n, &b);
	CHECK(memcmp(&a, &b, sizeof a) == 0);
	heap_collect(HEAP_MAJOR);
	doubled(50);
	census(stack_pop(), &b);
	CHECK(memcmp(&a, &b, sizeof a) == 0);
}

static void
check_power(unsigned n)
{
	/* 2^(n+1) - 1 */
	uint64_t limb[80];
	struct census c;
	noun want;

	memset(limb, 0xff, sizeof limb);
	limb[(n + 1) / 64] = (UINT64_C(1) << (n + 1) % 64) - 1;
	want = atom_from_limbs(limb, (n + 1) / 64 + 1);
	census(doubled(n), &c);
	CHECK_EQ(c.cells, n);
	CHECK_EQ(c.depth, n);
	if (n + 1 > CENSUS_BITS)
		CHECK_EQ(c.tree, 0);
	else if (!equal(c.tree, want))
		TEST_FAIL("the tree of %u doublings is wrong", n);
	CHECK(fabs(c.tree_log2 - (n + 1)) < 1e-6 || n < 30);
}

TEST("census: the size of a tree is exact up to CENSUS_BITS, then 0")
{
	for (unsigned n = 1; n < 200; n++)
		check_power(n);
	check_power(499);
	check_power(1023);
	check_power(2000);
	for (unsigned n = CENSUS_BITS - 3; n < CENSUS_BITS + 3; n++)
		check_power(n);
	check_power(4700);
}

TEST("census: carries run through many limbs")
{
	/* [2^k-1 tree, one leaf more]: 2^k + 1, then sums that all carry */
	struct census c;
	noun n = doubled(319), m;

	m = cons(n, 0); /* 2^320 - 1 + 1 + 1 */
	census(m, &c);
	CHECK(equal(c.tree, power_sum(320, 1)));
	census(cons(m, m), &c);
	CHECK(equal(c.tree, power_sum(321, 3)));
}

TEST("census: a noun of a million doublings has its size told in log2")
{
	struct census c;

	census(doubled(1000000), &c);
	CHECK_EQ(c.cells, 1000000);
	CHECK_EQ(c.shared, 999999);
	CHECK_EQ(c.tree, 0);
	CHECK(fabs(c.tree_log2 - 1000001) < 1e-3);
}

TEST("census: a list of ten million, and ten million deep the other way")
{
	struct census c;
	noun list = 0, deep = 0;

	for (unsigned i = 0; i < 10000000; i++)
		list = cons(direct(i), list);
	census(list, &c);
	CHECK_EQ(c.cells, 10000000);
	CHECK_EQ(c.direct, 10000001);
	CHECK_EQ(c.depth, 10000000);
	CHECK_EQ(c.tree, direct(20000001));
	CHECK_EQ(c.shared, 0);
	for (unsigned i = 0; i < 10000000; i++)
		deep = cons(deep, direct(i));
	census(deep, &c);
	CHECK_EQ(c.depth, 10000000);
	CHECK_EQ(c.tree, direct(20000001));
	CHECK(scratch_top() == heap.region[SCRATCH].base);
}

static const struct {
	const char *name;
	uint64_t cells;
	uint32_t mug;
} pills[] = {
    {"brass-140.pill", 182959, 0x31f52f8a},
    {"ivory-140.pill", 393107, 0x2a2274c9},
    {"ivory-141.pill", 328610, 0x2b92fb85},
};

static noun
cue_file(const char *name)
{
	const char *dir = getenv("NOCKUTILS_DATA");
	struct cue_fault fault;
	char path[4096], *p;
	noun n = 0;
	long size;
	FILE *f;

	snprintf(
	    path, sizeof path, "%s/pills/%s", dir ? dir : "../shared", name);
	if ((f = fopen(path, "rb")) == NULL)
		return 0;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	p = malloc((size_t)size);
	if (p == NULL || fread(p, 1, (size_t)size, f) != (size_t)size ||
	    cue(p, (size_t)size, &n, &fault) != 0)
		TEST_FAIL("%s cannot be read", path);
	fclose(f);
	free(p);
	return n;
}

TEST("census: the pills have the cells and mugs that they are known by")
{
	for (size_t i = 0; i < sizeof pills / sizeof *pills; i++) {
		struct census c;
		noun n = cue_file(pills[i].name);

		if (n == 0)
			SKIP("no %s under $NOCKUTILS_DATA", pills[i].name);
		census(n, &c);
		CHECK_EQ(c.cells, pills[i].cells);
		CHECK_EQ(c.mug, pills[i].mug);
		CHECK(c.tree_log2 > 10 && c.tree != 0);
		CHECK_EQ(c.direct + c.boxed > 0, 1);
	}
}
