/* The image in its file: what goes in comes out, in other processes too. */
#include "test.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#include "piers.h"
#include "readers.h"

void
test_setup(void)
{
	pier_make();
	atexit(pier_remove);
	pier_heap();
}

#define OK(call)                                                           \
	do {                                                               \
		int test_got = (call);                                     \
		if (test_got != STORE_OK) {                                \
			TEST_FAIL("%s is %d: %s", #call, test_got, s.why); \
			return;                                            \
		}                                                          \
	} while (0)

/* -------- out and in -------- */

TEST("store: what was committed is there when it is opened again")
{
	struct store s;

	OK(store_create(&s, pier_image));
	for (uint64_t e = 0; e < 40; e += 4) {
		OK(pier_open(&s, STORE_WRITE));
		CHECK(pier_is(&s, e));
		CHECK(!s.fell_back);
		OK(pier_run(&s, e + 1, e + 4));
		CHECK(pier_is(&s, e + 4));
		CHECK(gen_sound());
		OK(store_verify(&s, NULL, NULL));
		store_close(&s);
	}
}

TEST("store: a direct root, a boxed one, and none")
{
	noun roots[3];
	struct store s;

	OK(store_create(&s, pier_image));
	for (unsigned i = 0; i < 3; i++) {
		OK(pier_open(&s, STORE_WRITE));
		roots[0] = direct(i);
		roots[1] = gen_bits(100);
		roots[2] = gen_bits(4 << 20);
		for (unsigned k = 0; k < 3; k++) {
			uint32_t was = mug(roots[k]);
			size_t bits = atom_bits(roots[k]);

			stack_push(roots[2]);
			OK(store_commit(&s, &roots[k], k));
			roots[2] = stack_pop();
			OK(pier_open(&s, STORE_WRITE));
			CHECK_EQ(mug(s.root), was);
			CHECK_EQ(atom_bits(s.root), bits);
			roots[1] = gen_bits(100);
			roots[2] = gen_bits(4 << 20);
		}
	}
}

/* All mugs are known; each is right, as are those they are made of. */
static bool
mugs_known(void)
{
	struct heap_image i = heap_image();

	for (char *p = i.cells; p < i.cells + i.cell_bytes; p += 16) {
		noun n = (noun)p | 1;

		if (mug_known(n) == 0 ||
		    mug_known(n) != mug_both(mug(head(n)), mug(tail(n))))
			return false;
	}
	for (char *p = i.atoms; p < i.atoms + i.atom_bytes;) {
		noun n = (noun)p | 3;

		if (mug_known(n) != mug_bytes(boxed_limbs(n), atom_bytes(n)))
			return false;
		p += (boxed_len(n) + 1) * 8;
	}
	return true;
}

TEST("store: the mugs of all that is in the image are known, and right")
{
	struct store s;

	pier_build(30);
	OK(pier_open(&s, STORE_READ));
	CHECK(mugs_known());
	OK(pier_open(&s, STORE_WRITE));
	OK(pier_run(&s, 31, 40));
	CHECK(mugs_known());
}

/* How many mappings of the image there are. */
static size_t
mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[5000];
	size_t n = 0;

	while (f && fgets(line, sizeof line, f))
		n += strstr(line, pier_image) != NULL;
	if (f)
		fclose(f);
	return n;
}

TEST("store: many small checkpoints cost what changed, and few mappings")
{
	enum { MANY = 3000 };
	struct store s;
	noun n;

	OK(store_create(&s, pier_image));
	OK(pier_open(&s, STORE_WRITE));
	for (uint64_t e = 1; e <= MANY; e++) {
		n = cons(cons(direct(e), gen_bits(200)), s.root);
		OK(store_commit(&s, &n, e));
		CHECK(s.written == 2 * 20 + 5 * 8);
	}
	CHECK_EQ(mappings(), SUPER_ROWS + 1); /* and the superblocks */
	OK(pier_open(&s, STORE_READ));
	CHECK_EQ(s.event, MANY);
	n = s.root;
	for (uint64_t e = MANY; e > 0; e--, n = tail(n))
		CHECK(head(head(n)) == direct(e));
	OK(store_verify(&s, NULL, NULL));
}

