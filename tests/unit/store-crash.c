/*
 * The image in its file, with processes killed and machines losing power
 * before each write, and with writes that fail.  Of the events every third
 * is a checkpoint, or all are; the others are published.
 */
#include "test.h"

#include "disk.h"
#include "piers.h"

void
test_setup(void)
{
	pier_make();
	pier_heap();
}

/* At GROWS the file becomes longer. */
enum { BUILT = 4, EVENTS = 12, GROWS = 8, COMPACTS = 10 };

/* Told by a child, also by one that was killed. */
static struct told {
	uint64_t event; /* the last one that was committed, */
	uint64_t live;  /* or published */
	unsigned calls;
	bool compacted;
} * told;

static void
begin(void)
{
	atexit(pier_remove);
	told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static bool publishes;

static enum store_got
put(struct store *s, noun *n, uint64_t e)
{
	enum store_got got;

	if (publishes && e % 3 != 0 && e != COMPACTS) {
		if ((got = store_publish(s, n, e)) == STORE_OK)
			told->live = e;
	} else if ((got = store_commit(s, n, e)) == STORE_OK) {
		told->event = told->live = e;
	}
	return got;
}

/* From what is there to EVENTS. */
static void
work(void)
{
	struct store s;
	enum store_got got = pier_open(&s, STORE_WRITE);

	for (uint64_t e = s.event + 1; e <= EVENTS && got == STORE_OK; e++) {
		noun n = pier_state(s.root, e);

		got = put(&s, &n, e);
		if (e == COMPACTS && got == STORE_OK) {
			got = store_compact(&s, NULL, NULL);
			store_close(&s);
			if (got == STORE_OK)
				got = pier_open(&s, STORE_WRITE);
		}
	}
	if (got != STORE_OK)
		fprintf(stderr, "# %s\n", s.why);
	told->calls = disk_calls;
	_exit(got == STORE_OK ? 0 : 1); /* the directory stays */
}

/* Run it in a child that dies before the call `at`; true if it died. */
static bool
run_until(unsigned at, uint64_t power)
{
	int status;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == 0) {
		disk_calls = 0;
		disk_at = at;
		disk_power = power;
		work();
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		TEST_FAIL(
		    "call %u: the child exited %d", at, WEXITSTATUS(status));
	return WIFSIGNALED(status);
}

/* The machine has been started anew. */
static void
reboot(void)
{
	int fd = open(pier_image, O_RDWR);
	struct super live;

	if (pread(fd, &live, sizeof live, SUPER_LIVE) != sizeof live)
		exit(111);
	live.boot += 2;
	super_seal(&live);
	if (pwrite(fd, &live, sizeof live, SUPER_LIVE) != sizeof live)
		exit(111);
	close(fd);
}

/*
 * After a death: nothing that was committed is lost, nor, while the machine
 * is up, what was published; and it goes on.
 */
static void
check_after(unsigned at, bool power)
{
	struct store s;
	enum store_got got;
	uint64_t least = power ? told->event : told->live;

	if (power)
		reboot();
	got = pier_open(&s, STORE_WRITE);

	if (got != STORE_OK) {
		TEST_FAIL("call %u: %s", at, s.why);
		return;
	}
	if (s.event < least || s.event > told->live + 1)
		TEST_FAIL("call %u: event %" PRIu64 " of %" PRIu64, at, s.event,
		    least);
	if (!pier_is(&s, s.event))
		TEST_FAIL("call %u: another noun", at);
	if (s.fell_back && !power)
		TEST_FAIL("call %u: fell back", at);
	if (store_verify(&s, NULL, NULL) != STORE_OK)
		TEST_FAIL("call %u: %s", at, s.why);
	if (pier_run(&s, s.event + 1, s.event + 2) != STORE_OK)
		TEST_FAIL("call %u: %s", at, s.why);
	got = pier_open(&s, STORE_READ);
	if (got != STORE_OK || !pier_is(&s, s.event))
		TEST_FAIL("call %u: does not go on", at);
	store_close(&s);
}

static void
sweep(uint64_t power)
{
	unsigned deaths = 0;

	/* The large event's many blocks are much alike. */
	for (unsigned at = 1;;
	     at += at > 40 && pier_large ? 1 + gen_below(20) : 1) {
		disk_calls = disk_at = 0;
		disk_power = 0;
		pier_build(BUILT);
		told->event = told->live = BUILT;
		gen_state = at;
		if (!run_until(at, power ? power * 1000 + at : 0))
			break;
		deaths++;
		check_after(at, power != 0);
	}
	if (deaths < 45)
		TEST_FAIL("only %u deaths", deaths);
}

TEST("store: killed before any write, it has all that was committed")
{
	begin();
	pier_large = GROWS;
	sweep(0);
}

TEST("store: killed before any write, it has what was published too")
{
	begin();
	publishes = true;
	pier_large = GROWS;
	sweep(0);
}

TEST("store: power that was lost takes no more than what was published")
{
	begin();
	publishes = true;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		pier_large = seed == 1 ? GROWS : 0;
		sweep(seed);
	}
}

