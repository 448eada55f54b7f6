/*
 * Dropping events.  What leaves the front goes to a second log; each file has
 * a transaction of its own, the one that gains first, so a crash between them
 * leaves events in both, never in none.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log_parts.h"

#define EVENT_COLUMNS "id, at, mug, wire, tag, size, sum, jam"
#define PIECE_COLUMNS "id, at, size, sum, jam"

char *
log_chopped_name(const char *file)
{
	size_t n = strlen(file);
	char *name;

	if (n > 3 && strcmp(file + n - 3, ".db") == 0)
		n -= 3;
	return asprintf(&name, "%.*s.chopped.db", (int)n, file) < 0 ? NULL
	                                                            : name;
}

/* A statement with up to two numbers and a text.  SQLite's code. */
static int
run(struct writer *w, const char *text, uint64_t a, uint64_t b, const char *t)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(w->sql, text, -1, &q, NULL);

	if (rc == SQLITE_OK) {
		sqlite3_bind_int64(q, 1, (int64_t)a);
		sqlite3_bind_int64(q, 2, (int64_t)b);
		sqlite3_bind_text(q, 3, t, -1, SQLITE_STATIC);
		rc = log_step(q);
	}
	sqlite3_finalize(q);
	return rc;
}

static int
run_simple(struct writer *w, const char *text)
{
	return run(w, text, 0, 0, NULL);
}

/* -------- in this log alone -------- */

static int delete (struct writer *w, uint64_t from, uint64_t to)
{
	int rc = SQLITE_OK;

	for (int i = LOG_Q_CUT; i <= LOG_Q_CUT_PIECES && rc == SQLITE_OK; i++) {
		sqlite3_bind_int64(w->q[i], 1, (int64_t)from);
		sqlite3_bind_int64(w->q[i], 2, (int64_t)to);
		rc = log_step(w->q[i]);
	}
	return rc;
}

/* The ends are these now. */
static enum log_got
ends_are(struct log *l, uint64_t first, uint64_t last)
{
	l->own->w.first = l->first = first;
	l->own->w.last = l->last = l->durable = last;
	return LOG_OK;
}

/* Drop from..to, which is one end, so that first..last are left; tie: the new
 * one, or NULL. */
static enum log_got
drop(struct log *l, uint64_t from, uint64_t to, uint64_t first, uint64_t last,
    const char *tie)
{
	struct writer *w = &l->own->w;
	int rc = log_step(w->q[LOG_Q_BEGIN]);

	if (rc == SQLITE_OK)
		rc = delete (w, from, to);
	if (rc == SQLITE_OK)
		rc = log_put_ends(w, first, last);
	if (rc == SQLITE_OK && tie != NULL)
		rc = log_put_fact(w, LOG_TIE, tie);
	if (rc == SQLITE_OK)
		rc = log_step(w->q[LOG_Q_COMMIT]);
	if (rc != SQLITE_OK)
		return log_undo(w, rc, "dropping events", l->why);
	return ends_are(l, first, last);
}

enum log_got
log_cut(struct log *l, uint64_t id)
{
	enum log_got got = log_alone(l);

	if (got != LOG_OK || id >= l->last)
		return got;
	if (id + 1 < l->first)
		return log_say(l->why, LOG_NONE, "there is no event %llu",
		    (unsigned long long)id);
	return drop(l, id + 1, l->last, l->first, id, NULL);
}

/* -------- with the other log -------- */

/* Read all before id. */
static enum log_got
check(struct log *l, uint64_t id)
{
	struct log_cursor c;
	struct log_event e;
	enum log_got got = log_seek(l, &c, &(struct log_range){.to = id - 1});

	while (got == LOG_OK)
		got = log_next(&c, &e);
	log_leave(&c);
	return got == LOG_END ? LOG_OK : got;
}

enum log_got
log_chopped_open(
    struct log *l, struct log *other, const char *file, enum log_mode mode)
{
	enum log_got got = log_open(other, file, mode);

	if (got != LOG_OK)
		log_say(l->why, got, "the log of chopped events: %.180s",
		    other->why);
	return got;
}

enum log_got
log_tie(struct log *l, uint64_t id, char to[LOG_TIE_MAX])
{
	sqlite3 *sql = l->own->r;
	sqlite3_stmt *q = NULL;
	enum log_got got = LOG_OK;
	int rc = sqlite3_prepare_v2(
	    sql, "SELECT sum FROM event WHERE id = ?", -1, &q, NULL);

	if (rc == SQLITE_OK) {
		sqlite3_bind_int64(q, 1, (int64_t)id);
		rc = sqlite3_step(q);
	}
	if (rc == SQLITE_ROW)
		snprintf(to, LOG_TIE_MAX, "%llu %lld", (unsigned long long)id,
		    (long long)sqlite3_column_int64(q, 0));
	else if (rc == SQLITE_DONE)
		got = log_say(l->why, LOG_BAD, "event %llu is missing",
		    (unsigned long long)id);
	else
		got = log_sql_failed(l->why, sql, rc, "reading an event");
	sqlite3_finalize(q);
	return got;
}

