/* What is published without waiting for the disk, and who believes it. */
#include "test.h"

#include <errno.h>

#include "piers.h"
#include "readers.h"

void
test_setup(void)
{
	pier_make();
	atexit(pier_remove);
	pier_heap();
}

#define OK(call)                                                           \
	do {                                                               \
		int test_got = (call);                                     \
		if (test_got != STORE_OK) {                                \
			TEST_FAIL("%s is %d: %s", #call, test_got, s.why); \
			return;                                            \
		}                                                          \
	} while (0)

/* Publish events [from, to]. */
static enum store_got
publish(struct store *s, uint64_t from, uint64_t to)
{
	enum store_got got = STORE_OK;
	noun n;

	for (uint64_t e = from; e <= to && got == STORE_OK; e++) {
		n = pier_state(s->root, e);
		got = store_publish(s, &n, e);
	}
	return got;
}

/* Change what was published as it is in the file. */
static void
change_live(void (*change)(struct super *))
{
	int fd = open(pier_image, O_RDWR);
	struct super live;

	if (pread(fd, &live, sizeof live, SUPER_LIVE) != sizeof live)
		exit(111);
	change(&live);
	super_seal(&live);
	if (pwrite(fd, &live, sizeof live, SUPER_LIVE) != sizeof live)
		exit(111);
	close(fd);
}

static void
reboot(struct super *live)
{
	live->boot += 2;
}

TEST("live: readers see what is published, in order with checkpoints")
{
	struct reader r[2] = {0};
	struct store s;

	pier_build(3);
	r[0] = start_reader();
	OK(pier_open(&s, STORE_WRITE));
	for (uint64_t e = 4; e < 60; e++) {
		if (e % 5 == 0)
			OK(pier_run(&s, e, e));
		else
			OK(publish(&s, e, e));
		CHECK_EQ(s.saved, e < 5 ? 3 : e / 5 * 5);
		if (e == 31)
			r[1] = start_reader();
		if (e % 3)
			CHECK_EQ(ask(&r[0]), e);
		if (e % 7 == 0 && e > 31)
			CHECK_EQ(ask(&r[1]), e);
	}
	end_readers(r, 2);
}

TEST("live: no noun moves, and what was new is copied once")
{
	struct store s;
	noun n, was, kept;

	pier_build(3);
	OK(pier_open(&s, STORE_WRITE));
	kept = gen_noun(40);
	was = jam(kept);
	n = cons(kept, s.root);
	OK(store_publish(&s, &n, 4));
	CHECK(equal(jam(kept), was));
	n = cons(direct(1), n);
	OK(store_publish(&s, &n, 5));
	CHECK_EQ(s.written, 20);
	OK(store_publish(&s, &n, 6));
	CHECK_EQ(s.written, 0);
	OK(store_commit(&s, &n, 6));
	CHECK_EQ(s.written, 0);
	OK(store_verify(&s, NULL, NULL));
	CHECK(head(tail(n)) == head(tail(s.root)));
}

TEST("live: a process that dies leaves what it published, and it goes on")
{
	struct store s;

	pier_build(5);
	for (uint64_t e = 6; e < 40; e += 3) {
		OK(pier_open(&s, STORE_WRITE));
		CHECK(pier_is(&s, e - 1));
		CHECK(!s.fell_back);
		OK(publish(&s, e, e + 1));
		if (e % 2)
			OK(pier_run(&s, e + 2, e + 2));
		else
			OK(publish(&s, e + 2, e + 2));
		OK(store_verify(&s, NULL, NULL));
		OK(pier_open(&s, STORE_READ));
		CHECK(pier_is(&s, e + 2));
	}
}

TEST("live: after a start of the machine the last checkpoint is what counts")
{
	struct store s;

	pier_build(5);
	for (uint64_t e = 6; e < 20; e++) {
		OK(pier_open(&s, STORE_WRITE));
		OK(publish(&s, e, e + 4));
		store_close(&s);
		change_live(reboot);
		OK(pier_open(&s, STORE_READ));
		CHECK(pier_is(&s, e - 1));
		CHECK(!s.fell_back);
		OK(store_refresh(&s));
		CHECK_EQ(s.event, e - 1);
		store_close(&s);
		OK(pier_open(&s, STORE_WRITE));
		CHECK(pier_is(&s, e - 1));
		CHECK(!s.fell_back);
		OK(pier_run(&s, e, e));
		store_close(&s);
		change_live(reboot); /* it was wiped: nothing comes back */
		OK(pier_open(&s, STORE_READ));
		CHECK(pier_is(&s, e));
	}
}

static void
damage(uint64_t at)
{
	int fd = open(pier_image, O_RDWR);
	char c = 0;

	if (pread(fd, &c, 1, (off_t)at) != 1)
		exit(111);
	c ^= 16;
	if (pwrite(fd, &c, 1, (off_t)at) != 1)
		exit(111);
	close(fd);
}

static void
damage_rows(const struct super *live, enum super_row row)
{
	damage(super_find(live, row, super_length(live, row) - 1).at);
}

TEST("live: what was published and is damaged is not believed")
{
	struct store s;

	for (unsigned i = 0; i < SUPER_ROWS; i++) {
		pier_build(5);
		OK(pier_open(&s, STORE_WRITE));
		OK(publish(&s, 6, 12));
		store_close(&s);
		damage_rows(&s.there, i);
		OK(pier_open(&s, STORE_READ));
		CHECK(pier_is(&s, 5));
		OK(pier_open(&s, STORE_WRITE));
		CHECK(pier_is(&s, 5));
		OK(publish(&s, 6, 7));
		OK(pier_open(&s, STORE_READ));
		CHECK(pier_is(&s, 7));
	}
}

/* Event 5 brings a large atom; then 6 to 12 are published. */
static void
build_large(struct store *s)
{
	pier_large = 5;
	pier_build(5);
	if (pier_open(s, STORE_WRITE) != STORE_OK ||
	    publish(s, 6, 12) != STORE_OK)
		exit(111);
	store_close(s);
}

TEST("live: what was published upon a damaged checkpoint is not believed")
{
	struct store s;

	build_large(&s);
	damage(super_find(&s.super, SUPER_ATOMS, s.super.atoms - (1 << 20)).at);
	OK(pier_open(&s, STORE_WRITE));
	CHECK(s.fell_back);
	CHECK(pier_is(&s, 4));
	OK(pier_run(&s, 5, 6));
	OK(pier_open(&s, STORE_READ));
	CHECK(pier_is(&s, 6));
	pier_large = 0;
}

TEST("live: it is where only the checkpoint's superblock is damaged")
{
	struct store s;

	build_large(&s);
	damage(super_place(s.super.sequence) + 100);
	OK(pier_open(&s, STORE_WRITE));
	CHECK(s.fell_back);
	CHECK(pier_is(&s, 12));
	OK(publish(&s, 13, 13));
	OK(pier_open(&s, STORE_WRITE));
	CHECK(pier_is(&s, 13));
	OK(pier_run(&s, 14, 14));
	OK(pier_open(&s, STORE_READ));
	CHECK(pier_is(&s, 14));
	CHECK(!s.fell_back);
	pier_large = 0;
}

TEST("live: it may be published while a checkpoint is on its way to the disk")
{
	struct reader r;
	struct store s;
	noun n;

	pier_build(3);
	OK(pier_open(&s, STORE_WRITE));
	r = start_reader();
	for (uint64_t e = 4; e < 40; e += 3) {
		n = pier_state(s.root, e);
		OK(store_append(&s, &n, e));
		s.root = n; /* as a pier goes on from its own */
		OK(publish(&s, e + 1, e + 1));
		CHECK_EQ(ask(&r), e + 1);
		OK(store_sync(&s));
		CHECK_EQ(ask(&r), e + 1);
		OK(publish(&s, e + 2, e + 2));
		OK(store_settle(&s));
		CHECK_EQ(s.event, e + 2);
		CHECK_EQ(s.saved, e);
		CHECK_EQ(ask(&r), e + 2);
	}
	end_readers(&r, 1);
	store_close(&s);
	change_live(reboot);
	OK(pier_open(&s, STORE_READ));
	CHECK(pier_is(&s, 37));
}

TEST("live: a compaction takes what was published, for good")
{
	struct reader r;
	struct store s;

	pier_build(5);
	OK(pier_open(&s, STORE_WRITE));
	OK(publish(&s, 6, 9));
	r = start_reader();
	CHECK_EQ(ask(&r), 9);
	OK(store_compact(&s, NULL, NULL));
	CHECK_EQ(ask(&r), STALE);
	end_readers(&r, 1);
	CHECK_EQ(publish(&s, 10, 10), STORE_STALE);
	store_close(&s);
	OK(pier_open(&s, STORE_WRITE));
	CHECK(pier_is(&s, 9));
	CHECK_EQ(s.saved, 9);
	OK(publish(&s, 10, 10));
	OK(pier_open(&s, STORE_READ));
	CHECK(pier_is(&s, 10));
}

TEST("live: new extents of the file are seen, and stay where they are")
{
	enum { CELLS = 300000 };
	struct store s;
	uint64_t n_cells;
	noun n = 0;

	pier_build(1);
	OK(pier_open(&s, STORE_WRITE));
	for (uint64_t e = 2; e < 8; e++) {
		for (unsigned i = 0; i < CELLS; i++)
			n = cons(direct(e), n);
		OK(store_publish(&s, &n, e));
	}
	n_cells = s.there.n_cells;
	CHECK(n_cells > s.super.n_cells);
	store_close(&s);
	OK(pier_open(&s, STORE_READ));
	OK(store_verify(&s, NULL, NULL));
	store_close(&s);
	OK(pier_open(&s, STORE_WRITE));
	CHECK_EQ(s.event, 7);
	CHECK_EQ(s.there.n_cells, n_cells);
	n = s.root;
	OK(store_commit(&s, &n, 8));
	CHECK(memcmp(s.super.cell_extent, s.there.cell_extent,
	          sizeof s.super.cell_extent) == 0);
	for (uint64_t e = 7; e >= 2; e--)
		for (unsigned i = 0; i < CELLS; i++, n = tail(n))
			if (head(n) != direct(e))
				exit(1);
	CHECK_EQ(n, 0);
}
