#include "compile.h"

#include "atom.h"
#include "compiler.h"
#include "hints.h"
#include "shape.h"

/* Formulas in one function; and so the bound of the recursion here. */
enum { NODES = 1500 };

/* -------- formulas -------- */

/*
 * What becomes of a formula's product.  One that is a condition is never
 * made: the code goes on where it is 0, and jumps to `no` where it is 1.
 */
struct goal {
	enum { VALUE, RESULT, TEST } kind;
	struct label *no;
};

/*
 * Translate formula f on subject s.  Gives the product if the goal is its
 * value; else what it gives is of no matter.
 */
static struct sym *translate(
    struct compiler *, noun f, struct sym *s, const struct goal *);

static struct sym *
value(struct compiler *c, noun f, struct sym *s)
{
	static const struct goal g = {.kind = VALUE};

	return translate(c, f, s, &g);
}

static void
test_value(struct compiler *c, struct sym *v, struct label *no)
{
	if (v->kind != CONST)
		jump(c, no, OP_JNO, slot_of(c, v), 0);
	else if (v->k == NO)
		jump(c, no, OP_JMP, 0, 0);
	else if (v->k != YES)
		crash(c);
}

/* v is the product. */
static struct sym *
give(struct compiler *c, struct sym *v, const struct goal *g)
{
	if (g->kind == RESULT)
		emit(c, OP_RET, slot_of(c, v), 0, 0);
	else if (g->kind == TEST)
		test_value(c, v, g->no);
	return v;
}

static struct sym *
do_axis(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	return is_atom(x) ? give(c, part_at(c, s, x), g) : crash(c);
}

static struct sym *
do_const(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	(void)s;
	return give(c, sym_const(x), g);
}

static struct sym *
do_call(struct compiler *c, struct sym *formula, struct sym *subject,
    const struct goal *g)
{
	if (g->kind != RESULT)
		return give(c, call(c, formula, subject), g);
	tail_call(c, formula, subject);
	return subject;
}

/* A formula that is known is part of this function. */
static struct sym *
do_nock(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	struct sym *subject, *formula;
	noun a, b;

	if (!uncons(x, &a, &b))
		return crash(c);
	subject = value(c, a, s);
	formula = value(c, b, s);
	if (formula->kind == CONST)
		return translate(c, formula->k, subject, g);
	return do_call(c, formula, subject, g);
}

/* 1 if s is known to be a cell, 0 if an atom, -1 if neither. */
static int
known_cell(const struct sym *s)
{
	if (s->kind == CONST)
		return is_cell(s->k);
	return s->kind == PAIR || s->cell ? 1 : -1;
}

static struct sym *
do_is_cell(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	struct sym *v = value(c, x, s);
	int known = known_cell(v);
	unsigned a, d;

	if (known >= 0)
		return give(c, sym_const(loobean(known)), g);
	a = slot_of(c, v);
	if (g->kind == TEST) {
		jump(c, g->no, OP_JATOM, a, 0);
		return v;
	}
	d = new_slot(c);
	emit(c, OP_ISCELL, d, a, 0);
	return give(c, sym_slot(d), g);
}

static struct sym *
increment(struct compiler *c, struct sym *v)
{
	unsigned from, d;

	if (v->inc != NULL)
		return v->inc;
	from = slot_of(c, v);
	d = new_slot(c);
	emit(c, OP_INC, d, from, 0);
	note(c, v);
	return v->inc = sym_slot(d);
}

static struct sym *
do_increment(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	return give(c, increment(c, value(c, x, s)), g);
}

/* A constant that fits an instruction. */
static bool
immediate(const struct sym *s)
{
	return s->kind == CONST && is_direct(s->k) &&
	    direct_value(s->k) <= UINT16_MAX;
}

static void
test_equal(struct compiler *c, struct sym *v, struct sym *w, struct label *no)
{
	unsigned a, b;

	if (immediate(v)) {
		test_equal(c, w, v, no);
		return;
	}
	a = slot_of(c, v);
	if (immediate(w)) {
		jump(c, no, OP_JNEK, a, (unsigned)direct_value(w->k));
		return;
	}
	b = slot_of(c, w);
	jump(c, no, OP_JNE, a, b);
}

