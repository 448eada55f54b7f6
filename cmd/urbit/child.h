/*
 * child -- one process of the ship: its pipes, its life, its deaths.
 *
 *     child_start      spawned: frames may be put in its box at once
 *       -> life_ready  a newline came on descriptor 3 (the serf: %ripe)
 *       -> life_gone   it ended, and all that it had written is taken
 *
 * A struct child is the place of a process: it holds while processes come
 * and go, and `life` says which one it is now.  What is not about pipes and
 * processes is decided elsewhere: frames by route.h, life and death by life.h.
 */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "beside.h"
#include "newt.h"
#include "ledger.h"
#include "parcel.h"
#include "watch.h"

struct ship;

enum child_kind { CHILD_SERF, CHILD_READER, CHILD_DRIVER };

/* Its descriptors 0, 1, 2 and 3, our ends. */
enum child_pipe { PIPE_IN, PIPE_OUT, PIPE_ERR, PIPE_READY, PIPES };

enum { CHILD_ARGS = 32, CHILD_LINE = 4096 };

struct child {
	struct ship *ship;
	enum child_kind kind;
	unsigned needs; /* a driver's: enum driver_needs */
	char letter;    /* a driver's, and its knot */
	uint64_t knot;
	const char *name; /* for words */
	char path[BESIDE_PATH];
	const char *argv[CHILD_ARGS];
	int end_signal; /* what it gets should urbit die */
	size_t most;    /* longest frame it may send */

	/* this process */
	pid_t pid; /* 0 = there is none */
	unsigned life;
	uint64_t since;     /* ms of the loop's clock */
	bool ready, doomed; /* doomed: we killed it */
	bool dirty;         /* there may be something to write */
	bool closing;       /* its input ends when its box is empty */
	int fd[PIPES];
	struct watch *watch[PIPES];
	struct newt said;
	struct box box;
	struct {
		char text[CHILD_LINE];
		size_t n, budget, lost;
		uint64_t second;
	} err;

	/* this place */
	uv_timer_t again;
	unsigned deaths; /* in a row */
	bool settled;    /* it was ready once, or will not be */
	bool given_up;

	/* A driver's: what it asked for. */
	struct ledger waiting;  /* events for which the window is full */
	unsigned events, peeks; /* not answered: with the serf, the readers */
	size_t event_bytes, peek_bytes;
	bool held;        /* it is not read from */
	uint64_t written; /* to it, when it was last looked at: route.c */

	/* A reader's, or the serf's: the questions it has. */
	struct ledger asked;
};

/* Set up a place; argv and the rest are the caller's to fill. */
void child_init(struct child *c, struct ship *s, enum child_kind kind);

/* 0, or -1 with errno set. */
int child_start(struct child *c);

/* Put a parcel in its box; the count is the child's.  Dropped if it is dead. */
void child_put(struct child *c, struct parcel *p);

/* Write what waits in the boxes. */
void child_flush(struct child *c);

/* Its input ends: what waits for it is dropped. */
void child_close(struct child *c);

/* Stop reading its frames, or read on; what was read is taken at once. */
void child_hold(struct child *c, bool hold);

/* Kill it, and say why: words without its name. */
void child_kill(struct child *c, const char *why);

/* SIGCHLD: it is gone, with this status of waitpid(2). */
void child_reap(struct child *c, int status);

/* Is there a process, and has it not been killed? */
bool child_alive(const struct child *c);

/* Of spawn.c: fork and run it, its ends of the pipes given; pid or -1. */
pid_t child_spawn(struct child *c, const int ends[PIPES]);

#endif