TEST("store: rows that end at a block's or an extent's edge")
{
	struct store s;
	noun n = 0;
	uint64_t cells = 0;

	OK(store_create(&s, pier_image));
	OK(pier_open(&s, STORE_WRITE));
	for (uint64_t e = 1; e < 12; e++) {
		static const size_t to[] = {4095, 4096, 4097, 16384, 16385,
		    262143, 262144, 262145, 400000, 524288, 530000};

		n = s.root;
		for (; cells < to[e - 1]; cells++)
			n = cons(direct(cells), n);
		OK(store_commit(&s, &n, e));
		OK(pier_open(&s, STORE_WRITE));
		CHECK_EQ(s.super.cells, cells * 16);
		OK(store_verify(&s, NULL, NULL));
		n = s.root;
		for (uint64_t i = cells; i > 0; i--, n = tail(n))
			if (head(n) != direct(i - 1))
				TEST_FAIL("cell %" PRIu64, i);
		CHECK_EQ(n, 0);
	}
	CHECK(s.super.n_cells > 1);
}

TEST("store: the noun of a whole pill")
{
	const char *data = getenv("NOCKUTILS_DATA");
	char path[5000];
	struct stat st;
	struct cue_fault f;
	struct store s;
	uint32_t was;
	uint8_t *p;
	noun n;
	int fd;

	snprintf(path, sizeof path, "%s/pills/ivory-140.pill",
	    data ? data : "../shared");
	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) != 0)
		SKIP("no ivory-140.pill");
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	OK(store_create(&s, pier_image));
	OK(pier_open(&s, STORE_WRITE));
	REQUIRE(cue(p, (size_t)st.st_size, &n, &f) == 0);
	was = mug(n);
	OK(store_commit(&s, &n, 1));
	CHECK_EQ(mug(n), was);
	OK(pier_open(&s, STORE_READ));
	CHECK_EQ(s.mug, was);
	CHECK_EQ(pier_fresh_mug(s.root), was);
	n = jam(s.root);
	REQUIRE(atom_bytes(n) == (size_t)st.st_size);
	CHECK_MEM(boxed_limbs(n), p, (size_t)st.st_size);
}

/* -------- what else lives -------- */

TEST("store: what is on the stack and in roots shares the image's parts")
{
	noun part, old[2], n;
	struct heap_root root = {.p = old, .n = 2};
	struct store s;
	uint32_t was;

	OK(store_create(&s, pier_image));
	OK(pier_open(&s, STORE_WRITE));
	part = gen_noun(200);
	part = cons(part, gen_bits(5 << 20));
	old[0] = cons(part, direct(3));
	old[1] = tail(part);
	stack_push(cons(part, gen_noun(50)));
	was = mug(stack_top()[-1]);
	heap_root_add(&root);
	n = cons(direct(1), part);
	OK(store_commit(&s, &n, 1));
	CHECK(head(old[0]) == tail(n) && head(stack_top()[-1]) == tail(n));
	CHECK(old[1] == tail(tail(n)));
	CHECK(gen_region(old[1]) == IMAGE_ATOMS);
	CHECK(gen_region(tail(n)) == IMAGE_CELLS);
	CHECK(gen_region(old[0]) > IMAGE_ATOMS);
	CHECK(heap.region[LARGE_ATOMS].top == heap.region[LARGE_ATOMS].base);
	CHECK_EQ(pier_fresh_mug(stack_top()[-1]), was);
	CHECK(gen_sound());
	CHECK_EQ(heap.stat.image, s.super.cells + s.super.atoms);
}

TEST("store: the image is no part of the limit, and what is not there is")
{
	enum { MIB = 1 << 20 };
	struct store s;
	uint32_t was = 0;
	noun n;

	heap_free();
	REQUIRE(heap_init(&(struct heap_opts){.limit = 48 * MIB}) == 0);
	OK(store_create(&s, pier_image));
	OK(store_open(&s, pier_image, STORE_WRITE));
	for (uint64_t e = 1; e <= 20; e++) { /* 200 MiB in all */
		n = s.root;
		for (size_t i = 0; i < 10 * MIB / 16; i++)
			n = cons(direct(i), n);
		was = mug_both(mug(n), 1);
		OK(store_commit(&s, &n, e));
		CHECK_EQ(was, mug_both(mug(n), 1));
		CHECK(heap.stat.memory < 30 * MIB);
	}
	OK(store_verify(&s, NULL, NULL));
	heap_free();
	REQUIRE(heap_init(&(struct heap_opts){.limit = 48 * MIB}) == 0);
	OK(store_open(&s, pier_image, STORE_WRITE));
	CHECK_EQ(mug_both(mug(s.root), 1), was);
	CHECK(heap.stat.memory < 2 * MIB);
	CHECK(heap_side(4) > 0);
	CHECK(heap.stat.memory < 2 * MIB);
}

