#include "code.h"

#include <stdlib.h>
#include <string.h>

#include "bail.h"
#include "clock.h"
#include "compile.h"
#include "equal.h"
#include "mug.h"

/*
 * Compiled code is what the machine itself needs to live, not a part of a
 * computation: it is in the C heap, and complete before anything can bail.
 */
static struct {
	struct fol *fols; /* number 0 is none */
	uint32_t n, room, free;
	uint32_t *buckets; /* by mug; a power of two of them */
	uint32_t mask, live;
	uint32_t *young; /* fols whose formula is in the nursery */
	uint32_t n_young, room_young;
	struct site **sites; /* sites with such a formula */
	uint32_t n_sites, room_sites;
	unsigned side;
} store;

struct code_stat code_stat;

void
code_init(void)
{
	memset(&store, 0, sizeof store);
	memset(&code_stat, 0, sizeof code_stat);
	store.side = heap_side(sizeof(uint32_t));
	store.n = 1;
}

static void
drop_codes(struct fol *f)
{
	struct code *c, *next;

	for (c = f->code; c != NULL; c = next) {
		next = c->next;
		code_stat.bytes -= c->n * sizeof *c->body;
		free(c);
	}
	f->code = NULL;
}

void
code_free(void)
{
	for (uint32_t i = 1; i < store.n; i++)
		drop_codes(&store.fols[i]);
	free(store.fols);
	free(store.buckets);
	free(store.young);
	free(store.sites);
	memset(&store, 0, sizeof store);
}

/* Make *p, of elements of `size` bytes, hold at least n. */
static void
room(void *p, uint32_t *have, uint32_t n, size_t size)
{
	uint32_t want = *have ? *have : 64;
	void *q;

	if (n <= *have)
		return;
	while (want < n)
		want *= 2;
	if ((q = realloc(*(void **)p, want * size)) == NULL)
		bail(BAIL_MEME);
	*(void **)p = q;
	*have = want;
}

/* -------- fols: by address, by structure -------- */

static bool
in_nursery(noun n)
{
	return n >= (noun)heap.region[NURSERY_CELLS].base;
}

static uint32_t *
side_of(noun formula)
{
	return side_entry(store.side, formula);
}

static void
rehash(void)
{
	uint32_t buckets = store.mask ? (store.mask + 1) * 2 : 256, *b;

	if ((b = realloc(store.buckets, buckets * sizeof *b)) == NULL)
		bail(BAIL_MEME);
	memset(b, 0, buckets * sizeof *b);
	store.buckets = b;
	store.mask = buckets - 1;
	for (uint32_t i = 1; i < store.n; i++) {
		struct fol *f = &store.fols[i];

		if (f->formula == 0)
			continue;
		f->next = b[f->mug & store.mask];
		b[f->mug & store.mask] = i;
	}
}

static uint32_t
fol_new(noun formula, uint32_t hash)
{
	uint32_t i = store.free;
	struct fol *f;

	if (store.live >= store.mask)
		rehash();
	room(&store.young, &store.room_young, store.n_young + 1,
	    sizeof *store.young);
	if (i == 0) {
		room(&store.fols, &store.room, store.n + 1, sizeof *f);
		i = store.n++;
	} else {
		store.free = store.fols[i].next;
	}
	f = &store.fols[i];
	*f = (struct fol){.formula = formula,
	    .mug = hash,
	    .next = store.buckets[hash & store.mask]};
	store.buckets[hash & store.mask] = i;
	store.live++;
	code_stat.formulas++;
	if (in_nursery(formula))
		store.young[store.n_young++] = i;
	return i;
}

/* The number of the fol of a formula met at a new address. */
static uint32_t
fol_by_structure(noun formula)
{
	uint32_t hash = mug(formula), i;

	i = store.buckets ? store.buckets[hash & store.mask] : 0;
	while (i != 0 &&
	    !(store.fols[i].mug == hash &&
	        equal(store.fols[i].formula, formula)))
		i = store.fols[i].next;
	return i ? i : fol_new(formula, hash);
}

/*
 * The side table may name a fol whose own formula was at another address
 * and has died since; so the entry is only a hint to be checked.
 */
static uint32_t
fol_of(noun formula)
{
	uint32_t *entry = side_of(formula);
	noun known = *entry != 0 ? store.fols[*entry].formula : 0;

	if (known != 0 && equal(known, formula))
		return *entry;
	side_touch(formula);
	return *entry = fol_by_structure(formula);
}

/* -------- codes -------- */

/* The slots above a function's arguments that JET and KEPT use. */
static void
set_entry(struct code *c)
{
	uint16_t state = c->args, jet = c->args + 1, product = c->args + 2;

	c->body[-2] = (struct instr){OP_JET, 0, product, 0};
	c->body[-1] = (struct instr){OP_KEPT, product, state, jet};
}

static void
set_start(struct code *c, struct nock_jet *jets)
{
	c->jets = jets;
	c->start = jets ? c->body - CODE_ENTRY : c->body;
}

static void
forget_ways(struct code *c)
{
	for (uint32_t i = 0; i < c->n_constants; i++)
		c->ways[i].from = SITE_EMPTY;
}

