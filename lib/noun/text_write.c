/*
 * Printing: the tails that wait for their turn are on the noun stack, one
 * for each bracket that is open, not for each item: what follows in tail
 * position takes its predecessor's place.  With a width to keep, the count
 * of the bracket's items lies beneath.
 */
#include "text.h"

#include <gmp.h>
#include <string.h>

#include "atom.h"
#include "heap.h"
#include "utf8.h"

enum { PIECE = 64 }; /* characters of an atom for each item of the width */

struct writer {
	struct text_sink *sink;
	struct text_opts *o;
	int rc;         /* of put() */
	unsigned open;  /* brackets */
	uint64_t items; /* printed in the innermost */
	size_t left;    /* characters that this atom may still have */
	size_t n;
	char buf[4096];
};

static void
flush(struct writer *w)
{
	if (w->n > 0 && w->rc == 0)
		w->rc = w->sink->put(w->sink, w->buf, w->n);
	w->n = 0;
}

static inline void
put(struct writer *w, char c)
{
	if (w->n == sizeof w->buf)
		flush(w);
	w->buf[w->n++] = c;
}

static void
put_bytes(struct writer *w, const void *from, size_t n)
{
	const char *p = from;

	while (n > 0) {
		size_t some = sizeof w->buf - w->n;

		if (some > n)
			some = n;
		memcpy(w->buf + w->n, p, some);
		w->n += some;
		p += some;
		n -= some;
		if (w->n == sizeof w->buf)
			flush(w);
	}
}

static void
put_dots(struct writer *w)
{
	put_bytes(w, "...", 3);
	w->o->elided = true;
}

/* May n more characters of this atom be printed? */
static bool
spend(struct writer *w, size_t n)
{
	if (w->left < n)
		return false;
	w->left -= n;
	return true;
}

/* As much of the n characters at p as may be printed. */
static void
put_some(struct writer *w, const char *p, size_t n)
{
	size_t some = n < w->left ? n : w->left;

	put_bytes(w, p, some);
	if (some < n)
		put_dots(w);
}

/* -------- text -------- */

enum kind { NUMBER, TERM, CORD };

