/*
 * Cases by hand: the field's conformance vectors and more, from
 * tests/data/nock-norm.tsv, on the machine and on the definition.
 */
#include "nockcheck.h"
#include "test.h"
#include "parse.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
	nock_init(NULL);
}

struct vector {
	noun subject, formula, product;
	bool crash;
};

/* The next of the file, false at its end. */
static bool
next(FILE *f, char *line, int room, struct vector *v)
{
	char *formula, *product;

	do {
		if (!fgets(line, room, f))
			return false;
		line[strcspn(line, "\n")] = 0;
	} while (strncmp(line, "::", 2) == 0);
	if ((formula = strchr(line, '\t')) == NULL ||
	    (product = strchr(formula + 1, '\t')) == NULL) {
		TEST_FAIL("no vector: %s", line);
		return false;
	}
	*formula++ = *product++ = 0;
	v->crash = strcmp(product, "CRASH") == 0;
	v->subject = parse(line);
	v->formula = parse(formula);
	v->product = v->crash ? 0 : parse(product);
	return true;
}

/* The vectors that do not hold are told; true if all do. */
static void
all(void (*holds)(const struct vector *, const char *name))
{
	FILE *f = fopen("tests/data/nock-norm.tsv", "r");
	char line[4096], name[4096 + 64];
	unsigned n = 0;
	struct vector v;

	REQUIRE(f != NULL);
	while (next(f, line, sizeof line, &v)) {
		snprintf(name, sizeof name, "*[%s %s]", line,
		    line + strlen(line) + 1);
		holds(&v, name);
		n++;
	}
	fclose(f);
	CHECK(n > 120);
}

static void
defined(const struct vector *v, const char *name)
{
	struct ref r = {.steps = CHECK_STEPS, .depth = CHECK_DEPTH};
	enum ref_end end;
	noun out = 0;

	end = ref_plain(&r, v->subject, v->formula, &out);
	if (end != (v->crash ? REF_CRASH : REF_DONE) ||
	    (!v->crash && !equal(out, v->product)))
		TEST_FAIL("%s: the definition disagrees", name);
}

static void
same(const struct vector *v, const char *name)
{
	enum check c;

	stack_push(v->product);
	c = check_case(v->subject, v->formula, 0);
	stack_pop();
	if (c != (v->crash ? CHECK_CRASH : CHECK_DONE))
		TEST_FAIL("%s", name);
}

TEST("nock: the definition in the tests gives what the vectors say")
{
	all(defined);
}

TEST("nock: the machine gives what the vectors say")
{
	all(same);
}

/* -------- what vectors cannot say -------- */

static noun crashing_formula;

static void
crash(void *arg)
{
	(void)arg;
	nock(0, crashing_formula);
}

TEST("nock: an opcode that is a cell of cells is two formulas, not an opcode")
{
	noun n = nock(direct(5), parse("[[[0 1] 4 0 1] [1 7] 0 1]"));

	CHECK(equal(n, parse("[[5 6] 7 5]")));
}

TEST("nock: a formula is compiled once, wherever a copy of it lies")
{
	struct nock_stat before, after;

	nock(direct(5), parse("[[4 4 0 1] 0 1]"));
	nock_stats(&before);
	nock(direct(6), parse("[[4 4 0 1] 0 1]"));
	nock_stats(&after);
	CHECK_EQ(before.formulas, after.formulas);
	CHECK(before.formulas > 0 && before.code_bytes > 0);
}

static noun
gate_of(const char *body)
{
	return cons3(parse(body), direct(0), direct(77));
}

TEST("nock: slam replaces the sample, and the context stays")
{
	noun n = nock_slam(gate_of("[[0 6] [4 0 6] 0 7]"), direct(41));

	CHECK(equal(n, parse("[41 42 77]")));
}

TEST("nock: kick runs the arm at any axis")
{
	noun core = parse("[[[4 0 7] [0 6] 1 5] 8 9]");

	stack_push(core);
	CHECK_EQ(nock_kick(core, 4), direct(10));
	CHECK_EQ(nock_kick(stack_top()[-1], 10), direct(8));
	CHECK_EQ(nock_kick(stack_pop(), 11), direct(5));
}

static void
slam_top(void *arg)
{
	(void)arg;
	nock_slam(stack_top()[-1], direct(1));
}

static void
kick_top(void *arg)
{
	(void)arg;
	nock_kick(stack_top()[-1], 6);
}

TEST("nock: what is no gate crashes when it is slammed")
{
	static const char *const bad[] = {"0", "[1 2]", "[[0 1] 2]", "[0 1 2]",
	    "[[0 0] 1 2]", "[[[4 0 7] 1 5] [13 2] 3 4]"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		noun *mark = stack_top();

		stack_push(parse(bad[i]));
		CHECK_EQ(trap_run(slam_top, NULL), BAIL_EXIT);
		CHECK_EQ(trap_run(kick_top, NULL), BAIL_EXIT);
		stack_pop();
		CHECK(stack_top() == mark);
	}
}

TEST("nock: outside of a soft frame opcode 12 crashes")
{
	noun *mark = stack_top();
	char *scratch = scratch_top();

	crashing_formula = parse("[12 [1 0] 1 0]");
	CHECK_EQ(trap_run(crash, NULL), BAIL_EXIT);
	CHECK(stack_top() == mark && scratch_top() == scratch);
}

TEST("nock: a crash that was trapped outside has its trace, innermost first")
{
	noun trace;

	crashing_formula =
	    parse("[11 [%mean 1 %out] 11 [%spot 1 %mid] 11 [%lose 1 %in] 0 0]");
	CHECK_EQ(trap_run(crash, NULL), BAIL_EXIT);
	trace = nock_trace();
	CHECK(equal(trace, parse("[[%lose %in] [%spot %mid] [%mean %out] 0]")));
}

TEST("nock: work after a crash has a new trace")
{
	noun toon;

	crashing_formula = parse("[11 [%mean 1 %out] 0 0]");
	CHECK_EQ(trap_run(crash, NULL), BAIL_EXIT);
	CHECK_EQ(nock_soft(0, parse("[0 0]"), 0, &toon), BAIL_NONE);
	CHECK(equal(toon, parse("[2 0]")));
	crashing_formula = parse("[11 [%mean 1 %in] 0 0]");
	CHECK_EQ(trap_run(crash, NULL), BAIL_EXIT);
	CHECK(equal(nock_trace(), parse("[[%mean %in] 0]")));
}
