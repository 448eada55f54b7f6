/*
 * nock -- the machine that runs formulas.
 *
 * Nock 4K with opcode 12 (scry) inside virtualised computations.  A formula
 * is compiled to register bytecode when it is first run (compile.h); calls
 * and tail calls never use the C stack, so recursion is bounded by memory
 * alone.  There is one machine in a process, as there is one heap.
 *
 * All functions here that run a formula may bail (bail.h) and may collect:
 * nouns that the caller still wants afterwards go on the noun stack.  Their
 * own arguments they keep themselves.
 *
 *     nock_init(NULL);
 *     ...
 *     enum bail kind = nock_soft(subject, formula, 0, &toon);
 */
#ifndef NOCK_H
#define NOCK_H

#include "bail.h"
#include "noun.h"

/* What the machine tells its owner.  Any of them may be NULL. */
struct nock_opts {
	/*
	 * A %slog hint: priority 0..3 and the tank.  Must not bail or keep
	 * the noun, and must not collect.
	 */
	void (*slog)(void *arg, unsigned priority, noun tank);
	/* A report of %bout, %meme, %xray ..: one line of text. */
	void (*report)(void *arg, const char *line);
	/*
	 * The function of a formula is entered, so many calls deep; spot is
	 * the clue of its first %spot, or 0.  Makes the machine slower.
	 */
	void (*enter)(void *arg, noun formula, noun spot, unsigned long depth);
	/* nock_sample() was called: now nock_stack() may be. */
	void (*sample)(void *arg);
	/* The innermost cord of %spin is now this; 0 = none. */
	void (*spin)(void *arg, noun cord);
	/*
	 * A %jinx asks for nock_tick() to be called, from a signal handler,
	 * after so many nanoseconds; 0 = no longer.
	 */
	void (*alarm)(void *arg, uint64_t nanoseconds);
	void *arg;
	uint32_t memo_max; /* most entries in the %memo cache; 0 = 50,000 */
	bool count;        /* keep nock_stat's instructions and calls */
};

/* Call after heap_init().  May bail meme. */
void nock_init(const struct nock_opts *opts);

/* Give back the machine's memory.  Call before heap_free(). */
void nock_free(void);

/* *[subject formula] */
noun nock(noun subject, noun formula);

/* Call a gate: replace its sample (axis 6), run its arm at axis 2. */
noun nock_slam(noun gate, noun sample);

/* Run the arm of a core at an axis. */
noun nock_kick(noun core, uint64_t axis);

/*
 * Run virtualised: what Hoon's mink does, made of this machine.
 *
 * Gives BAIL_NONE and a toon in *toon when there is an answer:
 *
 *     [0 product]    it came to an end
 *     [1 path]       it asked for a path that the scry gate does not have yet
 *     [2 trace]      it crashed: a list of [%mean *], [%spot *], ...,
 *                    innermost first
 *
 * A failure of the machine (meme, over, intr, time ..) is no answer: its
 * kind is given and *toon is 0; pass it on with bail().  Opcode 12 slams
 * `scry`, a gate from [ref path] to (unit (unit *)), in the context of the
 * caller; with scry 0 it crashes.  If that gate crashes, so does the caller:
 * BAIL_EXIT, to be passed on.
 */
enum bail nock_soft(noun subject, noun formula, noun scry, noun *toon);

/*
 * Where a computation stood when it bailed, for a trap outside of
 * nock_soft(): the trace, valid until the next safepoint.
 */
noun nock_trace(void);

/*
 * Make the running computation bail with this kind (BAIL_INTR, BAIL_TIME)
 * at its next safepoint.  Safe in a signal handler.
 */
void nock_interrupt(enum bail kind);

/* Have nock_opts.sample called at the next safepoint.  For a profiler's
 * signal handler. */
void nock_sample(void);

/* See nock_opts.alarm. */
void nock_tick(void);

/*
 * In nock_opts.sample: each function that is running, innermost first, as
 * for nock_opts.enter.
 */
void nock_stack(void (*each)(void *arg, noun formula, noun spot), void *arg);

/* -------- jets: what a dashboard asks of the machine -------- */

/* No nouns: what a jet says in place of its product. */
#define NOCK_PASS ((noun)1) /* not mine: run the formula itself */
#define NOCK_KEEP ((noun)5) /* run it, and tell me what it gave */

/*
 * C code that is tried whenever the formula is run that it hangs on,
 * whatever the subject: it has to see for itself that the core
 * [battery sample context] is the one it is for.  Those of one formula are
 * asked in turn, the newest first, until one does not pass.
 */
struct nock_jet {
	/*
	 * The product, or NOCK_PASS, or nock_keep(state).  May bail.  May
	 * collect if it calls back; a jet that passes, too.
	 */
	noun (*run)(struct nock_jet *, noun battery, noun sample, noun context);
	/* After NOCK_KEEP, if the formula did not crash.  Must not collect. */
	void (*keep)(noun state, noun product);
	struct nock_jet *next;
};

/* Hang a jet on a formula.  It stays the caller's memory until nock_free(). */
void nock_attach(noun formula, struct nock_jet *jet);

/* What to return from run() so that keep() gets this noun. */
noun nock_keep(noun state);

/* Call this for every core that a %fast hint is on.  Must not collect. */
void nock_on_fast(void (*fast)(noun core, noun clue));

/* nock(), but without a jet of the formula's own for this one run of it. */
noun nock_body(noun subject, noun formula);

/*
 * Run f(arg) under a trap in the midst of a computation, which can go on
 * whatever becomes of it.  For at most so many nanoseconds, unless that is
 * 0: BAIL_TIME then, as for %jinx.
 */
enum bail nock_trap(void (*f)(void *), void *arg, uint64_t ns);

/* True if not much C stack is left to call back into Nock with. */
bool nock_deep(void);

/* How often opcode 12 has been run. */
uint64_t nock_scries(void);

/* The cache of %memo: products by subject and formula. */
bool nock_memo_get(noun subject, noun formula, noun *product);
void nock_memo_put(noun subject, noun formula, noun product);

/*
 * Keep a product that was computed elsewhere until it is asked for: `pinned`
 * says if there may be such a one of this formula.
 */
void nock_memo_pin(noun subject, noun formula, noun product);
bool nock_memo_pinned(noun formula);

/* Forget all products. */
void nock_memo_clear(void);

struct nock_stat {
	uint64_t formulas, variants; /* compiled */
	uint64_t compile_ns;
	uint64_t code_bytes;          /* of bytecode now */
	uint64_t instructions, calls; /* if nock_opts.count */
	uint64_t memo_hits, memo_misses;
};

void nock_stats(struct nock_stat *s);

#endif
