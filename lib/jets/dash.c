#include "dash.h"

#include <stdlib.h>
#include <string.h>

#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "mug.h"
#include "shape.h"

/*
 * The dashboard is not part of any computation: it is in the C heap, and
 * complete before anything can bail.
 */
struct dash dash;

/* -------- memory -------- */

void *
dash_memory(void *old, size_t n)
{
	void *p = realloc(old, n);

	if (p == NULL)
		bail(BAIL_MEME);
	return p;
}

static uint32_t
label_new(void)
{
	uint32_t i = dash.free;

	if (i != 0) {
		dash.free = dash.labels[i].next;
	} else {
		if (dash.n == dash.room) {
			dash.labels = dash_memory(
			    dash.labels, 2 * dash.room * sizeof *dash.labels);
			dash.room *= 2;
		}
		i = dash.n++;
	}
	dash.labels[i] = (struct label){0};
	return i;
}

static void
rehash(void)
{
	uint32_t n = 2 * dash.room;

	dash.buckets = dash_memory(dash.buckets, n * sizeof *dash.buckets);
	memset(dash.buckets, 0, n * sizeof *dash.buckets);
	dash.mask = n - 1;
	for (uint32_t i = 1; i < dash.n; i++) {
		struct label *l = &dash.labels[i];
		uint32_t *b = &dash.buckets[l->mug & dash.mask];

		if (l->battery == 0)
			continue;
		l->next = *b;
		*b = i;
	}
}

/* -------- which core is it -------- */

/* Is core the one of label i?  No recursion: the chain may be long. */
static bool
is_core(uint32_t i, noun core)
{
	noun first = core;
	const uint32_t from = i;
	struct label *l;

	for (;; i = l->parent) {
		l = &dash.labels[i];
		if (core == l->seen && core != 0)
			break;
		if (l->parent == 0) {
			if (l->battery == 0 || !equal(core, l->root))
				return false;
			l->seen = core;
			break;
		}
		if (!is_cell(core) || !equal(head(core), l->battery) ||
		    !axis_get(core, l->axis, &core))
			return false;
	}
	for (uint32_t k = from; k != i; k = dash.labels[k].parent) {
		dash.labels[k].seen = first;
		axis_get(first, dash.labels[k].axis, &first);
	}
	return true;
}

/* The parent of a core that is not made: parts of it are at hand. */
static bool
parent_of(const struct label *l, noun battery, noun sample, noun context,
    noun *parent)
{
	if (l->axis == direct(7)) {
		*parent = context;
		return true;
	}
	return axis_get(cons3(battery, sample, context), l->axis, parent);
}

bool
dash_is(const struct jet *j, noun battery, noun sample, noun context)
{
	const struct label *l = &dash.labels[j->label];
	noun parent;

	if (battery != l->battery &&
	    (l->battery == 0 || !equal(battery, l->battery)))
		return false;
	if (l->parent == 0)
		return is_core(j->label, cons3(battery, sample, context));
	return parent_of(l, battery, sample, context, &parent) &&
	    is_core(l->parent, parent);
}

/* The label of a core; 0 if none. */
static uint32_t
find(noun core)
{
	noun battery = head(core);
	uint32_t hash = mug(battery), i = dash.buckets[hash & dash.mask];

	while (i != 0 &&
	    !(dash.labels[i].mug == hash &&
	        equal(dash.labels[i].battery, battery) && is_core(i, core)))
		i = dash.labels[i].next;
	return i;
}

/* -------- registration -------- */

/* A parent's axis in a clue: [0 axis], maybe under hints; 0 if a root. */
static bool
clue_parent(noun formula, noun *axis)
{
	noun op, rest, hint;

	while (uncons3(formula, &op, &hint, &rest) && op == direct(11))
		formula = rest;
	if (!uncons(formula, &op, axis) || is_cell(*axis))
		return false;
	if (op == direct(1) && *axis == 0)
		return true;
	return op == 0 && *axis != 0;
}

