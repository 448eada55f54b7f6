/*
 * Writing walks the cells twice in the same order, parts before wholes: to
 * give every cell and boxed atom its number, and to write the cells.  A mark
 * holds the number plus one; since numbers are given in the order of the
 * walk, the second walk has seen what is numbered below its own count.  The
 * boxed atoms are kept on the noun stack in between, in their order.
 */
#include "image.h"

#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#include "atom.h"
#include "heap.h"
#include "marks.h"

/* The header, as it lies in the file. */
struct image {
	char magic[8];
	uint64_t cells, words, root, sum;
};

_Static_assert(sizeof(struct image) == IMAGE_HEADER, "the format is fixed");

static uint64_t
header_sum(const struct image *h)
{
	return XXH3_64bits(h, offsetof(struct image, sum));
}

/* -------- writing -------- */

struct walk {
	struct marks marks;
	uint64_t cells, words; /* seen so far */
	noun *atoms;           /* on the noun stack */
	/* What to do with a cell met for the first time. */
	int (*meet)(struct walk *, noun);
	struct image_sink *sink;
	XXH3_state_t *sum;
	uint64_t buffer[512];
	size_t n;
};

static int
flush(struct walk *w)
{
	size_t bytes = w->n * 8;

	w->n = 0;
	XXH3_64bits_update(w->sum, w->buffer, bytes);
	return w->sink->put(w->sink, w->buffer, bytes);
}

static int
put_limbs(struct walk *w, const uint64_t *p, size_t n)
{
	int e;

	if (w->n + n <= sizeof w->buffer / 8) {
		memcpy(w->buffer + w->n, p, n * 8);
		w->n += n;
		return 0;
	}
	if ((e = flush(w)) != 0)
		return e;
	if (n <= sizeof w->buffer / 8)
		return put_limbs(w, p, n);
	XXH3_64bits_update(w->sum, p, n * 8);
	return w->sink->put(w->sink, p, n * 8);
}

/* Is n a cell that is still to be met?  (No number, 0, less 1 is the most.) */
static inline bool
waits(struct walk *w, noun n)
{
	return is_cell(n) && *mark_of(&w->marks, n) - 1 >= w->cells;
}

/* Meet every cell of root once, parts before wholes. */
static int
walk(struct walk *w, noun root)
{
	char *bottom = scratch_top();
	noun n, h, t;
	int e = 0;

	w->cells = 0;
	scratch_put(root);
	while (e == 0 && scratch_top() > bottom) {
		n = ((noun *)scratch_top())[-1];
		if (!waits(w, n)) {
			scratch_take();
			continue;
		}
		h = head(n);
		t = tail(n);
		if (waits(w, t))
			scratch_put(t);
		if (waits(w, h))
			scratch_put(h);
		if (((noun *)scratch_top())[-1] != n)
			continue;
		scratch_take();
		e = w->meet(w, n);
		w->cells++;
	}
	scratch_cut(bottom);
	return e;
}

static void
number_atom(struct walk *w, noun a)
{
	if (!is_boxed(a) || *mark_of(&w->marks, a) != 0)
		return;
	*mark_of(&w->marks, a) = w->words + 1;
	w->words += boxed_len(a) + 1;
	stack_push(a);
}

static int
number_cell(struct walk *w, noun c)
{
	number_atom(w, head(c));
	number_atom(w, tail(c));
	*mark_of(&w->marks, c) = w->cells + 1;
	return 0;
}

static uint64_t
reference(struct walk *w, noun n)
{
	if (is_direct(n))
		return n;
	if (is_cell(n))
		return (*mark_of(&w->marks, n) - 1) << 4 | 1;
	return (*mark_of(&w->marks, n) - 1) << 3 | 3;
}

static int
write_cell(struct walk *w, noun c)
{
	uint64_t both[] = {reference(w, head(c)), reference(w, tail(c))};

	return put_limbs(w, both, 2);
}

static int
write_atoms(struct walk *w)
{
	int e = 0;

	for (noun *a = w->atoms; a < stack_top() && e == 0; a++) {
		uint64_t header = boxed_len(*a);

		if ((e = put_limbs(w, &header, 1)) == 0)
			e = put_limbs(w, boxed_limbs(*a), header);
	}
	return e;
}

static int
write_header(struct walk *w, noun root)
{
	struct image h = {.magic = IMAGE_MAGIC,
	    .cells = w->cells,
	    .words = w->words,
	    .root = reference(w, root)};

	h.sum = header_sum(&h);
	return w->sink->put(w->sink, &h, sizeof h);
}

static int
write_body(struct walk *w, noun root)
{
	uint64_t sum;
	int e;

	w->meet = write_cell;
	if ((e = write_atoms(w)) != 0 || (e = walk(w, root)) != 0 ||
	    (e = flush(w)) != 0)
		return e;
	sum = XXH3_64bits_digest(w->sum);
	return w->sink->put(w->sink, &sum, sizeof sum);
}

