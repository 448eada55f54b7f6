/*
 * Every instruction must end in a dispatch of its own, for the sake of the
 * processor's branch prediction: gcc would merge them.
 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-gcse", "no-crossjumping")
#endif

#include "machine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "atom.h"
#include "clock.h"
#include "equal.h"
#include "memo.h"
#include "shape.h"

struct machine machine;

/* -------- safepoints -------- */

void
nock_interrupt(enum bail kind)
{
	machine.interrupt = (int)kind;
	heap_hurry();
}

void
nock_sample(void)
{
	machine.sample = 1;
	heap_hurry();
}

/*
 * A bail, or a collection that is not poll()'s, has made a hurry forgotten:
 * what it was for would never be seen in a loop that makes nothing.
 */
static void
remind(void)
{
	if (machine.interrupt != BAIL_NONE || machine.sample ||
	    (machine.deadline != 0 && clock_ns() > machine.deadline))
		heap_hurry();
}

static void __attribute__((noinline)) poll(void)
{
	int kind = machine.interrupt;

	heap_collect_due();
	if (machine.sample) {
		machine.sample = 0;
		if (machine.opts.sample)
			machine.opts.sample(machine.opts.arg);
	}
	if (kind != BAIL_NONE) {
		machine.interrupt = BAIL_NONE;
		bail((enum bail)kind);
	}
	if (machine.deadline != 0 && clock_ns() > machine.deadline) {
		machine.late = true;
		bail(BAIL_TIME);
	}
}

/* -------- calls -------- */

static inline void
push_frame(const struct instr *ip, struct code *code)
{
	struct region *control = &heap.region[CONTROL_STACK];
	struct frame *f;

	region_room(control, sizeof *f);
	f = (struct frame *)control->top;
	f->ip = ip;
	f->code = code;
	control->top = (char *)(f + 1);
}

/* The noun that was handed over in parts. */
static noun
whole(uint32_t shape, int *bit, const noun **args)
{
	noun h;

	if (!(shape >> --*bit & 1))
		return *(*args)++;
	h = whole(shape, bit, args);
	return cons(h, whole(shape, bit, args));
}

/*
 * The code for a formula that is not the one last called here.  Where it
 * takes the subject whole, put that in the arguments' place.
 */
static struct code *__attribute__((noinline))
resolve(struct site *s, noun formula, noun *args)
{
	struct code *c;
	const noun *from = args;
	int bit = 31 - __builtin_clz(s->shape);

	if (!is_cell(formula))
		bail(BAIL_EXIT);
	c = code_link(s, formula);
	if (c->shape != s->shape)
		args[0] = whole(s->shape, &bit, &from);
	return c;
}

/* -------- far axes -------- */

static inline bool
in_nursery(noun n)
{
	return n >= (noun)heap.region[NURSERY_CELLS].base;
}

/* Down from *n by the lowest bits of the axis; or only while it is young. */
static inline bool
step(noun *n, uint64_t axis, unsigned *left, bool young)
{
	while (*left > 0 && (!young || in_nursery(*n))) {
		if (!is_cell(*n))
			return false;
		*n = cell_words(*n)[axis >> --*left & 1];
	}
	return true;
}

/* The part of n at an axis. */
static bool
go_far(struct way *way, noun n, noun axis, noun *part)
{
	uint64_t a = direct_value(axis);
	unsigned left, to_go;

	if (!is_direct(axis))
		return axis_get(n, axis, part);
	left = 63 - (unsigned)__builtin_clzll(a);
	if (!step(&n, a, &left, true))
		return false;
	if (n == way->from && left == way->left) {
		*part = way->part;
		return true;
	}
	*part = n;
	to_go = left;
	if (!step(part, a, &to_go, false))
		return false;
	if (left > 0)
		*way = (struct way){n, *part, left};
	return true;
}

/* -------- jets -------- */

enum {
	GATE_SHAPE = 0x34, /* [battery [sample context]] */
	PAIR_SHAPE = 0xd8  /* [battery [[a b] context]] */
};

/* The part of a shape that begins at *bit, made whole. */
static bool
take_core(const struct code *c, const noun *args, noun *battery, noun *sample,
    noun *context)
{
	int bit = 31 - __builtin_clz(c->shape);
	uint32_t shape = c->shape;
	noun payload;

	if (shape == CODE_WHOLE)
		return uncons3(args[0], battery, sample, context);
	bit--; /* the core is a cell */
	*battery = whole(shape, &bit, &args);
	if (!(shape >> (bit - 1) & 1)) {
		payload = *args;
		return uncons(payload, sample, context);
	}
	bit--;
	*sample = whole(shape, &bit, &args);
	*context = whole(shape, &bit, &args);
	return true;
}