TEST("store: after power was lost before any write, it has all of it too")
{
	begin();
	for (uint64_t seed = 1; seed <= 8; seed++) {
		pier_large = seed == 1 ? GROWS : 0;
		sweep(seed);
	}
}

/* Every process dies a few writes further; the last one finishes. */
TEST("store: killed again and again, it gets to the end")
{
	unsigned lives = 0;
	struct store s;

	begin();
	pier_large = GROWS;
	pier_build(BUILT);
	while (run_until(8 + 2 * lives, 0))
		if (++lives == 200)
			break;
	CHECK(lives > 10 && lives < 200);
	REQUIRE(pier_open(&s, STORE_READ) == STORE_OK);
	CHECK(pier_is(&s, EVENTS));
}

/* -------- errors -------- */

/* Each call fails once; after it the process goes on. */
static void
fail_each(int error)
{
	struct store s;
	unsigned fails = 0;

	for (unsigned at = 1;; at += at > 40 ? 1 + gen_below(20) : 1) {
		uint64_t e = BUILT;

		disk_at = 0;
		disk_error = error;
		pier_build(BUILT);
		REQUIRE(pier_open(&s, STORE_WRITE) == STORE_OK);
		disk_calls = 0;
		disk_at = at;
		while (e < EVENTS) {
			noun n = pier_state(s.root, e + 1);
			enum store_got got = store_commit(&s, &n, e + 1);

			if (got == STORE_OK) {
				e++;
				continue;
			}
			fails++;
			CHECK_EQ(got, STORE_SYS);
			CHECK_EQ(errno, error);
			CHECK(s.why[0] != '\0');
			if (!pier_is(&s, e))
				TEST_FAIL("call %u: another noun", at);
		}
		if (disk_calls < at)
			break;
		REQUIRE(pier_open(&s, STORE_READ) == STORE_OK);
		if (!pier_is(&s, EVENTS))
			TEST_FAIL("call %u: lost", at);
		if (store_verify(&s, NULL, NULL) != STORE_OK)
			TEST_FAIL("call %u: %s", at, s.why);
	}
	if (fails < 35)
		TEST_FAIL("only %u failures", fails);
}

TEST("store: a full disk at any write is an error, and nothing is lost")
{
	begin();
	pier_large = GROWS;
	fail_each(ENOSPC);
}

TEST("store: a disk that fails once is an error, and nothing is lost")
{
	begin();
	pier_large = GROWS;
	fail_each(EIO);
}

