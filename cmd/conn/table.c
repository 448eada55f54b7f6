#include "table.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST = 64 };

static struct table_entry **
place(const struct table *t, uint64_t key)
{
	return &t->bucket[key & (t->buckets - 1)];
}

static void
link_in(struct table *t, struct table_entry *e)
{
	struct table_entry **p = place(t, e->key);

	e->next = *p;
	*p = e;
}

static bool
grow(struct table *t)
{
	size_t buckets = t->buckets ? t->buckets * 2 : FIRST;
	struct table bigger = {
	    calloc(buckets, sizeof *bigger.bucket), buckets, t->n};

	if (bigger.bucket == NULL)
		return false;
	for (size_t i = 0; i < t->buckets; i++)
		for (struct table_entry *e = t->bucket[i], *next; e; e = next) {
			next = e->next;
			link_in(&bigger, e);
		}
	free(t->bucket);
	*t = bigger;
	return true;
}

bool
table_put(struct table *t, struct table_entry *e)
{
	if (t->n >= t->buckets && !grow(t))
		return false;
	link_in(t, e);
	t->n++;
	return true;
}

struct table_entry *
table_get(const struct table *t, uint64_t key)
{
	struct table_entry *e = t->buckets ? *place(t, key) : NULL;

	while (e && e->key != key)
		e = e->next;
	return e;
}

void
table_remove(struct table *t, struct table_entry *e)
{
	struct table_entry **p = place(t, e->key);

	while (*p != e) {
		assert(*p);
		p = &(*p)->next;
	}
	*p = e->next;
	t->n--;
}
