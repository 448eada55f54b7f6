/*
 * log -- the event log of a ship: what happened to it, in order, on disk.
 *
 * It is an SQLite database in WAL mode, a row an event, so that the sqlite3
 * shell can be asked what happened; eventlog(5) has the schema and says what
 * each number means.  Nothing here knows what a noun is: an event is the
 * bytes of its jam, and what else is told of it.
 *
 *     struct log l = {0};
 *
 *     if (log_open(&l, "zod/.urb/log.db", LOG_WRITE) != LOG_OK)
 *             fail(log_why(&l));
 *     while (there are events) {
 *             log_put(&l, &e);
 *             if (log_commit_done(&l) == LOG_OK) {
 *                     release the effects up to l.durable;
 *                     log_commit_start(&l);
 *             }
 *     }
 *     log_commit(&l);
 *     log_close(&l);
 *
 * Safety.  An event is durable when its commit is done: it survives kill -9
 * and a loss of power.  Whatever fails before that, loses nothing: what was
 * put stays put, and the next commit tries it again.  What a dead process
 * left half done the next log_open() repairs.  Every row has a checksum and
 * the numbers have no gaps; what was damaged is told by name when it is read.
 *
 * Limits.  The log grows until the disk is full.  An event has up to
 * SIZE_MAX bytes: one that is long is kept in pieces of LOG_PIECE.
 *
 * Who may what.  One process writes, see to it with lock.h; any number read
 * meanwhile.  One thread uses a struct log; the thread that commits is its
 * own.  A fork must not touch it, not even to close it.  While it is open
 * nothing in this process may open and close the file by itself: that would
 * drop SQLite's locks.
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_NAME ".urb/log.db" /* in a pier */

enum { LOG_VERSION = 1, LOG_WORDS = 256, LOG_PIECE = 64 << 20 };

enum log_got {
	LOG_OK,
	LOG_END,   /* there are no more */
	LOG_LATER, /* a commit is under way */
	LOG_NONE,  /* there is no such thing */
	LOG_BAD,   /* the file is not what it should be */
	LOG_SYS    /* the machine failed: disk full, locked, no memory */
};

enum log_mode {
	LOG_READ,  /* changes nothing, and waits for nobody */
	LOG_WRITE, /* there must be one */
	LOG_CREATE /* there may be one; half of one is made whole */
};

/* Starts as all zero. */
struct log {
	uint64_t first; /* the number of the first event, */
	uint64_t last;  /* of the last, put or committed; empty: first - 1 */
	uint64_t durable;
	size_t waiting; /* bytes that were put and are not durable */

	char why[LOG_WORDS];
	char note[LOG_WORDS]; /* what log_open() repaired, or "" */
	struct log_own *own;
};

struct log_event {
	uint64_t id;      /* 1 is the first of a ship */
	int64_t at;       /* when: nanoseconds since 1970 */
	uint32_t mug;     /* of the kernel after it; 0 = not known */
	const char *wire; /* "/d/term/1" */
	const char *tag;  /* "belt" */
	const uint8_t *jam;
	size_t n;        /* bytes of jam, at least 1 */
	uint64_t stored; /* bytes that jam takes in the file; when read */
};

/*
 * Open the log in that file.
 *
 *   LOG_NONE   there is no file (not with LOG_CREATE)
 *   LOG_BAD    it is no log, one of another version, or damaged
 *   LOG_SYS
 *
 * Call log_close() in any case.
 */
enum log_got log_open(struct log *l, const char *file, enum log_mode mode);

/*
 * Wait for the commit that is under way, drop what was put after it, give
 * all back; l is as new.
 */
void log_close(struct log *l);

/* Why the last call failed, without the file's name: l's own. */
const char *log_why(const struct log *l);

/* -------- appending -------- */

/*
 * Put an event at the end; it is copied.  Its number is one more than l->last,
 * or any if there is none yet.  LOG_OK, LOG_BAD if it is wrong, or LOG_SYS,
 * and then it is not put.
 */
enum log_got log_put(struct log *l, const struct log_event *e);

/* Commit all that was put.  When it returns LOG_OK it is durable. */
enum log_got log_commit(struct log *l);

/*
 * The same while you do something else: hand what was put to the thread that
 * commits.  LOG_OK, LOG_LATER if it has not done the last one (then nothing
 * is handed over), or LOG_SYS.
 */
enum log_got log_commit_start(struct log *l);

/*
 * How is it?  LOG_OK: there is no commit under way; l->durable is up to date.
 * LOG_LATER: it is under way.  Otherwise it failed, which is told once; what
 * it was to commit is put again, before what was put since.
 */
