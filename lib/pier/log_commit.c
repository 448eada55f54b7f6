/*
 * A batch has three places, and moves all at once:
 *
 *     own.put --log_commit_start--> own.batch --the thread--> rows
 *        ^                              |
 *        +------- when it failed -------+
 *
 * The state says whose own.batch and own.w are:
 *
 *     NONE --log_commit_start--> UP --the thread--> DOWN --reap--> NONE
 *
 * the thread's while it is UP, else the caller's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "log_parts.h"

/* -------- a batch becomes rows -------- */

int
log_step(sqlite3_stmt *q)
{
	int rc = sqlite3_step(q);

	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

int
log_writer_prepare(struct writer *w)
{
	static const char *const text[] = {
#define X(name, text) text,
	    LOG_STATEMENTS(X)
#undef X
	};
	int rc = SQLITE_OK;

	for (int i = 0; i < LOG_Q_N && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v3(w->sql, text[i], -1,
		    SQLITE_PREPARE_PERSISTENT, w->q + i, NULL);
	return rc;
}

void
log_writer_free(struct writer *w)
{
	for (int i = 0; i < LOG_Q_N; i++)
		sqlite3_finalize(w->q[i]);
	sqlite3_close(w->sql);
	*w = (struct writer){0};
}

/* Bind bytes of any number; they hold until the statement is stepped. */
static void
bind_bytes(sqlite3_stmt *q, int at, const void *p, size_t n)
{
	sqlite3_bind_blob64(q, at, n ? p : "", n, SQLITE_STATIC);
}

static int
put_piece(struct writer *w, const struct row *r, uint32_t i)
{
	sqlite3_stmt *q = w->q[LOG_Q_PIECE];
	const struct piece *p = r->piece + i;

	sqlite3_bind_int64(q, 1, (int64_t)r->id);
	sqlite3_bind_int64(q, 2, i);
	sqlite3_bind_int64(q, 3, (int64_t)p->size);
	sqlite3_bind_int64(q, 4, log_sum_piece(r->id, i, p->size, p->p, p->n));
	bind_bytes(q, 5, p->p, p->n);
	return log_step(q);
}

/* An event in pieces has no bytes in its own row. */
static int
put_row(struct writer *w, const struct row *r)
{
	static const struct piece none;
	const struct piece *p = r->pieces == 1 ? r->piece : &none;
	struct log_event e = {.id = r->id,
	    .at = r->at,
	    .mug = r->mug,
	    .wire = r->wire,
	    .tag = r->tag};
	sqlite3_stmt *q = w->q[LOG_Q_EVENT];
	int rc;

	sqlite3_bind_int64(q, 1, (int64_t)r->id);
	sqlite3_bind_int64(q, 2, r->at);
	sqlite3_bind_int64(q, 3, r->mug);
	sqlite3_bind_text(q, 4, r->wire, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 5, r->tag, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 6, (int64_t)r->size);
	sqlite3_bind_int64(q, 7, log_sum_event(&e, r->size, p->p, p->n));
	bind_bytes(q, 8, p->p, p->n);
	rc = log_step(q);
	for (uint32_t i = 0; r->pieces > 1 && i < r->pieces && !rc; i++)
		rc = put_piece(w, r, i);
	return rc;
}

int
log_put_fact(struct writer *w, const char *key, const char *value)
{
	sqlite3_stmt *q = w->q[LOG_Q_FACT];

	sqlite3_bind_text(q, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, value, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 3, log_sum_fact(key, value));
	return log_step(q);
}

static int
put_number(struct writer *w, const char *key, uint64_t v)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)v);
	return log_put_fact(w, key, text);
}

int
log_put_ends(struct writer *w, uint64_t first, uint64_t last)
{
	int rc = SQLITE_OK;

	if (first != w->first)
		rc = put_number(w, "first", first);
	if (rc == SQLITE_OK && last != w->last)
		rc = put_number(w, "last", last);
	return rc;
}

/* Is the last event still the one we know?  SQLITE_PROTOCOL if not. */
static int
look_at_last(struct writer *w)
{
	sqlite3_stmt *q = w->q[LOG_Q_LAST];
	int rc = sqlite3_step(q);

	if (rc == SQLITE_ROW)
		rc = (uint64_t)sqlite3_column_int64(q, 0) == w->last
		    ? SQLITE_OK
		    : SQLITE_PROTOCOL;
	else if (rc == SQLITE_DONE)
		rc = SQLITE_PROTOCOL;
	sqlite3_reset(q);
	return rc;
}

