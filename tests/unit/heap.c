#include <sys/resource.h>

#include "test.h"

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "gen.h"
#include "heap.h"
#include "jam.h"
#include "mug.h"

static void
begin(size_t limit, size_t nursery)
{
	if (heap_init(&(struct heap_opts){limit, nursery}) != 0) {
		perror("heap_init");
		exit(111);
	}
}

/* -------- a mutator with a shadow -------- */

/*
 * SLOTS nouns on the noun stack, each with its jam, its mug and the entries
 * of two side tables kept on the C heap.  Some are also in registered roots
 * and in a hook's weak slots.
 */
enum { SLOTS = 40, ROOTS = 10, JAM_MOST = 3000 };

struct shadow {
	uint8_t *jam;
	size_t n;
	uint32_t mug;
	uint64_t mark; /* in the side tables, if it is a cell */
};

static struct mutator {
	struct heap_hook hook;
	struct heap_root root;
	noun roots[ROOTS], strong[ROOTS], weak[SLOTS + 1];
	struct shadow slot[SLOTS], root_shadow[ROOTS], strong_shadow[ROOTS];
	unsigned wide, narrow; /* side tables */
	bool dead[SLOTS + 1];
} m;

static noun *
slots(void)
{
	return stack_top() - SLOTS;
}

static void
hook_roots(struct heap_hook *h, bool major)
{
	(void)h;
	(void)major;
	for (size_t i = 0; i < ROOTS; i++)
		heap_visit(&m.strong[i]);
}

static void
hook_weak(struct heap_hook *h, bool major)
{
	(void)h;
	(void)major;
	for (size_t i = 0; i <= SLOTS; i++)
		if (!heap_survivor(&m.weak[i])) {
			m.dead[i] = true;
			m.weak[i] = 0;
		}
}

static void
set_marks(noun n, struct shadow *s)
{
	if (!is_cell(n))
		return;
	s->mark = *(uint64_t *)side_entry(m.wide, n);
	if (s->mark == 0)
		s->mark = gen_word() | 1;
	*(uint64_t *)side_entry(m.wide, n) = s->mark;
	*(uint32_t *)side_entry(m.narrow, n) = (uint32_t)s->mark;
}

static void
remember(noun n, struct shadow *s)
{
	free(s->jam);
	s->jam = gen_bytes(jam(n), &s->n);
	s->mug = mug(n);
	set_marks(n, s);
}

static bool
still(noun n, const struct shadow *s)
{
	size_t len;
	uint8_t *p = gen_bytes(jam(n), &len);
	bool same = len == s->n && memcmp(p, s->jam, len) == 0;

	free(p);
	if (is_cell(n))
		same = same && s->mark == *(uint64_t *)side_entry(m.wide, n) &&
		    (uint32_t)s->mark == *(uint32_t *)side_entry(m.narrow, n);
	return same && mug(n) == s->mug;
}

/* Nothing is known of a cell that was just made. */
static noun
fresh(noun h, noun t)
{
	noun c = cons(h, t);

	for (unsigned i = 0; i < heap.sides; i++)
		if (heap.side[i].width == 8)
			CHECK_EQ(*(uint64_t *)side_entry(i, c), 0);
		else
			CHECK_EQ(*(uint32_t *)side_entry(i, c), 0);
	return c;
}

static noun
next_noun(void)
{
	noun a = slots()[gen_below(SLOTS)], b = slots()[gen_below(SLOTS)];
	struct cue_fault fault;
	noun n;

	switch (gen_below(7)) {
	case 0:
		return gen_atom();
	case 1:
		return gen_noun(gen_below(60));
	case 2:
		return gen_twin(a);
	case 3: /* read back: from scratch, what it was */
		n = gen_below(SLOTS);
		if (cue(m.slot[n].jam, m.slot[n].n, &n, &fault) != 0)
			exit(111);
		return n;
	default:
		return fresh(a, b);
	}
}

static void
setup(void)
{
	m.wide = heap_side(8);
	m.narrow = heap_side(4);
	m.hook = (struct heap_hook){.roots = hook_roots, .weak = hook_weak};
	m.root = (struct heap_root){.p = m.roots, .n = ROOTS};
	heap_hook_add(&m.hook);
	heap_root_add(&m.root);
	for (size_t i = 0; i < SLOTS; i++) {
		stack_push(0);
		remember(0, &m.slot[i]);
	}
	for (size_t i = 0; i < ROOTS; i++) {
		remember(0, &m.root_shadow[i]);
		remember(0, &m.strong_shadow[i]);
	}
}

