/*
 * Bytes are an image or a fault, and a fault leaves nothing behind.  What
 * is read can be written, and that reads as the same noun.  Checksums would
 * stop every change at the door, so they are made right first.
 */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "equal.h"
#include "heap.h"
#include "image.h"
#include "mug.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct memory {
	struct image_sink sink;
	uint8_t *p;
	size_t n;
};

static int
memory_put(struct image_sink *s, const void *p, size_t n)
{
	struct memory *m = (struct memory *)s;

	if ((m->p = realloc(m->p, m->n + n + 1)) == NULL)
		abort();
	memcpy(m->p + m->n, p, n);
	m->n += n;
	return 0;
}

static void
seal(uint8_t *p, size_t n)
{
	uint64_t sum;

	if (n < IMAGE_HEADER + IMAGE_TRAILER)
		return;
	sum = XXH3_64bits(p, IMAGE_HEADER - 8);
	memcpy(p + IMAGE_HEADER - 8, &sum, 8);
	sum = XXH3_64bits(p + IMAGE_HEADER, n - IMAGE_HEADER - IMAGE_TRAILER);
	memcpy(p + n - IMAGE_TRAILER, &sum, 8);
}

static void
there_and_back(noun n)
{
	struct memory m = {.sink.put = memory_put};
	struct image_fault fault;
	noun back;

	assert(image_write(&m.sink, n) == 0);
	assert(image_length(m.p, &fault) == m.n);
	assert(image_read(m.p, m.n, &back, &fault) == 0);
	assert(mug(n) == mug(back) && equal(n, back));
	free(m.p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n + 1);
	struct image_fault fault;
	noun out;

	if (copy == NULL || (heap.base == NULL && heap_init(NULL) != 0))
		abort();
	memcpy(copy, p, n);
	seal(copy, n);
	if (image_read(copy, n, &out, &fault) == 0) {
		there_and_back(out);
	} else {
		assert(fault.reason != NULL && fault.at <= n);
		assert(heap.region[NURSERY_CELLS].top ==
		    heap.region[NURSERY_CELLS].base);
		assert(heap.region[SCRATCH].top == heap.region[SCRATCH].base);
	}
	free(copy);
	heap_collect(HEAP_MAJOR);
	return 0;
}
