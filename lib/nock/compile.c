#include "compile.h"

#include "atom.h"
#include "compiler.h"
#include "hints.h"
#include "shape.h"

/* Formulas in one function; and so the bound of the recursion here. */
enum { NODES = 1500 };

/* -------- formulas -------- */

/*
 * Each opcode has up to three translations, of its argument x on subject s:
 * the value as a sym; as the function's result; as a condition that jumps
 * to `no` where it is not 0.
 */
static struct sym *value(struct compiler *, noun f, struct sym *s);
static void result(struct compiler *, noun f, struct sym *s);
static void test(struct compiler *, noun f, struct sym *s, struct label *no);

static void
ret(struct compiler *c, struct sym *s)
{
	emit(c, OP_RET, slot_of(c, s), 0, 0);
}

/* True, once in a function has been gone through as much as it may hold. */
static bool
too_much(struct compiler *c)
{
	return ++c->nodes > c->limit;
}

static struct sym *
value_axis(struct compiler *c, noun x, struct sym *s)
{
	return is_atom(x) ? part_at(c, s, x) : crash(c);
}

static struct sym *
value_const(struct compiler *c, noun x, struct sym *s)
{
	(void)c;
	(void)s;
	return sym_const(x);
}

/* 2: a formula that is known is part of this function. */
static struct sym *
value_nock(struct compiler *c, noun x, struct sym *s)
{
	struct sym *subject, *formula;
	noun a, b;

	if (!uncons(x, &a, &b))
		return crash(c);
	subject = value(c, a, s);
	formula = value(c, b, s);
	if (formula->kind == CONST)
		return value(c, formula->k, subject);
	return call(c, formula, subject);
}