static struct sym *
do_equal(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	noun p, q;
	unsigned a, b, d;
	struct sym *v, *w;

	if (!uncons(x, &p, &q))
		return crash(c);
	v = value(c, p, s);
	w = value(c, q, s);
	if (g->kind == TEST && !(immediate(v) && immediate(w))) {
		test_equal(c, v, w, g->no);
		return v;
	}
	a = slot_of(c, v);
	b = slot_of(c, w);
	d = new_slot(c);
	emit(c, OP_EQ, d, a, b);
	return give(c, sym_slot(d), g);
}

/* Both values go to the slot that will be next. */
static struct sym *
if_value(
    struct compiler *c, noun yes, noun other, struct sym *s, struct label *no)
{
	struct label end = {0};
	struct mark m = mark(c);

	put(c, m.next, value(c, yes, s));
	jump(c, &end, OP_JMP, 0, 0);
	back(c, m);
	bind_label(c, no);
	put(c, m.next, value(c, other, s));
	back(c, m);
	bind_label(c, &end);
	return sym_slot(new_slot(c));
}

/* Neither arm of a result comes back; both of a condition do. */
static struct sym *
do_if(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	struct label no = {0}, end = {0};
	const struct goal condition = {TEST, &no};
	noun p, q, r;
	struct mark m;

	if (!uncons3(x, &p, &q, &r))
		return crash(c);
	translate(c, p, s, &condition);
	if (g->kind == VALUE)
		return if_value(c, q, r, s, &no);
	m = mark(c);
	translate(c, q, s, g);
	if (g->kind == TEST)
		jump(c, &end, OP_JMP, 0, 0);
	back(c, m);
	bind_label(c, &no);
	translate(c, r, s, g);
	back(c, m);
	bind_label(c, &end);
	return s;
}

static struct sym *
do_compose(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	noun p, q;

	if (!uncons(x, &p, &q))
		return crash(c);
	return translate(c, q, value(c, p, s), g);
}

static struct sym *
do_push(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	noun p, q;

	if (!uncons(x, &p, &q))
		return crash(c);
	return translate(c, q, sym_pair(value(c, p, s), s), g);
}

/* A call in Hoon: [9 2 10 [6 sample] gate], and the gate in a slot as it is. */
static bool
take_slam(noun axis, noun f, noun *gate, noun *sample)
{
	noun op, spec, at;

	return axis == direct(2) && uncons3(f, &op, &spec, gate) &&
	    op == direct(10) && uncons(spec, &at, sample) && at == direct(6);
}

static bool
untouched(const struct sym *s)
{
	return s->kind == SLOT && s->h == NULL && s->t == NULL;
}

static struct sym *
do_slam(struct compiler *c, struct sym *gate, struct sym *sample,
    const struct goal *g)
{
	struct sym *battery, *core;

	if (untouched(gate)) {
		if (g->kind != RESULT)
			return give(c, call_gate(c, gate, sample), g);
		tail_call_gate(c, gate, sample);
		return gate;
	}
	battery = part(c, gate, 0);
	core = part(c, part(c, gate, 1), 1);
	core = sym_pair(battery, sym_pair(sample, core));
	return do_call(c, battery, core, g);
}

static struct sym *
do_arm(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	noun axis, f, gate, sample;
	struct sym *core;

	if (!uncons(x, &axis, &f) || is_cell(axis))
		return crash(c);
	if (take_slam(axis, f, &gate, &sample)) {
		core = value(c, gate, s);
		return do_slam(c, core, value(c, sample, s), g);
	}
	core = value(c, f, s);
	return do_call(c, part_at(c, core, axis), core, g);
}

/* v in s at the axis whose low i bits are still to go. */
static struct sym *
edit_near(
    struct compiler *c, struct sym *s, uint64_t axis, int i, struct sym *v)
{
	unsigned which;
	struct sym *other;

	if (i == 0)
		return v;
	which = axis >> (i - 1) & 1;
	other = part(c, s, !which);
	if (i > 1)
		v = edit_near(c, part(c, s, which), axis, i - 1, v);
	return which ? sym_pair(other, v) : sym_pair(v, other);
}

static struct sym *
edit_far(struct compiler *c, struct sym *s, noun axis, struct sym *v)
{
	unsigned tree = slot_of(c, s), new = slot_of(c, v), d = new_slot(c);

	emit(c, OP_EDIT, d, tree, new);
	emit(c, OP_EXT, 0, constant(c, axis), 0);
	return sym_slot(d);
}