/* Both logs have the same fact of that name, or neither has it. */
static enum log_got
same_fact(struct log *l, struct log *other, const char *key)
{
	char here[256] = "", there[256] = "";
	enum log_got got = log_fact(l, key, here, sizeof here);

	if (got != LOG_OK && got != LOG_NONE)
		return got;
	got = log_fact(other, key, there, sizeof there);
	if (got != LOG_OK && got != LOG_NONE)
		return log_say(l->why, got, "the log of chopped events: %.180s",
		    other->why);
	if (strcmp(here, there) == 0)
		return LOG_OK;
	return log_say(l->why, LOG_BAD,
	    "the log of chopped events is of another ship: its fact %s is "
	    "%.60s, not %.60s",
	    key, *there ? there : "-", *here ? here : "-");
}

/* The event before this log is the one that was the last to be taken out.
 * Logs of older programs do not tell. */
static enum log_got
same_tie(struct log *l, struct log *other)
{
	char want[LOG_TIE_MAX], is[LOG_TIE_MAX];
	enum log_got got = log_fact(l, LOG_TIE, want, sizeof want);

	if (got == LOG_NONE || l->first == 1 || other->first >= l->first)
		return LOG_OK;
	if (got != LOG_OK)
		return got;
	if ((got = log_tie(other, l->first - 1, is)) != LOG_OK)
		return log_say(l->why, got, "the log of chopped events: %.180s",
		    other->why);
	if (strcmp(is, want) == 0)
		return LOG_OK;
	return log_say(l->why, LOG_BAD,
	    "the log of chopped events is another: its event %llu is not the "
	    "one that was taken out of this log",
	    (unsigned long long)l->first - 1);
}

enum log_got
log_tied(struct log *l, struct log *other)
{
	const char *const *key = log_ship_facts;
	enum log_got got = LOG_OK;

	if (other->last + 1 < l->first)
		return log_say(l->why, LOG_BAD,
		    "the log of chopped events ends at %llu, this one begins "
		    "at %llu",
		    (unsigned long long)other->last,
		    (unsigned long long)l->first);
	for (; *key != NULL && got == LOG_OK; key++)
		got = same_fact(l, other, *key);
	return got == LOG_OK ? same_tie(l, other) : got;
}

/*
 * The ends of the log in that file, which is made if there is none, when it
 * may be gone on with.
 */
static enum log_got
ends_of(struct log *l, const char *file, uint64_t ends[2])
{
	struct log other = {0};
	enum log_got got = log_chopped_open(l, &other, file, LOG_CREATE);

	ends[0] = other.first;
	ends[1] = other.last;
	if (got == LOG_OK && ends[0] <= ends[1])
		got = log_tied(l, &other);
	log_close(&other);
	return got;
}

/*
 * Copy from..to, and what `ends` is then.  What is there of them already, and
 * behind them, was left by a crash.
 */
static int
copy_out(struct writer *w, uint64_t from, uint64_t to, const uint64_t ends[2])
{
	char text[2][24];
	const char *const key[] = {"first", "last"};
	int rc =
	    run(w, "DELETE FROM chopped.event WHERE id >= ?1", from, 0, NULL);

	if (rc == SQLITE_OK)
		rc = run(w, "DELETE FROM chopped.piece WHERE id >= ?1", from, 0,
		    NULL);
	if (rc == SQLITE_OK)
		rc = run(w,
		    "INSERT INTO chopped.event (" EVENT_COLUMNS
		    ") SELECT " EVENT_COLUMNS
		    " FROM main.event WHERE id BETWEEN ?1 AND ?2",
		    from, to, NULL);
	if (rc == SQLITE_OK)
		rc = run(w,
		    "INSERT INTO chopped.piece (" PIECE_COLUMNS
		    ") SELECT " PIECE_COLUMNS
		    " FROM main.piece WHERE id BETWEEN ?1 AND ?2",
		    from, to, NULL);
	if (rc == SQLITE_OK)
		rc = run_simple(w,
		    "INSERT OR REPLACE INTO chopped.meta SELECT * FROM "
		    "main.meta WHERE key NOT IN ('first', 'last')");
	for (int i = 0; i < 2 && rc == SQLITE_OK; i++) {
		snprintf(text[i], sizeof text[i], "%llu",
		    (unsigned long long)ends[i]);
		rc = run(w,
		    i == 0 ? "UPDATE chopped.meta SET value = ?3, sum = ?1"
		             " WHERE key = 'first'"
		           : "UPDATE chopped.meta SET value = ?3, sum = ?1"
		             " WHERE key = 'last'",
		    (uint64_t)log_sum_fact(key[i], text[i]), 0, text[i]);
	}
	return rc;
}