/* Put a new noun into a slot; what is above it is taken off and put back. */
static void
change_slot(void)
{
	size_t i = gen_below(SLOTS), n = SLOTS - i;
	noun kept[SLOTS], was = next_noun();

	remember(was, &m.slot[i]);
	if (m.slot[i].n > JAM_MOST)
		remember(was = gen_atom(), &m.slot[i]);
	memcpy(kept, slots() + i, n * sizeof *kept);
	kept[0] = was;
	stack_cut(slots() + i);
	for (size_t k = 0; k < n; k++)
		stack_push(kept[k]);
}

static void
change(void)
{
	size_t i = gen_below(ROOTS);

	switch (gen_below(6)) {
	case 0:
		remember(m.roots[i] = next_noun(), &m.root_shadow[i]);
		break;
	case 1:
		remember(m.strong[i] = next_noun(), &m.strong_shadow[i]);
		break;
	case 2: /* and equal() may share parts of any two */
		equal(slots()[gen_below(SLOTS)], slots()[gen_below(SLOTS)]);
		break;
	default:
		change_slot();
	}
}

/* Move a slot's noun, or all of them, to the image. */
static void
promote(void)
{
	struct heap_image was = heap_image();
	noun root = gen_below(4) ? slots()[gen_below(SLOTS)] : 0;
	noun all = 0;

	for (size_t i = 0; root == 0 && i < SLOTS; i++)
		all = cons(slots()[i], all);
	CHECK(heap_promote(root ? &root : &all));
	mug_image(was.cell_bytes, was.atom_bytes);
	was = heap_image();
	CHECK_EQ(heap.stat.image, was.cell_bytes + was.atom_bytes);
}

enum { PROMOTE = HEAP_MAJOR + 1 };

static void
collect(unsigned depth)
{
	memcpy(m.weak, slots(), SLOTS * sizeof(noun));
	memset(m.dead, 0, sizeof m.dead);
	m.weak[SLOTS] = cons(direct(1), direct(2)); /* held by nobody else */
	if (depth == PROMOTE)
		promote();
	else
		heap_collect(depth);
	for (size_t i = 0; i < SLOTS; i++)
		CHECK(!m.dead[i] && m.weak[i] == slots()[i]);
	CHECK(m.dead[SLOTS]);
}

static void
check_all(void)
{
	for (size_t i = 0; i < SLOTS; i++)
		CHECK(still(slots()[i], &m.slot[i]));
	for (size_t i = 0; i < ROOTS; i++) {
		CHECK(still(m.roots[i], &m.root_shadow[i]));
		CHECK(still(m.strong[i], &m.strong_shadow[i]));
	}
	CHECK(gen_sound());
}

static unsigned promotes; /* one collection in so many; 0 = none */

static void
mutate(unsigned steps, unsigned every)
{
	setup();
	for (unsigned i = 0; i < steps; i++) {
		change();
		if (promotes && gen_below(every * promotes) == 0)
			collect(PROMOTE);
		else if (gen_below(every) == 0)
			collect(gen_below(3) ? HEAP_MINOR : HEAP_MAJOR);
		else
			heap_safepoint();
		if (i % 50 == 0)
			check_all();
	}
	check_all();
	CHECK(heap.stat.minor > 0 && heap.stat.major > 0);
}

TEST("heap: a random graph survives collections as it was")
{
	begin(0, 0);
	mutate(3000, 10);
}

TEST("heap: it does when parts of it become the image now and then")
{
	begin(0, 0);
	promotes = 3;
	mutate(4000, 10);
	CHECK(heap.stat.image > 100000);
}

TEST("heap: it does with a nursery of no round size")
{
	begin(0, 5000);
	mutate(3000, 1000);
}

