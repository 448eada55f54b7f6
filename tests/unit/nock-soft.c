/*
 * Virtualisation, hints, and what the machine does about failures that are
 * none of the formula's.
 */
#include <signal.h>
#include <sys/time.h>

#include "nockcheck.h"
#include "test.h"
#include "parse.h"

/*
 * Turns of a long loop; calls of a deep recursion.  Where every one of them
 * collects, there are fewer.
 */
#ifdef HEAP_STARVE
#define MANY "20.000"
enum { DEEP = 2000, SAMPLE_DEEP = 30000 };
#else
#define MANY "20.000.000"
enum { DEEP = 1000000, SAMPLE_DEEP = 3000000 };
#endif

static struct told {
	unsigned slogs, lines, entered, samples, frames;
	unsigned priority;
	unsigned long deepest;
	noun tank, spun;
	char spins[100];
} told;

static void
slog(void *arg, unsigned priority, noun tank)
{
	struct told *t = arg;

	t->slogs++;
	t->priority = priority;
	t->tank = tank;
}

static void
report(void *arg, const char *line)
{
	struct told *t = arg;

	CHECK(line[0] != 0 && strchr(line, '\n') == NULL);
	t->lines++;
}

static void
enter(void *arg, noun formula, noun spot, unsigned long depth)
{
	struct told *t = arg;

	CHECK(is_cell(formula));
	t->entered++;
	t->tank = spot;
	if (depth > t->deepest)
		t->deepest = depth;
}

/* The cords that were shown, one after another; . for none. */
static void
spin(void *arg, noun cord)
{
	struct told *t = arg;
	uint64_t room;

	t->spins[strlen(t->spins)] = cord ? (char)*atom_view(cord, &room) : '.';
}

static void
frame(void *arg, noun formula, noun spot)
{
	struct told *t = arg;

	CHECK(is_cell(formula));
	if (spot != 0)
		t->tank = spot;
	t->frames++;
}

static void
sampled(void *arg)
{
	struct told *t = arg;

	t->samples++;
	t->frames = 0;
	nock_stack(frame, t);
}

static void
on_tick(int signal)
{
	(void)signal;
	nock_tick();
}

static void
set_timer(uint64_t ns, void (*f)(int))
{
	struct itimerval t = {
	    .it_value = {.tv_sec = (time_t)(ns / 1000000000),
	        .tv_usec = (suseconds_t)(ns % 1000000000 / 1000)}};

	if (ns > 0 && ns < 1000)
		t.it_value.tv_usec = 1;
	signal(SIGALRM, f);
	setitimer(ITIMER_REAL, &t, NULL);
}

static void
wake(void *arg, uint64_t ns)
{
	(void)arg;
	set_timer(ns, on_tick);
}

static struct nock_opts opts = {.slog = slog,
    .report = report,
    .spin = spin,
    .sample = sampled,
    .alarm = wake,
    .arg = &told};

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
	nock_init(&opts);
}

/* -------- under a trap, and the stacks are as before -------- */

static struct {
	noun subject, formula, gate;
	noun out;
	enum bail kind;
} in;

static void
run_soft(void *arg)
{
	(void)arg;
	in.kind = nock_soft(in.subject, in.formula, in.gate, &in.out);
}

static void
run_plain(void *arg)
{
	(void)arg;
	in.out = nock(in.subject, in.formula);
}

static enum bail
run(void (*f)(void *))
{
	noun *mark = stack_top();
	char *scratch = scratch_top();
	enum bail kind;

	in.kind = BAIL_NONE;
	in.out = 77;
	kind = trap_run(f, NULL);
	CHECK(stack_top() == mark && scratch_top() == scratch);
	return kind == BAIL_NONE ? in.kind : kind;
}

static enum bail
soft(noun subject, const char *formula, noun gate)
{
	in.subject = subject;
	in.formula = parse(formula);
	in.gate = gate;
	return run(run_soft);
}

