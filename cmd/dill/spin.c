#include "spin.h"

#include "atom.h"

void
spin_begin(struct spin *s, noun label)
{
	uint64_t room;
	const uint8_t *p = atom_view(label, &room);
	size_t n = atom_bytes(label);

	*s = (struct spin){0};
	if (atom_is(label, "belt"))
		return;
	for (size_t i = 0; i < n && s->n < SPIN_LABEL; i++)
		if (p[i] > ' ' && p[i] < 0x7f)
			s->label[s->n++] = p[i];
}

size_t
spin_turn(struct spin *s, uint32_t to[SPIN_ROOM])
{
	size_t n = 0;

	to[n++] = (uint32_t) "|/-\\"[s->turn++ % 4];
	if (s->n == 0)
		return n;
	to[n++] = 0xab;
	for (size_t i = 0; i < s->n; i++)
		to[n++] = s->label[i];
	to[n++] = 0xbb;
	return n;
}