static struct sym *
do_edit(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	enum { NEAR = 127 };
	noun spec, f, axis, new;
	struct sym *v, *tree;
	uint64_t a;

	if (!uncons(x, &spec, &f) || !uncons(spec, &axis, &new) ||
	    is_cell(axis) || axis == 0)
		return crash(c);
	tree = value(c, f, s);
	v = value(c, new, s);
	a = is_direct(axis) ? direct_value(axis) : UINT64_MAX;
	if (a > NEAR)
		return give(c, edit_far(c, tree, axis, v), g);
	v = edit_near(c, tree, a, 63 - __builtin_clzll(a), v);
	return give(c, v, g);
}

static struct sym *
do_scry(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	noun p, q;
	struct sym *v, *w;
	unsigned a, b, d;

	if (!uncons(x, &p, &q))
		return crash(c);
	v = value(c, p, s);
	w = value(c, q, s);
	a = slot_of(c, v);
	b = slot_of(c, w);
	d = new_slot(c);
	emit(c, OP_SCRY, d, a, b);
	return give(c, sym_slot(d), g);
}

/* -------- hints -------- */

static const struct {
	const char *word;
	enum hint_kind kind;
} hints[] = {
#define X(name, word, kind, meaning) {word, HINT_##kind},
    NOCK_HINTS(X)
#undef X
};

/* The hint of a tag; HINTS if it is none of ours. */
static unsigned
hint_of(noun tag)
{
	unsigned i = 0;

	while (i < HINTS && !atom_is(tag, hints[i].word))
		i++;
	return i;
}

/* Opcode 11 taken apart. */
struct hinted {
	noun tag, clue, body;
	bool dynamic;
	unsigned hint;
	enum hint_kind kind;
};

/* HINT_NONE where the hint is not of a form that we know. */
static bool
take_hint(noun x, struct hinted *h)
{
	noun what;

	if (!uncons(x, &what, &h->body))
		return false;
	h->dynamic = uncons(what, &h->tag, &h->clue);
	if (!h->dynamic)
		h->tag = what;
	h->hint = is_atom(h->tag) ? hint_of(h->tag) : HINTS;
	h->kind = h->hint < HINTS ? hints[h->hint].kind : HINT_NONE;
	if (!h->dynamic && h->kind != HINT_WRAP)
		h->kind = HINT_NONE;
	return true;
}

static struct sym *
in_trace(struct compiler *c, const struct hinted *h, struct sym *s)
{
	struct sym *clue = value(c, h->clue, s), *v;
	unsigned from = slot_of(c, clue), saved = new_slot(c);

	if (h->hint == HINT_NAME_SPOT && clue->kind == CONST && c->spot == ~0u)
		c->spot = constant(c, clue->k);
	emit(c, OP_TPUSH, saved, from, constant(c, h->tag));
	v = value(c, h->body, s);
	emit(c, OP_TPOP, saved, 0, 0);
	return v;
}

static struct sym *
in_memo(struct compiler *c, const struct hinted *h, struct sym *s)
{
	struct label end = {0};
	unsigned subject, d, k;
	struct mark m;

	value(c, h->clue, s);
	subject = slot_of(c, s);
	d = new_slot(c);
	new_slot(c); /* MEMO and KEEP have d + 1 to themselves */
	k = constant(c, h->body);
	m = mark(c);
	emit(c, OP_MEMO, d, subject, k);
	jump(c, &end, OP_JMP, 0, 0);
	put(c, d, value(c, h->body, s));
	emit(c, OP_KEEP, d, subject, k);
	back(c, m);
	bind_label(c, &end);
	return sym_slot(d);
}

static struct sym *
in_wrap(struct compiler *c, const struct hinted *h, struct sym *s)
{
	struct sym *clue = h->dynamic ? value(c, h->clue, s) : sym_const(0);
	struct sym *v;
	unsigned from = slot_of(c, clue), subject = slot_of(c, s), product;
	unsigned state = new_slot(c);

	emit(c, OP_ENTER, state, from, h->hint);
	emit(c, OP_EXT, subject, constant(c, h->body), 0);
	v = value(c, h->body, s);
	product = slot_of(c, v);
	emit(c, OP_LEAVE, state, product, h->hint);
	return v;
}

