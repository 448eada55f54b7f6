/*
 * refnock -- Nock straight from its definition, to hold the machine against.
 *
 * What Hoon's ++mink says rule by rule: Nock 4K, opcode 12, and the trace.
 * It recurses on the C stack and never collects, so it is for small work:
 * past a number of steps or a depth it knows nothing (REF_UNKNOWN).
 *
 * Of ++mink it keeps the order (opcode 10: the target first, then the
 * value; axis 0 crashes before either), that a noun which is no formula
 * crashes only when it is run, and that the trace of a crash is what %hunk,
 * %lose, %mean and %spot put before one another where it happened.
 */
#ifndef REFNOCK_H
#define REFNOCK_H

#include <string.h>

#include "atom.h"
#include "equal.h"
#include "heap.h"

enum ref_end {
	REF_DONE,
	REF_BLOCK,  /* on the path r->path */
	REF_CRASH,  /* with the trace r->trace */
	REF_OUTER,  /* the answer to opcode 12 crashed: the caller's crash */
	REF_UNKNOWN /* too long or too deep */
};

struct ref {
	unsigned long steps; /* left */
	unsigned depth;      /* left */
	/*
	 * Opcode 12: (unit (unit *)) for ref and path.  NULL: it crashes.
	 */
	enum ref_end (*scry)(struct ref *r, noun ref, noun path, noun *out);
	void *arg; /* for scry */
	noun trace, path;
	bool mink; /* a hint's tag must be an atom; to Nock it may be any */
};

static enum ref_end ref_nock(struct ref *r, noun s, noun f, noun *out);

/* Bit i of atom a, from the lowest. */
static bool
ref_bit(noun a, uint64_t i)
{
	struct limbs l;

	atom_limbs(a, &l);
	return l.p[i / 64] >> i % 64 & 1;
}

/* ++frag: the part of n at an axis. */
static bool
ref_frag(noun axis, noun n, noun *out)
{
	uint64_t i = atom_bits(axis);

	if (i == 0)
		return false;
	for (i--; i > 0; i--) {
		if (!is_cell(n))
			return false;
		n = ref_bit(axis, i - 1) ? tail(n) : head(n);
	}
	*out = n;
	return true;
}

/* ++edit: n with v at the axis that is the lowest i bits of axis. */
static bool
ref_edit(noun axis, uint64_t i, noun n, noun v, noun *out)
{
	bool right;

	*out = v;
	if (i == 0)
		return true;
	if (!is_cell(n))
		return false;
	right = ref_bit(axis, i - 1);
	if (!ref_edit(axis, i - 1, right ? tail(n) : head(n), v, out))
		return false;
	*out = right ? cons(head(n), *out) : cons(*out, tail(n));
	return true;
}

static noun
ref_increment(noun a)
{
	struct limbs l;
	uint64_t *p;
	size_t i;

	atom_limbs(a, &l);
	p = heap_atom_begin(l.n + 1);
	memcpy(p, l.p, l.n * 8);
	p[l.n] = 0;
	for (i = 0; ++p[i] == 0; i++)
		;
	return heap_atom_end(l.n + 1);
}

/* Two formulas on the same subject, one after the other. */
static enum ref_end
ref_two(struct ref *r, noun s, noun f, noun g, noun *a, noun *b)
{
	enum ref_end end = ref_nock(r, s, f, a);

	return end == REF_DONE ? ref_nock(r, s, g, b) : end;
}

static enum ref_end
ref_if(struct ref *r, noun s, noun arg, noun *out)
{
	enum ref_end end;
	noun test;

	if (!is_cell(tail(arg)))
		return REF_CRASH;
	if ((end = ref_nock(r, s, head(arg), &test)) != REF_DONE)
		return end;
	if (test == YES)
		return ref_nock(r, s, head(tail(arg)), out);
	if (test == NO)
		return ref_nock(r, s, tail(tail(arg)), out);
	return REF_CRASH;
}

static enum ref_end
ref_arm(struct ref *r, noun s, noun arg, noun *out)
{
	enum ref_end end;
	noun core, arm;

	if (!is_atom(head(arg)))
		return REF_CRASH;
	if ((end = ref_nock(r, s, tail(arg), &core)) != REF_DONE)
		return end;
	if (!ref_frag(head(arg), core, &arm))
		return REF_CRASH;
	return ref_nock(r, core, arm, out);
}

static enum ref_end
ref_put(struct ref *r, noun s, noun arg, noun *out)
{
	noun target, value, axis;
	enum ref_end end;

	if (!is_cell(head(arg)) || !is_atom(axis = head(head(arg))) ||
	    axis == 0)
		return REF_CRASH;
	end = ref_two(r, s, tail(arg), tail(head(arg)), &target, &value);
	if (end != REF_DONE)
		return end;
	return ref_edit(axis, atom_bits(axis) - 1, target, value, out)
	    ? REF_DONE
	    : REF_CRASH;
}

static bool
ref_traced(noun tag)
{
	if (is_cell(tag))
		return false;
	return atom_is(tag, "hunk") || atom_is(tag, "lose") ||
	    atom_is(tag, "mean") || atom_is(tag, "spot");
}

static enum ref_end
ref_hint(struct ref *r, noun s, noun arg, noun *out)
{
	noun hint = head(arg), before = r->trace, clue;
	enum ref_end end;

	if (is_atom(hint))
		return ref_nock(r, s, tail(arg), out);
	if (r->mink && is_cell(head(hint)))
		return REF_CRASH;
	if ((end = ref_nock(r, s, tail(hint), &clue)) != REF_DONE)
		return end;
	if (ref_traced(head(hint)))
		r->trace = cons(cons(head(hint), clue), r->trace);
	if ((end = ref_nock(r, s, tail(arg), out)) == REF_DONE)
		r->trace = before;
	return end;
}

