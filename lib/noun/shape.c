#include "shape.h"

#include "atom.h"
#include "heap.h"

/* Follow the lowest `bits` bits of path down from *n, highest first. */
static bool
descend(noun *n, uint64_t path, unsigned bits)
{
	while (bits-- > 0) {
		if (!is_cell(*n))
			return false;
		*n = cell_words(*n)[path >> bits & 1];
	}
	return true;
}

bool
axis_get_word(noun n, uint64_t axis, noun *part)
{
	if (axis == 0 ||
	    !descend(&n, axis, 63 - (unsigned)__builtin_clzll(axis)))
		return false;
	*part = n;
	return true;
}

bool
axis_get(noun n, noun axis, noun *part)
{
	const uint64_t *p;
	size_t i;

	if (is_direct(axis))
		return axis_get_word(n, direct_value(axis), part);
	if (is_cell(axis))
		return false;
	p = boxed_limbs(axis);
	i = boxed_len(axis) - 1;
	if (!axis_get_word(n, p[i], &n))
		return false;
	while (i-- > 0)
		if (!descend(&n, p[i], 64))
			return false;
	*part = n;
	return true;
}

static bool
axis_bit(noun axis, uint64_t i)
{
	if (is_direct(axis))
		return direct_value(axis) >> i & 1;
	return boxed_limbs(axis)[i / 64] >> i % 64 & 1;
}

bool
axis_edit(noun n, noun axis, noun part, noun *out)
{
	char *bottom = scratch_top();
	uint64_t depth, i;
	noun cell;

	if (is_cell(axis) || axis == 0)
		return false;
	depth = i = atom_bits(axis) - 1;
	while (i > 0 && is_cell(n)) {
		scratch_put(n);
		n = cell_words(n)[axis_bit(axis, --i)];
	}
	if (i > 0 || (depth > 0 && scratch_top() == bottom)) {
		scratch_cut(bottom);
		return false;
	}
	for (; i < depth; i++) {
		cell = scratch_take();
		part = axis_bit(axis, i) ? cons(head(cell), part)
		                         : cons(part, tail(cell));
	}
	*out = part;
	return true;
}

noun
cons3(noun a, noun b, noun c)
{
	return cons(a, cons(b, c));
}

noun
cons4(noun a, noun b, noun c, noun d)
{
	return cons(a, cons3(b, c, d));
}

bool
uncons(noun n, noun *a, noun *b)
{
	if (!is_cell(n))
		return false;
	*a = head(n);
	*b = tail(n);
	return true;
}

bool
uncons3(noun n, noun *a, noun *b, noun *c)
{
	return uncons(n, a, &n) && uncons(n, b, c);
}

bool
uncons4(noun n, noun *a, noun *b, noun *c, noun *d)
{
	return uncons(n, a, &n) && uncons3(n, b, c, d);
}

noun
list_from(const noun *p, size_t n)
{
	noun list = 0;

	while (n-- > 0)
		list = cons(p[n], list);
	return list;
}

bool
list_length(noun n, uint64_t *length)
{
	uint64_t count = 0;

	for (; is_cell(n); n = tail(n))
		count++;
	*length = count;
	return n == 0;
}

bool
list_of_atoms(noun n)
{
	for (; is_cell(n); n = tail(n))
		if (is_cell(head(n)))
			return false;
	return n == 0;
}

noun
list_flop(noun n)
{
	noun flopped = 0;

	for (; is_cell(n); n = tail(n))
		flopped = cons(head(n), flopped);
	return flopped;
}
