#include <sys/resource.h>

#include "test.h"

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "gen.h"
#include "heap.h"
#include "jam.h"
#include "mug.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
}

static size_t
memory_used(void)
{
	size_t n = 0;

	for (unsigned i = 0; i < REGIONS; i++)
		n += (size_t)(heap.region[i].top - heap.region[i].base);
	return n;
}

/* -------- jam by its definition in Hoon, bit by bit -------- */

/* Bits, and where each distinct noun began: +1, by its number. */
struct plain {
	uint8_t *p;
	size_t n, room;
	size_t *at;
};

/*
 * Distinct nouns by structure: an atom by value, a cell by the numbers of
 * its parts.  Looked up by running through all of the same hash.
 */
struct kind {
	noun atom; /* or */
	size_t h, t;
	bool is_cell;
	size_t next;
};

enum { KINDS = 1 << 16, CHAINS = 1 << 14 };
static struct kind kinds[KINDS];
static size_t chains[CHAINS], kinds_n;
static struct {
	noun n;
	size_t id;
} met[4 * KINDS]; /* by address, so that shared parts are numbered once */

static size_t
find_kind(struct kind k, size_t hash)
{
	size_t *chain = &chains[hash % CHAINS], i;

	for (i = *chain; i != 0; i = kinds[i].next)
		if (kinds[i].is_cell == k.is_cell &&
		    (k.is_cell ? kinds[i].h == k.h && kinds[i].t == k.t
		               : atom_compare(kinds[i].atom, k.atom) == 0))
			return i;
	i = ++kinds_n;
	if (i >= KINDS)
		exit(111);
	kinds[i] = k;
	kinds[i].next = *chain;
	return *chain = i;
}

static size_t
number(noun n)
{
	size_t slot, id;
	struct kind k = {.atom = n};
	struct limbs l;

	if (is_atom(n)) {
		atom_limbs(n, &l);
		return find_kind(k, l.n ? l.p[0] * 31 + l.n : 0);
	}
	for (slot = (n >> 4) * 0x9e3779b1 % (4 * KINDS); met[slot].n != 0;
	     slot = (slot + 1) % (4 * KINDS))
		if (met[slot].n == n)
			return met[slot].id;
	k = (struct kind){.is_cell = true};
	k.h = number(head(n));
	k.t = number(tail(n));
	id = find_kind(k, k.h * 7919 + k.t);
	while (met[slot].n != 0)
		slot = (slot + 1) % (4 * KINDS);
	met[slot].n = n;
	return met[slot].id = id;
}

static void
bit(struct plain *w, unsigned v)
{
	if (w->n / 8 + 1 > w->room) {
		w->room = w->room * 2 + 64;
		if ((w->p = realloc(w->p, w->room)) == NULL)
			exit(111);
	}
	if (w->n % 8 == 0)
		w->p[w->n / 8] = 0;
	w->p[w->n / 8] |= (uint8_t)((v & 1) << w->n % 8);
	w->n++;
}

static void
mat(struct plain *w, const struct limbs *a, uint64_t bits)
{
	unsigned k = 0;

	while (bits >> k)
		k++;
	for (unsigned i = 0; i < k; i++)
		bit(w, 0);
	bit(w, 1);
	for (unsigned i = 0; i + 1 < k; i++)
		bit(w, (unsigned)(bits >> i));
	for (uint64_t i = 0; i < bits; i++)
		bit(w, (unsigned)(a->p[i / 64] >> i % 64));
}

static void
mat_word(struct plain *w, uint64_t v)
{
	struct limbs l = {.p = &v, .n = 1};
	uint64_t bits = 0;

	while (bits < 64 && v >> bits)
		bits++;
	mat(w, &l, bits);
}

static void
put_plain(struct plain *w, noun n)
{
	size_t id = number(n), at = w->at[id];
	struct limbs l;
	unsigned width = 0;

	if (at == 0)
		w->at[id] = w->n + 1;
	while (at != 0 && (at - 1) >> width)
		width++;
	if (at != 0 && (is_cell(n) || atom_bits(n) > width)) {
		bit(w, 1);
		bit(w, 1);
		mat_word(w, at - 1);
	} else if (is_cell(n)) {
		bit(w, 1);
		bit(w, 0);
		put_plain(w, head(n));
		put_plain(w, tail(n));
	} else {
		bit(w, 0);
		atom_limbs(n, &l);
		mat(w, &l, atom_bits(n));
	}
}

