#include "test.h"

#include "atom.h"
#include "equal.h"
#include "heap.h"
#include "shape.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
}

static noun
num(uint64_t v)
{
	return direct(v);
}

TEST("shape: axis 1 is the whole, 2n and 2n+1 the parts of n")
{
	noun n = cons(cons(num(4), num(5)), cons3(num(6), num(14), num(15)));
	noun part;

	CHECK(axis_get_word(n, 1, &part) && part == n);
	CHECK(axis_get_word(n, 2, &part) && part == head(n));
	CHECK(axis_get_word(n, 3, &part) && part == tail(n));
	for (uint64_t axis = 4; axis < 7; axis++)
		CHECK(axis_get_word(n, axis, &part) && part == num(axis));
	for (uint64_t axis = 14; axis < 16; axis++) {
		CHECK(axis_get_word(n, axis, &part) && part == num(axis));
		CHECK(axis_get(n, num(axis), &part) && part == num(axis));
	}
}

TEST("shape: there is nothing at axis 0, in an atom, at a cell")
{
	noun n = cons(num(1), num(2)), part = 99;

	CHECK(!axis_get_word(n, 0, &part));
	CHECK(!axis_get(n, 0, &part));
	CHECK(!axis_get_word(n, 4, &part));
	CHECK(!axis_get_word(num(1), 2, &part));
	CHECK(!axis_get(n, n, &part));
	CHECK_EQ(part, 99);
	CHECK(axis_get_word(num(7), 1, &part) && part == num(7));
}

TEST("shape: an axis of any size is followed")
{
	/* 1000 tails down: axis 2^1001 - 1; its sibling head: 2^1001 - 2 */
	uint64_t limb[16];
	noun n = num(77), part, axis;

	for (unsigned i = 0; i < 1000; i++)
		n = cons(num(i), n);
	memset(limb, 0xff, sizeof limb);
	limb[15] = (UINT64_C(1) << (1001 - 960)) - 1;
	axis = atom_from_limbs(limb, 16);
	CHECK(axis_get(n, axis, &part) && part == num(77));
	limb[0]--;
	axis = atom_from_limbs(limb, 16);
	CHECK(axis_get(n, axis, &part) && part == num(0));
	limb[0]++;
	limb[15] = limb[15] << 1 | 1;
	CHECK(!axis_get(n, atom_from_limbs(limb, 16), &part));
	limb[15] = limb[15] >> 2;
	CHECK(axis_get(n, atom_from_limbs(limb, 16), &part));
	CHECK_EQ(head(part), num(0));
}

TEST("shape: axes of 63, 64 and 65 bits are one step apart")
{
	uint64_t limb[2] = {UINT64_MAX, 1};
	noun n = num(77), part;

	for (unsigned i = 0; i < 64; i++)
		n = cons(num(i), n);
	CHECK(axis_get_word(n, UINT64_MAX >> 1, &part));
	CHECK_EQ(head(part), num(1));
	CHECK(axis_get(n, atom_word(UINT64_MAX), &part));
	CHECK_EQ(head(part), num(0));
	CHECK(axis_get(n, atom_from_limbs(limb, 2), &part) && part == num(77));
}

TEST("shape: tuples are put together and taken apart")
{
	noun n = cons4(num(1), num(2), num(3), num(4)), a, b, c, d;

	CHECK(equal(n, cons(num(1), cons3(num(2), num(3), num(4)))));
	CHECK(uncons4(n, &a, &b, &c, &d));
	CHECK(a == num(1) && b == num(2) && c == num(3) && d == num(4));
	CHECK(uncons3(n, &a, &b, &c));
	CHECK(a == num(1) && b == num(2) && equal(c, cons(num(3), num(4))));
	CHECK(uncons(n, &a, &b) && a == num(1) && b == tail(n));
	n = cons(num(1), num(2));
	CHECK(!uncons3(n, &a, &b, &c));
	CHECK(!uncons4(n, &a, &b, &c, &d));
	CHECK(!uncons4(cons(num(0), n), &a, &b, &c, &d));
	CHECK(!uncons(num(1), &a, &b));
}

TEST("shape: lists")
{
	noun items[] = {num(1), num(2), num(3)}, n = list_from(items, 3);
	uint64_t length;

	CHECK(equal(n, cons4(num(1), num(2), num(3), 0)));
	CHECK(list_length(n, &length) && length == 3);
	CHECK(equal(list_flop(n), cons4(num(3), num(2), num(1), 0)));
	CHECK(list_length(0, &length) && length == 0);
	CHECK_EQ(list_from(NULL, 0), 0);
	CHECK_EQ(list_flop(0), 0);
	CHECK(!list_length(cons(num(1), num(2)), &length));
	CHECK(!list_length(num(1), &length));
}
