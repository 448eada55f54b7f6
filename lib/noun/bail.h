/*
 * bail -- how a computation ends early: the one longjmp of the project.
 *
 * Code that computes with nouns may bail at any point; control returns to
 * the nearest trap_run(), which says why.  Between the two there may be
 * nouns, scratch memory and nothing else: no descriptor, no lock, no
 * malloc.  The stacks and the scratch memory are put back to where they
 * stood when the trap was set; what was allocated in the heap is
 * garbage for the next collection.  After BAIL_MEME there may be no room for
 * one cell more: pass a safepoint, which will collect, before making any.
 *
 *   BAIL_EXIT   the formula itself crashed: the same on every machine
 *   BAIL_FAIL   this runtime cannot do it (an operation out of its bounds)
 *   BAIL_MEME   out of memory, or over the limit given to heap_init()
 *   BAIL_OVER   out of stack
 *   BAIL_INTR   interrupted from outside
 *   BAIL_TIME   over a time limit
 *
 * Only BAIL_EXIT is a fact about the computation.  The others are facts
 * about this run and are never recorded as the result of anything.
 */
#ifndef BAIL_H
#define BAIL_H

/* kind, name: the list from which the enum and bail_name() are made. */
#define BAIL_KINDS(X)  \
	X(EXIT, "exit") \
	X(FAIL, "fail") \
	X(MEME, "meme") \
	X(OVER, "over") \
	X(INTR, "intr") \
	X(TIME, "time")

enum bail {
	BAIL_NONE,
#define X(kind, name) BAIL_##kind,
	BAIL_KINDS(X)
#undef X
};

/*
 * Run f(arg) under a trap.  BAIL_NONE if it returned, else the kind it
 * bailed with.  Traps nest.
 */
enum bail trap_run(void (*f)(void *), void *arg);

/* End the computation.  With no trap set this is a bug: it aborts. */
_Noreturn void bail(enum bail kind);

/* "exit", "meme" ...: the field's own words, without the per cent sign. */
const char *bail_name(enum bail kind);

#endif