static void
result_nock(struct compiler *c, noun x, struct sym *s)
{
	struct sym *subject, *formula;
	noun a, b;

	if (!uncons(x, &a, &b)) {
		crash(c);
		return;
	}
	subject = value(c, a, s);
	formula = value(c, b, s);
	if (formula->kind == CONST)
		result(c, formula->k, subject);
	else
		tail_call(c, formula, subject);
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
value_is_cell(struct compiler *c, noun x, struct sym *s)
{
	struct sym *v = value(c, x, s);
	int known = known_cell(v);
	unsigned d;

	if (known >= 0)
		return sym_const(loobean(known));
	d = new_slot(c);
	emit(c, OP_ISCELL, d, slot_of(c, v), 0);
	return sym_slot(d);
}

static void
test_is_cell(struct compiler *c, noun x, struct sym *s, struct label *no)
{
	struct sym *v = value(c, x, s);
	int known = known_cell(v);

	if (known < 0)
		jump(c, no, OP_JATOM, slot_of(c, v), 0);
	else if (!known)
		jump(c, no, OP_JMP, 0, 0);
}

static struct sym *
value_inc(struct compiler *c, noun x, struct sym *s)
{
	struct sym *v = value(c, x, s), *w;
	unsigned from, d;

	if (v->inc != NULL)
		return v->inc;
	from = slot_of(c, v);
	d = new_slot(c);
	emit(c, OP_INC, d, from, 0);
	w = sym_slot(d);
	note(c, v);
	return v->inc = w;
}

static struct sym *
value_equal(struct compiler *c, noun x, struct sym *s)
{
	noun p, q;
	unsigned a, b, d;
	struct sym *v, *w;

	if (!uncons(x, &p, &q))
		return crash(c);
	v = value(c, p, s);
	w = value(c, q, s);
	a = slot_of(c, v);
	b = slot_of(c, w);
	d = new_slot(c);
	emit(c, OP_EQ, d, a, b);
	return sym_slot(d);
}

/* A constant that fits an instruction. */
static bool
immediate(const struct sym *s)
{
	return s->kind == CONST && is_direct(s->k) &&
	    direct_value(s->k) <= UINT16_MAX;
}

static void
test_equal(struct compiler *c, noun x, struct sym *s, struct label *no)
{
	noun p, q;
	struct sym *v, *w, *swap;
	unsigned a, b;

	if (!uncons(x, &p, &q)) {
		crash(c);
		return;
	}
	v = value(c, p, s);
	w = value(c, q, s);
	if (immediate(v)) {
		swap = v;
		v = w;
		w = swap;
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
value_if(struct compiler *c, noun x, struct sym *s)
{
	struct label no = {0}, end = {0};
	noun p, q, r;
	struct mark m;

	if (!uncons3(x, &p, &q, &r))
		return crash(c);
	test(c, p, s, &no);
	m = mark(c); /* both values go to the slot that will be next */
	put(c, m.next, value(c, q, s));
	jump(c, &end, OP_JMP, 0, 0);
	back(c, m);
	bind(c, &no);
	put(c, m.next, value(c, r, s));
	back(c, m);
	bind(c, &end);
	return sym_slot(new_slot(c));
}

static void
result_if(struct compiler *c, noun x, struct sym *s)
{
	struct label no = {0};
	noun p, q, r;
	struct mark m;

	if (!uncons3(x, &p, &q, &r)) {
		crash(c);
		return;
	}
	test(c, p, s, &no);
	m = mark(c);
	result(c, q, s);
	back(c, m);
	bind(c, &no);
	result(c, r, s);
	back(c, m);
}

static void
test_if(struct compiler *c, noun x, struct sym *s, struct label *no)
{
	struct label other = {0}, yes = {0};
	noun p, q, r;
	struct mark m;

	if (!uncons3(x, &p, &q, &r)) {
		crash(c);
		return;
	}
	test(c, p, s, &other);
	m = mark(c);
	test(c, q, s, no);
	jump(c, &yes, OP_JMP, 0, 0);
	back(c, m);
	bind(c, &other);
	test(c, r, s, no);
	back(c, m);
	bind(c, &yes);
}

static struct sym *
value_compose(struct compiler *c, noun x, struct sym *s)
{
	noun p, q;

	return uncons(x, &p, &q) ? value(c, q, value(c, p, s)) : crash(c);
}

static void
result_compose(struct compiler *c, noun x, struct sym *s)
{
	noun p, q;

	if (uncons(x, &p, &q))
		result(c, q, value(c, p, s));
	else
		crash(c);
}

static void
test_compose(struct compiler *c, noun x, struct sym *s, struct label *no)
{
	noun p, q;

	if (uncons(x, &p, &q))
		test(c, q, value(c, p, s), no);
	else
		crash(c);
}

static struct sym *
value_push(struct compiler *c, noun x, struct sym *s)
{
	noun p, q;

	if (!uncons(x, &p, &q))
		return crash(c);
	return value(c, q, sym_pair(value(c, p, s), s));
}

static void
result_push(struct compiler *c, noun x, struct sym *s)
{
	noun p, q;

	if (uncons(x, &p, &q))
		result(c, q, sym_pair(value(c, p, s), s));
	else
		crash(c);
}

static void
test_push(struct compiler *c, noun x, struct sym *s, struct label *no)
{
	noun p, q;

	if (uncons(x, &p, &q))
		test(c, q, sym_pair(value(c, p, s), s), no);
	else
		crash(c);
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
with_sample(struct compiler *c, struct sym *gate, struct sym *sample)
{
	struct sym *battery = part(c, gate, 0), *rest = part(c, gate, 1);

	return sym_pair(battery, sym_pair(sample, part(c, rest, 1)));
}

static struct sym *
value_arm(struct compiler *c, noun x, struct sym *s)
{
	noun axis, f, g, v;
	struct sym *core, *sample;

	if (!uncons(x, &axis, &f) || is_cell(axis))
		return crash(c);
	if (!take_slam(axis, f, &g, &v)) {
		core = value(c, f, s);
		return call(c, part_at(c, core, axis), core);
	}
	core = value(c, g, s);
	sample = value(c, v, s);
	if (untouched(core))
		return call_gate(c, core, sample);
	core = with_sample(c, core, sample);
	return call(c, core->h, core);
}

static void
result_arm(struct compiler *c, noun x, struct sym *s)
{
	noun axis, f, g, v;
	struct sym *core, *sample;

	if (!uncons(x, &axis, &f) || is_cell(axis)) {
		crash(c);
		return;
	}
	if (!take_slam(axis, f, &g, &v)) {
		core = value(c, f, s);
		tail_call(c, part_at(c, core, axis), core);
		return;
	}
	core = value(c, g, s);
	sample = value(c, v, s);
	if (untouched(core)) {
		tail_call_gate(c, core, sample);
		return;
	}
	core = with_sample(c, core, sample);
	tail_call(c, core->h, core);
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
value_edit(struct compiler *c, noun x, struct sym *s)
{
	enum { NEAR = 127 };
	noun spec, f, axis, g;
	struct sym *v, *tree;

	if (!uncons(x, &spec, &f) || !uncons(spec, &axis, &g) ||
	    is_cell(axis) || axis == 0)
		return crash(c);
	tree = value(c, f, s);
	v = value(c, g, s);
	if (!is_direct(axis) || direct_value(axis) > NEAR)
		return edit_far(c, tree, axis, v);
	return edit_near(c, tree, direct_value(axis),
	    63 - __builtin_clzll(direct_value(axis)), v);
}

static struct sym *
value_scry(struct compiler *c, noun x, struct sym *s)
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
	return sym_slot(d);
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
	bind(c, &end);
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

static bool
is_scope(const struct hinted *h)
{
	return h->kind != HINT_NONE && h->kind != HINT_SLOG;
}

static struct sym *
in_scope(struct compiler *c, const struct hinted *h, struct sym *s)
{
	switch (h->kind) {
	case HINT_TRACE:
		return in_trace(c, h, s);
	case HINT_MEMO:
		return in_memo(c, h, s);
	case HINT_FAST:
		return in_fast(c, h, s);
	default:
		return in_wrap(c, h, s);
	}
}

static struct sym *
value_hint(struct compiler *c, noun x, struct sym *s)
{
	struct hinted h;

	if (!take_hint(x, &h))
		return crash(c);
	if (is_scope(&h))
		return in_scope(c, &h, s);
	before(c, &h, s);
	return value(c, h.body, s);
}

static void
result_hint(struct compiler *c, noun x, struct sym *s)
{
	struct hinted h;

	if (!take_hint(x, &h)) {
		crash(c);
		return;
	}
	if (is_scope(&h)) {
		ret(c, in_scope(c, &h, s));
		return;
	}
	before(c, &h, s);
	result(c, h.body, s);
}

/* -------- the table of opcodes -------- */

enum { OPCODES = 13 };

static const struct {
	struct sym *(*value)(struct compiler *, noun, struct sym *);
	void (*result)(struct compiler *, noun, struct sym *);
	void (*test)(struct compiler *, noun, struct sym *, struct label *);
} opcodes[OPCODES] = {
    [0] = {value_axis, NULL, NULL},
    [1] = {value_const, NULL, NULL},
    [2] = {value_nock, result_nock, NULL},
    [3] = {value_is_cell, NULL, test_is_cell},
    [4] = {value_inc, NULL, NULL},
    [5] = {value_equal, NULL, test_equal},
    [6] = {value_if, result_if, test_if},
    [7] = {value_compose, result_compose, test_compose},
    [8] = {value_push, result_push, test_push},
    [9] = {value_arm, result_arm, NULL},
    [10] = {value_edit, NULL, NULL},
    [11] = {value_hint, result_hint, NULL},
    [12] = {value_scry, NULL, NULL},
};

/* The opcode of formula f, or -1: autocons, or no formula. */
static int
opcode(noun f)
{
	noun op;

	if (is_atom(f) || is_cell(op = head(f)) || !is_direct(op) ||
	    direct_value(op) >= OPCODES)
		return -1;
	return (int)direct_value(op);
}

static struct sym *
value(struct compiler *c, noun f, struct sym *s)
{
	int op = opcode(f);
	struct sym *h;

	if (too_much(c))
		return call(c, sym_const(f), s);
	if (op >= 0)
		return opcodes[op].value(c, tail(f), s);
	if (is_atom(f) || is_atom(head(f)))
		return crash(c);
	h = value(c, head(f), s);
	return sym_pair(h, value(c, tail(f), s));
}

static void
result(struct compiler *c, noun f, struct sym *s)
{
	int op = opcode(f);

	if (op < 0 || opcodes[op].result == NULL)
		ret(c, value(c, f, s));
	else if (too_much(c))
		tail_call(c, sym_const(f), s);
	else
		opcodes[op].result(c, tail(f), s);
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

static void
test(struct compiler *c, noun f, struct sym *s, struct label *no)
{
	int op = opcode(f);

	if (op < 0 || opcodes[op].test == NULL || c->nodes >= c->limit)
		test_value(c, value(c, f, s), no);
	else if (!too_much(c))
		opcodes[op].test(c, tail(f), s, no);
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
	out->start = c->code;
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
		result(&c, formula, s);
		if (!c.full)
			break;
		scratch_cut(bottom);
	}
	finish(&c, out);
}