#define CHECK_TOON(subject, formula, gate, toon)                         \
	do {                                                             \
		CHECK_EQ(soft(subject, formula, gate), BAIL_NONE);       \
		if (!equal(in.out, parse(toon))) {                       \
			TEST_FAIL("%s does not give %s", formula, toon); \
			check_tell(stdout, "got", in.out, 1000);         \
		}                                                        \
	} while (0)

/* -------- toons -------- */

TEST("soft: an end is [0 product], a crash [2 trace]")
{
	CHECK_TOON(direct(5), "[4 0 1]", 0, "[0 6]");
	CHECK_TOON(direct(5), "[0 2]", 0, "[2 0]");
	CHECK_TOON(direct(5), "[[0 1] 7]", 0, "[2 0]");
	CHECK_TOON(direct(5), "[1 2 3]", 0, "[0 2 3]");
}

/*
 * hoon.hoon, ++mink, %11: =?  trace  ?=(?(%hunk %hand %lose %mean %spot) tag)
 * [[tag product.clue] trace]; the trace goes down with the hint's body only.
 */
TEST("soft: the trace is what stands around the crash, innermost first")
{
	CHECK_TOON(direct(5),
	    "[11 [%mean 1 1] 11 [%spot 1 2] 11 [%hunk 1 3] 11 [%lose 1 4] 0 0]",
	    0, "[2 [%lose 4] [%hunk 3] [%spot 2] [%mean 1] 0]");
	CHECK_TOON(direct(5), "[11 [%mean 1 1] 11 [%foo 1 2] 11 %spot 0 0]", 0,
	    "[2 [%mean 1] 0]");
}

TEST("soft: what a hint's body gave is off the trace after it")
{
	CHECK_TOON(direct(5), "[7 [11 [%mean 1 1] 0 1] 11 [%mean 1 2] 0 0]", 0,
	    "[2 [%mean 2] 0]");
	CHECK_TOON(direct(5), "[[11 [%mean 1 1] 0 1] 0 0]", 0, "[2 0]");
	CHECK_TOON(direct(5), "[7 [11 [%mean 1 1] 4 0 1] 4 0 2]", 0, "[2 0]");
	CHECK_TOON(direct(5), "[8 [11 [%mean 1 1] 4 0 1] 0 7]", 0, "[2 0]");
}

TEST("soft: a crash belongs to where it is, not to where its product is used")
{
	CHECK_TOON(direct(5), "[8 [0 2] 11 [%mean 1 1] 0 2]", 0, "[2 0]");
	CHECK_TOON(direct(5), "[7 [0 6] 11 [%mean 1 1] 1 3]", 0, "[2 0]");
	CHECK_TOON(
	    direct(5), "[11 [%mean 1 1] 8 [0 2] 1 3]", 0, "[2 [%mean 1] 0]");
	CHECK_TOON(
	    direct(5), "[8 [11 [%mean 1 1] 0 6] 1 3]", 0, "[2 [%mean 1] 0]");
}

TEST("soft: a clue is computed outside of its own hint")
{
	CHECK_TOON(direct(5), "[11 [%mean 0 1] 11 [%mean 4 0 1] 0 0]", 0,
	    "[2 [%mean 6] [%mean 5] 0]");
	CHECK_TOON(direct(5), "[11 [%mean 1 1] 11 [%mean 0 0] 1 3]", 0,
	    "[2 [%mean 1] 0]");
}

TEST("soft: calls inside of a hint have it on their trace, tail calls too")
{
	CHECK_TOON(direct(5), "[11 [%mean 1 1] 2 [0 1] 1 11 [%mean 1 2] 0 0]",
	    0, "[2 [%mean 2] [%mean 1] 0]");
	CHECK_TOON(direct(5),
	    "[8 [1 0] 8 [1 6 [5 [0 6] 1 3] [0 0] 11 [%mean 0 6] 9 2 10 [6 4 0 "
	    "6] 0 1] 9 2 0 1]",
	    0, "[2 [%mean 2] [%mean 1] [%mean 0] 0]");
	CHECK_TOON(
	    direct(5), "[[2 [0 1] 1 11 [%mean 1 2] 4 0 1] 0 0]", 0, "[2 0]");
}

