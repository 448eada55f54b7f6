/*
 * pool_lane -- what a worker of a pool and its parent share.  For pool*.c
 * only.
 */
#ifndef POOL_LANE_H
#define POOL_LANE_H

#include "pool.h"
#include "ring.h"

/* What a worker that sleeps is waiting for. */
enum { WANTS_NOTHING, WANTS_JOBS, WANTS_ROOM };

/*
 * A worker's two rings.  A head in jobs is the length of the job; a head in
 * answers the length of the answer and what work returned.
 *
 * claim says which jobs the worker has begun: those whose frames start
 * before it.  The worker moves it over the frame that it begins, the parent
 * moves it to the end and so takes back all that is not begun; both by
 * compare-and-swap, so a job is either begun or taken back.  When a worker
 * is dead, claim tells which job it was at.
 */
struct lane {
	struct ring jobs, answers;
	_Alignas(RING_LINE) _Atomic uint64_t claim;
	_Alignas(RING_LINE) _Atomic uint32_t wants;
	_Atomic uint32_t tell; /* ring the bell when you begin a job */
	_Atomic uint64_t pace; /* ns a job, smoothed */
};

/*
 * How long a worker without a job looks around before it sleeps, and the
 * parent that waits for a lone job's answer, in ns.  An idle core of a
 * virtual machine takes 25 to 50 us to wake: a lone job's round trip was 58
 * us without this, 3 with it.  The processor is offered to others meanwhile;
 * but with more jobs about, a parent that looks costs a worker half a core.
 */
enum { LOOK_NS = 50 * 1000 };

enum {
	PACE_START = 100 * 1000, /* while nothing is known */
	PACE_MAX = 2000 * 1000   /* a longer job counts as this */
};

/*
 * The life of a worker.  *bell is not 0 while the parent sleeps.  A byte on
 * fd, either way, wakes the other side; its end is the end of the worker.
 */
_Noreturn void pool_worker(struct lane *lane, _Atomic uint32_t *bell, int fd,
    pool_work *work, void *arg);

#endif
