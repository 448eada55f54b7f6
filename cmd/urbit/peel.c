#include "peel.h"

#include "atom.h"
#include "bail.h"
#include "heap.h"
#include "note.h"
#include "shape.h"
#include "ship_parts.h"
#include "tool.h"

static noun
counter(const char *name, uint64_t value, noun more)
{
	return cons(cons(atom_cord(name), atom_word(value)), more);
}

static noun
child_counters(const struct child *c, noun more)
{
	noun list = 0;

	list = counter("restarts", c->life ? c->life - 1 : 0, list);
	list = counter("queued", c->box.bytes, list);
	list = counter("asked", c->asked.count + c->events, list);
	list = counter("pid", c->pid > 0 ? (uint64_t)c->pid : 0, list);
	return cons(cons(atom_cord(c->name), list), more);
}

static noun
peel_mass(struct ship *s)
{
	noun list = 0;

	SHIP_EACH(s, c)
	{
		list = child_counters(c, list);
	}
#define X(name, about) list = counter(#name, s->counts.name, list);
	SHIP_COUNTS(X)
#undef X
	list = counter("event", s->event, list);
	return list_flop(list);
}

static noun
peel_live(struct ship *s)
{
	(void)s;
	return YES;
}

static noun
peel_who(struct ship *s)
{
	return atom_from_limbs(s->who, 2);
}

static noun
peel_v(struct ship *s)
{
	(void)s;
	return atom_cord("nockutils " TOOL_VERSION);
}

static const struct {
	const char *knot;
	noun (*answer)(struct ship *s);
} peels[] = {
    {"live", peel_live},
    {"who", peel_who},
    {"v", peel_v},
    {"mass", peel_mass},
};

/* The answer as a unit. */
static noun
answer_to(struct ship *s, noun path)
{
	if (!is_cell(path) || tail(path) != 0 || !is_atom(head(path)))
		return 0;
	for (size_t i = 0; i < sizeof peels / sizeof *peels; i++)
		if (atom_is(head(path), peels[i].knot))
			return cons(0, peels[i].answer(s));
	return 0;
}

/* No path of ours needs a frame of more bytes. */
enum { PEEL_BYTES = 4096 };

struct peeling {
	struct ship *ship;
	uint64_t id;
	const uint8_t *p;
	size_t n;
};

static noun
answer(void *arg)
{
	struct peeling *l = arg;
	noun tag, id, path;

	if (l->n > PEEL_BYTES && l->id != FRAME_LONG)
		return cons3(atom_cord("peel"), atom_word(l->id), 0);
	if (!uncons3(note_cue(l->p, l->n), &tag, &id, &path) || !is_atom(id))
		bail(BAIL_EXIT);
	return cons3(tag, id, answer_to(l->ship, path));
}

void
peel_answer(
    struct child *c, const struct frame_head *h, const uint8_t *p, size_t n)
{
	struct peeling l = {c->ship, h->id, p, n};
	struct parcel *made = note_make(answer, &l);

	if (made)
		child_put(c, made);
	else
		child_kill(c, "its %peel is none");
}
