#include <string.h>
#include <sys/random.h>

#include "atom.h"
#include "driver_parts.h"
#include "heap.h"
#include "shape.h"

/*
 * As (scot %uv) of 31 bits has it: digits of 5 bits, the lowest five behind
 * a dot, no zeros before.
 */
static void
scot_uv(uint32_t v, char *to)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	char back[16];
	unsigned n = 0;

	do {
		if (n == 5)
			back[n++] = '.';
		back[n++] = digits[v & 31];
		v >>= 5;
	} while (v);
	*to++ = '0';
	*to++ = 'v';
	while (n > 0)
		*to++ = back[--n];
	*to = 0;
}

int
driver_knot(struct driver_own *o)
{
	uint32_t v;

	if (getrandom(&v, sizeof v, 0) != sizeof v)
		return -1;
	scot_uv(v >> 1, o->knot);
	return 0;
}

noun
driver_wire(const struct driver *d, const char *vane, const char *name)
{
	return cons4(
	    atom_cord(vane), atom_cord(name), atom_cord(d->own->knot), 0);
}
