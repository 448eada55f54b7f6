/*
 * Large atoms: blocks of their own, that a collection marks and never moves.
 */
#include <string.h>

#include "region.h"

size_t
large_size(size_t limbs)
{
	return granules(sizeof(struct large) + limbs * 8);
}

/*
 * A free stretch of n bytes below a block, or NULL; *link is the pointer to
 * that block.
 */
static char *
find_gap(size_t n, struct large ***link)
{
	char *p = heap.region[LARGE_ATOMS].base;
	struct large **l = &heap_config.blocks;

	for (; *l != NULL; l = &(*l)->next) {
		if ((size_t)((char *)*l - p) >= n) {
			*link = l;
			return p;
		}
		p = (char *)*l + (*l)->bytes;
	}
	return NULL;
}

/* A block of n bytes at p, where *link is to point to it. */
static struct large *
large_at(char *p, size_t n, struct large **link)
{
	struct large *b = (struct large *)p;

	b->next = *link;
	*link = b;
	if (b->next == NULL)
		heap_config.last = b;
	b->bytes = n;
	b->marked = false;
	b->header = 1;
	heap_config.large += n;
	return b;
}

struct large *
large_new(size_t n)
{
	struct region *r = &heap.region[LARGE_ATOMS];
	struct large **link =
	    heap_config.last ? &heap_config.last->next : &heap_config.blocks;
	char *p;

	if (region_try(r, n)) {
		r->top += n;
		return large_at(r->top - n, n, link);
	}
	p = find_gap(n, &link);
	if (p == NULL || !memory_allowed(n) || !memory_give(p, n))
		return NULL;
	memory_count(n, 0);
	return large_at(p, n, link);
}

void
large_shrink(struct large *b, size_t n)
{
	struct region *r = &heap.region[LARGE_ATOMS];
	size_t less = b->bytes - n;

	if (less == 0)
		return;
	heap_config.large -= less;
	b->bytes = n;
	if ((char *)b + n + less == r->top) {
		r->top -= less;
		return;
	}
	memory_take((char *)b + n, less);
	memory_count(0, less);
}

static void
large_drop(struct large **link)
{
	struct large *b = *link;
	size_t n = b->bytes;

	*link = b->next;
	heap_config.large -= n;
	memory_take((char *)b, n);
	memory_count(0, n);
}

void
large_sweep(void)
{
	struct region *r = &heap.region[LARGE_ATOMS];
	struct large **link = &heap_config.blocks;

	region_trim(r, r->top);
	heap_config.last = NULL;
	while (*link != NULL) {
		if (!(*link)->marked) {
			large_drop(link);
			continue;
		}
		(*link)->marked = false;
		heap_config.last = *link;
		link = &(*link)->next;
	}
	r->top = r->base;
	if (heap_config.last != NULL)
		r->top = (char *)heap_config.last + heap_config.last->bytes;
	r->end = r->top;
}

noun
large_copy(noun a, bool marked)
{
	size_t len = boxed_len(a);
	struct large *b = large_new(large_size(len));

	if (b == NULL)
		return 0;
	memcpy(&b->header, boxed_header(a), (len + 1) * 8);
	b->marked = marked;
	return (noun)&b->header | 3;
}