/*
 * What the first jet that does not pass makes of the arguments.  One that
 * passes may have collected; the arguments are in slots.
 */
static noun __attribute__((noinline))
try_jets(const struct code *c, const noun *args, struct nock_jet **who)
{
	noun battery, sample, context, v;

	if (machine.bare == c) {
		machine.bare = NULL;
		return NOCK_PASS;
	}
	for (struct nock_jet *j = c->jets; j != NULL; j = j->next) {
		if (c->shape == GATE_SHAPE) {
			battery = args[0];
			sample = args[1];
			context = args[2];
		} else if (c->shape == PAIR_SHAPE) {
			battery = args[0];
			sample = cons(args[1], args[2]);
			context = args[3];
		} else if (!take_core(c, args, &battery, &sample, &context)) {
			return NOCK_PASS;
		}
		*who = j;
		v = j->run(j, battery, sample, context);
		if (v != NOCK_PASS)
			return v;
	}
	return NOCK_PASS;
}

noun
nock_keep(noun state)
{
	machine.kept = state;
	return NOCK_KEEP;
}

void
nock_attach(noun formula, struct nock_jet *jet)
{
	if (is_cell(formula))
		code_attach(formula, jet);
}

void
nock_on_fast(void (*fast)(noun core, noun clue))
{
	machine.fast = fast;
}

bool
nock_deep(void)
{
	return (char *)__builtin_frame_address(0) <
	    machine.c_limit + machine.c_reserve;
}

/* -------- opcode 12 -------- */

static noun
tag_hunk(void)
{
	return atom_cord("hunk");
}

static noun __attribute__((noreturn)) block(noun path)
{
	machine.blocked = cons(path, 0);
	bail(BAIL_EXIT);
}

static noun __attribute__((noreturn)) no_such(noun ref, noun path)
{
	machine.trace = cons(cons(tag_hunk(), cons(ref, path)), machine.trace);
	bail(BAIL_EXIT);
}

/* The gate gave no unit of a unit: who gave it crashes, as in the Hoon. */
static noun __attribute__((noreturn)) no_answer(void)
{
	machine.outward++;
	bail(BAIL_EXIT);
}

/*
 * Ask the innermost scry gate, in the context in which it was given: its
 * own scries go to the next one out, and its crash is the crash of who gave
 * it; `outward` tells nock_soft() so.
 */
static noun
scry(noun ref, noun path)
{
	noun gate = machine.scry ? head(machine.scry) : 0, answer;

	if (gate == 0)
		bail(BAIL_EXIT);
	stack_push(ref);
	stack_push(path);
	stack_push(machine.scry);
	machine.scry = tail(machine.scry);
	machine.outward++;
	answer = nock_slam(gate, cons(ref, path));
	machine.outward--;
	machine.scry = stack_pop();
	path = stack_pop();
	ref = stack_pop();
	if (answer == 0)
		block(path);
	if (is_atom(answer))
		no_answer();
	if (tail(answer) == 0)
		no_such(ref, path);
	if (is_atom(tail(answer)))
		no_answer();
	return tail(tail(answer));
}

/* -------- the two loops -------- */

#include "run.h"

static void
watch_enter(const struct code *c, const struct frame *top)
{
	const struct frame *base =
	    (struct frame *)heap.region[CONTROL_STACK].base;

	machine.calls++;
	if (machine.opts.enter)
		machine.opts.enter(machine.opts.arg, code_formula(c),
		    code_spot(c), (unsigned long)(top - base));
}

#define RUN_WATCHED
#include "run.h"

/* Run code on arguments that lie above the stack's top. */
static noun
run(struct code *c)
{
	if ((char *)__builtin_frame_address(0) < machine.c_limit)
		bail(BAIL_OVER);
	if (__builtin_expect(machine.interrupt | machine.sample, 0))
		heap_hurry(); /* a safepoint outside may have used it up */
	return machine.opts.count || machine.opts.enter ? run_watched(c)
	                                                : run_plain(c);
}

/* -------- from outside -------- */

