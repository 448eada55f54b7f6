#include "equal.h"

#include <string.h>

#include "heap.h"
#include "mug.h"
#include "region.h"

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

/* -------- equal cells of the image -------- */

/*
 * Each class of them is a path of twins (region.h) down to its oldest.  Only
 * a long comparison begins to take notice: where nothing lost its sharing,
 * none is.
 */
enum { LONG = 4096 };

/* Where the path ends; half of it is gone after. */
static noun
oldest(noun cell)
{
	noun base = (noun)heap.region[IMAGE_CELLS].base;
	uint32_t *e, *f;

	while ((e = twin_entry(cell)) != NULL && *e != 0) {
		cell = (base + ((noun)(*e - 1) << 4)) | 1;
		if ((f = twin_entry(cell)) != NULL && *f != 0)
			*e = *f;
	}
	return cell;
}

static bool
are_twins(noun x, noun y)
{
	return heap_config.twins_end > 0 && !writable(x) && !writable(y) &&
	    oldest(x) == oldest(y);
}

/* Cells so far off that their number is no entry stay strangers. */
static void __attribute__((noinline)) join(noun x, noun y)
{
	noun base = (noun)heap.region[IMAGE_CELLS].base, old, young;
	uint32_t *e;

	if (heap_config.twins_end == 0 || !is_cell(x))
		return;
	x = oldest(x);
	y = oldest(y);
	old = x < y ? x : y;
	young = x < y ? y : x;
	e = twin_entry(young);
	if (e != NULL && young != old && (old - base) >> 4 < UINT32_MAX)
		*e = (uint32_t)((old - base) >> 4) + 1;
}

/*
 * Slots x and y hold equal nouns: make both hold the older one.  Addresses
 * grow with youth, so the older is the lower, and each slot's cell is at
 * least as young as what it held.  A younger one that is held by the image
 * is in the image, as then are both, so anyone else's slot may hold it.
 */
static inline void
unify(noun a, noun b, unsigned i)
{
	noun x = cell_words(a)[i], y = cell_words(b)[i];

	if (x == y)
		return;
	if (writable(x < y ? b : a))
		cell_words(x < y ? b : a)[i] = x < y ? x : y;
	else if (writable(x < y ? a : b))
		cell_words(x < y ? a : b)[i] = x < y ? y : x;
	else
		join(x, y);
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
		return are_twins(a, b) ? SAME : OPEN;
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
	bool same = v != DIFFERENT, done;
	uint64_t notice = *steps > LONG ? *steps - LONG : 0;

	if (v == OPEN)
		put_spine(a, b);
	for (; same && scratch_top() > mark && *steps > 0; --*steps) {
		if (__builtin_expect(*steps == notice, 0))
			twins_open();
		same = step();
	}
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
