#include "test.h"

#include "atom.h"
#include "equal.h"
#include "gen.h"
#include "heap.h"
#include "mug.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
}

/* -------- the definition -------- */

static bool
plain_equal(noun a, noun b)
{
	if (is_cell(a) != is_cell(b))
		return false;
	if (is_cell(a))
		return plain_equal(head(a), head(b)) &&
		    plain_equal(tail(a), tail(b));
	return atom_compare(a, b) == 0;
}

/* The same noun, sharing nothing. */
static noun
copy(noun n)
{
	if (is_cell(n)) {
		noun h = copy(head(n));

		return cons(h, copy(tail(n)));
	}
	return gen_twin(n);
}

/* The same, but for one leaf. */
static noun
spoil(noun n, bool *done)
{
	noun h, t;

	if (!is_cell(n)) {
		if (*done || gen_below(3))
			return gen_twin(n);
		*done = true;
		return is_direct(n) ? direct(direct_value(n) ^ 1) : direct(5);
	}
	h = spoil(head(n), done);
	t = spoil(tail(n), done);
	return cons(h, t);
}

TEST("equal: a copy is, a copy with another leaf is not")
{
	for (unsigned i = 0; i < 2000; i++) {
		noun n = gen_small(gen_below(10)), c = copy(n), s;
		bool done = false;

		if (gen_below(2))
			mug(n);
		if (gen_below(2))
			mug(c);
		s = spoil(n, &done);
		CHECK(equal(n, s) == !done && equal(s, n) == !done);
		CHECK(equal(n, c) && equal(c, n));
		CHECK(plain_equal(n, c));
		CHECK(equal(n, s) == !done);
	}
	CHECK(gen_sound());
}

TEST("equal: atoms of every size, and no atom is a cell")
{
	for (size_t bits = 0; bits < 300; bits++) {
		noun a = gen_bits(bits), b = gen_bits(bits);

		CHECK(equal(a, gen_twin(a)));
		CHECK(equal(a, b) == (atom_compare(a, b) == 0));
		CHECK(!equal(a, cons(a, 0)) && !equal(cons(a, 0), a));
		CHECK(!equal(a, gen_bits(bits + 1)));
	}
}

TEST("equal: large atoms are compared to the last bit")
{
	size_t bits = 64 * 100000 + 1;
	noun a = gen_bits(bits), b = gen_twin(a);

	CHECK(a != b && equal(a, b));
	boxed_limbs(b)[100000 - 1] ^= 1;
	CHECK(!equal(a, b));
	boxed_limbs(b)[100000 - 1] ^= 1;
	boxed_limbs(b)[0] ^= UINT64_C(1) << 63;
	CHECK(!equal(cons(0, a), cons(0, b)));
}

/* -------- what lost its sharing -------- */

enum { THROUGH_HEADS, THROUGH_TAILS, BOTH, CROSSED, WAYS };

/*
 * 2^levels leaves in a few cells a level: each level has `copies` equal
 * cells, each holding any two of the level below.
 */
static noun
doublings(unsigned levels, unsigned copies, unsigned way)
{
	noun below[8], now[8];

	for (unsigned i = 0; i < copies; i++)
		below[i] = cons(direct(1), direct(2));
	for (unsigned k = 0; k < levels; k++) {
		for (unsigned i = 0; i < copies; i++) {
			noun x = below[gen_below(copies)];
			noun y = below[way == CROSSED ? gen_below(copies) : i];

			if (way == THROUGH_HEADS)
				now[i] = cons(cons(x, direct(k)), cons(y, 0));
			else if (way == THROUGH_TAILS)
				now[i] = cons(direct(k), cons(cons(0, x), y));
			else
				now[i] = cons(x, y);
		}
		memcpy(below, now, sizeof below);
	}
	return below[0];
}

TEST("equal: stays linear where equal parts are not shared")
{
	for (unsigned way = 0; way < WAYS; way++)
		for (unsigned levels = 60; levels <= 1000; levels += 470)
			for (unsigned copies = 1; copies <= 8; copies *= 2) {
				noun a = doublings(levels, copies, way);
				noun b = doublings(levels, copies, way);

				CHECK(equal(a, b));
				CHECK(equal(b, a));
				CHECK(
				    scratch_top() == heap.region[SCRATCH].base);
			}
	CHECK(gen_sound());
}

TEST("equal: and where they differ only at the very end")
{
	noun a = cons(direct(1), direct(2)), b = cons(direct(1), direct(3));

	for (unsigned i = 0; i < 1000; i++) {
		a = cons(gen_twin(a), a);
		b = cons(b, gen_twin(b));
	}
	CHECK(!equal(a, b));
	CHECK(!equal(cons(a, a), cons(gen_twin(a), b)));
}

TEST("equal: what was found equal is shared, so a second look is short")
{
	noun n = 0;

	for (unsigned i = 0; i < 1000; i++)
		n = cons(direct(i), n);
	stack_push(n);
	for (unsigned i = 0; i < 100; i++) {
		stack_push(copy(n));
		CHECK(equal(stack_top()[-1], n));
	}
	heap_collect(HEAP_MAJOR);
	CHECK(heap.stat.live <= 16 * (1000 + 100));
}

/* -------- young and old -------- */

TEST("equal: no older cell comes to point to a younger one")
{
	enum { OLD = 60 };
	noun *old;

	for (unsigned round = 0; round < 40; round++) {
		stack_cut((noun *)heap.region[NOUN_STACK].base);
		for (unsigned i = 0; i < OLD; i++) {
			stack_push(gen_noun(gen_below(40)));
			if (gen_below(10) == 0)
				heap_collect(HEAP_MINOR);
			if (gen_below(30) == 0)
				heap_collect(HEAP_MAJOR);
		}
		old = stack_top() - OLD;
		for (unsigned i = 0; i < 200; i++) {
			noun a = old[gen_below(OLD)], b = gen_twin(a);

			if (is_cell(b)) /* a young copy two levels deep */
				b = cons(gen_twin(head(b)), gen_twin(tail(b)));
			CHECK(equal(a, b));
			CHECK(equal(b, a));
			equal(a, old[gen_below(OLD)]);
		}
		CHECK(gen_sound());
		heap_collect(HEAP_MINOR);
		CHECK(gen_sound());
	}
}

/* -------- size -------- */

enum { MANY = 1000000 };

TEST("equal: long lists and deep heads take no C stack")
{
	noun a = 0, b = 0, c = 0, d = 0;

	for (size_t i = 0; i < MANY; i++) {
		a = cons(direct(i), a);
		b = cons(direct(i), b);
		c = cons(c, direct(i));
		d = cons(d, direct(i));
	}
	CHECK(!equal(a, c));
	CHECK(equal(a, b) && equal(c, d));
	CHECK(!equal(cons(a, direct(1)), cons(b, direct(2))));
	CHECK(scratch_top() == heap.region[SCRATCH].base);
	CHECK(gen_sound());
}
