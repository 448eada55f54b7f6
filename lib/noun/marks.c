#include "marks.h"

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
