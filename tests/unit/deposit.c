/* Nouns copied into the image while nothing moves. */
#include "test.h"

#include <sys/resource.h>

#include "bail.h"
#include "equal.h"
#include "gen.h"
#include "heap.h"
#include "jam.h"
#include "mug.h"

static void
begin(size_t limit)
{
	heap_free();
	if (heap_init(&(struct heap_opts){.limit = limit}) != 0)
		exit(111);
}

void
test_setup(void)
{
	begin(0);
}

static bool
in_image(noun n)
{
	return is_direct(n) || n < (noun)heap.region[LARGE_ATOMS].base;
}

/* Nothing of the image points out of it. */
static bool
image_closed(void)
{
	struct heap_image i = heap_image();
	noun *end = (noun *)(i.cells + i.cell_bytes);

	for (noun *p = (noun *)i.cells; p < end; p++)
		if (!in_image(*p))
			return false;
	return true;
}

static noun
bytes_of(noun n)
{
	return jam(n);
}

/* A noun of parts of each space: image, large, mid, nursery. */
static noun
of_all_spaces(noun image, size_t cells)
{
	noun n = cons(image, gen_noun(cells));

	if (gen_below(3) == 0)
		n = cons(gen_bits(3 << 20), n);
	stack_push(n);
	heap_collect(gen_below(2) ? HEAP_MINOR : HEAP_MAJOR);
	n = stack_pop();
	return cons(cons(n, gen_noun(cells)), n);
}

TEST("deposit: the copy is equal, and the original stays where and what it is")
{
	noun root = 0, n, was, copy;

	for (unsigned i = 0; i < 200; i++) {
		gen_state = i * 99 + 7;
		n = of_all_spaces(root, 1 + gen_below(300));
		if (i % 3 == 0)
			mug(n);
		was = bytes_of(n);
		copy = n;
		REQUIRE(heap_deposit(&copy));
		CHECK(in_image(copy) && image_closed() && gen_sound());
		CHECK(equal(bytes_of(copy), was));
		CHECK(equal(bytes_of(n), was));
		CHECK(head(n) == head(copy) && tail(n) == tail(copy));
		CHECK_EQ(mug(copy), mug(n));
		stack_push(n);
		stack_push(was);
		heap_collect(i % 2 ? HEAP_MINOR : HEAP_MAJOR);
		CHECK(gen_sound());
		was = stack_pop();
		n = stack_pop();
		CHECK(equal(bytes_of(n), was) && equal(bytes_of(copy), was));
		root = i % 10 == 9 ? 0 : copy;
	}
}

TEST("deposit: what is shared is copied once, and costs what is new")
{
	struct heap_image before, after;
	noun twice = gen_bits(1000), n = 0, copy;

	for (unsigned i = 0; i < 1000; i++)
		n = cons(twice, n);
	copy = cons(n, n);
	REQUIRE(heap_deposit(&copy));
	after = heap_image();
	CHECK_EQ(after.cell_bytes, 1001 * 16);
	CHECK_EQ(after.atom_bytes, 17 * 8);
	before = after;

	/* By the original, which has the copy's parts now. */
	copy = cons(direct(1), n);
	REQUIRE(heap_deposit(&copy));
	after = heap_image();
	CHECK_EQ(after.cell_bytes - before.cell_bytes, 2 * 16);
	CHECK_EQ(after.atom_bytes, before.atom_bytes);
	before = after;

	copy = cons(direct(2), copy);
	REQUIRE(heap_deposit(&copy));
	REQUIRE(heap_deposit(&copy));
	after = heap_image();
	CHECK_EQ(after.cell_bytes - before.cell_bytes, 16);
}

TEST("deposit: direct atoms, boxed ones, large ones")
{
	static const size_t bits[] = {1, 64, 200, 3 << 20, 9 << 20};

	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		noun n = gen_bits(bits[i]), copy = n;

		REQUIRE(heap_deposit(&copy));
		CHECK(in_image(copy) && equal(copy, n));
		CHECK(is_direct(n) || copy != n);
		CHECK_EQ(atom_bits(n), bits[i]);
	}
}

TEST("deposit: a list of a million and a head as deep")
{
	noun list = 0, deep = 0, copy;
	uint64_t n = 0;

	for (unsigned i = 0; i < 1000000; i++) {
		list = cons(direct(i), list);
		deep = cons(deep, direct(i));
	}
	copy = cons(list, deep);
	REQUIRE(heap_deposit(&copy));
	CHECK(image_closed());
	for (list = head(copy); is_cell(list); list = tail(list))
		n++;
	for (deep = tail(copy); is_cell(deep); deep = head(deep))
		n++;
	CHECK_EQ(n, 2000000);
}

TEST("deposit: no memory for it is false, and all is as it was")
{
	struct rlimit few;
	struct heap_image i;
	noun n = 0, copy, was;
	uint32_t hash;

#ifdef __SANITIZE_ADDRESS__
	SKIP("the sanitizer has memory of its own");
#endif
	for (unsigned k = 0; k < 400000; k++)
		n = cons(gen_bits(100), n);
	n = cons(gen_bits(80 << 20), n);
	was = bytes_of(n);
	hash = mug(n);
	few = (struct rlimit){heap.stat.memory + (20 << 20), RLIM_INFINITY};
	REQUIRE(setrlimit(RLIMIT_DATA, &few) == 0);
	copy = n;
	CHECK(!heap_deposit(&copy));
	CHECK_EQ(copy, n);
	i = heap_image();
	CHECK_EQ(i.cell_bytes + i.atom_bytes, 0);
	few.rlim_cur = RLIM_INFINITY;
	REQUIRE(setrlimit(RLIMIT_DATA, &few) == 0);
	CHECK(equal(bytes_of(n), was));
	CHECK_EQ(mug(n), hash);
	REQUIRE(heap_deposit(&copy));
	CHECK(equal(bytes_of(copy), was) && image_closed() && gen_sound());
}

TEST("deposit: the limit is not for the image")
{
	noun n = 0, copy;

	begin(16 << 20);
	for (unsigned k = 0; k < 100000; k++)
		n = cons(direct(k), n);
	copy = n;
	CHECK(heap_deposit(&copy));
	CHECK(equal(copy, n));
}
