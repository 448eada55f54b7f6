#define XXH_INLINE_ALL
#include <xxhash.h>

#include "test.h"

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "gen.h"
#include "heap.h"
#include "image.h"
#include "mug.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
}

/* -------- an image in memory -------- */

struct memory {
	struct image_sink sink;
	uint8_t *p;
	size_t n, room, most; /* most: refuse after so many bytes; 0 = never */
};

static int
memory_put(struct image_sink *s, const void *p, size_t n)
{
	struct memory *m = (struct memory *)s;

	if (m->most && m->n + n > m->most)
		return 42;
	if (m->n + n > m->room) {
		m->room = 2 * (m->n + n);
		if ((m->p = realloc(m->p, m->room)) == NULL)
			exit(111);
	}
	if (n > 0)
		memcpy(m->p + m->n, p, n);
	m->n += n;
	return 0;
}

static struct memory
image_of(noun n)
{
	struct memory m = {.sink.put = memory_put};

	CHECK_EQ(image_write(&m.sink, n), 0);
	CHECK(scratch_top() == heap.region[SCRATCH].base);
	return m;
}

static uint64_t
word_at(const struct memory *m, size_t at)
{
	uint64_t w;

	memcpy(&w, m->p + at, 8);
	return w;
}

static void
put_word(struct memory *m, size_t at, uint64_t w)
{
	memcpy(m->p + at, &w, 8);
}

/* Make both checksums right. */
static void
seal(struct memory *m)
{
	put_word(m, 32, XXH3_64bits(m->p, 32));
	put_word(m, m->n - 8,
	    XXH3_64bits(m->p + IMAGE_HEADER, m->n - IMAGE_HEADER - 8));
}

static size_t
memory_used(void)
{
	size_t n = 0;

	for (unsigned i = 0; i < REGIONS; i++)
		n += (size_t)(heap.region[i].top - heap.region[i].base);
	return n;
}

/* Read exactly the bytes there are, at an odd address. */
static int
read_back(const struct memory *m, size_t n, noun *out)
{
	struct image_fault f = {0};
	uint8_t *odd = malloc(n + 1);
	size_t before = memory_used();
	int e;

	memcpy(odd + 1, m->p, n);
	e = image_read(odd + 1, n, out, &f);
	if (e != 0) {
		CHECK(f.reason != NULL && f.at <= m->n);
		CHECK_EQ(memory_used(), before);
	}
	free(odd);
	return e;
}

static void
must_fail(const struct memory *m)
{
	noun out = 3;

	CHECK_EQ(read_back(m, m->n, &out), -1);
	CHECK(gen_sound());
}

/* -------- there and back -------- */

static void
there_and_back(noun n)
{
	struct memory m = image_of(n);
	struct image_fault f;
	noun back = 3;

	CHECK_EQ(image_length(m.p, &f), m.n);
	CHECK_EQ(read_back(&m, m.n, &back), 0);
	CHECK(equal(n, back));
	CHECK_EQ(mug(n), mug(back));
	free(m.p);
}

TEST("image: random nouns come back")
{
	for (unsigned i = 0; i < 500; i++) {
		there_and_back(gen_noun(gen_below(300)));
		there_and_back(gen_small(gen_below(2000)));
		if (i % 8 == 0)
			heap_collect(gen_below(2));
		CHECK(gen_sound());
	}
}

TEST("image: nouns of old and young parts come back")
{
	stack_push(gen_noun(200));
	for (unsigned i = 0; i < 60; i++) {
		stack_push(cons(stack_pop(), gen_noun(50)));
		stack_push(cons(gen_bits(8 * (300 << 10)), stack_pop()));
		there_and_back(stack_top()[-1]);
		if (i % 10 == 9)
			stack_push(head(tail(stack_pop())));
		if (gen_below(2))
			heap_collect(gen_below(2));
	}
}

TEST("image: what is shared stays shared, once in the bytes")
{
	noun n = direct(1), back;
	struct memory m;

	for (unsigned i = 0; i < 1000; i++)
		n = cons(n, n);
	m = image_of(n);
	CHECK_EQ(m.n, IMAGE_HEADER + 16 * 1000 + 8);
	CHECK_EQ(read_back(&m, m.n, &back), 0);
	CHECK(head(back) == tail(back));
	free(m.p);
}