TEST("heap: it does where the preferred address is taken")
{
	size_t page = 4096;

	mmap((void *)0x200000000000, page, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	begin(0, 0);
	mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK((uintptr_t)heap.base % 65536 == 0);
	mutate(1000, 10);
}

/* -------- large atoms -------- */

enum { LARGE = 256 << 10, HELD = 12 };

static noun
large_atom(uint8_t fill, size_t bytes)
{
	uint64_t *p = heap_atom_begin(bytes / 8);

	memset(p, fill, bytes);
	return heap_atom_end(bytes / 8);
}

/* An atom that becomes large only while it is written. */
static noun
grown_atom(uint8_t fill, size_t bytes)
{
	size_t have = 16;
	uint64_t *p = heap_atom_begin(have);

	memset(p, fill, have * 8);
	for (size_t n; have < bytes / 8; have = n) {
		n = have * 2 < bytes / 8 ? have * 2 : bytes / 8;
		p = heap_atom_extend(n);
		memset(p + have, fill, (n - have) * 8);
	}
	return heap_atom_end(bytes / 8);
}

static bool
is_filled(noun a, uint8_t fill, size_t bytes)
{
	const uint8_t *p = (const uint8_t *)boxed_limbs(a);

	return is_boxed(a) && atom_bytes(a) == bytes && p[0] == fill &&
	    memcmp(p, p + 1, bytes - 1) == 0;
}

TEST("heap: large atoms live, die and give their memory back")
{
	size_t size[HELD] = {0};
	uint8_t fill[HELD] = {0};
	noun held[HELD] = {0};
	struct heap_root root = {.p = held, .n = HELD};

	begin(0, 0);
	heap_root_add(&root);
	for (unsigned i = 0; i < 400; i++) {
		size_t k = gen_below(HELD);

		size[k] = (LARGE - 4096 + gen_below(600 << 10)) & ~(size_t)7;
		fill[k] = (uint8_t)(gen_below(255) + 1);
		held[k] = gen_below(2) ? large_atom(fill[k], size[k])
		                       : grown_atom(fill[k], size[k]);
		if (gen_below(4) == 0)
			held[k] = size[k] = 0;
		if (gen_below(5) == 0)
			heap_collect(gen_below(2));
		heap_safepoint();
		for (size_t j = 0; j < HELD; j++)
			CHECK(!size[j] || is_filled(held[j], fill[j], size[j]));
	}
	CHECK(gen_sound());
	memset(held, 0, sizeof held);
	heap_collect(HEAP_MAJOR);
	CHECK(heap.region[LARGE_ATOMS].end == heap.region[LARGE_ATOMS].base);
}

TEST("heap: an atom that grew large keeps its mug when it moves")
{
	uint32_t before;

	begin(0, 0);
	stack_push(cons(grown_atom(7, 2 * LARGE), direct(3)));
	before = mug(stack_top()[-1]);
	heap_collect(HEAP_MINOR);
	CHECK(gen_region(head(stack_top()[-1])) == LARGE_ATOMS);
	CHECK_EQ(mug_known(head(stack_top()[-1])), mug(head(stack_top()[-1])));
	CHECK_EQ(mug(stack_top()[-1]), before);
	heap_collect(HEAP_MAJOR);
	CHECK(is_filled(head(stack_top()[-1]), 7, 2 * LARGE));
}

TEST("heap: an atom that turns out small keeps nothing")
{
	begin(0, 0);
	for (unsigned i = 0; i < 100; i++) {
		uint64_t *p = heap_atom_begin(8 << 17);
		size_t len = gen_below(3);

		memset(p, 0, 8 << 20);
		for (size_t k = 0; k < len; k++)
			p[k] = UINT64_MAX;
		CHECK_EQ(atom_bits(heap_atom_end(8 << 17)), len * 64);
		CHECK(heap.stat.memory < 32 << 20);
		heap_safepoint();
	}
}

TEST(
    "heap: what is moved to the image is measured where there is no room for all")
{
	enum { MIB = 1 << 20 };
	uint32_t was;
	noun root, other;

	begin(24 * MIB, 0);
	root = cons(gen_noun(500), cons(large_atom(5, LARGE), gen_noun(500)));
	other = large_atom(6, LARGE);
	was = mug(root);
	for (size_t i = 0; i < 12 * MIB / 16; i++)
		cons(root, other); /* garbage */
	stack_push(cons(root, other));
	CHECK(heap_promote(&root));
	CHECK(root == head(stack_top()[-1]));
	CHECK(heap.stat.image > LARGE && heap.stat.image < MIB);
	CHECK(gen_region(head(tail(root))) == IMAGE_ATOMS);
	CHECK(is_filled(tail(stack_top()[-1]), 6, LARGE));
	CHECK_EQ(mug(gen_twin(root)), was);
	CHECK(is_filled(head(tail(root)), 5, LARGE));
	CHECK(gen_sound());
	CHECK(heap.stat.memory <= 24 * MIB);
	heap_collect(HEAP_MAJOR);
	CHECK(is_filled(tail(stack_top()[-1]), 6, LARGE));
}

/* -------- memory goes back -------- */

static size_t
resident(void)
{
	unsigned long size = 0, rss = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f == NULL || fscanf(f, "%lu %lu", &size, &rss) != 2)
		exit(111);
	fclose(f);
	return rss * (size_t)sysconf(_SC_PAGESIZE);
}

