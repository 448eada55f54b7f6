#include "brief.h"

#include <string.h>

struct brief {
	struct text_sink sink;
	char *to;
	size_t n, left;
};

/* A character is not cut in two. */
static int
put(struct text_sink *s, const char *p, size_t n)
{
	struct brief *b = (struct brief *)s;
	size_t some = n;

	if (n > b->left)
		for (some = b->left; some > 0 && (p[some] & 0xc0) == 0x80;)
			some--;
	memcpy(b->to + b->n, p, some);
	b->n += some;
	b->left -= some;
	return some < n;
}

void
brief_put(char *to, size_t size, noun n, struct text_opts o)
{
	struct brief b = {{put}, to, 0, size - BRIEF_DOTS};

	if (text_write(&b.sink, n, &o) != 0) {
		memcpy(to + b.n, "...", 3);
		b.n += 3;
	}
	to[b.n] = 0;
}
