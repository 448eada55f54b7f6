/*
 * nockcheck -- one case on the machine and on the definition: the same?
 *
 * Runs it virtualised, with a scry gate, and plain; on both the product or
 * the crash must agree, on the first the trace too, and the noun stack and
 * the scratch memory must be as they were.  Collects, so what the caller
 * still wants must be on the noun stack.
 */
#ifndef NOCKCHECK_H
#define NOCKCHECK_H

#include <stdio.h>

#include "bail.h"
#include "nock.h"
#include "refnock.h"
#include "shape.h"
#include "text.h"

enum check {
	CHECK_DONE,
	CHECK_CRASH,
	CHECK_BLOCK,
	CHECK_OUTER,
	CHECK_UNKNOWN, /* too much for the definition: the machine not asked */
	CHECK_DIFFERS
};

enum { CHECK_STEPS = 20000, CHECK_DEPTH = 3000 };

/* What is kept on the noun stack while the machine runs. */
enum slot { SUBJECT, FORMULA, GATE, SOFT, PLAIN, SLOTS };

struct check_run {
	noun *slot;
	bool soft;
	enum bail kind; /* if it returned */
	noun out;
};

/* -------- telling -------- */

struct check_sink {
	struct text_sink sink;
	FILE *to;
	size_t left;
};

static int
check_put(struct text_sink *s, const char *p, size_t n)
{
	struct check_sink *c = (struct check_sink *)s;
	size_t now = n < c->left ? n : c->left;

	fwrite(p, 1, now, c->to);
	c->left -= now;
	return now < n;
}

static void
check_tell(FILE *to, const char *word, noun n, size_t most)
{
	struct check_sink s = {{check_put}, to, most};

	fprintf(to, "# %s ", word);
	if (text_write(&s.sink, n, &(struct text_opts){.plain = true}) != 0)
		fputs(" ...", to);
	fputc('\n', to);
	fflush(to);
}

static enum check
check_differs(const char *what, struct check_run *r, noun want)
{
	fprintf(stdout, "# %s differs: the machine gave %s\n", what,
	    r->kind == BAIL_NONE ? "a noun" : bail_name(r->kind));
	if (r->kind == BAIL_NONE)
		check_tell(stdout, "got ", r->out, 4000);
	check_tell(stdout, "want", want, 4000);
	return CHECK_DIFFERS;
}

/* -------- running -------- */

static void
check_machine(void *arg)
{
	struct check_run *r = arg;
	noun *s = r->slot;

	if (r->soft)
		r->kind = nock_soft(s[SUBJECT], s[FORMULA], s[GATE], &r->out);
	else
		r->out = nock(s[SUBJECT], s[FORMULA]);
}

/* On the machine: true if the stacks are as they were. */
static bool
check_go(struct check_run *r)
{
	noun *mark = stack_top();
	char *scratch = scratch_top();
	enum bail kind;

	r->kind = BAIL_NONE;
	r->out = 0;
	kind = trap_run(check_machine, r);
	if (kind != BAIL_NONE)
		r->kind = kind;
	if (stack_top() == mark && scratch_top() == scratch)
		return true;
	printf("# the stacks are not as they were: %td nouns, %td bytes\n",
	    stack_top() - mark, scratch_top() - scratch);
	return false;
}

/* What is wanted, into its slot: a toon, or a product. */
static enum ref_end
check_define(noun *slot, bool soft)
{
	struct ref r = {.steps = CHECK_STEPS, .depth = CHECK_DEPTH};

	if (!soft)
		return ref_plain(
		    &r, slot[SUBJECT], slot[FORMULA], &slot[PLAIN]);
	if (slot[GATE] != 0) {
		r.scry = ref_scry_gate;
		r.arg = &slot[GATE];
	}
	return ref_soft(&r, slot[SUBJECT], slot[FORMULA], &slot[SOFT]);
}

static enum check
check_soft(noun *slot, enum ref_end end)
{
	struct check_run r = {.slot = slot, .soft = true};

	if (!check_go(&r))
		return CHECK_DIFFERS;
	if (end == REF_OUTER)
		return r.kind == BAIL_EXIT
		    ? CHECK_OUTER
		    : check_differs("the caller's crash", &r, 0);
	if (r.kind != BAIL_NONE || !equal(r.out, slot[SOFT]))
		return check_differs("nock_soft", &r, slot[SOFT]);
	return end == REF_DONE ? CHECK_DONE
	    : end == REF_BLOCK ? CHECK_BLOCK
	                       : CHECK_CRASH;
}

static bool
check_plain(noun *slot, enum ref_end end)
{
	struct check_run r = {.slot = slot};

	if (!check_go(&r))
		return false;
	if (end == REF_DONE ? r.kind == BAIL_NONE && equal(r.out, slot[PLAIN])
	                    : r.kind == BAIL_EXIT)
		return true;
	check_differs("nock", &r, slot[PLAIN]);
	return false;
}

static enum check
check_slots(noun *slot)
{
	enum ref_end soft = check_define(slot, true);
	enum ref_end plain = check_define(slot, false);
	enum check c;

	if (soft == REF_UNKNOWN || plain == REF_UNKNOWN)
		return CHECK_UNKNOWN;
	c = check_soft(slot, soft);
	return c != CHECK_DIFFERS && check_plain(slot, plain) ? c
	                                                      : CHECK_DIFFERS;
}

/* With a gate of 0 opcode 12 crashes. */
static enum check __attribute__((unused))
check_case(noun subject, noun formula, noun gate)
{
	noun slot[SLOTS] = {subject, formula, gate};
	noun *mark = stack_top();
	enum check c;

	for (int i = 0; i < SLOTS; i++)
		stack_push(slot[i]);
	c = check_slots(mark);
	stack_cut(mark);
	return c;
}

#endif