TEST("heap: memory goes back to the system after a peak")
{
	enum { CELLS = 4 << 20 };
	size_t before;
	noun n = 0;

	begin(0, 0);
	before = resident();
	for (size_t i = 0; i < CELLS; i++) {
		n = cons(direct(gen_below(10)), n);
		if (i % 65536 == 0) {
			stack_push(n);
			heap_safepoint();
			n = stack_pop();
		}
	}
	for (size_t i = 0; i < CELLS; i++)
		stack_push(i % 2 ? n : 0);
	mug(n); /* takes scratch memory for each cell */
	heap_collect(HEAP_MAJOR);
	CHECK(heap.stat.live >= 16 * (size_t)CELLS);
	CHECK(heap.stat.memory >= 16 * (size_t)CELLS);
	CHECK(resident() - before >= 16 * (size_t)CELLS);
	stack_cut(stack_top() - CELLS);
	n = 0;
	heap_collect(HEAP_MAJOR);
	CHECK_EQ(heap.stat.live, 0);
	CHECK(heap.stat.memory < 24 << 20);
	CHECK(heap.stat.peak >= 16 * (size_t)CELLS);
	CHECK(resident() - before < 24 << 20);
}

/* -------- limits and bails -------- */

/* Where every safepoint collects, few are enough. */
static void
safepoint(void)
{
#ifdef HEAP_STARVE
	static unsigned n;

	if (++n % 20000)
		return;
#endif
	heap_safepoint();
}

static void
cons_for_ever(void *arg)
{
	noun n = 0;

	(void)arg;
	scratch_push(1000);
	for (;;) {
		n = cons(direct(7), n);
		stack_push(n);
		safepoint();
		n = stack_pop();
		if (gen_below(20000) == 0)
			stack_push(n);
	}
}

static void
cons_in_one_go(void *arg)
{
	for (noun n = 0;;)
		n = cons(*(noun *)arg, n);
}

static void
large_for_ever(void *arg)
{
	(void)arg;
	for (;;) {
		stack_push(large_atom(1, 2 << 20));
		heap_safepoint();
	}
}

static void
grow_for_ever(void *arg)
{
	(void)arg;
	for (;;) {
		stack_push(grown_atom(1, 1 << 20));
		heap_safepoint();
	}
}

static void
push_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		stack_push(0);
}

static void
scratch_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		scratch_push_zero(100000);
}

/* A bit of everything, in a heap that must have room for it. */
static void
live_a_little(void *arg)
{
	(void)arg;
	stack_push(0);
	for (unsigned i = 0; i < 100000; i++) {
		noun last = stack_pop();

		stack_push(cons(i % 1000 ? last : 0, direct(i)));
		if (i % 5000 == 0)
			large_atom(3, LARGE);
		safepoint();
	}
	stack_pop();
}