static enum ref_end
ref_scry(struct ref *r, noun s, noun arg, noun *out)
{
	noun ref, path, unit = 0;
	enum ref_end end;

	end = ref_two(r, s, head(arg), tail(arg), &ref, &path);
	if (end != REF_DONE)
		return end;
	if (r->scry == NULL)
		return REF_CRASH;
	if ((end = r->scry(r, ref, path, &unit)) != REF_DONE)
		return end;
	if (!is_cell(unit)) {
		r->path = path;
		return REF_BLOCK;
	}
	if (!is_cell(tail(unit))) {
		r->trace =
		    cons(cons(atom_cord("hunk"), cons(ref, path)), r->trace);
		return REF_CRASH;
	}
	*out = tail(tail(unit));
	return REF_DONE;
}

/* The opcodes whose argument is a cell. */
static enum ref_end
ref_pair(struct ref *r, uint64_t op, noun s, noun arg, noun *out)
{
	enum ref_end end;
	noun a, b;

	switch (op) {
	case 2:
		end = ref_two(r, s, head(arg), tail(arg), &a, &b);
		return end == REF_DONE ? ref_nock(r, a, b, out) : end;
	case 5:
		end = ref_two(r, s, head(arg), tail(arg), &a, &b);
		if (end == REF_DONE)
			*out = loobean(equal(a, b));
		return end;
	case 6:
		return ref_if(r, s, arg, out);
	case 7:
		end = ref_nock(r, s, head(arg), &a);
		return end == REF_DONE ? ref_nock(r, a, tail(arg), out) : end;
	case 8:
		end = ref_nock(r, s, head(arg), &a);
		return end == REF_DONE ? ref_nock(r, cons(a, s), tail(arg), out)
		                       : end;
	case 9:
		return ref_arm(r, s, arg, out);
	case 10:
		return ref_put(r, s, arg, out);
	case 11:
		return ref_hint(r, s, arg, out);
	case 12:
		return ref_scry(r, s, arg, out);
	}
	return REF_CRASH;
}

static enum ref_end
ref_op(struct ref *r, noun op, noun s, noun arg, noun *out)
{
	enum ref_end end;

	if (!is_direct(op))
		return REF_CRASH;
	switch (direct_value(op)) {
	case 0:
		return is_atom(arg) && ref_frag(arg, s, out) ? REF_DONE
		                                             : REF_CRASH;
	case 1:
		*out = arg;
		return REF_DONE;
	case 3:
		if ((end = ref_nock(r, s, arg, out)) == REF_DONE)
			*out = loobean(is_cell(*out));
		return end;
	case 4:
		if ((end = ref_nock(r, s, arg, out)) != REF_DONE)
			return end;
		if (is_cell(*out))
			return REF_CRASH;
		*out = ref_increment(*out);
		return REF_DONE;
	}
	return is_cell(arg) ? ref_pair(r, direct_value(op), s, arg, out)
	                    : REF_CRASH;
}

static enum ref_end
ref_nock(struct ref *r, noun s, noun f, noun *out)
{
	enum ref_end end;
	noun a, b;

	if (!is_cell(f))
		return REF_CRASH;
	if (r->steps == 0 || r->depth == 0)
		return REF_UNKNOWN;
	r->steps--;
	r->depth--;
	if (is_cell(head(f))) {
		end = ref_two(r, s, head(f), tail(f), &a, &b);
		if (end == REF_DONE)
			*out = cons(a, b);
	} else {
		end = ref_op(r, head(f), s, tail(f), out);
	}
	r->depth++;
	return end;
}

/*
 * An answer to opcode 12 from the gate *(noun *)r->arg, run where there is
 * no opcode 12.
 */
static enum ref_end __attribute__((unused))
ref_scry_gate(struct ref *r, noun ref, noun path, noun *out)
{
	struct ref outer = {.steps = r->steps, .depth = r->depth};
	noun gate = *(noun *)r->arg, sample = cons(ref, path), core, arm;
	enum ref_end end;

	if (!ref_frag(direct(2), gate, &arm) ||
	    !ref_edit(direct(6), 2, gate, sample, &core))
		return REF_OUTER;
	end = ref_nock(&outer, core, arm, out);
	r->steps = outer.steps;
	return end == REF_CRASH ? REF_OUTER : end;
}

/* Nock alone: *out for REF_DONE. */
static enum ref_end __attribute__((unused))
ref_plain(struct ref *r, noun s, noun f, noun *out)
{
	r->trace = 0;
	r->mink = false;
	return ref_nock(r, s, f, out);
}

/* What ++mink gives, for REF_DONE, REF_BLOCK and REF_CRASH. */
static enum ref_end __attribute__((unused))
ref_soft(struct ref *r, noun s, noun f, noun *toon)
{
	enum ref_end end;
	noun product = 0;

	r->trace = 0;
	r->mink = true;
	end = ref_nock(r, s, f, &product);
	if (end == REF_DONE)
		*toon = cons(direct(0), product);
	if (end == REF_BLOCK)
		*toon = cons(direct(1), r->path);
	if (end == REF_CRASH)
		*toon = cons(direct(2), r->trace);
	return end;
}

#endif
