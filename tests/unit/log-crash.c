/* The event log, killed at any moment: what was durable is there. */
#define _GNU_SOURCE
#include "logs.h"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#define FILE_ "log.db"

/* So many times; LOG_KILLS=1000 for a night. */
static unsigned
kills(unsigned n)
{
	const char *more = getenv("LOG_KILLS");

	return more ? (unsigned)atoi(more) : n;
}

static void
sleep_us(uint64_t us)
{
	nanosleep(&(struct timespec){(time_t)(us / 1000000),
	              (long)(us % 1000000 * 1000)},
	    NULL);
}

/* -------- in the child -------- */

static void
must(struct log *l, enum log_got got)
{
	if (got == LOG_OK || got == LOG_LATER)
		return;
	fprintf(stderr, "%s\n", log_why(l));
	_exit(111);
}

static void
tell(int fd, uint64_t id)
{
	if (write(fd, &id, sizeof id) != sizeof id)
		_exit(111);
}

/* Append, and tell what is durable; some commits wait, some do not. */
static void
append(int fd, uint64_t seed)
{
	uint64_t told = 0;
	struct log l;

	must(&l, log_open(&l, FILE_, LOG_CREATE));
	for (uint64_t i = seed;; i++) {
		uint64_t n = logs_mix(i) % 4 ? 1 + logs_mix(i) % 7 : 300;

		must(&l, logs_put(&l, l.last + 1, l.last + n));
		must(&l, i % 3 ? log_commit_start(&l) : log_commit(&l));
		must(&l, log_commit_done(&l));
		if (l.durable > told)
			tell(fd, told = l.durable);
	}
}

/* Move events out and in, with a few new ones and a few dropped. */
static void
chop(int fd, uint64_t seed)
{
	struct log l;

	must(&l, log_open(&l, FILE_, LOG_WRITE));
	tell(fd, l.last);
	for (uint64_t i = seed;; i++) {
		uint64_t r = logs_mix(i);
		uint64_t at = l.first + r % (l.last - l.first + 1);

		if (r % 7 == 0 && access("log.chopped.db", F_OK) == 0) {
			enum log_got got = log_chop_undo(&l);

			/* None: it was killed before it took any out. */
			must(&l, got == LOG_NONE ? LOG_OK : got);
		}
		must(&l, log_chop(&l, at));
		must(&l, logs_put(&l, l.last + 1, l.last + 5));
		must(&l, log_commit(&l));
		must(&l, log_cut(&l, l.last - 3));
		tell(fd, l.last);
	}
}

/* -------- the parent -------- */

/* Run it and kill it; the last number that it told, 0 if none. */
static uint64_t
run_and_kill(void (*run)(int, uint64_t), uint64_t seed, uint64_t us)
{
	uint64_t id, last = 0;
	int fd[2], status;
	pid_t pid;

	if (pipe(fd) < 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(fd[0]);
		run(fd[1], seed);
		_exit(0);
	}
	close(fd[1]);
	sleep_us(us);
	kill(pid, SIGKILL);
	while (read(fd[0], &id, sizeof id) == sizeof id)
		last = id;
	close(fd[0]);
	waitpid(pid, &status, 0);
	if (!WIFSIGNALED(status))
		TEST_FAIL("the child ended by itself: %d", status);
	return last;
}

TEST("log: killed while it appends, all that was durable is there, in order")
{
	unsigned repaired = 0, grew = 0, n = kills(100);
	uint64_t last = 0;
	enum log_got end;
	struct log l;

	for (unsigned i = 0; i < n; i++) {
		uint64_t told = run_and_kill(
		    append, i * UINT64_C(1000003), logs_mix(i + 77) % 40000);

		REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
		CHECK(l.last >= told && l.last >= last);
		grew += l.last > last;
		repaired += l.note[0] != '\0';
		last = l.last;
		if (i % 10 == 0 || i == n - 1) {
			CHECK_EQ(logs_count(&l, &end), last);
			CHECK(end == LOG_END);
			CHECK(log_check(&l) == LOG_OK);
		}
		log_close(&l);
		/* Now and then one that begins. */
		if (i % 8 == 7 && i != n - 1) {
			REQUIRE(unlink(FILE_) == 0);
			last = 0;
		}
	}
	printf("# %u kills, %u found half a commit\n", n, repaired);
	CHECK(grew > n / 3);
}

/* All of 1..last are in this log or the chopped one, and nothing else. */
static bool
together(struct log *l)
{
	struct log c;
	enum log_got end;
	bool ok =
	    logs_count(l, &end) == l->last - l->first + 1 && end == LOG_END;

	if (l->first == 1)
		return ok;
	ok &= log_open(&c, "log.chopped.db", LOG_READ) == LOG_OK &&
	    c.first == 1 && c.last >= l->first - 1 &&
	    logs_count(&c, &end) == c.last && end == LOG_END;
	log_close(&c);
	return ok;
}

TEST("log: killed while it chops, cuts or puts back, no event is lost")
{
	unsigned n = kills(100) / 2, chopped = 0;
	struct log l;

	logs_make(FILE_, 1, 200);
	for (unsigned i = 0; i < n; i++) {
		uint64_t told = run_and_kill(
		    chop, i * UINT64_C(1000003), logs_mix(i) % 100000);

		REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
		CHECK(told == 0 || (l.last >= told && l.last <= told + 5));
		CHECK(together(&l));
		CHECK(log_check(&l) == LOG_OK);
		chopped += l.first > 1;
		log_close(&l);
	}
	CHECK(chopped > 0);
	REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
	if (l.first > 1)
		CHECK(log_chop_undo(&l) == LOG_OK);
	CHECK_EQ(l.first, 1);
	CHECK(together(&l));
	log_close(&l);
}