static int
put_all(struct writer *w, const struct batch *b)
{
	uint64_t first = w->first;
	int rc = look_at_last(w);

	for (const struct row *r = b->first; r && rc == SQLITE_OK; r = r->next)
		rc = put_row(w, r);
	for (const struct fact *f = b->facts; f && rc == SQLITE_OK; f = f->next)
		rc = log_put_fact(w, f->key, f->value);
	if (rc != SQLITE_OK || b->first == NULL)
		return rc;
	if (w->first > w->last)
		first = b->first->id;
	return log_put_ends(w, first, b->last);
}

enum log_got
log_undo(struct writer *w, int rc, const char *doing, char *why)
{
	enum log_got got = log_sql_failed(why, w->sql, rc, doing);

	if (!sqlite3_get_autocommit(w->sql))
		log_step(w->q[LOG_Q_ROLLBACK]);
	return got;
}

/* Make all of b durable. */
static enum log_got
commit(struct writer *w, const struct batch *b, char *why)
{
	char doing[80] = "writing a fact";
	int rc;

	if (b->first)
		snprintf(doing, sizeof doing, "writing event%s %llu to %llu",
		    b->first->next ? "s" : "", (unsigned long long)b->first->id,
		    (unsigned long long)b->last);
	if (b->first && b->first->next == NULL)
		*strstr(doing, " to ") = '\0';
	errno = 0;
	rc = log_step(w->q[LOG_Q_BEGIN]);
	if (rc == SQLITE_OK)
		rc = put_all(w, b);
	if (rc == SQLITE_OK)
		rc = log_step(w->q[LOG_Q_COMMIT]);
	if (rc == SQLITE_PROTOCOL) {
		log_undo(w, rc, doing, why);
		return log_say(why, LOG_BAD,
		    "%s: another program wrote to it meanwhile", doing);
	}
	if (rc != SQLITE_OK)
		return log_undo(w, rc, doing, why);
	if (b->first && w->first > w->last)
		w->first = b->first->id;
	if (b->first)
		w->last = b->last;
	return LOG_OK;
}

/* -------- the thread -------- */

/* Ring, so that a poll returns. */
static void
ring(int fd)
{
	static const uint64_t one = 1;

	while (fd >= 0 && write(fd, &one, sizeof one) < 0 && errno == EINTR)
		;
}

static void *
committer(void *arg)
{
	struct log_own *o = arg;
	enum log_got got;

	pthread_mutex_lock(&o->mutex);
	for (;;) {
		while (o->state != FLIGHT_UP && !o->stop)
			pthread_cond_wait(&o->moved, &o->mutex);
		if (o->state != FLIGHT_UP)
			break;
		pthread_mutex_unlock(&o->mutex);
		got = commit(&o->w, &o->batch, o->why);
		pthread_mutex_lock(&o->mutex);
		o->result = got;
		o->state = FLIGHT_DOWN;
		pthread_cond_broadcast(&o->moved);
		ring(o->fd);
	}
	pthread_mutex_unlock(&o->mutex);
	return NULL;
}

/* The signals are for the caller's threads. */
static int
thread_begin(struct log_own *o)
{
	sigset_t all, was;
	int e;

	if (o->threaded)
		return 0;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	e = pthread_create(&o->thread, NULL, committer, o);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	o->threaded = e == 0;
	errno = e;
	return e ? -1 : 0;
}

void
log_thread_end(struct log_own *o)
{
	if (!o->threaded)
		return;
	pthread_mutex_lock(&o->mutex);
	o->stop = true;
	pthread_cond_broadcast(&o->moved);
	pthread_mutex_unlock(&o->mutex);
	pthread_join(o->thread, NULL);
	o->threaded = o->stop = false;
}

static void
move(struct log_own *o, enum flight to)
{
	pthread_mutex_lock(&o->mutex);
	o->state = to;
	pthread_cond_broadcast(&o->moved);
	pthread_mutex_unlock(&o->mutex);
}

static enum flight
look(struct log_own *o, bool wait)
{
	enum flight state;

	pthread_mutex_lock(&o->mutex);
	while (wait && o->state == FLIGHT_UP)
		pthread_cond_wait(&o->moved, &o->mutex);
	state = o->state;
	pthread_mutex_unlock(&o->mutex);
	return state;
}