enum log_got log_commit_done(struct log *l);

/* Wait for it, then the same. */
enum log_got log_commit_wait(struct log *l);

/*
 * For a poll: readable when log_commit_done() would not say LOG_LATER any
 * more.  l's own.  -1 if there is none, with errno set.
 */
int log_fd(struct log *l);

/* -------- facts about the ship -------- */

/*
 * Make `value` the one of `key` ("who", "fake", "life"), with the next commit.
 * "first", "last" and "chopped" are the log's own.
 */
enum log_got log_set(struct log *l, const char *key, const char *value);

/*
 * What was committed of it, as a C string into to[0..n).  LOG_NONE if it was
 * never set; LOG_BAD if it is damaged or does not fit.
 */
enum log_got log_fact(struct log *l, const char *key, char *to, size_t n);

/* The names of those that the log of every ship has; then NULL. */
extern const char *const log_ship_facts[];

/* Has each fact a right sum?  LOG_BAD: log_why() names one that has not. */
enum log_got log_facts(struct log *l);

/* -------- reading -------- */

/* What is 0 does not matter. */
struct log_range {
	uint64_t from, to;    /* both included */
	const char *wire;     /* like that: ? * [a-z] as a shell has them */
	const char *tag;      /* the same */
	int64_t since, until; /* since <= at < until */
	bool brief;           /* no jam is made: jam is NULL */
};

struct log_cursor {
	struct log *log;
	uint64_t next, to; /* expected next if `all`; the last one */
	bool all;          /* of the numbers in the range */
	bool brief;
	bool held; /* a row was read, but there is a gap before it */
	bool over; /* there are no more rows */
	void *query;
	uint8_t *buf; /* a jam that is not in the file as it is */
	size_t cap;
};

/*
 * Read the committed events of r, in order; NULL: all.  LOG_OK, LOG_BAD or
 * LOG_SYS; call log_leave() in any case.  What is committed later, is not
 * seen.  A cursor that stays open lets the log's -wal file grow.
 */
enum log_got log_seek(
    struct log *l, struct log_cursor *c, const struct log_range *r);

/*
 * The next one.  Its bytes are c's own until the next call on it.
 *
 *   LOG_OK
 *   LOG_END
 *   LOG_BAD   e->id is damaged, or missing: log_why() says which it is and
 *             how many; the next call goes on behind it
 *   LOG_SYS
 */
enum log_got log_next(struct log_cursor *c, struct log_event *e);

/* Takes one that is all zero too. */
void log_leave(struct log_cursor *c);

/*
 * Event id.  Its bytes are l's own until the next log_get() or log_close().
 * LOG_NONE if l has no such number.  As long as they are, the log's -wal file
 * grows: let go of them with an id of 0.
 */
enum log_got log_get(struct log *l, uint64_t id, struct log_event *e);

/* Its mug alone; nothing is held. */
enum log_got log_mug(struct log *l, uint64_t id, uint32_t *mug);

/* Ask SQLite to look at each page of the file.  LOG_OK, LOG_BAD, LOG_SYS. */
enum log_got log_check(struct log *l);

/* -------- dropping; all that was put is committed before -------- */

/* Drop all events after id. */
enum log_got log_cut(struct log *l, uint64_t id);

/*
 * Move the events before id, which stays, to a log beside this one,
 * NAME.chopped.db for NAME.db, after those that are there already.  They are
 * read and checked; one that is damaged stops it.  Killed at any point, no
 * event is lost; call it again.
 */
enum log_got log_chop(struct log *l, uint64_t id);

/*
 * Put them back, and then remove that log.  LOG_NONE if there are none;
 * LOG_BAD, and nothing is changed, if one of them is damaged or missing, or
 * they are not what was taken out of this log: each is read, where both logs
 * have one they must be equal, and the last before this log must be the one
 * that was the last to be taken out.
 */
enum log_got log_chop_undo(struct log *l);

/*
 * The first and the last event in that log.  LOG_NONE if there is none;
 * LOG_BAD if it is damaged or empty.
 */
enum log_got log_chopped(struct log *l, uint64_t ends[2]);

/* Remove that log; what is in it is gone.  LOG_NONE if there is none. */
enum log_got log_chop_forget(struct log *l);

/* -------- time -------- */

/*
 * A date as Hoon has it, @da: da[1] seconds and da[0] parts of 2^64 of one,
 * and ours.  One that we cannot have becomes the first or last we can.
 */
int64_t log_at(const uint64_t da[2]);
void log_da(int64_t at, uint64_t da[2]);

#endif
