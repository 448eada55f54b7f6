#include "note.h"

#include <string.h>

#include "atom.h"
#include "bail.h"
#include "frame.h"
#include "heap.h"
#include "jam.h"
#include "shape.h"
#include "tank.h"

/* A cord that is known here, in a direct atom. */
static noun
cord(const char *s)
{
	return direct(frame_cord(s));
}

int
note_init(void)
{
	return heap_init(
	    &(struct heap_opts){.limit = NOTE_HEAP, .nursery = 1 << 20});
}

/* -------- nouns to frames, and back -------- */

struct making {
	noun (*f)(void *);
	void *arg;
	struct parcel *made;
};

static void
sweep(void *arg)
{
	(void)arg;
	heap_collect(HEAP_MAJOR);
}

static void
make(void *arg)
{
	struct making *m = arg;
	uint64_t room;
	noun n;

	heap_safepoint();
	n = jam(m->f(m->arg));
	m->made = parcel_new(atom_view(n, &room), atom_bytes(n));
}

struct parcel *
note_make(noun (*f)(void *), void *arg)
{
	struct making m = {f, arg, NULL};

	if (trap_run(make, &m) != BAIL_NONE)
		(void)trap_run(sweep, NULL);
	return m.made;
}

struct reading {
	const uint8_t *p;
	size_t n;
	void (*f)(noun, void *);
	void *arg;
};

noun
note_cue(const uint8_t *p, size_t n)
{
	struct cue_fault fault;
	noun got;

	if (n > NOTE_MOST || cue(p, n, &got, &fault) < 0)
		bail(BAIL_EXIT);
	return got;
}

static void
read_it(void *arg)
{
	struct reading *r = arg;

	heap_safepoint();
	r->f(note_cue(r->p, r->n), r->arg);
}

bool
note_read(const uint8_t *p, size_t n, void (*f)(noun, void *), void *arg)
{
	struct reading r = {p, n, f, arg};

	if (trap_run(read_it, &r) == BAIL_NONE)
		return true;
	(void)trap_run(sweep, NULL);
	return false;
}

/* -------- for drivers -------- */

static noun
born(void *arg)
{
	(void)arg;
	return cons(cord("born"), 0);
}

struct parcel *
note_born(void)
{
	return note_make(born, NULL);
}

struct text {
	const char *p;
	size_t n;
};

static noun
flog(void *arg)
{
	struct text *t = arg;

	return cons(cord("flog"), atom_from_bytes(t->p, t->n));
}

struct parcel *
note_flog(const char *p, size_t n)
{
	return note_make(flog, &(struct text){p, n});
}

static noun
spin_on(void *arg)
{
	return cons3(cord("spin"), 0, atom_word(*(uint64_t *)arg));
}

static noun
spin_off(void *arg)
{
	(void)arg;
	return cons(cord("spin"), 0);
}

struct parcel *
note_spin(bool on, uint64_t tag)
{
	if (tag == FRAME_LONG)
		tag = 0;
	return note_make(on ? spin_on : spin_off, &tag);
}

/* -------- ids -------- */

/* What was asked has its id behind the tag; a long one stands only there. */
static noun
id_of(const struct ask *a)
{
	size_t n;
	const uint8_t *p = parcel_jam(a->parcel, &n);
	noun id;

	if (a->id != FRAME_LONG)
		return atom_word(a->id);
	if (!axis_get_word(note_cue(p, n), 6, &id))
		bail(BAIL_EXIT);
	return id;
}

static noun
gone(void *arg)
{
	return cons3(cord("gone"), id_of(arg), 0);
}

struct parcel *
note_gone(const struct ask *a)
{
	return note_make(gone, (void *)a);
}

static noun
unanswered(void *arg)
{
	noun leaf = tank_leaf("who was asked this died over it");

	return cons4(cord("peek"), id_of(arg), direct(1), cons(leaf, 0));
}

struct parcel *
note_unanswered(const struct ask *a)
{
	return note_make(unanswered, (void *)a);
}

struct renaming {
	const uint8_t *p;
	size_t n;
	uint64_t id;
	const struct ask *of;
};

static noun
rename_it(void *arg)
{
	struct renaming *r = arg;
	noun whole = note_cue(r->p, r->n), tag, id, rest;

	if (!uncons3(whole, &tag, &id, &rest))
		bail(BAIL_EXIT);
	return cons3(tag, r->of ? id_of(r->of) : atom_word(r->id), rest);
}

struct parcel *
note_with_id(const uint8_t *p, size_t n, uint64_t id)
{
	return note_make(rename_it, &(struct renaming){p, n, id, NULL});
}

struct parcel *
note_with_id_of(const uint8_t *p, size_t n, const struct ask *a)
{
	return note_make(rename_it, &(struct renaming){p, n, 0, a});
}

/* -------- from the serf -------- */

struct ripening {
	struct ripe *ripe;
	bool good;
};

/* Up to 128 bits: a ship. */
static bool
take_ship(noun n, uint64_t to[2])
{
	uint64_t room;
	size_t size;

	if (!is_atom(n) || (size = atom_bytes(n)) > 16)
		return false;
	to[0] = to[1] = 0;
	memcpy(to, atom_view(n, &room), size);
	return true;
}

static bool
take_word(noun *rest, uint64_t *to)
{
	noun n;

	return uncons(*rest, &n, rest) && is_atom(n) && atom_to_word(n, to);
}

static bool
take_ripe(noun n, struct ripe *r)
{
	uint64_t fake, mug;
	noun who;

	if (!uncons(n, &who, &n) || !take_word(&n, &r->version) ||
	    !uncons(n, &who, &n) || !take_ship(who, r->who) ||
	    !take_word(&n, &fake) || !take_word(&n, &r->event) ||
	    !take_word(&n, &mug) || !take_word(&n, &r->nonce))
		return false;
	r->fake = fake == 0;
	return is_atom(n) && atom_to_word(n, &r->taken);
}

static void
ripen(noun n, void *arg)
{
	struct ripening *r = arg;

	r->good = take_ripe(n, r->ripe);
}

bool
note_ripe(const uint8_t *p, size_t n, struct ripe *r)
{
	struct ripening arg = {r, false};

	return note_read(p, n, ripen, &arg) && arg.good;
}
