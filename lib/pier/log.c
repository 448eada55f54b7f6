#define _GNU_SOURCE
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log_parts.h"

/*
 * The page.  Measured with commits of 1, 100 and 1,000 events of 2 KiB, on a
 * disk that takes 4 ms for an fsync: 4 KiB hold one such event, so the file
 * is twice what it should be and 1,000 take 40 ms; 16 KiB hold seven and they
 * take 13 ms; 64 KiB gain nothing more.  A commit of one small event writes
 * two pages, which at 16 KiB is still nothing beside its fsync.
 *
 * A checkpoint, from the -wal into the file, takes two more fsyncs; at 512
 * pages (8 MiB) it comes once in 250 commits of one event.
 */
#define SETTINGS                                \
	"PRAGMA journal_mode = WAL;"            \
	"PRAGMA synchronous = FULL;"            \
	"PRAGMA wal_autocheckpoint = 512;"      \
	"PRAGMA journal_size_limit = 16777216;" \
	"PRAGMA secure_delete = OFF;"           \
	"PRAGMA cache_size = -16384;"

#define CAUTION                        \
	"PRAGMA trusted_schema = OFF;" \
	"PRAGMA cell_size_check = ON;"

/* 0x6e6c6f67 is "nlog". */
enum { APPLICATION = 0x6e6c6f67, WAIT_MS = 2000 };

/* Here and in eventlog(5). */
#define SCHEMA                                                               \
	"CREATE TABLE event ("                                               \
	"id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"                       \
	" mug INTEGER NOT NULL, wire TEXT NOT NULL, tag TEXT NOT NULL,"      \
	" size INTEGER NOT NULL, sum INTEGER NOT NULL,"                      \
	" jam BLOB NOT NULL) STRICT;"                                        \
	"CREATE TABLE piece ("                                               \
	"id INTEGER NOT NULL, at INTEGER NOT NULL,"                          \
	" size INTEGER NOT NULL, sum INTEGER NOT NULL,"                      \
	" jam BLOB NOT NULL, PRIMARY KEY (id, at)) STRICT;"                  \
	"CREATE TABLE meta ("                                                \
	"key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL,"                \
	" sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;"                      \
	"CREATE VIEW listing AS SELECT id,"                                  \
	" iif(at = 0, '-',"                                                  \
	" strftime('%Y-%m-%d %H:%M:%f', at / 1e9, 'unixepoch')) AS time,"    \
	" iif(mug = 0, '-', printf('0x%08x', mug)) AS mug, wire, tag, size," \
	" length(jam) + ifnull((SELECT sum(length(piece.jam)) FROM piece"    \
	" WHERE piece.id = event.id), 0) AS stored FROM event;"

/* -------- a connection -------- */

