/*
 * The pool to its user, and the parent's turn; pool_parts.h lists the rest.
 *
 * A job in the pool is in a slot, and a slot is in one list at a time:
 *
 *     free --pool_put--> waits --send--> worker's sent --answer--> done
 *      ^                   ^                   |                    |
 *      |                   +- take_back, bury -+                    |
 *      +---- release ------------ given <----------- take ----------+
 *
 * In order, done is no list: take() finds the slot by its index.
 *
 * Why memory shared in rings, and a socket only to wake with?  A worker
 * behind a pipe either writes each answer by itself, or lets those of jobs
 * that are done wait behind one that is long.  A write for each answer made
 * 0.3 million answers of 50 bytes a second on a socket and 0.6 on a pipe,
 * where this makes 2.2 to 4 (two cores, with others at work on them); and an
 * exact account of what a dead worker had begun, and of what may be taken
 * back from one that is busy, needs shared words anyway.  A lone job's 7 us
 * are the two wake-ups that it takes on either.
 *
 * Nobody sleeps without saying so first and then looking once more: the
 * worker with lane->wants, the parent with *bell.
 */
#define _GNU_SOURCE
#include "pool.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "pool_parts.h"

/* -------- the parent's turn -------- */

/*
 * Hear the bells, for so many ms at most, bury the dead and replace them.
 * 0, or -1 with errno set, or more if someone died or was born.
 */
static int
hear(struct pool *p, int ms)
{
	struct epoll_event e[32];
	bool died = false;
	char rung[64];
	int n;

	if (p->missing && (n = pool_bear_all(p)) != 0)
		return n;
	if ((n = epoll_wait(p->epoll, e, 32, ms)) < 0)
		return errno == EINTR ? 0 : -1;
	for (int i = 0; i < n; i++) {
		struct worker *w = e[i].data.ptr;
		ssize_t got = recv(w->fd, rung, sizeof rung, MSG_DONTWAIT);

		if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
			continue;
		pool_bury(p, w);
		died = true;
	}
	if (died && pool_bear_all(p) < 0)
		return -1;
	return died;
}

/* Fetch and send: 1 if there was something, 0, or -1 with errno set. */
static int
turn(struct pool *p)
{
	int some = 0;

	for (unsigned i = 0; i < p->s.workers; i++) {
		struct worker *w = p->workers + i;
		int got = w->load ? pool_fetch(p, w, false) : 0;

		if (got < 0)
			return -1;
		some |= got;
	}
	return some | pool_dispatch(p);
}

/* A turn, if the last one was not just now. */
static int
turn_if_due(struct pool *p)
{
	uint64_t t = clock_ns();

	if (t - p->looked < GATE)
		return 0;
	p->looked = t;
	if (t - p->looked_dead >= LOOK) {
		p->looked_dead = t;
		if (hear(p, 0) < 0)
			return -1;
	}
	return turn(p);
}

/*
 * A turn, and if it moved nothing hear the bells, for ms.  After a wait of 0
 * that heard nothing the bell stays armed: someone else sleeps on pool_fd().
 * 1 if there may be more, 0, or -1 with errno set.
 */
static int
turn_or_sleep(struct pool *p, int ms)
{
	bool lone = ms < 0 && p->next_put - p->taken == 1;
	uint64_t until = lone ? clock_ns() + LOOK_NS : 0;
	int got;

	while ((got = turn(p)) == 0 && until != 0 && clock_ns() < until)
		sched_yield();
	if (got)
		return got;
	atomic_store(p->bell, 1);
	if ((got = turn(p)) == 0)
		got = hear(p, ms);
	if (got == 0 && ms == 0)
		return 0;
	atomic_store(p->bell, 0);
	return got < 0 ? -1 : 1;
}

/* -------- putting and taking -------- */