/* Bytes on the C heap; *n without the zero bytes at the end. */
static uint8_t *
plain_jam(noun n, size_t *bytes)
{
	struct plain w = {.at = calloc(KINDS, sizeof(size_t))};

	memset(chains, 0, sizeof chains);
	memset(met, 0, sizeof met);
	kinds_n = 0;
	put_plain(&w, n);
	free(w.at);
	for (*bytes = (w.n + 7) / 8; *bytes > 0 && w.p[*bytes - 1] == 0;)
		--*bytes;
	return w.p;
}

/* -------- cue, likewise; false for what is no jam -------- */

struct reading {
	const uint8_t *p;
	uint64_t n, at; /* bits */
	noun *began;    /* by bit; 1 where no noun has been read */
};

static unsigned
next_bit(struct reading *r)
{
	unsigned v = r->at < r->n ? r->p[r->at / 8] >> r->at % 8 & 1 : 0;

	r->at++;
	return v;
}

static bool
rub(struct reading *r, noun *a)
{
	unsigned k = 0;
	uint64_t bits = 0;
	uint8_t *p;

	while (next_bit(r) == 0)
		if (++k > 40 || r->at > r->n)
			return false;
	for (unsigned i = 0; i + 1 < k; i++)
		bits |= (uint64_t)next_bit(r) << i;
	if (k > 0)
		bits |= UINT64_C(1) << (k - 1);
	if (r->at > r->n || bits > r->n - r->at)
		return false;
	p = calloc(1, bits / 8 + 1);
	for (uint64_t i = 0; i < bits; i++)
		p[i / 8] |= (uint8_t)(next_bit(r) << i % 8);
	*a = atom_from_bytes(p, bits / 8 + 1);
	free(p);
	return true;
}

static bool
read_plain(struct reading *r, noun *out)
{
	uint64_t start = r->at, v;
	noun h, t;

	if (r->at >= r->n)
		return false;
	if (next_bit(r) == 0) {
		if (!rub(r, out))
			return false;
	} else if (next_bit(r) == 0) {
		if (!read_plain(r, &h) || !read_plain(r, &t))
			return false;
		*out = cons(h, t);
	} else {
		if (!rub(r, out) || !atom_to_word(*out, &v) || v >= start ||
		    r->began[v] == 1)
			return false;
		*out = r->began[v];
		return true; /* no noun begins here */
	}
	r->began[start] = *out;
	return true;
}

static bool
plain_cue(const uint8_t *p, size_t n, noun *out)
{
	struct reading r = {.p = p, .n = (uint64_t)n * 8};
	bool good;

	r.began = malloc((r.n + 1) * sizeof(noun));
	for (size_t i = 0; i <= r.n; i++)
		r.began[i] = 1;
	good = read_plain(&r, out);
	while (good && r.at < r.n)
		if (next_bit(&r))
			good = false;
	free(r.began);
	return good;
}

/* -------- vectors -------- */

static noun
pair(uint64_t a, uint64_t b)
{
	return cons(direct(a), direct(b));
}

static void
check_vector(noun n, const char *bytes, size_t len)
{
	struct cue_fault f;
	uint64_t room;
	noun j = jam(n), back;

	CHECK_EQ(atom_bytes(j), len);
	CHECK_MEM(atom_view(j, &room), bytes, len);
	CHECK_EQ(cue(bytes, len, &back, &f), 0);
	CHECK(equal(n, back));
}

#define VECTOR(n, bytes) check_vector(n, bytes, sizeof bytes - 1)

