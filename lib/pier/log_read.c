#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "log_parts.h"

/* The columns of a cursor's query. */
enum { ID, AT, MUG, WIRE, TAG, SIZE, STORED, SUM, JAM };

/* -------- facts -------- */

/* Does what q stands on have this key, and a right sum?  Copy it then. */
static enum log_got
fact_take(sqlite3_stmt *q, const char *key, char *to, size_t n, char *why)
{
	const char *value = (const char *)sqlite3_column_text(q, 0);

	if (value == NULL ||
	    sqlite3_column_int64(q, 1) != log_sum_fact(key, value))
		return log_say(
		    why, LOG_BAD, "the fact %s is damaged: its checksum", key);
	if (strlen(value) >= n)
		return log_say(why, LOG_BAD,
		    "the fact %s is longer than %zu bytes", key, n - 1);
	strcpy(to, value);
	return LOG_OK;
}

enum log_got
log_fact_read(sqlite3 *sql, const char *key, char *to, size_t n, char *why)
{
	sqlite3_stmt *q = NULL;
	enum log_got got;
	int rc;

	rc = sqlite3_prepare_v2(
	    sql, "SELECT value, sum FROM meta WHERE key = ?", -1, &q, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_text(q, 1, key, -1, SQLITE_STATIC);
		rc = sqlite3_step(q);
	}
	if (rc == SQLITE_ROW)
		got = fact_take(q, key, to, n, why);
	else if (rc == SQLITE_DONE)
		got = log_say(why, LOG_NONE, "it has no fact %s", key);
	else
		got = log_sql_failed(why, sql, rc, "reading a fact");
	sqlite3_finalize(q);
	return got;
}

enum log_got
log_fact(struct log *l, const char *key, char *to, size_t n)
{
	return log_fact_read(l->own->r, key, to, n, l->why);
}

static enum log_got
number_read(sqlite3 *sql, const char *key, uint64_t *v, char *why)
{
	char text[24], *end;
	enum log_got got = log_fact_read(sql, key, text, sizeof text, why);

	if (got == LOG_NONE)
		return log_say(why, LOG_BAD, "it has no fact %s", key);
	if (got != LOG_OK)
		return got;
	errno = 0;
	*v = strtoull(text, &end, 10);
	if (errno || *end || end == text || *v > INT64_MAX)
		return log_say(why, LOG_BAD, "the fact %s is no number", key);
	return LOG_OK;
}

