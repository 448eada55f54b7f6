/*
 * What reads, prints; what is printed in full reads back as the same noun,
 * with and without plain; what is elided does not read back.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "equal.h"
#include "heap.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct memory {
	struct text_sink sink;
	char *p;
	size_t n;
};

static int
memory_put(struct text_sink *s, const char *p, size_t n)
{
	struct memory *m = (struct memory *)s;

	if ((m->p = realloc(m->p, m->n + n)) == NULL)
		abort();
	memcpy(m->p + m->n, p, n);
	m->n += n;
	return 0;
}

static void
there_and_back(noun n, struct text_opts o)
{
	struct memory m = {.sink.put = memory_put};
	struct text_fault fault;
	noun back;

	assert(text_write(&m.sink, n, &o) == 0);
	if (o.elided)
		assert(text_read(m.p, m.n, &back, &fault) == -1);
	else
		assert(
		    text_read(m.p, m.n, &back, &fault) == 0 && equal(n, back));
	free(m.p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct text_fault fault;
	noun out;

	if (heap.base == NULL && heap_init(NULL) != 0)
		abort();
	if (text_read((const char *)p, n, &out, &fault) == 0) {
		there_and_back(out, (struct text_opts){0});
		there_and_back(out, (struct text_opts){.plain = true});
		there_and_back(out, (struct text_opts){.depth = 2, .width = 2});
	} else {
		assert(fault.reason != NULL && fault.line > 0 &&
		    fault.column > 0 && fault.column <= n + 1);
	}
	heap_collect(HEAP_MINOR);
	return 0;
}
