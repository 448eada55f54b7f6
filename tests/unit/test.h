/*
 * test -- a program of unit tests: include it in one file, write tests.
 *
 *     TEST("jam: a second [1 2] is a reference to the first")
 *     {
 *             CHECK(is_atom(n));
 *             CHECK_EQ(mug(n), 0x4d441035);
 *     }
 *
 * The name states the rule.  main() is here.  Each test runs in a process
 * of its own, so that one that dies fails alone; the output is TAP.  With
 * an argument only the tests whose name contains it run, in this process,
 * for a debugger.
 *
 * A CHECK that does not hold is told with its line, and the test goes on;
 * a REQUIRE ends it.  SKIP(reason) ends a test that cannot run here.  The
 * program may define test_setup(), which is called before each test.
 */
#ifndef TEST_H
#define TEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

void test_setup(void) __attribute__((weak));

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
};

/* What a test tells the process that started it. */
struct test_result {
	bool failed, skipped;
	char reason[200];
};

static struct test *test_first, **test_last = &test_first;
static struct test_result *test_result;

#define TEST(rule) TEST_(rule, __COUNTER__)
#define TEST_(rule, n) TEST__(rule, n)
#define TEST__(rule, n)                                             \
	static void test_run_##n(void);                             \
	static struct test test_##n = {rule, test_run_##n, NULL};   \
	static void __attribute__((constructor)) test_add_##n(void) \
	{                                                           \
		*test_last = &test_##n;                             \
		test_last = &test_##n.next;                         \
	}                                                           \
	static void test_run_##n(void)

#define TEST_FAIL(...)                                   \
	do {                                             \
		printf("# %s:%d: ", __FILE__, __LINE__); \
		printf(__VA_ARGS__);                     \
		putchar('\n');                           \
		fflush(stdout);                          \
		test_result->failed = true;              \
	} while (0)

#define CHECK(cond)                             \
	do {                                    \
		if (!(cond))                    \
			TEST_FAIL("%s", #cond); \
	} while (0)

#define REQUIRE(cond)                           \
	do {                                    \
		if (!(cond)) {                  \
			TEST_FAIL("%s", #cond); \
			return;                 \
		}                               \
	} while (0)

/* Two numbers. */
#define CHECK_EQ(got, want)                                             \
	do {                                                            \
		uint64_t test_a = (uint64_t)(got);                      \
		uint64_t test_b = (uint64_t)(want);                     \
		if (test_a != test_b)                                   \
			TEST_FAIL("%s is %" PRIu64 " (0x%" PRIx64       \
			          "), not %" PRIu64 " (0x%" PRIx64 ")", \
			    #got, test_a, test_a, test_b, test_b);      \
	} while (0)

/* Two C strings. */
#define CHECK_STR(got, want)                                                   \
	do {                                                                   \
		const char *test_a = (got), *test_b = (want);                  \
		if (strcmp(test_a, test_b) != 0)                               \
			TEST_FAIL(                                             \
			    "%s is \"%s\", not \"%s\"", #got, test_a, test_b); \
	} while (0)

/* The n bytes at p and at q. */
#define CHECK_MEM(p, q, n)                                     \
	do {                                                   \
		if (memcmp((p), (q), (n)) != 0)                \
			TEST_FAIL("%s and %s differ", #p, #q); \
	} while (0)

#define SKIP(...)                                                         \
	do {                                                              \
		test_result->skipped = true;                              \
		snprintf(test_result->reason, sizeof test_result->reason, \
		    __VA_ARGS__);                                         \
		return;                                                   \
	} while (0)

static void
test_run(struct test *t)
{
	memset(test_result, 0, sizeof *test_result);
	if (test_setup)
		test_setup();
	t->run();
}

/* Run t in a process of its own. */
static void
test_fork(struct test *t)
{
	int status;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == -1) {
		perror("fork");
		exit(111);
	}
	if (pid == 0) {
		test_run(t);
		exit(0);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		TEST_FAIL("died of signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		TEST_FAIL("exited %d", WEXITSTATUS(status));
}

/* Tell the result of t, number n; true unless it failed. */
static bool
test_tell(struct test *t, unsigned n)
{
	bool ok = !test_result->failed;

	printf("%sok %u - %s", ok ? "" : "not ", n, t->name);
	if (ok && test_result->skipped)
		printf(" # SKIP %s", test_result->reason);
	putchar('\n');
	return ok;
}

int
main(int argc, char **argv)
{
	unsigned n = 0;
	bool ok = true;

	test_result = mmap(NULL, sizeof *test_result, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (test_result == MAP_FAILED)
		return 111;
	for (struct test *t = test_first; t != NULL; t = t->next) {
		if (argc > 1 && strstr(t->name, argv[1]) == NULL)
			continue;
		if (argc > 1)
			test_run(t);
		else
			test_fork(t);
		ok &= test_tell(t, ++n);
	}
	printf("1..%u\n", n);
	return ok ? 0 : 1;
}

#endif
