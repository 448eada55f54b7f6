/*
 * compiler -- the state of one compilation, and its vocabulary: slots,
 * what is known of nouns, their parts, calls.  Private to lib/nock:
 * compile.c translates formulas in these words.
 */
#ifndef COMPILER_H
#define COMPILER_H

#include "code.h"

/*
 * What the compiler knows of a noun.  A CONST's and a PAIR's slot is where
 * it was put once something needed it whole; -1 before.
 */
enum kind {
	CONST, /* k */
	SLOT,  /* in a slot; h and t are its parts as far as they were loaded */
	PAIR   /* a cell of h and t, not necessarily made */
};

struct sym {
	enum kind kind;
	bool cell; /* SLOT: a load has shown it to be a cell */
	bool open; /* PAIR: handed over in parts, in flatten() */
	int slot;
	noun k;
	struct sym *h, *t;
	struct sym *inc; /* it and 1 more, if that was computed */
};

/*
 * What is learnt on one branch does not hold on the other: changes to a sym
 * are noted here and undone at the branch's end.
 */
struct change {
	struct sym *at, was;
};

/* A jump not yet bound holds the number of the one before it, plus one. */
struct label {
	uint32_t last;
};

/* Most instructions, constants, sites ..: a jump must reach. */
enum { ROOM = 8192 };

struct compiler {
	struct instr *code;
	noun *constants;
	struct site *sites;
	struct change *trail;
	uint32_t n, n_constants, n_sites, n_trail;
	unsigned next,
	    most; /* slots: all below next hold a noun; how many ever */
	unsigned nodes, limit;
	uint32_t block; /* no jump comes or goes from here on */
	uint32_t spot;
	bool full; /* a table is: begin again with smaller functions */
};

/* -------- emit.c: instructions, slots, syms -------- */

uint32_t emit(
    struct compiler *c, enum op op, unsigned a, unsigned b, unsigned d);
unsigned new_slot(struct compiler *c);
unsigned constant(struct compiler *c, noun k);

/* Emit a jump to a label (the operand c is its length); put the label here. */
void jump(
    struct compiler *c, struct label *l, enum op op, unsigned a, unsigned b);
void bind_label(struct compiler *c, struct label *l);

struct sym *sym_const(noun k);
struct sym *sym_slot(unsigned slot);
struct sym *sym_pair(struct sym *h, struct sym *t);

/* s is about to change. */
void note(struct compiler *c, struct sym *s);

/* Where a branch begins, and back to it. */
struct mark {
	uint32_t trail;
	unsigned next;
};

struct mark mark(const struct compiler *c);
void back(struct compiler *c, struct mark m);

/* Put s into the given slot; a slot that holds s whole. */
void put(struct compiler *c, unsigned d, struct sym *s);
unsigned slot_of(struct compiler *c, struct sym *s);

/* What follows will not be run; its value is of no matter. */
struct sym *crash(struct compiler *c);

/* The head (0) or tail (1) of s; the part at an axis. */
struct sym *part(struct compiler *c, struct sym *s, unsigned which);
struct sym *part_at(struct compiler *c, struct sym *s, noun axis);

/* -------- handover.c: calls -------- */

struct sym *call(struct compiler *c, struct sym *formula, struct sym *subject);
void tail_call(struct compiler *c, struct sym *formula, struct sym *subject);

/* Call a gate, a noun in a slot, with its sample replaced. */
struct sym *call_gate(struct compiler *c, struct sym *gate, struct sym *sample);
void tail_call_gate(struct compiler *c, struct sym *gate, struct sym *sample);

#endif
