/*
 * The dashboard: which core a jet is for, and which it is not.  The Hoon of
 * these arms gives something else than the jets do, to tell them apart.
 */
#include "bail.h"
#include "heap.h"
#include "jets.h"
#include "nock.h"
#include "parse.h"
#include "shape.h"
#include "atom.h"
#include "test.h"

/* -------- a small library -------- */

enum { JETTED = 7777 };

static noun
jet_foo(noun sample, noun context)
{
	(void)context;
	if (is_cell(sample))
		return NOCK_PASS;
	if (sample == direct(13))
		bail(BAIL_EXIT);
	return direct(JETTED);
}

/* An arm of a door: gives the door's sample. */
static noun
jet_door(noun sample, noun context)
{
	noun battery, of, outer;

	(void)sample;
	return uncons3(context, &battery, &of, &outer)
	    ? cons(direct(JETTED), of)
	    : NOCK_PASS;
}

static const struct jets_own own[] = {
    {"k140 one foo", 2, jet_foo},
    {"mine7 foo", 2, jet_foo},
    {"k140 one door put", 2, jet_door},
    {NULL, 0, NULL},
};

static noun keep[8];
static struct heap_root root = {.p = keep, .n = 8};
static struct jets_opts opts;

static void
start(void *arg)
{
	(void)arg;
	nock_init(NULL);
	opts.own = own;
	jets_init(&opts);
	heap_root_add(&root);
}

void
test_setup(void)
{
	struct heap_opts h = {0};

	heap_init(&h);
	memset(keep, 0, sizeof keep);
	memset(&opts, 0, sizeof opts);
}

/* What a %fast hint with this clue does to a core. */
static void
hint(noun core, const char *clue)
{
	noun fast = cons3(atom_cord("fast"), direct(1), parse(clue));

	nock(core, cons3(direct(11), fast, parse("[0 1]")));
}

/* A gate whose Hoon gives back its sample; n tells its battery from others. */
static noun
gate(noun context)
{
	return cons3(parse("[0 6]"), 0, context);
}

static noun
layer(const char *battery, noun above)
{
	return cons(parse(battery), above);
}

/* [root one foo], all registered. */
static void
library(void)
{
	keep[0] = parse("[[1 9] 140]");
	hint(keep[0], "[[%k 140] [1 0] 0]");
	keep[1] = layer("[1 1]", keep[0]);
	hint(keep[1], "[%one [0 3] 0]");
	keep[2] = gate(keep[1]);
	hint(keep[2], "[%foo [0 7] 0]");
}

static uint64_t
call(noun core, uint64_t sample)
{
	noun n = nock_slam(core, direct(sample));

	return is_direct(n) ? direct_value(n) : ~0ul;
}

static void
run(void (*f)(void *))
{
	CHECK_EQ(trap_run(start, NULL), BAIL_NONE);
	CHECK_EQ(trap_run(f, NULL), BAIL_NONE);
}

/* -------- matching -------- */

static void
match(void *arg)
{
	(void)arg;
	library();
	CHECK_EQ(call(keep[2], 5), JETTED);
	/* the same formula somewhere else is no jet */
	CHECK_EQ(call(gate(layer("[1 2]", keep[0])), 5), 5);
	CHECK_EQ(call(gate(layer("[1 1]", parse("[[1 9] 139]"))), 5), 5);
	CHECK_EQ(call(gate(0), 5), 5);
	CHECK_EQ(call(keep[2], 6), JETTED);
}

TEST("dash: a core is the one of a path only with all that is above it")
{
	run(match);
}

static void
copy(void *arg)
{
	noun one;

	(void)arg;
	library();
	one = layer("[1 1]", parse("[[1 9] 140]"));
	CHECK_EQ(call(gate(one), 5), JETTED);
}

TEST("dash: an equal core at another address is the same")
{
	run(copy);
}

static void
late(void *arg)
{
	noun body;

	(void)arg;
	body = gate(layer("[1 1]", parse("[[1 9] 140]")));
	CHECK_EQ(call(body, 5), 5); /* compiled before it is known */
	library();
	CHECK_EQ(call(keep[2], 5), JETTED);
}

TEST("dash: a function that was compiled before is jetted")
{
	run(late);
}

static void
collected(void *arg)
{
	(void)arg;
	library();
	for (int i = 0; i < 6; i++) {
		heap_collect(i % 3 == 2 ? HEAP_MAJOR : HEAP_MINOR);
		CHECK_EQ(call(keep[2], 5), JETTED);
		CHECK_EQ(call(gate(0), 5), 5);
	}
}

TEST("dash: what is registered survives collections of both kinds")
{
	run(collected);
}

/* The labels that are left when nothing holds the library. */
static uint64_t
left(void)
{
	uint64_t n;

	for (int i = 0; i < 3; i++)
		heap_collect(HEAP_MAJOR);
	CHECK(list_length(jets_save(), &n));
	return n;
}

