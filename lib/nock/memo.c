/*
 * Two ways: an entry may lie in either slot of its pair; a new one takes
 * the place of the less recently used.  Keeping products alive costs every
 * collection a look at them, so a minor one looks only at those that are
 * new since the last.
 *
 * What was not used between two major collections goes in the second one:
 * a product may hold a whole kernel of the past, and a log's replay left
 * 1.6 MB more of them with every event.  A boot misses none the more.
 *
 * A pinned entry is used at PINNED, later than any clock: so it is never the
 * less recent of a pair, and never too old, until it is asked for.  Then it
 * is one like the others.
 */
#include "memo.h"

#include <stdlib.h>
#include <string.h>

#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "mug.h"

struct entry {
	noun subject, formula, product;
	uint32_t hash; /* 0 = empty */
	uint32_t used; /* when last */
};

enum { PINNED = UINT32_MAX, FORMULAS = 16 };

static struct {
	struct entry *entries;
	uint32_t pairs, clock;
	uint32_t *fresh; /* entries since the last collection */
	uint32_t n_fresh, max;
	uint32_t aged;    /* the clock at the last major collection */
	uint32_t cleared; /* at the last memo_clear(): each put advances it */
	uint32_t pins;    /* entries that are pinned */

	/* Of those that were pinned; more than fit: of any. */
	noun formulas[FORMULAS];
	unsigned n_formulas;
} memo;

uint64_t memo_hits, memo_misses;

void
memo_init(uint32_t max)
{
	memset(&memo, 0, sizeof memo);
	memo_hits = memo_misses = 0;
	memo.max = max < 2 ? 2 : max;
}

void
memo_free(void)
{
	free(memo.entries);
	free(memo.fresh);
	memset(&memo, 0, sizeof memo);
}

/* The table is made when it is first needed. */
static void
make(void)
{
	memo.pairs = memo.max / 2;
	memo.entries = calloc(memo.pairs * 2, sizeof *memo.entries);
	memo.fresh = malloc(memo.pairs * 2 * sizeof *memo.fresh);
	if (memo.entries == NULL || memo.fresh == NULL) {
		memo_free();
		bail(BAIL_MEME);
	}
}

static struct entry *
find(noun subject, noun formula, uint32_t hash)
{
	struct entry *e = &memo.entries[hash % memo.pairs * 2];

	for (int i = 0; i < 2; i++, e++)
		if (e->hash == hash && equal(e->formula, formula) &&
		    equal(e->subject, subject))
			return e;
	return NULL;
}

bool
memo_get(noun subject, noun formula, noun *product)
{
	struct entry *e = NULL;

	if (memo.entries != NULL)
		e = find(
		    subject, formula, mug_both(mug(subject), mug(formula)));
	if (e == NULL) {
		memo_misses++;
		return false;
	}
	memo_hits++;
	memo.pins -= e->used == PINNED;
	e->used = ++memo.clock;
	*product = e->product;
	return true;
}

/* The new entry, or NULL: known already, or no place for it. */
static struct entry *
put(noun subject, noun formula, noun product)
{
	uint32_t hash = mug_both(mug(subject), mug(formula));
	struct entry *e;

	if (memo.entries == NULL)
		make();
	if (find(subject, formula, hash) != NULL)
		return NULL;
	e = &memo.entries[hash % memo.pairs * 2];
	if (e[0].hash != 0 && (e[1].hash == 0 || e[1].used < e[0].used))
		e++;
	if (e->hash != 0 && e->used == PINNED)
		return NULL;
	*e = (struct entry){subject, formula, product, hash, ++memo.clock};
	if (memo.n_fresh < memo.pairs * 2)
		memo.fresh[memo.n_fresh] = (uint32_t)(e - memo.entries);
	memo.n_fresh++;
	return e;
}

void
memo_put(noun subject, noun formula, noun product)
{
	put(subject, formula, product);
}

/* -------- what was known before -------- */

static bool
has_formula(noun formula)
{
	for (unsigned i = 0; i < memo.n_formulas; i++)
		if (equal(memo.formulas[i], formula))
			return true;
	return false;
}

void
memo_pin(noun subject, noun formula, noun product)
{
	struct entry *e = put(subject, formula, product);

	if (e == NULL)
		return;
	e->used = PINNED;
	memo.pins++;
	if (memo.n_formulas < FORMULAS && !has_formula(formula))
		memo.formulas[memo.n_formulas++] = formula;
}

bool
memo_pinned(noun formula)
{
	return memo.pins > 0 &&
	    (memo.n_formulas == FORMULAS || has_formula(formula));
}

void
memo_clear(void)
{
	if (memo.entries != NULL && memo.clock != memo.cleared)
		memset(memo.entries, 0, memo.pairs * 2 * sizeof *memo.entries);
	memo.cleared = memo.clock;
	memo.pins = memo.n_formulas = 0;
	memo.n_fresh = 0;
}

/* -------- collection -------- */

static void
visit(struct entry *e)
{
	if (e->hash == 0)
		return;
	heap_visit(&e->subject);
	heap_visit(&e->formula);
	heap_visit(&e->product);
}

void
memo_roots(bool major)
{
	bool all = major || memo.n_fresh > memo.pairs * 2;
	uint32_t n = all ? memo.pairs * 2 : memo.n_fresh;

	if (memo.entries == NULL)
		return;
	for (unsigned i = 0; i < memo.n_formulas; i++)
		heap_visit(&memo.formulas[i]);
	for (uint32_t i = 0; i < n; i++) {
		struct entry *e = &memo.entries[all ? i : memo.fresh[i]];

		if (major && e->used <= memo.aged)
			e->hash = 0;
		visit(e);
	}
}

void
memo_done(bool major)
{
	memo.n_fresh = 0;
	if (major)
		memo.aged = memo.clock;
}
