/*
 * Calls: how a subject is handed over in parts, and where they are put.
 */
#include "compiler.h"

/* A subject as it is handed over. */
struct hand {
	struct sym *leaf[CODE_ARGS];
	unsigned n;
	uint32_t shape;
};

/* Open the pairs of s that are not made, the outermost first. */
static void
open_pairs(struct sym *s, bool open)
{
	struct sym *queue[2 * CODE_LEAVES];
	unsigned first = 0, last = 0, leaves = 1;

	queue[last++] = s;
	while (first < last && leaves < CODE_LEAVES) {
		s = queue[first++];
		if (s->kind != PAIR || s->slot >= 0)
			continue;
		s->open = open;
		leaves++;
		queue[last++] = s->h;
		queue[last++] = s->t;
	}
}

static void
lay_out(struct hand *h, struct sym *s)
{
	bool open = s->kind == PAIR && s->slot < 0 && s->open;

	if (h->n > CODE_ARGS)
		return;
	h->shape = h->shape << 1 | open;
	if (open) {
		lay_out(h, s->h);
		lay_out(h, s->t);
	} else if (h->n++ < CODE_ARGS) {
		h->leaf[h->n - 1] = s;
	}
}

/* A sym that stands in the subject twice may open to too many leaves. */
static void
flatten(struct hand *h, struct sym *s)
{
	open_pairs(s, true);
	*h = (struct hand){.shape = 1};
	lay_out(h, s);
	open_pairs(s, false);
	if (h->n > CODE_ARGS)
		*h = (struct hand){{s}, 1, CODE_WHOLE};
}

static unsigned
new_site(struct compiler *c, const struct hand *h)
{
	if (c->n_sites == ROOM - 1) {
		c->full = true;
		return 0;
	}
	c->sites[c->n_sites] = (struct site){
	    SITE_EMPTY, .shape = h->shape, .args = (uint16_t)h->n};
	return c->n_sites++;
}

/*
 * The callee's frame begins where the slots that hold something now end, so
 * that the stack has no gap; its result comes to its first slot.
 */
static struct sym *
emit_call(struct compiler *c, enum op op, unsigned a, const struct hand *h)
{
	unsigned d = new_slot(c);

	emit(c, op, a, d, new_site(c, h));
	return sym_slot(d);
}

/* Put leaves `first` to `end` where the callee will look for them. */
static void
put_arguments(
    struct compiler *c, const struct hand *h, unsigned first, unsigned end)
{
	unsigned from[CODE_ARGS];

	for (unsigned i = first; i < end; i++)
		from[i] = slot_of(c, h->leaf[i]);
	for (unsigned i = first; i < end; i++)
		emit(c, OP_MOV, c->next + i, from[i], 0);
}

struct sym *
call(struct compiler *c, struct sym *formula, struct sym *subject)
{
	struct hand h;
	unsigned f = slot_of(c, formula);

	flatten(&h, subject);
	put_arguments(c, &h, 0, h.n);
	return emit_call(c, OP_CALL, f, &h);
}

/* A gate with another sample, as it is handed over: at least three leaves. */
static void
flatten_gate(struct hand *h, struct sym *sample)
{
	struct sym *part = sym_slot(0); /* GCALL finds both others itself */

	flatten(h, sym_pair(part, sym_pair(sample, part)));
}

struct sym *
call_gate(struct compiler *c, struct sym *gate, struct sym *sample)
{
	struct hand h;

	flatten_gate(&h, sample);
	put_arguments(c, &h, 1, h.n - 1);
	return emit_call(c, OP_GCALL, slot_of(c, gate), &h);
}

/* Is slot s read by a move that is still to be made? */
static bool
is_source(const unsigned *from, const bool *done, unsigned n, unsigned s)
{
	for (unsigned i = 0; i < n; i++)
		if (!done[i] && from[i] == s)
			return true;
	return false;
}

/* Move from[i] to slot i, all at once; `spare` is free. */
static void
move_all(struct compiler *c, unsigned *from, unsigned n, unsigned spare)
{
	bool done[CODE_ARGS], moved;
	unsigned left = n;

	for (unsigned i = 0; i < n; i++)
		if ((done[i] = from[i] == i))
			left--;
	while (left > 0) {
		moved = false;
		for (unsigned i = 0; i < n; i++) {
			if (done[i] || is_source(from, done, n, i))
				continue;
			emit(c, OP_MOV, i, from[i], 0);
			done[i] = moved = true;
			left--;
		}
		if (moved)
			continue;
		/* A cycle: free one slot of it. */
		for (unsigned i = 0; !moved; i++) {
			if (done[i])
				continue;
			emit(c, OP_MOV, spare, i, 0);
			for (unsigned j = 0; j < n; j++)
				if (!done[j] && from[j] == i)
					from[j] = spare;
			moved = true;
		}
	}
}

