#include "compiler.h"

/* Deeper axes than this are loaded in one go. */
enum { STEP_AXIS = 15 };

/* -------- emitting -------- */

uint32_t
emit(struct compiler *c, enum op op, unsigned a, unsigned b, unsigned d)
{
	if (c->n == ROOM - 1) {
		c->full = true;
		return c->n;
	}
	c->code[c->n] =
	    (struct instr){op, (uint16_t)a, (uint16_t)b, (uint16_t)d};
	return c->n++;
}

unsigned
new_slot(struct compiler *c)
{
	unsigned s = c->next++;

	if (c->next > c->most)
		c->most = c->next;
	return s;
}

unsigned
constant(struct compiler *c, noun k)
{
	enum { LOOK_BACK = 8 };
	uint32_t n = c->n_constants;

	for (uint32_t i = n; i > 0 && i + LOOK_BACK > n; i--)
		if (c->constants[i - 1] == k)
			return i - 1;
	if (n == ROOM - 1) {
		c->full = true;
		return n;
	}
	c->constants[n] = k;
	return c->n_constants++;
}

void
jump(struct compiler *c, struct label *l, enum op op, unsigned a, unsigned b)
{
	uint32_t i = emit(c, op, a, b, l->last);

	if (!c->full) /* else nothing was written to be bound */
		l->last = i + 1;
	c->block = c->n;
}

void
bind_label(struct compiler *c, struct label *l)
{
	while (l->last != 0) {
		struct instr *i = &c->code[l->last - 1];
		uint32_t length = c->n - l->last;

		l->last = i->c;
		i->c = (uint16_t)length;
	}
	c->block = c->n;
}

/* -------- syms -------- */

static struct sym *
new_sym(enum kind kind)
{
	struct sym *s = scratch_push(sizeof *s);

	*s = (struct sym){.kind = kind, .slot = -1};
	return s;
}

struct sym *
sym_const(noun k)
{
	struct sym *s = new_sym(CONST);

	s->k = k;
	return s;
}

struct sym *
sym_slot(unsigned slot)
{
	struct sym *s = new_sym(SLOT);

	s->slot = (int)slot;
	return s;
}

struct sym *
sym_pair(struct sym *h, struct sym *t)
{
	struct sym *s = new_sym(PAIR);

	s->h = h;
	s->t = t;
	return s;
}

void
note(struct compiler *c, struct sym *s)
{
	if (c->n_trail == ROOM - 1) {
		c->full = true;
		return;
	}
	c->trail[c->n_trail++] = (struct change){s, *s};
}

struct mark
mark(const struct compiler *c)
{
	return (struct mark){c->n_trail, c->next};
}

void
back(struct compiler *c, struct mark m)
{
	while (c->n_trail > m.trail) {
		struct change *x = &c->trail[--c->n_trail];

		*x->at = x->was;
	}
	c->next = m.next;
}

void
put(struct compiler *c, unsigned d, struct sym *s)
{
	if (s->slot >= 0) {
		emit(c, OP_MOV, d, (unsigned)s->slot, 0);
	} else if (s->kind == CONST) {
		emit(c, OP_LDK, d, constant(c, s->k), 0);
	} else {
		unsigned h = slot_of(c, s->h), t = slot_of(c, s->t);

		emit(c, OP_CONS, d, h, t);
	}
}

unsigned
slot_of(struct compiler *c, struct sym *s)
{
	unsigned d;

	if (s->slot >= 0)
		return (unsigned)s->slot;
	/* The parts first: a slot must not be taken before it is needed. */
	if (s->kind == PAIR) {
		slot_of(c, s->h);
		slot_of(c, s->t);
	}
	d = new_slot(c);
	put(c, d, s);
	note(c, s);
	s->slot = (int)d;
	return d;
}

struct sym *
crash(struct compiler *c)
{
	emit(c, OP_BAIL, 0, 0, 0);
	return sym_const(0);
}

/* -------- parts -------- */

struct sym *
part(struct compiler *c, struct sym *s, unsigned which)
{
	struct sym **p = which ? &s->t : &s->h, *x;
	enum op op;

	if (s->kind == CONST) {
		if (is_atom(s->k))
			return crash(c);
		return sym_const(cell_words(s->k)[which]);
	}
	if (*p != NULL)
		return *p;
	op = (s->cell ? OP_HEADU : OP_HEAD) + which;
	x = sym_slot(new_slot(c));
	emit(c, op, (unsigned)x->slot, (unsigned)s->slot, 0);
	note(c, s);
	s->cell = true;
	return *p = x;
}

/* The part at a small axis, step by step. */
static struct sym *
part_word(struct compiler *c, struct sym *s, uint64_t axis)
{
	for (int i = 62 - __builtin_clzll(axis); i >= 0; i--)
		s = part(c, s, axis >> i & 1);
	return s;
}

/* The part of a noun in a slot at any axis, in one instruction. */
static struct sym *
part_far(struct compiler *c, struct sym *s, noun axis)
{
	unsigned d = new_slot(c);

	emit(c, OP_AX, d, slot_of(c, s), constant(c, axis));
	return sym_slot(d);
}

/* Steps whose outcome is known take no instruction. */
struct sym *
part_at(struct compiler *c, struct sym *s, noun axis)
{
	uint64_t a;
	int i;

	if (axis == 0)
		return crash(c);
	if (!is_direct(axis))
		return part_far(c, s, axis);
	a = direct_value(axis);
	for (i = 62 - __builtin_clzll(a); i >= 0; i--) {
		unsigned which = a >> i & 1;
		struct sym *x = which ? s->t : s->h;

		if (s->kind == CONST && is_cell(s->k))
			s = sym_const(cell_words(s->k)[which]);
		else if (s->kind != CONST && x != NULL)
			s = x;
		else
			break;
	}
	/* What is left of the axis, from s on. */
	a = (a & ((UINT64_C(1) << (i + 1)) - 1)) | UINT64_C(1) << (i + 1);
	return a <= STEP_AXIS || s->kind == CONST ? part_word(c, s, a)
	                                          : part_far(c, s, direct(a));
}