int
pool_put(struct pool *p, const void *job, size_t n)
{
	int32_t i = p->free.first;

	if (n > POOL_BYTES_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	if (i == NIL || p->job_bytes >= p->s.bytes) {
		errno = EAGAIN;
		return -1;
	}
	if (pool_make_room(p->slots + i, n) < 0)
		return -1;
	if (n)
		memcpy(p->slots[i].p, job, n);
	pool_pop(p, &p->free);
	p->slots[i].n = n;
	p->slots[i].charged = false;
	p->slots[i].state = WAITS;
	p->slots[i].index = p->next_put;
	p->order[p->next_put++ & p->mask] = i;
	p->job_bytes += n;
	pool_push(p, &p->waits, i);
	p->waiting++;
	/* What goes wrong now goes wrong again in pool_next(). */
	turn_if_due(p);
	return 0;
}

/* The slot whose answer is next, or NIL. */
static int32_t
ready(struct pool *p)
{
	int32_t i;

	if (p->s.as_done)
		return pool_pop(p, &p->done);
	if (p->next_take == p->next_put)
		return NIL;
	i = p->order[p->next_take & p->mask];
	if (p->slots[i].state != DONE)
		return NIL;
	p->next_take++;
	return i;
}

static bool
take(struct pool *p, struct pool_answer *a)
{
	int32_t i = ready(p);
	struct slot *s = p->slots + i;

	if (i == NIL)
		return false;
	s->state = GIVEN;
	p->given = i;
	p->taken++;
	p->answer_bytes -= s->n;
	*a = (struct pool_answer){.index = s->index,
	    .end = s->end,
	    .code = s->code,
	    .signal = s->signal,
	    .p = s->p,
	    .n = s->n};
	return true;
}

enum pool_got
pool_next(struct pool *p, struct pool_answer *a)
{
	pool_release(p);
	turn_if_due(p);
	while (!take(p, a)) {
		if (p->taken == p->next_put)
			return POOL_EMPTY;
		if (turn_or_sleep(p, -1) < 0)
			return POOL_SYS;
	}
	return POOL_GOT;
}

enum pool_got
pool_try(struct pool *p, struct pool_answer *a)
{
	int more = 1;

	pool_release(p);
	turn_if_due(p);
	while (!take(p, a)) {
		if (p->taken == p->next_put)
			return POOL_EMPTY;
		if (more == 0)
			return POOL_LATER;
		if ((more = turn_or_sleep(p, 0)) < 0)
			return POOL_SYS;
	}
	return POOL_GOT;
}

int
pool_map(struct pool *p, const struct pool_bytes *jobs, size_t n,
    void (*take_answer)(void *, const struct pool_answer *), void *arg)
{
	uint64_t from = p->next_put;
	struct pool_answer a;
	enum pool_got got;
	size_t i = 0;

	if (p->taken != from) {
		errno = EBUSY;
		return -1;
	}
	for (;;) {
		while (i < n && pool_put(p, jobs[i].p, jobs[i].n) == 0)
			i++;
		if (i < n && errno != EAGAIN)
			return -1;
		if ((got = pool_next(p, &a)) == POOL_SYS)
			return -1;
		if (got == POOL_EMPTY)
			return 0;
		a.index -= from;
		take_answer(arg, &a);
	}
}

/* -------- the pool itself -------- */

static unsigned
cores(void)
{
	cpu_set_t set;
	int n;

	if (sched_getaffinity(0, sizeof set, &set) == 0)
		return (unsigned)CPU_COUNT(&set);
	n = (int)sysconf(_SC_NPROCESSORS_ONLN); /* more than 1,024 of them */
	return n < 1               ? 1
	    : n > POOL_WORKERS_MAX ? POOL_WORKERS_MAX
	                           : (unsigned)n;
}

static bool
settle(struct pool_setup *s)
{
	if (s->workers == 0)
		s->workers = cores();
	if (s->jobs == 0)
		s->jobs = s->workers < 16 ? 4096 : 256 * s->workers;
	if (s->bytes == 0)
		s->bytes = 64 << 20;
	return s->work && s->workers <= POOL_WORKERS_MAX &&
	    s->jobs <= POOL_JOBS_MAX;
}

/* The memory of p: what is shared, and the slots. */
static int
furnish(struct pool *p)
{
	uint32_t window = 1;
	struct lane *lanes;

	while (window < p->s.jobs)
		window *= 2;
	p->mask = window - 1;
	p->shared_n = RING_LINE + p->s.workers * sizeof *lanes;
	p->shared = mmap(NULL, p->shared_n, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p->shared == MAP_FAILED)
		p->shared = NULL;
	p->slots = calloc(p->s.jobs, sizeof *p->slots);
	p->order = calloc(window, sizeof *p->order);
	p->workers = calloc(p->s.workers, sizeof *p->workers);
	if (!p->shared || !p->slots || !p->order || !p->workers)
		return -1;
	p->bell = p->shared;
	lanes = (struct lane *)((uint8_t *)p->shared + RING_LINE);
	for (unsigned i = 0; i < p->s.workers; i++) {
		p->workers[i].lane = lanes + i;
		pool_as_new(p->workers + i);
	}
	for (uint32_t i = p->s.jobs; i-- > 0;)
		pool_push_front(p, &p->free, (int32_t)i);
	return 0;
}

struct pool *
pool_new(const struct pool_setup *setup)
{
	struct pool_setup s = *setup;
	struct pool *p;
	int why;

	if (!settle(&s)) {
		errno = EINVAL;
		return NULL;
	}
	if ((p = malloc(sizeof *p)) == NULL)
		return NULL;
	*p = (struct pool){.s = s,
	    .missing = s.workers,
	    .self = getpid(),
	    .given = NIL,
	    .free = NO_SLOTS,
	    .waits = NO_SLOTS,
	    .done = NO_SLOTS};
	p->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (p->epoll >= 0 && furnish(p) == 0 && pool_bear_all(p) > 0 &&
	    p->missing == 0)
		return p;
	why = errno;
	pool_free(p);
	errno = why;
	return NULL;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	for (unsigned i = 0; p->workers && i < p->s.workers; i++) {
		if (p->workers[i].pid)
			pool_reap(p, p->workers + i);
		free(p->workers[i].part);
	}
	for (uint32_t i = 0; p->slots && i < p->s.jobs; i++)
		free(p->slots[i].p);
	if (p->epoll >= 0)
		close(p->epoll);
	if (p->shared)
		munmap(p->shared, p->shared_n);
	free(p->workers);
	free(p->order);
	free(p->slots);
	free(p);
}

int
pool_fd(const struct pool *p)
{
	return p->epoll;
}

unsigned
pool_workers(const struct pool *p)
{
	return p->s.workers;
}

pid_t
pool_pid(const struct pool *p, unsigned i)
{
	return p->workers[i].pid;
}

uint64_t
pool_deaths(const struct pool *p)
{
	return p->deaths;
}