/* -------- computing an argument where it is wanted -------- */

static const char *const operands[] = {
#define X(name, operands, what) operands,
    NOCK_OPS(X)
#undef X
};

/* Does the instruction have slot s as an operand of this kind? */
static bool
has(const struct instr *i, char kind, unsigned s)
{
	const char *o = operands[i->op];

	return (o[0] == kind && i->a == s) || (o[1] == kind && i->b == s) ||
	    (o[2] == kind && i->c == s);
}

/* Instructions that do nothing but give a value to their slot a. */
static bool
is_plain(enum op op)
{
	return op <= OP_ISCELL;
}

/* The instruction of the last straight stretch that gives slot s; or n. */
static uint32_t
giver(const struct compiler *c, unsigned s)
{
	for (uint32_t i = c->n; i-- > c->block;)
		if (has(&c->code[i], 'd', s))
			return is_plain(c->code[i].op) ? i : c->n;
	return c->n;
}

/*
 * The argument in slot s is wanted in slot d, at the end of the function.
 * Let its instruction give it there at once, if from there on none reads s,
 * and none has to do with what d held; nor may any call, whose frame would
 * lie above a slot that was never set.
 */
static bool
retarget(struct compiler *c, unsigned d, unsigned s)
{
	uint32_t from = giver(c, s);

	if (from == c->n)
		return false;
	for (uint32_t i = from + 1; i < c->n; i++)
		if (!is_plain(c->code[i].op) || has(&c->code[i], 'r', s) ||
		    has(&c->code[i], 'r', d) || has(&c->code[i], 'd', d))
			return false;
	c->code[from].a = (uint16_t)d;
	return true;
}

/* Slot i of n is the only one moved from slot s, and none is from slot i. */
static bool
is_alone(const unsigned *from, unsigned n, unsigned i)
{
	for (unsigned j = 0; j < n; j++)
		if (j != i && (from[j] == from[i] || from[j] == i))
			return false;
	return true;
}

/*
 * A loop's counter is so incremented in place: list100k runs a fifth fewer
 * instructions, fib24 a twentieth.
 */
static void
retarget_all(struct compiler *c, unsigned *from, unsigned n, unsigned f)
{
	for (unsigned i = 0; i < n; i++)
		if (from[i] >= n && from[i] != f && f != i &&
		    is_alone(from, n, i) && retarget(c, i, from[i]))
			from[i] = i;
}

static unsigned
slot_above(struct compiler *c, unsigned n)
{
	if (c->next < n)
		c->next = n;
	return new_slot(c);
}

/* Slot s is still wanted when from[i] has been moved to slot i. */
static unsigned
keep(struct compiler *c, unsigned s, const unsigned *from, unsigned n)
{
	unsigned d;

	if (s >= n || from[s] == s)
		return s;
	d = slot_above(c, n);
	emit(c, OP_MOV, d, s, 0);
	return d;
}

/* Leaves `first` to `end` of h go to the slots of their numbers. */
static void
emit_tail_call(struct compiler *c, enum op op, unsigned a, const struct hand *h,
    unsigned first, unsigned end)
{
	unsigned from[CODE_ARGS];

	for (unsigned i = 0; i < h->n; i++)
		from[i] = i >= first && i < end ? slot_of(c, h->leaf[i]) : i;
	a = keep(c, a, from, h->n);
	retarget_all(c, from, h->n, a);
	move_all(c, from, h->n, slot_above(c, h->n));
	emit(c, op, a, 0, new_site(c, h));
}

void
tail_call(struct compiler *c, struct sym *formula, struct sym *subject)
{
	struct hand h;
	unsigned f = slot_of(c, formula);

	flatten(&h, subject);
	emit_tail_call(c, OP_TCALL, f, &h, 0, h.n);
}

void
tail_call_gate(struct compiler *c, struct sym *gate, struct sym *sample)
{
	struct hand h;

	flatten_gate(&h, sample);
	emit_tail_call(c, OP_GTCALL, slot_of(c, gate), &h, 1, h.n - 1);
}