int
image_write(struct image_sink *s, noun n)
{
	char *mark = scratch_top();
	XXH3_state_t sum;
	struct walk w = {.sink = s, .sum = &sum, .meet = number_cell};
	int e;

	XXH3_64bits_reset(&sum);
	marks_open(&w.marks);
	w.atoms = stack_top();
	number_atom(&w, n);
	walk(&w, n);
	if ((e = write_header(&w, n)) == 0)
		e = write_body(&w, n);
	stack_cut(w.atoms);
	scratch_cut(mark);
	return e;
}

/* -------- reading -------- */

struct reader {
	const uint8_t *p;
	struct image h;
	struct plot plot;
	noun *atoms; /* by the word at which the header stands; 0 = none */
	struct image_fault *fault;
};

static int
fail(struct image_fault *f, const char *reason, uint64_t at)
{
	f->reason = reason;
	f->at = at;
	return -1;
}

uint64_t
image_length(const void *p, struct image_fault *fault)
{
	const uint64_t most = UINT64_C(1) << 56;
	struct image h;

	memcpy(&h, p, sizeof h);
	if (memcmp(h.magic, IMAGE_MAGIC, sizeof h.magic) != 0)
		fail(fault, "not an image", 0);
	else if (h.sum != header_sum(&h))
		fail(fault, "the header's checksum is wrong",
		    offsetof(struct image, sum));
	else if (h.cells > most / 16 || h.words > most / 8)
		fail(fault, "impossibly large", offsetof(struct image, cells));
	else
		return IMAGE_HEADER + h.words * 8 + h.cells * 16 +
		    IMAGE_TRAILER;
	return 0;
}

/* The noun of a reference that may name cells below `cells`; false if bad. */
static inline bool
resolve(struct reader *r, uint64_t ref, uint64_t cells, noun *out)
{
	if (is_direct(ref)) {
		*out = ref;
		return true;
	}
	if ((ref & 15) == 1 && ref >> 4 < cells) {
		*out = ref + (noun)r->plot.first_cell;
		return true;
	}
	if ((ref & 7) != 3 || ref >> 3 >= r->h.words)
		return false;
	*out = r->atoms[ref >> 3];
	return *out != 0;
}

static uint64_t
word(const struct reader *r, uint64_t i)
{
	uint64_t w;

	memcpy(&w, r->p + IMAGE_HEADER + i * 8, 8);
	return w;
}

static bool
good_atom(const struct reader *r, uint64_t i)
{
	uint64_t n = word(r, i), top;

	if (n == 0 || n > ATOM_LIMBS_MAX || n >= r->h.words - i)
		return false;
	top = word(r, i + n);
	return top != 0 && (n > 1 || top > DIRECT_MAX);
}

static int
read_atoms(struct reader *r)
{
	for (uint64_t i = 0, n; i < r->h.words; i += n + 1) {
		if (!good_atom(r, i))
			return fail(
			    r->fault, "a malformed atom", IMAGE_HEADER + i * 8);
		n = word(r, i);
		memcpy(plot_atom_begin(&r->plot, n),
		    r->p + IMAGE_HEADER + (i + 1) * 8, n * 8);
		r->atoms[i] = heap_atom_end(n);
	}
	return 0;
}

static int
read_cells(struct reader *r)
{
	for (uint64_t i = 0; i < r->h.cells; i++) {
		noun *c = plot_cell(&r->plot);
		uint64_t at = r->h.words + 2 * i;

		if (!resolve(r, word(r, at), i, &c[0]) ||
		    !resolve(r, word(r, at + 1), i, &c[1]))
			return fail(r->fault,
			    "a reference that is not to "
			    "an atom or an earlier cell",
			    IMAGE_HEADER + at * 8);
	}
	return 0;
}

static int
read_body(struct reader *r, size_t n, noun *out)
{
	size_t body = n - IMAGE_HEADER - IMAGE_TRAILER;
	uint64_t sum;

	memcpy(&sum, r->p + n - IMAGE_TRAILER, sizeof sum);
	if (sum != XXH3_64bits(r->p + IMAGE_HEADER, body))
		return fail(
		    r->fault, "the checksum is wrong", n - IMAGE_TRAILER);
	r->atoms = scratch_push_zero(r->h.words * sizeof *r->atoms);
	if (read_atoms(r) != 0 || read_cells(r) != 0)
		return -1;
	if (!resolve(r, r->h.root, r->h.cells, out))
		return fail(r->fault, "the root is no noun",
		    offsetof(struct image, root));
	return 0;
}

int
image_read(const void *p, size_t n, noun *out, struct image_fault *fault)
{
	struct reader r = {.p = p, .fault = fault};
	char *mark = scratch_top();
	uint64_t length;
	int e;

	if (n < IMAGE_HEADER)
		return fail(fault, "the header is cut short", n);
	if ((length = image_length(p, fault)) == 0)
		return -1;
	if (n < length)
		return fail(fault, "the image is cut short", n);
	if (n > length)
		return fail(fault, "more bytes after the end", length);
	memcpy(&r.h, p, sizeof r.h);
	plot_open(&r.plot, n);
	if ((e = read_body(&r, n, out)) == 0)
		plot_close(&r.plot);
	else
		plot_drop(&r.plot);
	scratch_cut(mark);
	return e;
}
