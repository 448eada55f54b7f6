/*
 * code -- compiled functions, and how they are found.
 *
 * A function is a formula and the shape of its subject.  The shape says how
 * much of the subject's structure the caller hands over in slots, without
 * building the cells: a tree of cells with a leaf for each slot.  Shape
 * CODE_WHOLE is one leaf, the whole subject; every formula can be compiled
 * for that.  A loop that rebuilds its core for each turn runs, in the shape
 * [battery [sample context]], without building any.
 *
 *     shape    a 1 bit, then the tree in order: 1 = cell, 0 = leaf
 *              e.g. [* [* *]] is 1 10100
 *
 * A formula has one `struct fol`, found from its address by a side table,
 * and by mug and equality when it is at an address not seen before.  A fol
 * lives as long as its formula does: a minor collection keeps those of the
 * nursery's formulas, a major one drops what nothing else holds.
 */
#ifndef CODE_H
#define CODE_H

#include "heap.h"
#include "nock.h"
#include "ops.h"

enum {
	CODE_WHOLE = 2,   /* 1 0: one leaf */
	CODE_LEAVES = 8,  /* most leaves the compiler asks for */
	CODE_ARGS = 16,   /* most arguments; room kept above every frame */
	CODE_VARIANTS = 6 /* shapes a formula is compiled for, and the whole */
};

#define SITE_EMPTY ((noun)1)

/*
 * A call: which formula was last called here, and its code, if that is of
 * the site's own shape.  A collection empties the sites whose formula may
 * have moved.
 */
struct site {
	noun formula; /* or SITE_EMPTY */
	struct code *code;
	uint32_t shape;
	uint16_t args;
	bool young; /* formula is in the nursery */
};

/*
 * Where an AX with this constant last went, from the first noun on its way
 * that only a major collection moves: a core may be new at each call, but
 * what lies deep in it, the kernel's, is not.
 */
struct way {
	noun from; /* or SITE_EMPTY */
	noun part;
	unsigned left; /* steps between the two */
};

/*
 * Bytecode lies behind two instructions that try the formula's jets first.
 * Where a function with jets begins, its start is there; else at its body.
 */
enum { CODE_ENTRY = 2 };

struct code {
	struct code *next; /* of the same formula, another shape */
	uint32_t fol;      /* number of its formula */
	struct instr *start, *body;
	struct nock_jet *jets; /* the first of its formula's, or NULL */
	noun *constants;
	struct way *ways; /* one for each constant */
	struct site *sites;
	uint32_t shape;
	uint32_t n, n_constants, n_sites; /* n: of the body */
	uint16_t args, slots;
	uint32_t room; /* bytes of the frame, and of arguments above it */
	uint32_t spot; /* constant with the first %spot of the formula; ~0 */
};

struct fol {
	noun formula; /* 0 = free */
	struct code *code;
	struct nock_jet *jets;
	uint32_t mug;
	uint32_t next; /* in the bucket, or of the free ones */
	uint16_t variants;
};

void code_init(void);
void code_free(void);

/*
 * The code that runs `formula`, a cell, for a caller who hands over `shape`:
 * of that shape, or of CODE_WHOLE.  Compiles it if need be.  May bail meme;
 * never collects.
 */
struct code *code_find(noun formula, uint32_t shape);

/* The same, kept in the site for the next time. */
struct code *code_link(struct site *site, noun formula);

/* The formula that c was made from, and the clue of its first %spot or 0. */
noun code_formula(const struct code *c);
noun code_spot(const struct code *c);

/* Put a jet before the others of a formula: see nock_attach(). */
void code_attach(noun formula, struct nock_jet *jet);

/* In a major collection's roots: c is running and must stay. */
void code_visit(struct code *c);

/* The parts of a collection: see struct heap_hook. */
void code_roots(bool major);
void code_weak(bool major);
void code_done(void);

struct code_stat {
	uint64_t formulas, variants, nanoseconds, bytes;
};

extern struct code_stat code_stat;

#endif
