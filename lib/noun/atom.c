#include "atom.h"

#include <string.h>

#include "heap.h"

void
atom_limbs(noun a, struct limbs *l)
{
	if (is_boxed(a)) {
		l->p = boxed_limbs(a);
		l->n = boxed_len(a);
		return;
	}
	l->one = direct_value(a);
	l->p = &l->one;
	l->n = l->one != 0;
}

noun
atom_word(uint64_t v)
{
	return v <= DIRECT_MAX ? direct(v) : atom_from_limbs(&v, 1);
}

noun
atom_from_limbs(const uint64_t *p, size_t n)
{
	while (n > 0 && p[n - 1] == 0)
		n--;
	if (n == 0)
		return 0;
	if (n == 1 && p[0] <= DIRECT_MAX)
		return direct(p[0]);
	memcpy(heap_atom_begin(n), p, n * 8);
	return heap_atom_end(n);
}

noun
atom_from_bytes(const void *p, size_t n)
{
	size_t limbs = n / 8 + (n % 8 != 0);
	uint64_t *l;

	if (n <= 8) {
		uint64_t v = 0;

		memcpy(&v, p, n);
		return atom_word(v);
	}
	l = heap_atom_begin(limbs);
	l[limbs - 1] = 0;
	memcpy(l, p, n);
	return heap_atom_end(limbs);
}

noun
atom_cord(const char *s)
{
	return atom_from_bytes(s, strlen(s));
}

bool
atom_to_word(noun a, uint64_t *v)
{
	if (is_direct(a)) {
		*v = direct_value(a);
		return true;
	}
	*v = boxed_limbs(a)[0];
	return boxed_len(a) == 1;
}

static unsigned
word_bits(uint64_t v)
{
	return v ? 64 - (unsigned)__builtin_clzll(v) : 0;
}

uint64_t
atom_bits(noun a)
{
	size_t n;

	if (is_direct(a))
		return word_bits(direct_value(a));
	n = boxed_len(a) - 1;
	return n * 64 + word_bits(boxed_limbs(a)[n]);
}

size_t
atom_bytes(noun a)
{
	return (atom_bits(a) + 7) / 8;
}

const uint8_t *
atom_view(noun a, uint64_t *room)
{
	if (is_boxed(a))
		return (const uint8_t *)boxed_limbs(a);
	*room = direct_value(a);
	return (const uint8_t *)room;
}

int
atom_compare(noun a, noun b)
{
	struct limbs x, y;

	if (is_direct(a) && is_direct(b))
		return (a > b) - (a < b);
	atom_limbs(a, &x);
	atom_limbs(b, &y);
	if (x.n != y.n)
		return x.n < y.n ? -1 : 1;
	for (size_t i = x.n; i-- > 0;)
		if (x.p[i] != y.p[i])
			return x.p[i] < y.p[i] ? -1 : 1;
	return 0;
}

noun
atom_increment(noun a)
{
	struct limbs l;
	uint64_t *p;
	size_t i;

	if (is_direct(a))
		return atom_word(direct_value(a) + 1);
	atom_limbs(a, &l);
	p = heap_atom_begin(l.n + 1);
	memcpy(p, l.p, l.n * 8);
	p[l.n] = 0;
	for (i = 0; ++p[i] == 0; i++)
		;
	return heap_atom_end(l.n + 1);
}

bool
atom_is(noun a, const char *s)
{
	uint64_t room;
	size_t n = strlen(s);

	return is_atom(a) && atom_bytes(a) == n &&
	    memcmp(atom_view(a, &room), s, n) == 0;
}
