#include "pretty.h"

#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "heap.h"
#include "load.h"
#include "out.h"
#include "tool.h"

enum { SMALL = 65536 };

static struct out out;

/* -------- atoms -------- */

static bool
is_term(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool digit = p[i] >= '0' && p[i] <= '9';

		if (p[i] >= 'a' && p[i] <= 'z')
			continue;
		if (p[i] != '-' && (!digit || i == 0 || i == n - 1))
			return false;
	}
	return true;
}

/* DEL is let through, as Vere does. */
static bool
is_ascii(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < ' ' || p[i] > 127)
			return false;
	return true;
}

static void
put_small(unsigned n)
{
	char text[8], *p = text + sizeof text;
	size_t len;

	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	len = (size_t)(text + sizeof text - p);
	out_put(&out, p, len);
}

static void
put_hex(const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	out_text(&out, "0x");
	for (size_t i = n; i-- > 0;) {
		char two[2] = {digits[p[i] >> 4], digits[p[i] & 15]};
		size_t skip = i == n - 1 && p[i] < 16;

		out_put(&out, two + skip, 2 - skip);
	}
}

static void
put_atom(noun a)
{
	uint64_t room, word;
	const uint8_t *p = (const uint8_t *)atom_view(a, &room);
	size_t n = atom_bytes(a);

	if (atom_to_word(a, &word) && word < SMALL) {
		put_small((unsigned)word);
	} else if (is_term(p, n)) {
		out_text(&out, "%");
		out_put(&out, p, n);
	} else if (is_ascii(p, n)) {
		out_text(&out, "'");
		out_put(&out, p, n);
		out_text(&out, "'");
	} else {
		put_hex(p, n);
	}
}

/* -------- cells -------- */

/*
 * What follows an item: close the brackets that it was the last of.  True if
 * *n is the next item.  The tails that wait are on the noun stack, one for
 * each bracket that is open.
 */
static bool
next(const noun *mark, noun *n)
{
	while (stack_top() > mark) {
		noun *rest = stack_top() - 1;

		out_text(&out, " ");
		if (is_cell(*rest)) {
			*n = head(*rest);
			*rest = tail(*rest);
			return true;
		}
		put_atom(*rest);
		out_text(&out, "]");
		stack_pop();
	}
	return false;
}

/* Under a trap. */
static void
put_noun(void *arg)
{
	noun n = *(noun *)arg, *mark = stack_top();

	do {
		for (; is_cell(n); n = head(n)) {
			out_text(&out, "[");
			stack_push(tail(n));
		}
		put_atom(n);
	} while (next(mark, &n));
	out_text(&out, "\n");
}

int
pretty_put(noun n)
{
	enum bail kind;

	out_init(&out, STDOUT_FILENO);
	if ((kind = trap_run(put_noun, &n)) != BAIL_NONE)
		return load_gave_up("product", kind);
	return out_flush(&out) < 0 ? tool_errno("stdout") : 0;
}
