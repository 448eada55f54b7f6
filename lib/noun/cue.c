/*
 * Cue makes its cells in the order in which their tags stand, so that the
 * number of cell tags before a bit position gives the address of the cell
 * there: a reference is answered by a bitmap of the positions at which
 * nouns begin, with running counts, and no table of nouns is needed.
 *
 * There is no stack either.  A cell whose parts are still being read keeps
 * the way back to its parent where those parts will be:
 *
 *     head being read     head = parent | 5
 *     tail being read     head is done, tail = parent | 7
 *
 * which also shows that a cell is not complete, so a reference to a noun
 * from inside itself is found out.
 */
#include <string.h>

#include "atom.h"
#include "heap.h"
#include "jam.h"

enum { IN_HEAD = 5, IN_TAIL = 7 };

/*
 * For each 64 bits of the jam: which of them begin an atom or a cell, and
 * the number of cells up to the last of those.
 */
struct starts {
	uint64_t bits, cells;
};

struct cue {
	const uint8_t *p;
	size_t n;
	uint64_t end, at; /* in bits; `at` is behind the last slow token */
	struct plot plot;
	struct starts *starts;
	uint64_t ready; /* entries of starts that exist */
	noun *boxed;    /* pairs on the noun stack: position, boxed atom */
	struct cue_fault *fault;
};

static const char CUT[] = "the jam is cut short";

static void
fail(struct cue *c, const char *reason, uint64_t bit)
{
	c->fault->reason = reason;
	c->fault->bit = bit;
}

/* -------- reading bits -------- */

static uint64_t __attribute__((noinline))
last_word(const struct cue *c, size_t byte)
{
	uint64_t w = 0;

	if (byte < c->n)
		memcpy(&w, c->p + byte, c->n - byte < 8 ? c->n - byte : 8);
	return w;
}

static inline uint64_t
word_at(const struct cue *c, size_t byte)
{
	uint64_t w;

	if (__builtin_expect(byte + 8 > c->n, 0))
		return last_word(c, byte);
	memcpy(&w, c->p + byte, 8);
	return w;
}

/* At least WINDOW bits from a bit position on; zeros behind the end. */
enum { WINDOW = 57 };

static inline uint64_t
window(const struct cue *c, uint64_t bit)
{
	return word_at(c, bit >> 3) >> (bit & 7);
}

static inline uint64_t
low(uint64_t w, unsigned k)
{
	return w & ((UINT64_C(1) << k) - 1);
}

/* n <= 63 bits. */
static inline uint64_t
bits_at(const struct cue *c, uint64_t bit, unsigned n)
{
	uint64_t w = window(c, bit);

	if (n > WINDOW)
		w = low(w, 32) | window(c, bit + 32) << 32;
	return low(w, n);
}

/* A mat(), read: its value, and the bit behind it; or 0 if it was not. */
struct word {
	uint64_t v, next;
};

/*
 * The mat() behind t <= 2 bits at `bit`, if it ends within the window w from
 * there: nearly all do.  n comes out of the k bits from the single 1 on,
 * which has the place that n's own highest bit needs, so zero is no case.
 */
static inline struct word
read_short(const struct cue *c, uint64_t bit, uint64_t w, unsigned t)
{
	uint64_t x = w >> t | UINT64_C(1) << 63, n;
	unsigned k = (unsigned)__builtin_ctzll(x);

	n = (UINT64_C(1) << k | low(x >> k, k)) >> 1;
	if (__builtin_expect(n > WINDOW - 2 - 2 * 6, 0))
		return (struct word){0, 0};
	bit += t + 2 * k + n + (k == 0);
	if (__builtin_expect(bit > c->end, 0))
		return (struct word){0, 0};
	return (struct word){low(x >> 2 * k, (unsigned)n), bit};
}

/*
 * The length part of mat() at c->at: the number of bits that follow it, of
 * which there are as many.  False if there are not.
 */
static inline bool
read_length(struct cue *c, uint64_t *n)
{
	uint64_t w = window(c, c->at), start = c->at;
	unsigned k;

	if (low(w, WINDOW) == 0) {
		fail(c,
		    c->end - c->at > WINDOW ? "an atom is longer than the jam"
		                            : CUT,
		    start);
		return false;
	}
	k = (unsigned)__builtin_ctzll(w);
	if (k == 0) {
		*n = 0;
		c->at += 1;
	} else {
		*n = UINT64_C(1) << (k - 1) | bits_at(c, c->at + k + 1, k - 1);
		c->at += 2 * k;
	}
	if (__builtin_expect(c->at <= c->end && *n <= c->end - c->at, 1))
		return true;
	fail(c, c->at > c->end ? CUT : "an atom is longer than the jam", start);
	return false;
}

