/*
 * Lists, and two arms on units.
 *
 * A list is 0 or [item list].  The Hoon looks for the end with ?~ alone: a
 * tail that is another atom crashes when its head is taken, if it is.  All
 * here pass when they come upon one, and the Hoon does what is due.
 *
 * What calls back calls in the order of the Hoon, which a gate that prints,
 * scries or crashes makes visible: some arms go from the right.  Across a
 * call nouns are on the noun stack.  A slot that holds a list's rest may be
 * given the tail of what it holds, however old the slot is: that is no
 * younger.
 */
#include "equal.h"
#include "jet.h"

/* -------- making lists from the left -------- */

/* A list that grows at its end: all its cells are new, and in the nursery. */
struct chain {
	noun first, *end;
};

static inline void
chain_add(struct chain *c, noun item)
{
	noun cell = cons(item, 0);

	if (c->end == NULL)
		c->first = cell;
	else
		*c->end = cell;
	c->end = &cell_words(cell)[1];
}

/* The chain, ended by a list; it is of no more use. */
static inline noun
chain_end(struct chain *c, noun list)
{
	if (c->end == NULL)
		return list;
	*c->end = list;
	return c->first;
}

/* Copy a list to the chain; what is left is 0 if it was one. */
static inline noun
chain_copy(struct chain *c, noun list)
{
	for (; is_cell(list); list = tail(list))
		chain_add(c, head(list));
	return list;
}

/* -------- without calls -------- */

/* An atom as a number of items: there is no list of more than 2^64. */
static inline bool
count_of(noun a, uint64_t *n)
{
	if (is_direct(a))
		*n = direct_value(a);
	else
		*n = UINT64_MAX;
	return is_atom(a);
}

noun
jet_flop(noun sample, noun context)
{
	noun list = sample, out = 0;

	(void)context;
	for (; is_cell(list); list = tail(list))
		out = cons(head(list), out);
	return list == 0 ? out : JET_PASS;
}

noun
jet_lent(noun sample, noun context)
{
	uint64_t n = 0;
	noun list = sample;

	(void)context;
	for (; is_cell(list); list = tail(list))
		n++;
	return list == 0 ? direct(n) : JET_PASS;
}

noun
jet_weld(noun sample, noun context)
{
	struct chain c = {0, NULL};

	(void)context;
	if (!is_cell(sample) || chain_copy(&c, head(sample)) != 0)
		return JET_PASS;
	return chain_end(&c, tail(sample));
}

/* Hoon's faceless weld gives the same, though its code is another. */
noun
jet_welp(noun sample, noun context)
{
	return jet_weld(sample, context);
}

/* The last list is not copied, but it must be one. */
noun
jet_zing(noun sample, noun context)
{
	struct chain c = {0, NULL};
	uint64_t n;
	noun lists = sample;

	(void)context;
	if (lists == 0)
		return 0;
	for (; is_cell(lists) && tail(lists) != 0; lists = tail(lists))
		if (chain_copy(&c, head(lists)) != 0)
			return JET_PASS;
	if (!is_cell(lists) || !list_length(head(lists), &n))
		return JET_PASS;
	return chain_end(&c, head(lists));
}

noun
jet_reap(noun sample, noun context)
{
	uint64_t n;
	noun item, out = 0;

	(void)context;
	if (!is_cell(sample) || !count_of(head(sample), &n))
		return JET_PASS;
	if (n >> 40 != 0)
		bail(BAIL_MEME);
	item = tail(sample);
	while (n-- > 0)
		out = cons(item, out);
	return out;
}

noun
jet_scag(noun sample, noun context)
{
	struct chain c = {0, NULL};
	uint64_t n;
	noun list;

	(void)context;
	if (!is_cell(sample) || !count_of(head(sample), &n))
		return JET_PASS;
	list = tail(sample);
	for (; n > 0 && is_cell(list); list = tail(list), n--)
		chain_add(&c, head(list));
	return n == 0 || list == 0 ? chain_end(&c, 0) : JET_PASS;
}

noun
jet_slag(noun sample, noun context)
{
	uint64_t n;
	noun list;

	(void)context;
	if (!is_cell(sample) || !count_of(head(sample), &n))
		return JET_PASS;
	list = tail(sample);
	for (; n > 0 && is_cell(list); n--)
		list = tail(list);
	return n == 0 || list == 0 ? list : JET_PASS;
}

/* Its crash has a word to say, which is the Hoon's to say. */
noun
jet_snag(noun sample, noun context)
{
	uint64_t n;
	noun list;

	(void)context;
	if (!is_cell(sample) || !count_of(head(sample), &n))
		return JET_PASS;
	list = tail(sample);
	for (; n > 0 && is_cell(list); n--)
		list = tail(list);
	return is_cell(list) ? head(list) : JET_PASS;
}

