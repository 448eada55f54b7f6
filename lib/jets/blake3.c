/*
 * blake3.c -- BLAKE3: its compression function, its chunks and the hash.
 *
 * The Hoon is a door of a chaining value (the key) and flags.  An octs that
 * is longer than its width is not cut there: what lies beyond the width in
 * the last block of 64 bytes is hashed, too.  An output is what compression
 * takes, [cv counter block blocklen flags], not compressed yet.
 *
 * Chunks, and then pairs of chaining values, are compressed eight at a time,
 * one in each lane of a vector.
 */
#include "jet.h"

#include "bytes.h"

enum { BLOCK = 64, CHUNK = 1024, LANES = 8 };
enum { CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8 };

struct output {
	uint32_t cv[8], block[16];
	uint64_t counter;
	uint32_t length, flags;
};

/* One word of each of eight compressions. */
typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));

#define INLINE static inline __attribute__((always_inline))

static const uint32_t iv[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

#define ROR(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define G(a, b, c, d, x, y)                  \
	do {                                 \
		s[a] += s[b] + m[x];         \
		s[d] = ROR(s[d] ^ s[a], 16); \
		s[c] += s[d];                \
		s[b] = ROR(s[b] ^ s[c], 12); \
		s[a] += s[b] + m[y];         \
		s[d] = ROR(s[d] ^ s[a], 8);  \
		s[c] += s[d];                \
		s[b] = ROR(s[b] ^ s[c], 7);  \
	} while (0)
#define ROUND(i0, i1, i2, i3, i4, i5, i6, i7, i8, i9, iA, iB, iC, iD, iE, iF) \
	G(0, 4, 8, 12, i0, i1);                                               \
	G(1, 5, 9, 13, i2, i3);                                               \
	G(2, 6, 10, 14, i4, i5);                                              \
	G(3, 7, 11, 15, i6, i7);                                              \
	G(0, 5, 10, 15, i8, i9);                                              \
	G(1, 6, 11, 12, iA, iB);                                              \
	G(2, 7, 8, 13, iC, iD);                                               \
	G(3, 4, 9, 14, iE, iF)
/* Seven rounds on s[16] with m[16], which each round takes in a new order. */
#define ROUNDS()                                                             \
	do {                                                                 \
		ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); \
		ROUND(2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8); \
		ROUND(3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1); \
		ROUND(10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6); \
		ROUND(12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4); \
		ROUND(9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7); \
		ROUND(11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13); \
	} while (0)

/* -------- one compression -------- */

/* All 64 bytes; the first 32 are the next chaining value. */
static void
compress(const struct output *o, uint32_t out[16])
{
	const uint32_t *m = o->block;
	uint32_t s[16] = {o->cv[0], o->cv[1], o->cv[2], o->cv[3], o->cv[4],
	    o->cv[5], o->cv[6], o->cv[7], iv[0], iv[1], iv[2], iv[3],
	    (uint32_t)o->counter, o->counter >> 32, o->length, o->flags};

	ROUNDS();
	for (unsigned i = 0; i < 8; i++) {
		out[i] = s[i] ^ s[i + 8];
		out[i + 8] = s[i + 8] ^ o->cv[i];
	}
}

/*
 * The output of a chunk of n bytes at p, which are there up to the end of
 * its last block.  o has the cv, the counter and the flags to begin with.
 */
static void
chunk_output(struct output *o, const uint8_t *p, size_t n)
{
	uint32_t flags = o->flags, out[16];

	o->flags |= CHUNK_START;
	for (o->length = BLOCK; n > BLOCK; n -= BLOCK, p += BLOCK) {
		memcpy(o->block, p, BLOCK);
		compress(o, out);
		memcpy(o->cv, out, sizeof o->cv);
		o->flags = flags;
	}
	memcpy(o->block, p, BLOCK);
	o->length = n;
	o->flags |= CHUNK_END;
}

/* -------- eight at a time -------- */

/* What is hashed: inputs of some blocks each, so far apart. */
struct inputs {
	const uint8_t *p;
	size_t stride;
	unsigned blocks;
	uint64_t counter, step; /* of the first, and from one to the next */
	uint32_t flags, first, last;
};

INLINE void
lanes_load(lanes *m, const uint8_t *p, size_t stride)
{
	for (unsigned lane = 0; lane < LANES; lane++, p += stride)
		for (unsigned i = 0; i < 16; i++) {
			uint32_t w;

			memcpy(&w, p + 4 * i, 4);
			m[i][lane] = w;
		}
}

