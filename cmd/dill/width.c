#include "width.h"

#include <stddef.h>

#include "utf8.h"
#include "widths.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

static bool
in(const struct width_range *r, size_t n, uint32_t code)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (code > r[mid].last)
			low = mid + 1;
		else if (code < r[mid].first)
			high = mid;
		else
			return true;
	}
	return false;
}

unsigned
width_of(uint32_t code)
{
	if (code < 0x300)
		return 1;
	if (in(widths_none, N(widths_none), code))
		return 0;
	return in(widths_wide, N(widths_wide), code) ? 2 : 1;
}

uint32_t
width_shown(uint32_t code)
{
	if (code == '\t')
		return ' ';
	if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return '?';
	return utf8_printable(code) ? code : '?';
}

bool
width_silent(uint32_t code)
{
	return code == 0x200d || (code >= 0xfe00 && code <= 0xfe0f) ||
	    (code >= 0xe0100 && code <= 0xe01ef);
}