/* None of them may be missing. */
static int
copy_in(struct writer *w, uint64_t from, uint64_t to)
{
	int rc = run(w,
	    "INSERT INTO main.event (" EVENT_COLUMNS ") SELECT " EVENT_COLUMNS
	    " FROM chopped.event WHERE id BETWEEN ?1 AND ?2",
	    from, to, NULL);

	if (rc == SQLITE_OK &&
	    (uint64_t)sqlite3_changes64(w->sql) != to + 1 - from)
		rc = SQLITE_CORRUPT;
	if (rc == SQLITE_OK)
		rc = run(w,
		    "INSERT INTO main.piece (" PIECE_COLUMNS
		    ") SELECT " PIECE_COLUMNS
		    " FROM chopped.piece WHERE id BETWEEN ?1 AND ?2",
		    from, to, NULL);
	if (rc == SQLITE_OK)
		rc = log_put_ends(w, from, w->last);
	return rc;
}

static enum log_got
attach(struct log *l, const char *file)
{
	struct writer *w = &l->own->w;
	int rc = run(w, "ATTACH ?3 AS chopped", 0, 0, file);

	if (rc == SQLITE_OK)
		rc = run_simple(w, "PRAGMA chopped.synchronous = FULL");
	if (rc == SQLITE_OK)
		return LOG_OK;
	return log_sql_failed(
	    l->why, w->sql, rc, "opening the log of chopped events");
}

/* In one transaction, with the other log attached: out, or in. */
static enum log_got
copy(struct log *l, const char *file, uint64_t from, uint64_t to,
    const uint64_t *ends)
{
	struct writer *w = &l->own->w;
	enum log_got got = attach(l, file);
	int rc;

	if (got == LOG_OK) {
		rc = log_step(w->q[LOG_Q_BEGIN]);
		if (rc == SQLITE_OK)
			rc = ends ? copy_out(w, from, to, ends)
			          : copy_in(w, from, to);
		if (rc == SQLITE_OK)
			rc = log_step(w->q[LOG_Q_COMMIT]);
		if (rc != SQLITE_OK)
			got = log_undo(w, rc, "moving events", l->why);
	}
	run_simple(w, "DETACH chopped");
	return got;
}

/* The space goes back if it can; if not, later events use it. */
static void
shrink(struct writer *w)
{
	run_simple(w, "VACUUM");
	sqlite3_wal_checkpoint_v2(
	    w->sql, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

static enum log_got
chop(struct log *l, const char *file, uint64_t id)
{
	char tie[LOG_TIE_MAX];
	uint64_t ends[2];
	enum log_got got = ends_of(l, file, ends);
	bool begun = got == LOG_OK && ends[0] <= ends[1];

	if (got != LOG_OK || (got = log_tie(l, id - 1, tie)) != LOG_OK)
		return got;
	if (!begun)
		ends[0] = l->first;
	ends[1] = id - 1;
	got = copy(l, file, l->first, id - 1, ends);
	if (got != LOG_OK && !begun)
		unlink(file);
	if (got == LOG_OK)
		got = drop(l, l->first, id - 1, id, l->last, tie);
	if (got == LOG_OK)
		shrink(&l->own->w);
	return got;
}

enum log_got
log_with_chopped(
    struct log *l, enum log_got (*f)(struct log *l, const char *file))
{
	enum log_got got = log_alone(l);
	char *file;

	if (got != LOG_OK)
		return got;
	if ((file = log_chopped_name(l->own->file)) == NULL)
		return log_sys_failed(l->why, "chopping");
	got = f(l, file);
	free(file);
	return got;
}

enum log_got
log_chop(struct log *l, uint64_t id)
{
	enum log_got got = log_alone(l);
	char *file;

	if (got != LOG_OK || id <= l->first)
		return got;
	if (id > l->last)
		return log_say(l->why, LOG_NONE, "there is no event %llu",
		    (unsigned long long)id);
	if ((got = check(l, id)) != LOG_OK)
		return got;
	if ((file = log_chopped_name(l->own->file)) == NULL)
		return log_sys_failed(l->why, "chopping");
	got = chop(l, file, id);
	free(file);
	return got;
}

enum log_got
log_copy_in(struct log *l, const char *file, uint64_t from, uint64_t to)
{
	enum log_got got = copy(l, file, from, to, NULL);

	return got == LOG_OK ? ends_are(l, from, l->last) : got;
}

enum log_got
log_erase(struct log *l, const char *file)
{
	static const char *const tails[] = {"-wal", "-shm"};
	char *path;

	if (unlink(file) < 0)
		return log_sys_failed(
		    l->why, "removing the log of chopped events");
	for (int i = 0; i < 2; i++)
		if (asprintf(&path, "%s%s", file, tails[i]) >= 0) {
			unlink(path);
			free(path);
		}
	return LOG_OK;
}

enum log_got
log_chop_forget(struct log *l)
{
	return log_with_chopped(l, log_erase);
}
