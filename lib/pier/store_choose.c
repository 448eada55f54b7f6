/*
 * Which of the three superblocks counts: when the file is opened, and while
 * others write it.
 */
#define XXH_INLINE_ALL
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "store_parts.h"

/* -------- this start of the machine -------- */

/* 0 if it cannot be known, with errno set. */
uint64_t
store_boot(void)
{
	static uint64_t known;
	char id[64];
	ssize_t n = 0;
	int fd;

	if (known != 0)
		return known;
	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, id, sizeof id);
	close(fd);
	if (n <= 0)
		return 0;
	known = XXH3_64bits(id, (size_t)n) | 1;
	return known;
}

/* -------- superblocks -------- */

/* Those of checkpoints, and of what was published; and what is wrong with
 * each, NULL if nothing is. */
enum { LIVE = 2, TRIO };

struct trio {
	struct super super[TRIO];
	const char *fault[TRIO];
};

/* One that was given up, see wipe(). */
static const char EMPTY[] = "an empty superblock";

static uint64_t
place_of(unsigned i)
{
	return i == LIVE ? SUPER_LIVE : super_place(i);
}

static const char *
fault_of(const struct super *s, unsigned i, uint64_t file)
{
	static const struct super none;
	const char *fault;

	if (memcmp(s, &none, sizeof none) == 0)
		return EMPTY;
	if ((fault = super_fault(s, file)) != NULL)
		return fault;
	if (i == LIVE)
		return s->boot == store_boot()
		    ? NULL
		    : "of another start of the machine";
	return s->sequence % 2 == i && s->boot == 0
	    ? NULL
	    : "a superblock in the wrong place";
}

/* A writer may be at it: what it has half written is read again. */
static int
read_one(struct store *s, struct trio *p, unsigned i, uint64_t file)
{
	enum { TRIES = 100 };

	for (unsigned k = 0; k < TRIES; k++) {
		if (store_get_at(
		        s->fd, place_of(i), &p->super[i], SUPER_BYTES) != 0)
			return -1;
		p->fault[i] = fault_of(&p->super[i], i, file);
		if (s->writer || p->fault[i] == NULL || p->fault[i] == EMPTY)
			break;
	}
	return 0;
}

static enum store_got
read_trio(struct store *s, struct trio *p)
{
	struct stat st;

	if (fstat(s->fd, &st) != 0)
		return store_errno(s, "stat");
	if (S_ISDIR(st.st_mode))
		return store_fail(s, STORE_BAD, "it is a directory");
	if ((uint64_t)st.st_size < SUPER_FIRST)
		return store_fail(s, STORE_BAD, "it is too short");
	for (unsigned i = 0; i < TRIO; i++)
		if (read_one(s, p, i, (uint64_t)st.st_size) != 0)
			return store_errno(s, "read");
	return STORE_OK;
}

/* The number of the newest good one of the first n, or -1. */
static int
newest(const struct trio *p, int n)
{
	int best = -1;

	for (int i = 0; i < n; i++)
		if (p->fault[i] == NULL &&
		    (best < 0 || super_newer(&p->super[i], &p->super[best])))
			best = i;
	return best;
}

/* -------- the choice -------- */

/* A torn write leaves no more than the end of what was appended undone. */
enum { END = 2 << 20 };

/* What the checkpoint appended, but of each row no more than the last bytes. */
static enum store_got
verify_end(struct store *s, const struct super *sup, uint64_t most)
{
	enum store_got got = STORE_OK;
	uint64_t from, to;

	for (enum super_row r = 0; r < SUPER_ROWS && got == STORE_OK; r++) {
		to = super_length(sup, r);
		from = r == SUPER_ATOMS ? sup->old_atoms
		    : r == SUPER_CELLS  ? sup->old_cells
		                        : sup->old_cells / 4;
		if (to - from > most)
			from = to - most;
		if (from == to && to > 0)
			from = to - 1; /* its sum will be carried on */
		got = store_verify_row(s, sup, r, from, to);
	}
	return got;
}

static void
lose(struct store *s, const struct super *sup)
{
	s->fell_back = true;
	s->lost_event = sup->event;
}

/*
 * Nothing may come back that was given up: what is appended next would be
 * written over what it holds.
 */
static int
wipe(struct store *s, int i)
{
	static const char zeros[SUPER_BYTES];

	if (store_put_at(s->fd, place_of((unsigned)i), zeros, sizeof zeros) !=
	    0)
		return -1;
	return fdatasync(s->fd);
}