/* -------- other addresses -------- */

static void
elsewhere(void)
{
	heap_free();
	mmap((void *)0x200000000000, 4096, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (heap_init(NULL) != 0)
		exit(111);
}

TEST("store: it is the same at other addresses, and can be added to there")
{
	struct store s;
	noun here, n = 0;

	pier_build(20);
	OK(pier_open(&s, STORE_WRITE));
	for (size_t i = 0; i < 300000; i++)
		n = cons(direct(i), n);
	n = cons(cons(gen_bits(77), n), s.root);
	here = n;
	OK(store_commit(&s, &n, 20));
	here = mug(n);
	for (uint64_t e = 21; e < 40; e += 3) {
		elsewhere();
		OK(store_open(&s, pier_image, STORE_WRITE));
		CHECK(s.cells_off != 0 && s.atoms_off != 0);
		CHECK_EQ(mug(s.root), here);
		CHECK_EQ(pier_fresh_mug(s.root), here);
		CHECK(mugs_known() && gen_sound());
		OK(pier_run(&s, e, e + 1));
		here = mug(s.root);
		CHECK(mugs_known() && gen_sound());
		munmap((void *)0x200000000000, 4096);
		OK(pier_open(&s, STORE_WRITE));
		CHECK(s.cells_off == 0 && s.atoms_off == 0);
		CHECK_EQ(mug(s.root), here);
		OK(pier_run(&s, e + 2, e + 2));
		here = mug(s.root);
		OK(store_verify(&s, NULL, NULL));
	}
	elsewhere();
	OK(store_open(&s, pier_image, STORE_WRITE));
	OK(store_compact(&s, NULL, NULL));
	OK(store_open(&s, pier_image, STORE_READ) == STORE_SYS ? 0 : 1);
	elsewhere();
	OK(store_open(&s, pier_image, STORE_READ));
	CHECK_EQ(mug(s.root), here);
	CHECK_EQ(pier_fresh_mug(s.root), here);
}

TEST("store: it is opened where addresses are few")
{
	struct rlimit few = {700 << 20, 700 << 20};
	struct store s;

#ifdef __SANITIZE_ADDRESS__
	SKIP("the sanitizer has taken the addresses");
#endif
	pier_build(20);
	REQUIRE(setrlimit(RLIMIT_AS, &few) == 0);
	OK(pier_open(&s, STORE_WRITE));
	CHECK(heap.shift < 30);
	CHECK(pier_is(&s, 20));
	OK(pier_run(&s, 21, 25));
	OK(pier_open(&s, STORE_WRITE));
	CHECK(pier_is(&s, 25));
}

/* -------- readers -------- */

TEST("store: readers in other processes see each new root")
{
	struct reader r[2] = {0};
	struct store s;

	pier_build(5);
	r[0] = start_reader();
	OK(pier_open(&s, STORE_WRITE));
	for (uint64_t e = 6; e < 60; e++) {
		OK(pier_run(&s, e, e));
		if (e == 30)
			r[1] = start_reader();
		if (e % 3)
			CHECK_EQ(ask(&r[0]), e);
		if (e % 7 == 0 && e > 30)
			CHECK_EQ(ask(&r[1]), e);
	}
	OK(store_compact(&s, NULL, NULL));
	CHECK_EQ(ask(&r[0]), UINT64_MAX);
	CHECK_EQ(ask(&r[1]), UINT64_MAX);
	CHECK_EQ(pier_run(&s, 60, 60), STORE_STALE);
	end_readers(r, 2);
}

/* -------- compaction -------- */

static int
by_words(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

/* No two cells of the image have the same parts. */
static bool
all_differ(void)
{
	struct heap_image i = heap_image();
	noun *copy = malloc(i.cell_bytes);
	bool differ = true;

	memcpy(copy, i.cells, i.cell_bytes);
	qsort(copy, i.cell_bytes / 16, 16, by_words);
	for (size_t k = 1; k < i.cell_bytes / 16; k++)
		differ &= memcmp(copy + 2 * k, copy + 2 * k - 2, 16) != 0;
	free(copy);
	return differ;
}

/* An equal noun that shares nothing, atoms included. */
static noun
copy_of(noun n)
{
	if (is_cell(n)) {
		noun h = copy_of(head(n));

		return cons(h, copy_of(tail(n)));
	}
	return gen_twin(n);
}

TEST("store: a compaction drops the dead and merges the equal")
{
	struct store s;
	noun n, twins = 0;
	uint32_t was;
	uint64_t before;

	OK(store_create(&s, pier_image));
	OK(pier_open(&s, STORE_WRITE));
	n = gen_noun(2000);
	OK(store_commit(&s, &n, 1)); /* dies */
	n = gen_noun(300);
	for (unsigned i = 0; i < 30; i++)
		twins = cons(copy_of(cons(gen_small(10), cons(0, 0))), twins);
	for (unsigned i = 0; i < 30; i++) {
		gen_state = 5;
		twins = cons(copy_of(gen_noun(12)), twins);
	}
	n = cons(n, twins);
	was = mug(n);
	OK(store_commit(&s, &n, 2));
	before = s.super.cells;
	OK(store_compact(&s, NULL, NULL));
	OK(pier_open(&s, STORE_WRITE));
	CHECK_EQ(s.event, 2);
	CHECK_EQ(s.mug, was);
	CHECK_EQ(pier_fresh_mug(s.root), was);
	CHECK(s.super.cells < before / 2);
	CHECK(all_differ() && mugs_known() && gen_sound());
	CHECK_EQ(s.super.packed, s.super.cells + s.super.atoms);
	CHECK(!s.fell_back);
	OK(store_verify(&s, NULL, NULL));
	before = s.super.cells;
	OK(pier_run(&s, 3, 6));
	OK(store_compact(&s, NULL, NULL));
	OK(pier_open(&s, STORE_WRITE));
	CHECK(all_differ());
	CHECK(s.super.cells > before);
}

static bool
thrice(void *arg, uint64_t done, uint64_t all)
{
	return done <= all && ++*(int *)arg < 3;
}

TEST("store: a compaction or a verification can be stopped")
{
	struct store s;
	int calls = 0;
	noun n = 0;
	struct stat st;
	char new[200];

	OK(store_create(&s, pier_image));
	OK(pier_open(&s, STORE_WRITE));
	for (size_t i = 0; i < 500000; i++)
		n = cons(direct(i), n);
	OK(store_commit(&s, &n, 1));
	CHECK_EQ(store_verify(&s, thrice, &calls), STORE_STOP);
	calls = 0;
	CHECK_EQ(store_compact(&s, thrice, &calls), STORE_STOP);
	snprintf(new, sizeof new, "%s.new", pier_image);
	CHECK(stat(new, &st) != 0);
	OK(pier_run(&s, 2, 3));
}

TEST("store: it says when a compaction is due")
{
	struct store s;
	noun n;

	OK(store_create(&s, pier_image));
	OK(pier_open(&s, STORE_WRITE));
	for (uint64_t e = 1; e < 6; e++) {
		n = 0;
		for (size_t i = 0; i < (8 << 20) / 16; i++)
			n = cons(direct(i), n);
		OK(store_commit(&s, &n, e));
		CHECK_EQ(store_grown(&s), e > 4);
	}
	OK(store_compact(&s, NULL, NULL));
	OK(pier_open(&s, STORE_WRITE));
	CHECK(!store_grown(&s));
	CHECK_EQ(s.super.packed, 8 << 20);
}

/* -------- equality in the image -------- */

/* As in equal.c: 2^levels leaves, `copies` equal cells on each level. */
static noun
doublings(unsigned levels, unsigned copies)
{
	noun below[8], now[8];

	for (unsigned i = 0; i < copies; i++)
		below[i] = cons(direct(1), direct(2));
	for (unsigned k = 0; k < levels; k++) {
		for (unsigned i = 0; i < copies; i++) {
			noun x = below[gen_below(copies)];
			noun y = below[gen_below(copies)];

			now[i] = k % 3 == 0 ? cons(x, y)
			    : k % 3 == 1 ? cons(cons(x, direct(k)), cons(y, 0))
			                 : cons(direct(k), cons(cons(0, x), y));
		}
		memcpy(below, now, sizeof below);
	}
	return below[0];
}

/* Does comparing take no more than a few steps for each cell? */
static bool
is_linear(noun a, noun b)
{
	uint64_t steps = 10000 + 4 * (uint64_t)heap.stat.image / 16;

	return equal_within(a, b, &steps) == EQUAL_YES;
}

TEST("store: equal stays linear on what is in the image, and writes nothing")
{
	struct store s;

	OK(store_create(&s, pier_image));
	for (unsigned copies = 1; copies <= 8; copies *= 2)
		for (unsigned levels = 60; levels <= 1500; levels += 480) {
			noun n = 0, a, b;

			OK(pier_open(&s, STORE_WRITE));
			for (unsigned i = 0; i < 3; i++)
				n = cons(doublings(levels, copies), n);
			OK(store_commit(&s, &n, 1));
			a = head(n);
			b = head(tail(n));
			CHECK(is_linear(a, b) && is_linear(b, a));
			CHECK(is_linear(b, head(tail(tail(n)))));
			CHECK(is_linear(a, doublings(levels, copies)));
			CHECK(is_linear(doublings(levels, copies), b));
			CHECK(!equal(a, n) && !equal(tail(n), n));
			OK(store_verify(&s, NULL, NULL));
			CHECK_EQ(pier_fresh_mug(n), mug(n));
			OK(pier_run(&s, 2, 9));
			OK(store_verify(&s, NULL, NULL));
		}
}

TEST("store: equal tells nouns of the image apart as it does others")
{
	struct store s;
	noun n = 0, a, b;

	OK(store_create(&s, pier_image));
	OK(pier_open(&s, STORE_WRITE));
	for (unsigned i = 0; i < 300; i++)
		n = cons(gen_small(gen_below(6)), n);
	n = cons(doublings(200, 2), cons(doublings(200, 2), n));
	OK(store_commit(&s, &n, 1));
	CHECK(equal(head(n), head(tail(n))));
	for (a = n; a != 0; a = tail(a))
		for (b = n; b != 0; b = tail(b))
			CHECK_EQ(equal(head(a), head(b)),
			    jam(head(a)) == jam(head(b)) ||
			        equal(jam(head(a)), jam(head(b))));
}

/* -------- no memory, no room -------- */

TEST("store: no memory for a checkpoint is an error that changes nothing")
{
	struct rlimit few = {90 << 20, 90 << 20};
	struct store s;
	noun n = 0;

#ifdef __SANITIZE_ADDRESS__
	SKIP("the sanitizer has taken the memory");
#endif
	OK(store_create(&s, pier_image));
	OK(pier_open(&s, STORE_WRITE));
	OK(pier_run(&s, 1, 3));
	for (size_t i = 0; i < (60 << 20) / 16; i++)
		n = cons(direct(i), n);
	REQUIRE(setrlimit(RLIMIT_DATA, &few) == 0);
	stack_push(n);
	CHECK_EQ(store_commit(&s, &n, 4), STORE_SYS);
	CHECK(stack_top()[-1] == n);
	CHECK(gen_sound());
	stack_pop();
	CHECK_EQ(s.event, 3);
	few.rlim_cur = few.rlim_max;
	heap_collect(HEAP_MAJOR);
	OK(pier_run(&s, 4, 6));
	OK(pier_open(&s, STORE_READ));
	CHECK(pier_is(&s, 6));
}

TEST("store: a file that may grow no more is an error that changes nothing")
{
	struct rlimit few = {7 << 20, RLIM_INFINITY};
	struct store s;
	noun n = 0;

	signal(SIGXFSZ, SIG_IGN);
	OK(store_create(&s, pier_image));
	OK(pier_open(&s, STORE_WRITE));
	OK(pier_run(&s, 1, 3));
	for (size_t i = 0; i < (8 << 20) / 16; i++)
		n = cons(direct(i), n);
	REQUIRE(setrlimit(RLIMIT_FSIZE, &few) == 0);
	CHECK_EQ(store_commit(&s, &n, 4), STORE_SYS);
	CHECK_EQ(errno, EFBIG);
	CHECK(pier_is(&s, 3));
	few.rlim_cur = RLIM_INFINITY;
	REQUIRE(setrlimit(RLIMIT_FSIZE, &few) == 0);
	OK(store_verify(&s, NULL, NULL));
	OK(pier_run(&s, 4, 6));
	OK(pier_open(&s, STORE_READ));
	CHECK(pier_is(&s, 6));
}

TEST("store: a second image in one heap, or none at the name, is an error")
{
	struct store s, t;

	pier_build(3);
	OK(pier_open(&s, STORE_READ));
	CHECK_EQ(store_open(&t, pier_image, STORE_READ), STORE_SYS);
	store_close(&t);
	pier_heap();
	CHECK_EQ(store_open(&t, "/nonexistent/image", STORE_READ), STORE_SYS);
	CHECK_EQ(errno, ENOENT);
	store_close(&t);
}