static uint32_t
add(noun battery, noun name, uint32_t parent, noun axis, noun root)
{
	uint32_t hash = mug(battery), i;
	struct place *place = dash_place(parent, name);
	struct label *l;

	i = label_new();
	l = &dash.labels[i];
	dash.changes++;
	*l = (struct label){.battery = battery,
	    .root = root,
	    .name = name,
	    .axis = axis,
	    .parent = parent,
	    .mug = hash,
	    .place = place};
	if (++dash.live > dash.mask / 2) {
		rehash();
	} else {
		l->next = dash.buckets[hash & dash.mask];
		dash.buckets[hash & dash.mask] = i;
	}
	dash_equip(i);
	return i;
}

static void
add_core(noun core, noun clue)
{
	noun name, formula, hooks, axis, parent;
	uint32_t above;

	if (!uncons3(clue, &name, &formula, &hooks) ||
	    !clue_parent(formula, &axis) || is_atom(head(core)))
		return;
	if (axis == 0) {
		add(head(core), name, 0, 0, core);
		return;
	}
	if (axis_get(core, axis, &parent) && is_cell(parent) &&
	    (above = find(parent)) != 0)
		add(head(core), name, above, axis, 0);
}

/*
 * Most hints are on a gate that was registered long since, in the very
 * context that it had the last time.
 */
enum { KNOWN = 256 };

static struct known {
	noun battery, context;
} known[KNOWN];

static struct known *
known_at(noun battery)
{
	return &known[(battery >> 4) % KNOWN];
}

static void
on_fast(noun core, noun clue)
{
	noun payload = tail(core),
	     context = is_cell(payload) ? tail(payload) : 0;
	struct known *k = known_at(head(core));
	uint32_t i;

	if (k->battery == head(core) && k->context == context)
		return;
	if ((i = find(core)) == 0)
		add_core(core, clue);
	else if (dash.labels[i].axis == direct(7))
		*k = (struct known){head(core), context};
}

/* -------- collection -------- */

static void
drop(uint32_t i)
{
	struct label *l = &dash.labels[i];
	uint32_t *p = &dash.buckets[l->mug & dash.mask];

	while (*p != i)
		p = &dash.labels[*p].next;
	*p = l->next;
	l->battery = 0;
	dash.live--;
	dash.changes++;
}

/*
 * What has jets is kept: its battery may be known here by a copy of which
 * nothing else holds a part, while equal ones go on, whose hint is not run
 * again.  What has none only counts for what is found about it.
 */
static void
roots(struct heap_hook *h, bool major)
{
	(void)h;
	(void)major;
	for (uint32_t i = 1; i < dash.n; i++) {
		struct label *l = &dash.labels[i];

		if (l->battery == 0)
			continue;
		heap_visit(&l->name);
		heap_visit(&l->axis);
		if (!l->place->wanted)
			continue;
		heap_visit(&l->battery);
		heap_visit(&l->root);
	}
}

static bool
survives(struct label *l)
{
	if (l->seen != 0 && !heap_survivor(&l->seen))
		l->seen = 0;
	if (l->place->wanted)
		return true;
	return heap_survivor(&l->battery) &&
	    (l->root == 0 || heap_survivor(&l->root));
}

/* Without its parent a label can never be met again. */
static bool
drop_orphans(void)
{
	bool any = false;

	for (uint32_t i = 1; i < dash.n; i++) {
		struct label *l = &dash.labels[i];

		if (l->battery != 0 && l->parent != 0 &&
		    dash.labels[l->parent].battery == 0) {
			drop(i);
			any = true;
		}
	}
	return any;
}

/* A label's number is free again when no jet has it. */
static void
release(void)
{
	for (struct jet *j = dash.jets; j != NULL; j = j->next)
		if (dash.labels[j->label].battery == 0)
			j->label = 0;
	dash.free = 0;
	for (uint32_t i = 1; i < dash.n; i++)
		if (dash.labels[i].battery == 0) {
			dash.labels[i].next = dash.free;
			dash.free = i;
		}
}

static void
weak(struct heap_hook *h, bool major)
{
	bool any = false;

	(void)h;
	(void)major;
	memset(known, 0, sizeof known);
	for (uint32_t i = 1; i < dash.n; i++) {
		struct label *l = &dash.labels[i];

		if (l->battery != 0 && !survives(l)) {
			drop(i);
			any = true;
		}
	}
	if (!any)
		return;
	while (drop_orphans())
		continue;
	release();
}