/* Choose a checkpoint: that is s->super then. */
static enum store_got
choose_saved(struct store *s, struct trio *p)
{
	enum store_got got = STORE_OK;
	int i;

	/* Which checkpoint a bad superblock was for cannot be known. */
	for (i = 0; i < LIVE; i++)
		if (p->fault[i] != NULL && p->fault[i] != EMPTY)
			s->fell_back = true;
	while ((i = newest(p, LIVE)) >= 0) {
		s->super = s->there = p->super[i];
		got = verify_end(s, &s->super, END);
		if (got != STORE_BAD)
			break;
		lose(s, &s->super);
		p->fault[i] = "its end is damaged";
	}
	if (i < 0)
		return store_fail(s, STORE_BAD,
		    "no checkpoint is whole: the first: %s; the second: %s",
		    p->fault[0], p->fault[1]);
	if (got == STORE_OK && s->writer && p->fault[!i] != NULL &&
	    p->fault[!i] != EMPTY && wipe(s, !i) != 0)
		return store_errno(s, "write");
	return got;
}

/*
 * It goes on from the last checkpoint there was.  Where that is damaged, what
 * was published has the damage in it: all behind the one chosen is looked at.
 */
static enum store_got
verify_live(struct store *s, const struct super *live)
{
	struct super all = *live;

	if (all.old_cells > s->super.cells)
		all.old_cells = s->super.cells;
	if (all.old_atoms > s->super.atoms)
		all.old_atoms = s->super.atoms;
	return verify_end(s, &all, s->fell_back ? UINT64_MAX : END);
}

/*
 * What was published after it, by a process that has died or that we read
 * from, is as good while the machine is up; and as others may have it, it
 * must not be written over.  What is of no use is wiped.
 */
static enum store_got
choose_live(struct store *s, struct trio *p)
{
	const struct super *live = &p->super[LIVE];
	enum store_got got;

	if (p->fault[LIVE] == EMPTY ||
	    (p->fault[LIVE] == NULL && !super_newer(live, &s->super)))
		return STORE_OK;
	got = p->fault[LIVE] == NULL ? verify_live(s, live) : STORE_BAD;
	if (got == STORE_OK && live->cells >= s->super.cells &&
	    live->atoms >= s->super.atoms) {
		s->there = *live;
	} else if (s->writer && wipe(s, LIVE) != 0) {
		return store_errno(s, "write");
	}
	return got == STORE_SYS ? got : STORE_OK;
}

enum store_got
store_choose(struct store *s)
{
	struct trio p;
	enum store_got got = read_trio(s, &p);

	if (got != STORE_OK || (got = choose_saved(s, &p)) != STORE_OK)
		return got;
	s->saved = s->super.event;
	s->sequence = s->super.sequence;
	return choose_live(s, &p);
}

/* -------- readers -------- */

enum store_got
store_still(struct store *s)
{
	struct stat st;

	if (fstat(s->fd, &st) != 0)
		return store_errno(s, "stat");
	if (st.st_nlink == 0)
		return store_fail(s, STORE_STALE, "it was replaced or removed");
	return STORE_OK;
}

bool
store_any_newer(const struct store *s)
{
	for (unsigned i = 0; i < TRIO; i++)
		if (super_newer((const struct super *)(s->shared + place_of(i)),
		        &s->there))
			return true;
	return false;
}

static enum store_got
take_newer(struct store *s, const struct super *sup, bool live)
{
	struct super had = s->there;
	enum store_got got;

	if (sup->cells < had.cells || sup->atoms < had.atoms)
		return store_fail(s, STORE_BAD, "the image has shrunk");
	s->there = *sup;
	if ((got = store_place(s, &had)) != STORE_OK) {
		s->there = had;
		return got;
	}
	if (!live) {
		s->super = *sup;
		s->saved = sup->event;
		s->sequence = sup->sequence;
	}
	return STORE_OK;
}

/*
 * A compaction says in the file that it replaced it; that it was replaced or
 * removed by another, or by one that was killed then, is looked at ten times
 * a second.
 */
static bool
look_due(struct store *s)
{
	enum { EACH = 100000000 };
	struct timespec t;
	uint64_t now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	now = (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
	if (now - s->looked < EACH)
		return false;
	s->looked = now;
	return true;
}

void
store_renounce(struct store *s)
{
	struct super none = {.order = UINT64_MAX};

	(void)store_put_at(s->fd, SUPER_LIVE, &none, sizeof none);
}

enum store_got
store_refresh(struct store *s)
{
	bool newer = store_any_newer(s);
	enum store_got got = STORE_OK;
	struct trio p;
	int i;

	if (newer || look_due(s))
		got = store_still(s);
	if (got != STORE_OK || !newer || (got = read_trio(s, &p)) != STORE_OK)
		return got;
	i = newest(&p, TRIO);
	if (i < 0 || !super_newer(&p.super[i], &s->there))
		return STORE_OK;
	return take_newer(s, &p.super[i], i == LIVE);
}
