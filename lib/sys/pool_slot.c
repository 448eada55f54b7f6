#include "pool_parts.h"

#include <stdlib.h>

void
pool_push(struct pool *p, struct list *l, int32_t i)
{
	p->slots[i].next = NIL;
	if (l->last == NIL)
		l->first = i;
	else
		p->slots[l->last].next = i;
	l->last = i;
}

void
pool_push_front(struct pool *p, struct list *l, int32_t i)
{
	p->slots[i].next = l->first;
	l->first = i;
	if (l->last == NIL)
		l->last = i;
}

int32_t
pool_pop(struct pool *p, struct list *l)
{
	int32_t i = l->first;

	if (i != NIL && (l->first = p->slots[i].next) == NIL)
		l->last = NIL;
	return i;
}

int
pool_make_room(struct slot *s, size_t n)
{
	uint8_t *p;
	size_t cap = n < 64 ? 64 : n;

	if (s->cap >= n && s->p)
		return 0;
	if ((p = malloc(cap)) == NULL)
		return -1;
	free(s->p);
	s->p = p;
	s->cap = cap;
	return 0;
}

static void
drop_block(struct slot *s)
{
	free(s->p);
	s->p = NULL;
	s->cap = 0;
}

void
pool_release(struct pool *p)
{
	struct slot *s;

	if (p->given == NIL)
		return;
	s = p->slots + p->given;
	if (s->cap > SMALL)
		drop_block(s);
	s->state = FREE;
	pool_push_front(p, &p->free, p->given);
	p->given = NIL;
}

void
pool_finish(struct pool *p, int32_t i, enum pool_end end, int code, int sig)
{
	struct slot *s = p->slots + i;

	s->state = DONE;
	s->end = end;
	s->code = code;
	s->signal = sig;
	if (p->s.as_done)
		pool_push(p, &p->done, i);
}

void
pool_wait_again(struct pool *p, int32_t i)
{
	p->slots[i].state = WAITS;
	pool_push_front(p, &p->waits, i);
	p->waiting++;
}

void
pool_wait_again_all(struct pool *p, struct list *l)
{
	struct list back = NO_SLOTS;
	int32_t i;

	while ((i = pool_pop(p, l)) != NIL)
		pool_push_front(p, &back, i);
	while ((i = pool_pop(p, &back)) != NIL)
		pool_wait_again(p, i);
}