TEST("store: a compaction that fails leaves the image as it was")
{
	struct store s;
	char new[200];
	struct stat st;
	enum store_got got;
	bool done = false;

	begin();
	snprintf(new, sizeof new, "%s.new", pier_image);
	for (unsigned at = 1; !done; at++) {
		disk_at = 0;
		disk_error = ENOSPC;
		pier_build(BUILT);
		REQUIRE(pier_open(&s, STORE_WRITE) == STORE_OK);
		disk_calls = 0;
		disk_at = at;
		done = store_compact(&s, NULL, NULL) == STORE_OK;
		CHECK(stat(new, &st) != 0);
		if (!done) { /* the new name was there, but not for sure */
			got = pier_run(&s, BUILT + 1, BUILT + 2);
			CHECK(got == STORE_OK || got == STORE_STALE);
		}
		store_close(&s);
		REQUIRE(pier_open(&s, STORE_READ) == STORE_OK);
		CHECK(pier_is(&s, s.event));
		CHECK(store_verify(&s, NULL, NULL) == STORE_OK);
		CHECK(at < 100);
	}
}

/* -------- damage -------- */

static void
flip(int fd, off_t at, unsigned bit)
{
	uint8_t b = 0;

	if (pread(fd, &b, 1, at) != 1)
		exit(111);
	b ^= (uint8_t)(1 << bit);
	if (pwrite(fd, &b, 1, at) != 1)
		exit(111);
}

/*
 * The image must be whole, or an older one, or called damaged.  What it was
 * goes to *kind.
 */
enum { HARMLESS, OLDER, FOUND, KINDS };

static void
check_damaged(const char *how, off_t at, unsigned *kinds)
{
	struct store s;
	enum store_got got = pier_open(&s, STORE_READ);

	if (got == STORE_OK)
		got = store_verify(&s, NULL, NULL);
	if (got != STORE_OK) {
		kinds[FOUND]++;
		if (got != STORE_BAD || s.why[0] == '\0')
			TEST_FAIL("%s %ld: %d", how, (long)at, (int)got);
	} else if (s.fell_back) {
		kinds[OLDER]++;
		if (s.event != EVENTS - 1 && s.event != EVENTS)
			TEST_FAIL("%s %ld: event", how, (long)at);
	} else {
		kinds[HARMLESS]++;
		if (s.event != EVENTS)
			TEST_FAIL("%s %ld: silent", how, (long)at);
	}
	if (got == STORE_OK && !pier_is(&s, s.event))
		TEST_FAIL("%s %ld: another noun", how, (long)at);
	store_close(&s);
}

TEST("store: a flipped bit anywhere is found, or does nothing")
{
	unsigned kinds[KINDS] = {0};
	struct store s;
	int fd;

	begin();
	pier_build(EVENTS);
	REQUIRE(pier_open(&s, STORE_READ) == STORE_OK);
	store_close(&s);
	fd = open(pier_image, O_RDWR);
	for (unsigned i = 0; i < 1500; i++) {
		enum super_row r = i % SUPER_ROWS;
		uint64_t n = super_length(&s.super, r);
		off_t at = (off_t)super_find(&s.super, r, gen_word() % n).at;

		if (i % 5 == 0)
			at = (off_t)(gen_word() % SUPER_BYTES);
		if (i % 5 == 1)
			at = (off_t)(SUPER_SPACING + gen_word() % SUPER_BYTES);
		flip(fd, at, i % 8);
		gen_state = i;
		check_damaged("byte", at, kinds);
		flip(fd, at, i % 8);
		gen_state = i * 31 + 7;
	}
	CHECK(kinds[FOUND] > 500 && kinds[OLDER] > 200);
	CHECK(kinds[FOUND] + kinds[OLDER] == 1500);
	for (unsigned i = 0; i < 50; i++) { /* behind the rows */
		off_t at = (off_t)super_find(
		    &s.super, SUPER_CELLS, s.super.cells + i * 1000)
		               .at;

		flip(fd, at, 3);
		check_damaged("byte", at, kinds);
	}
	CHECK(kinds[HARMLESS] == 50);
	close(fd);
}

