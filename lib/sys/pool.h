/*
 * pool -- processes that do jobs, one for each core.
 *
 * A job is bytes and its answer is bytes; what they mean is known to the
 * function `work` alone.  The workers are forked from this process, so they
 * see all of its memory as it was then, and share it until they write to
 * it: load what they have in common first, make the pool after.
 *
 *     struct pool *p = pool_new(&(struct pool_setup){.work = work});
 *
 *     while (there are jobs) {
 *         if (pool_put(p, job, n) == 0)
 *             next job;
 *         else if (errno == EAGAIN && pool_next(p, &a) == POOL_GOT)
 *             use a;
 *         else
 *             fail;
 *     }
 *     while (pool_next(p, &a) == POOL_GOT)
 *         use a;
 *     pool_free(p);
 *
 * Order.  Answers come in the order of their jobs, or as they are done if
 * the setup says so; each has the index of its job, counted from 0.
 *
 * Speed.  Jobs go to the workers in batches as large as there are jobs, and
 * an idle worker is started at once.  What a worker has not begun, another
 * that is idle takes over, so no job waits behind a long one.  An answer is
 * to be had as soon as its job is done, whatever its worker does next.
 *
 * Limits.  At most `jobs` jobs are in the pool, not yet answered or their
 * answers not yet taken; nor are more put, or answers fetched, while `bytes`
 * of either are held.  The last one may go beyond, so that the largest fits:
 * a job or an answer has up to 2^32-1 bytes.  A pool that is full says so and
 * workers wait; so the memory of an endless stream is constant.
 *
 * Death.  A worker that dies, of a signal or by leaving, is replaced by a new
 * fork of this process as it is then: do not change what the workers share.
 * The job it was at is done once more, and if that kills again its answer is
 * POOL_DIED.  Jobs that merely waited for that worker are not charged.  So a
 * job may be begun twice: work should do nothing but answer.
 *
 * Processes.  A worker ends when this process does, however that ends.  It
 * ignores SIGINT, for a ^C is for the parent to judge; SIGTERM, SIGHUP and
 * SIGPIPE have their default.  It must not fork, or its own end may go unseen.
 * No other wait() of this process may take its status.  One thread uses a
 * pool, the one that made it.
 */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define POOL_BYTES_MAX UINT32_MAX

enum { POOL_WORKERS_MAX = 1024, POOL_JOBS_MAX = 1 << 20 };

/* -------- in a worker -------- */

/* An answer being made: p[0..n).  It is empty when work is called. */
struct pool_reply {
	const uint8_t *p;
	size_t n;

	uint8_t *buf; /* the reply's own */
	size_t cap;
};

/*
 * Do a job.  The result is any number; it is part of the answer.  The job
 * is the worker's own until work returns.  The answer is either put with
 * pool_reply_put(), or r->p and r->n are set to bytes of yours that hold
 * until work is called again.
 */
typedef int pool_work(
    void *arg, const void *job, size_t n, struct pool_reply *r);

/* Add n bytes.  0, or -1 with errno set: ENOMEM, EMSGSIZE. */
int pool_reply_put(struct pool_reply *r, const void *p, size_t n);

/* -------- the pool -------- */

/* What is 0 has a default. */
struct pool_setup {
	pool_work *work;
	void *arg;        /* for work */
	unsigned workers; /* one for each core this process may use */
	bool as_done;     /* answers as they are done, not in order */
	uint32_t jobs;    /* 4,096, or 256 a worker if that is more */
	size_t bytes;     /* 64 MiB */
};

struct pool;

/*
 * Make a pool and fork its workers.  Flushing is not needed before: they
 * never write what is in a stdio buffer.  NULL with errno set: EINVAL for a
 * setup out of range.  Free with pool_free().
 */
struct pool *pool_new(const struct pool_setup *s);

/* Kill the workers, wait for them, give all back.  Jobs in it are lost. */
void pool_free(struct pool *p);

/*
 * Put a job; never blocks.  The bytes are copied.  0, or -1 with errno set:
 *
 *   EAGAIN     the pool is full: take an answer first
 *   EMSGSIZE   n is more than POOL_BYTES_MAX
 *   ENOMEM
 *
 * Jobs put within microseconds of each other gather here and are sent with
 * the next call on the pool of any kind: after the last one call pool_next()
 * or pool_try() before you turn to something else.
 */
int pool_put(struct pool *p, const void *job, size_t n);

enum pool_end {
	POOL_DONE, /* work returned code and p[0..n) */
	POOL_DIED  /* it killed its worker twice; there are no bytes */
};

struct pool_answer {
	uint64_t index; /* of its job */
	enum pool_end end;
	int code;         /* POOL_DONE: what work returned; else how it died: */
	int signal;       /* POOL_DIED: of this signal, or 0 and code */
	const uint8_t *p; /* the pool's, until the next pool_next(), */
	size_t n;         /* pool_try() or pool_free() */
};

enum pool_got {
	POOL_GOT,   /* *a is the next answer */
	POOL_EMPTY, /* every job is answered and every answer was taken */
	POOL_LATER, /* jobs are being done (pool_try() only) */
	POOL_SYS    /* errno says why; no job is lost, so you may call again */
};

/*
 * Take the next answer, and wait for it if need be; signals do not end the
 * wait.  POOL_SYS: ENOMEM, no worker could be forked, or ECHILD: workers
 * die, a hundred in a row, before they begin a job.
 */
enum pool_got pool_next(struct pool *p, struct pool_answer *a);

/* Take the next answer if there is one; never blocks. */
enum pool_got pool_try(struct pool *p, struct pool_answer *a);

/*
 * A descriptor for a poll of yours: after pool_try() said POOL_LATER, it is
 * readable when to call pool_try() again may change that.  It is the pool's;
 * do nothing else with it.
 */
int pool_fd(const struct pool *p);

struct pool_bytes {
	const void *p;
	size_t n;
};

/*
 * Do n jobs and hand each answer to `take`, in the order of the pool, as
 * soon as it is there; a->index is the place in jobs[].  The pool must be
 * empty before (EBUSY), and is after.  0, or -1 with errno as for POOL_SYS,
 * and then only pool_free() makes sense.
 */
int pool_map(struct pool *p, const struct pool_bytes *jobs, size_t n,
    void (*take)(void *arg, const struct pool_answer *a), void *arg);

/* -------- for people -------- */

unsigned pool_workers(const struct pool *p);

/* The process of worker i now; 0 if it waits to be replaced. */
pid_t pool_pid(const struct pool *p, unsigned i);

/* Workers that died so far. */
uint64_t pool_deaths(const struct pool *p);

#endif
