/*
 * pile -- an explicit stack for a walk over nouns, its top in a register.
 *
 * It grows above the top of a region of words, the noun stack or scratch
 * memory, which stays where it is: so while a pile is in use nothing else
 * may be pushed there, and to leave it nothing need be done.  Private to
 * lib/noun.
 */
#ifndef PILE_H
#define PILE_H

#include "heap.h"

struct pile {
	noun *base, *top, *end;
	struct region *r;
};

static inline struct pile
pile_on(enum region_index i)
{
	struct region *r = &heap.region[i];

	return (struct pile){(noun *)r->top, (noun *)r->top, (noun *)r->end, r};
}

static void __attribute__((noinline, cold)) pile_grow(struct pile *p)
{
	char *top = p->r->top;

	p->r->top = (char *)p->top;
	heap_grow(p->r, sizeof(noun));
	p->r->top = top;
	p->end = (noun *)p->r->end;
}

/* May bail meme. */
static inline void
pile_push(struct pile *p, noun n)
{
	if (__builtin_expect(p->top + 1 > p->end, 0))
		pile_grow(p);
	*p->top++ = n;
}

static inline bool
pile_is_empty(const struct pile *p)
{
	return p->top == p->base;
}

static inline noun
pile_pop(struct pile *p)
{
	return *--p->top;
}

#endif