TEST("store: whole blocks are compared with their sums, and those too")
{
	unsigned kinds[KINDS] = {0};
	struct store s;
	noun n = 0;
	int fd;

	begin();
	pier_build(BUILT);
	REQUIRE(pier_open(&s, STORE_WRITE) == STORE_OK);
	for (size_t i = 0; i < 100000; i++)
		n = cons(gen_bits(64), n);
	REQUIRE(store_commit(&s, &n, EVENTS - 1) == STORE_OK);
	n = s.root;
	REQUIRE(store_commit(&s, &n, EVENTS) == STORE_OK);
	store_close(&s);
	fd = open(pier_image, O_RDWR);
	for (unsigned i = 0; i < 300; i++) {
		enum super_row r = i % SUPER_ROWS;
		uint64_t pos = gen_word() % super_length(&s.super, r);
		struct super_spot spot = super_find(&s.super, r, pos);
		bool whole = pos / SUPER_BLOCK !=
		    super_length(&s.super, r) / SUPER_BLOCK;
		off_t at = (off_t)(whole && i % 2 ? spot.sum : spot.at);
		enum store_got got;

		flip(fd, at, i % 8);
		got = pier_open(&s, STORE_READ);
		if (got == STORE_OK)
			got = store_verify(&s, NULL, NULL);
		CHECK_EQ(got, STORE_BAD);
		kinds[FOUND] += got == STORE_BAD;
		flip(fd, at, i % 8);
		store_close(&s);
	}
	REQUIRE(pier_open(&s, STORE_READ) == STORE_OK);
	CHECK(store_verify(&s, NULL, NULL) == STORE_OK);
	CHECK_EQ(kinds[FOUND], 300);
	close(fd);
}

TEST("store: what a fall gave up does not come back")
{
	struct store s;
	int fd;

	begin();
	for (uint64_t more = 1; more < 4; more++) {
		uint64_t was;

		pier_build(EVENTS);
		REQUIRE(pier_open(&s, STORE_READ) == STORE_OK);
		store_close(&s);
		was = super_find(&s.super, SUPER_CELLS, s.super.cells - 1).at;
		fd = open(pier_image, O_RDWR);
		flip(fd, (off_t)was, 0);
		REQUIRE(pier_open(&s, STORE_WRITE) == STORE_OK);
		CHECK(s.fell_back);
		CHECK_EQ(s.lost_event, EVENTS);
		CHECK_EQ(s.event, EVENTS - 1);
		store_close(&s);
		flip(fd, (off_t)was, 0);
		close(fd);
		REQUIRE(pier_open(&s, STORE_WRITE) == STORE_OK);
		CHECK_EQ(s.event, EVENTS - 1);
		CHECK(!s.fell_back);
		CHECK(pier_run(&s, EVENTS, EVENTS + more) == STORE_OK);
		REQUIRE(pier_open(&s, STORE_READ) == STORE_OK);
		CHECK(pier_is(&s, EVENTS + more));
		CHECK(store_verify(&s, NULL, NULL) == STORE_OK);
	}
}

TEST("store: a bad sector in what the last checkpoint appended is damage")
{
	struct store s;

	begin();
	pier_large = EVENTS;
	pier_build(EVENTS);
	REQUIRE(pier_open(&s, STORE_READ) == STORE_OK);
	store_close(&s);
	disk_bad =
	    (off_t)super_find(&s.super, SUPER_ATOMS, s.super.atoms - (1 << 20))
	        .at;
	REQUIRE(pier_open(&s, STORE_WRITE) == STORE_OK);
	CHECK(s.fell_back);
	CHECK_EQ(s.lost_event, EVENTS);
	CHECK(pier_is(&s, EVENTS - 1));
	CHECK(pier_run(&s, EVENTS, EVENTS) == STORE_OK);
	disk_bad = pier_large = 0;
}

TEST("store: a file that was cut short is bad, at whatever length")
{
	struct store s;
	struct stat st;

	begin();
	for (unsigned i = 0; i < 60; i++) {
		off_t to;
		enum store_got got;

		pier_build(3);
		if (stat(pier_image, &st) != 0)
			exit(111);
		to = i < 20 ? i * 4000
		            : (off_t)(gen_word() % (uint64_t)st.st_size);
		if (truncate(pier_image, to) != 0)
			exit(111);
		got = pier_open(&s, STORE_WRITE);
		CHECK_EQ(got, STORE_BAD);
		CHECK(s.why[0] != '\0');
		store_close(&s);
	}
}