TEST("jam: the field's vectors")
{
	noun fast = atom_cord("fast"), full = atom_cord("full");
	noun alpha = atom_cord("abcdefjhijklmnopqrstuvwxyz");
	char wide[33] = {[32] = 1};

	VECTOR(0, "\x02");
	VECTOR(direct(1), "\x0c");
	VECTOR(direct(2), "\x48");
	VECTOR(fast, "\xc0\x37\x0b\x9b\xa3\x03");
	VECTOR(full, "\xc0\x37\xab\x63\x63\x03");
	VECTOR(pair(0, 0), "\x29");
	VECTOR(pair(1, 1), "\x31\x03");
	VECTOR(pair(1, 2), "\x31\x12");
	VECTOR(pair(2, 3), "\x21\xd1");
	VECTOR(
	    cons(fast, full), "\x01\xdf\x2c\x6c\x8e\x0e\x7c\xb3\x3a\x36\x36");
	VECTOR(cons(direct(1), pair(1, 1)), "\x71\xcc");
	VECTOR(cons(direct(1), pair(2, 3)), "\x71\x48\x34");
	VECTOR(cons(fast, cons(full, fast)),
	    "\x01\xdf\x2c\x6c\x8e\x1e\xf0\xcd\xea\xd8\xd8\x93");
	VECTOR(cons(pair(1, 2), direct(3)), "\xc5\x48\x34");
	VECTOR(cons(pair(1, 2), cons(pair(1, 2), pair(1, 2))),
	    "\xc5\xc8\x26\x27\x01");
	VECTOR(cons(pair(0, 0), cons(cons(pair(0, 0), pair(1, 1)), pair(1, 1))),
	    "\xa5\x35\x19\xf3\x18\x05");
	VECTOR(atom_from_bytes(wide, 33),
	    "\0\x0c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08");
	VECTOR(atom_from_bytes("\0\0\0\0\0\0\x0c\xa8\xab\x60\xef\x2d\x0d\0\0"
	                       "\x80",
	           16),
	    "\0\x02\0\0\0\0\0\0\x18\x50\x57\xc1\xde\x5b\x1a\0\0\0"
	    "\x01");
	VECTOR(cons(alpha, cons(direct(2), cons(direct(3), alpha))),
	    "\x01\xf8\x0c\x13\x1b\x23\x2b\x33\x53\x43\x4b\x53\x5b\x63\x6b\x73"
	    "\x7b\x83\x8b\x93\x9b\xa3\xab\xb3\xbb\xc3\xcb\xd3\x87\x0c\x3d\x09");
}

/* -------- against the definition -------- */

static void
check_noun(noun n)
{
	struct cue_fault f;
	size_t len, plain_len;
	uint8_t *p = gen_bytes(jam(n), &len), *q = plain_jam(n, &plain_len);
	noun back = 0, plain_back = 1;

	CHECK_EQ(len, plain_len);
	CHECK(len == plain_len && memcmp(p, q, len) == 0);
	CHECK_EQ(cue(p, len, &back, &f), 0);
	CHECK(plain_cue(p, len, &plain_back));
	CHECK(equal(n, back) && equal(plain_back, back));
	CHECK_EQ(mug(back), mug(n));
	free(p);
	free(q);
}

TEST("jam: random nouns have the jam of the definition, and come back")
{
	for (unsigned i = 0; i < 400; i++) {
		check_noun(gen_noun(gen_below(150)));
		check_noun(gen_small(gen_below(15)));
		heap_collect(HEAP_MINOR);
	}
	CHECK_EQ(memory_used(), 0);
}

TEST("jam: so do atoms of every size, alone and twice")
{
	for (size_t bits = 0; bits < 700; bits++) {
		noun a = gen_bits(bits), b = gen_twin(a);

		check_noun(a);
		check_noun(cons(a, b));
		check_noun(cons(cons(direct(bits), b), cons(a, b)));
	}
	for (unsigned i = 0; i < 64; i++) { /* and at every bit of a limb */
		noun n = gen_bits(300);

		for (unsigned k = 0; k < i; k++)
			n = cons(direct(k % 3), n);
		check_noun(cons(n, n));
		check_noun(cons(cons(n, gen_bits(64 * 40)), gen_bits(64 * 40)));
	}
}