TEST("image: the same noun gives the same bytes after a collection")
{
	struct memory a, b;

	stack_push(gen_noun(2000));
	a = image_of(stack_top()[-1]);
	heap_collect(HEAP_MAJOR);
	b = image_of(stack_top()[-1]);
	CHECK(a.n == b.n && memcmp(a.p, b.p, a.n) == 0);
	mug(stack_top()[-1]);
	free(b.p);
	b = image_of(stack_top()[-1]);
	CHECK(a.n == b.n && memcmp(a.p, b.p, a.n) == 0);
	free(a.p);
	free(b.p);
}

TEST("image: a million deep, either way")
{
	noun l = 0, r = 0;

	for (size_t i = 0; i < 1000000; i++) {
		l = cons(l, direct(i));
		r = cons(direct(i), r);
	}
	there_and_back(cons(l, r));
}

TEST("image: when the sink says stop, writing stops and says so")
{
	noun n = cons(gen_bits(64 * 4000), gen_noun(3000));
	struct memory whole = image_of(n);

	for (size_t most = 1; most < whole.n; most += 997) {
		struct memory m = {.sink.put = memory_put, .most = most};

		CHECK_EQ(image_write(&m.sink, n), 42);
		CHECK(scratch_top() == heap.region[SCRATCH].base);
		free(m.p);
	}
	free(whole.p);
}

/* -------- bad input -------- */

TEST("image: every cut and every flipped bit is a fault")
{
	for (unsigned i = 0; i < 8; i++) {
		struct memory m =
		    image_of(i ? gen_noun(1 + gen_below(12)) : direct(5));
		noun out;

		for (size_t n = 0; n < m.n; n++)
			CHECK_EQ(read_back(&m, n, &out), -1);
		for (size_t k = 0; k < m.n * 8; k++) {
			m.p[k / 8] ^= (uint8_t)(1 << k % 8);
			must_fail(&m);
			m.p[k / 8] ^= (uint8_t)(1 << k % 8);
		}
		CHECK_EQ(read_back(&m, m.n, &out), 0);
		m.p = realloc(m.p, m.n + 1);
		m.p[m.n++] = 0;
		must_fail(&m);
		free(m.p);
	}
}

enum { ROOT = 24, ATOMS = IMAGE_HEADER };

/* Two boxed atoms of 1 and 2 limbs, and cells [a b], [[a b] 7]. */
static struct memory
example(void)
{
	noun a = gen_bits(64), b = gen_bits(128);
	struct memory m = image_of(cons(cons(a, b), direct(7)));

	CHECK_EQ(m.n, IMAGE_HEADER + 5 * 8 + 32 + 8);
	return m;
}

TEST("image: a reference to anything but an atom or an earlier cell")
{
	enum { CELLS = ATOMS + 5 * 8 };
	static const uint64_t bad[] = {
	    0 << 4 | 1,                         /* the first cell: itself */
	    1 << 4 | 1, 2 << 4 | 1, 3 << 4 | 1, /* forward, and outside */
	    UINT64_MAX << 4 | 1, 1 << 4 | 9,    /* far, and between two */
	    1 << 3 | 3, 3 << 3 | 3, 4 << 3 | 3, /* inside an atom */
	    5 << 3 | 3, 6 << 3 | 3, UINT64_MAX << 3 | 3, /* behind the atoms */
	    5, 7, 13, 15, UINT64_MAX,                    /* no reference */
	};
	struct memory m = example();
	noun out;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		for (size_t at = CELLS; at < CELLS + 16; at += 8) {
			uint64_t was = word_at(&m, at);

			put_word(&m, at, bad[i]);
			seal(&m);
			must_fail(&m);
			put_word(&m, at, was);
		}
	put_word(&m, CELLS + 24, 1 << 4 | 1); /* the second cell: itself */
	seal(&m);
	must_fail(&m);
	put_word(&m, CELLS + 24, 0 << 4 | 1); /* the first is all right */
	seal(&m);
	CHECK_EQ(read_back(&m, m.n, &out), 0);
	CHECK(head(out) == tail(out));
	free(m.p);
}