/* Copy what compile() left in scratch memory. */
static struct code *
keep(const struct code *from)
{
	size_t entry = CODE_ENTRY * sizeof *from->body;
	size_t instrs = from->n * sizeof *from->body;
	size_t constants = from->n_constants * sizeof *from->constants;
	size_t ways = from->n_constants * sizeof *from->ways;
	size_t sites = from->n_sites * sizeof *from->sites;
	struct code *c =
	    malloc(sizeof *c + entry + instrs + constants + ways + sites);
	char *p = (char *)(c + 1);

	if (c == NULL)
		bail(BAIL_MEME);
	*c = *from;
	c->constants = (noun *)p;
	memcpy(p, from->constants, constants);
	c->ways = (struct way *)(p += constants);
	forget_ways(c);
	c->sites = (struct site *)(p += ways);
	memcpy(p, from->sites, sites);
	c->body = (struct instr *)(p + sites) + CODE_ENTRY;
	memcpy(c->body, from->body, instrs);
	set_entry(c);
	code_stat.bytes += instrs;
	return c;
}

static struct code *
translate(uint32_t i, uint32_t shape)
{
	uint64_t began = clock_ns();
	char *bottom = scratch_top();
	struct fol *f = &store.fols[i];
	struct code made = {0}, *c;

	compile(f->formula, shape, &made);
	c = keep(&made);
	scratch_cut(bottom);
	set_start(c, f->jets);
	c->fol = i;
	c->next = f->code;
	f->code = c;
	f->variants++;
	code_stat.variants++;
	code_stat.nanoseconds += clock_ns() - began;
	return c;
}

struct code *
code_find(noun formula, uint32_t shape)
{
	uint32_t i = fol_of(formula);
	struct fol *f = &store.fols[i];

	for (;;) {
		for (struct code *c = f->code; c != NULL; c = c->next)
			if (c->shape == shape)
				return c;
		if (shape == CODE_WHOLE || f->variants < CODE_VARIANTS)
			return translate(i, shape);
		shape = CODE_WHOLE;
	}
}

/* The collection must know of a site that it has to empty. */
static void
note_young(struct site *site)
{
	if (site->young)
		return;
	room(&store.sites, &store.room_sites, store.n_sites + 1,
	    sizeof *store.sites);
	store.sites[store.n_sites++] = site;
	site->young = true;
}

struct code *
code_link(struct site *site, noun formula)
{
	struct code *c = code_find(formula, site->shape);

	if (c->shape != site->shape)
		return c;
	if (in_nursery(formula))
		note_young(site);
	site->formula = formula;
	site->code = c;
	return c;
}

void
code_attach(noun formula, struct nock_jet *jet)
{
	uint32_t i = fol_of(formula); /* may move them all */
	struct fol *f = &store.fols[i];

	jet->next = f->jets;
	f->jets = jet;
	for (struct code *c = f->code; c != NULL; c = c->next)
		set_start(c, jet);
}

noun
code_formula(const struct code *c)
{
	return store.fols[c->fol].formula;
}

noun
code_spot(const struct code *c)
{
	return c->spot == ~0u ? 0 : c->constants[c->spot];
}

/* -------- collection -------- */

void
code_visit(struct code *c)
{
	heap_visit(&store.fols[c->fol].formula);
}

static void
visit_constants(struct fol *f)
{
	for (struct code *c = f->code; c != NULL; c = c->next)
		for (uint32_t i = 0; i < c->n_constants; i++)
			heap_visit(&c->constants[i]);
}

/*
 * A minor collection keeps the nursery's formulas and their constants; no
 * other code can hold anything young, for constants are parts of formulas.
 */
void
code_roots(bool major)
{
	for (uint32_t i = 0; i < store.n_young && !major; i++) {
		struct fol *f = &store.fols[store.young[i]];

		heap_visit(&f->formula);
		visit_constants(f);
	}
}

static void
forget(uint32_t i)
{
	struct fol *f = &store.fols[i];
	uint32_t *p = &store.buckets[f->mug & store.mask];

	while (*p != i)
		p = &store.fols[*p].next;
	*p = f->next;
	drop_codes(f);
	f->formula = 0;
	f->next = store.free;
	store.free = i;
	store.live--;
}

static void
empty_sites(struct fol *f)
{
	for (struct code *c = f->code; c != NULL; c = c->next) {
		for (uint32_t i = 0; i < c->n_sites; i++)
			c->sites[i].formula = SITE_EMPTY;
		forget_ways(c);
	}
}

static void
empty_young_sites(void)
{
	while (store.n_sites > 0) {
		store.sites[--store.n_sites]->formula = SITE_EMPTY;
		store.sites[store.n_sites]->young = false;
	}
}

/*
 * Constants are visited, not taken for survivors: merging equal nouns may
 * have left one that is no longer a part of its formula.
 */
void
code_weak(bool major)
{
	empty_young_sites();
	for (uint32_t i = 1; i < store.n && major; i++) {
		struct fol *f = &store.fols[i];

		if (f->formula == 0)
			continue;
		if (!heap_survivor(&f->formula)) {
			forget(i);
			continue;
		}
		empty_sites(f);
		visit_constants(f);
	}
}

void
code_done(void)
{
	store.n_young = 0;
}
