/*
 * Big work: deep, long, large.  It comes to the right end, or it bails as
 * what ran out: memory or stack.  NOCK_LONG=1 has the longest of them too.
 */
#include <time.h>

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "nock.h"
#include "parse.h"
#include "shape.h"
#include "test.h"
#include "text.h"

#if defined HEAP_STARVE
enum { DEEP = 2000, LONG = 20000, MANY = 3000, BYTES = 1000000 };
#elif defined __SANITIZE_ADDRESS__
enum { DEEP = 300000, LONG = 1000000, MANY = 100000, BYTES = 10000000 };
#else
enum { DEEP = 10000000, LONG = 10000000, MANY = 1000000, BYTES = 100000000 };
#endif

void
test_setup(void)
{
	if (heap_init(&(struct heap_opts){.limit = (size_t)4 << 30}) != 0)
		exit(111);
	nock_init(NULL);
}

static struct {
	noun subject, formula, product;
} in;

static void
run_plain(void *arg)
{
	(void)arg;
	in.product = nock(in.subject, in.formula);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Run it: true if it came to an end, false if something ran out. */
static bool
ends(const char *what, noun subject, noun formula)
{
	noun *mark = stack_top();
	char *scratch = scratch_top();
	double begin = now();
	enum bail kind;

	in.subject = subject;
	in.formula = formula;
	in.product = 0;
	kind = trap_run(run_plain, NULL);
	printf("# %s: %s, %.2f s, %zu MB\n", what,
	    kind ? bail_name(kind) : "done", now() - begin,
	    heap.stat.peak >> 20);
	CHECK(stack_top() == mark && scratch_top() == scratch);
	if (kind != BAIL_NONE && kind != BAIL_MEME && kind != BAIL_OVER)
		TEST_FAIL("%s: %s", what, bail_name(kind));
	return kind == BAIL_NONE;
}

static uint64_t
list_len(noun n)
{
	uint64_t len = 0;

	for (; is_cell(n); n = tail(n))
		len++;
	return len;
}

/* -------- deep and long -------- */

/* [8 [1 0] 8 [1 6 [5 [0 6] 0 7] END AGAIN] 9 2 0 1], on a number. */
static noun
loop(const char *end, const char *again)
{
	char f[500];

	snprintf(f, sizeof f, "[8 [1 0] 8 [1 6 [5 [0 6] 0 7] %s %s] 9 2 0 1]",
	    end, again);
	return parse(f);
}

TEST("long: ten million calls in one another")
{
	if (ends("recursion", direct(DEEP),
	        loop("[0 6]", "4 9 2 10 [6 4 0 6] 0 1")))
		CHECK_EQ(in.product, direct(2 * (uint64_t)DEEP));
}

TEST("long: ten million calls in one another, each with a cell to make")
{
	if (ends("recursion", direct(DEEP),
	        loop("[1 0]", "[0 6] 9 2 10 [6 4 0 6] 0 1")))
		CHECK_EQ(list_len(in.product), DEEP);
}

TEST("long: the same through opcode 2, on a formula that is found")
{
	if (ends("recursion", direct(DEEP),
	        loop("[0 6]", "4 2 [[0 2] [4 0 6] 0 7] 0 2")))
		CHECK_EQ(in.product, direct(2 * (uint64_t)DEEP));
}

static void
tail_loop(uint64_t n)
{
	static const char *const again[] = {"9 2 10 [6 4 0 6] 0 1",
	    "2 [[0 2] [4 0 6] 0 7] 0 2", "8 [4 0 6] 9 2 10 [6 0 2] 0 3",
	    "11 [%slog 1 7] 9 2 [0 2] [4 0 6] 0 7",
	    "7 [[0 2] [4 0 6] 0 7] 9 2 0 1"};

	for (size_t i = 0; i < sizeof again / sizeof *again; i++) {
		CHECK(ends("tail loop", direct(n), loop("[0 6]", again[i])));
		CHECK_EQ(in.product, direct(n));
		CHECK(heap.stat.peak < (size_t)48 << 20);
	}
}

TEST("long: a loop of ten million turns in constant memory")
{
	tail_loop(LONG);
}

TEST("long: a loop of 10^9 turns in constant memory")
{
	const char *s = getenv("NOCK_LONG");

	if (s == NULL || *s == '0')
		SKIP("NOCK_LONG is not set");
	CHECK(ends("tail loop", direct(1000000000),
	    loop("[0 6]", "9 2 10 [6 4 0 6] 0 1")));
	CHECK_EQ(in.product, direct(1000000000));
	CHECK(heap.stat.peak < (size_t)48 << 20);
}

/* A trace entry is as long as its hint's body: no tail calls there. */
TEST("long: a trace of ten million entries")
{
	if (ends("trace", direct(DEEP / 4),
	        loop("[0 6]", "11 [%mean 0 6] 9 2 10 [6 4 0 6] 0 1")))
		CHECK_EQ(in.product, direct(DEEP / 4));
}

/* -------- large atoms -------- */

/* 2^(8n) - 1 */
static noun
ones(size_t n)
{
	uint64_t *p = heap_atom_begin(n / 8);

	memset(p, 0xff, n / 8 * 8);
	return heap_atom_end(n / 8);
}

TEST("long: an atom of 100 MB is incremented")
{
	if (!ends("increment", ones(BYTES), parse("[4 0 1]")))
		return;
	CHECK_EQ(atom_bits(in.product), (uint64_t)BYTES / 8 * 64 + 1);
}

TEST("long: atoms of 100 MB are compared, and kept through a loop")
{
	noun f = parse("[8 [1 0] 8 [1 6 [5 [0 6] 1 3.000] [5 [0 14] 0 15] 9 2 "
	               "10 [6 4 0 6] 0 1] 9 2 0 1]");

	stack_push(f);
	if (ends("compare", cons(ones(BYTES), ones(BYTES)), f))
		CHECK_EQ(in.product, YES);
	f = stack_pop();
	if (ends("compare", cons(ones(BYTES), ones(BYTES - 8)), f))
		CHECK_EQ(in.product, NO);
}

static enum bail
kind_of(noun subject, noun formula)
{
	in.subject = subject;
	in.formula = formula;
	return trap_run(run_plain, NULL);
}

TEST("long: an axis of 100 MB is in no small noun")
{
	noun axis = ones(BYTES), pair = parse("[1 2]");

	CHECK_EQ(kind_of(pair, cons(direct(0), axis)), BAIL_EXIT);
	axis = ones(BYTES);
	pair = parse("[1 2]");
	CHECK_EQ(
	    kind_of(pair,
	        cons3(direct(10), cons(axis, parse("[1 0]")), parse("[0 1]"))),
	    BAIL_EXIT);
	axis = ones(BYTES);
	pair = parse("[1 2]");
	CHECK_EQ(
	    kind_of(pair, cons3(direct(9), axis, parse("[0 1]"))), BAIL_EXIT);
}

/* The axis of item i of a list. */
static noun
item_axis(uint64_t i)
{
	size_t n = (i + 2) / 64 + 1;
	uint64_t *p = heap_atom_begin(n);

	memset(p, 0xff, n * 8);
	p[n - 1] = (UINT64_C(1) << (i + 2) % 64) - 1;
	p[0] &= ~UINT64_C(1);
	return heap_atom_end(n);
}

static noun
count_down(uint64_t n)
{
	noun list = 0;

	while (n-- > 0)
		list = cons(direct(n), list);
	return list;
}

TEST("long: axes of a hundred thousand bits reach, and edit")
{
	static const uint64_t items[] = {
	    60, 61, 62, 63, 64, 125, 126, 127, 128, 1000, 99998, 99999};

	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		noun axis = item_axis(items[i]), get, put;

		get = cons(direct(0), axis);
		CHECK(ends("axis", count_down(100000), get));
		CHECK_EQ(in.product, direct(items[i]));
		axis = item_axis(items[i]);
		put = cons3(
		    direct(10), cons(axis, parse("[1 %here]")), parse("[0 1]"));
		get = cons(direct(0), axis);
		CHECK(ends(
		    "edit", count_down(100000), cons3(direct(7), put, get)));
		CHECK(equal(in.product, atom_cord("here")));
	}
	CHECK_EQ(
	    kind_of(count_down(100000), cons(direct(0), item_axis(100000))),
	    BAIL_EXIT);
}

