#include "dash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "jet.h"
#include "mug.h"
#include "shape.h"

/*
 * The dashboard is not part of any computation: it is in the C heap, and
 * complete before anything can bail.
 */
struct dash dash;

/* -------- the table -------- */

#define X(path, arm, fn, kelvins) {path, #fn, arm, jet_##fn, kelvins, false},
#define M(path, arm, fn, kelvins) {path, #fn, arm, jet_##fn, kelvins, true},
static const struct entry table[] = {JETS(X) JETS_UT(M)};
#undef X
#undef M

enum { TABLE = sizeof table / sizeof *table, ROOT_NAME = 32 };

static const char *const roots[] = {
#define X(root) #root,
    JETS_ROOTS(X)
#undef X
};

/* "k140" is the bit K140; what is no root of ours is none. */
static unsigned
root_bit(const char *path)
{
	size_t n = strcspn(path, " ");

	for (unsigned i = 0; i < JETS_N_ROOTS; i++)
		if (strlen(roots[i]) == n && strncasecmp(roots[i], path, n) == 0)
			return 1u << i;
	return 0;
}

/* The path of the table without the library's layers: what a50 has. */
static const char *
flat(const char *path)
{
	static const char *const layers[] = {ONE, TWO, TRI, QUA, PEN, HEX};
	size_t n = 0;

	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
		if (strncmp(path, layers[i], strlen(layers[i])) == 0)
			n = strlen(layers[i]);
	return path + n;
}

static bool
is_at(const struct entry *e, const struct place *p)
{
	unsigned root = root_bit(p->path) & e->kelvins;

	if (e->kelvins == 0) /* an embedding program's */
		return strcmp(e->path, p->path) == 0;
	return root != 0 &&
	    strcmp(root & A50 ? flat(e->path) : e->path, p->bare) == 0;
}

/* -------- memory -------- */

static void *
get_memory(void *old, size_t n)
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
			dash.labels = get_memory(dash.labels,
			    2 * dash.room * sizeof *dash.labels);
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

	dash.buckets = get_memory(dash.buckets, n * sizeof *dash.buckets);
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

/* -------- names and places -------- */

/* A term, or a term and a number: "add", "k140". */
static void
name_text(noun name, char *text, size_t size)
{
	uint64_t room, number = 0;
	const uint8_t *p;
	noun term = name, n = 0;
	size_t len;

	if (uncons(name, &term, &n) && is_direct(n))
		number = direct_value(n);
	if (is_cell(term))
		term = 0;
	p = atom_view(term, &room);
	len = atom_bytes(term);
	if (is_cell(name))
		snprintf(text, size, "%.*s%llu", (int)(len < 99 ? len : 99),
		    (const char *)p, (unsigned long long)number);
	else
		snprintf(text, size, "%.*s", (int)(len < 99 ? len : 99),
		    (const char *)p);
}

static struct place *
place_new(char *path)
{
	struct place *p = get_memory(NULL, sizeof *p);
	char *space = strchr(path, ' ');

	*p = (struct place){.path = path,
	    .bare = space ? space + 1 : "",
	    .next = dash.places};
	p->stat.path = path;
	dash.places = p;
	return p;
}