TEST("soft: the trace of a crash does not outlive it")
{
	CHECK_TOON(direct(5), "[11 [%mean 1 1] 0 0]", 0, "[2 [%mean 1] 0]");
	CHECK_TOON(direct(5), "[0 0]", 0, "[2 0]");
	CHECK_TOON(direct(5), "[11 [%mean 1 2] 0 1]", 0, "[0 5]");
	CHECK_TOON(direct(5), "[0 0]", 0, "[2 0]");
}

TEST("soft: a trace of a million entries is given whole")
{
	unsigned long n = 0;

	CHECK_EQ(soft(direct(DEEP),
	             "[8 [1 0] 8 [1 6 [5 [0 6] 0 7] [0 0] 11 [%mean 0 6] 4 9 2 "
	             "10 [6 4 0 6] 0 1] 9 2 0 1]",
	             0),
	    BAIL_NONE);
	REQUIRE(is_cell(in.out) && head(in.out) == direct(2));
	CHECK(is_cell(tail(in.out)) &&
	    equal(
	        head(tail(in.out)), cons(atom_cord("mean"), direct(DEEP - 1))));
	for (noun t = tail(in.out); is_cell(t); t = tail(t))
		n++;
	CHECK_EQ(n, DEEP);
}

/* -------- opcode 12 -------- */

static noun
gate(const char *body)
{
	return cons(parse(body), parse("[[0 0] 99]"));
}

/*
 * ++mink, %12: ~ is a block on the path; [~ ~] a crash with [%hunk ref path]
 * before the trace; [~ ~ *] the answer.
 */
TEST("soft: a scry gate answers, blocks, or has nothing there")
{
	CHECK_TOON(0, "[12 [1 7] 1 8]", gate("[[1 0] [1 0] 0 6]"), "[0 7 8]");
	CHECK_TOON(0, "[12 [1 7] 1 8]", gate("[[1 0] [1 0] 0 7]"), "[0 99]");
	CHECK_TOON(0, "[12 [1 7] 1 8]", gate("[1 0]"), "[1 8]");
	CHECK_TOON(0, "[12 [1 7] 1 8 9]", gate("[1 0]"), "[1 8 9]");
	CHECK_TOON(0, "[12 [1 7] 1 8]", gate("[1 0 0]"), "[2 [%hunk 7 8] 0]");
	CHECK_TOON(0, "[11 [%mean 1 1] 12 [1 7] 1 8]", gate("[1 0 0]"),
	    "[2 [%hunk 7 8] [%mean 1] 0]");
}

TEST("soft: with no scry gate opcode 12 crashes, after its arguments")
{
	CHECK_TOON(0, "[12 [1 7] 1 8]", 0, "[2 0]");
	CHECK_TOON(0, "[12 [11 [%mean 1 1] 0 0] 1 8]", 0, "[2 [%mean 1] 0]");
}

TEST("soft: a block ends it at once, and has no trace")
{
	CHECK_TOON(0, "[[12 [1 0] 1 1] 0 0]", gate("[1 0]"), "[1 1]");
	CHECK_TOON(0, "[[0 0] 12 [1 0] 1 1]", gate("[1 0]"), "[2 0]");
	CHECK_TOON(0, "[[12 [1 0] 1 1] 12 [1 0] 1 2]", gate("[1 0]"), "[1 1]");
	CHECK_TOON(
	    0, "[11 [%mean 1 5] 4 12 [1 0] 1 1]", gate("[1 0]"), "[1 1]");
	CHECK_TOON(0, "[0 0]", 0, "[2 0]");
}

/* ++mink, %10: axis 0 first, then the target, then the value. */
TEST("soft: an edit computes its target first")
{
	CHECK_TOON(
	    0, "[10 [2 12 [1 0] 1 1] 12 [1 0] 1 2]", gate("[1 0]"), "[1 2]");
	CHECK_TOON(
	    0, "[10 [0 12 [1 0] 1 1] 12 [1 0] 1 2]", gate("[1 0]"), "[2 0]");
	CHECK_TOON(0, "[10 [2 12 [1 0] 1 1] 1 5]", gate("[1 0]"), "[1 1]");
}