TEST("image: a root that is no noun")
{
	static const uint64_t bad[] = {2 << 4 | 1, 9, 1 << 3 | 3, 5 << 3 | 3, 5,
	    7, UINT64_MAX, UINT64_MAX << 4 | 1};
	struct memory m = example();
	noun out;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		put_word(&m, ROOT, bad[i]);
		seal(&m);
		must_fail(&m);
	}
	put_word(&m, ROOT, 2 << 3 | 3);
	seal(&m);
	CHECK_EQ(read_back(&m, m.n, &out), 0);
	CHECK(is_boxed(out) && boxed_len(out) == 2);
	free(m.p);
}

TEST("image: an atom that is not normalised, or reaches too far")
{
	static const struct {
		size_t at;
		uint64_t w;
	} bad[] = {
	    {ATOMS, 0},
	    {ATOMS, 2},
	    {ATOMS, 4},
	    {ATOMS, 5},
	    {ATOMS, UINT64_MAX},
	    {ATOMS, ATOM_LIMBS_MAX},
	    {ATOMS, ATOM_LIMBS_MAX + 2}, /* 1, and a mug */
	    {ATOMS + 8, 0},
	    {ATOMS + 8, 1},
	    {ATOMS + 8, DIRECT_MAX},
	    {ATOMS + 16, 3},
	    {ATOMS + 16, 1},
	    {ATOMS + 32, 0},
	};
	struct memory m = example(), broken;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		broken = m;
		broken.p = malloc(m.n);
		memcpy(broken.p, m.p, m.n);
		put_word(&broken, bad[i].at, bad[i].w);
		seal(&broken);
		must_fail(&broken);
		free(broken.p);
	}
	free(m.p);
}

TEST("image: counts of any size are a fault, not a reason to take memory")
{
	struct memory m = example();

	for (unsigned k = 0; k < 64; k++)
		for (size_t at = 8; at <= 16; at += 8) {
			uint64_t was = word_at(&m, at);

			put_word(&m, at, was ^ UINT64_C(1) << k);
			seal(&m);
			must_fail(&m);
			put_word(&m, at, UINT64_MAX - k);
			seal(&m);
			must_fail(&m);
			put_word(&m, at, was);
		}
	CHECK(heap.stat.peak < 2 << 20);
	free(m.p);
}

TEST("image: random words with right checksums are a fault or a sound noun")
{
	for (unsigned i = 0; i < 20000; i++) {
		struct memory m = image_of(gen_noun(1 + gen_below(6)));
		noun out;

		for (unsigned k = 0; k < 2 && m.n > IMAGE_HEADER + 8; k++) {
			size_t words = (m.n - IMAGE_HEADER - 8) / 8;
			size_t at = IMAGE_HEADER + 8 * gen_below(words);

			put_word(&m, at,
			    gen_below(2) ? gen_below(200)
			                 : word_at(&m, at) ^
			            UINT64_C(1) << gen_below(64));
		}
		seal(&m);
		if (read_back(&m, m.n, &out) == 0)
			there_and_back(out);
		CHECK(gen_sound());
		free(m.p);
		if (i % 100 == 0)
			heap_collect(HEAP_MAJOR);
	}
}

/* -------- the heap's limit -------- */

struct job {
	struct memory m;
	noun n;
};

static void
read_job(void *arg)
{
	struct job *j = arg;
	struct image_fault f;

	image_read(j->m.p, j->m.n, &j->n, &f);
}

TEST("image: over the heap's limit it bails, and the heap is as it was")
{
	struct job j;
	noun n = 0;

	for (size_t i = 0; i < 1000000; i++)
		n = cons(direct(i), n);
	j.m = image_of(n);
	heap_free();
	REQUIRE(heap_init(&(struct heap_opts){.limit = 12 << 20}) == 0);
	for (unsigned i = 0; i < 5; i++) {
		CHECK_EQ(trap_run(read_job, &j), BAIL_MEME);
		CHECK(scratch_top() == heap.region[SCRATCH].base);
		heap_safepoint();
		there_and_back(gen_noun(1000));
	}
	free(j.m.p);
}