/* The place of a name below a label. */
static struct place *
place_of(uint32_t parent, noun name)
{
	const char *above = parent ? dash.labels[parent].place->path : "";
	size_t n = strlen(above) + 128;
	char *path = get_memory(NULL, n), text[128];

	name_text(name, text, sizeof text);
	snprintf(path, n, "%s%s%s", above, parent ? " " : "", text);
	for (struct place *p = dash.places; p != NULL; p = p->next)
		if (strcmp(p->path, path) == 0) {
			free(path);
			return p;
		}
	return place_new(path);
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

/* -------- jets -------- */

/* The key of a memo jet, which is all that a product depends on. */
static noun
jet_memo(struct jet *j, noun sample, noun context)
{
	noun key = j->entry->fn(sample, context), product;

	if (key == NOCK_PASS)
		return key;
	if (nock_memo_get(key, 0, &product))
		return product;
	return nock_keep(cons(key, direct(nock_scries())));
}

/* What asked for a scry may have another product the next time. */
static void
memo_keep(noun state, noun product)
{
	if (tail(state) == direct(nock_scries()))
		nock_memo_put(head(state), 0, product);
}

noun
jet_call(struct jet *j, noun sample, noun context)
{
	if (j->entry->memo)
		return jet_memo(j, sample, context);
	return j->entry->fn(sample, context);
}

static noun
run(struct nock_jet *hook, noun battery, noun sample, noun context)
{
	struct jet *j = (struct jet *)hook;

	if (!dash_is(j, battery, sample, context))
		return NOCK_PASS;
	return j->entry->fn(sample, context);
}

static noun
run_memo(struct nock_jet *hook, noun battery, noun sample, noun context)
{
	struct jet *j = (struct jet *)hook;

	if (!dash_is(j, battery, sample, context))
		return NOCK_PASS;
	return jet_memo(j, sample, context);
}

/* Is a path, without its root, on a list of beginnings of paths? */
static bool
listed(const char *const *list, const char *path)
{
	for (; list != NULL && *list != NULL; list++) {
		size_t n = strlen(*list);

		if (n == 0 ||
		    (strncmp(path, *list, n) == 0 &&
		        (path[n] == 0 || path[n] == ' ')))
			return true;
	}
	return false;
}

static void
hang(uint32_t i, const struct entry *e, uint64_t arm)
{
	struct label *l = &dash.labels[i];
	struct jet *j;
	noun formula;

	/* The arm's axis in the core is one in the battery, at 2. */
	if (!axis_get_word(cons(l->battery, 0), arm, &formula) ||
	    is_atom(formula))
		return;
	j = get_memory(NULL, sizeof *j);
	*j = (struct jet){.entry = e, .label = i, .place = l->place};
	j->hook.run = e && e->memo ? run_memo : run;
	j->hook.keep = memo_keep;
	j->next = dash.jets;
	j->check = e && listed(dash.opts.check, l->place->bare);
	if (j->check || dash.opts.stats)
		watch_jet(j);
	dash.jets = j;
	nock_attach(formula, &j->hook);
}

/* Those of a list that are for label i. */
static bool
hang_all(uint32_t i, const struct entry *e, size_t n)
{
	struct place *p = dash.labels[i].place;
	bool any = false;

	for (; n > 0; n--, e++)
		if (is_at(e, p)) {
			hang(i, e, e->arm);
			any = true;
		}
	return any;
}

/* Give a new label its jets. */
static void
equip(uint32_t i)
{
	struct place *p = dash.labels[i].place;
	bool any = false;

	if (!listed(dash.opts.off, p->bare)) {
		any |= hang_all(i, table, TABLE);
		any |= hang_all(i, dash.own, dash.n_own);
	}
	p->stat.jetted |= any;
	if (!any && dash.opts.stats)
		hang(i, NULL, 2);
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
	struct place *place = place_of(parent, name);
	struct label *l;

	i = label_new();
	l = &dash.labels[i];
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
	equip(i);
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
	noun payload = tail(core), context = is_cell(payload) ? tail(payload) : 0;
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
}

static bool
survives(struct label *l)
{
	if (l->seen != 0 && !heap_survivor(&l->seen))
		l->seen = 0;
	heap_visit(&l->name);
	heap_visit(&l->axis);
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
nothing(struct heap_hook *h, bool major)
{
	(void)h;
	(void)major;
}

static struct heap_hook hook = {
    .roots = nothing, .weak = weak, .done = nothing};

/* -------- as a noun -------- */

/* The list in reverse; numbers[i] is the place of label i, or 0. */
static noun
save_label(uint32_t i, uint32_t *numbers, uint32_t number, noun list)
{
	const struct label *l = &dash.labels[i];

	numbers[i] = number;
	return cons(cons(l->battery,
	                cons4(l->root, l->name, direct(numbers[l->parent]),
	                    l->axis)),
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

static uint32_t
load_label(noun item, const uint32_t *numbers, uint64_t n)
{
	noun battery, rest, root, name, parent, axis;

	if (!uncons(item, &battery, &rest) || is_atom(battery) ||
	    !uncons4(rest, &root, &name, &parent, &axis) || is_cell(axis) ||
	    !is_direct(parent) || direct_value(parent) > n)
		return 0;
	if (parent == 0)
		return is_cell(root) ? add(battery, name, 0, 0, root) : 0;
	if (numbers[direct_value(parent)] == 0)
		return 0;
	return add(battery, name, numbers[direct_value(parent)], axis, 0);
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

/* -------- beginning, end, what there is -------- */

static void
take_own(const struct jets_own *own)
{
	while (own != NULL && own[dash.n_own].path != NULL)
		dash.n_own++;
	dash.own = get_memory(NULL, (dash.n_own + 1) * sizeof *dash.own);
	for (size_t i = 0; i < dash.n_own; i++)
		dash.own[i] = (struct entry){.path = own[i].path,
		    .name = own[i].path,
		    .arm = own[i].arm,
		    .fn = own[i].jet};
}

void
jets_init(const struct jets_opts *opts)
{
	enum { FIRST = 512 };

	memset(&dash, 0, sizeof dash);
	memset(known, 0, sizeof known);
	if (opts)
		dash.opts = *opts;
	take_own(dash.opts.own);
	dash.labels = get_memory(NULL, FIRST * sizeof *dash.labels);
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

void
jets_paths(void (*each)(void *, const char *path, bool jetted), void *arg)
{
	for (struct place *p = dash.places; p != NULL; p = p->next)
		each(arg, p->path, p->stat.jetted);
}

void
jets_table(void (*each)(void *, const char *path, const char *name,
               unsigned kelvins),
    void *arg)
{
	for (size_t i = 0; i < TABLE; i++)
		each(arg, table[i].path, table[i].name, table[i].kelvins);
}
