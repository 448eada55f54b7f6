/*
 * What is told of the front of a jam is what the noun says that it is; of
 * bytes that are no jam, anything may be told, but no byte read beside them.
 */
#include <assert.h>
#include <stdlib.h>

#include "../unit/framecheck.h"
#include "heap.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cue_fault fault;
	struct frame_head h;
	noun whole;

	if (heap.base == NULL && heap_init(NULL) != 0)
		abort();
	if (cue(p, n, &whole, &fault) == 0)
		assert(framecheck(p, n, whole));
	else
		frame_head(p, n, &h);
	heap_collect(HEAP_MAJOR);
	return 0;
}