/* -------- large formulas -------- */

TEST("long: a million increments in one another")
{
	noun f = parse("[0 1]");

	for (int i = 0; i < MANY; i++)
		f = cons(direct(4), f);
	if (ends("4 4 4 ..", direct(7), f))
		CHECK_EQ(in.product, direct(7 + (uint64_t)MANY));
}

TEST("long: a list of a million formulas")
{
	noun f = parse("[1 0]");

	for (int i = 0; i < MANY; i++)
		f = cons(cons(direct(0), direct(1)), f);
	if (ends("[f f f ..]", direct(7), f))
		CHECK_EQ(list_len(in.product), MANY);
}

TEST("long: a million formulas, each the head of a pair")
{
	noun f = parse("[1 0]"), n;
	uint64_t len = 0;

	for (int i = 0; i < MANY; i++)
		f = cons(f, cons(direct(0), direct(1)));
	if (!ends("[[[.. f] f] f]", direct(7), f))
		return;
	for (n = in.product; is_cell(n); n = head(n))
		len++;
	CHECK_EQ(len, MANY);
}

static noun
tree(unsigned levels, uint64_t *next)
{
	noun h;

	if (levels == 0)
		return cons(direct(1), direct((*next)++));
	h = tree(levels - 1, next);
	return cons(h, tree(levels - 1, next));
}