/* The chaining values of eight inputs. */
INLINE void
lanes_hash(const struct inputs *in, const uint32_t *cv, uint32_t *out)
{
	lanes h[8], low, high;

	for (unsigned i = 0; i < 8; i++)
		h[i] = (lanes){0} + cv[i];
	for (unsigned i = 0; i < LANES; i++) {
		low[i] = (uint32_t)(in->counter + i * in->step);
		high[i] = (in->counter + i * in->step) >> 32;
	}
	for (unsigned b = 0; b < in->blocks; b++) {
		uint32_t flags = in->flags | (b == 0 ? in->first : 0) |
		    (b == in->blocks - 1 ? in->last : 0);
		lanes m[16], zero = {0};
		lanes s[16] = {h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7],
		    zero + iv[0], zero + iv[1], zero + iv[2], zero + iv[3], low,
		    high, zero + BLOCK, zero + flags};

		lanes_load(m, in->p + b * BLOCK, in->stride);
		ROUNDS();
		for (unsigned i = 0; i < 8; i++)
			h[i] = s[i] ^ s[i + 8];
	}
	for (unsigned lane = 0; lane < LANES; lane++)
		for (unsigned i = 0; i < 8; i++)
			out[8 * lane + i] = h[i][lane];
}

static void
hash_plain(const struct inputs *in, const uint32_t *cv, uint32_t *out)
{
	lanes_hash(in, cv, out);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void
hash_avx2(const struct inputs *in, const uint32_t *cv, uint32_t *out)
{
	lanes_hash(in, cv, out);
}
#endif

static void
hash_eight(const struct inputs *in, const uint32_t *cv, uint32_t *out)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2")) {
		hash_avx2(in, cv, out);
		return;
	}
#endif
	hash_plain(in, cv, out);
}

/* -------- the tree -------- */

struct tree {
	uint32_t key[8], flags;
};

/* The chaining values of n > 1 chunks, the last of which ends at p + size. */
static void
tree_leaves(const struct tree *t, const uint8_t *p, size_t size, uint32_t *cv)
{
	size_t n = (size - 1) / CHUNK + 1, i = 0;

	for (; n - i > LANES; i += LANES) {
		struct inputs in = {p + i * CHUNK, CHUNK, CHUNK / BLOCK, i, 1,
		    t->flags, CHUNK_START, CHUNK_END};

		hash_eight(&in, t->key, cv + 8 * i);
	}
	for (; i < n; i++) {
		size_t left = size - i * CHUNK;
		struct output o = {.counter = i, .flags = t->flags};
		uint32_t out[16];

		memcpy(o.cv, t->key, sizeof o.cv);
		chunk_output(&o, p + i * CHUNK, left < CHUNK ? left : CHUNK);
		compress(&o, out);
		memcpy(cv + 8 * i, out, 32);
	}
}

/* The parent of two chaining values that stand side by side. */
static void
tree_parent(const struct tree *t, const uint32_t *pair, struct output *o)
{
	memcpy(o->cv, t->key, sizeof o->cv);
	memcpy(o->block, pair, sizeof o->block);
	o->counter = 0;
	o->length = BLOCK;
	o->flags = t->flags | PARENT;
}

/*
 * The parents of n values, in their place; an odd one is handed up as it is.
 * This makes the same tree as dividing from the top, where the left part is
 * the largest power of two.
 */
static size_t
tree_level(const struct tree *t, uint32_t *cv, size_t n)
{
	size_t pairs = n / 2, i = 0;
	uint32_t out[8 * LANES];

	for (; pairs - i >= LANES; i += LANES) {
		struct inputs in = {(const uint8_t *)(cv + 16 * i), BLOCK, 1, 0,
		    0, t->flags | PARENT, 0, 0};

		hash_eight(&in, t->key, out);
		memcpy(cv + 8 * i, out, sizeof out);
	}
	for (; i < pairs; i++) {
		struct output o;

		tree_parent(t, cv + 16 * i, &o);
		compress(&o, out);
		memcpy(cv + 8 * i, out, 32);
	}
	if (n % 2 != 0)
		memcpy(cv + 8 * pairs, cv + 8 * (n - 1), 32);
	return pairs + n % 2;
}

