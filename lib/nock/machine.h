/*
 * machine -- the state of the one machine.  Private to lib/nock.
 *
 * The frames of the functions that are running lie one above the other on
 * the noun stack; where each will go on lies on the control stack.  What
 * the machine holds beside them is here, and is saved and restored around a
 * virtualised computation by nock_soft().
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "code.h"
#include "nock.h"

/*
 * Where a caller goes on.  ip is NULL in the frame that a run of the
 * machine begins with, and code then is what ran around it, or NULL.
 */
struct frame {
	const struct instr *ip;
	struct code *code;
};

struct machine {
	struct nock_opts opts;
	noun trace;        /* list of [tag clue], innermost first */
	noun scry;         /* list of scry gates, innermost first; 0 = none */
	noun loops;        /* list of [subject formula] under %loop */
	noun spins;        /* list of the cords of %spin */
	noun blocked;      /* [path 0] if a scry blocked, else 0 */
	unsigned outward;  /* scry gates that are running, of this level */
	struct code *code; /* what runs, as of the last C call */
	uint64_t deadline; /* of %jinx, in ns of the monotonic clock; 0 */
	volatile int interrupt, sample;
	char *c_limit;       /* the C stack may grow down to here */
	ptrdiff_t c_reserve; /* nock_deep() when less than this is left */
	void (*fast)(noun core, noun clue);
	noun kept;               /* of nock_keep() */
	const struct code *bare; /* whose jets are not asked this once */
	bool late;               /* a bail was the deadline's */
	uint64_t scries;         /* how often opcode 12 was run */
	uint64_t instructions, calls;
};

extern struct machine machine;

/* ENTER and LEAVE: hint.c.  May bail; never collect. */
noun hint_enter(unsigned hint, noun clue, noun subject, noun formula);
void hint_leave(unsigned hint, noun state, noun product);

/* SLOG */
void hint_slog(noun clue);

/* Bail time at this time of the monotonic clock; 0 = never. */
void hint_deadline(uint64_t at);

#endif