enum match { MATCH, MISMATCH, NO_MORE, NO_LIST };

/* Does the haystack begin with the needle?  Neither is 0. */
static enum match
begins(noun needle, noun hay)
{
	for (;;) {
		if (!is_cell(needle) || !is_cell(hay))
			return NO_LIST;
		if (!equal(head(needle), head(hay)))
			return MISMATCH;
		needle = tail(needle);
		hay = tail(hay);
		if (needle == 0)
			return MATCH;
		if (hay == 0)
			return NO_MORE;
	}
}

/* Where the haystack ends inside of a match the Hoon searches no further. */
noun
jet_find(noun sample, noun context)
{
	uint64_t i = 0;
	noun needle, hay;

	(void)context;
	if (!uncons(sample, &needle, &hay))
		return JET_PASS;
	for (; needle != 0 && hay != 0; i++, hay = tail(hay)) {
		switch (begins(needle, hay)) {
		case MATCH:
			return cons(0, direct(i));
		case NO_MORE:
			return 0;
		case NO_LIST:
			return JET_PASS;
		case MISMATCH:
			break;
		}
	}
	return 0;
}

/* -------- units: a crash is the Hoon's, which says so in the trace -------- */

noun
jet_need(noun sample, noun context)
{
	(void)context;
	return is_cell(sample) ? tail(sample) : JET_PASS;
}

noun
jet_mate(noun sample, noun context)
{
	noun a, b;

	(void)context;
	if (!uncons(sample, &a, &b))
		return JET_PASS;
	if (b == 0)
		return a;
	if (a == 0)
		return b;
	if (!is_cell(a) || !is_cell(b) || !equal(tail(a), tail(b)))
		return JET_PASS;
	return a;
}

/* -------- calling back, from the left -------- */

/*
 * On the stack: the gate, what is left of the list, and above them the
 * items of the product so far.
 */
enum { GATE, REST, ITEMS };

/* Put the list and the gate of a sample there; NULL to pass. */
static noun *
calls_begin(noun sample)
{
	noun *slot = stack_top();

	if (!is_cell(sample) || jet_deep())
		return NULL;
	stack_push(tail(sample));
	stack_push(head(sample));
	return slot;
}

/* Call the gate with the next item. */
static inline noun
call_next(const noun *slot)
{
	return nock_slam(slot[GATE], head(slot[REST]));
}

/* The same, of a gate that asks. */
static inline bool
ask_next(const noun *slot)
{
	noun answer = call_next(slot);

	if (answer != YES && answer != NO)
		jet_crash();
	return answer == YES;
}

static inline void
step(noun *slot)
{
	slot[REST] = tail(slot[REST]);
}

static noun
calls_end(noun *slot, noun product)
{
	stack_cut(slot);
	return product;
}

/* The items above as the product, if all of the list was seen. */
static noun
items_end(noun *slot)
{
	noun out = 0;

	if (slot[REST] != 0)
		return calls_end(slot, JET_PASS);
	for (noun *item = stack_top(); item-- > slot + ITEMS;)
		out = cons(*item, out);
	return calls_end(slot, out);
}

noun
jet_turn(noun sample, noun context)
{
	noun *slot = calls_begin(sample);

	(void)context;
	if (slot == NULL)
		return JET_PASS;
	for (; is_cell(slot[REST]); step(slot))
		stack_push(call_next(slot));
	return items_end(slot);
}

noun
jet_murn(noun sample, noun context)
{
	noun *slot = calls_begin(sample), unit;

	(void)context;
	if (slot == NULL)
		return JET_PASS;
	for (; is_cell(slot[REST]); step(slot)) {
		unit = call_next(slot);
		if (is_cell(unit))
			stack_push(tail(unit));
		else if (unit != 0)
			jet_crash();
	}
	return items_end(slot);
}

/* Those of the list for which the gate gives this answer. */
static noun
filter(noun sample, bool wanted)
{
	noun *slot = calls_begin(sample);

	if (slot == NULL)
		return JET_PASS;
	for (; is_cell(slot[REST]); step(slot))
		if (ask_next(slot) == wanted)
			stack_push(head(slot[REST]));
	return items_end(slot);
}

noun
jet_skim(noun sample, noun context)
{
	(void)context;
	return filter(sample, true);
}

noun
jet_skip(noun sample, noun context)
{
	(void)context;
	return filter(sample, false);
}

/* Ask until the gate gives this answer: then that, else the other. */
static noun
search(noun sample, bool wanted)
{
	noun *slot = calls_begin(sample);

	if (slot == NULL)
		return JET_PASS;
	for (; is_cell(slot[REST]); step(slot))
		if (ask_next(slot) == wanted)
			return calls_end(slot, loobean(wanted));
	return calls_end(slot, slot[REST] == 0 ? loobean(!wanted) : JET_PASS);
}