static struct sym *
in_fast(struct compiler *c, const struct hinted *h, struct sym *s)
{
	struct sym *clue = value(c, h->clue, s), *core;
	unsigned from = slot_of(c, clue);

	core = value(c, h->body, s);
	emit(c, OP_FAST, slot_of(c, core), from, 0);
	return core;
}

/* What comes before a body that may be in tail position. */
static void
before(struct compiler *c, const struct hinted *h, struct sym *s)
{
	struct sym *clue;

	if (!h->dynamic)
		return;
	if (is_cell(h->tag))
		emit(c, OP_BAILV, 0, 0, 0);
	clue = value(c, h->clue, s);
	if (h->kind == HINT_SLOG)
		emit(c, OP_SLOG, slot_of(c, clue), 0, 0);
}

static struct sym *
do_hint(struct compiler *c, noun x, struct sym *s, const struct goal *g)
{
	struct hinted h;

	if (!take_hint(x, &h))
		return crash(c);
	switch (h.kind) {
	case HINT_TRACE:
		return give(c, in_trace(c, &h, s), g);
	case HINT_MEMO:
		return give(c, in_memo(c, &h, s), g);
	case HINT_FAST:
		return give(c, in_fast(c, &h, s), g);
	case HINT_WRAP:
		return give(c, in_wrap(c, &h, s), g);
	default:
		before(c, &h, s);
		return translate(c, h.body, s, g);
	}
}

/* -------- the table of opcodes -------- */

static struct sym *(*const opcodes[])(
    struct compiler *, noun x, struct sym *s, const struct goal *) = {
    [0] = do_axis,
    [1] = do_const,
    [2] = do_nock,
    [3] = do_is_cell,
    [4] = do_increment,
    [5] = do_equal,
    [6] = do_if,
    [7] = do_compose,
    [8] = do_push,
    [9] = do_arm,
    [10] = do_edit,
    [11] = do_hint,
    [12] = do_scry,
};

enum { OPCODES = sizeof opcodes / sizeof *opcodes };

static struct sym *
translate(struct compiler *c, noun f, struct sym *s, const struct goal *g)
{
	struct sym *h;
	noun op;

	if (++c->nodes > c->limit)
		return do_call(c, sym_const(f), s, g);
	if (is_atom(f))
		return crash(c);
	op = head(f);
	if (is_cell(op)) {
		h = value(c, op, s);
		return give(c, sym_pair(h, value(c, tail(f), s)), g);
	}
	if (!is_direct(op) || direct_value(op) >= OPCODES)
		return crash(c);
	return opcodes[direct_value(op)](c, tail(f), s, g);
}

/* -------- a function -------- */

/* The subject of a shape: takes the tree's bits below *bit, and slots. */
static struct sym *
subject_of(struct compiler *c, uint32_t shape, int *bit)
{
	struct sym *h;

	if (!(shape >> --*bit & 1))
		return sym_slot(new_slot(c));
	h = subject_of(c, shape, bit);
	return sym_pair(h, subject_of(c, shape, bit));
}

static void
start(struct compiler *c, unsigned limit)
{
	*c = (struct compiler){.limit = limit, .spot = ~0u};
	c->code = scratch_push(ROOM * sizeof *c->code);
	c->constants = scratch_push(ROOM * sizeof *c->constants);
	c->sites = scratch_push(ROOM * sizeof *c->sites);
	c->trail = scratch_push(ROOM * sizeof *c->trail);
}

static void
finish(struct compiler *c, struct code *out)
{
	out->body = c->code;
	out->n = c->n;
	out->constants = c->constants;
	out->n_constants = c->n_constants;
	out->sites = c->sites;
	out->n_sites = c->n_sites;
	out->slots = (uint16_t)c->most;
	out->room = (c->most + CODE_ARGS) * (uint32_t)sizeof(noun);
	out->spot = c->spot;
}

void
compile(noun formula, uint32_t shape, struct code *out)
{
	static const struct goal all = {.kind = RESULT};
	struct compiler c;
	char *bottom = scratch_top();
	struct sym *s;
	int bit;

	for (unsigned limit = NODES;; limit /= 8) {
		start(&c, limit);
		bit = 31 - __builtin_clz(shape);
		s = subject_of(&c, shape, &bit);
		out->shape = shape;
		out->args = (uint16_t)c.next;
		translate(&c, formula, s, &all);
		if (!c.full)
			break;
		scratch_cut(bottom);
	}
	finish(&c, out);
}