/* f must run into the limit; then the heap must be as good as new. */
static void
run_out(void (*f)(void *), void *arg, enum bail kind)
{
	noun *stack;
	char *scratch;
	noun kept = gen_noun(300);
	uint32_t before = mug(kept);

	stack_push(kept);
	stack = stack_top();
	scratch = scratch_top();
	for (unsigned i = 0; i < 4; i++) {
		enum bail got = trap_run(f, arg);

		if (got != kind)
			TEST_FAIL("round %u bails %s, not %s", i,
			    bail_name(got), bail_name(kind));
		CHECK(stack_top() == stack && scratch_top() == scratch);
		heap_safepoint();
		got = trap_run(live_a_little, NULL);
		if (got != BAIL_NONE)
			TEST_FAIL("round %u: life bails %s", i, bail_name(got));
		CHECK_EQ(mug(stack_top()[-1]), before);
		CHECK(gen_sound());
	}
	stack_pop();
}

static void
run_out_of_all(void)
{
	noun seven = direct(7);

	run_out(cons_for_ever, NULL, BAIL_MEME);
	run_out(cons_in_one_go, &seven, BAIL_MEME);
	run_out(large_for_ever, NULL, BAIL_MEME);
	run_out(grow_for_ever, NULL, BAIL_MEME);
	run_out(scratch_for_ever, NULL, BAIL_MEME);
	run_out(push_for_ever, NULL, BAIL_OVER);
}

TEST("heap: over the limit bails, and then there is room again")
{
	begin(48 << 20, 0);
	run_out_of_all();
	CHECK(heap.stat.peak <= 100 << 20);
}

TEST("heap: the same with a small limit")
{
	begin(16 << 20, 0);
	run_out_of_all();
	CHECK(heap.stat.peak <= 40 << 20);
}

TEST("heap: the same where addresses are few")
{
	struct rlimit few = {700 << 20, 700 << 20};

#ifdef __SANITIZE_ADDRESS__
	SKIP("the sanitizer has taken the addresses");
#endif
	REQUIRE(setrlimit(RLIMIT_AS, &few) == 0);
	begin(0, 0);
	CHECK(heap.shift < 30);
	mutate(500, 10);
	run_out_of_all();
}

TEST("heap: the same where the system gives no more memory")
{
	struct rlimit few = {50 << 20, 50 << 20};

#ifdef __SANITIZE_ADDRESS__
	SKIP("the sanitizer has taken the memory");
#endif
#ifdef HEAP_STARVE
	SKIP("no nursery is kept, which would be what is left");
#endif
	REQUIRE(setrlimit(RLIMIT_DATA, &few) == 0);
	begin(0, 0);
	run_out_of_all();
	CHECK(heap.stat.memory <= 50 << 20);
}

TEST("heap: no addresses at all is an error, and no heap")
{
	struct rlimit few = {100 << 20, 100 << 20};

#ifdef __SANITIZE_ADDRESS__
	SKIP("the sanitizer has taken the addresses");
#endif
	REQUIRE(setrlimit(RLIMIT_AS, &few) == 0);
	CHECK_EQ(heap_init(NULL), -1);
	CHECK(heap.base == NULL);
}

TEST("heap: the room of dead large atoms is used again when there is no other")
{
	struct rlimit few = {600 << 20, 600 << 20};
	noun last;

#ifdef __SANITIZE_ADDRESS__
	SKIP("the sanitizer has taken the addresses");
#endif
	REQUIRE(setrlimit(RLIMIT_AS, &few) == 0);
	begin(0, 0);
	REQUIRE(heap.shift == 24);
	for (unsigned i = 0; i < 14; i++)
		last = large_atom(9, (1 << 20) - 64);
	stack_push(last); /* at the end of what there is */
	for (unsigned round = 0; round < 40; round++) {
		heap_collect(HEAP_MAJOR);
		stack_push(large_atom((uint8_t)(round + 1), 5 << 20));
		heap_collect(HEAP_MAJOR);
		CHECK(
		    is_filled(stack_top()[-1], (uint8_t)(round + 1), 5 << 20));
		CHECK(is_filled(stack_top()[-2], 9, (1 << 20) - 64));
		stack_pop();
	}
}

static void
bail_deep(void *arg)
{
	enum bail inner;

	stack_push(0);
	scratch_push(3 << 20);
	if (arg != NULL) {
		noun *stack = stack_top();

		inner = trap_run(bail_deep, NULL);
		CHECK_EQ(inner, BAIL_EXIT);
		CHECK(stack_top() == stack);
		bail(BAIL_TIME);
	}
	bail(BAIL_EXIT);
}

static void
nothing(void *arg)
{
	*(bool *)arg = true;
}

