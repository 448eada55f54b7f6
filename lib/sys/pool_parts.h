/*
 * pool_parts -- what the files of the pool share.  For pool*.c only.
 *
 *     pool.c         the pool to its user; when the parent works and sleeps
 *     pool_slot.c    where jobs and answers are kept
 *     pool_send.c    which worker gets which jobs
 *     pool_fetch.c   answers
 *     pool_life.c    workers begin and end
 *     pool_worker.c  in the worker: it sees pool_lane.h only
 */
#ifndef POOL_PARTS_H
#define POOL_PARTS_H

#include "pool.h"
#include "pool_lane.h"

/* -------- the parent -------- */

enum {
	NIL = -1,
	SMALL = 1024,        /* a slot keeps a block up to this size */
	GATE = 10 * 1000,    /* ns between two looks at the workers */
	LOOK = 1000 * 1000,  /* ns between two looks for dead ones */
	AHEAD = 1000 * 1000, /* ns of work that a worker has before it */
	WORTH = 5 * 1000,    /* ns of work that waking one is worth */
	FRUITLESS_MAX = 100  /* deaths before a job is begun, in a row */
};

enum state { FREE, WAITS, SENT, DONE, GIVEN };

struct slot {
	uint64_t index;
	uint64_t at; /* SENT: of its frame in the worker's ring */
	uint8_t *p;  /* the job; when it is done, the answer */
	size_t n, cap;
	int32_t next, worker;
	enum state state;
	bool charged; /* a worker died of it */
	enum pool_end end;
	int code, signal;
};

/* Of slots, through their next. */
struct list {
	int32_t first, last;
};

#define NO_SLOTS ((struct list){NIL, NIL})

struct worker {
	pid_t pid; /* 0: to be forked */
	int fd;
	struct lane *lane;
	struct list sent; /* in the order of its ring */
	uint32_t load;    /* how many they are */

	uint64_t put, put_told; /* jobs: written, and published */
	uint64_t room_from;     /* jobs.got when we last looked */
	int32_t half;           /* a job that is not written whole, or NIL */
	size_t half_at;         /* so much of it is */

	uint64_t got;  /* answers are read up to here */
	bool reading;  /* one that did not arrive whole: */
	uint8_t *part; /* so much of it is here */
	size_t part_n, part_at;
	int part_code;
};

struct pool {
	struct pool_setup s;
	pid_t self;
	int epoll;
	_Atomic uint32_t *bell;
	void *shared;
	size_t shared_n;
	struct worker *workers;

	struct slot *slots;
	int32_t *order; /* by index: slots; as many as a power of two */
	uint32_t mask;
	struct list free, waits, done;
	uint32_t waiting; /* in waits */
	uint64_t next_put, next_take;
	uint64_t taken; /* answers */
	int32_t given;  /* the answer that the caller has, or NIL */
	size_t job_bytes, answer_bytes;

	uint64_t looked, looked_dead; /* when */
	uint64_t deaths;
	unsigned missing;   /* workers that are to be forked */
	unsigned fruitless; /* deaths since a job was begun */
};

/* -------- pool_slot.c -------- */

/* Put slot i last in a list, or first; take the first, NIL if there is none. */
void pool_push(struct pool *p, struct list *l, int32_t i);
void pool_push_front(struct pool *p, struct list *l, int32_t i);
int32_t pool_pop(struct pool *p, struct list *l);

/*
 * Make the block of s large enough for n bytes; what was in it may be lost.
 * 0, or -1 with errno set, and then s is as it was.
 */
int pool_make_room(struct slot *s, size_t n);

/* The caller is done with the answer it has. */
void pool_release(struct pool *p);

/* A job is answered, and its answer is accounted for. */
void pool_finish(
    struct pool *p, int32_t i, enum pool_end end, int code, int sig);

/* Let a job wait, before all others. */
void pool_wait_again(struct pool *p, int32_t i);

/* Let those of a list wait before all others, in their order. */
void pool_wait_again_all(struct pool *p, struct list *l);

/* -------- pool_send.c -------- */

/* Send what waits, to the idle first; false if nothing could be. */
bool pool_dispatch(struct pool *p);

/* -------- pool_fetch.c -------- */

/* Forget the answer of w that is here in part. */
void pool_drop_part(struct pool *p, struct worker *w);

/*
 * Fetch what w has answered: all, or no more than may be held.  1 if there was
 * something, 0, or -1 with errno set.
 */
int pool_fetch(struct pool *p, struct worker *w, bool all);

/* -------- pool_life.c -------- */

/* Make w, and the memory that it shares, as before it was forked. */
void pool_as_new(struct worker *w);

/* End worker w and wait for that: its status, -1 if someone else took it. */
int pool_reap(struct pool *p, struct worker *w);

/*
 * Worker w is dead.  The answers it gave count; the job it was at is the
 * last one before its claim; the others wait again.
 */
void pool_bury(struct pool *p, struct worker *w);

/* Fork those that are missing: how many could be, or -1 if none is left. */
int pool_bear_all(struct pool *p);

#endif