/* ++mink matches the whole of an opcode's shape before it runs any of it. */
TEST("soft: what is no formula crashes before its parts are run")
{
	CHECK_TOON(0, "[6 [12 [1 0] 1 1] 5]", gate("[1 0]"), "[2 0]");
	CHECK_TOON(0, "[9 [2 2] 12 [1 0] 1 1]", gate("[1 0]"), "[2 0]");
	CHECK_TOON(0, "[10 [[2 2] 1 0] 12 [1 0] 1 1]", gate("[1 0]"), "[2 0]");
	CHECK_TOON(0, "[11 [[1 1] 12 [1 0] 1 1] 1 0]", gate("[1 0]"), "[2 0]");
	CHECK_TOON(0, "[13 12 [1 0] 1 1]", gate("[1 0]"), "[2 0]");
	CHECK_TOON(0, "[[12 [1 0] 1 1] 5]", gate("[1 0]"), "[1 1]");
	CHECK_TOON(0, "[5 [12 [1 0] 1 1] 5]", gate("[1 0]"), "[1 1]");
}

TEST("soft: a scry gate that crashes is the caller's crash")
{
	CHECK_EQ(soft(0, "[12 [1 7] 1 8]", gate("[0 0]")), BAIL_EXIT);
	CHECK_EQ(soft(0, "[12 [1 7] 1 8]", gate("[12 [1 0] 1 0]")), BAIL_EXIT);
	CHECK_EQ(soft(0, "[12 [1 7] 1 8]", direct(5)), BAIL_EXIT);
	CHECK_TOON(0, "[12 [1 7] 1 8]", gate("[[1 0] [1 0] 0 6]"), "[0 7 8]");
}

/* The gate calls itself, deep, while the formula is deep in a recursion. */
TEST("soft: a scry gate may recurse, in the middle of a recursion")
{
	CHECK_TOON(direct(1000),
	    "[8 [1 0] 8 [1 6 [5 [0 6] 0 7] [12 [1 0] 0 6] 4 9 2 10 [6 4 0 6] 0 "
	    "1] 9 2 0 1]",
	    gate("[8 [1 0] 8 [1 6 [5 [0 6] 0 61] [[1 0] [1 0] 0 6] 9 2 10 [6 4 "
	         "0 6] 0 1] 9 2 0 1]"),
	    "[0 2.000]");
}

/* -------- what the machine cannot do is no answer -------- */

static noun
forever(void)
{
	return parse("[8 [1 0] 8 [1 9 2 10 [6 4 0 6] 0 1] 9 2 0 1]");
}

static void
on_alarm(int signal)
{
	(void)signal;
	nock_interrupt(BAIL_INTR);
}

static void
on_time(int signal)
{
	(void)signal;
	nock_interrupt(BAIL_TIME);
}

static void
after(unsigned ms, void (*f)(int))
{
	set_timer((uint64_t)ms * 1000000, f);
}

TEST("nock_interrupt: ends what does not end, with the kind it was given")
{
	in.subject = 0;
	in.gate = 0;
	in.formula = forever();
	after(30, on_alarm);
	CHECK_EQ(run(run_plain), BAIL_INTR);
	in.formula = forever();
	after(30, on_time);
	CHECK_EQ(run(run_plain), BAIL_TIME);
	in.formula = forever();
	after(30, on_time);
	CHECK_EQ(run(run_soft), BAIL_TIME);
	CHECK_EQ(in.kind, BAIL_TIME);
	CHECK_EQ(in.out, 0);
}

