/*
 * log_parts -- what the files of the log share.  For log*.c only.
 *
 *     log.c          open, close, the schema
 *     log_words.c    what went wrong
 *     log_row.c      what is put: compressed, with its sum, in a batch
 *     log_commit.c   a batch becomes rows; the thread that does it
 *     log_read.c     rows become events
 *     log_facts.c    all facts are looked at
 *     log_chop.c     dropping events, at either end
 *     log_undo.c     and putting them back
 *     log_wal.c      is what SQLite will recover all that was committed?
 */
#ifndef LOG_PARTS_H
#define LOG_PARTS_H

#include <pthread.h>
#include <sqlite3.h>
#include <zstd.h>

#include "log.h"

/* -------- log_words.c -------- */

/* Into why[0..LOG_WORDS).  Gives got back. */
enum log_got log_say(char *why, enum log_got got, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* SQLite gave rc when `doing` that. */
enum log_got log_sql_failed(
    char *why, sqlite3 *sql, int rc, const char *doing);

/* Likewise the system, with errno. */
enum log_got log_sys_failed(char *why, const char *doing);

/* -------- log_row.c -------- */

struct piece {
	uint8_t *p; /* as it is stored */
	size_t n;
	uint64_t size; /* as it was; n < size: compressed */
};

/* An event that was put. */
struct row {
	struct row *next;
	uint64_t id, size;
	int64_t at;
	uint32_t mug;
	uint32_t pieces;
	struct piece *piece, one; /* piece = &one if there is only one */
	const char *tag;          /* behind the wire */
	char wire[];
};

/* A fact that was set. */
struct fact {
	struct fact *next;
	const char *value; /* behind the key */
	char key[];
};

struct batch {
	struct row *first, **end;
	struct fact *facts, **facts_end;
	uint64_t last; /* the id of the last row */
	size_t bytes;
};

/* NULL if there is no memory. */
struct row *log_row_new(ZSTD_CCtx *zstd, const struct log_event *e);
struct fact *log_fact_new(const char *key, const char *value);
void log_row_drop(struct row *r);

void log_batch_init(struct batch *b);
void log_batch_free(struct batch *b); /* as new then */
void log_batch_row(struct batch *b, struct row *r);
void log_batch_fact(struct batch *b, struct fact *f);
bool log_batch_empty(const struct batch *b);

/* Move what is in `more` behind what is in b. */
void log_batch_append(struct batch *b, struct batch *more);

/* The sums of an event's row, a piece's, a fact's. */
int64_t log_sum_event(
    const struct log_event *e, uint64_t size, const void *p, size_t n);
int64_t log_sum_piece(
    uint64_t id, uint64_t at, uint64_t size, const void *p, size_t n);
int64_t log_sum_fact(const char *key, const char *value);

/* -------- log_commit.c -------- */

/* name, its statement: prepared once, when a log is opened to write. */
#define LOG_STATEMENTS(X)                                                    \
	X(BEGIN, "BEGIN IMMEDIATE")                                          \
	X(COMMIT, "COMMIT")                                                  \
	X(ROLLBACK, "ROLLBACK")                                              \
	X(EVENT, "INSERT INTO event (id, at, mug, wire, tag, size, sum, jam)" \
		 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                 \
	X(PIECE, "INSERT INTO piece (id, at, size, sum, jam)"                \
		 " VALUES (?1, ?2, ?3, ?4, ?5)")                             \
	X(FACT, "INSERT INTO meta (key, value, sum) VALUES (?1, ?2, ?3)"     \
		" ON CONFLICT (key) DO UPDATE SET value = ?2, sum = ?3")     \
	X(LAST, "SELECT value FROM meta WHERE key = 'last'")                 \
	X(CUT, "DELETE FROM event WHERE id BETWEEN ?1 AND ?2")               \
	X(CUT_PIECES, "DELETE FROM piece WHERE id BETWEEN ?1 AND ?2")

enum log_statement {
#define X(name, text) LOG_Q_##name,
	LOG_STATEMENTS(X)
#undef X
	    LOG_Q_N
};

/* The connection that writes: the caller's, or the thread's while it runs. */
struct writer {
	sqlite3 *sql;
	sqlite3_stmt *q[LOG_Q_N];
	uint64_t first, last; /* committed */
};

enum flight { FLIGHT_NONE, FLIGHT_UP, FLIGHT_DOWN };

struct log_own {
	char *file;
	enum log_mode mode;
	struct writer w;
	sqlite3 *r; /* the caller reads with it */
	ZSTD_CCtx *zstd;
	ZSTD_DCtx *unzstd;
	struct log_cursor got; /* log_get() */
	struct batch put;

	/* With the thread: it has w and `batch` while state is FLIGHT_UP. */
	bool threaded, stop;
	int fd; /* -1 = not made yet */
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t moved; /* the state, or stop */
	enum flight state;
	struct batch batch;
	enum log_got result;
	char why[LOG_WORDS];
};

/* One step of a statement that gives no row.  SQLite's code. */
int log_step(sqlite3_stmt *q);

/* Prepare what w needs.  SQLite's code. */
int log_writer_prepare(struct writer *w);
void log_writer_free(struct writer *w);

/* In a transaction: set a fact; first and last.  SQLite's code. */
int log_put_fact(struct writer *w, const char *key, const char *value);
int log_put_ends(struct writer *w, uint64_t first, uint64_t last);

/* End a transaction that failed with rc. */
enum log_got log_undo(
    struct writer *w, int rc, const char *doing, char *why);

/* Begin what needs w and an empty log_own.put: wait, and commit. */
enum log_got log_alone(struct log *l);

/* End the thread, when it has done what it is at. */
void log_thread_end(struct log_own *o);

/* -------- log_read.c -------- */

/* A fact, through this connection. */
enum log_got log_fact_read(
    sqlite3 *sql, const char *key, char *to, size_t n, char *why);

/* first and last, and are those really the ends? */
enum log_got log_ends_read(
    sqlite3 *sql, uint64_t *first, uint64_t *last, char *why);

/* -------- log_chop.c -------- */

/*
 * The fact of what was the last event to be chopped: its number, and the sum
 * of its row.
 */
#define LOG_TIE "chopped"

enum { LOG_TIE_MAX = 48 };

/* NAME.chopped.db for NAME.db; NULL if there is no memory. */
char *log_chopped_name(const char *file);

/* Open that log; what is wrong is said as l's.  log_close() in any case. */
enum log_got log_chopped_open(
    struct log *l, struct log *other, const char *file, enum log_mode mode);

/* What LOG_TIE is of an event of a log. */
enum log_got log_tie(struct log *l, uint64_t id, char to[LOG_TIE_MAX]);

/* Is that the log of what was chopped from this one?  Its ends and facts. */
enum log_got log_tied(struct log *l, struct log *other);

/* Copy from..to of the chopped log in that file to the front. */
enum log_got log_copy_in(
    struct log *l, const char *file, uint64_t from, uint64_t to);

/* Remove a database; LOG_NONE if there is none. */
enum log_got log_erase(struct log *l, const char *file);

/* Call f with that log's name, when all that was put is committed. */
enum log_got log_with_chopped(
    struct log *l, enum log_got (*f)(struct log *l, const char *file));

/* -------- log_wal.c -------- */

/*
 * Look at FILE-wal.  LOG_OK: all of it counts, or there is none.  LOG_END:
 * its end is half a transaction.  LOG_BAD: whole ones lie behind a place that
 * is damaged, where SQLite would stop.  `alone`: nobody is writing to it.
 */
enum log_got log_wal_look(const char *file, bool alone, char *why);

#endif
