/*
 * Reading: one pass over the bytes.  What stands in open brackets waits on
 * the noun stack, above a mark for each bracket; a closing bracket makes
 * cells of all down to its mark.  A mark is no noun: the place of the
 * bracket in the text, then the tag 101.
 */
#include "text.h"

#include <gmp.h>
#include <string.h>

#include "atom.h"
#include "heap.h"
#include "patp.h"
#include "utf8.h"

enum { OPEN = 5, TAG = 7, TAG_BITS = 3 };

struct reader {
	const char *p;
	size_t n, at;
	const char *reason; /* of the fault, at `bad` */
	size_t bad;
};

static bool
fail(struct reader *r, size_t bad, const char *reason)
{
	r->bad = bad;
	r->reason = reason;
	return false;
}

/* The character `ahead` of here, or -1 past the end. */
static inline int
peek(const struct reader *r, size_t ahead)
{
	return ahead < r->n - r->at ? (unsigned char)r->p[r->at + ahead] : -1;
}

static inline bool
is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool
is_lower(int c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* The value of a digit in any base; more than any if it is none. */
static inline unsigned
digit(int c)
{
	if (is_digit(c))
		return (unsigned)c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'f' ? (unsigned)c - 'a' + 10 : 99;
}

static void
skip_line(struct reader *r)
{
	const char *end = memchr(r->p + r->at, '\n', r->n - r->at);

	r->at = end ? (size_t)(end - r->p) : r->n;
}

static void
skip_space(struct reader *r)
{
	for (;;) {
		int c = peek(r, 0);

		if (is_space(c))
			r->at++;
		else if (c == ':' && peek(r, 1) == ':')
			skip_line(r);
		else
			return;
	}
}

/* -------- numbers -------- */

/* Digits at p[from..to), dots among them. */
struct digits {
	size_t from, to, count;
};

static const char *
dots_wrong(unsigned group)
{
	return group == 3 ? "dots part decimal digits in threes"
	                  : "dots part hexadecimal and binary digits in fours";
}

/* Step over digits of a base: one at least, dots between groups or none. */
static bool
scan_digits(struct reader *r, unsigned base, unsigned group, struct digits *d)
{
	size_t run = 0;
	bool dots = false;

	*d = (struct digits){.from = r->at};
	for (;; r->at++) {
		int c = peek(r, 0);

		if (digit(c) < base) {
			d->count++;
			run++;
			continue;
		}
		if (run == 0)
			return fail(r, r->at, "a digit belongs here");
		if (dots ? run != group : c == '.' && run > group)
			return fail(r, r->at, dots_wrong(group));
		if (c != '.')
			break;
		dots = true;
		run = 0;
	}
	d->to = r->at;
	return true;
}

/* Hexadecimal and binary: digits of a whole number of bits. */
static bool
read_bits(struct reader *r, unsigned bits, noun *out)
{
	struct digits d;
	uint64_t *p, limb = 0;
	size_t n = 0;
	unsigned have = 0;

	r->at += 2;
	if (!scan_digits(r, 1u << bits, 4, &d))
		return false;
	p = heap_atom_begin(d.count / (64 / bits) + 1);
	for (size_t i = d.to; i-- > d.from;) {
		if (r->p[i] == '.')
			continue;
		limb |= (uint64_t)digit(r->p[i]) << have;
		if ((have += bits) == 64) {
			p[n++] = limb;
			limb = have = 0;
		}
	}
	p[n++] = limb;
	*out = heap_atom_end(n);
	return true;
}

enum { WORD_DIGITS = 19 }; /* so many decimal digits always fit 64 bits */

static noun
decimal_word(const struct reader *r, const struct digits *d)
{
	uint64_t v = 0;

	for (size_t i = d->from; i < d->to; i++)
		if (r->p[i] != '.')
			v = v * 10 + digit(r->p[i]);
	return atom_word(v);
}

static noun
decimal_large(const struct reader *r, const struct digits *d)
{
	char *mark = scratch_top();
	unsigned char *digits = scratch_push(d->count);
	uint64_t *p = heap_atom_begin(d->count / WORD_DIGITS + 2);
	size_t n = 0;

	for (size_t i = d->from; i < d->to; i++)
		if (r->p[i] != '.')
			digits[n++] = (unsigned char)digit(r->p[i]);
	n = (size_t)mpn_set_str(p, digits, n, 10);
	scratch_cut(mark);
	return heap_atom_end(n);
}

static bool
read_decimal(struct reader *r, noun *out)
{
	struct digits d;

	if (!scan_digits(r, 10, 3, &d))
		return false;
	if (r->p[d.from] == '0' && d.count > 1)
		return fail(r, d.from, "a number begins with 0");
	*out =
	    d.count <= WORD_DIGITS ? decimal_word(r, &d) : decimal_large(r, &d);
	return true;
}

static bool
read_number(struct reader *r, noun *out)
{
	if (peek(r, 0) == '0' && peek(r, 1) == 'x')
		return read_bits(r, 4, out);
	if (peek(r, 0) == '0' && peek(r, 1) == 'b')
		return read_bits(r, 1, out);
	return read_decimal(r, out);
}

/* -------- words -------- */

static bool
read_term(struct reader *r, noun *out)
{
	size_t from = r->at;
	int c;

	do {
		r->at++;
		c = peek(r, 0);
	} while (is_lower(c) || is_digit(c) || c == '-');
	*out = atom_from_bytes(r->p + from, r->at - from);
	return true;
}

/* What stands behind a per cent sign. */
static bool
read_tagged(struct reader *r, noun *out)
{
	int c;

	r->at++;
	c = peek(r, 0);
	if (is_lower(c))
		return read_term(r, out);
	if (is_digit(c))
		return read_number(r, out);
	if (c != '.' || (peek(r, 1) != 'y' && peek(r, 1) != 'n'))
		return fail(r, r->at, "a term or a number belongs behind %");
	*out = loobean(peek(r, 1) == 'y');
	r->at += 2;
	return true;
}

/* What begins with ~: nothing, or a ship. */
static bool
read_ship(struct reader *r, noun *out)
{
	size_t from = ++r->at;

	while (is_lower(peek(r, 0)) || peek(r, 0) == '-')
		r->at++;
	*out = 0;
	if (r->at == from)
		return true;
	return patp_read(r->p + from, r->at - from, out) ||
	    fail(r, from, "this is not a ship's name");
}

/* -------- paths -------- */

static bool
is_knot(int c)
{
	return is_lower(c) || is_digit(c) || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

/* A list of knots, made from its end. */
static bool
read_path(struct reader *r, noun *out)
{
	size_t from = r->at, end;
	noun path = 0;

	while (peek(r, 0) == '/' || is_knot(peek(r, 0)))
		r->at++;
	end = r->at;
	for (size_t i = end; i-- > from;) {
		if (r->p[i] != '/')
			continue;
		if (i + 1 < end)
			path = cons(
			    atom_from_bytes(r->p + i + 1, end - i - 1), path);
		else if (r->at > from + 1) /* not the empty path */
			return fail(r, i + 1, "a knot is missing here");
		end = i;
	}
	*out = path;
	return true;
}

/* -------- cords -------- */

/* The length of the character here in a cord; 0 for a fault. */
static size_t
cord_step(struct reader *r)
{
	int c = peek(r, 0);
	uint32_t code;
	size_t len;

	if (c == '\n')
		fail(r, r->at, "a cord does not end on its line");
	else if (c < ' ' || c == 0x7f)
		fail(r, r->at, "a control character in a cord");
	else if (c == '\\') {
		if (peek(r, 1) == '\'' || peek(r, 1) == '\\')
			return 2;
		if (digit(peek(r, 1)) < 16 && digit(peek(r, 2)) < 16)
			return 3;
		fail(r, r->at,
		    "' or \\ or two hexadecimal digits belong behind \\");
	} else {
		len = utf8_get(
		    (const uint8_t *)r->p + r->at, r->n - r->at, &code);
		return len ? len : fail(r, r->at, "a cord is not UTF-8");
	}
	return 0;
}

/* Undo the escapes of the cord's text p[0..n), which are well-formed. */
static noun
unescape(const char *p, size_t n)
{
	char *mark = scratch_top();
	uint8_t *to = scratch_push(n);
	size_t k = 0;
	noun cord;

	for (size_t i = 0; i < n; i++) {
		if (p[i] != '\\') {
			to[k++] = (uint8_t)p[i];
		} else if (digit(p[i + 1]) < 16) {
			to[k++] =
			    (uint8_t)(digit(p[i + 1]) << 4 | digit(p[i + 2]));
			i += 2;
		} else {
			to[k++] = (uint8_t)p[++i];
		}
	}
	cord = atom_from_bytes(to, k);
	scratch_cut(mark);
	return cord;
}

static bool
read_cord(struct reader *r, noun *out)
{
	size_t from = ++r->at, step;
	bool escapes = false;

	while (peek(r, 0) != '\'') {
		if (r->at == r->n)
			return fail(r, from - 1, "a cord is not closed");
		if ((step = cord_step(r)) == 0)
			return false;
		escapes |= r->p[r->at] == '\\';
		r->at += step;
	}
	*out = escapes ? unescape(r->p + from, r->at - from)
	               : atom_from_bytes(r->p + from, r->at - from);
	r->at++;
	return true;
}

/* -------- nouns -------- */

static bool
begin_item(struct reader *r, bool inside, noun *out)
{
	int c = peek(r, 0);

	if (c == '/' && inside)
		return read_path(r, out);
	if (is_digit(c))
		return read_number(r, out);
	switch (c) {
	case '%':
		return read_tagged(r, out);
	case '\'':
		return read_cord(r, out);
	case '~':
		return read_ship(r, out);
	case '&':
	case '|':
		*out = loobean(c == '&');
		r->at++;
		return true;
	}
	return fail(r, r->at, "no noun begins like this");
}

static bool
read_item(struct reader *r, bool inside, noun *out)
{
	int c;

	if (!begin_item(r, inside, out))
		return false;
	c = peek(r, 0);
	return c == -1 || is_space(c) || c == '[' || c == ']' ||
	    (c == ':' && peek(r, 1) == ':') ||
	    fail(r, r->at, "white space or a bracket belongs here");
}

static inline bool
is_mark(noun n)
{
	return (n & TAG) == OPEN;
}

/* Make cells of what waits above the last mark. */
static bool
close_bracket(struct reader *r, noun *out)
{
	noun *p = stack_top(), n;

	if (is_mark(p[-1]))
		return fail(r, r->at, "brackets hold nothing");
	n = *--p;
	if (is_mark(p[-1]))
		return fail(r, r->at, "brackets hold only one noun");
	while (!is_mark(*--p))
		n = cons(*p, n);
	stack_cut(p);
	*out = n;
	r->at++;
	return true;
}

static bool
cut_short(struct reader *r, size_t open)
{
	noun *p = stack_top();

	if (open == 0)
		return fail(r, r->at, "there is no noun");
	while (!is_mark(*--p))
		;
	return fail(r, *p >> TAG_BITS, "a bracket is not closed");
}

static bool
read_noun(struct reader *r, noun *out)
{
	size_t open = 0;

	for (;;) {
		skip_space(r);
		switch (peek(r, 0)) {
		case -1:
			return cut_short(r, open);
		case '[':
			stack_push((noun)r->at++ << TAG_BITS | OPEN);
			open++;
			continue;
		case ']':
			if (open == 0)
				return fail(r, r->at, "no bracket is open");
			if (!close_bracket(r, out))
				return false;
			open--;
			break;
		default:
			if (!read_item(r, open > 0, out))
				return false;
		}
		if (open == 0)
			return true;
		stack_push(*out);
	}
}

static int
tell(const struct reader *r, struct text_fault *fault)
{
	const char *line = r->p, *bad = r->p + r->bad, *end;

	fault->reason = r->reason;
	fault->line = 1;
	while (line < bad && (end = memchr(line, '\n', (size_t)(bad - line)))) {
		fault->line++;
		line = end + 1;
	}
	fault->column = (unsigned long)(bad - line) + 1;
	return -1;
}

int
text_next(
    const char *p, size_t n, size_t *at, noun *out, struct text_fault *fault)
{
	struct reader r = {.p = p, .n = n, .at = *at};
	noun *mark = stack_top(), got;
	bool good;

	skip_space(&r);
	if (r.at == n) {
		*at = n;
		return 0;
	}
	good = read_noun(&r, &got);
	stack_cut(mark);
	if (!good)
		return tell(&r, fault);
	*at = r.at;
	*out = got;
	return 1;
}

int
text_read(const char *p, size_t n, noun *out, struct text_fault *fault)
{
	struct reader r = {.p = p, .n = n};
	noun *mark = stack_top(), got;
	bool good = read_noun(&r, &got);

	stack_cut(mark);
	if (good) {
		skip_space(&r);
		good =
		    r.at == n || fail(&r, r.at, "the text holds a second noun");
	}
	if (!good)
		return tell(&r, fault);
	*out = got;
	return 0;
}
