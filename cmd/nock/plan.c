#include "plan.h"

#include <string.h>

#include "heap.h"
#include "load.h"
#include "nock.h"
#include "options.h"
#include "scry.h"
#include "shape.h"

struct plan plan;

static struct heap_root root = {
    (noun *)&plan, sizeof plan / sizeof(noun), NULL};

static int
load_given(void)
{
	const struct options *o = &options;
	int code = 0;

	/* On the gate and its sample, what ++slum of hoon.hoon does. */
	if (o->gate)
		code = load_value("-g", o->gate, &plan.given);
	if (code == 0 && o->gate)
		code = load_value("-g", "[9 2 10 [6 0 3] 0 2]", &plan.formula);
	if (code == 0 && o->subject)
		code = load_value("-s", o->subject, &plan.given);
	if (code == 0 && o->formula)
		code = load_value("-f", o->formula, &plan.formula);
	return code;
}

int
plan_load(void)
{
	int code;

	heap_root_add(&root);
	if ((code = load_given()) != 0 || options.scry == NULL)
		return code;
	return scry_load(options.scry, &plan.scry);
}

bool
plan_apply(noun n, noun *subject, noun *formula)
{
	const struct options *o = &options;

	*subject = n;
	*formula = plan.formula;
	if (o->gate)
		*subject = cons(plan.given, n);
	else if (o->subject)
		*subject = plan.given;
	if (o->gate || o->formula)
		return true;
	*formula = n;
	return o->subject ? true : uncons(n, subject, formula);
}

struct run {
	noun subject, formula, toon;
};

/*
 * Without a scry gate there is no need to virtualise, and then the trace
 * of what failed is still there afterwards.
 */
static void
run(void *arg)
{
	struct run *r = arg;
	enum bail kind;

	if (plan.scry == 0) {
		r->toon = nock(r->subject, r->formula);
		r->toon = cons(0, r->toon);
		return;
	}
	kind = nock_soft(r->subject, r->formula, plan.scry, &r->toon);
	if (kind != BAIL_NONE)
		bail(kind);
}

struct crash {
	noun trace;
};

static void
make_toon(void *arg)
{
	struct crash *c = arg;

	c->trace = cons(direct(2), c->trace);
}

enum bail
plan_run(noun subject, noun formula, noun *toon)
{
	struct run r = {subject, formula, 0};
	struct crash c;
	enum bail kind = trap_run(run, &r);

	*toon = r.toon;
	if (kind == BAIL_NONE)
		return BAIL_NONE;
	*toon = c.trace = plan.scry ? 0 : nock_trace();
	if (kind != BAIL_EXIT)
		return kind;
	kind = trap_run(make_toon, &c);
	*toon = c.trace;
	return kind;
}
