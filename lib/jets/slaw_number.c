#include <gmp.h>

#include "atom.h"
#include "heap.h"
#include "slaw.h"

/* The value of a digit as scot.c writes it, below 64; else 64. */
static unsigned
digit(char c)
{
	if (is_decimal(c))
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a' + 10);
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A' + 36);
	return c == '-' ? 62 : c == '~' ? 63 : 64;
}

const struct slaw_base slaw_binary = {2, 1, 4}, slaw_hex = {16, 4, 4},
                       slaw_base32 = {32, 5, 5}, slaw_base64 = {64, 6, 5},
                       slaw_decimal = {10, 0, 3}, slaw_plain = {10, 0, 0};

/* In the first group of a hexadecimal number capitals are taken, too. */
static unsigned
first_digit(const struct slaw_base *b, char c)
{
	if (b->radix == 16 && c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A' + 10);
	return digit(c);
}

size_t
slaw_first_group(struct slaw_text *t, const struct slaw_base *b, uint8_t *to)
{
	size_t n = 0;
	unsigned v;

	if (digit(peek(t)) == 0 || digit(peek(t)) >= b->radix)
		return 0;
	while ((b->group == 0 || n < b->group) && t->p < t->end &&
	    (v = first_digit(b, *t->p)) < b->radix) {
		to[n++] = (uint8_t)v;
		t->p++;
	}
	return n;
}

bool
slaw_next_group(struct slaw_text *t, const struct slaw_base *b, uint8_t *to)
{
	if (t->end - t->p <= b->group || *t->p != '.')
		return false;
	for (unsigned i = 0; i < b->group; i++) {
		unsigned v = digit(t->p[1 + i]);

		if (v >= b->radix)
			return false;
		to[i] = (uint8_t)v;
	}
	t->p += 1 + b->group;
	return true;
}

static noun
from_power(const uint8_t *d, size_t n, unsigned bits)
{
	size_t limbs = n * bits / 64 + 1;
	uint64_t *to = heap_atom_begin(limbs);

	memset(to, 0, limbs * 8);
	for (size_t i = 0; i < n; i++) {
		uint64_t v = d[n - 1 - i];
		size_t at = i * bits;

		to[at / 64] |= v << at % 64;
		if (at % 64 + bits > 64)
			to[at / 64 + 1] |= v >> (64 - at % 64);
	}
	return heap_atom_end(limbs);
}

/* The atom of n digits, most significant first. */
static noun
from_digits(const uint8_t *d, size_t n, const struct slaw_base *b)
{
	uint64_t *to, v = 0;
	size_t limbs;

	if (n * (b->bits ? b->bits : 4) <= 64) {
		for (size_t i = 0; i < n; i++)
			v = v * b->radix + d[i];
		return atom_word(v);
	}
	if (b->bits != 0)
		return from_power(d, n, b->bits);
	to = heap_atom_begin(n / 19 + 2);
	limbs = (size_t)mpn_set_str((mp_limb_t *)to, d, n, 10);
	return heap_atom_end(limbs);
}

bool
slaw_number(struct slaw_text *t, const struct slaw_base *b, noun *out)
{
	char *mark = scratch_top();
	uint8_t *d;
	size_t n;

	if (take(t, '0')) {
		*out = 0;
		return true;
	}
	d = scratch_push((size_t)(t->end - t->p));
	n = slaw_first_group(t, b, d);
	if (n > 0 && b->group > 0)
		while (slaw_next_group(t, b, d + n))
			n += b->group;
	if (n > 0)
		*out = from_digits(d, n, b);
	scratch_cut(mark);
	return n > 0;
}

int
slaw_small(struct slaw_text *t, uint64_t *v)
{
	const char *start = t->p;

	for (*v = 0; is_decimal(peek(t)); t->p++) {
		*v = *v * 10 + (uint64_t)(*t->p - '0');
		if (*v >> 40 != 0)
			return -1;
	}
	return t->p > start;
}