static void
done(struct heap_hook *h, bool major)
{
	(void)h;
	(void)major;
}

static struct heap_hook hook = {.roots = roots, .weak = weak, .done = done};

/* -------- as a noun -------- */

/* The list in reverse; numbers[i] is the place of label i, or 0. */
static noun
save_label(uint32_t i, uint32_t *numbers, uint32_t number, noun list)
{
	const struct label *l = &dash.labels[i];

	numbers[i] = number;
	return cons(
	    cons(l->battery,
	        cons4(l->root, l->name, direct(numbers[l->parent]), l->axis)),
	    list);
}

/* Parents first. */
noun
jets_save(void)
{
	char *bottom = scratch_top();
	uint32_t *numbers = scratch_push_zero(dash.n * sizeof *numbers);
	uint32_t n = 0, before;
	noun list = 0;

	do {
		before = n;
		for (uint32_t i = 1; i < dash.n; i++) {
			const struct label *l = &dash.labels[i];

			if (l->battery != 0 && numbers[i] == 0 &&
			    (l->parent == 0 || numbers[l->parent] != 0))
				list = save_label(i, numbers, ++n, list);
		}
	} while (n != before);
	scratch_cut(bottom);
	return list_flop(list);
}

/* The label there is of these, or a new one. */
static uint32_t
have(noun battery, noun name, uint32_t parent, noun axis, noun root)
{
	uint32_t hash = mug(battery), i = dash.buckets[hash & dash.mask];

	for (; i != 0; i = dash.labels[i].next) {
		const struct label *l = &dash.labels[i];

		if (l->mug == hash && l->parent == parent &&
		    equal(l->axis, axis) && equal(l->battery, battery) &&
		    equal(l->root, root))
			return i;
	}
	return add(battery, name, parent, axis, root);
}

static uint32_t
load_label(noun item, const uint32_t *numbers, uint64_t n)
{
	noun battery, rest, root, name, parent, axis;

	if (!uncons(item, &battery, &rest) || is_atom(battery) ||
	    !uncons4(rest, &root, &name, &parent, &axis) || is_cell(axis) ||
	    !is_direct(parent) || direct_value(parent) > n)
		return 0;
	if (parent == 0)
		return is_cell(root) ? have(battery, name, 0, 0, root) : 0;
	if (numbers[direct_value(parent)] == 0)
		return 0;
	return have(battery, name, numbers[direct_value(parent)], axis, 0);
}

void
jets_load(noun saved)
{
	char *bottom = scratch_top();
	uint32_t *numbers;
	uint64_t n, i = 0;

	if (!list_length(saved, &n))
		return;
	numbers = scratch_push_zero((n + 1) * sizeof *numbers);
	for (; saved != 0; saved = tail(saved), i++)
		numbers[i + 1] = load_label(head(saved), numbers, i);
	scratch_cut(bottom);
}

uint64_t
jets_changes(void)
{
	return dash.changes;
}

/* -------- beginning, end, what there is -------- */

void
jets_init(const struct jets_opts *opts)
{
	enum { FIRST = 512 };

	memset(&dash, 0, sizeof dash);
	memset(known, 0, sizeof known);
	if (opts)
		dash.opts = *opts;
	dash_table();
	dash.labels = dash_memory(NULL, FIRST * sizeof *dash.labels);
	dash.room = FIRST;
	dash.labels[0] = (struct label){0};
	dash.n = 1;
	rehash();
	heap_hook_add(&hook);
	nock_on_fast(on_fast);
}

void
jets_free(void)
{
	struct jet *j;
	struct place *p;

	nock_on_fast(NULL);
	heap_hook_remove(&hook);
	while ((j = dash.jets) != NULL) {
		dash.jets = j->next;
		free(j);
	}
	while ((p = dash.places) != NULL) {
		dash.places = p->next;
		free(p->path);
		free(p);
	}
	free(dash.own);
	free(dash.labels);
	free(dash.buckets);
	memset(&dash, 0, sizeof dash);
}