/* Nothing runs: whatever a bail left behind is of no meaning now. */
static void
begin(void)
{
	struct region *r = &heap.region[CONTROL_STACK];

	if (r->top != r->base)
		return;
	machine.trace = machine.scry = machine.loops = machine.spins = 0;
	machine.blocked = machine.kept = 0;
	machine.outward = 0;
	machine.deadline = 0;
	machine.code = NULL;
}

static noun *
arguments(void)
{
	struct region *r = &heap.region[NOUN_STACK];

	region_room(r, CODE_ARGS * sizeof(noun));
	return stack_top();
}

static struct code *
whole_code(noun subject, noun formula)
{
	struct code *c;

	begin();
	if (!is_cell(formula))
		bail(BAIL_EXIT);
	c = code_find(formula, CODE_WHOLE);
	arguments()[0] = subject;
	return c;
}

noun
nock(noun subject, noun formula)
{
	return run(whole_code(subject, formula));
}

noun
nock_body(noun subject, noun formula)
{
	struct code *c = whole_code(subject, formula);

	if (c->jets != NULL)
		machine.bare = c;
	return run(c);
}

noun
nock_kick(noun core, uint64_t axis)
{
	noun formula;

	if (!axis_get_word(core, axis, &formula))
		bail(BAIL_EXIT);
	return nock(core, formula);
}

noun
nock_slam(noun gate, noun sample)
{
	struct code *c;
	noun *args, old, context, parts[3], battery;
	const noun *from = parts;
	int bit = 5;

	begin();
	if (!uncons3(gate, &battery, &old, &context) || !is_cell(battery))
		bail(BAIL_EXIT);
	parts[0] = battery;
	parts[1] = sample;
	parts[2] = context;
	c = code_find(battery, GATE_SHAPE);
	args = arguments();
	if (c->shape == GATE_SHAPE)
		memcpy(args, parts, sizeof parts);
	else
		args[0] = whole(GATE_SHAPE, &bit, &from);
	return run(c);
}

noun
nock_trace(void)
{
	return machine.trace;
}

/* -------- virtualisation -------- */

struct soft {
	noun subject, formula, product;
};

static void
soft_run(void *arg)
{
	struct soft *s = arg;

	s->product = nock(s->subject, s->formula);
}

/* What a virtualised computation has of its own. */
static void
save(void)
{
	stack_push(machine.trace);
	stack_push(machine.scry);
	stack_push(machine.loops);
	stack_push(machine.spins);
}

static void
restore(void)
{
	machine.spins = stack_pop();
	machine.loops = stack_pop();
	machine.scry = stack_pop();
	machine.trace = stack_pop();
}

static noun
crash_toon(void)
{
	noun path;

	if (machine.blocked == 0)
		return cons(direct(2), machine.trace);
	path = head(machine.blocked);
	machine.blocked = 0;
	return cons(direct(1), path);
}

/* What became of a computation; *toon if that is an answer. */
static enum bail
outcome(enum bail kind, noun product, noun *toon)
{
	*toon = 0;
	if (kind == BAIL_NONE)
		*toon = cons(0, product);
	else if (kind == BAIL_EXIT && machine.outward == 0)
		*toon = crash_toon();
	else
		return kind;
	return BAIL_NONE;
}

enum bail
nock_soft(noun subject, noun formula, noun gate, noun *toon)
{
	struct soft s = {subject, formula, 0};
	struct code *code;
	uint64_t deadline;
	unsigned outward;
	enum bail kind;

	begin();
	code = machine.code;
	deadline = machine.deadline;
	outward = machine.outward;
	push_frame(NULL, code);
	save();
	machine.trace = machine.loops = 0;
	machine.outward = 0;
	machine.scry = cons(gate, machine.scry);
	kind = trap_run(soft_run, &s);
	kind = outcome(kind, s.product, toon);
	restore();
	heap.region[CONTROL_STACK].top -= sizeof(struct frame);
	machine.code = code;
	machine.deadline = deadline;
	machine.outward = outward + (machine.outward ? machine.outward - 1 : 0);
	remind();
	return kind;
}

/* The earlier of a deadline and the one that is set. */
static void
set_limit(uint64_t ns)
{
	uint64_t at = clock_ns() + ns;

	if (ns != 0 && (machine.deadline == 0 || at < machine.deadline))
		hint_deadline(at);
}

