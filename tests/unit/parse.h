/*
 * parse -- a noun from its text, or the test fails.
 */
#ifndef PARSE_H
#define PARSE_H

#include <string.h>

#include "test.h"
#include "text.h"

static noun
parse(const char *s)
{
	struct text_fault f;
	noun n = 0;

	if (text_read(s, strlen(s), &n, &f) != 0)
		TEST_FAIL("%s: column %lu: %s", s, f.column, f.reason);
	return n;
}

#endif
