#include "utf8.h"

unsigned
utf8_get(const uint8_t *p, size_t n, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned len = p[0] < 0xc2 ? 0
	    : p[0] < 0xe0          ? 2
	    : p[0] < 0xf0          ? 3
	    : p[0] < 0xf5          ? 4
	                           : 0;
	uint32_t c;

	if (p[0] < 0x80) {
		*code = p[0];
		return 1;
	}
	if (len == 0 || len > n)
		return 0;
	c = p[0] & (0x7fu >> len);
	for (unsigned i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*code = c;
	return len;
}

bool
utf8_printable(uint32_t code)
{
	if (code < 0x7f)
		return code >= 0x20;
	if (code < 0xa0 || (code & 0xfffe) == 0xfffe)
		return false;
	return code != 0x61c && (code < 0x200e || code > 0x200f) &&
	    (code < 0x2028 || code > 0x202e) &&
	    (code < 0x2066 || code > 0x2069) &&
	    (code < 0xfdd0 || code > 0xfdef);
}
