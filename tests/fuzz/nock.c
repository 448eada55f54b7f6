/*
 * Bytes choose a subject and a formula that mostly make sense (nockgen.h);
 * the machine and the definition must agree, virtualised and plain.
 */
#include <stdlib.h>

#include "../unit/nockcheck.h"
#include "../unit/nockgen.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct gen g;
	noun subject, formula, gate;

	if (heap.base == NULL) {
		if (heap_init(NULL) != 0)
			abort();
		nock_init(NULL);
	}
	g.p = p;
	g.n = n;
	if (n == 0)
		return 0;
	gen_case(&g, &subject, &formula);
	gate = g.scries ? gen_scry_gate() : 0;
	stack_push(subject);
	stack_push(formula);
	if (check_case(subject, formula, gate) == CHECK_DIFFERS) {
		formula = stack_pop();
		subject = stack_pop();
		check_tell(stdout, "subject", subject, 1 << 20);
		check_tell(stdout, "formula", formula, 1 << 20);
		abort();
	}
	stack_pop();
	stack_pop();
	heap_safepoint();
	return 0;
}
