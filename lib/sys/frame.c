#include "frame.h"

#include <assert.h>
#include <string.h>

/*
 * A noun that a reference can mean: an atom, or a cell of the wire, of which
 * only the head will be asked for.  All other cells that begin before the end
 * of what is read, end behind it.
 */
enum token { NOTHING, ATOM, CELL, CELL_AGAIN };

struct seen {
	uint64_t bit, value; /* where it began; the atom, or the cell's head */
	enum token kind;
};

enum { SEEN_MAX = 2 * FRAME_KNOTS + 8 };

struct front {
	const uint8_t *p;
	size_t n;
	uint64_t at, end; /* in bits */
	unsigned n_seen;
	struct seen seen[SEEN_MAX];
};

/* -------- bits -------- */

/* 64 bits from a byte on, zeros behind the end. */
static uint64_t
word_at(const struct front *f, uint64_t byte)
{
	uint64_t w = 0;

	if (byte + 8 <= f->n)
		memcpy(&w, f->p + byte, 8);
	else if (byte < f->n)
		memcpy(&w, f->p + byte, f->n - byte);
	return w;
}

/* 64 bits from a bit on. */
static uint64_t
window(const struct front *f, uint64_t bit)
{
	unsigned shift = bit & 7;
	uint64_t w = word_at(f, bit >> 3) >> shift;

	return shift ? w | word_at(f, (bit >> 3) + 8) << (64 - shift) : w;
}

/* k <= 64 bits. */
static uint64_t
bits_at(const struct front *f, uint64_t bit, unsigned k)
{
	uint64_t w = window(f, bit);

	return k < 64 ? w & ((UINT64_C(1) << k) - 1) : w;
}

/*
 * The value of n bits.  Only an atom that no jam of ours has begins with
 * zeros; what is behind the first word of one is looked at.
 */
static uint64_t
value_at(const struct front *f, uint64_t bit, uint64_t n)
{
	if (n <= 64)
		return bits_at(f, bit, (unsigned)n);
	if (bits_at(f, bit + n - 1, 1))
		return FRAME_LONG;
	for (uint64_t i = 64; i < n; i += 64)
		if (bits_at(f, bit + i, n - i < 64 ? (unsigned)(n - i) : 64))
			return FRAME_LONG;
	return bits_at(f, bit, 64);
}

/* The mat() at f->at, and go behind it.  False if there is none. */
static bool
take_mat(struct front *f, uint64_t *value)
{
	uint64_t w = window(f, f->at), n = 0;
	unsigned k;

	if (w == 0 || (k = (unsigned)__builtin_ctzll(w)) > 56)
		return false;
	if (k > 0)
		n = UINT64_C(1) << (k - 1) | bits_at(f, f->at + k + 1, k - 1);
	f->at += k ? 2 * k : 1;
	if (f->at > f->end || n > f->end - f->at)
		return false;
	*value = value_at(f, f->at, n);
	f->at += n;
	return true;
}

/* -------- tokens -------- */

/* False, and nothing is noted, if it is too much. */
static bool
note(struct front *f, enum token kind, uint64_t bit, uint64_t value)
{
	if (f->n_seen == SEEN_MAX)
		return false;
	f->seen[f->n_seen++] = (struct seen){bit, value, kind};
	return true;
}

static enum token
take_atom(struct front *f, uint64_t *value)
{
	uint64_t start = f->at++;

	if (!take_mat(f, value) || !note(f, ATOM, start, *value))
		return NOTHING;
	return ATOM;
}

static enum token
take_reference(struct front *f, uint64_t *value)
{
	uint64_t to;

	f->at += 2;
	if (!take_mat(f, &to))
		return NOTHING;
	for (unsigned i = 0; i < f->n_seen; i++)
		if (f->seen[i].bit == to) {
			*value = f->seen[i].value;
			return f->seen[i].kind;
		}
	return NOTHING;
}

/*
 * Go behind the next token.
 *
 *   ATOM         *value
 *   CELL         one begins; its head is next
 *   CELL_AGAIN   a cell of the wire stands here too; *value is its head
 *   NOTHING      no jam goes on like that
 */