static void
died(void *arg)
{
	noun bar;

	(void)arg;
	library();
	bar = cons3(parse("[0 14]"), 0, keep[1]);
	hint(bar, "[%bar [0 7] 0]");
	bar = 0;
	CHECK_EQ(left(), 3); /* bar has no jet */
	keep[3] = cons3(parse("[0 14]"), 0, keep[1]);
	hint(keep[3], "[%bar [0 7] 0]");
	CHECK_EQ(left(), 4);
	CHECK_EQ(call(keep[2], 5), JETTED);
}

TEST("dash: a label without jets dies with its battery")
{
	run(died);
}

static void
copied(void *arg)
{
	(void)arg;
	library();
	keep[2] = keep[1] = keep[0] = 0;
	CHECK_EQ(left(), 3);
	keep[0] = parse("[[1 9] 140]");
	keep[1] = layer("[1 1]", keep[0]);
	keep[2] = gate(keep[1]);
	CHECK_EQ(call(keep[2], 5), JETTED);
}

TEST("dash: a copy is known when what was registered has died")
{
	run(copied);
}

static void
doors(void *arg)
{
	noun arm, n;

	(void)arg;
	library();
	keep[3] = cons3(parse("[1 3]"), direct(1), keep[1]);
	hint(keep[3], "[%door [0 7] 0]");
	arm = cons3(parse("[0 3]"), 0, keep[3]);
	hint(arm, "[%put [0 7] 0]");
	for (uint64_t i = 2; i < 9; i++) {
		arm = cons3(parse("[0 3]"), 0,
		    cons3(parse("[1 3]"), direct(i), keep[1]));
		n = nock_slam(arm, 0);
		CHECK(is_cell(n) && head(n) == direct(JETTED) &&
		    tail(n) == direct(i));
	}
	arm = cons3(parse("[0 3]"), 0, cons3(parse("[1 4]"), 0, keep[1]));
	CHECK(head(nock_slam(arm, 0)) == 0); /* another door: its Hoon */
}

TEST("dash: an arm of a door is known whatever the door's sample is")
{
	run(doors);
}

/* -------- roots and paths -------- */

static void
kelvins(void *arg)
{
	static const struct {
		const char *root, *name;
		uint64_t want;
	} cases[] = {
	    {"[%k 140]", "%one", 4},
	    {"[%k 135]", "%one", 4},
	    {"[%k 134]", "%one", 5},
	    {"%k140", "%one", 4},
	    {"[%k 140]", "%two", 5},
	    {"[%mine 7]", "%one", 5},
	};
	char clue[40];

	(void)arg;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		keep[0] = cons(parse("[1 9]"), direct(i));
		snprintf(clue, sizeof clue, "[%s [1 0] 0]", cases[i].root);
		hint(keep[0], clue);
		keep[1] = layer("[1 1]", keep[0]);
		snprintf(clue, sizeof clue, "[%s [0 3] 0]", cases[i].name);
		hint(keep[1], clue);
		keep[2] = gate(keep[1]);
		hint(keep[2], "[%dec [0 7] 0]");
		CHECK_EQ(call(keep[2], 5), cases[i].want);
	}
}

TEST("dash: the table's paths hold for the roots of its kelvins")
{
	run(kelvins);
}

static void
a50(void *arg)
{
	(void)arg;
	keep[0] = parse("[[1 9] 50]");
	hint(keep[0], "[[%a 50] [1 0] 0]");
	keep[1] = gate(keep[0]);
	hint(keep[1], "[%dec [0 7] 0]");
	CHECK_EQ(call(keep[1], 5), 4);
}

TEST("dash: the root a50 has the library without its layers")
{
	run(a50);
}

static void
mine(void *arg)
{
	(void)arg;
	keep[0] = parse("[[1 9] 7]");
	hint(keep[0], "[[%mine 7] [1 0] 0]");
	keep[1] = gate(keep[0]);
	hint(keep[1], "[%foo [0 7] 0]");
	CHECK_EQ(call(keep[1], 5), JETTED);
}

TEST("dash: a program may have a tree of its own")
{
	run(mine);
}

static void
odd_clues(void *arg)
{
	static const char *const clues[] = {"0", "[1 2]", "[%foo [0 7]]",
	    "[%foo [0 0] 0]", "[%foo 7 0]", "[%foo [0 [1 2]] 0]",
	    "[[1 2] [0 7] 0]", "[[[1 2] 3] [0 7] 0]", "[%foo [0 99] 0]",
	    "[%foo [9 7] 0]", "[%foo [0 14] 0]"};

	(void)arg;
	library();
	for (size_t i = 0; i < sizeof clues / sizeof *clues; i++) {
		hint(cons3(parse("[0 14]"), direct(i), keep[1]), clues[i]);
		hint(direct(i), clues[i]);
		hint(cons(direct(i), 0), clues[i]);
	}
	CHECK_EQ(call(keep[2], 5), JETTED);
}

