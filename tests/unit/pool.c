/* pool: order, limits, and what becomes of jobs when workers die. */
#define _GNU_SOURCE
#include "pool.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

#include "ring.h"
#include "test.h"

enum op { MIX, SPIN, SLEEP, BIG, KILL, EXIT, FORGET };

/* A job: do op with n, then answer with a function of x. */
struct job {
	uint32_t op, n;
	uint64_t x;
};

/* What all processes see. */
struct tally {
	_Atomic uint32_t begun, deadly;
};

static struct tally *tally;

void
test_setup(void)
{
	tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 31;
	x *= UINT64_C(0x9e3779b97f4a7c15);
	return x ^ x >> 29;
}

static uint64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void
nap(unsigned ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&t, &t) < 0)
		;
}

static uint8_t
byte_at(uint64_t x, size_t i)
{
	return (uint8_t)(x + i * 7 + (i >> 9));
}

static int
answer_big(struct pool_reply *r, uint64_t x, size_t n)
{
	static uint8_t *p;

	free(p);
	if ((p = malloc(n)) == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		p[i] = byte_at(x, i);
	r->p = p;
	r->n = n;
	return 0;
}

/* Do what costs time or life. */
static void
suffer(const struct job *j)
{
	uint64_t until = now_us() + j->n;

	switch (j->op) {
	case SPIN:
		while (now_us() < until)
			;
		break;
	case SLEEP:
		nap(j->n);
		break;
	case KILL:
		tally->deadly++;
		raise((int)j->n);
		break;
	case EXIT:
		tally->deadly++;
		_exit((int)j->n);
	case FORGET:
		prctl(PR_SET_PDEATHSIG, 0);
		break;
	}
}

static int
act(void *arg, const void *bytes, size_t n, struct pool_reply *r)
{
	struct job j;
	uint64_t y;

	(void)arg;
	if (n < sizeof j)
		return -1;
	memcpy(&j, bytes, sizeof j);
	tally->begun++;
	if (j.op == BIG)
		return answer_big(r, j.x, j.n);
	suffer(&j);
	y = mix(j.x);
	return pool_reply_put(r, &y, sizeof y) < 0 ? -1 : (int)(j.x % 1000);
}

static int
echo(void *arg, const void *job, size_t n, struct pool_reply *r)
{
	(void)arg;
	r->p = job;
	r->n = n;
	return -7;
}

static struct pool *
start(unsigned workers, bool as_done)
{
	struct pool *p = pool_new(&(struct pool_setup){
	    .work = act, .workers = workers, .as_done = as_done});

	if (p == NULL)
		abort();
	return p;
}

static int
put(struct pool *p, enum op op, uint32_t n, uint64_t x)
{
	return pool_put(p, &(struct job){op, n, x}, sizeof(struct job));
}

static bool
right(const struct pool_answer *a, uint64_t x)
{
	uint64_t y = mix(x);

	return a->end == POOL_DONE && a->code == (int)(x % 1000) &&
	    a->n == sizeof y && memcmp(a->p, &y, sizeof y) == 0;
}

/* Job number x of a test. */
typedef struct job job_maker(uint64_t x);

/*
 * Run n jobs through p; each answer must be right, or POOL_DIED of a
 * SIGKILL: how many were that.
 */
static uint64_t
run(struct pool *p, uint64_t n, job_maker *make, bool ordered)
{
	uint64_t put_n = 0, got_n = 0, died = 0;
	bool *seen = calloc(n, 1);
	struct pool_answer a;

	while (got_n < n) {
		struct job j = make(put_n);

		if (put_n < n && pool_put(p, &j, sizeof j) == 0) {
			put_n++;
			continue;
		}
		if (pool_next(p, &a) != POOL_GOT)
			abort();
		if (ordered)
			CHECK_EQ(a.index, got_n);
		if (a.index >= n || seen[a.index])
			abort();
		seen[a.index] = true;
		if (a.end == POOL_DIED && a.signal == SIGKILL)
			died++;
		else
			CHECK(right(&a, a.index));
		got_n++;
	}
	free(seen);
	return died;
}

static struct job
tiny(uint64_t x)
{
	return (struct job){MIX, 0, x};
}

static struct job
uneven(uint64_t x)
{
	return (struct job){SPIN, (uint32_t)(mix(x) % 40), x};
}

/* -------- order -------- */

TEST("pool: answers come in the order of their jobs")
{
	struct pool *p = start(4, false);
	struct pool_answer a;

	CHECK_EQ(run(p, 5000, uneven, true), 0);
	CHECK(pool_next(p, &a) == POOL_EMPTY);
	CHECK(pool_try(p, &a) == POOL_EMPTY);
	pool_free(p);
}

TEST("pool: as they are done, each index comes once")
{
	struct pool *p = start(4, true);

	CHECK_EQ(run(p, 5000, uneven, false), 0);
	CHECK_EQ(pool_deaths(p), 0);
	pool_free(p);
}

TEST("pool: one worker, and more than the window holds")
{
	struct pool *p = start(1, false);

	CHECK_EQ(run(p, 50000, tiny, true), 0);
	pool_free(p);
}

TEST("pool: 64 workers")
{
	struct pool *p = start(64, false);

	CHECK_EQ(pool_workers(p), 64);
	CHECK_EQ(run(p, 50000, tiny, true), 0);
	pool_free(p);
}

TEST("pool: a window of one job, and windows of no power of two")
{
	static const uint32_t jobs[] = {1, 2, 3, 100};

	for (size_t i = 0; i < 4; i++) {
		struct pool *p = pool_new(&(struct pool_setup){
		    .work = act, .workers = 2, .jobs = jobs[i]});

		for (uint32_t k = 0; k < jobs[i]; k++)
			CHECK(put(p, MIX, 0, k) == 0);
		CHECK(put(p, MIX, 0, 0) == -1);
		CHECK_EQ(errno, EAGAIN);
		for (uint32_t k = 0; k < jobs[i]; k++) {
			struct pool_answer a;

			REQUIRE(pool_next(p, &a) == POOL_GOT);
			CHECK_EQ(a.index, k);
			CHECK(right(&a, k));
		}
		pool_free(p);
	}
}

/* The place of the answer to job 0 among n, in a pool as done. */
static uint64_t
place_of_first(struct pool *p, uint64_t n)
{
	uint64_t place = n;
	struct pool_answer a;

	for (uint64_t i = 0; i < n; i++) {
		if (pool_next(p, &a) != POOL_GOT)
			abort();
		if (a.index == 0)
			place = i;
	}
	return place;
}

TEST("pool: no job waits behind a long one while a worker is idle")
{
	struct pool *p = start(2, true);

	REQUIRE(put(p, SLEEP, 500, 0) == 0);
	for (int i = 1; i <= 2000; i++)
		REQUIRE(put(p, MIX, 0, (uint64_t)i) == 0);
	CHECK_EQ(place_of_first(p, 2001), 2000);
	CHECK_EQ(tally->begun, 2001);
	pool_free(p);
}

TEST("pool: what was sent to a worker before it turned slow is taken back")
{
	struct pool *p = start(2, true);
	struct pool_answer a;

	/* Now the pool believes that jobs are tiny. */
	CHECK_EQ(run(p, 3000, tiny, false), 0);
	for (int i = 0; i < 1000; i++)
		REQUIRE(put(p, i == 10 ? SLEEP : MIX, 500, 0) == 0);
	for (int i = 0; i < 1000; i++) {
		REQUIRE(pool_next(p, &a) == POOL_GOT);
		CHECK((a.index == 3010) == (i == 999));
	}
	CHECK_EQ(tally->begun, 4000);
	pool_free(p);
}

TEST("pool: an answer does not wait for its worker's next job")
{
	struct pool *p = start(1, false);
	struct pool_answer a;
	uint64_t begin;

	CHECK_EQ(run(p, 1000, tiny, true), 0);
	begin = now_us();
	REQUIRE(put(p, SLEEP, 1, 5) == 0);
	REQUIRE(put(p, SLEEP, 1000, 6) == 0);
	REQUIRE(pool_next(p, &a) == POOL_GOT);
	CHECK(right(&a, 5));
	CHECK(now_us() - begin < 500 * 1000);
	REQUIRE(pool_next(p, &a) == POOL_GOT);
	CHECK(now_us() - begin > 1000 * 1000);
	pool_free(p);
}

TEST("pool: a lone job is begun by pool_put() alone")
{
	struct pool *p = start(2, false);

	REQUIRE(put(p, MIX, 0, 1) == 0);
	for (int i = 0; i < 2000 && tally->begun == 0; i++)
		nap(1);
	CHECK_EQ(tally->begun, 1);
	pool_free(p);
}

/* -------- bytes -------- */

static bool
echoes(struct pool *p, const uint8_t *bytes, size_t n)
{
	struct pool_answer a;

	return pool_put(p, bytes, n) == 0 && pool_next(p, &a) == POOL_GOT &&
	    a.end == POOL_DONE && a.code == -7 && a.n == n &&
	    (n == 0 || memcmp(a.p, bytes, n) == 0);
}

TEST("pool: jobs of 0 bytes, of odd sizes, and of about a ring's size")
{
	struct pool *p =
	    pool_new(&(struct pool_setup){.work = echo, .workers = 2});
	size_t ring = RING_ROOM, most = 3 * ring;
	uint8_t *bytes = malloc(most);

	for (size_t i = 0; i < most; i++)
		bytes[i] = byte_at(3, i);
	for (size_t n = 0; n < 100; n++)
		CHECK(echoes(p, bytes + n, n));
	for (size_t n = ring - 40; n < ring + 40; n++)
		CHECK(echoes(p, bytes + n % 8, n));
	for (size_t n = ring / 2 - 10; n < ring / 2 + 10; n++)
		CHECK(echoes(p, bytes, n));
	CHECK(echoes(p, bytes, most));
	CHECK(pool_put(p, NULL, 0) == 0);
	free(bytes);
	pool_free(p);
}

TEST("pool: a stream of jobs and answers of all sizes at once")
{
	struct pool *p =
	    pool_new(&(struct pool_setup){.work = echo, .workers = 3});
	size_t most = 400 * 1000;
	uint8_t *bytes = malloc(most * 2);
	uint64_t put_n = 0, got_n = 0, n = 3000;
	struct pool_answer a;

	for (size_t i = 0; i < most * 2; i++)
		bytes[i] = byte_at(5, i);
	while (got_n < n) {
		size_t size =
		    mix(put_n) % 10 ? mix(put_n) % 300 : mix(put_n + n) % most;

		if (put_n < n && pool_put(p, bytes + put_n, size) == 0) {
			put_n++;
			continue;
		}
		REQUIRE(pool_next(p, &a) == POOL_GOT);
		size =
		    mix(got_n) % 10 ? mix(got_n) % 300 : mix(got_n + n) % most;
		REQUIRE(a.n == size);
		CHECK_MEM(a.p, bytes + got_n, size);
		got_n++;
	}
	free(bytes);
	pool_free(p);
}

TEST("pool: a job and an answer of 100 MB, with small ones about them")
{
	struct pool *p =
	    pool_new(&(struct pool_setup){.work = echo, .workers = 2});
	size_t n = 100 * 1000 * 1000 + 3;
	uint8_t *bytes = malloc(n);
	struct pool_answer a;

	for (size_t i = 0; i < n; i++)
		bytes[i] = byte_at(1, i);
	REQUIRE(pool_put(p, "a", 1) == 0);
	REQUIRE(pool_put(p, bytes, n) == 0);
	CHECK(pool_put(p, "b", 1) == -1);
	CHECK_EQ(errno, EAGAIN);
	REQUIRE(pool_next(p, &a) == POOL_GOT);
	CHECK_MEM(a.p, "a", 1);
	REQUIRE(pool_next(p, &a) == POOL_GOT);
	REQUIRE(a.n == n);
	CHECK_MEM(a.p, bytes, n);
	CHECK(echoes(p, bytes, 10));
	free(bytes);
	pool_free(p);
}

TEST("pool: more bytes than 32 bits can say are no job")
{
	struct pool *p = start(1, false);
	struct pool_reply r = {.n = POOL_BYTES_MAX - 1};

	CHECK(pool_put(p, "", (size_t)POOL_BYTES_MAX + 1) == -1);
	CHECK_EQ(errno, EMSGSIZE);
	CHECK(pool_reply_put(&r, "ab", 2) == -1);
	CHECK_EQ(errno, EMSGSIZE);
	pool_free(p);
}

/* -------- limits -------- */

/* Resident KiB of a process, without what is shared with others. */
static long
resident(pid_t pid)
{
	char path[64];
	long size, all, shared;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
	if ((f = fopen(path, "r")) == NULL)
		return -1;
	if (fscanf(f, "%ld %ld %ld", &size, &all, &shared) != 3)
		all = shared = 0;
	fclose(f);
	return (all - shared) * (sysconf(_SC_PAGESIZE) / 1024);
}

/* A sanitizer keeps what is freed; memory tells nothing there. */
#ifdef __SANITIZE_ADDRESS__
enum { MEMORY_TELLS = false };
#else
enum { MEMORY_TELLS = true };
#endif

static long
resident_in_all(const struct pool *p)
{
	long kib = resident(getpid());

	for (unsigned i = 0; i < pool_workers(p); i++)
		kib += resident(pool_pid(p, i));
	return kib;
}

static struct job
mostly_tiny(uint64_t x)
{
	return (struct job){x % 1000 == 0 ? SPIN : MIX, 100, x};
}

TEST("pool: an endless stream takes constant memory")
{
	for (int as_done = 0; as_done < 2; as_done++) {
		struct pool *p = start(2, as_done);
		uint64_t put_n = 0, got_n = 0;
		struct pool_answer a;
		long before = 0;

		while (got_n < 600 * 1000) {
			struct job j = mostly_tiny(put_n);

			if (pool_put(p, &j, sizeof j) == 0) {
				put_n++;
				continue;
			}
			REQUIRE(pool_next(p, &a) == POOL_GOT);
			if (++got_n == 100 * 1000)
				before = resident_in_all(p);
		}
		CHECK(put_n - got_n <= 4096);
		CHECK(before > 0);
		CHECK(resident_in_all(p) < before + 1024 || !MEMORY_TELLS);
		pool_free(p);
	}
}

/* Fill p with jobs of answers of that size until it is full: how many. */
static uint64_t
fill(struct pool *p, uint32_t size)
{
	uint64_t n = 0;

	while (put(p, BIG, size, n) == 0)
		n++;
	return n;
}

TEST("pool: answers that nobody takes hold the workers, not the memory")
{
	for (int as_done = 0; as_done < 2; as_done++) {
		struct pool *p = pool_new(&(struct pool_setup){.work = act,
		    .workers = 2,
		    .as_done = as_done,
		    .bytes = 8 << 20});
		uint32_t size = 1000 * 1000;
		uint64_t n = fill(p, size);
		struct pool_answer a;

		CHECK_EQ(n, 4096);
		for (int i = 0; i < 50; i++) {
			REQUIRE(pool_try(p, &a) != POOL_SYS);
			nap(2);
		}
		for (uint64_t i = 50; i < 300; i++) {
			REQUIRE(pool_next(p, &a) == POOL_GOT);
			REQUIRE(a.n == size);
			CHECK_EQ(a.p[9], byte_at(a.index, 9));
		}
		CHECK(resident(getpid()) < 32 * 1024 || !MEMORY_TELLS);
		CHECK(tally->begun < 300 + 32);
		pool_free(p);
		tally->begun = 0;
	}
}

TEST("pool: jobs of many bytes are not put without end")
{
	static uint8_t job[1 << 20];
	struct pool *p = pool_new(
	    &(struct pool_setup){.work = act, .workers = 1, .bytes = 8 << 20});
	int n = 0;

	REQUIRE(put(p, SLEEP, 1000, 0) == 0);
	while (pool_put(p, job, sizeof job) == 0)
		n++;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(n, 8);
	pool_free(p);
}

/* -------- death -------- */

/* Kill a random worker of p every so often. */
struct killer {
	struct pool *p;
	uint64_t rounds, next;
};

static void
maybe_kill(struct killer *k)
{
	uint64_t t = now_us();
	pid_t pid;

	if (t < k->next)
		return;
	k->next = t + mix(t) % 4000;
	pid = pool_pid(k->p, (unsigned)(mix(t + 1) % pool_workers(k->p)));
	if (pid)
		kill(pid, SIGKILL);
	k->rounds++;
}

static struct killer *killer;

static struct job
under_fire(uint64_t x)
{
	maybe_kill(killer);
	return uneven(x);
}

static void
survive(unsigned workers, bool as_done)
{
	struct killer k = {.p = start(workers, as_done)};
	uint64_t died;

	killer = &k;
	died = run(k.p, 30000, under_fire, !as_done);
	CHECK(k.rounds > 20);
	CHECK(pool_deaths(k.p) > 10);
	/* A job may have the bad luck to be hit twice. */
	CHECK(died < k.rounds / 4);
	pool_free(k.p);
}

TEST("pool: workers killed at random under load lose no answer, in order")
{
	survive(3, false);
}

TEST("pool: workers killed at random under load lose no answer, as done")
{
	survive(3, true);
}

TEST("pool: the only worker may be killed, too")
{
	survive(1, false);
}

/* One job in n jobs kills: it dies after one retry, the others are fine. */
static void
one_deadly(enum op op, uint32_t how, unsigned workers)
{
	struct pool *p = start(workers, false);
	struct pool_answer a;

	tally->deadly = 0;
	for (uint64_t i = 0; i < 1000; i++)
		REQUIRE(put(p, i == 500 ? op : MIX, how, i) == 0);
	for (uint64_t i = 0; i < 1000; i++) {
		REQUIRE(pool_next(p, &a) == POOL_GOT);
		REQUIRE(a.index == i);
		if (i != 500) {
			CHECK(right(&a, i));
			continue;
		}
		CHECK(a.end == POOL_DIED);
		CHECK_EQ(a.n, 0);
		CHECK_EQ(a.signal, op == KILL ? how : 0);
		CHECK_EQ(a.code, op == EXIT ? how : 0);
	}
	CHECK_EQ(tally->deadly, 2);
	CHECK_EQ(pool_deaths(p), 2);
	pool_free(p);
}

TEST("pool: a job that always kills is tried twice, its neighbours are fine")
{
	one_deadly(KILL, SIGKILL, 1);
	one_deadly(KILL, SIGKILL, 4);
	one_deadly(KILL, SIGTERM, 2);
	one_deadly(EXIT, 3, 2);
	one_deadly(EXIT, 0, 1);
}

TEST("pool: a hundred deadly jobs in a row die each, and the rest is done")
{
	struct pool *p = start(2, false);
	struct pool_answer a;

	for (uint64_t i = 0; i < 300; i++)
		REQUIRE(put(p, i / 100 == 1 ? KILL : MIX, SIGKILL, i) == 0);
	for (uint64_t i = 0; i < 300; i++) {
		REQUIRE(pool_next(p, &a) == POOL_GOT);
		CHECK(i / 100 == 1 ? a.end == POOL_DIED : right(&a, i));
	}
	CHECK_EQ(tally->deadly, 200);
	pool_free(p);
}

TEST("pool: what a deadly job held is free when it has died")
{
	static uint8_t job[1 << 20];
	struct pool *p = pool_new(
	    &(struct pool_setup){.work = act, .workers = 1, .bytes = 1 << 20});
	struct pool_answer a;

	memcpy(job, &(struct job){KILL, SIGKILL, 0}, sizeof(struct job));
	for (int i = 0; i < 3; i++) {
		REQUIRE(pool_put(p, job, sizeof job) == 0);
		CHECK(pool_put(p, job, sizeof job) == -1);
		REQUIRE(pool_next(p, &a) == POOL_GOT);
		CHECK(a.end == POOL_DIED);
	}
	pool_free(p);
}

TEST("pool: a worker that dies while it answers at length answers again")
{
	struct pool *p = start(1, false);
	size_t n = 20 * 1000 * 1000;
	struct pool_answer a;

	REQUIRE(put(p, BIG, (uint32_t)n, 4) == 0);
	while (pool_try(p, &a) == POOL_LATER && tally->begun == 0)
		;
	nap(100); /* it waits for us in the middle of the answer */
	CHECK(pool_try(p, &a) == POOL_LATER);
	kill(pool_pid(p, 0), SIGKILL);
	REQUIRE(pool_next(p, &a) == POOL_GOT);
	CHECK(a.end == POOL_DONE);
	REQUIRE(a.n == n);
	CHECK_EQ(a.p[n - 1], byte_at(4, n - 1));
	CHECK_EQ(tally->begun, 2);
	CHECK_EQ(pool_deaths(p), 1);
	pool_free(p);
}

TEST("pool: a worker killed while idle is replaced and nothing is charged")
{
	struct pool *p = start(1, false);
	struct pool_answer a;

	for (uint64_t i = 0; i < 150; i++) {
		kill(pool_pid(p, 0), SIGKILL);
		REQUIRE(put(p, MIX, 0, i) == 0);
		REQUIRE(pool_next(p, &a) == POOL_GOT);
		CHECK(right(&a, i));
	}
	CHECK_EQ(tally->begun, 150);
	CHECK_EQ(pool_deaths(p), 150);
	pool_free(p);
}

static bool stillborn;

static void
die_at_birth(void)
{
	if (stillborn)
		kill(getpid(), SIGKILL);
}

TEST("pool: workers that die before they begin a job are an error in the end")
{
	struct pool *p = start(2, false);
	struct pool_answer a;

	REQUIRE(pthread_atfork(NULL, NULL, die_at_birth) == 0);
	stillborn = true;
	kill(pool_pid(p, 0), SIGKILL);
	kill(pool_pid(p, 1), SIGKILL);
	REQUIRE(put(p, MIX, 0, 8) == 0);
	CHECK(pool_next(p, &a) == POOL_SYS);
	CHECK_EQ(errno, ECHILD);
	stillborn = false;
	REQUIRE(pool_next(p, &a) == POOL_GOT);
	CHECK(right(&a, 8));
	pool_free(p);
}

TEST("pool: where no worker can be made no job is lost")
{
	struct pool *p = start(1, false);
	struct rlimit was, none = {0, 0};
	struct pool_answer a;

	REQUIRE(getrlimit(RLIMIT_NOFILE, &was) == 0);
	none.rlim_max = was.rlim_max;
	REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
	kill(pool_pid(p, 0), SIGKILL);
	REQUIRE(put(p, MIX, 0, 8) == 0);
	CHECK(pool_next(p, &a) == POOL_SYS);
	CHECK_EQ(errno, EMFILE);
	CHECK(pool_try(p, &a) == POOL_SYS);
	REQUIRE(setrlimit(RLIMIT_NOFILE, &was) == 0);
	REQUIRE(pool_next(p, &a) == POOL_GOT);
	CHECK(right(&a, 8));
	pool_free(p);
}

/* -------- processes -------- */

static unsigned
open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

TEST("pool: free in mid-stream leaves no process and no descriptor")
{
	unsigned before = open_descriptors();

	for (int round = 0; round < 5; round++) {
		struct pool *p = start(3, round % 2);
		struct pool_answer a;
		uint64_t i = 0;

		while (put(p, SPIN, 20, i) == 0)
			i++;
		kill(pool_pid(p, 1), SIGKILL);
		for (int k = 0; k < round * 100; k++)
			REQUIRE(pool_next(p, &a) == POOL_GOT);
		put(p, BIG, 10 << 20, 1);
		put(p, SLEEP, 100 * 1000, 1);
		pool_free(p);
		CHECK(waitpid(-1, NULL, WNOHANG) == -1);
		CHECK_EQ(errno, ECHILD);
	}
	CHECK_EQ(open_descriptors(), before);
	pool_free(NULL);
}

TEST("pool: a hundred deaths leave no process and no descriptor")
{
	unsigned before = open_descriptors();
	struct pool *p = start(2, true);
	unsigned with = open_descriptors();
	struct pool_answer a;

	for (uint64_t i = 0; i < 50; i++) {
		REQUIRE(put(p, KILL, SIGKILL, i) == 0);
		REQUIRE(pool_next(p, &a) == POOL_GOT);
		CHECK(a.end == POOL_DIED);
	}
	CHECK_EQ(open_descriptors(), with);
	CHECK_EQ(pool_deaths(p), 100);
	pool_free(p);
	CHECK_EQ(open_descriptors(), before);
}

/*
 * A process that makes a pool, lets op be done by each worker, tells their
 * ids and sleeps.
 */
static void
be_parent(int fd, enum op op)
{
	struct pool *p = start(2, false);
	struct pool_answer a;
	pid_t pid[2] = {pool_pid(p, 0), pool_pid(p, 1)};

	put(p, op, 100 * 1000, 1);
	put(p, op, 100 * 1000, 2);
	while (pool_try(p, &a) == POOL_LATER && op != SLEEP)
		;
	while (tally->begun < 2)
		nap(1);
	if (write(fd, pid, sizeof pid) != sizeof pid)
		abort();
	for (;;)
		pause();
}

/* Is it gone, or will it be within 2 s? */
static bool
ends(pid_t pid)
{
	for (int i = 0; i < 2000; i++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return true;
		nap(1);
	}
	return false;
}

static void
kill_parent(enum op op)
{
	pid_t parent, pid[2];
	int fd[2];

	tally->begun = 0;
	REQUIRE(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	REQUIRE(pipe(fd) == 0);
	if ((parent = fork()) == 0)
		be_parent(fd[1], op);
	REQUIRE(read(fd[0], pid, sizeof pid) == sizeof pid);
	kill(parent, SIGKILL);
	CHECK(waitpid(parent, NULL, 0) == parent);
	CHECK(ends(pid[0]));
	CHECK(ends(pid[1]));
	close(fd[0]);
	close(fd[1]);
}

TEST("pool: workers end when their parent is killed, idle or at a long job")
{
	kill_parent(MIX);
	kill_parent(SLEEP);
}

TEST("pool: workers that no longer hear of their parent's death see it")
{
	kill_parent(FORGET);
}

static _Atomic int alarms;

static void
on_alarm(int sig)
{
	(void)sig;
	alarms++;
}

TEST("pool: signals disturb nothing")
{
	struct itimerval often = {{0, 300}, {0, 300}}, never = {0};
	struct sigaction sa = {.sa_handler = on_alarm};
	struct pool *p;

	REQUIRE(sigaction(SIGALRM, &sa, NULL) == 0);
	REQUIRE(setitimer(ITIMER_REAL, &often, NULL) == 0);
	p = start(2, false);
	CHECK_EQ(run(p, 20000, uneven, true), 0);
	REQUIRE(setitimer(ITIMER_REAL, &never, NULL) == 0);
	CHECK(alarms > 20);
	CHECK_EQ(pool_deaths(p), 0);
	pool_free(p);
}

TEST("pool: signals to the workers disturb nothing, and they ignore SIGINT")
{
	struct sigaction sa = {.sa_handler = on_alarm};
	struct pool_answer a;
	struct pool *p;

	REQUIRE(sigaction(SIGUSR1, &sa, NULL) == 0);
	p = start(1, false);
	for (uint64_t i = 0; i < 2000; i++) {
		kill(pool_pid(p, 0), i % 2 ? SIGUSR1 : SIGINT);
		REQUIRE(put(p, MIX, 0, i) == 0);
		REQUIRE(pool_next(p, &a) == POOL_GOT);
		CHECK(right(&a, i));
	}
	CHECK_EQ(pool_deaths(p), 0);
	pool_free(p);
}

/* -------- in a poll of one's own, and map -------- */

TEST("pool: its descriptor is readable when there is an answer, and only then")
{
	struct pool *p = start(2, false);
	struct pollfd f = {.fd = pool_fd(p), .events = POLLIN};
	struct pool_answer a;
	unsigned wakes = 0;

	for (uint64_t i = 0; i < 20; i++) {
		REQUIRE(put(p, SLEEP, 20, i) == 0);
		REQUIRE(put(p, SLEEP, 20, i) == 0);
		for (int got = 0; got < 2;) {
			enum pool_got g = pool_try(p, &a);

			if (g == POOL_GOT) {
				CHECK(right(&a, i));
				got++;
				continue;
			}
			REQUIRE(g == POOL_LATER);
			REQUIRE(poll(&f, 1, 5000) == 1);
			wakes++;
		}
		CHECK(pool_try(p, &a) == POOL_EMPTY);
	}
	CHECK(wakes < 20 * 8);
	pool_free(p);
}

TEST("pool: its descriptor tells of a death, too")
{
	struct pool *p = start(1, false);
	struct pollfd f = {.fd = pool_fd(p), .events = POLLIN};
	struct pool_answer a;

	REQUIRE(put(p, KILL, SIGKILL, 1) == 0);
	while (pool_try(p, &a) == POOL_LATER)
		REQUIRE(poll(&f, 1, 5000) == 1);
	CHECK(a.end == POOL_DIED);
	pool_free(p);
}

static uint64_t map_next, map_sum;

static void
add(void *arg, const struct pool_answer *a)
{
	const struct job *jobs = arg;

	CHECK_EQ(a->index, map_next++);
	CHECK(right(a, jobs[a->index].x));
	map_sum += jobs[a->index].x;
}

TEST("pool: map hands on each answer with the place of its job")
{
	enum { N = 20000 };
	static struct job jobs[N];
	static struct pool_bytes bytes[N];
	struct pool *p = start(2, false);
	struct pool_answer a;

	for (uint64_t i = 0; i < N; i++) {
		jobs[i] = tiny(i * 3);
		bytes[i] = (struct pool_bytes){jobs + i, sizeof jobs[i]};
	}
	for (int round = 0; round < 2; round++) {
		map_next = map_sum = 0;
		CHECK(pool_map(p, bytes, N, add, jobs) == 0);
		CHECK_EQ(map_next, N);
		CHECK_EQ(map_sum, UINT64_C(3) * N * (N - 1) / 2);
	}
	CHECK(pool_map(p, NULL, 0, add, jobs) == 0);
	REQUIRE(put(p, MIX, 0, 1) == 0);
	CHECK(pool_map(p, bytes, 1, add, jobs) == -1);
	CHECK_EQ(errno, EBUSY);
	CHECK(pool_next(p, &a) == POOL_GOT);
	pool_free(p);
}

TEST("pool: as many workers as cores that the process may use")
{
	cpu_set_t set;
	struct pool *p = start(0, false);

	REQUIRE(sched_getaffinity(0, sizeof set, &set) == 0);
	CHECK_EQ(pool_workers(p), CPU_COUNT(&set));
	pool_free(p);
}

TEST("pool: a setup out of range is none")
{
	CHECK(pool_new(&(struct pool_setup){.workers = 1}) == NULL);
	CHECK_EQ(errno, EINVAL);
	errno = 0;
	CHECK(pool_new(&(struct pool_setup){
	          .work = act, .workers = POOL_WORKERS_MAX + 1}) == NULL);
	CHECK_EQ(errno, EINVAL);
	errno = 0;
	CHECK(pool_new(&(struct pool_setup){
	          .work = act, .jobs = POOL_JOBS_MAX + 1}) == NULL);
	CHECK_EQ(errno, EINVAL);
}
