#include "tally.h"

#include "pile.h"

void
tally_open(struct tally *t)
{
	t->scratch = scratch_top();
	marks_open(&t->marks);
}

void
tally_close(struct tally *t)
{
	scratch_cut(t->scratch);
}

/* True the first time. */
static inline bool
meet(struct tally *t, noun n)
{
	uint64_t *mark;

	if (is_direct(n))
		return false;
	mark = mark_of(&t->marks, n);
	return *mark == 0 ? (*mark = 1) != 0 : false;
}

uint64_t
tally_add(struct tally *t, noun n)
{
	struct pile todo = pile_on(NOUN_STACK);
	uint64_t bytes = 0;

	pile_push(&todo, n);
	while (!pile_is_empty(&todo)) {
		n = pile_pop(&todo);
		if (!meet(t, n))
			continue;
		if (is_boxed(n)) {
			bytes += (boxed_len(n) + 1) * 8;
			continue;
		}
		bytes += 16;
		pile_push(&todo, tail(n));
		pile_push(&todo, head(n));
	}
	return bytes;
}