TEST("jam: an atom as long as its position is written out")
{
	/* Positions from 1 to 40 bits wide cannot all be had; these can. */
	for (unsigned width = 2; width < 16; width++)
		for (unsigned bits = width - 1; bits <= width + 1; bits++) {
			noun a = gen_bits(bits), n = cons(a, a);
			size_t pad = (size_t)1 << (width - 1);

			check_noun(cons(gen_bits(pad), n));
			check_noun(cons(gen_bits(pad + 9), cons(n, a)));
			check_noun(cons(gen_bits(pad - pad / 9), cons(n, a)));
		}
}

TEST("jam: of more than 4,096 distinct cells it is the same as of fewer")
{
	for (unsigned i = 0; i < 6; i++) {
		noun n = gen_noun(3500 + gen_below(12000));

		stack_push(n);
		check_noun(stack_top()[-1]);
		/* with old cells below young ones, and of equal shape */
		heap_collect(gen_below(2));
		n = cons(stack_top()[-1], gen_twin(stack_top()[-1]));
		n = cons(gen_noun(3000), n);
		check_noun(n);
		stack_pop();
		heap_collect(HEAP_MAJOR);
	}
}

TEST("jam: of lists around 4,096 items it is the same")
{
	for (size_t len = 4090; len < 4103; len++) {
		noun n = 0;

		for (size_t i = 0; i < len; i++)
			n = cons(cons(direct(i % 4000), gen_bits(70)), n);
		check_noun(n);
		check_noun(cons(n, gen_twin(tail(n))));
		heap_collect(HEAP_MAJOR);
	}
}

TEST("jam: it does not depend on what is shared")
{
	for (unsigned i = 0; i < 200; i++) {
		noun n = gen_small(gen_below(14)), m = gen_twin(n);

		if (is_cell(m))
			m = cons(gen_twin(head(m)), gen_twin(tail(m)));
		CHECK(equal(jam(n), jam(m)));
	}
}

/* -------- what others may write -------- */

static void
put_atom(struct plain *w, uint64_t v, uint64_t bits)
{
	struct limbs l = {.p = (uint64_t[8]){v}, .n = 8};

	bit(w, 0);
	mat(w, &l, bits);
}

static void
put_cell(struct plain *w)
{
	bit(w, 1);
	bit(w, 0);
}

static void
put_reference(struct plain *w, uint64_t at)
{
	bit(w, 1);
	bit(w, 1);
	mat_word(w, at);
}

static int
cue_plain(const struct plain *w, noun *out, struct cue_fault *f)
{
	return cue(w->p, (w->n + 7) / 8, out, f);
}

TEST("cue: an atom with leading zeros is read, and again by reference")
{
	for (uint64_t bits = 1; bits < 500; bits++) {
		struct plain w = {0};
		struct cue_fault f;
		uint64_t v = gen_word() >> (64 - (bits < 64 ? bits : 64)) >>
		    gen_below(64);
		noun n = 0;

		put_cell(&w);
		put_cell(&w);
		put_atom(&w, v, bits);
		put_reference(&w, 4);
		put_reference(&w, 4);
		REQUIRE(cue_plain(&w, &n, &f) == 0);
		CHECK(equal(
		    n, cons(cons(atom_word(v), atom_word(v)), atom_word(v))));
		free(w.p);
	}
}

TEST("cue: references to small atoms between many boxed ones")
{
	for (size_t boxed = 4060; boxed < 4100; boxed++) {
		struct plain w = {0};
		struct cue_fault f;
		size_t at;
		noun n = 0;

		for (size_t i = 0; i < boxed; i++) {
			put_cell(&w);
			put_atom(&w, UINT64_MAX, 64);
		}
		put_cell(&w);
		at = w.n;
		put_atom(&w, 77, 7);
		put_reference(&w, at);
		REQUIRE(cue_plain(&w, &n, &f) == 0);
		while (is_boxed(head(n)))
			n = tail(n);
		CHECK(n != 0 && head(n) == direct(77) && tail(n) == direct(77));
		free(w.p);
		heap_collect(HEAP_MAJOR);
	}
}

