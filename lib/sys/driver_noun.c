#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "atom.h"
#include "driver_parts.h"
#include "heap.h"
#include "shape.h"

/* The seconds of @da at the start of 1970. */
#define UNIX_EPOCH UINT64_C(0x8000000cce9e0d80)

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

noun
driver_now(struct driver *d)
{
	uint64_t *last = d->own->now, now[2];
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	now[0] = (uint64_t)(((unsigned __int128)t.tv_nsec << 64) / 1000000000);
	now[1] = UNIX_EPOCH + (uint64_t)t.tv_sec;
	if (now[1] > last[1] || (now[1] == last[1] && now[0] > last[0]))
		memcpy(last, now, sizeof now);
	return atom_from_limbs(last, 2);
}