/* n bits from c->at on, into limbs. */
static void
copy_bits(const struct cue *c, uint64_t *to, uint64_t n)
{
	size_t limbs = (n + 63) / 64, byte = c->at >> 3, i = 0;
	unsigned s = c->at & 7;

	if (s == 0) {
		to[limbs - 1] = 0;
		memcpy(to, c->p + byte, (n + 7) / 8);
	} else {
		for (; i < limbs; i++, byte += 8)
			to[i] = word_at(c, byte) >> s |
			    word_at(c, byte + 8) << (64 - s);
	}
	if (n % 64)
		to[limbs - 1] = low(to[limbs - 1], n % 64);
}

/* -------- what began where -------- */

static void __attribute__((noinline)) more_starts(struct cue *c, uint64_t i)
{
	uint64_t all = c->end / 64 + 1, want = c->ready * 2;

	if (want < i + 1)
		want = i + 1;
	if (want < 64)
		want = 64;
	if (want > all)
		want = all;
	/* Nothing else uses scratch memory here, so this extends the table. */
	scratch_push_zero((want - c->ready) * sizeof *c->starts);
	c->ready = want;
}

/* A noun begins; `cells` have begun, it counted. */
static inline void
note_start(struct cue *c, uint64_t bit, uint64_t cells)
{
	struct starts *s;

	if (__builtin_expect(bit >> 6 >= c->ready, 0))
		more_starts(c, bit >> 6);
	s = &c->starts[bit >> 6];
	s->cells = cells;
	s->bits |= UINT64_C(1) << (bit & 63);
}

static inline uint64_t
cells_made(const struct cue *c)
{
	return (uint64_t)(c->plot.cells->top - c->plot.first_cell) / 16;
}

static bool
find_boxed(const struct cue *c, uint64_t bit, noun *out)
{
	size_t lo = 0, hi = (size_t)(stack_top() - c->boxed) / 2;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (direct_value(c->boxed[2 * mid]) < bit)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (c->boxed + 2 * lo == stack_top() || c->boxed[2 * lo] != direct(bit))
		return false;
	*out = c->boxed[2 * lo + 1];
	return true;
}

/* The same, if it does not fit a window: boxed, or with leading zeros. */
static noun __attribute__((noinline)) find_long(struct cue *c, uint64_t bit)
{
	uint64_t n = 0;
	noun a;

	if (find_boxed(c, bit, &a))
		return a;
	c->at = bit + 1;
	read_length(c, &n);
	return direct(bits_at(c, c->at, n > 63 ? 63 : (unsigned)n));
}

/* The atom that began at a bit position earlier. */
static inline noun
find_atom(struct cue *c, uint64_t bit)
{
	struct word m = read_short(c, bit, window(c, bit), 1);

	return __builtin_expect(m.next != 0, 1) ? direct(m.v)
	                                        : find_long(c, bit);
}

static inline noun
find_cell(const struct cue *c, const struct starts *s, uint64_t bit)
{
	uint64_t from = s->bits & word_at(c, bit >> 6 << 3) &
	    ~((UINT64_C(1) << (bit & 63)) - 1);
	uint64_t i = s->cells - (uint64_t)__builtin_popcountll(from);

	return (noun)(c->plot.first_cell + i * 16) | 1;
}

static inline bool
is_open(noun cell)
{
	return (head(cell) & 7) == IN_HEAD || (tail(cell) & 7) == IN_TAIL;
}

/* -------- tokens -------- */

/* These return the bit behind the token, or 0 with the fault told. */

static uint64_t
read_boxed(struct cue *c, uint64_t n, uint64_t start, noun *out)
{
	uint64_t *limbs = plot_atom_begin(&c->plot, (n + 63) / 64);

	copy_bits(c, limbs, n);
	*out = heap_atom_end((n + 63) / 64);
	if (is_boxed(*out)) {
		stack_push(direct(start));
		stack_push(*out);
	}
	return c->at + n;
}

