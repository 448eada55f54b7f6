#include "pool_lane.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

/* A buffer larger than this is given back after the job. */
enum { KEEP = 1 << 20 };

struct worker {
	struct lane *lane;
	_Atomic uint32_t *bell;
	int fd;

	uint64_t got; /* jobs are read up to here */
	uint64_t put; /* answers are written up to here, not all published */
	uint8_t *job;
	size_t cap;
	struct pool_reply reply;
	uint64_t began; /* when the time of this job began */
};

/*
 * The end.  Nothing of the parent's may run in here, neither atexit() nor
 * stdio, and SIGKILL is sure of that.
 */
static _Noreturn void
end(void)
{
	for (;;)
		kill(getpid(), SIGKILL);
}

/* -------- sleeping and waking -------- */

/*
 * Sleep until *word is no longer `seen`, or for no reason.  The parent moves
 * the word first and looks at wants second, we the other way round, so one
 * of us sees the other.
 */
static void
doze(struct worker *w, uint32_t want, _Atomic uint64_t *word, uint64_t seen)
{
	char rung[64];
	ssize_t n = 1;

	for (uint64_t until = clock_ns() + LOOK_NS; clock_ns() < until;
	     sched_yield())
		if (atomic_load(word) != seen) {
			w->began = clock_ns();
			return;
		}
	atomic_store(&w->lane->wants, want);
	if (atomic_load(word) == seen)
		n = recv(w->fd, rung, sizeof rung, 0);
	atomic_store(&w->lane->wants, WANTS_NOTHING);
	if (n == 0 || (n < 0 && errno != EINTR))
		end();
	w->began = clock_ns();
}

/* Something that the parent may wait for was published. */
static void
ring_bell(struct worker *w)
{
	if (atomic_load(w->bell) && atomic_exchange(w->bell, 0))
		send(w->fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* -------- reading jobs -------- */

/* Jobs are read up to `at`; the parent may wait to hear it. */
static void
free_jobs(struct worker *w, uint64_t at)
{
	w->got = at;
	atomic_store(&w->lane->jobs.got, at);
	ring_bell(w);
}

/* Wait for a job and claim it: its position. */
static uint64_t
claim(struct worker *w, uint32_t *n)
{
	struct lane *l = w->lane;
	uint64_t at, put;
	uint32_t unused;

	for (;;) {
		at = atomic_load(&l->claim);
		if (at != w->got) /* the parent took some back */
			free_jobs(w, at);
		put = atomic_load_explicit(&l->jobs.put, memory_order_acquire);
		if (put == at) {
			doze(w, WANTS_JOBS, &l->jobs.put, put);
			continue;
		}
		ring_get_head(&l->jobs, at, n, &unused);
		if (atomic_compare_exchange_strong(
		        &l->claim, &at, at + 8 + ring_body(*n)))
			break;
	}
	if (atomic_load(&l->tell) && atomic_exchange(&l->tell, 0))
		ring_bell(w);
	return at;
}

/*
 * Copy a body of n bytes from position `at`.  A large one comes in pieces:
 * they are at most half the ring, so that the parent fills the other half.
 */
static void
read_body(struct worker *w, uint64_t at, uint8_t *p, size_t n)
{
	struct ring *r = &w->lane->jobs;

	while (n) {
		uint64_t put = atomic_load(&r->put);
		size_t k = put - at < n ? (size_t)(put - at) : n;

		if (k == 0) {
			doze(w, WANTS_JOBS, &r->put, put);
			continue;
		}
		if (k > RING_ROOM / 2)
			k = RING_ROOM / 2;
		ring_read(r, at, p, k);
		at += ring_body(k);
		p += k;
		n -= k;
		if (n)
			free_jobs(w, at);
	}
}

static size_t
read_job(struct worker *w)
{
	uint32_t n;
	uint64_t at = claim(w, &n);

	if (n > w->cap || w->job == NULL) {
		free(w->job);
		w->cap = n < 4096 ? 4096 : n;
		if ((w->job = malloc(w->cap)) == NULL)
			abort();
	}
	read_body(w, at + 8, w->job, n);
	/* No bell: it would ask for work before there is an answer. */
	w->got = at + 8 + ring_body(n);
	atomic_store_explicit(&w->lane->jobs.got, w->got, memory_order_release);
	return n;
}

/* -------- writing answers -------- */

static void
publish(struct worker *w)
{
	atomic_store(&w->lane->answers.put, w->put);
	ring_bell(w);
}

/* Wait until there is room for a head at least: how much there is. */
static size_t
room(struct worker *w)
{
	struct ring *r = &w->lane->answers;
	uint64_t got;

	while (got = atomic_load(&r->got), ring_free(w->put, got) == 0) {
		publish(w);
		doze(w, WANTS_ROOM, &r->got, got);
	}
	return ring_free(w->put, got);
}

static void
write_body(struct worker *w, const uint8_t *p, size_t n)
{
	while (n) {
		size_t k = room(w);

		if (k > RING_ROOM / 2)
			k = RING_ROOM / 2;
		if (k > n)
			k = n;
		ring_write(&w->lane->answers, w->put, p, k);
		w->put += ring_body(k);
		p += k;
		n -= k;
		if (n)
			publish(w);
	}
}

static void
write_answer(struct worker *w, int code)
{
	struct pool_reply *r = &w->reply;

	if (r->n > POOL_BYTES_MAX)
		abort();
	room(w);
	ring_put_head(
	    &w->lane->answers, w->put, (uint32_t)r->n, (uint32_t)code);
	w->put += 8;
	write_body(w, r->p, r->n);
	publish(w);
}

int
pool_reply_put(struct pool_reply *r, const void *p, size_t n)
{
	size_t cap = r->cap ? r->cap : 256;
	uint8_t *bigger;

	if (n > POOL_BYTES_MAX - r->n) {
		errno = EMSGSIZE;
		return -1;
	}
	while (cap - r->n < n)
		cap *= 2;
	if (cap != r->cap) {
		if ((bigger = realloc(r->buf, cap)) == NULL)
			return -1;
		r->buf = bigger;
		r->cap = cap;
	}
	if (n)
		memcpy(r->buf + r->n, p, n);
	r->p = r->buf;
	r->n += n;
	return 0;
}

/* -------- the loop -------- */

static void
keep_pace(struct worker *w)
{
	_Atomic uint64_t *pace = &w->lane->pace;
	uint64_t was = atomic_load_explicit(pace, memory_order_relaxed);
	uint64_t t = clock_ns(), took = t - w->began;

	w->began = t;
	if (took > PACE_MAX)
		took = PACE_MAX;
	atomic_store_explicit(
	    pace, was - was / 8 + took / 8, memory_order_relaxed);
}

/* What one huge job needed is not kept for the small ones after it. */
static void
trim(struct worker *w)
{
	if (w->cap > KEEP) {
		free(w->job);
		w->job = NULL;
		w->cap = 0;
	}
	if (w->reply.cap > KEEP) {
		free(w->reply.buf);
		w->reply.buf = NULL;
		w->reply.cap = 0;
	}
}

void
pool_worker(struct lane *lane, _Atomic uint32_t *bell, int fd, pool_work *work,
    void *arg)
{
	struct worker w = {.lane = lane, .bell = bell, .fd = fd};

	w.began = clock_ns();
	for (;;) {
		size_t n = read_job(&w);

		w.reply.p = w.reply.buf;
		w.reply.n = 0;
		write_answer(&w, work(arg, w.job, n, &w.reply));
		trim(&w);
		keep_pace(&w);
	}
}