TEST("nock_interrupt: ends loops of every kind")
{
	static const char *const loops[] = {
	    "[2 [0 1] 0 1]", /* on itself */
	    "[2 [0 1] 0 2]",
	    "[9 2 0 1]",
	    "[9 2 [0 2] 0 3]",
	    "[8 [1 0] 8 [1 9 2 [0 2] [4 0 6] 0 7] 9 2 0 1]",
	    "[8 [1 0] 8 [1 9 2 10 [7 0 7] 0 1] 9 2 0 1]",
	    "[8 [1 0] 8 [1 6 [5 [0 6] 1 1] [1 0] 9 2 0 1] 9 2 0 1]",
	    "[8 [1 0] 8 [1 7 [9 5 0 1] 1 0] 9 2 10 [2 1 9 2 0 1] 0 1]",
	};

	for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
		in.formula = parse(loops[i]);
		in.subject = i < 1 ? in.formula : cons(in.formula, in.formula);
		in.gate = 0;
		after(20, on_alarm);
		CHECK_EQ(run(run_plain), BAIL_INTR);
	}
}

TEST("nock_interrupt: in a recursion, and in a scry gate")
{
	in.subject = 0;
	in.formula = parse("[8 [1 0] 8 [1 4 9 2 10 [6 4 0 6] 0 1] 9 2 0 1]");
	in.gate = 0;
	after(20, on_alarm);
	CHECK_EQ(run(run_soft), BAIL_INTR);
	in.formula = parse("[12 [1 0] 1 0]");
	in.gate = cons(forever(), parse("[0 0]"));
	after(20, on_alarm);
	CHECK_EQ(run(run_soft), BAIL_INTR);
	CHECK_TOON(direct(5), "[4 0 1]", 0, "[0 6]");
}

TEST("nock_interrupt: one that came before the run ends no later one")
{
	nock_interrupt(BAIL_INTR);
	in.subject = 0;
	in.formula = forever();
	in.gate = 0;
	after(100, on_alarm);
	CHECK_EQ(run(run_plain), BAIL_INTR);
	after(0, on_alarm);
	CHECK_TOON(direct(5),
	    "[8 [1 0] 8 [1 6 [5 [0 6] 1 9] [0 6] 9 2 10 [6 4 0 6] 0 1] 9 2 0 1]",
	    0, "[0 9]");
}

/* A heap of its own, with a limit. */
static void
limited(size_t limit)
{
	nock_free();
	heap_free();
	if (heap_init(&(struct heap_opts){.limit = limit}) != 0)
		exit(111);
	nock_init(NULL);
}

TEST("soft: over the memory limit is meme, and no toon; then all is well")
{
	limited((size_t)64 << 20);
	for (int i = 0; i < 3; i++) {
		CHECK_EQ(
		    soft(0, "[8 [1 0] 8 [1 9 2 10 [6 [0 6] 0 1] 0 1] 9 2 0 1]",
		        0),
		    BAIL_MEME);
		heap_collect(HEAP_MAJOR); /* what is left is garbage */
		CHECK_TOON(direct(5), "[4 0 1]", 0, "[0 6]");
	}
	CHECK_EQ(heap.stat.memory <= (size_t)64 << 20, 1);
}

TEST("soft: recursion over the memory limit is meme or over, and no toon")
{
	enum bail kind;

	limited((size_t)64 << 20);
	kind = soft(0, "[8 [1 0] 8 [1 4 9 2 10 [6 4 0 6] 0 1] 9 2 0 1]", 0);
	CHECK(kind == BAIL_MEME || kind == BAIL_OVER);
	heap_collect(HEAP_MAJOR);
	CHECK_TOON(direct(5), "[4 0 1]", 0, "[0 6]");
}

/* -------- C between two runs of the machine -------- */

/* A C caller that virtualises, uses the toon, and virtualises again. */
static void
nested(void *arg)
{
	noun toon;

	(void)arg;
	stack_push(parse("[11 [%mean 1 1] 0 0]"));
	if (nock_soft(0, stack_top()[-1], 0, &toon) != BAIL_NONE)
		bail(BAIL_FAIL);
	stack_pop();
	stack_push(toon);
	in.out = nock(stack_top()[-1], parse("[11 [%mean 1 2] [0 2] 0 3]"));
	stack_pop();
	stack_push(in.out);
	in.kind = nock_soft(in.out, parse("[11 [%mean 1 3] 4 0 1]"), 0, &toon);
	in.out = cons(toon, stack_pop());
	bail(BAIL_EXIT);
}