static enum token
take(struct front *f, uint64_t *value)
{
	uint64_t tag = bits_at(f, f->at, 2);

	if (f->at >= f->end)
		return NOTHING;
	if ((tag & 1) == 0)
		return take_atom(f, value);
	if (tag == 3)
		return take_reference(f, value);
	f->at += 2;
	return CELL;
}

static bool
take_cell(struct front *f)
{
	uint64_t value;

	return take(f, &value) == CELL;
}

/* -------- frames -------- */

/* [tag data], which may be a part of the wire again. */
static bool
take_tag(struct front *f, struct frame_head *h)
{
	enum token t = take(f, &h->tag);

	if (t == CELL)
		return take(f, &h->tag) == ATOM;
	return t == CELL_AGAIN;
}

/* A wire, of which the first token was taken, and the card behind it. */
static bool
take_wire(struct front *f, enum token t, uint64_t v, struct frame_head *h)
{
	for (unsigned i = 0; t == CELL; i++) {
		uint64_t start = f->at - 2;

		if (i == FRAME_KNOTS || take(f, &v) != ATOM ||
		    !note(f, CELL_AGAIN, start, v))
			return false;
		if (i < 2)
			h->knot[i] = v;
		t = take(f, &v);
	}
	return t == ATOM && v == 0 && take_tag(f, h);
}

/* [id wire tag data] */
static bool
take_poke(struct front *f, struct frame_head *h)
{
	uint64_t v = 0;
	enum token t;

	if (!take_cell(f) || take(f, &h->id) != ATOM || !take_cell(f))
		return false;
	t = take(f, &v);
	return take_wire(f, t, v, h);
}

/* [id word] */
static bool
take_answer(struct front *f, struct frame_head *h)
{
	if (!take_cell(f) || take(f, &h->id) != ATOM)
		return false;
	if (take(f, &h->word) != ATOM)
		h->word = FRAME_LONG;
	return true;
}

/* atom, or [atom more]; or something else */
static bool
take_other(struct front *f, struct frame_head *h)
{
	enum token t = take(f, &h->id);

	if (t == CELL)
		t = take(f, &h->id);
	if (t != ATOM)
		h->id = FRAME_LONG;
	return true;
}

static enum frame
named(uint64_t tag)
{
	static const char names[][8] = {[FRAME_OTHER] = "",
#define X(name, word, rest) [FRAME_##name] = word,
	    FRAMES(X)
#undef X
	};
	uint64_t w;

	for (unsigned i = FRAME_OTHER + 1; i < FRAMES_N; i++) {
		memcpy(&w, names[i], 8);
		if (w == tag)
			return (enum frame)i;
	}
	return FRAME_OTHER;
}

static bool
take_message(struct front *f, struct frame_head *h)
{
	h->frame = named(h->tag);
	switch (h->frame) {
	case FRAME_POKE:
		return take_poke(f, h);
	case FRAME_PEEK:
	case FRAME_PEEL:
	case FRAME_URTH:
	case FRAME_DONE:
	case FRAME_BAIL:
	case FRAME_GONE:
		return take_answer(f, h);
	default:
		return take_other(f, h);
	}
}

static bool
take_frame(struct front *f, struct frame_head *h)
{
	if (!take_cell(f))
		return false;
	switch (take(f, &h->tag)) {
	case CELL:
		h->frame = FRAME_CARD;
		return take_wire(f, CELL, 0, h);
	case ATOM:
		return take_message(f, h);
	default:
		return false;
	}
}

void
frame_head(const void *p, size_t n, struct frame_head *h)
{
	struct front f;

	f.p = p;
	f.n = n;
	f.at = 0;
	f.end = (uint64_t)n * 8;
	f.n_seen = 0;
	*h = (struct frame_head){.frame = FRAME_BAD};
	if (!take_frame(&f, h))
		*h = (struct frame_head){.frame = FRAME_BAD};
}

uint64_t
frame_cord(const char *s)
{
	size_t n = strlen(s);
	uint64_t w = 0;

	assert(n <= sizeof w);
	memcpy(&w, s, n);
	return w;
}
