#include "pool_parts.h"

#include <sys/socket.h>

static size_t
room(struct worker *w, size_t want)
{
	if (ring_free(w->put, w->room_from) < want)
		w->room_from = atomic_load(&w->lane->jobs.got);
	return ring_free(w->put, w->room_from);
}

/* Tell the worker of what was written, and wake it if it waits for that. */
static void
publish(struct worker *w)
{
	uint32_t wants = WANTS_JOBS;

	if (w->put == w->put_told)
		return;
	w->put_told = w->put;
	atomic_store(&w->lane->jobs.put, w->put);
	if (atomic_load(&w->lane->wants) == WANTS_JOBS &&
	    atomic_compare_exchange_strong(
	        &w->lane->wants, &wants, WANTS_NOTHING))
		send(w->fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Write on with a job that is larger than the room there was. */
static bool
write_half(struct pool *p, struct worker *w)
{
	struct slot *s;
	size_t k;

	if (w->half == NIL || (k = room(w, RING_ROOM / 2)) == 0)
		return false;
	s = p->slots + w->half;
	if (k > s->n - w->half_at)
		k = s->n - w->half_at;
	ring_write(&w->lane->jobs, w->put, s->p + w->half_at, k);
	w->put += ring_body(k);
	w->half_at += k;
	if (w->half_at == s->n)
		w->half = NIL;
	publish(w);
	return true;
}

/* Send w the job that waited longest; false if there is no room. */
static bool
send_one(struct pool *p, struct worker *w)
{
	int32_t i = p->waits.first;
	struct slot *s = p->slots + i;
	size_t size = 8 + ring_body(s->n);
	bool large = size > RING_ROOM;

	if (w->half != NIL || room(w, large ? 8 : size) < (large ? 8 : size))
		return false;
	pool_pop(p, &p->waits);
	p->waiting--;
	pool_push(p, &w->sent, i);
	w->load++;
	s->state = SENT;
	s->worker = (int32_t)(w - p->workers);
	s->at = w->put;
	ring_put_head(&w->lane->jobs, w->put, (uint32_t)s->n, 0);
	w->put += 8;
	if (large) {
		w->half = i;
		w->half_at = 0;
		return true;
	}
	ring_write(&w->lane->jobs, w->put, s->p, s->n);
	w->put += size - 8;
	return true;
}

/* How many jobs a worker shall have before it, the one it is at too. */
static uint32_t
depth(const struct pool *p, const struct worker *w)
{
	uint64_t pace =
	    atomic_load_explicit(&w->lane->pace, memory_order_relaxed);
	uint64_t n = 1 + AHEAD / (pace + 1);

	return n > p->s.jobs ? p->s.jobs : (uint32_t)n;
}

/*
 * A worker's share of the jobs that wait: a part of them each, but not so
 * few that waking it is most of the work.
 */
static uint32_t
share(const struct pool *p, const struct worker *w)
{
	uint64_t pace =
	    atomic_load_explicit(&w->lane->pace, memory_order_relaxed);
	uint64_t least = WORTH / (pace + 1);
	uint64_t n = (p->waiting + p->s.workers - 1) / p->s.workers;

	return (uint32_t)(n > least ? n : least);
}

static bool
send_share(struct pool *p, struct worker *w, uint32_t n)
{
	uint32_t most = depth(p, w);
	bool some = false;

	for (; n && p->waiting && w->load < most; n--) {
		if (!send_one(p, w))
			break;
		some = true;
	}
	publish(w);
	return some;
}

/*
 * Has w begun one of its jobs, before *claim?  If not it is to tell when it
 * does: it may be a long one.
 */
static bool
begun(const struct pool *p, struct worker *w, uint64_t *claim)
{
	uint64_t first = p->slots[w->sent.first].at;

	if ((*claim = atomic_load(&w->lane->claim)) > first)
		return true;
	atomic_store(&w->lane->tell, 1);
	return (*claim = atomic_load(&w->lane->claim)) > first;
}

/*
 * Take back what a worker has not begun, because another one is idle.  It is
 * not done to one that only just wakes, or two of them would pass the same
 * jobs back and forth.
 */
static void
take_back(struct pool *p, struct worker *w)
{
	struct list kept = NO_SLOTS;
	uint64_t claim;
	int32_t i;

	if (!begun(p, w, &claim))
		return;
	do
		if (claim >= w->put)
			return;
	while (!atomic_compare_exchange_weak(&w->lane->claim, &claim, w->put));
	while ((i = w->sent.first) != NIL && p->slots[i].at < claim)
		pool_push(p, &kept, pool_pop(p, &w->sent));
	for (i = w->sent.first; i != NIL; i = p->slots[i].next)
		w->load--;
	if (w->half != NIL && p->slots[w->half].at >= claim)
		w->half = NIL;
	pool_wait_again_all(p, &w->sent);
	w->sent = kept;
}

/* Nothing waits: is there a worker with nothing and one with two jobs? */
static void
level(struct pool *p)
{
	struct worker *most = NULL;
	bool idle = false;

	for (unsigned i = 0; i < p->s.workers; i++) {
		struct worker *w = p->workers + i;

		idle |= w->pid && w->load == 0;
		if (w->load > 1 && (most == NULL || w->load > most->load))
			most = w;
	}
	if (idle && most)
		take_back(p, most);
}

bool
pool_dispatch(struct pool *p)
{
	bool some = false;

	if (p->waiting == 0)
		level(p);
	for (unsigned i = 0; i < p->s.workers; i++)
		some |= write_half(p, p->workers + i);
	for (int busy = 0; busy < 2; busy++)
		for (unsigned i = 0; p->waiting && i < p->s.workers; i++) {
			struct worker *w = p->workers + i;

			if (w->pid && (w->load > 0) == busy)
				some |= send_share(p, w, share(p, w));
		}
	return some;
}
