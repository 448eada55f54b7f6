/*
 * ledger -- what was asked and is not answered, in order of asking.
 *
 * The bytes are kept, so that what a process did not answer before it died
 * can be asked again.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"
#include "parcel.h"

struct child;

struct ask {
	struct parcel *parcel; /* as the asker sent it; the ledger's count */
	enum frame frame;
	uint64_t id;  /* the asker's, or FRAME_LONG; 0 = no answer wanted */
	uint64_t tag; /* of the card */
	struct child *from; /* NULL = us */
	unsigned life;      /* which process of it */
	unsigned tries;     /* processes that died over it */
	uint64_t turn;      /* of the serf's: it takes the lowest first */
};

/* Starts as all zero. */
struct ledger {
	struct ask *ring;
	unsigned cap, first, count; /* cap is a power of two */
	size_t bytes;               /* of the parcels */
};

/* At the end.  The parcel's count is the ledger's. */
void ledger_put(struct ledger *l, const struct ask *a);

/* The i-th from the front, i < count. */
struct ask *ledger_at(struct ledger *l, unsigned i);

/* Take the first off: its parcel's count is the caller's.  False: none. */
bool ledger_take(struct ledger *l, struct ask *a);

/* Take the i-th off, likewise. */
void ledger_pick(struct ledger *l, unsigned i, struct ask *a);

/* Forget all. */
void ledger_clear(struct ledger *l);

#endif