TEST("soft: calls by turns from C, then a crash: each has its own trace")
{
	CHECK_EQ(run(nested), BAIL_EXIT);
	CHECK(equal(in.out, parse("[[2 [%mean 3] 0] 2 [%mean 1] 0]")));
	CHECK_TOON(0, "[0 0]", 0, "[2 0]");
}

static void
trapped_in_trap(void *arg)
{
	(void)arg;
	stack_push(direct(1));
	CHECK_EQ(trap_run(run_plain, NULL), BAIL_EXIT);
	CHECK_EQ(stack_pop(), direct(1));
	in.kind = nock_soft(0, parse("[4 1 6]"), 0, &in.out);
}

TEST("soft: a trap in a trap")
{
	in.subject = 0;
	in.formula = parse("[7 [1 0] 0 0]");
	CHECK_EQ(run(trapped_in_trap), BAIL_NONE);
	CHECK(equal(in.out, parse("[0 7]")));
}

/* -------- hints that tell -------- */

TEST("hints: %slog tells its priority and tank, before the body")
{
	CHECK_TOON(0, "[11 [%slog 1 2 %hello] 0 0]", 0, "[2 0]");
	CHECK_EQ(told.slogs, 1);
	CHECK_EQ(told.priority, 2);
	CHECK(equal(told.tank, atom_cord("hello")));
}

TEST("hints: a %slog of no such form tells nothing, and is no crash")
{
	CHECK_TOON(0, "[11 [%slog 1 7] 1 5]", 0, "[0 5]");
	CHECK_TOON(0, "[11 [%slog 1 [1 2] 3] 1 5]", 0, "[0 5]");
	CHECK_TOON(0, "[11 %slog 1 5]", 0, "[0 5]");
	CHECK_EQ(told.slogs, 0);
}

TEST("hints: %bout and %meme report a line, in either form")
{
	CHECK_TOON(0, "[11 %bout 1 5]", 0, "[0 5]");
	CHECK_EQ(told.lines, 1);
	CHECK_TOON(0, "[11 [%bout 1 0 %leaf 'x'] 1 5]", 0, "[0 5]");
	CHECK(told.lines + told.slogs >= 2);
	told.lines = told.slogs = 0;
	CHECK_TOON(0, "[11 %meme 1 5]", 0, "[0 5]");
	CHECK(told.lines + told.slogs >= 1);
}

static const char count_to[] =
    "[11 [%memo 1 0] 8 [1 0] 8 [1 6 [5 [0 6] 0 7] [0 6] 9 2 10 [6 4 0 6] 0 1] "
    "9 2 0 1]";

TEST("hints: %memo keeps a product by subject and formula")
{
	struct nock_stat s, t;

	CHECK_TOON(direct(100), count_to, 0, "[0 100]");
	nock_stats(&s);
	CHECK_EQ(s.memo_hits, 0);
	CHECK(s.memo_misses > 0);
	CHECK_TOON(direct(100), count_to, 0, "[0 100]");
	nock_stats(&t);
	CHECK_EQ(t.memo_hits, 1);
	CHECK_EQ(t.memo_misses, s.memo_misses);
	CHECK_TOON(direct(101), count_to, 0, "[0 101]");
	nock_stats(&s);
	CHECK_EQ(s.memo_hits, 1);
	heap_collect(HEAP_MAJOR);
	CHECK_TOON(direct(100), count_to, 0, "[0 100]");
	nock_stats(&t);
	CHECK(t.memo_hits == 2 || t.memo_misses > s.memo_misses);
}