static uint64_t __attribute__((noinline))
read_long_atom(struct cue *c, uint64_t start, noun *out)
{
	uint64_t n;

	c->at = start + 1;
	if (!read_length(c, &n))
		return 0;
	if (n > 63)
		return read_boxed(c, n, start, out);
	*out = direct(bits_at(c, c->at, (unsigned)n));
	return c->at + n;
}

static inline uint64_t
read_atom(struct cue *c, uint64_t start, uint64_t w, noun *out)
{
	struct word m = read_short(c, start, w, 1);

	note_start(c, start, cells_made(c));
	if (__builtin_expect(m.next == 0, 0))
		return read_long_atom(c, start, out);
	*out = direct(m.v);
	return m.next;
}

/* Where a reference at `start` goes, if it is none of the short ones. */
static struct word __attribute__((noinline))
read_far(struct cue *c, uint64_t start)
{
	uint64_t n;

	c->at = start + 2;
	if (!read_length(c, &n))
		return (struct word){0, 0};
	return (struct word){
	    n > 63 ? UINT64_MAX : bits_at(c, c->at, (unsigned)n), c->at + n};
}

static inline uint64_t
read_reference(struct cue *c, uint64_t start, uint64_t w, noun *out)
{
	struct word m = read_short(c, start, w, 2);
	struct starts *s;

	if (__builtin_expect(m.next == 0, 0) &&
	    (m = read_far(c, start)).next == 0)
		return 0;
	s = &c->starts[m.v >> 6];
	if (m.v >= start || m.v >> 6 >= c->ready ||
	    !(s->bits >> (m.v & 63) & 1)) {
		fail(c, "a reference to where no noun begins", start);
		return 0;
	}
	if (!(word_at(c, m.v >> 3) >> (m.v & 7) & 1)) {
		*out = find_atom(c, m.v);
		return m.next;
	}
	*out = find_cell(c, s, m.v);
	if (__builtin_expect(is_open(*out), 0)) {
		fail(c, "a reference to a noun that contains it", start);
		return 0;
	}
	return m.next;
}

static inline noun *
begin_cell(struct cue *c, uint64_t start, noun *open)
{
	noun *cell = plot_cell(&c->plot);

	note_start(c, start, cells_made(c));
	cell[0] = (noun)open | IN_HEAD;
	cell[1] = 0;
	return cell;
}

/* v is complete: put it where it belongs.  The cell to go on with, or NULL
 * if *v is the whole noun. */
static inline noun *
place(noun *cell, noun *v)
{
	noun up;

	for (; cell != NULL; cell = (noun *)(up - IN_TAIL)) {
		if (((up = cell[0]) & 7) == IN_HEAD) {
			cell[1] = (up - IN_HEAD) | IN_TAIL;
			cell[0] = *v;
			return cell;
		}
		up = cell[1];
		cell[1] = *v;
		*v = (noun)cell | 1;
	}
	return NULL;
}

static bool
read_noun(struct cue *c, noun *out)
{
	uint64_t at = 0, w;
	noun *open = NULL, v;

	do {
		for (; ((w = window(c, at)) & 3) == 1; at += 2)
			open = begin_cell(c, at, open);
		if (__builtin_expect(at >= c->end, 0)) {
			fail(c, CUT, at);
			return false;
		}
		at = w & 1 ? read_reference(c, at, w, &v)
		           : read_atom(c, at, w, &v);
		if (__builtin_expect(at == 0, 0))
			return false;
	} while ((open = place(open, &v)) != NULL);
	c->at = at;
	*out = v;
	return true;
}

/* Only zeros may follow. */
static bool
at_end(struct cue *c)
{
	size_t byte = c->at >> 3;
	unsigned rest = c->at & 7 ? c->p[byte++] >> (c->at & 7) : 0;

	while (rest == 0 && byte < c->n)
		rest = c->p[byte++];
	if (rest != 0)
		fail(c, "more bits after the end of the jam", c->at);
	return rest == 0;
}

int
cue(const void *p, size_t n, noun *out, struct cue_fault *fault)
{
	char *mark = scratch_top();
	struct cue c = {.p = p, .n = n, .end = (uint64_t)n * 8, .fault = fault};
	bool good;

	c.boxed = stack_top();
	plot_open(&c.plot, n);
	c.starts = scratch_push_zero(0);
	good = read_noun(&c, out) && at_end(&c);
	if (good)
		plot_close(&c.plot);
	else
		plot_drop(&c.plot);
	stack_cut(c.boxed);
	scratch_cut(mark);
	return good ? 0 : -1;
}