/* The root's output for size bytes at p, there to the end of the block. */
static void
tree_root(const struct tree *t, const uint8_t *p, size_t size, struct output *o)
{
	if (size <= CHUNK) {
		memcpy(o->cv, t->key, sizeof o->cv);
		o->counter = 0;
		o->flags = t->flags;
		chunk_output(o, p, size);
	} else {
		size_t n = (size - 1) / CHUNK + 1;
		uint32_t *cv = (uint32_t *)scratch_push(n * 32);

		tree_leaves(t, p, size, cv);
		while (n > 2)
			n = tree_level(t, cv, n);
		tree_parent(t, cv, o);
	}
	o->flags |= ROOT;
}

/* -------- the jets -------- */

/* The low 32 and 64 bits: more of a word is never looked at. */
static uint32_t
word32(noun a)
{
	uint32_t v;

	bytes_get(a, &v, sizeof v);
	return v;
}

static uint64_t
word64(noun a)
{
	uint64_t v;

	bytes_get(a, &v, sizeof v);
	return v;
}

noun
jet_blake3_compress(noun sample, noun context)
{
	noun cv, counter, rest, block, length, flags;
	struct output o;
	uint32_t out[16];

	(void)context;
	if (!uncons3(sample, &cv, &counter, &rest) ||
	    !uncons3(rest, &block, &length, &flags) || !is_atom(cv) ||
	    !is_atom(counter) || !is_atom(block) || !is_atom(length) ||
	    !is_atom(flags))
		return JET_PASS;
	bytes_get(cv, o.cv, sizeof o.cv);
	bytes_get(block, o.block, sizeof o.block);
	o.counter = word64(counter);
	o.length = word32(length);
	o.flags = word32(flags);
	compress(&o, out);
	return atom_from_bytes(out, sizeof out);
}

/* n bytes in whole blocks, at least one. */
static size_t
blocks(size_t n)
{
	return n == 0 ? BLOCK : ((n - 1) / BLOCK + 1) * BLOCK;
}

/* The block that follows n bytes of dat, and all there is after it. */
static noun
rest_of(noun dat, size_t n)
{
	size_t have = atom_bytes(dat);
	uint64_t room;

	if (n == 0)
		return dat;
	return n >= have ? 0
	                 : atom_from_bytes(atom_view(dat, &room) + n, have - n);
}

/*
 * The sample is [counter chunk].  What the Hoon does not compute with, it
 * hands on as it is: a chaining value, a last block, of whatever size.
 */
noun
jet_blake3_chunk_output(noun sample, noun context)
{
	char *top = scratch_top();
	noun door, key, flags, counter, octs, dat;
	struct output o;
	size_t n, before;
	uint64_t room;

	if (!jet_door(context, &door) || !uncons(door, &key, &flags) ||
	    !is_atom(key) || !is_direct(flags) ||
	    !uncons(sample, &counter, &octs) || !is_atom(counter) ||
	    !bytes_octs(octs, &n, &dat))
		return JET_PASS;
	bytes_get(key, o.cv, sizeof o.cv);
	o.counter = word64(counter);
	o.flags = word32(flags);
	chunk_output(&o, bytes_view(dat, blocks(n), &room), n);
	scratch_cut(top);
	before = n - o.length;
	if (before > 0)
		key = atom_from_bytes(o.cv, sizeof o.cv);
	flags |= direct(before > 0 ? CHUNK_END : CHUNK_END | CHUNK_START);
	return cons3(
	    key, counter, cons3(rest_of(dat, before), direct(o.length), flags));
}

/* n bytes of a root's output, whose counter counts blocks. */
static noun
output_bytes(struct output *o, size_t n)
{
	uint8_t *p = bytes_begin(n);
	uint32_t block[16];

	for (size_t i = 0; i < n; i += BLOCK) {
		o->counter = i / BLOCK;
		compress(o, block);
		memcpy(p + i, block, n - i < BLOCK ? n - i : BLOCK);
	}
	return bytes_end(n);
}

/* The sample is [out msg]: so many bytes of the hash. */
noun
jet_blake3_hash(noun sample, noun context)
{
	char *top = scratch_top();
	noun door, key, flags, size, octs, dat;
	size_t n, out_n;
	struct tree t;
	struct output o;
	uint64_t room;

	if (!jet_door(context, &door) || !uncons(door, &key, &flags) ||
	    !is_atom(key) || !is_atom(flags) || !uncons(sample, &size, &octs) ||
	    !bytes_width(size, &out_n) || !bytes_octs(octs, &n, &dat))
		return JET_PASS;
	bytes_get(key, t.key, sizeof t.key);
	t.flags = word32(flags);
	tree_root(&t, bytes_view(dat, blocks(n), &room), n, &o);
	scratch_cut(top);
	return output_bytes(&o, out_n);
}