noun
jet_levy(noun sample, noun context)
{
	(void)context;
	return search(sample, false);
}

noun
jet_lien(noun sample, noun context)
{
	(void)context;
	return search(sample, true);
}

/* What a gate folds into: the tail of its own sample. */
static bool
fold_seed(noun sample, noun *seed)
{
	return is_cell(sample) && axis_get_word(tail(sample), 13, seed);
}

/*
 * Hoon's roll puts each product into the gate's sample, where the next call
 * finds it and nobody else.
 */
noun
jet_roll(noun sample, noun context)
{
	noun *slot, product;

	(void)context;
	if (!fold_seed(sample, &product) ||
	    (slot = calls_begin(sample)) == NULL)
		return JET_PASS;
	for (; is_cell(slot[REST]); step(slot))
		product =
		    nock_slam(slot[GATE], cons(head(slot[REST]), product));
	return calls_end(slot, slot[REST] == 0 ? product : JET_PASS);
}

/* -------- calling back, from the right -------- */

/*
 * Put all items of the list onto the stack, after the gate and 0.  The
 * stack was cut, and it passes, where the Hoon crashes before any call.
 */
static noun *
items_begin(noun sample)
{
	noun *slot = calls_begin(sample), list;

	if (slot == NULL)
		return NULL;
	list = slot[REST];
	slot[REST] = 0;
	for (; is_cell(list); list = tail(list))
		stack_push(head(list));
	if (list == 0)
		return slot;
	stack_cut(slot);
	return NULL;
}

noun
jet_reel(noun sample, noun context)
{
	noun *slot, product, item;

	(void)context;
	if (!fold_seed(sample, &product) ||
	    (slot = items_begin(sample)) == NULL)
		return JET_PASS;
	while (stack_top() > slot + ITEMS) {
		item = stack_pop();
		product = nock_slam(slot[GATE], cons(item, product));
	}
	return calls_end(slot, product);
}

/* The answers are kept in scratch memory: they are no nouns. */
noun
jet_skid(noun sample, noun context)
{
	noun *slot = items_begin(sample), *item, *end = stack_top();
	noun yes = 0, no = 0, answer;
	uint8_t *answers;

	(void)context;
	if (slot == NULL)
		return JET_PASS;
	item = slot + ITEMS;
	answers = scratch_push((size_t)(end - item) + 1);
	for (noun *i = end; i-- > item;) {
		answer = nock_slam(slot[GATE], *i);
		if (answer != YES && answer != NO)
			jet_crash();
		answers[i - item] = answer == YES;
	}
	for (noun *i = end; i-- > item;)
		if (answers[i - item])
			yes = cons(*i, yes);
		else
			no = cons(*i, no);
	scratch_cut((char *)answers);
	return calls_end(slot, cons(yes, no));
}

/* -------- sort -------- */

/*
 * Hoon's quicksort, call for call: the first item is the pivot, the others
 * are asked about from the right, and stay in order.  So the product is the
 * Hoon's for any gate, an order or not.  (A cleverer sort would ask about
 * other pairs.)  Items are slots of the noun stack, and what is still to
 * be sorted is pairs of their numbers in scratch memory.
 */

/* Part items from lo to hi around the first of them; where that went. */
static size_t
part(noun *slot, size_t lo, size_t hi)
{
	noun *item = slot + ITEMS, *spare = stack_top(), answer;
	size_t to = hi;

	for (size_t i = hi; --i > lo;) {
		answer = nock_slam(slot[GATE], cons(item[i], item[lo]));
		if (answer == NO)
			item[--to] = item[i];
		else if (answer == YES)
			stack_push(item[i]);
		else
			jet_crash();
	}
	item[--to] = item[lo];
	for (noun *p = stack_top(); p-- > spare;)
		item[lo++] = *p;
	stack_cut(spare);
	return to;
}

static void
quicksort(noun *slot, size_t n)
{
	size_t lo = 0, hi = n, mid, pending = 0;

	for (;;) {
		while (hi - lo > 1) {
			mid = part(slot, lo, hi);
			scratch_put(mid + 1);
			scratch_put(hi);
			pending++;
			hi = mid;
		}
		if (pending-- == 0)
			return;
		hi = scratch_take();
		lo = scratch_take();
	}
}

noun
jet_sort(noun sample, noun context)
{
	noun *slot = items_begin(sample);

	(void)context;
	if (slot == NULL)
		return JET_PASS;
	quicksort(slot, (size_t)(stack_top() - slot) - ITEMS);
	return items_end(slot);
}