/* -------- for the caller -------- */

/* own.batch was committed, or not. */
static enum log_got
settle(struct log *l, enum log_got got)
{
	struct log_own *o = l->own;

	if (got == LOG_OK) {
		l->durable = o->w.last;
		l->waiting -= o->batch.bytes;
		log_batch_free(&o->batch);
		return got;
	}
	log_batch_append(&o->batch, &o->put);
	log_batch_append(&o->put, &o->batch);
	return log_say(l->why, got, "%s", o->why);
}

/* Take the thread's result, if there is one. */
static enum log_got
reap(struct log *l, bool wait)
{
	struct log_own *o = l->own;
	enum flight state = look(o, wait);
	uint64_t rung;

	if (state == FLIGHT_NONE)
		return LOG_OK;
	if (state == FLIGHT_UP)
		return LOG_LATER;
	while (
	    o->fd >= 0 && read(o->fd, &rung, sizeof rung) < 0 && errno == EINTR)
		;
	move(o, FLIGHT_NONE);
	return settle(l, o->result);
}

static enum log_got
may_write(struct log *l)
{
	if (l->own->mode == LOG_READ)
		return log_say(l->why, LOG_BAD, "it was opened to be read");
	return LOG_OK;
}

enum log_got
log_put(struct log *l, const struct log_event *e)
{
	enum log_got got = may_write(l);
	struct row *r;

	if (got != LOG_OK)
		return got;
	if (e->n == 0 || e->id == 0 || e->id > INT64_MAX ||
	    (l->first <= l->last && e->id != l->last + 1))
		return log_say(l->why, LOG_BAD,
		    "event %llu of %zu bytes does not follow event %llu",
		    (unsigned long long)e->id, e->n,
		    (unsigned long long)l->last);
	if ((r = log_row_new(l->own->zstd, e)) == NULL)
		return log_say(l->why, LOG_SYS, "event %llu: no memory",
		    (unsigned long long)e->id);
	if (l->first > l->last)
		l->first = e->id;
	l->last = e->id;
	l->waiting -= l->own->put.bytes;
	log_batch_row(&l->own->put, r);
	l->waiting += l->own->put.bytes;
	return LOG_OK;
}

enum log_got
log_set(struct log *l, const char *key, const char *value)
{
	enum log_got got = may_write(l);
	struct fact *f;

	if (got != LOG_OK)
		return got;
	if (strcmp(key, "first") == 0 || strcmp(key, "last") == 0 ||
	    strcmp(key, LOG_TIE) == 0)
		return log_say(l->why, LOG_BAD, "%s is not to be set", key);
	if ((f = log_fact_new(key, value)) == NULL)
		return log_say(l->why, LOG_SYS, "%s: no memory", key);
	log_batch_fact(&l->own->put, f);
	return LOG_OK;
}

enum log_got
log_commit_done(struct log *l)
{
	return reap(l, false);
}

enum log_got
log_commit_wait(struct log *l)
{
	return reap(l, true);
}

enum log_got
log_commit(struct log *l)
{
	struct log_own *o = l->own;
	enum log_got got = reap(l, true);

	if (got != LOG_OK || log_batch_empty(&o->put))
		return got;
	log_batch_append(&o->batch, &o->put);
	return settle(l, commit(&o->w, &o->batch, o->why));
}

enum log_got
log_commit_start(struct log *l)
{
	struct log_own *o = l->own;
	enum log_got got = reap(l, false);

	if (got != LOG_OK || log_batch_empty(&o->put))
		return got;
	if (thread_begin(o) < 0)
		return log_sys_failed(l->why, "starting a thread");
	log_batch_append(&o->batch, &o->put);
	move(o, FLIGHT_UP);
	return LOG_OK;
}

int
log_fd(struct log *l)
{
	struct log_own *o = l->own;

	pthread_mutex_lock(&o->mutex);
	if (o->fd < 0)
		o->fd = eventfd(
		    o->state == FLIGHT_DOWN, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_unlock(&o->mutex);
	return o->fd;
}

enum log_got
log_alone(struct log *l)
{
	enum log_got got = may_write(l);

	return got == LOG_OK ? log_commit(l) : got;
}
