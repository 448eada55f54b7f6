/*
 * vere-log: logs that our own writer made, and read back; logs that are
 * damaged, cut or put together wrongly.
 */
#define _GNU_SOURCE
#include "vere.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <lmdb.h>
#include <sys/stat.h>

#include "test.h"

enum { MANY = 1000, BIGGEST = 300000 };

static char root[200];

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st, (void)type, (void)f;
	return remove(path);
}

static void
remove_all(void)
{
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A directory for each test, which is gone when its process ends. */
void
test_setup(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(root, sizeof root, "%s/vere-log.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(root) == NULL)
		abort();
	atexit(remove_all);
}

static const char *
in_root(const char *file)
{
	static char path[8][300];
	static unsigned turn;
	char *to = path[turn++ % 8];

	snprintf(to, sizeof path[0], "%s/%s", root, file);
	return to;
}

/* -------- what is in the logs here -------- */

static struct vere_meta
meta(void)
{
	return (struct vere_meta){
	    .who = {1, 2, 0, 4}, .fake = true, .life = 3, .release = "9.9"};
}

/* Sizes from one byte to many pages. */
static size_t
size_of(uint64_t id)
{
	if (id % 97 == 0)
		return BIGGEST / 97 * (id / 97 % 97) + 1;
	return id % 13 == 0 ? 1 + id * 7 % 9000 : 1 + id % 300;
}

static uint32_t
mug_of(uint64_t id)
{
	return id <= 3 ? 0 : (uint32_t)(id * 2654435761u) >> 1;
}

static uint8_t
byte_of(uint64_t id, size_t i)
{
	return (uint8_t)(id * 31 + i * 7 + (i >> 8));
}

static void
put_one(struct vere_out *out, uint64_t id)
{
	static uint8_t p[BIGGEST + 9000];
	size_t n = size_of(id);

	for (size_t i = 0; i < n; i++)
		p[i] = byte_of(id, i);
	CHECK_EQ(vere_put(out, mug_of(id), p, n), 0);
}

/* Events from..to at the end of the log of a pier, committed in groups. */
static void
write_log(const char *pier, uint64_t from, uint64_t to)
{
	struct vere_meta m = meta();
	struct vere_out out;

	if (vere_create(&out, pier, &m) < 0)
		TEST_FAIL("create: %s", out.why);
	CHECK_EQ(out.last, from - 1);
	for (uint64_t id = from; id <= to; id++) {
		put_one(&out, id);
		if (id % 100 == 0)
			CHECK_EQ(vere_commit(&out), 0);
	}
	CHECK_EQ(vere_commit(&out), 0);
	vere_out_close(&out);
}

static bool
is_one(const struct vere_event *e)
{
	if (e->n != size_of(e->id) || e->mug != mug_of(e->id))
		return false;
	for (size_t i = 0; i < e->n; i++)
		if (e->jam[i] != byte_of(e->id, i))
			return false;
	return true;
}

/* Are the events from this one on what was written, up to the last? */
static void
check_from(struct vere *v, uint64_t id, uint64_t last)
{
	enum vere_got got;
	struct vere_event e;

	while ((got = vere_next(v, &e)) == VERE_EVENT) {
		CHECK_EQ(e.id, id);
		CHECK(is_one(&e));
		id++;
	}
	if (got != VERE_END)
		TEST_FAIL("event %" PRIu64 ": %s", id, v->why);
	CHECK_EQ(id, last + 1);
}

/* -------- whole logs -------- */

TEST("vere-log: what was written is read: who, events, sizes up to many pages")
{
	const char *pier = in_root("pier");
	struct vere_meta m = meta();
	struct vere v;

	write_log(pier, 1, MANY);
	REQUIRE(vere_open(&v, pier) == VERE_EVENT);
	CHECK_MEM(v.meta.who, m.who, sizeof m.who);
	CHECK(v.meta.fake);
	CHECK_EQ(v.meta.life, 3);
	CHECK_EQ(v.meta.version, 3);
	CHECK_STR(v.meta.release, "9.9");
	CHECK_EQ(v.first, 1);
	CHECK_EQ(v.last, MANY);
	check_from(&v, 1, MANY);
	vere_close(&v);
}

TEST("vere-log: a ship's number of no bytes, one that is not fake, no events")
{
	struct vere_meta m = {.fake = false, .life = 300, .release = ""};
	struct vere_event e;
	struct vere_out out;
	struct vere v;

	REQUIRE(vere_create(&out, in_root("pier"), &m) == 0);
	vere_out_close(&out);
	REQUIRE(vere_open(&v, in_root("pier")) == VERE_EVENT);
	CHECK_MEM(v.meta.who, m.who, sizeof m.who);
	CHECK(!v.meta.fake);
	CHECK_EQ(v.meta.life, 300);
	CHECK_EQ(v.first, 1);
	CHECK_EQ(v.last, 0);
	CHECK(vere_next(&v, &e) == VERE_END);
	CHECK(vere_seek(&v, 1) == VERE_END);
	vere_close(&v);
}

TEST("vere-log: any event can be sought, and reading goes on from there")
{
	const char *pier = in_root("pier");
	struct vere_event e;
	struct vere v;

	write_log(pier, 1, MANY);
	REQUIRE(vere_open(&v, pier) == VERE_EVENT);
	for (uint64_t id = MANY; id >= 1; id -= id > 7 ? 7 : 1) {
		REQUIRE(vere_seek(&v, id) == VERE_EVENT);
		REQUIRE(vere_next(&v, &e) == VERE_EVENT);
		CHECK_EQ(e.id, id);
		CHECK(is_one(&e));
	}
	check_from(&v, 2, MANY);
	CHECK(vere_seek(&v, MANY + 1) == VERE_END);
	CHECK(vere_seek(&v, 0) == VERE_END);
	vere_close(&v);
}

TEST("vere-log: writing goes on where it stopped, for the same ship only")
{
	const char *pier = in_root("pier");
	struct vere_meta other = meta();
	struct vere_out out;
	struct vere v;

	write_log(pier, 1, 250);
	write_log(pier, 251, MANY);
	REQUIRE(vere_open(&v, pier) == VERE_EVENT);
	check_from(&v, 1, MANY);
	vere_close(&v);
	other.who[0]++;
	CHECK_EQ(vere_create(&out, pier, &other), VERE_OTHER);
	CHECK(strstr(out.why, "another ship") != NULL);
	vere_out_close(&out);
}

TEST("vere-log: what was not committed is not in the log")
{
	const char *pier = in_root("pier");
	struct vere_meta m = meta();
	struct vere_out out;
	struct vere v;

	write_log(pier, 1, 10);
	REQUIRE(vere_create(&out, pier, &m) == 0);
	put_one(&out, 11);
	vere_out_close(&out);
	REQUIRE(vere_open(&v, pier) == VERE_EVENT);
	CHECK_EQ(v.last, 10);
	vere_close(&v);
	write_log(pier, 11, 12);
}

TEST("vere-log: an event of no bytes is refused, and nothing is lost by it")
{
	struct vere_meta m = meta();
	struct vere_out out;

	REQUIRE(vere_create(&out, in_root("pier"), &m) == 0);
	put_one(&out, 1);
	CHECK(vere_put(&out, 0, (const uint8_t *)"", 0) < 0);
	put_one(&out, 2);
	CHECK_EQ(vere_commit(&out), 0);
	CHECK_EQ(out.last, 2);
	vere_out_close(&out);
}

/* The files of a directory and below, by size and time of change. */
static char seen[8192];

static int
see(const char *path, const struct stat *st, int type, struct FTW *f)
{
	size_t n = strlen(seen);

	(void)type, (void)f;
	snprintf(seen + n, sizeof seen - n, "%s %ld %ld %ld\n", path,
	    (long)st->st_size, (long)st->st_mtim.tv_sec,
	    (long)st->st_mtim.tv_nsec);
	return 0;
}

TEST("vere-log: reading leaves the pier as it was, to the last file")
{
	const char *pier = in_root("pier");
	char before[sizeof seen];
	struct vere v;

	write_log(pier, 1, 300);
	CHECK_EQ(unlink(in_root("pier/.urb/log/0i0/lock.mdb")), 0);
	nftw(pier, see, 16, FTW_PHYS);
	memcpy(before, seen, sizeof seen);
	seen[0] = 0;
	REQUIRE(vere_open(&v, pier) == VERE_EVENT);
	check_from(&v, 1, 300);
	vere_close(&v);
	nftw(pier, see, 16, FTW_PHYS);
	CHECK_STR(seen, before);
}

/* -------- epochs -------- */

/*
 * An epoch of events 101 to 151, behind one of events 1 to `last`.  Our writer
 * begins at event 1, so the tail of a log is a log whose first events have been
 * taken out.
 */
static void
write_epochs(uint64_t last)
{
	struct vere_meta m = meta();
	struct vere_out out;

	write_log(in_root("tail"), 1, 150);
	REQUIRE(vere_create(&out, in_root("tail"), &m) == 0);
	put_one(&out, 151);
	for (uint64_t id = 1; id <= 100; id++) {
		MDB_val key = {sizeof id, &id};

		CHECK_EQ(mdb_del(out.txn, out.events, &key, NULL), 0);
	}
	CHECK_EQ(vere_commit(&out), 0);
	vere_out_close(&out);
	write_log(in_root("pier"), 1, last);
	CHECK_EQ(rename(in_root("tail/.urb/log/0i0"),
	             in_root("pier/.urb/log/0i100")),
	    0);
}

TEST("vere-log: epochs are read in their order, as one log")
{
	struct vere_event e;
	struct vere v;

	write_epochs(100);
	REQUIRE(vere_open(&v, in_root("pier")) == VERE_EVENT);
	CHECK_EQ(v.n, 2);
	CHECK_EQ(v.first, 1);
	CHECK_EQ(v.last, 151);
	check_from(&v, 1, 151);
	REQUIRE(vere_seek(&v, 101) == VERE_EVENT);
	CHECK(vere_next(&v, &e) == VERE_EVENT && is_one(&e));
	REQUIRE(vere_seek(&v, 100) == VERE_EVENT);
	check_from(&v, 100, 151);
	vere_close(&v);
}

TEST("vere-log: a log whose first epoch was removed begins after it")
{
	struct vere v;

	write_epochs(100);
	CHECK_EQ(rename(in_root("pier/.urb/log/0i0"), in_root("gone")), 0);
	REQUIRE(vere_open(&v, in_root("pier")) == VERE_EVENT);
	CHECK_EQ(v.first, 101);
	check_from(&v, 101, 151);
	vere_close(&v);
}

TEST("vere-log: an epoch that does not follow the one before is told")
{
	struct vere v;

	write_epochs(99);
	CHECK(vere_open(&v, in_root("pier")) == VERE_BAD);
	CHECK_STR(v.why, "0i100/: the epoch before it ends at event 99");
	vere_close(&v);
}

TEST("vere-log: an epoch that says another number than it begins at is told")
{
	struct vere v;

	write_epochs(100);
	CHECK_EQ(rename(in_root("pier/.urb/log/0i0"), in_root("gone")), 0);
	CHECK_EQ(rename(in_root("pier/.urb/log/0i100"),
	             in_root("pier/.urb/log/0i99")),
	    0);
	CHECK(vere_open(&v, in_root("pier")) == VERE_BAD);
	CHECK(strncmp(v.why, "0i99/data.mdb: ", 15) == 0);
	vere_close(&v);
}

static void
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

TEST("vere-log: a newest epoch that was not made to the end counts for nothing")
{
	struct vere v;

	write_log(in_root("pier"), 1, 20);
	CHECK_EQ(mkdir(in_root("pier/.urb/log/0i20"), 0700), 0);
	REQUIRE(vere_open(&v, in_root("pier")) == VERE_EVENT);
	check_from(&v, 1, 20);
	vere_close(&v);
	write_file(in_root("pier/.urb/log/0i20/epoc.txt"), "2");
	REQUIRE(vere_open(&v, in_root("pier")) == VERE_EVENT);
	CHECK_STR(v.meta.release, "9.9");
	check_from(&v, 1, 20);
	vere_close(&v);
}

TEST("vere-log: an epoch of an unknown format is told")
{
	struct vere v;

	write_log(in_root("pier"), 1, 20);
	write_file(in_root("pier/.urb/log/0i0/epoc.txt"), "3\n");
	CHECK(vere_open(&v, in_root("pier")) == VERE_BAD);
	CHECK_STR(v.why, "0i0/epoc.txt: format 3; 1 and 2 are known");
	vere_close(&v);
}

TEST("vere-log: a log of before there were epochs is read")
{
	struct vere v;

	write_log(in_root("pier"), 1, 20);
	CHECK_EQ(rename(in_root("pier/.urb/log/0i0/data.mdb"),
	             in_root("pier/.urb/log/data.mdb")),
	    0);
	CHECK_EQ(rename(in_root("pier/.urb/log/0i0"), in_root("gone")), 0);
	REQUIRE(vere_open(&v, in_root("pier")) == VERE_EVENT);
	CHECK(v.flat);
	check_from(&v, 1, 20);
	vere_close(&v);
}

TEST("vere-log: a pier that is none is told by errno")
{
	struct vere v;

	CHECK(vere_open(&v, in_root("none")) == VERE_SYS);
	CHECK_EQ(errno, ENOENT);
	CHECK_STR(v.why, ".urb/log");
	vere_close(&v);
	CHECK_EQ(mkdir(in_root("pier"), 0700), 0);
	CHECK_EQ(mkdir(in_root("pier/.urb"), 0700), 0);
	CHECK_EQ(mkdir(in_root("pier/.urb/log"), 0700), 0);
	CHECK(vere_open(&v, in_root("pier")) == VERE_SYS);
	CHECK_EQ(errno, ENOENT);
	CHECK_STR(v.why, "data.mdb");
	vere_close(&v);
}

/* -------- damage -------- */

static const char *
database(void)
{
	return in_root("pier/.urb/log/0i0/data.mdb");
}

static uint8_t *
load(size_t *n)
{
	int fd = open(database(), O_RDONLY);
	struct stat st;
	uint8_t *p;

	if (fd < 0 || fstat(fd, &st) < 0)
		abort();
	*n = (size_t)st.st_size;
	p = malloc(*n);
	if (p == NULL || read(fd, p, *n) != (ssize_t)*n)
		abort();
	close(fd);
	return p;
}

/* Is all of it as it was written? */
static bool
is_whole(uint64_t last)
{
	struct vere_event e;
	uint64_t id = 0;
	struct vere v;

	if (vere_open(&v, in_root("pier")) == VERE_EVENT)
		while (vere_next(&v, &e) == VERE_EVENT && is_one(&e))
			id++;
	vere_close(&v);
	return id == last;
}

/*
 * Read all there is.  Whatever the damage, what is given are events in their
 * order, and all that was said to be there or an error with words.
 */
static enum vere_got
read_damaged(void)
{
	enum vere_got got;
	struct vere_event e;
	uint64_t id = 0;
	unsigned sum = 0;
	struct vere v;

	if ((got = vere_open(&v, in_root("pier"))) == VERE_EVENT) {
		while ((got = vere_next(&v, &e)) == VERE_EVENT) {
			CHECK_EQ(e.id, ++id);
			for (size_t i = 0; i < e.n; i++)
				sum += e.jam[i];
		}
		if (got == VERE_END)
			CHECK_EQ(id, v.last);
	}
	CHECK(got == VERE_END || v.why[0] != 0 || sum == 1);
	vere_close(&v);
	return got;
}

TEST("vere-log: a database cut at any length is an error, or lost nothing")
{
	size_t n;
	uint8_t *p;

	write_log(in_root("pier"), 1, 120);
	p = load(&n);
	for (size_t cut = n; cut > 0;) {
		cut -= cut > 9000 ? 509 : cut > 997 ? 97 : 1;
		CHECK_EQ(truncate(database(), (off_t)cut), 0);
		if (cut <= 4 * 4096)
			CHECK(read_damaged() == VERE_BAD);
		else if (read_damaged() != VERE_BAD)
			CHECK(is_whole(120));
	}
	free(p);
}

/* Change one byte of the file, read, and put it back. */
static enum vere_got
flip(int fd, size_t at, uint8_t byte, uint8_t mask)
{
	uint8_t bad = byte ^ mask;
	enum vere_got got;

	CHECK_EQ(pwrite(fd, &bad, 1, (off_t)at), 1);
	got = read_damaged();
	CHECK_EQ(pwrite(fd, &byte, 1, (off_t)at), 1);
	return got;
}

TEST("vere-log: a byte flipped anywhere is an error or harmless, never a crash")
{
	unsigned long told = 0, all = 0;
	size_t n;
	uint8_t *p;
	int fd;

	write_log(in_root("pier"), 1, 40);
	p = load(&n);
	fd = open(database(), O_RDWR);
	for (size_t i = 0; i < n; i += i % 4096 < 200 ? 1 : 5) {
		static const uint8_t masks[] = {1, 0x80, 0xff};

		all++;
		told += flip(fd, i, p[i], masks[i % 3]) == VERE_BAD;
	}
	CHECK(told > all / 200);
	CHECK(read_damaged() == VERE_END);
	close(fd);
	free(p);
}

TEST("vere-log: noise in any page is an error or harmless, never a crash")
{
	uint32_t seed = 1;
	size_t n;
	uint8_t *p;
	int fd;

	write_log(in_root("pier"), 1, 300);
	p = load(&n);
	fd = open(database(), O_RDWR);
	for (unsigned round = 0; round < 3000; round++) {
		size_t at[4];

		for (int k = 0; k < 4; k++) {
			uint8_t noise;

			seed = seed * 1664525 + 1013904223;
			at[k] = (seed >> 8) % n / 4096 * 4096 +
			    (seed >> 4) % (round % 2 ? 4096 : 48);
			if (at[k] >= n)
				at[k] = 0;
			seed = seed * 1664525 + 1013904223;
			noise = (uint8_t)(seed >> 24);
			CHECK_EQ(pwrite(fd, &noise, 1, (off_t)at[k]), 1);
		}
		read_damaged();
		for (int k = 0; k < 4; k++)
			CHECK_EQ(pwrite(fd, p + at[k], 1, (off_t)at[k]), 1);
	}
	CHECK(read_damaged() == VERE_END);
	close(fd);
	free(p);
}

TEST("vere-log: a damaged log is not written to")
{
	struct vere_meta m = meta();
	struct vere_out out;

	write_log(in_root("pier"), 1, 40);
	CHECK_EQ(truncate(database(), 9000), 0);
	CHECK_EQ(vere_create(&out, in_root("pier"), &m), VERE_HURT);
	CHECK(strstr(out.why, "0i0/data.mdb") != NULL);
	vere_out_close(&out);
}

TEST("vere-log: a log that was not made to the end is made anew")
{
	struct vere v;

	write_log(in_root("pier"), 1, 5);
	CHECK_EQ(rename(in_root("pier/.urb/log/0i0"),
	             in_root("pier/.urb/log/0i0.new")),
	    0);
	write_log(in_root("pier"), 1, 7);
	REQUIRE(vere_open(&v, in_root("pier")) == VERE_EVENT);
	check_from(&v, 1, 7);
	vere_close(&v);
}

/* -------- a log of Vere's -------- */

TEST("vere-log: the log of a fake zod that Vere wrote: 483 events")
{
	const char *data = getenv("NOCKUTILS_DATA");
	uint64_t n = 0, bytes = 0;
	struct vere_event e;
	char pier[1000];
	struct vere v;

	snprintf(pier, sizeof pier, "%s/piers/vere-4.6-zod",
	    data ? data : "../shared");
	if (access(pier, F_OK) < 0)
		SKIP("no %.150s", pier);
	REQUIRE(vere_open(&v, pier) == VERE_EVENT);
	CHECK(v.meta.fake);
	CHECK_EQ(v.meta.life, 5);
	while (vere_next(&v, &e) == VERE_EVENT) {
		CHECK_EQ(e.id, ++n);
		CHECK((e.mug == 0) == (e.id <= 13));
		if (e.id == 14)
			CHECK_EQ(e.mug, 1669710618);
		bytes += e.n;
	}
	CHECK_EQ(n, 483);
	CHECK(bytes > 6000000);
	vere_close(&v);
}