TEST("cue: zero bytes may follow, nothing else")
{
	struct cue_fault f;
	uint8_t b[40] = {0x31, 0x12};
	noun n;

	for (size_t len = 2; len <= 40; len++)
		CHECK_EQ(cue(b, len, &n, &f), 0);
	for (unsigned i = 13; i < 320; i++) {
		b[i / 8] |= (uint8_t)(1 << i % 8);
		CHECK_EQ(cue(b, 40, &n, &f), -1);
		CHECK_EQ(f.bit, 13);
		b[i / 8] &= (uint8_t) ~(1 << i % 8);
	}
}

/* -------- bad input -------- */

/* Cue the bytes, from a buffer of just their size; as the definition says. */
static void
check_bytes(const uint8_t *p, size_t n)
{
	struct cue_fault f = {0};
	uint8_t *exact = malloc(n);
	size_t before = memory_used();
	noun out = 3, want = 5;
	int e;

	if (n > 0)
		memcpy(exact, p, n);
	e = cue(exact, n, &out, &f);
	if (e != 0) {
		CHECK(f.reason != NULL && f.bit <= n * 8 + 2);
		CHECK_EQ(memory_used(), before);
	}
	CHECK((e == 0) == plain_cue(p, n, &want));
	CHECK(e != 0 || equal(out, want));
	CHECK(gen_sound());
	free(exact);
}

TEST("cue: every cut and every flipped bit is a fault or another noun")
{
	for (unsigned i = 0; i < 12; i++) {
		size_t n;
		uint8_t *p = gen_bytes(jam(gen_noun(4 + gen_below(12))), &n);

		for (size_t k = 0; k <= n; k++)
			check_bytes(p, k);
		for (size_t k = 0; k < n * 8; k++) {
			p[k / 8] ^= (uint8_t)(1 << k % 8);
			check_bytes(p, n);
			p[k / 8] ^= (uint8_t)(1 << k % 8);
			if (k % 50 == 0)
				heap_collect(HEAP_MAJOR);
		}
		free(p);
	}
}

TEST("cue: random bytes are a fault or a noun")
{
	uint8_t b[40];

	for (unsigned i = 0; i < 200000; i++) {
		size_t n = gen_below(gen_below(40) + 1);

		for (size_t k = 0; k < n; k++)
			b[k] =
			    (uint8_t)(gen_word() & gen_word() >> gen_below(8));
		check_bytes(b, n);
		if (i % 1000 == 0)
			heap_collect(HEAP_MAJOR);
	}
}

TEST("cue: a reference to itself, into an atom, forward, or nowhere")
{
	static const uint64_t nowhere[] = {0, 2, 3, 5, 7, 9, 20, 30, 63, 64,
	    1000, UINT64_C(1) << 40, UINT64_C(1) << 62, UINT64_MAX};

	for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
		struct plain w = {0};
		struct cue_fault f;
		uint64_t start;
		noun out;

		put_cell(&w);       /* 0 */
		put_cell(&w);       /* 2 */
		put_atom(&w, 1, 1); /* 4 */
		start = w.n;
		put_reference(&w, nowhere[i]);
		put_atom(&w, 5, 60);
		CHECK_EQ(cue_plain(&w, &out, &f), -1);
		CHECK_EQ(f.bit, start);
		CHECK_EQ(memory_used(), 0);
		free(w.p);
	}
}

TEST("cue: a length of any size is no reason to take memory")
{
	for (unsigned k = 1; k < 70; k++)
		for (unsigned more = 0; more < 200; more += 33) {
			struct plain w = {0};
			struct cue_fault f;
			noun out;

			put_cell(&w);
			bit(&w, 0);
			for (unsigned i = 0; i < k; i++)
				bit(&w, 0);
			for (unsigned i = 0; i < k + more; i++)
				bit(&w, 1);
			check_bytes(w.p, (w.n + 7) / 8);
			if (k > 9) {
				CHECK_EQ(cue_plain(&w, &out, &f), -1);
				CHECK_EQ(f.bit, 3);
			}
			CHECK(heap.stat.peak < 2 << 20);
			free(w.p);
		}
}