TEST("dash: a clue or a core of another form registers nothing")
{
	run(odd_clues);
}

/* -------- bodies -------- */

static void
passes(void *arg)
{
	(void)arg;
	library();
	CHECK(is_cell(nock_slam(keep[2], parse("[1 2]"))));
	CHECK_EQ(direct_value(nock_body(
	             cons3(head(keep[2]), direct(5), keep[1]), head(keep[2]))),
	    5);
}

TEST("dash: a jet that passes, or is passed over, leaves it to the Hoon")
{
	run(passes);
}

static const char *all[] = {"", NULL};

static void
is_off(void *arg)
{
	(void)arg;
	library();
	CHECK_EQ(call(keep[2], 5), 5);
}

TEST("dash: a path that is off has no jet")
{
	static const char *one[] = {"one", NULL}, *on[] = {"on", NULL};

	opts.off = one;
	run(is_off);
	(void)on;
}

static void
is_on(void *arg)
{
	(void)arg;
	library();
	CHECK_EQ(call(keep[2], 5), JETTED);
}

TEST("dash: the beginning of a name is no path")
{
	static const char *on[] = {"on", NULL};

	opts.off = on;
	run(is_on);
}

/* -------- watching -------- */

static unsigned told;
static struct jets_stat foo;

static void
differ(void *arg, const struct jets_difference *d)
{
	(void)arg;
	told++;
	CHECK_STR(d->path, "k140 one foo");
	CHECK(d->crash[0] == (d->sample == direct(13)));
	CHECK(d->crash[0] || d->answer[0] == direct(JETTED));
	CHECK(!d->crash[1] && d->answer[1] == d->sample);
}

static void
find_foo(void *arg, const struct jets_stat *s)
{
	(void)arg;
	if (strcmp(s->path, "k140 one foo") == 0)
		foo = *s;
}

static void
checked(void *arg)
{
	(void)arg;
	library();
	CHECK_EQ(call(keep[2], 5), 5); /* the Hoon's answer is taken */
	CHECK_EQ(call(keep[2], 13), 13);
	CHECK_EQ(call(keep[2], JETTED), JETTED);
	CHECK_EQ(told, 2);
	jets_stats(find_foo, NULL);
	CHECK_EQ(foo.calls, 3);
	CHECK_EQ(foo.checks, 3);
	CHECK_EQ(foo.differences, 2);
}

TEST("dash: a jet that is checked is told where it differs")
{
	opts.check = all;
	opts.differ = differ;
	run(checked);
}

static void
rated(void *arg)
{
	(void)arg;
	library();
	for (uint64_t i = 0; i < 1000; i++)
		call(keep[2], JETTED);
	jets_stats(find_foo, NULL);
	CHECK_EQ(foo.calls, 1000);
	CHECK_EQ(foo.checks, 100 + 9);
}

TEST("dash: a hot jet is checked once in so many calls")
{
	opts.check = all;
	opts.rate = 100;
	run(rated);
}

static void
measured(void *arg)
{
	(void)arg;
	library();
	hint(cons3(parse("[0 14]"), 0, keep[1]), "[%slow [0 7] 0]");
	for (uint64_t i = 0; i < 100; i++)
		call(keep[2], i % 2 ? 5 : 6);
	jets_stats(find_foo, NULL);
	CHECK(foo.jetted);
	CHECK_EQ(foo.calls, 100);
	CHECK_EQ(foo.hits, 100);
}

TEST("dash: calls and hits are counted")
{
	opts.stats = true;
	run(measured);
}

/* -------- as a noun -------- */

static void
saved(void *arg)
{
	(void)arg;
	library();
	keep[7] = jets_save();
	jets_free();
	nock_free();
	nock_init(NULL);
	jets_init(&opts);
	CHECK_EQ(call(keep[2], 5), 5);
	jets_load(keep[7]);
	CHECK_EQ(call(keep[2], 5), JETTED);
	CHECK_EQ(call(gate(0), 5), 5);
}

TEST("dash: what is registered can be saved and loaded")
{
	run(saved);
}

static void
loaded(void *arg)
{
	static const char *const odd[] = {"0", "5", "[1 2]", "[[1 2 3 4 5] 0]",
	    "[[[1 1] 0 %a 5 3] 0]", "[[[1 1] 0 %a 0 3] 0]",
	    "[[[1 1] [1 1] %a 0 0] [[1 2] 0 %b 9 3] 0]"};

	(void)arg;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		jets_load(parse(odd[i]));
	library();
	CHECK_EQ(call(keep[2], 5), JETTED);
}

TEST("dash: a list of another form loads nothing wrong")
{
	run(loaded);
}