/* Is that the row at this end?  `query` gives its number. */
static enum log_got
end_read(sqlite3 *sql, const char *query, uint64_t want, bool empty, char *why)
{
	sqlite3_stmt *q = NULL;
	enum log_got got = LOG_OK;
	int rc = sqlite3_prepare_v2(sql, query, -1, &q, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	if (rc == SQLITE_ROW && empty)
		got = log_say(why, LOG_BAD,
		    "it has event %lld, and should have none",
		    (long long)sqlite3_column_int64(q, 0));
	else if (rc == SQLITE_ROW &&
	    (uint64_t)sqlite3_column_int64(q, 0) != want)
		got = log_say(why, LOG_BAD,
		    "it ends at event %lld, and should at %llu",
		    (long long)sqlite3_column_int64(q, 0),
		    (unsigned long long)want);
	else if (rc == SQLITE_DONE && !empty)
		got = log_say(why, LOG_BAD,
		    "it is empty, and should have event %llu",
		    (unsigned long long)want);
	else if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		got = log_sql_failed(why, sql, rc, "reading its ends");
	sqlite3_finalize(q);
	return got;
}

enum log_got
log_ends_read(sqlite3 *sql, uint64_t *first, uint64_t *last, char *why)
{
	enum log_got got = number_read(sql, "first", first, why);

	if (got == LOG_OK)
		got = number_read(sql, "last", last, why);
	if (got == LOG_OK && (*first == 0 || *first > *last + 1))
		got = log_say(why, LOG_BAD, "it begins behind its end");
	if (got == LOG_OK)
		got = end_read(sql, "SELECT id FROM event ORDER BY id LIMIT 1",
		    *first, *first > *last, why);
	if (got == LOG_OK)
		got = end_read(sql,
		    "SELECT id FROM event ORDER BY id DESC LIMIT 1", *last,
		    *first > *last, why);
	return got;
}

/* -------- what is wrong -------- */

static enum log_got
damaged(struct log_cursor *c, const struct log_event *e, const char *how)
{
	return log_say(c->log->why, LOG_BAD, "event %llu is damaged: %s",
	    (unsigned long long)e->id, how);
}

/* Up to `before` there is none. */
static enum log_got
gap(struct log_cursor *c, uint64_t before, struct log_event *e)
{
	unsigned long long from = c->next, to = before - 1;

	e->id = c->next;
	c->next = before;
	if (from == to)
		return log_say(
		    c->log->why, LOG_BAD, "event %llu is missing", from);
	return log_say(
	    c->log->why, LOG_BAD, "events %llu to %llu are missing", from, to);
}

/* There are no more rows: should there be? */
static enum log_got
end(struct log_cursor *c, struct log_event *e)
{
	c->over = true;
	if (c->all && c->next <= c->to)
		return gap(c, c->to + 1, e);
	return LOG_END;
}

/* What could not be read is missing, if it was the file's fault. */
static enum log_got
broken(struct log_cursor *c, struct log_event *e, int rc)
{
	enum log_got got =
	    log_sql_failed(c->log->why, c->log->own->r, rc, "reading an event");

	c->over = true;
	e->id = c->next;
	if (got != LOG_BAD)
		c->to = 0;
	return got;
}

/* -------- a jam -------- */

/* Room for n bytes in c->buf. */
static bool
make_room(struct log_cursor *c, uint64_t n)
{
	uint8_t *b;

	if (n <= c->cap)
		return true;
	if (n > SIZE_MAX / 2 || (b = realloc(c->buf, n)) == NULL)
		return false;
	c->buf = b;
	c->cap = n;
	return true;
}

/* What was stored as n bytes at p is size bytes at `to`. */
static bool
unsqueeze(
    struct log_cursor *c, uint8_t *to, uint64_t size, const void *p, size_t n)
{
	if (n == size)
		memcpy(to, p, n);
	return n == size ||
	    ZSTD_decompressDCtx(c->log->own->unzstd, to, size, p, n) == size;
}

/* Copy what q stands on, a piece, behind the bytes that are there. */
static enum log_got
piece_take(struct log_cursor *c, struct log_event *e, sqlite3_stmt *q,
    uint64_t at, uint64_t *have)
{
	uint64_t size = (uint64_t)sqlite3_column_int64(q, 1);
	const void *p = sqlite3_column_blob(q, 3);
	size_t n = (size_t)sqlite3_column_bytes(q, 3);

	if (p == NULL && n)
		return broken(c, e, SQLITE_NOMEM);
	if ((uint64_t)sqlite3_column_int64(q, 0) != at)
		return damaged(c, e, "a piece is missing");
	if (log_sum_piece(e->id, at, size, p, n) != sqlite3_column_int64(q, 2))
		return damaged(c, e, "the checksum of a piece");
	if (size > e->n - *have ||
	    (!c->brief && !unsqueeze(c, c->buf + *have, size, p, n)))
		return damaged(c, e, "a piece is not of its length");
	*have += size;
	return LOG_OK;
}

static enum log_got
pieces_take_all(struct log_cursor *c, struct log_event *e, sqlite3_stmt *q)
{
	enum log_got got = LOG_OK;
	uint64_t at = 0, have = 0;
	int rc = SQLITE_ROW;

	while (got == LOG_OK && (rc = sqlite3_step(q)) == SQLITE_ROW)
		got = piece_take(c, e, q, at++, &have);
	if (got != LOG_OK)
		return got;
	if (rc != SQLITE_DONE)
		return log_sql_failed(
		    c->log->why, c->log->own->r, rc, "reading a piece");
	e->jam = c->buf;
	return have == e->n ? LOG_OK : damaged(c, e, "a piece is missing");
}

static enum log_got
pieces_read(struct log_cursor *c, struct log_event *e)
{
	sqlite3_stmt *q = NULL;
	enum log_got got;
	int rc = sqlite3_prepare_v2(c->log->own->r,
	    "SELECT at, size, sum, jam FROM piece WHERE id = ? ORDER BY at", -1,
	    &q, NULL);

	if (rc != SQLITE_OK)
		return log_sql_failed(
		    c->log->why, c->log->own->r, rc, "reading a piece");
	sqlite3_bind_int64(q, 1, (int64_t)e->id);
	got = pieces_take_all(c, e, q);
	sqlite3_finalize(q);
	return got;
}

/*
 * The n bytes at p are the jam of e as its row has it.  In brief it is not
 * made, but no piece may be missing or damaged.
 */
static enum log_got
jam_take(struct log_cursor *c, struct log_event *e, const void *p, size_t n)
{
	if (c->brief)
		return n == 0 ? pieces_read(c, e) : LOG_OK;
	if (n == e->n) {
		e->jam = p;
		return LOG_OK;
	}
	if (!make_room(c, e->n))
		return log_say(c->log->why, LOG_SYS, "event %llu: no memory",
		    (unsigned long long)e->id);
	if (n == 0)
		return pieces_read(c, e);
	e->jam = c->buf;
	return unsqueeze(c, c->buf, e->n, p, n)
	    ? LOG_OK
	    : damaged(c, e, "it is not of its length");
}

/* -------- cursors -------- */

#define STORED_BYTES                                     \
	"CASE length(jam) WHEN 0 THEN"                   \
	" (SELECT sum(length(p.jam)) FROM piece p WHERE" \
	" p.id = event.id) ELSE length(jam) END"
#define SELECT                                                       \
	"SELECT id, at, mug, wire, tag, size, " STORED_BYTES ", sum" \
	", jam FROM event WHERE id BETWEEN ?1 AND ?2"
#define FILTERS                             \
	" AND (?3 IS NULL OR wire GLOB ?3)" \
	" AND (?4 IS NULL OR tag GLOB ?4)"  \
	" AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)"
#define ORDER " ORDER BY id"

static const char filtered[] = SELECT FILTERS ORDER;
static const char whole[] = SELECT ORDER;

static void
bind_range(struct log_cursor *c, const struct log_range *r)
{
	sqlite3_stmt *q = c->query;

	sqlite3_bind_int64(q, 1, (int64_t)c->next);
	sqlite3_bind_int64(q, 2, (int64_t)c->to);
	if (c->all)
		return;
	if (r->wire)
		sqlite3_bind_text(q, 3, r->wire, -1, SQLITE_TRANSIENT);
	if (r->tag)
		sqlite3_bind_text(q, 4, r->tag, -1, SQLITE_TRANSIENT);
	if (r->since)
		sqlite3_bind_int64(q, 5, r->since);
	if (r->until)
		sqlite3_bind_int64(q, 6, r->until);
}

enum log_got
log_seek(struct log *l, struct log_cursor *c, const struct log_range *range)
{
	static const struct log_range everything;
	const struct log_range *r = range ? range : &everything;
	uint64_t first, last;
	enum log_got got;
	int rc;

	*c = (struct log_cursor){.log = l, .brief = r->brief};
	got = log_ends_read(l->own->r, &first, &last, l->why);
	if (got != LOG_OK)
		return got;
	c->next = r->from > first ? r->from : first;
	c->to = r->to && r->to < last ? r->to : last;
	c->all = !r->wire && !r->tag && !r->since && !r->until;
	rc = sqlite3_prepare_v2(l->own->r, c->all ? whole : filtered, -1,
	    (sqlite3_stmt **)&c->query, NULL);
	if (rc != SQLITE_OK)
		return log_sql_failed(
		    l->why, l->own->r, rc, "reading its schema");
	bind_range(c, r);
	return LOG_OK;
}

void
log_leave(struct log_cursor *c)
{
	sqlite3_finalize(c->query);
	free(c->buf);
	*c = (struct log_cursor){0};
}

/* What the row says of e. */
static void
head_take(sqlite3_stmt *q, struct log_event *e)
{
	const char *wire = (const char *)sqlite3_column_text(q, WIRE);
	const char *tag = (const char *)sqlite3_column_text(q, TAG);

	*e = (struct log_event){.id = (uint64_t)sqlite3_column_int64(q, ID),
	    .at = sqlite3_column_int64(q, AT),
	    .mug = (uint32_t)sqlite3_column_int64(q, MUG),
	    .wire = wire ? wire : "",
	    .tag = tag ? tag : "",
	    .n = (size_t)sqlite3_column_int64(q, SIZE),
	    .stored = (uint64_t)sqlite3_column_int64(q, STORED)};
}

static enum log_got
row_take(struct log_cursor *c, sqlite3_stmt *q, struct log_event *e)
{
	const void *p;
	size_t n;

	head_take(q, e);
	c->next = e->id + 1;
	p = sqlite3_column_blob(q, JAM);
	n = (size_t)sqlite3_column_bytes(q, JAM);
	if (p == NULL && n)
		return broken(c, e, SQLITE_NOMEM);
	if (sqlite3_column_int64(q, MUG) != e->mug ||
	    log_sum_event(e, e->n, p, n) != sqlite3_column_int64(q, SUM))
		return damaged(c, e, "its checksum");
	return jam_take(c, e, p, n);
}

enum log_got
log_next(struct log_cursor *c, struct log_event *e)
{
	sqlite3_stmt *q = c->query;
	uint64_t id;
	int rc;

	*e = (struct log_event){0};
	if (c->over)
		return end(c, e);
	if (!c->held && (rc = sqlite3_step(q)) != SQLITE_ROW)
		return rc == SQLITE_DONE ? end(c, e) : broken(c, e, rc);
	id = (uint64_t)sqlite3_column_int64(q, ID);
	if (id < c->next)
		return broken(c, e, SQLITE_CORRUPT);
	c->held = c->all && id > c->next;
	return c->held ? gap(c, id, e) : row_take(c, q, e);
}

enum log_got
log_get(struct log *l, uint64_t id, struct log_event *e)
{
	struct log_cursor *c = &l->own->got;
	enum log_got got;

	log_leave(c);
	if (id == 0)
		return log_say(l->why, LOG_NONE, "there is no event 0");
	got = log_seek(l, c, &(struct log_range){.from = id, .to = id});
	if (got == LOG_OK)
		got = log_next(c, e);
	if (got == LOG_END)
		return log_say(l->why, LOG_NONE, "there is no event %llu",
		    (unsigned long long)id);
	return got;
}

enum log_got
log_mug(struct log *l, uint64_t id, uint32_t *mug)
{
	struct log_event e = {0};
	enum log_got got = log_get(l, id, &e);

	*mug = e.mug;
	log_leave(&l->own->got);
	return got;
}

enum log_got
log_check(struct log *l)
{
	sqlite3_stmt *q = NULL;
	enum log_got got = LOG_OK;
	int rc = sqlite3_prepare_v2(
	    l->own->r, "PRAGMA integrity_check(1)", -1, &q, NULL);
	const char *said;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	said = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(q, 0) : "";
	if (rc != SQLITE_ROW)
		got = log_sql_failed(
		    l->why, l->own->r, rc, "looking at its pages");
	else if (said == NULL || strcmp(said, "ok") != 0)
		got = log_say(l->why, LOG_BAD, "the file is damaged: %s",
		    said ? said : "no memory");
	sqlite3_finalize(q);
	return got;
}
