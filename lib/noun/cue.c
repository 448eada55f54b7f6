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

/* For each 64 bits of the jam: which of them begin an atom or a cell, and
 * the number of cells that began before. */
struct starts {
	uint64_t bits, cells;
};

struct cue {
	const uint8_t *p;
	size_t n;
	uint64_t end, at; /* in bits */
	struct plot plot;
	struct starts *starts;
	uint64_t ready; /* entries of starts that exist */
	noun *boxed;    /* pairs on the noun stack: position, boxed atom */
	noun *open;     /* the cell being read */
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

static inline void
note_start(struct cue *c, uint64_t bit, uint64_t cells)
{
	struct starts *s;

	if (__builtin_expect(bit >> 6 >= c->ready, 0))
		more_starts(c, bit >> 6);
	s = &c->starts[bit >> 6];
	if (s->bits == 0)
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

/* The atom that began at a bit position earlier: as it stood, or boxed. */
static bool
find_atom(struct cue *c, uint64_t bit, noun *out)
{
	uint64_t at = c->at, n;

	if (find_boxed(c, bit, out))
		return true;
	c->at = bit + 1;
	read_length(c, &n);
	if (n > 63) /* the others are leading zeros, or it would be boxed */
		n = 63;
	*out = direct(bits_at(c, c->at, (unsigned)n));
	c->at = at;
	return true;
}

static inline noun
find_cell(const struct cue *c, const struct starts *s, uint64_t bit)
{
	uint64_t before = low(s->bits, bit & 63) & word_at(c, bit >> 6 << 3);
	uint64_t i = s->cells + (uint64_t)__builtin_popcountll(before);

	return (noun)(c->plot.first_cell + i * 16) | 1;
}

static inline bool
is_open(noun cell)
{
	return (head(cell) & 7) == IN_HEAD || (tail(cell) & 7) == IN_TAIL;
}

/* -------- tokens -------- */

static inline bool
read_boxed(struct cue *c, uint64_t n, uint64_t start, noun *out)
{
	uint64_t *limbs = plot_atom_begin(&c->plot, (n + 63) / 64);

	copy_bits(c, limbs, n);
	*out = heap_atom_end((n + 63) / 64);
	if (is_boxed(*out)) {
		stack_push(direct(start));
		stack_push(*out);
	}
	return true;
}

static inline bool
read_atom(struct cue *c, noun *out)
{
	uint64_t start = c->at, n;

	note_start(c, start, cells_made(c));
	c->at++;
	if (!read_length(c, &n))
		return false;
	if (n > 63) {
		read_boxed(c, n, start, out);
	} else {
		*out = direct(bits_at(c, c->at, (unsigned)n));
	}
	c->at += n;
	return true;
}

static inline bool
read_reference(struct cue *c, noun *out)
{
	uint64_t start = c->at, n, bit;
	struct starts *s;

	c->at += 2;
	if (!read_length(c, &n))
		return false;
	bit = n > 63 ? UINT64_MAX : bits_at(c, c->at, (unsigned)n);
	c->at += n;
	s = &c->starts[bit >> 6];
	if (bit >= start || bit >> 6 >= c->ready ||
	    !(s->bits >> (bit & 63) & 1)) {
		fail(c, "a reference to where no noun begins", start);
		return false;
	}
	if (!(word_at(c, bit >> 3) >> (bit & 7) & 1))
		return find_atom(c, bit, out);
	*out = find_cell(c, s, bit);
	if (is_open(*out)) {
		fail(c, "a reference to a noun that contains it", start);
		return false;
	}
	return true;
}

static inline void
begin_cell(struct cue *c)
{
	noun *cell;

	note_start(c, c->at, cells_made(c));
	cell = plot_cell(&c->plot);
	cell[0] = (noun)c->open | IN_HEAD;
	cell[1] = 0;
	c->open = cell;
	c->at += 2;
}

/* v is complete: put it where it belongs; true if it is the whole noun. */
static inline bool
place(struct cue *c, noun *v)
{
	noun *cell;

	while ((cell = c->open) != NULL) {
		if ((cell[0] & 7) == IN_HEAD) {
			cell[1] = (cell[0] - IN_HEAD) | IN_TAIL;
			cell[0] = *v;
			return false;
		}
		c->open = (noun *)(cell[1] - IN_TAIL);
		cell[1] = *v;
		*v = (noun)cell | 1;
	}
	return true;
}

static bool
read_noun(struct cue *c, noun *out)
{
	for (;;) {
		uint64_t w = window(c, c->at);

		if ((w & 3) == 1) {
			begin_cell(c);
			continue;
		}
		if (__builtin_expect(c->at >= c->end, 0)) {
			fail(c, CUT, c->at);
			return false;
		}
		if (!(w & 1 ? read_reference(c, out) : read_atom(c, out)))
			return false;
		if (place(c, out))
			return true;
	}
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