static bool
in_term(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* Characters that a text may hold but that print as escapes. */
static bool
is_layout(uint8_t c)
{
	return c == '\t' || c == '\n' || c == '\r';
}

/* How many of the n bytes at p print as they are and are ASCII. */
static size_t
plain_run(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (
	    i < n && p[i] >= ' ' && p[i] < 0x7f && p[i] != '\'' && p[i] != '\\')
		i++;
	return i;
}

static bool
is_text(const uint8_t *p, size_t n)
{
	uint32_t code;
	size_t len;

	for (; n > 0; p += len, n -= len) {
		if ((len = plain_run(p, n)) > 0)
			continue;
		len = utf8_get(p, n, &code);
		if (len == 0 || !(utf8_printable(code) || is_layout(*p)))
			return false;
	}
	return true;
}

static enum kind
kind_of(const uint8_t *p, size_t n)
{
	size_t i = 0;

	if (n < 3)
		return NUMBER;
	if (p[0] >= 'a' && p[0] <= 'z')
		while (i < n && in_term(p[i]))
			i++;
	if (i == n)
		return TERM;
	return is_text(p + i, n - i) ? CORD : NUMBER;
}

/* The characters for the one at p, which has len bytes. */
static size_t
escape(const uint8_t *p, size_t len, char *to)
{
	static const char hex[] = "0123456789abcdef";

	to[0] = '\\';
	if (*p == '\'' || *p == '\\') {
		to[1] = (char)*p;
		return 2;
	}
	if (*p < ' ') {
		to[1] = hex[*p >> 4];
		to[2] = hex[*p & 15];
		return 3;
	}
	memcpy(to, p, len);
	return len;
}

/* Print the start of the text p[0..n), n > 0; its length, 0 when over. */
static size_t
cord_step(struct writer *w, const uint8_t *p, size_t n)
{
	char to[4];
	uint32_t code;
	size_t len = plain_run(p, n < w->left ? n : w->left), m;

	if (len > 0) {
		w->left -= len;
		put_bytes(w, p, len);
		return len;
	}
	len = utf8_get(p, n, &code);
	m = escape(p, len, to);
	if (!spend(w, m))
		return 0;
	put_bytes(w, to, m);
	return len;
}

static void
write_cord(struct writer *w, const uint8_t *p, size_t n)
{
	size_t i = 0, step;

	put(w, '\'');
	while (i < n && (step = cord_step(w, p + i, n - i)) > 0)
		i += step;
	put(w, '\'');
	if (i < n)
		put_dots(w);
}

/* -------- numbers -------- */

static void
write_word(struct writer *w, uint64_t v, unsigned group)
{
	char buf[27], *p = buf + sizeof buf; /* 20 digits, 6 dots */
	unsigned n = 0;

	do {
		if (n > 0 && n % group == 0)
			*--p = '.';
		*--p = (char)('0' + v % 10);
		n++;
	} while ((v /= 10) > 0);
	put_bytes(w, p, (size_t)(buf + sizeof buf - p));
}

enum { NO_DOTS = 64 }; /* more digits than a group can have */

static void
write_decimal(struct writer *w, noun a)
{
	char *mark = scratch_top();
	size_t n = boxed_len(a), len, zeros = 0;
	uint64_t *copy = scratch_push((n + 1) * 8);
	unsigned char *s;

	memcpy(copy, boxed_limbs(a), n * 8);
	s = scratch_push(mpn_sizeinbase(copy, (mp_size_t)n, 10) + 1);
	len = mpn_get_str(s, 10, copy, (mp_size_t)n);
	while (s[zeros] == 0)
		zeros++;
	for (size_t i = zeros; i < len; i++)
		s[i] += '0';
	put_some(w, (char *)s + zeros, len - zeros);
	scratch_cut(mark);
}

static unsigned
hex_group(const uint64_t *p, size_t i)
{
	return (unsigned)(p[i / 4] >> i % 4 * 16) & 0xffff;
}

static void
put_hex(struct writer *w, unsigned v, unsigned digits)
{
	while (digits-- > 0)
		put(w, "0123456789abcdef"[v >> digits * 4 & 15]);
}

static void
write_hex(struct writer *w, noun a)
{
	const uint64_t *p = boxed_limbs(a);
	size_t i = (atom_bits(a) + 15) / 16 - 1;
	unsigned first = hex_group(p, i), digits = 1;

	while (first >> digits * 4 != 0)
		digits++;
	put_bytes(w, "0x", 2);
	spend(w, 4);
	put_hex(w, first, digits);
	while (i-- > 0 && w->rc == 0) {
		put(w, '.');
		if (!spend(w, 4)) {
			put_dots(w);
			return;
		}
		put_hex(w, hex_group(p, i), 4);
	}
}

static void
write_number(struct writer *w, noun a)
{
	uint64_t v;

	if (atom_to_word(a, &v))
		write_word(w, v, w->o->plain ? NO_DOTS : 3);
	else if (w->o->plain)
		write_decimal(w, a);
	else
		write_hex(w, a);
}

static void
write_atom(struct writer *w, noun a)
{
	uint64_t room;
	const uint8_t *p;
	size_t n;

	w->left = w->o->width ? (size_t)w->o->width * PIECE : SIZE_MAX;
	if (w->o->plain || a <= direct(0xffff)) {
		write_number(w, a);
		return;
	}
	p = atom_view(a, &room);
	n = atom_bytes(a);
	switch (kind_of(p, n)) {
	case TERM:
		put(w, '%');
		put_some(w, (const char *)p, n);
		return;
	case CORD:
		write_cord(w, p, n);
		return;
	case NUMBER:
		write_number(w, a);
	}
}

/* -------- cells -------- */

/* Open a bracket: its first item. */
static noun
enter(struct writer *w, noun cell)
{
	if (w->o->width)
		stack_push(direct(w->items));
	stack_push(tail(cell));
	w->items = 1;
	w->open++;
	put(w, '[');
	return head(cell);
}

static void
leave(struct writer *w)
{
	put(w, ']');
	stack_pop();
	if (w->o->width)
		w->items = direct_value(stack_pop());
	w->open--;
}

/*
 * What follows an item: close the brackets that it was the last of.  True
 * if *n is the next item; false when all is printed.
 */
static bool
next(struct writer *w, noun *n)
{
	while (w->open > 0 && w->rc == 0) {
		noun *rest = stack_top() - 1;

		put(w, ' ');
		if (w->o->width && w->items == w->o->width) {
			put_dots(w);
		} else if (is_cell(*rest)) {
			*n = head(*rest);
			*rest = tail(*rest);
			w->items++;
			return true;
		} else {
			write_atom(w, *rest);
		}
		leave(w);
	}
	return false;
}

int
text_write(struct text_sink *s, noun n, struct text_opts *o)
{
	struct writer w;
	noun *mark = stack_top();

	w.sink = s;
	w.o = o;
	w.rc = 0;
	w.open = 0;
	w.items = 0;
	w.n = 0;
	o->elided = false;
	do {
		while (is_cell(n) && !(o->depth && w.open == o->depth))
			n = enter(&w, n);
		if (is_cell(n))
			put_dots(&w);
		else
			write_atom(&w, n);
	} while (next(&w, &n));
	flush(&w);
	stack_cut(mark);
	return w.rc;
}
