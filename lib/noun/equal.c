#include "equal.h"

#include <string.h>

#include "heap.h"
#include "mug.h"

static bool
equal_boxed(noun a, noun b)
{
	size_t n = boxed_len(a);

	return n == boxed_len(b) &&
	    memcmp(boxed_limbs(a), boxed_limbs(b), n * 8) == 0;
}

/* Known mugs that differ: of cells, by the side table; of boxed atoms. */
static inline bool
mugs_differ(noun a, noun b)
{
	uint32_t x = mug_known(a), y = mug_known(b);

	return x != 0 && y != 0 && x != y;
}

/*
 * The image is mapped read-only by others and never written after its
 * commit; everything else is this process's own.
 */
static inline bool
writable(noun cell)
{
	return cell >= (noun)heap.region[LARGE_ATOMS].base;
}

/*
 * Slots x and y hold equal nouns: make both hold the older one.  Addresses
 * grow with youth, so the older is the lower, and each slot's cell is at
 * least as young as what it held.
 */
static inline void
unify(noun a, noun b, unsigned i)
{
	noun x = cell_words(a)[i], y = cell_words(b)[i];

	if (x == y)
		return;
	if (x < y) {
		if (writable(b))
			cell_words(b)[i] = x;
	} else if (writable(a)) {
		cell_words(a)[i] = y;
	}
}

/*
 * What is left to compare is a stack of spines: two cells, and how far down
 * their tails the comparison has come.  The low bit 8 of `a` says that the
 * heads of a and b are done (cells lie on 16 bytes).
 */
struct spine {
	noun first_a, first_b;
	noun a, b;
};

enum { HEADS_DONE = 8 };

enum verdict { SAME, DIFFERENT, OPEN };

static inline enum verdict
glance(noun a, noun b)
{
	if (a == b)
		return SAME;
	if (!(a & b & 1) || ((a ^ b) & 2) || mugs_differ(a, b))
		return DIFFERENT;
	if (is_cell(a))
		return OPEN;
	return equal_boxed(a, b) ? SAME : DIFFERENT;
}

static void
put_spine(noun a, noun b)
{
	struct region *r = &heap.region[SCRATCH];

	region_room(r, sizeof(struct spine));
	*(struct spine *)r->top = (struct spine){a, b, a, b};
	r->top += sizeof(struct spine);
}

/* The spine is equal to its end: share its tails. */
static void
close_spine(const struct spine *s)
{
	noun a = s->first_a, b = s->first_b, next_a, next_b;

	for (; a != b && is_cell(a); a = next_a, b = next_b) {
		next_a = tail(a);
		next_b = tail(b);
		unify(a, b, 1);
	}
}

/* Compare the top spine one cell further; false if they differ. */
static bool
step(void)
{
	struct spine *s = (struct spine *)scratch_top() - 1;
	noun a = s->a & ~(noun)HEADS_DONE, b = s->b;

	if (!(s->a & HEADS_DONE)) {
		switch (glance(head(a), head(b))) {
		case DIFFERENT:
			return false;
		case OPEN:
			s->a |= HEADS_DONE;
			put_spine(head(a), head(b));
			return true;
		case SAME:
			break;
		}
	}
	unify(a, b, 0);
	switch (glance(tail(a), tail(b))) {
	case DIFFERENT:
		return false;
	case OPEN:
		s->a = tail(a);
		s->b = tail(b);
		return true;
	case SAME:
		close_spine(s);
		heap.region[SCRATCH].top = (char *)s;
	}
	return true;
}

enum equality
equal_within(noun a, noun b, uint64_t *steps)
{
	char *mark = scratch_top();
	enum verdict v = glance(a, b);
	bool same = v != DIFFERENT;

	bool done;

	if (v == OPEN)
		put_spine(a, b);
	for (; same && scratch_top() > mark && *steps > 0; --*steps)
		same = step();
	done = scratch_top() == mark;
	scratch_cut(mark);
	if (!same)
		return EQUAL_NO;
	return done ? EQUAL_YES : EQUAL_UNSURE;
}

bool
equal_deep(noun a, noun b)
{
	uint64_t steps = UINT64_MAX;

	return equal_within(a, b, &steps) == EQUAL_YES;
}
