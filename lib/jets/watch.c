/*
 * What a jet is wrapped in to be measured, and to be compared with its Hoon.
 */
#include "atom.h"
#include "bail.h"
#include "clock.h"
#include "dash.h"
#include "equal.h"
#include "heap.h"
#include "shape.h"

/* -------- time -------- */

/* Whose Hoon runs, of those that have no jet; NULL = none of them. */
static struct {
	struct place *now;
	uint64_t since;
} meter;

static struct place *
meter_turn(struct place *to)
{
	uint64_t now = clock_ns();
	struct place *was = meter.now;

	if (was != NULL)
		was->stat.nanoseconds += now - meter.since;
	meter.since = now;
	meter.now = to;
	return was;
}

static noun
meter_run(struct nock_jet *hook, noun battery, noun sample, noun context)
{
	struct jet *j = (struct jet *)hook;
	struct place *was;

	if (!dash_is(j, battery, sample, context))
		return NOCK_PASS;
	j->place->stat.calls++;
	was = meter_turn(j->place);
	return nock_keep(direct((uintptr_t)was)); /* a pointer, as an atom */
}

static void
meter_keep(noun state, noun product)
{
	(void)product;
	meter_turn((struct place *)(uintptr_t)direct_value(state));
}

static noun
measure(struct jet *j, noun sample, noun context)
{
	struct jets_stat *s = &j->place->stat;
	struct place *was;
	uint64_t began;
	noun v;

	if (!dash.opts.stats)
		return jet_call(j, sample, context);
	was = meter_turn(NULL);
	began = meter.since;
	v = jet_call(j, sample, context);
	meter_turn(was);
	s->nanoseconds += meter.since - began;
	s->hits += v != NOCK_PASS && v != NOCK_KEEP;
	return v;
}

/* -------- comparison -------- */

/* > 0: a jet that is being checked runs, and those that it calls are not. */
static unsigned quiet;

/* The core is in a slot of the noun stack. */
struct attempt {
	struct jet *j;
	noun *core;
	noun product;
	void (*f)(void *);
	uint64_t patience;
	enum bail kind;
};

static void
attempt_jet(void *arg)
{
	struct attempt *a = arg;
	noun payload = tail(*a->core);

	a->product = jet_call(a->j, head(payload), tail(payload));
}

static void
attempt_hoon(void *arg)
{
	struct attempt *a = arg;
	noun formula;

	if (!axis_get_word(*a->core, a->j->entry->arm, &formula))
		bail(BAIL_EXIT);
	a->product = nock_body(*a->core, formula);
}

static void
attempt_either(void *arg)
{
	struct attempt *a = arg;

	a->kind = nock_trap(a->f, a, a->patience);
}

/*
 * How it ended: BAIL_NONE, BAIL_EXIT, or BAIL_TIME for the Hoon.  What ends
 * the computation around is not to leave it quiet.
 */
static enum bail
attempt(void (*f)(void *), struct attempt *a)
{
	bool jet = f == attempt_jet;
	enum bail kind;

	a->f = f;
	a->patience = jet ? 0 : dash.opts.patience;
	quiet += jet;
	kind = trap_run(attempt_either, a);
	quiet -= jet;
	if (kind == BAIL_NONE)
		kind = a->kind;
	if (kind != BAIL_NONE && kind != BAIL_EXIT &&
	    (jet || kind != BAIL_TIME))
		bail(kind);
	return kind;
}

/* With the sample of a door that the core is in. */
static noun
shown_sample(const struct jet *j, noun core)
{
	const struct label *l = &dash.labels[j->label];
	noun sample = head(tail(core)), context = tail(tail(core)), door, rest;

	if (l->axis != direct(7) || dash.labels[l->parent].axis != direct(7) ||
	    !uncons3(context, &rest, &door, &rest))
		return sample;
	return cons(sample, door);
}

static void
tell(struct attempt *jet, struct attempt *hoon, bool jet_crash, bool crash)
{
	struct jets_difference d = {
	    .path = jet->j->place->path,
	    .sample = shown_sample(jet->j, *jet->core),
	    .crash = {jet_crash, crash},
	    .answer = {jet->product, hoon->product},
	};

	jet->j->place->stat.differences++;
	if (dash.opts.differ)
		dash.opts.differ(dash.opts.arg, &d);
}

/*
 * Run both, and go on with the Hoon's answer; but with the jet's where that
 * is known to be another, or the Hoon takes too long.  A crash is the Hoon's
 * own if it is run again, which then leaves the Hoon's trace.
 */
static noun
compare(struct jet *j, noun battery, noun sample, noun context)
{
	struct jets_stat *s = &j->place->stat;
	noun *bottom = stack_top();
	struct attempt jet = {.j = j, .core = bottom}, hoon = jet;
	enum bail kind;
	bool crash;

	stack_push(cons3(battery, sample, context));
	crash = attempt(attempt_jet, &jet) == BAIL_EXIT;
	if (!crash && (jet.product == NOCK_PASS || jet.product == NOCK_KEEP)) {
		stack_cut(bottom);
		return jet.product;
	}
	s->hits++;
	stack_push(crash ? 0 : jet.product);
	kind = attempt(attempt_hoon, &hoon);
	jet.product = stack_pop();
	stack_cut(bottom); /* where the core can still be read */
	if (kind == BAIL_TIME || (j->entry->kelvins & QUIRK)) {
		s->unsure += kind == BAIL_TIME;
		s->checks += kind != BAIL_TIME;
		if (crash)
			bail(BAIL_EXIT);
		return jet.product;
	}
	s->checks++;
	if (crash != (kind == BAIL_EXIT) ||
	    (!crash && !equal(jet.product, hoon.product)))
		tell(&jet, &hoon, crash, kind == BAIL_EXIT);
	return kind == BAIL_EXIT ? NOCK_PASS : hoon.product;
}

/* With a rate, the first calls are checked while that does not take long. */
static bool
due(const struct jet *j)
{
	enum { ALWAYS = 100, LONG = 100000000 /* ns */ };
	const struct place *p = j->place;

	if (!j->check || quiet > 0 || nock_deep())
		return false;
	return dash.opts.rate <= 1 ||
	    (p->stat.calls <= ALWAYS && p->checking < LONG) ||
	    p->stat.calls % dash.opts.rate == 0;
}

static noun
timed_compare(struct jet *j, noun battery, noun sample, noun context)
{
	uint64_t began = clock_ns();
	noun v = compare(j, battery, sample, context);

	j->place->checking += clock_ns() - began;
	return v;
}

static noun
watched_run(struct nock_jet *hook, noun battery, noun sample, noun context)
{
	struct jet *j = (struct jet *)hook;

	if (!dash_is(j, battery, sample, context))
		return NOCK_PASS;
	j->place->stat.calls++;
	if (due(j))
		return timed_compare(j, battery, sample, context);
	return measure(j, sample, context);
}

void
watch_jet(struct jet *j)
{
	if (j->entry != NULL) {
		j->hook.run = watched_run;
		return;
	}
	j->hook.run = meter_run;
	j->hook.keep = meter_keep;
}

void
jets_stats(void (*each)(void *, const struct jets_stat *), void *arg)
{
	for (struct place *p = dash.places; p != NULL; p = p->next)
		each(arg, &p->stat);
}
