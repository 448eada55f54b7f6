#include "marks.h"

static bool
is_cells(unsigned r)
{
	return r == IMAGE_CELLS || r == MID_A_CELLS || r == MID_B_CELLS ||
	    r == NURSERY_CELLS;
}

void
marks_open(struct marks *m)
{
	for (unsigned i = 0; i < NOUN_STACK; i++) {
		struct region *r = &heap.region[i];
		unsigned shift = is_cells(i) ? 4 : 3;
		size_t n = (size_t)(r->top - r->base) >> shift;
		char *p = scratch_push_zero(n * 8);

		m->bias[i] = p - ((size_t)r->base >> shift) * 8;
	}
}