TEST("long: a tree of half a million different formulas")
{
	uint64_t next = 0, want = 0;
	unsigned levels = MANY >= 1000000 ? 19 : 10;
	noun n = tree(levels, &next);

	if (!ends("tree", 0, n))
		return;
	for (n = in.product; is_cell(n); n = head(n))
		want++;
	CHECK_EQ(want, levels);
	for (n = in.product; is_cell(n); n = tail(n))
		;
	CHECK_EQ(n, direct(next - 1));
}

TEST("long: half a million nested pushes, then the first of them is read")
{
	unsigned n = MANY / 2;
	noun f = cons(direct(0), item_axis(n - 1));

	for (unsigned i = 0; i < n; i++)
		f = cons3(direct(8), cons(direct(1), direct(n - 1 - i)), f);
	if (ends("8 .. 8 ..", 0, f))
		CHECK_EQ(in.product, 0);
}

TEST("long: a million compositions, nested on either side")
{
	noun f = parse("[0 1]"), g = f;

	for (int i = 0; i < MANY; i++) {
		f = cons3(direct(7), f, parse("[4 0 1]"));
		g = cons3(direct(7), parse("[4 0 1]"), g);
	}
	stack_push(g);
	if (ends("7 [7 [7 ..", direct(7), f))
		CHECK_EQ(in.product, direct(7 + (uint64_t)MANY));
	if (ends("7 .. 7 .. 7 ..", direct(7), stack_top()[-1]))
		CHECK_EQ(in.product, direct(7 + (uint64_t)MANY));
	stack_pop();
}

TEST("long: a million conditions, each the test of the next, or its branch")
{
	noun f = parse("[1 0]"), g = parse("[1 5]");

	for (int i = 0; i < MANY; i++) {
		f = cons4(direct(6), f, parse("[1 0]"), parse("[1 1]"));
		g = cons4(direct(6), parse("[5 [0 1] 1 7]"), g, parse("[0 0]"));
	}
	stack_push(g);
	if (ends("6 [6 [6 ..", 0, f))
		CHECK_EQ(in.product, 0);
	if (ends("6 .. 6 .. 6 ..", direct(7), stack_top()[-1]))
		CHECK_EQ(in.product, direct(5));
	stack_pop();
}

TEST("long: a million edits, hints and calls in one another")
{
	noun f = parse("[0 1]"), g = f, h = parse("[0 2]");

	for (int i = 0; i < MANY; i++) {
		f = cons3(direct(10), parse("[3 1 5]"), f);
		g = cons3(direct(11), parse("[%mean 1 1]"), g);
		h = cons3(direct(2), parse("[0 1]"), cons(direct(1), h));
	}
	stack_push(g);
	stack_push(h);
	if (ends("10 .. 10 ..", parse("[1 2]"), f))
		CHECK(equal(in.product, parse("[1 5]")));
	if (ends("11 .. 11 ..", direct(7), stack_top()[-2]))
		CHECK_EQ(in.product, direct(7));
	if (ends("2 .. 1 2 .. 1 2 ..", parse("[9 8]"), stack_top()[-1]))
		CHECK_EQ(in.product, direct(9));
	stack_pop();
	stack_pop();
}

/* 8 [0 1] doubles what the subject's tree holds, never its memory. */
TEST("long: a subject of 2^200 leaves is built, edited, compared")
{
	noun f = parse("[8 [1 0] 8 [1 6 [5 [0 6] 1 200] [5 [0 14] 0 15] 9 2 [0 "
	               "2] [4 0 6] [[0 14] 0 14] [0 15] 0 15] 9 2 0 1]");

	stack_push(f);
	if (ends("2^200 leaves", parse("[7 7]"), f))
		CHECK_EQ(in.product, YES);
	if (ends("2^200 leaves", parse("[7 8]"), stack_pop()))
		CHECK_EQ(in.product, NO);
}