/* As nock_soft(), but nothing of the computation around is hidden from f. */
enum bail
nock_trap(void (*f)(void *), void *arg, uint64_t ns)
{
	struct code *code = machine.code;
	uint64_t deadline = machine.deadline;
	unsigned outward = machine.outward;
	enum bail kind;

	begin();
	push_frame(NULL, code);
	save();
	machine.late = false;
	set_limit(ns);
	kind = trap_run(f, arg);
	machine.bare = NULL;
	restore();
	heap.region[CONTROL_STACK].top -= sizeof(struct frame);
	machine.code = code;
	if (deadline != machine.deadline)
		hint_deadline(deadline);
	remind();
	if (kind == BAIL_TIME &&
	    !(machine.late && (deadline == 0 || clock_ns() < deadline)))
		bail(kind); /* a limit that was there before */
	if (machine.outward == outward && machine.blocked == 0)
		return kind;
	bail(kind); /* a scry has blocked, or its gate crashed: not f's end */
}

uint64_t
nock_scries(void)
{
	return machine.scries;
}

bool
nock_memo_get(noun subject, noun formula, noun *product)
{
	return memo_get(subject, formula, product);
}

void
nock_memo_put(noun subject, noun formula, noun product)
{
	memo_put(subject, formula, product);
}

void
nock_memo_pin(noun subject, noun formula, noun product)
{
	memo_pin(subject, formula, product);
}

bool
nock_memo_pinned(noun formula)
{
	return memo_pinned(formula);
}

void
nock_memo_clear(void)
{
	memo_clear();
}

/* -------- beginning and end -------- */

static void
roots(struct heap_hook *h, bool major)
{
	struct region *r = &heap.region[CONTROL_STACK];

	(void)h;
	heap_visit(&machine.trace);
	heap_visit(&machine.scry);
	heap_visit(&machine.loops);
	heap_visit(&machine.spins);
	heap_visit(&machine.blocked);
	heap_visit(&machine.kept);
	code_roots(major);
	memo_roots(major);
	if (!major)
		return;
	if (machine.code != NULL)
		code_visit(machine.code);
	for (struct frame *f = (struct frame *)r->base;
	     f < (struct frame *)r->top; f++)
		if (f->code != NULL)
			code_visit(f->code);
}

static void
weak(struct heap_hook *h, bool major)
{
	(void)h;
	code_weak(major);
}

static void
done(struct heap_hook *h, bool major)
{
	(void)h;
	code_done();
	memo_done(major);
}

static struct heap_hook hook = {.roots = roots, .weak = weak, .done = done};

/* Leave the last part of the C stack to what is called from here. */
static char *
c_stack_limit(void)
{
	enum { RESERVE = 256 << 10, MOST = 64 << 20 };
	struct rlimit l;
	size_t n = MOST;

	if (getrlimit(RLIMIT_STACK, &l) == 0 && l.rlim_cur < n)
		n = l.rlim_cur;
	n = n > 2 * RESERVE ? n - RESERVE : n / 2;
	return (char *)__builtin_frame_address(0) - n;
}

void
nock_init(const struct nock_opts *opts)
{
	enum { MEMO_MAX = 50000 };

	memset(&machine, 0, sizeof machine);
	if (opts)
		machine.opts = *opts;
	machine.c_limit = c_stack_limit();
	machine.c_reserve =
	    ((char *)__builtin_frame_address(0) - machine.c_limit) / 4;
	code_init();
	memo_init(machine.opts.memo_max ? machine.opts.memo_max : MEMO_MAX);
	heap_hook_add(&hook);
}

void
nock_free(void)
{
	heap_hook_remove(&hook);
	memo_free();
	code_free();
}

void
nock_stats(struct nock_stat *s)
{
	*s = (struct nock_stat){.formulas = code_stat.formulas,
	    .variants = code_stat.variants,
	    .compile_ns = code_stat.nanoseconds,
	    .code_bytes = code_stat.bytes,
	    .instructions = machine.instructions,
	    .calls = machine.calls,
	    .memo_hits = memo_hits,
	    .memo_misses = memo_misses};
}

void
nock_stack(void (*each)(void *, noun formula, noun spot), void *arg)
{
	struct region *r = &heap.region[CONTROL_STACK];
	struct frame *f = (struct frame *)r->top;

	if (machine.code != NULL)
		each(arg, code_formula(machine.code), code_spot(machine.code));
	while (f-- > (struct frame *)r->base)
		if (f->ip != NULL)
			each(arg, code_formula(f->code), code_spot(f->code));
}
