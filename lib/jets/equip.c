/*
 * Where a registered core is in the library, and the jets that this gives
 * it: the table, the names, and what is hung on formulas.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "atom.h"
#include "dash.h"
#include "heap.h"
#include "jet.h"
#include "shape.h"

/* -------- the table -------- */

#define X(path, arm, fn, kelvins) {path, #fn, arm, jet_##fn, kelvins, false},
#define M(path, arm, fn, kelvins) {path, #fn, arm, jet_##fn, kelvins, true},
static const struct entry table[] = {JETS_PLAIN(X) JETS_UT(M) JETS_WING(X)};
#undef X
#undef M

enum { TABLE = sizeof table / sizeof *table };

/* Of each path in the table, as it is and flat. */
static uint32_t hashes[TABLE][2];

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
		if (strlen(roots[i]) == n &&
		    strncasecmp(roots[i], path, n) == 0)
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

/* FNV-1a */
static uint32_t
hash(const char *s)
{
	uint32_t h = 2166136261u;

	while (*s)
		h = (h ^ (uint8_t)*s++) * 16777619u;
	return h;
}

/* Is line i of the table for this place? */
static bool
is_at(size_t i, const struct place *p)
{
	const struct entry *e = &table[i];
	bool a50 = p->root & e->kelvins & A50;

	return (p->root & e->kelvins) && hashes[i][a50] == p->bare_hash &&
	    strcmp(a50 ? flat(e->path) : e->path, p->bare) == 0;
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

/* Does path begin with the names of `first`? */
static bool
begins(const char *path, const char *first)
{
	size_t n = strlen(first);

	return n == 0 ||
	    (strncmp(path, first, n) == 0 && (path[n] == 0 || path[n] == ' '));
}

/* Are there jets at this place, or below it? */
static bool
is_wanted(const struct place *p)
{
	for (size_t i = 0; i < TABLE; i++)
		if ((p->root & table[i].kelvins) &&
		    begins(p->root & A50 ? flat(table[i].path) : table[i].path,
		        p->bare))
			return true;
	for (size_t i = 0; i < dash.n_own; i++)
		if (begins(dash.own[i].path, p->path))
			return true;
	return false;
}

static struct place *
place_new(char *path)
{
	struct place *p = dash_memory(NULL, sizeof *p);
	char *space = strchr(path, ' ');

	*p = (struct place){
	    .path = path, .bare = space ? space + 1 : "", .next = dash.places};
	p->root = root_bit(path);
	p->hash = hash(path);
	p->bare_hash = hash(p->bare);
	p->wanted = is_wanted(p);
	p->stat.path = path;
	dash.places = p;
	return p;
}

/* The place of a name below a label. */
struct place *
dash_place(uint32_t parent, noun name)
{
	const char *above = parent ? dash.labels[parent].place->path : "";
	size_t n = strlen(above) + 128;
	char *path = dash_memory(NULL, n), text[128];
	uint32_t h;

	name_text(name, text, sizeof text);
	snprintf(path, n, "%s%s%s", above, parent ? " " : "", text);
	h = hash(path);
	for (struct place *p = dash.places; p != NULL; p = p->next)
		if (p->hash == h && strcmp(p->path, path) == 0) {
			free(path);
			return p;
		}
	return place_new(path);
}

/* -------- jets -------- */

/*
 * The outermost memo jet whose Hoon runs, if slow ones are told: the noun
 * stack's height when it began.  One that was left by a crash is found out
 * by the stack, which is lower then.
 */
static struct jets_slow slow;
static noun *slow_height;

void
jets_on_slow(const struct jets_slow *s)
{
	slow = s ? *s : (struct jets_slow){0};
	slow_height = NULL;
}

/* [what was spent before, core], if it is an outermost; else 0. */
static noun
begin_slow(noun core)
{
	if (slow.tell == NULL ||
	    (slow_height != NULL && stack_top() > slow_height))
		return 0;
	slow_height = stack_top();
	return cons(direct(slow.spent()), core);
}

static void
end_slow(noun begun, noun product, bool pure)
{
	if (begun == 0 || slow.tell == NULL)
		return;
	slow_height = NULL;
	if (pure && slow.spent() - direct_value(head(begun)) >= slow.least)
		slow.tell(slow.arg, tail(begun), head(tail(begun)), product);
}

/*
 * A product that was computed elsewhere: by the Nock that the arm is, which
 * is right of its battery, for all of them are gates or traps.
 */
static bool
known_before(noun core, noun key, noun *product)
{
	if (!nock_memo_pinned(head(core)) ||
	    !nock_memo_get(core, head(core), product))
		return false;
	nock_memo_put(key, 0, *product);
	return true;
}

/* The key of a memo jet, which is all that a product depends on. */
static noun
jet_memo(struct jet *j, noun sample, noun context)
{
	noun key = j->entry->fn(sample, context), product, core;

	if (key == NOCK_PASS)
		return key;
	if (nock_memo_get(key, 0, &product))
		return product;
	core = cons3(dash.labels[j->label].battery, sample, context);
	if (known_before(core, key, &product))
		return product;
	return nock_keep(cons3(key, direct(nock_scries()), begin_slow(core)));
}

/* What asked for a scry may have another product the next time. */
static void
memo_keep(noun state, noun product)
{
	noun key, scries, begun;
	bool pure;

	uncons3(state, &key, &scries, &begun);
	pure = scries == direct(nock_scries());
	end_slow(begun, product, pure);
	if (pure)
		nock_memo_put(key, 0, product);
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
	for (; list != NULL && *list != NULL; list++)
		if (begins(path, *list))
			return true;
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
	j = dash_memory(NULL, sizeof *j);
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

/* Those of the table, and of an embedding program, that are for label i. */
static bool
hang_all(uint32_t i)
{
	struct place *p = dash.labels[i].place;
	bool any = false;

	for (size_t k = 0; k < TABLE; k++)
		if (is_at(k, p)) {
			hang(i, &table[k], table[k].arm);
			any = true;
		}
	for (size_t k = 0; k < dash.n_own; k++)
		if (strcmp(dash.own[k].path, p->path) == 0) {
			hang(i, &dash.own[k], dash.own[k].arm);
			any = true;
		}
	return any;
}

void
dash_equip(uint32_t i)
{
	struct place *p = dash.labels[i].place;
	bool any = !listed(dash.opts.off, p->bare) && hang_all(i);

	p->stat.jetted |= any;
	if (!any && dash.opts.stats)
		hang(i, NULL, 2);
}

/* -------- what there is -------- */

void
dash_table(void)
{
	const struct jets_own *own = dash.opts.own;

	for (size_t i = 0; i < TABLE; i++) {
		hashes[i][0] = hash(table[i].path);
		hashes[i][1] = hash(flat(table[i].path));
	}
	while (own != NULL && own[dash.n_own].path != NULL)
		dash.n_own++;
	dash.own = dash_memory(NULL, (dash.n_own + 1) * sizeof *dash.own);
	for (size_t i = 0; i < dash.n_own; i++)
		dash.own[i] = (struct entry){.path = own[i].path,
		    .name = own[i].path,
		    .arm = own[i].arm,
		    .fn = own[i].jet};
}

void
jets_paths(void (*each)(void *, const char *path, bool jetted), void *arg)
{
	for (struct place *p = dash.places; p != NULL; p = p->next)
		each(arg, p->path, p->stat.jetted);
}

void
jets_table(
    void (*each)(void *, const char *path, const char *name, unsigned kelvins),
    void *arg)
{
	for (size_t i = 0; i < TABLE; i++)
		each(arg, table[i].path, table[i].name, table[i].kelvins);
}
