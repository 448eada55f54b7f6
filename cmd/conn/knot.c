#include "knot.h"

#include <assert.h>
#include <string.h>

#include "atom.h"

enum {
	UD_ROOM = 32,
	UV_DIGITS = (KNOT_BYTES * 8 + 4) / 5,
	UV_ROOM = UV_DIGITS + UV_DIGITS / 5 + 3
};

noun
knot_ud(uint64_t n)
{
	char text[UD_ROOM], *p = text + sizeof text;

	for (int digits = 0; digits == 0 || n; digits++, n /= 10) {
		if (digits && digits % 3 == 0)
			*--p = '.';
		*--p = (char)('0' + n % 10);
	}
	return atom_from_bytes(p, (size_t)(text + sizeof text - p));
}

/* Take one character into *n; false if it cannot be. */
static bool
digit(char c, uint64_t *n)
{
	return c >= '0' && c <= '9' && !__builtin_mul_overflow(*n, 10, n) &&
	    !__builtin_add_overflow(*n, (uint64_t)(c - '0'), n);
}

bool
knot_ud_read(noun knot, uint64_t *n)
{
	uint64_t room, got = 0;
	size_t len;
	const char *p;

	if (is_cell(knot) || (len = atom_bytes(knot)) == 0 || len > UD_ROOM)
		return false;
	p = (const char *)atom_view(knot, &room);
	for (size_t i = 0; i < len; i++)
		if (p[i] != '.' && !digit(p[i], &got))
			return false;
	*n = got;
	return true;
}

/* The five bits from bit `at` of the n bytes at p. */
static unsigned
five(const uint8_t *p, size_t n, size_t at)
{
	size_t i = at / 8;
	unsigned two = p[i] | (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0);

	return two >> at % 8 & 31;
}

noun
knot_uv(noun a)
{
	char text[UV_ROOM], *p = text + sizeof text;
	uint64_t room;
	const uint8_t *bytes = atom_view(a, &room);
	size_t n = atom_bytes(a), digits = (atom_bits(a) + 4) / 5;

	assert(n <= KNOT_BYTES);
	if (digits == 0)
		*--p = '0';
	for (size_t i = 0; i < digits; i++) {
		if (i && i % 5 == 0)
			*--p = '.';
		*--p =
		    "0123456789abcdefghijklmnopqrstuv"[five(bytes, n, i * 5)];
	}
	p -= 2;
	memcpy(p, "0v", 2);
	return atom_from_bytes(p, (size_t)(text + sizeof text - p));
}