TEST("hints: a pinned product is what %memo gives, and stays until it does")
{
	noun f = parse("[4 0 1]");

	nock_memo_pin(direct(7), f, direct(70));
	CHECK(nock_memo_pinned(f));
	CHECK(!nock_memo_pinned(parse("[4 0 3]")));
	for (int i = 0; i < 3; i++)
		heap_collect(HEAP_MAJOR);
	f = parse("[4 0 1]");
	/* More than there is room for. */
	for (uint64_t i = 100; i < 200000; i++)
		nock_memo_put(direct(i), f, 0);
	CHECK_TOON(direct(7), "[11 [%memo 1 0] 4 0 1]", 0, "[0 70]");
	CHECK(!nock_memo_pinned(parse("[4 0 1]")));
	CHECK_TOON(direct(8), "[11 [%memo 1 0] 4 0 1]", 0, "[0 9]");
	nock_memo_clear();
	CHECK_TOON(direct(7), "[11 [%memo 1 0] 4 0 1]", 0, "[0 8]");
}

TEST("hints: %memo keeps no crash, no block, and what a scry gate said last")
{
	const char *f = "[11 [%memo 1 0] 12 [1 0] 1 3]";

	CHECK_TOON(0, f, gate("[1 0]"), "[1 3]");
	CHECK_TOON(0, f, gate("[1 0 0]"), "[2 [%hunk 0 3] 0]");
	CHECK_TOON(0, f, 0, "[2 0]");
	CHECK_TOON(0, f, gate("[1 0 0 5]"), "[0 5]");
}

TEST("hints: %memo of a body that crashes crashes again, trace and all")
{
	for (int i = 0; i < 2; i++)
		CHECK_TOON(0, "[11 [%memo 1 0] 11 [%mean 1 1] 0 0]", 0,
		    "[2 [%mean 1] 0]");
}

/* [11 [%jinx 1 clue] body] */
static noun
jinx(noun clue, noun body)
{
	return cons3(
	    direct(11), cons3(atom_cord("jinx"), direct(1), clue), body);
}

/* A @dr: 2^64 is a second. */
static noun
milliseconds(uint64_t ms)
{
	return atom_word(UINT64_MAX / 1000 * ms);
}

TEST("hints: %jinx ends its body after a time, and that is no result")
{
	in.subject = in.gate = 0;
	in.formula = jinx(milliseconds(20), forever());
	CHECK_EQ(run(run_soft), BAIL_TIME);
	CHECK_EQ(in.out, 0);
	in.formula = jinx(milliseconds(20), forever());
	CHECK_EQ(run(run_plain), BAIL_TIME);
	CHECK_TOON(direct(5), "[4 0 1]", 0, "[0 6]");
}

TEST("hints: of two %jinx the shorter ends it, and one that is over does not")
{
	in.subject = in.gate = 0;
	in.formula = jinx(milliseconds(20), jinx(milliseconds(900), forever()));
	CHECK_EQ(run(run_soft), BAIL_TIME);
	in.formula = jinx(milliseconds(900), jinx(milliseconds(20), forever()));
	CHECK_EQ(run(run_soft), BAIL_TIME);
	in.formula = cons(jinx(milliseconds(20), parse("[1 5]")),
	    parse("[8 [1 0] 8 [1 6 [5 [0 6] 1 " MANY "] [0 6] 9 2 10 [6 4 0 "
	          "6] 0 1] 9 2 0 1]"));
	CHECK_EQ(run(run_soft), BAIL_NONE);
	CHECK(equal(in.out, parse("[0 5 " MANY "]")));
}

TEST("hints: a %jinx ends with a crash in its body")
{
	in.subject = in.gate = 0;
	in.formula = jinx(milliseconds(20), parse("[0 0]"));
	CHECK_EQ(run(run_soft), BAIL_NONE);
	CHECK(equal(in.out, parse("[2 0]")));
	CHECK_TOON(direct(5),
	    "[8 [1 0] 8 [1 6 [5 [0 6] 1 " MANY "] [0 6] 9 2 10 [6 4 0 6] 0 "
	    "1] 9 2 0 1]",
	    0, "[0 " MANY "]");
}

