/*
 * The machine against the definition, on random cases.
 *
 *     NOCK_DIFF_N=100000     how many cases
 *     NOCK_DIFF_SEED=17      the first case; each has its number as its seed
 *
 * The cases run in a child, so that one that kills it or hangs is told like
 * one that differs; it is then made as small as it goes, and told as text.
 */
#include <signal.h>
#include <time.h>

#include "nockcheck.h"
#include "nockgen.h"
#include "test.h"

enum {
#ifdef HEAP_STARVE
	CASES = 20000,
#else
	CASES = 100000,
#endif
	SECONDS = 30, /* for 64 cases, after which it hangs */
	TRIES = 1500, /* to make a case smaller, and seconds for all of them */
	TRY_SECONDS = 60
};

/* Written by the child. */
struct progress {
	uint64_t seed;
	uint64_t count[CHECK_DIFFERS + 1];
};

static struct progress *progress;

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
	nock_init(NULL);
	progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (progress == MAP_FAILED)
		exit(111);
}

static uint64_t
setting(const char *name, uint64_t otherwise)
{
	const char *s = getenv(name);

	return s ? strtoull(s, NULL, 10) : otherwise;
}

struct sample {
	noun subject, formula, gate;
};

static struct sample
sample(uint64_t seed)
{
	static struct gen g;
	struct sample c;

	g.seed = seed * UINT64_C(0xd1342543de82ef95);
	gen_case(&g, &c.subject, &c.formula);
	c.gate = g.scries ? gen_scry_gate() : 0;
	return c;
}

static enum check
check_sample(struct sample c)
{
	return check_case(c.subject, c.formula, c.gate);
}

static void
run_cases(uint64_t first, uint64_t n)
{
	for (uint64_t seed = first; seed < first + n; seed++) {
		enum check c;

		if (seed % 64 == 0)
			alarm(SECONDS);
		progress->seed = seed;
		c = check_sample(sample(seed));
		progress->count[c]++;
		if (c == CHECK_DIFFERS)
			exit(1);
		if (seed % 512 == 0)
			heap_collect(HEAP_MAJOR);
		heap_safepoint();
	}
}

/* Does it differ, kill or hang?  Tried in a process of its own. */
static bool
fails(struct sample c, bool quiet)
{
	int status;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == -1)
		exit(111);
	if (pid == 0) {
		if (quiet && !freopen("/dev/null", "w", stdout))
			_exit(111);
		alarm(quiet ? 2 : SECONDS);
		exit(check_sample(c) == CHECK_DIFFERS);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status) && !quiet)
		printf("# signal %d\n", WTERMSIG(status));
	return status != 0;
}

/* -------- making a case smaller -------- */

struct shrink {
	struct sample best;
	noun *part; /* of best: what is made smaller */
	unsigned tries;
	time_t end;
};

static uint64_t
cells(noun n)
{
	return is_cell(n) ? 1 + cells(head(n)) + cells(tail(n)) : 0;
}

/* Put n at the axis, if it is smaller and still fails. */
static bool
try_at(struct shrink *s, uint64_t axis, noun n)
{
	struct sample before = s->best;
	noun whole = *s->part, old, new;

	if (!axis_get_word(whole, axis, &old) || cells(n) >= cells(old) ||
	    s->tries == 0 || time(NULL) > s->end)
		return false;
	s->tries--;
	ref_edit(direct(axis), atom_bits(direct(axis)) - 1, whole, n, &new);
	*s->part = new;
	if (fails(s->best, true))
		return true;
	s->best = before;
	return false;
}

static bool
shrink_at(struct shrink *s, uint64_t axis)
{
	bool less = false;
	noun n;

	if (axis >> 60 || !axis_get_word(*s->part, axis, &n) || !is_cell(n))
		return false;
	if (try_at(s, axis, 0) || try_at(s, axis, cons(direct(1), 0)) ||
	    try_at(s, axis, cons(0, direct(1))) || try_at(s, axis, head(n)) ||
	    try_at(s, axis, tail(n)) ||
	    (is_cell(tail(n)) &&
	        (try_at(s, axis, head(tail(n))) ||
	            try_at(s, axis, tail(tail(n))))))
		return shrink_at(s, axis), true;
	less |= shrink_at(s, 2 * axis);
	less |= shrink_at(s, 2 * axis + 1);
	return less;
}

