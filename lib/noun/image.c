/*
 * Writing walks the cells once, parts before wholes, to give every cell and
 * boxed atom its number, and lists them in that order on the noun stack.  A
 * mark holds the number plus one.  Then the atoms are written by the list,
 * and then the cells, which so are found without a second walk.
 */
#include "image.h"

#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#include "atom.h"
#include "heap.h"
#include "marks.h"
#include "pile.h"

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

/* -------- writing: the list -------- */

/*
 * Above the top of the noun stack.  An entry is bits 3 to 32 of a noun, and
 * whether it is boxed; where the bits above are not those of the last, they
 * come first, as an entry with HIGH.
 */
struct list {
	uint32_t *base, *top, *end;
	noun high;
};

enum { LOW_BITS = 33 };

#define HIGH (UINT32_C(1) << 31)
#define BOXED (UINT32_C(1) << 30)

static struct list
list_open(void)
{
	struct region *r = &heap.region[NOUN_STACK];
	uint32_t *top = (uint32_t *)r->top;

	return (struct list){top, top, (uint32_t *)r->end, 0};
}

static void __attribute__((noinline)) list_grow(struct list *l)
{
	struct region *r = &heap.region[NOUN_STACK];

	r->top = (char *)l->top;
	heap_grow(r, 2 * sizeof *l->top);
	r->top = (char *)l->base;
	l->end = (uint32_t *)r->end;
}

static inline void
list_put(struct list *l, noun n)
{
	noun high = n >> LOW_BITS;

	if (__builtin_expect(l->end - l->top < 2, 0))
		list_grow(l);
	if (__builtin_expect(high != l->high, 0)) {
		*l->top++ = HIGH | (uint32_t)high;
		l->high = high;
	}
	*l->top++ =
	    (uint32_t)(n >> 3 & (BOXED - 1)) | (is_boxed(n) ? BOXED : 0);
}

/* Where a walk through the list has come to: all zero at first. */
struct place {
	size_t i;
	noun high;
};

/* What list_put() put there; 0 at the end. */
static inline noun
list_next(const struct list *l, struct place *p)
{
	const uint32_t *v = l->base + p->i;

	if (v == l->top)
		return 0;
	if (__builtin_expect(*v & HIGH, 0)) {
		p->high = (noun)(*v++ & ~HIGH) << LOW_BITS;
		p->i++;
	}
	p->i++;
	return p->high | (noun)(*v & (BOXED - 1)) << 3 | (*v & BOXED ? 3 : 1);
}

/* -------- writing -------- */

struct writer {
	struct marks marks;
	struct list list;
	uint64_t cells, words; /* numbered so far */
	struct image_sink *sink;
	XXH3_state_t *sum;
	uint64_t buffer[1024];
	size_t n;
};

static int
flush(struct writer *w)
{
	size_t bytes = w->n * 8;

	w->n = 0;
	XXH3_64bits_update(w->sum, w->buffer, bytes);
	return w->sink->put(w->sink, w->buffer, bytes);
}

static int
put_limbs(struct writer *w, const uint64_t *p, size_t n)
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

static inline bool
waits(const struct writer *w, noun n)
{
	return is_cell(n) && *mark_of(&w->marks, n) == 0;
}

static void __attribute__((noinline)) number_boxed(struct writer *w, noun a)
{
	if (*mark_of(&w->marks, a) != 0)
		return;
	*mark_of(&w->marks, a) = w->words + 1;
	w->words += boxed_len(a) + 1;
	list_put(&w->list, a);
}

static inline void
number_atom(struct writer *w, noun n)
{
	if (is_boxed(n))
		number_boxed(w, n);
}

/*
 * Number the cells from n down.  The pile holds the cells above n; each is
 * looked at again after either of its parts is done.
 */
static void
number_cells(struct writer *w, noun n)
{
	struct pile p = pile_on(SCRATCH);
	noun h, t;

	pile_push(&p, 0);
	while (n != 0) {
		h = head(n);
		t = tail(n);
		if (waits(w, h) || waits(w, t)) {
			pile_push(&p, n);
			n = waits(w, h) ? h : t;
			continue;
		}
		number_atom(w, h);
		number_atom(w, t);
		*mark_of(&w->marks, n) = ++w->cells;
		list_put(&w->list, n);
		n = pile_pop(&p);
	}
}

static uint64_t
reference(const struct writer *w, noun n)
{
	if (is_direct(n))
		return n;
	if (is_cell(n))
		return (*mark_of(&w->marks, n) - 1) << 4 | 1;
	return (*mark_of(&w->marks, n) - 1) << 3 | 3;
}

static int
write_atoms(struct writer *w)
{
	struct place p = {0};
	uint64_t header;
	noun n;
	int e = 0;

	while (e == 0 && (n = list_next(&w->list, &p)) != 0) {
		if (!is_boxed(n))
			continue;
		header = boxed_len(n);
		if ((e = put_limbs(w, &header, 1)) == 0)
			e = put_limbs(w, boxed_limbs(n), header);
	}
	return e;
}

static int
write_cells(struct writer *w)
{
	struct place p = {0};
	noun n;
	int e = 0;

	while (e == 0 && (n = list_next(&w->list, &p)) != 0) {
		if (!is_cell(n))
			continue;
		if (w->n + 2 > sizeof w->buffer / 8)
			e = flush(w);
		w->buffer[w->n++] = reference(w, head(n));
		w->buffer[w->n++] = reference(w, tail(n));
	}
	return e;
}

static int
write_header(struct writer *w, noun root)
{
	struct image h = {.magic = IMAGE_MAGIC,
	    .cells = w->cells,
	    .words = w->words,
	    .root = reference(w, root)};

	h.sum = header_sum(&h);
	return w->sink->put(w->sink, &h, sizeof h);
}

static int
write_body(struct writer *w)
{
	uint64_t sum;
	int e;

	if ((e = write_atoms(w)) != 0 || (e = write_cells(w)) != 0 ||
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
	struct writer w = {.sink = s, .sum = &sum};
	int e;

	XXH3_64bits_reset(&sum);
	marks_open(&w.marks);
	w.list = list_open();
	if (is_cell(n))
		number_cells(&w, n);
	number_atom(&w, n);
	if ((e = write_header(&w, n)) == 0)
		e = write_body(&w);
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