TEST("bail: the nearest trap gets it, and has its stack and scratch back")
{
	noun *stack;
	char *scratch;
	bool ran = false;

	begin(0, 0);
	stack_push(3);
	scratch_push(40);
	stack = stack_top();
	scratch = scratch_top();
	CHECK_EQ(trap_run(bail_deep, &stack), BAIL_TIME);
	CHECK(stack_top() == stack && scratch_top() == scratch);
	CHECK_EQ(trap_run(nothing, &ran), BAIL_NONE);
	CHECK(ran);
	CHECK_STR(bail_name(BAIL_MEME), "meme");
	CHECK_STR(bail_name(BAIL_TIME), "time");
}

/* -------- the rest -------- */

TEST("heap: scratch memory that was asked for zero is zero")
{
	begin(0, 0);
	for (unsigned i = 0; i < 200; i++) {
		char *mark = scratch_top();
		size_t n = gen_below(i % 10 ? 9000 : 6 << 20);
		uint8_t *p = scratch_push_zero(n);

		CHECK((uintptr_t)p % 16 == 0);
		CHECK(n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0));
		memset(p, 0xff, n);
		if (gen_below(3))
			scratch_cut(mark);
	}
}

TEST("heap: a side table made late is zero for all cells there are")
{
	noun c;
	unsigned s;

	begin(0, 0);
	stack_push(gen_noun(1000));
	heap_collect(HEAP_MAJOR);
	c = cons(0, 0);
	s = heap_side(8);
	CHECK_EQ(*(uint64_t *)side_entry(s, c), 0);
	CHECK_EQ(*(uint64_t *)side_entry(s, stack_top()[-1]), 0);
	*(uint64_t *)side_entry(s, stack_top()[-1]) = 77;
	heap_collect(HEAP_MAJOR);
	CHECK_EQ(*(uint64_t *)side_entry(s, stack_top()[-1]), 77);
}

TEST("heap: hurry makes the next safepoint collect, however little there is")
{
	begin(0, 0);
	stack_push(cons(direct(1), direct(2)));
	heap_hurry();
	CHECK(heap_due());
	heap_safepoint();
	CHECK_EQ(heap.stat.minor + heap.stat.major, 1);
	CHECK(gen_region(stack_top()[-1]) != NURSERY_CELLS);
}

TEST("heap: a root or hook that was removed keeps nothing alive")
{
	noun a[1];
	struct heap_root x = {.p = a, .n = 1}, y = {.p = a, .n = 0};

	begin(0, 0);
	a[0] = gen_noun(1000);
	heap_root_add(&x);
	heap_root_add(&y);
	heap_collect(HEAP_MAJOR);
	CHECK(heap.stat.live > 0);
	heap_root_remove(&x);
	heap_root_remove(&y);
	heap_collect(HEAP_MAJOR);
	CHECK_EQ(heap.stat.live, 0);
}

TEST("heap: what a plot dropped is gone")
{
	struct plot p;
	size_t before;

	begin(0, 0);
	for (size_t size = 1; size < 10 << 20; size = size * 100 + 3) {
		heap_collect(HEAP_MAJOR);
		before = heap.stat.memory;
		plot_open(&p, size);
		for (size_t i = 0; i < 1000; i++) {
			noun *c = plot_cell(&p);

			plot_atom_begin(&p, 3)[2] = 1;
			c[1] = c[0] = heap_atom_end(3);
		}
		memset(plot_atom_begin(&p, LARGE / 8), 1, LARGE);
		heap_atom_end(LARGE / 8);
		plot_drop(&p);
		CHECK(p.cells->top == p.first_cell);
		CHECK(p.atoms->top == p.first_atom);
		heap_collect(HEAP_MAJOR);
		CHECK_EQ(heap.stat.live, 0);
		CHECK(heap.stat.memory <= before + (1 << 20));
	}
}

TEST("heap: given back whole, it can be begun again")
{
	for (unsigned i = 0; i < 5; i++) {
		begin(0, 0);
		stack_push(gen_noun(1000));
		heap_collect(i % 2);
		CHECK_EQ(mug(stack_top()[-1]), mug(gen_twin(stack_top()[-1])));
		heap_free();
	}
	heap_free();
}