TEST("hints: a %jinx of no time limit that can be is none")
{
	CHECK_TOON(0, "[11 [%jinx 1 0xffff.ffff.ffff.ffff.ffff.ffff] 1 5]", 0,
	    "[0 5]");
	CHECK_TOON(0, "[11 [%jinx 1 1 2] 1 5]", 0, "[0 5]");
}

TEST("hints: %spin shows its cord while the body runs")
{
	CHECK_TOON(0, "[11 [%spin 1 %aaa] 11 [%spin 1 %bbb] 1 5]", 0, "[0 5]");
	CHECK_STR(told.spins, "aba.");
}

/* -------- watching -------- */

TEST("nock_opts.enter: is told of every call, how deep, and its %spot")
{
	opts.enter = enter;
	opts.count = true;
	nock_free();
	nock_init(&opts);
	CHECK_TOON(direct(9),
	    "[8 [1 0] 8 [1 11 [%spot 1 %here] 6 [5 [0 6] 0 7] [0 6] 4 9 2 10 "
	    "[6 4 0 6] 0 1] 9 2 0 1]",
	    0, "[0 18]");
	CHECK(told.entered >= 10);
	CHECK(told.deepest >= 9);
	CHECK(equal(told.tank, atom_cord("here")));
}

static void
on_sample(int signal)
{
	(void)signal;
	nock_sample();
}

TEST("nock_sample: in a recursion every function that runs is on the stack")
{
	after(5, on_sample);
	CHECK_EQ(soft(direct(SAMPLE_DEEP),
	             "[8 [1 0] 8 [1 11 [%spot 1 %here] 6 [5 [0 6] 0 7] [0 6] 4 "
	             "9 2 10 [6 4 0 6] 0 1] 9 2 0 1]",
	             0),
	    BAIL_NONE);
	CHECK(equal(in.out, cons(0, direct(2 * SAMPLE_DEEP))));
	CHECK_EQ(told.samples, 1);
	CHECK(told.frames > 100);
	CHECK(equal(told.tank, atom_cord("here")));
}

TEST("hints: a clue's crash is a crash, whatever the hint")
{
	static const char *const tags[] = {"fast", "memo", "live", "germ",
	    "sole", "slog", "hunk", "lose", "mean", "spot", "cash", "xray",
	    "meme", "nara", "hela", "bout", "loop", "jinx", "spin", "drop",
	    "what"};
	char f[100];

	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		snprintf(f, sizeof f, "[11 [%%%s 0 0] 1 5]", tags[i]);
		CHECK_TOON(0, f, 0, "[2 0]");
		snprintf(f, sizeof f, "[11 %%%s 4 0 1]", tags[i]);
		CHECK_TOON(direct(5), f, 0, "[0 6]");
	}
}

/* -------- code that is no longer needed -------- */

/* Compile n formulas that nothing holds. */
static void
many_formulas(unsigned first, unsigned n)
{
	for (unsigned i = first; i < first + n; i++) {
		char f[100];

		snprintf(f, sizeof f, "[[4 1 0x%x] 0 1]", i);
		nock(0, parse(f));
		heap_safepoint();
	}
}

TEST("code: the bytecode of formulas that died is dropped")
{
	struct nock_stat few, many;

	many_formulas(0, 1000);
	heap_collect(HEAP_MAJOR);
	heap_collect(HEAP_MAJOR);
	nock_stats(&few);
	many_formulas(1000, 20000);
	heap_collect(HEAP_MAJOR);
	heap_collect(HEAP_MAJOR);
	nock_stats(&many);
	CHECK_EQ(many.formulas >= 21000, 1);
	CHECK(many.code_bytes <= few.code_bytes + 65536);
}

/* A formula at an address where another one was. */
TEST("code: a formula that is new at an old address is compiled anew")
{
	for (unsigned i = 0; i < 300; i++) {
		noun f = cons3(direct(4), direct(1), direct(i));

		CHECK_EQ(nock(0, f), direct(i + 1));
		heap_collect(i % 5 ? HEAP_MINOR : HEAP_MAJOR);
	}
}