static struct sample
shrink(struct sample c)
{
	struct shrink s = {
	    .best = c, .tries = TRIES, .end = time(NULL) + TRY_SECONDS};
	bool less = true;

	while (less) {
		s.part = &s.best.formula;
		less = shrink_at(&s, 1);
		s.part = &s.best.subject;
		less |= shrink_at(&s, 1);
		if (s.best.gate != 0) {
			struct sample before = s.best;

			s.best.gate = 0;
			if (!fails(s.best, true))
				s.best = before;
		}
	}
	return s.best;
}

static void
tell(struct sample c)
{
	check_tell(stdout, "subject", c.subject, 1 << 20);
	check_tell(stdout, "formula", c.formula, 1 << 20);
	if (c.gate != 0)
		check_tell(stdout, "scry   ", c.gate, 1 << 20);
	fails(c, false);
}

static void
tell_failure(uint64_t seed)
{
	printf("# case %" PRIu64 " (NOCK_DIFF_SEED=%" PRIu64
	       " NOCK_DIFF_N=1):\n",
	    seed, seed);
	tell(sample(seed));
	printf("# made smaller:\n");
	tell(shrink(sample(seed)));
}

static bool
all_agree(uint64_t first, uint64_t n)
{
	int status;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == -1)
		exit(111);
	if (pid == 0) {
		run_cases(first, n);
		exit(0);
	}
	waitpid(pid, &status, 0);
	if (status == 0)
		return true;
	if (WIFSIGNALED(status))
		printf("# died of signal %d\n", WTERMSIG(status));
	tell_failure(progress->seed);
	return false;
}

static void
all_cases(uint64_t first, uint64_t n)
{
	uint64_t *count = progress->count;

	CHECK(all_agree(first, n));
	printf("# %" PRIu64 " done, %" PRIu64 " crashed, %" PRIu64
	       " blocked, %" PRIu64 " crashed the caller, %" PRIu64
	       " not known\n",
	    count[CHECK_DONE], count[CHECK_CRASH], count[CHECK_BLOCK],
	    count[CHECK_OUTER], count[CHECK_UNKNOWN]);
}

TEST("nock: random cases give what the definition gives, trace and all")
{
	all_cases(setting("NOCK_DIFF_SEED", 1), setting("NOCK_DIFF_N", CASES));
}

/* The machine has a loop of its own for that. */
TEST("nock: the same where instructions and calls are counted")
{
	struct nock_stat s;

	nock_free();
	nock_init(&(struct nock_opts){.count = true});
	nock(0, cons(direct(4), cons(direct(0), direct(1))));
	nock_stats(&s);
	CHECK(s.instructions >= 2 && s.calls >= 1);
	all_cases(setting("NOCK_DIFF_SEED", 1),
	    setting("NOCK_DIFF_N", CASES) / 5 + 1);
}

/* The generator is worth its name: all ends come up, few are unknown. */
TEST("nock: of the random cases about a third crash")
{
	uint64_t count[REF_UNKNOWN + 1] = {0}, n = 3000;

	for (uint64_t seed = 1; seed <= n; seed++) {
		struct sample c = sample(seed);
		struct ref r = {.steps = CHECK_STEPS,
		    .depth = CHECK_DEPTH,
		    .scry = c.gate ? ref_scry_gate : NULL,
		    .arg = &c.gate};
		noun toon;

		count[ref_soft(&r, c.subject, c.formula, &toon)]++;
	}
	CHECK(count[REF_DONE] > n * 4 / 10);
	CHECK(count[REF_CRASH] > n / 5 && count[REF_CRASH] < n / 2);
	CHECK(count[REF_BLOCK] > n / 200);
	CHECK(count[REF_OUTER] > 0);
	CHECK(count[REF_UNKNOWN] < n / 10);
}
