/*
 * Bytes are a jam or a fault, and a fault leaves nothing behind.  What is
 * read has one jam, which reads as the same noun.
 */
#include <assert.h>
#include <stdlib.h>

#include "atom.h"
#include "equal.h"
#include "heap.h"
#include "jam.h"
#include "mug.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static size_t
used(unsigned region)
{
	return (size_t)(heap.region[region].top - heap.region[region].base);
}

static noun
back_again(noun j)
{
	struct cue_fault fault;
	uint64_t room;
	noun out;

	assert(cue(atom_view(j, &room), atom_bytes(j), &out, &fault) == 0);
	return out;
}

static void
there_and_back(noun n)
{
	noun j = jam(n), back = back_again(j);

	assert(mug(back) == mug(n));
	assert(equal(jam(back), j));
	assert(equal(n, back));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cue_fault fault;
	noun out;

	if (heap.base == NULL && heap_init(NULL) != 0)
		abort();
	if (cue(p, n, &out, &fault) == 0) {
		there_and_back(out);
	} else {
		assert(fault.reason != NULL && fault.bit <= n * 8 + 2);
		assert(used(NURSERY_CELLS) == 0 && used(NURSERY_ATOMS) == 0);
		assert(used(MID_A_CELLS) == 0 && used(MID_B_CELLS) == 0);
		assert(used(NOUN_STACK) == 0 && used(SCRATCH) == 0);
	}
	heap_collect(HEAP_MAJOR);
	return 0;
}