TEST("cue: a bad jam with a large atom gives all back in the end")
{
	size_t n = 2 << 20;
	uint8_t *p = malloc(n);
	struct cue_fault f;
	noun out;

	memset(p, 0xff, n);
	memcpy(p, "\x01\0\0\x80\0\0", 6); /* a cell whose head is too long */
	CHECK_EQ(cue(p, n, &out, &f), -1);
	out = cons(atom_from_bytes(p, n), direct(1));
	out = jam(out);
	CHECK_EQ(cue(boxed_limbs(out), atom_bytes(out) - 1, &out, &f), -1);
	heap_collect(HEAP_MAJOR);
	CHECK_EQ(memory_used(), 0);
	CHECK(heap.stat.memory < 24 << 20);
	free(p);
}

/* -------- size -------- */

#if defined(HEAP_STARVE) || defined(__SANITIZE_ADDRESS__)
enum { MANY = 500000 };
#else
enum { MANY = 3000000 };
#endif

static void
there_and_back(noun n)
{
	struct cue_fault f;
	size_t len;
	uint8_t *p;
	noun back;

	stack_push(n);
	p = gen_bytes(jam(n), &len);
	CHECK_EQ(cue(p, len, &back, &f), 0);
	CHECK(equal(stack_top()[-1], back));
	CHECK_EQ(mug(stack_top()[-1]), mug(back));
	stack_pop();
	free(p);
	CHECK(scratch_top() == heap.region[SCRATCH].base);
}

TEST("jam: millions of items, deep heads and doublings go there and back")
{
	noun list = 0, deep = 0, twice = direct(1);

	for (size_t i = 0; i < MANY; i++) {
		list = cons(direct(i), list);
		deep = cons(deep, direct(i));
		twice = i < 10000 ? cons(twice, twice) : twice;
	}
	there_and_back(list);
	there_and_back(deep);
	there_and_back(twice);
}

/*
 * Its mugs run in a circle of some ten thousand, since each is a function
 * of the one before: items far apart look alike all the way down.
 */
TEST("jam: and a long list of equal items, whose mugs repeat")
{
	noun list = 0, deep = 0;

	for (size_t i = 0; i < MANY / 3; i++) {
		list = cons(0, list);
		deep = cons(deep, direct(i % 10));
	}
	there_and_back(list);
	there_and_back(deep);
}

TEST("jam: so does a large atom, at any bit")
{
	for (unsigned i = 0; i < 9; i++) {
		noun n = gen_bits((1 << 22) + i * 7);

		for (unsigned k = 0; k < i; k++)
			n = cons(direct(gen_below(9)), n);
		there_and_back(cons(n, gen_twin(n)));
	}
}

static void
cue_deep(void *arg)
{
	struct cue_fault f;
	noun out;
	size_t n = *(size_t *)arg;
	uint8_t *p = malloc(n);

	memset(p, 0x55, n); /* nothing but the tags of cells */
	CHECK_EQ(cue(p, n, &out, &f), -1);
	CHECK_EQ(f.bit, n * 8);
	free(p);
}

TEST("cue: cells that only begin take memory in proportion, and then none")
{
	size_t n = MANY / 2;

	cue_deep(&n);
	CHECK_EQ(memory_used(), 0);
	CHECK(heap.stat.peak <= n * 110 + (4 << 20));
}

static void
cue_job(void *arg)
{
	struct cue_fault f;
	noun out;

	cue(arg, 4 << 20, &out, &f);
}

TEST("cue: over the heap's limit it bails, and the heap is as it was")
{
	uint8_t *p = malloc(4 << 20);
	size_t before;

	heap_free();
	REQUIRE(heap_init(&(struct heap_opts){.limit = 32 << 20}) == 0);
	memset(p, 0x55, 4 << 20);
	for (unsigned i = 0; i < 5; i++) {
		before = heap.region[SCRATCH].top - heap.region[SCRATCH].base;
		CHECK_EQ(trap_run(cue_job, p), BAIL_MEME);
		CHECK_EQ(heap.region[SCRATCH].top - heap.region[SCRATCH].base,
		    before);
		heap_safepoint();
		check_noun(gen_noun(1000));
	}
	free(p);
}