static enum log_got
run(struct log *l, sqlite3 *sql, const char *text, const char *doing)
{
	int rc = sqlite3_exec(sql, text, NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		return LOG_OK;
	rc = sqlite3_extended_errcode(sql);
	return log_sql_failed(l->why, sql, rc, doing);
}

static enum log_got
number(struct log *l, sqlite3 *sql, const char *query, int64_t *v)
{
	sqlite3_stmt *q = NULL;
	enum log_got got = LOG_OK;
	int rc = sqlite3_prepare_v2(sql, query, -1, &q, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		*v = sqlite3_column_int64(q, 0);
	else
		got = log_sql_failed(l->why, sql, rc, "opening");
	sqlite3_finalize(q);
	return got;
}

static enum log_got
connect_as(struct log *l, sqlite3 **sql, const char *name, int flags)
{
	int rc = sqlite3_open_v2(name, sql,
	    flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);

	if (rc != SQLITE_OK)
		return log_sql_failed(l->why, *sql, rc, "opening");
	sqlite3_busy_timeout(*sql, WAIT_MS);
	return run(l, *sql, CAUTION, "opening");
}

/* "file:NAME?immutable=1"; NULL if there is no memory. */
static char *
immutable_name(const char *file)
{
	char *name = malloc(3 * strlen(file) + 32), *to;

	if (name == NULL)
		return NULL;
	to = stpcpy(name, "file:");
	for (const char *p = file; *p; p++)
		if (strchr("?#%", *p))
			to += sprintf(to, "%%%02x", *p);
		else
			*to++ = *p;
	strcpy(to, "?immutable=1");
	return name;
}

/*
 * To read a file in WAL mode SQLite makes files beside it.  Where it may not,
 * and there is no -wal, nobody writes to it, and it is read by itself.
 */
static enum log_got
connect_alone(struct log *l, sqlite3 **sql, const char *file)
{
	char *name = immutable_name(file);
	enum log_got got;

	if (name == NULL)
		return log_sys_failed(l->why, "opening");
	sqlite3_close(*sql);
	*sql = NULL;
	got = connect_as(l, sql, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	free(name);
	return got;
}

static bool
has_wal(const char *file)
{
	char *path;
	bool has = true;

	if (asprintf(&path, "%s-wal", file) < 0)
		return has;
	has = access(path, F_OK) == 0;
	free(path);
	return has;
}

static enum log_got
connect_read(struct log *l, sqlite3 **sql, const char *file)
{
	enum log_got got = connect_as(l, sql, file, SQLITE_OPEN_READONLY);
	int64_t v;

	if (got == LOG_OK)
		got = number(l, *sql, "PRAGMA schema_version", &v);
	if (got == LOG_SYS && access(file, R_OK) == 0 && !has_wal(file))
		got = connect_alone(l, sql, file);
	return got;
}

/* -------- is it a log? -------- */

/* LOG_NONE: it has nothing in it. */
static enum log_got
look_at_schema(struct log *l, sqlite3 *sql)
{
	int64_t application = 0, version = 0, things = 0;
	enum log_got got =
	    number(l, sql, "SELECT count(*) FROM sqlite_schema", &things);

	if (got == LOG_OK)
		got = number(l, sql, "PRAGMA application_id", &application);
	if (got == LOG_OK)
		got = number(l, sql, "PRAGMA user_version", &version);
	if (got != LOG_OK)
		return got;
	if (things == 0 && application == 0)
		return log_say(l->why, LOG_NONE, "it is empty");
	if (application != APPLICATION)
		return log_say(l->why, LOG_BAD, "it is no event log");
	if (version != LOG_VERSION)
		return log_say(l->why, LOG_BAD,
		    "it is an event log of version %lld; this program knows %d",
		    (long long)version, LOG_VERSION);
	return LOG_OK;
}

/* The names in a directory are durable when it was synced. */
static enum log_got
sync_directory(struct log *l, const char *file)
{
	char *dir = strdup(file), *slash = dir ? strrchr(dir, '/') : NULL;
	enum log_got got = LOG_OK;
	int fd = -1;

	if (slash)
		slash[slash == dir] = '\0';
	if (dir)
		fd =
		    open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		got = log_sys_failed(l->why, "syncing its directory");
	if (fd >= 0)
		close(fd);
	free(dir);
	return got;
}

static enum log_got
fill(struct log *l, sqlite3 *sql)
{
	char text[300];
	enum log_got got =
	    run(l, sql, "BEGIN IMMEDIATE; " SCHEMA, "creating it");

	if (got != LOG_OK)
		return got;
	snprintf(text, sizeof text,
	    "INSERT INTO meta VALUES ('first', '1', %lld), ('last', '0', %lld);"
	    "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;",
	    (long long)log_sum_fact("first", "1"),
	    (long long)log_sum_fact("last", "0"), APPLICATION, LOG_VERSION);
	return run(l, sql, text, "creating it");
}

/* Make what may be half there whole; before the journal is a -wal. */
static enum log_got
create(struct log *l, sqlite3 *sql, const char *file)
{
	enum log_got got =
	    run(l, sql, "PRAGMA page_size = 16384; PRAGMA synchronous = FULL;",
	        "creating it");

	if (got == LOG_OK)
		got = fill(l, sql);
	if (got == LOG_OK)
		got = sync_directory(l, file);
	return got;
}

/*
 * SQLite would make it for all to read; what it makes beside it is as the
 * file is.  One that was there stays untouched, for it may be open here.
 */
static void
create_private(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

static enum log_got
open_write(struct log *l, const char *file)
{
	struct writer *w = &l->own->w;
	bool may = l->own->mode == LOG_CREATE;
	enum log_got got;
	int rc;

	if (may)
		create_private(file);
	got = connect_as(l, &w->sql, file, SQLITE_OPEN_READWRITE);
	if (got != LOG_OK)
		return got;
	got = look_at_schema(l, w->sql);
	if (got == LOG_NONE && may)
		got = create(l, w->sql, file);
	else if (got == LOG_NONE)
		got = LOG_BAD;
	if (got == LOG_OK)
		got = run(l, w->sql, SETTINGS, "opening");
	if (got != LOG_OK)
		return got;
	if (sqlite3_db_readonly(w->sql, NULL))
		return log_say(l->why, LOG_SYS, "it may only be read here");
	if ((rc = log_writer_prepare(w)) != SQLITE_OK)
		return log_sql_failed(l->why, w->sql, rc, "opening");
	return log_ends_read(w->sql, &w->first, &w->last, l->why);
}

static enum log_got
open_read(struct log *l, const char *file)
{
	enum log_got got = connect_read(l, &l->own->r, file);

	if (got == LOG_OK)
		got = look_at_schema(l, l->own->r);
	if (got == LOG_NONE && l->own->mode == LOG_READ &&
	    access(file, F_OK) == 0)
		got = LOG_BAD;
	if (got == LOG_OK)
		got = log_ends_read(l->own->r, &l->first, &l->last, l->why);
	l->durable = l->last;
	return got;
}

/* -------- the log -------- */

static struct log_own *
own_new(const char *file, enum log_mode mode)
{
	struct log_own *o = calloc(1, sizeof *o);

	if (o == NULL)
		return NULL;
	o->file = strdup(file);
	o->mode = mode;
	o->fd = -1;
	o->zstd = ZSTD_createCCtx();
	o->unzstd = ZSTD_createDCtx();
	log_batch_init(&o->put);
	log_batch_init(&o->batch);
	pthread_mutex_init(&o->mutex, NULL);
	pthread_cond_init(&o->moved, NULL);
	return o;
}

enum log_got
log_open(struct log *l, const char *file, enum log_mode mode)
{
	enum log_got got;

	*l = (struct log){.first = 1};
	l->own = own_new(file, mode);
	if (!l->own || !l->own->file || !l->own->zstd || !l->own->unzstd)
		return log_say(l->why, LOG_SYS, "opening: no memory");
	got = log_wal_look(file, mode != LOG_READ, l->why);
	if (got == LOG_END && mode != LOG_READ)
		strcpy(l->note, l->why);
	if (got != LOG_OK && got != LOG_END)
		return got;
	if (mode != LOG_READ && (got = open_write(l, file)) != LOG_OK)
		return got;
	if ((got = open_read(l, file)) == LOG_OK)
		l->why[0] = '\0';
	return got;
}

void
log_close(struct log *l)
{
	struct log_own *o = l->own;

	if (o) {
		log_thread_end(o);
		log_leave(&o->got);
		sqlite3_close(o->r);
		log_writer_free(&o->w);
		log_batch_free(&o->put);
		log_batch_free(&o->batch);
		ZSTD_freeCCtx(o->zstd);
		ZSTD_freeDCtx(o->unzstd);
		if (o->fd >= 0)
			close(o->fd);
		pthread_mutex_destroy(&o->mutex);
		pthread_cond_destroy(&o->moved);
		free(o->file);
		free(o);
	}
	*l = (struct log){0};
}

const char *
log_why(const struct log *l)
{
	return l->why;
}

/* -------- time -------- */

/* 1970-01-01 as seconds of a @da. */
#define DA_1970 UINT64_C(0x8000000cce9e0d80)

static const int64_t second = 1000000000;

int64_t
log_at(const uint64_t da[2])
{
	int64_t s = (int64_t)(da[1] - DA_1970), at;
	int64_t ns = (int64_t)(((unsigned __int128)da[0] * 1000000000) >> 64);

	if (da[1] < DA_1970 && s >= 0)
		return INT64_MIN;
	if (__builtin_mul_overflow(s, second, &at) ||
	    __builtin_add_overflow(at, ns, &at))
		return s < 0 ? INT64_MIN : INT64_MAX;
	return at;
}

/* The least fraction that log_at() makes the same of. */
void
log_da(int64_t at, uint64_t da[2])
{
	int64_t s = at / second, ns = at % second;

	if (ns < 0) {
		ns += second;
		s--;
	}
	da[1] = DA_1970 + (uint64_t)s;
	da[0] = (uint64_t)((((unsigned __int128)ns << 64) + 999999999) /
	    1000000000);
}
