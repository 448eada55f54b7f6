/* Images whose sums are right: what lies behind the sums is checked too. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "bail.h"
#include "heap.h"
#include "image.h"
#include "shape.h"
#include "test.h"

struct bad {
	const char *what;
	uint64_t cells, words, root;
	uint64_t body[6];
	size_t n; /* words in body */
};

/* One that is good, to know that the others fail for their own reason. */
static const struct bad good = {"[1 2^64]", 1, 3, 0x1, {2, 0, 1, 0x2, 0x3}, 5};

static const struct bad bads[] = {
    {"a cell that is its own head", 1, 0, 0x1, {0x1, 0x4}, 2},
    {"a cell that names a later one", 2, 0, 0x11, {0x11, 0x4, 0x2, 0x4}, 4},
    {"a root beyond the cells", 1, 0, 0x11, {0x2, 0x4}, 2},
    {"a head beyond the cells", 1, 0, 0x1, {0x1000000001, 0x4}, 2},
    {"a tail beyond the atoms", 1, 0, 0x1, {0x2, 0x3}, 2},
    {"a root inside an atom", 0, 3, 0xb, {2, 1, 1}, 3},
    {"a tail inside an atom", 1, 3, 0x1, {2, 1, 1, 0x2, 0xb}, 5},
    {"an atom that fits a direct one", 0, 2, 0x3, {1, 5}, 2},
    {"an atom whose top limb is zero", 0, 3, 0x3, {2, 5, 0}, 3},
    {"an atom of no limbs", 0, 1, 0x3, {0}, 1},
    {"an atom longer than all of them", 0, 2, 0x3, {9, UINT64_MAX}, 2},
    {"an atom longer than an address", 0, 2, 0x3, {0x1ffffffff, UINT64_MAX}, 2},
    {"an atom that carries a mug", 0, 2, 0x3,
        {1 | UINT64_C(5) << 33, UINT64_MAX}, 2},
    {"a root that is no noun", 1, 0, 0x5, {0x2, 0x4}, 2},
    {"a head that is no noun", 1, 0, 0x1, {0x7, 0x4}, 2},
    {"a cell's number that is not whole", 2, 0, 0x11, {0x2, 0x4, 0x9, 0x4}, 4},
    {"more cells than bytes", 1000, 0, 0x1, {0x2, 0x4}, 2},
    {"more cells than any memory", UINT64_MAX / 16 + 2, 0, 0x1, {0x2, 0x4}, 2},
    {"more words than any memory", 1, UINT64_MAX / 8 + 1, 0x1, {0x2, 0x4}, 2},
};

struct image {
	char bytes[IMAGE_HEADER + 6 * 8 + IMAGE_TRAILER];
	size_t n;
	noun out;
	struct image_fault fault;
	int got;
};

static void
build(struct image *i, const struct bad *b)
{
	uint64_t sum;

	memcpy(i->bytes, IMAGE_MAGIC, 8);
	memcpy(i->bytes + 8, &b->cells, 8);
	memcpy(i->bytes + 16, &b->words, 8);
	memcpy(i->bytes + 24, &b->root, 8);
	sum = XXH3_64bits(i->bytes, 32);
	memcpy(i->bytes + 32, &sum, 8);
	memcpy(i->bytes + IMAGE_HEADER, b->body, b->n * 8);
	sum = XXH3_64bits(b->body, b->n * 8);
	memcpy(i->bytes + IMAGE_HEADER + b->n * 8, &sum, 8);
	i->n = IMAGE_HEADER + b->n * 8 + IMAGE_TRAILER;
}

static void
read_it(void *arg)
{
	struct image *i = arg;

	i->got = image_read(i->bytes, i->n, &i->out, &i->fault);
}

TEST("image: the one built by hand here is read")
{
	struct image i;
	noun h, t;

	REQUIRE(heap_init(&(struct heap_opts){0}) == 0);
	build(&i, &good);
	REQUIRE(trap_run(read_it, &i) == BAIL_NONE);
	REQUIRE(i.got == 0);
	REQUIRE(uncons(i.out, &h, &t));
	CHECK_EQ(h, direct(1));
	REQUIRE(is_boxed(t));
	CHECK_EQ(boxed_limbs(t)[1], 1);
}

TEST(
    "image: a reference or an atom that cannot be is bad, though the sums are right")
{
	REQUIRE(heap_init(&(struct heap_opts){0}) == 0);
	for (size_t k = 0; k < sizeof bads / sizeof *bads; k++) {
		struct image i;

		build(&i, &bads[k]);
		REQUIRE(trap_run(read_it, &i) == BAIL_NONE);
		if (i.got == 0)
			TEST_FAIL("%s is taken", bads[k].what);
		else if (i.fault.at > i.n)
			TEST_FAIL(
			    "%s: place %" PRIu64, bads[k].what, i.fault.at);
	}
}
