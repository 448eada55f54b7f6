#include "ledger.h"

#include <stdlib.h>

static void
grow(struct ledger *l)
{
	unsigned cap = l->cap ? l->cap * 2 : 16;
	struct ask *ring = calloc(cap, sizeof *ring);

	if (ring == NULL)
		parcel_no_memory();
	for (unsigned i = 0; i < l->count; i++)
		ring[i] = *ledger_at(l, i);
	free(l->ring);
	l->ring = ring;
	l->cap = cap;
	l->first = 0;
}

struct ask *
ledger_at(struct ledger *l, unsigned i)
{
	return &l->ring[(l->first + i) & (l->cap - 1)];
}

void
ledger_put(struct ledger *l, const struct ask *a)
{
	if (l->count == l->cap)
		grow(l);
	*ledger_at(l, l->count++) = *a;
	l->bytes += a->parcel->n;
}

bool
ledger_take(struct ledger *l, struct ask *a)
{
	if (l->count == 0)
		return false;
	*a = *ledger_at(l, 0);
	l->first = (l->first + 1) & (l->cap - 1);
	l->count--;
	l->bytes -= a->parcel->n;
	return true;
}

void
ledger_pick(struct ledger *l, unsigned i, struct ask *a)
{
	*a = *ledger_at(l, i);
	for (; i > 0; i--)
		*ledger_at(l, i) = *ledger_at(l, i - 1);
	l->first = (l->first + 1) & (l->cap - 1);
	l->count--;
	l->bytes -= a->parcel->n;
}

void
ledger_clear(struct ledger *l)
{
	struct ask a;

	while (ledger_take(l, &a))
		parcel_drop(a.parcel);
	free(l->ring);
	*l = (struct ledger){0};
}
