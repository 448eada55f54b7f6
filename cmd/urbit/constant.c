#include "constant.h"

#include "bail.h"
#include "text.h"

/* Under a trap. */
struct reading {
	const char *p;
	size_t n;
	noun out;
	int rc;
};

static void
read_noun(void *arg)
{
	struct reading *r = arg;
	struct text_fault fault;

	r->rc = text_read(r->p, r->n, &r->out, &fault);
}

bool
constant_read(const char *p, size_t n, noun *out)
{
	struct reading r = {.p = p, .n = n};

	if (trap_run(read_noun, &r) != BAIL_NONE || r.rc < 0)
		return false;
	*out = r.out;
	return true;
}
