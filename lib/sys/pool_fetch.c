#include "pool_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/socket.h>

/*
 * May one more answer of w be fetched?  Not if many are held, unless it is
 * on the way to the one that the caller waits for.
 */
static bool
may_fetch(const struct pool *p, const struct worker *w)
{
	const struct slot *s;

	if (p->answer_bytes < p->s.bytes)
		return true;
	if (p->s.as_done)
		return false;
	s = p->slots + p->order[p->next_take & p->mask];
	return s->state == WAITS ||
	    (s->state == SENT && p->workers + s->worker == w);
}

/* The oldest job of w is answered. */
static void
answered(struct pool *p, struct worker *w, int code)
{
	int32_t i = pool_pop(p, &w->sent);

	w->load--;
	p->fruitless = 0;
	pool_finish(p, i, POOL_DONE, code, 0);
}

/* An answer that is not here whole needs a block of its own: the job stays. */
static int
begin_part(struct pool *p, struct worker *w, uint32_t n, int code)
{
	if ((w->part = malloc(n)) == NULL)
		return -1;
	w->reading = true;
	w->part_n = n;
	w->part_at = 0;
	w->part_code = code;
	w->got += 8;
	p->answer_bytes += n;
	return 0;
}

static void
end_part(struct pool *p, struct worker *w)
{
	struct slot *s = p->slots + w->sent.first;

	p->job_bytes -= s->n;
	free(s->p);
	s->p = w->part;
	s->n = s->cap = w->part_n;
	w->part = NULL;
	w->reading = false;
	answered(p, w, w->part_code);
}

void
pool_drop_part(struct pool *p, struct worker *w)
{
	if (w->reading)
		p->answer_bytes -= w->part_n;
	free(w->part);
	w->part = NULL;
	w->reading = false;
}

static void
fetch_part(struct pool *p, struct worker *w, uint64_t put)
{
	size_t k = w->part_n - w->part_at;

	if (k > put - w->got)
		k = (size_t)(put - w->got);
	ring_read(&w->lane->answers, w->got, w->part + w->part_at, k);
	w->got += ring_body(k);
	w->part_at += k;
	if (w->part_at == w->part_n)
		end_part(p, w);
}

/* Fetch an answer, or begin to; -1 with errno set. */
static int
fetch_one(struct pool *p, struct worker *w, uint64_t put)
{
	struct slot *s = p->slots + w->sent.first;
	uint32_t n, code;

	assert(w->sent.first != NIL);
	ring_get_head(&w->lane->answers, w->got, &n, &code);
	if (put - w->got < 8 + ring_body(n))
		return begin_part(p, w, n, (int)code);
	if (pool_make_room(s, n) < 0)
		return -1;
	p->job_bytes -= s->n;
	ring_read(&w->lane->answers, w->got + 8, s->p, n);
	s->n = n;
	p->answer_bytes += n;
	w->got += 8 + ring_body(n);
	answered(p, w, (int)code);
	return 0;
}

int
pool_fetch(struct pool *p, struct worker *w, bool all)
{
	struct ring *r = &w->lane->answers;
	uint64_t put = atomic_load(&r->put), from = w->got;
	uint32_t wants = WANTS_ROOM;
	int bad = 0;

	while (w->got != put && !bad) {
		if (w->reading)
			fetch_part(p, w, put);
		else if (all || may_fetch(p, w))
			bad = fetch_one(p, w, put);
		else
			break;
	}
	if (w->got == from)
		return bad;
	atomic_store(&r->got, w->got);
	if (atomic_load(&w->lane->wants) == WANTS_ROOM &&
	    atomic_compare_exchange_strong(
	        &w->lane->wants, &wants, WANTS_NOTHING))
		send(w->fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	return bad ? bad : 1;
}
