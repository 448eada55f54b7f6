#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "atom.h"
#include "equal.h"
#include "heap.h"
#include "info.h"
#include "jam.h"
#include "knot.h"
#include "shape.h"

/*
 * A wire of more knots than this is none that urbit passes on; a path of more,
 * or in a frame of more bytes, none at which there is something to peel.
 */
enum { WIRE_MAX = 200, PEEL_KNOTS = 8, PEEL_BYTES = 4096 };

/* A frame on the way in: in a callback, so its nouns stay where they are. */
struct taking {
	struct chan *c;
	const void *p;
	size_t n;
	noun rid, data;
	struct request *made; /* if it is of no chan */
	enum chan_fault fault;
};

/* -------- the table -------- */

struct request *
request_find(uint64_t id)
{
	return (struct request *)table_get(&conn.requests, id);
}

/* A new request, in the table and the chan's list; NULL: no memory. */
static struct request *
request_new(struct chan *c, enum request_kind kind, noun rid)
{
	size_t n = atom_bytes(rid);
	struct request *r = calloc(1, sizeof *r + n);
	uint64_t room;

	if (r == NULL)
		return NULL;
	r->by_id.key = ++conn.last;
	r->c = c;
	r->kind = kind;
	r->n = n;
	memcpy(r->rid, atom_view(rid, &room), n);
	if (!table_put(&conn.requests, &r->by_id)) {
		free(r);
		return NULL;
	}
	if (c) {
		TAILQ_INSERT_TAIL(&c->requests, r, of_chan);
		c->open++;
	}
	return r;
}

void
request_drop(struct request *r)
{
	struct chan *c = r->c;

	table_remove(&conn.requests, &r->by_id);
	if (c) {
		TAILQ_REMOVE(&c->requests, r, of_chan);
		c->open--;
		chan_wake(c);
	}
	free(r);
}

void
request_forget(struct chan *c)
{
	struct request *r;

	while ((r = TAILQ_FIRST(&c->requests)) != NULL) {
		c->threads = c->threads || r->kind == REQUEST_FYRD;
		request_drop(r);
	}
}

struct request *
request_thread(struct chan *c, noun knot)
{
	struct request *r;

	TAILQ_FOREACH(r, &c->requests, of_chan)
	if (r->kind == REQUEST_FYRD &&
	    equal(knot_uv(atom_from_bytes(r->rid, r->n)), knot))
		return r;
	return NULL;
}

/* -------- to the ship -------- */

/* [tag id rest], for a request of this frame. */
static struct request *
ask(struct taking *t, enum request_kind kind, const char *tag, noun rest)
{
	struct chan *c = kind == REQUEST_URTH ? NULL : t->c;
	struct request *r = request_new(c, kind, t->rid);

	if (r == NULL) {
		t->fault = CHAN_BAD_FULL;
		return NULL;
	}
	if (c == NULL)
		t->made = r;
	driver_emit(
	    &conn.d, cons3(atom_cord(tag), atom_word(r->by_id.key), rest));
	return r;
}

/* /k/khan/SEV, then the rest. */
static noun
khan_wire(noun rest)
{
	noun list = list_flop(driver_wire(&conn.d, "k", "khan"));

	for (; is_cell(list); list = tail(list))
		rest = cons(head(list), rest);
	return rest;
}

static noun
khan_card(const char *tag, noun data)
{
	return cons(atom_cord(tag), data);
}

static void
tell_born(struct driver *d, void *arg)
{
	const struct request *r = arg;

	driver_emit(d,
	    cons4(atom_cord("poke"), atom_word(r->by_id.key),
	        khan_wire(direct(0)), khan_card("born", direct(0))));
}

void
request_again(struct driver *d)
{
	struct request *r = request_new(NULL, REQUEST_BORN, direct(0));

	conn.khan = KHAN_ASKED;
	if (r != NULL && !driver_try(d, tell_born, r))
		request_drop(r);
}

void
request_born(struct driver *d)
{
	conn.khan_asked = 0;
	request_again(d);
}

static void
tell_over(struct driver *d, void *arg)
{
	const struct chan *c = arg;

	driver_emit(d,
	    cons(khan_wire(cons(knot_ud(c->by_number.key), direct(0))),
	        khan_card("done", direct(0))));
}

void
request_over(struct chan *c)
{
	if (!conn.ended)
		driver_try(&conn.d, tell_over, c);
}

/* -------- what is asked for: one function a tag -------- */

static void
take_peek(struct taking *t)
{
	noun ourselves = cons(direct(0), direct(0));

	ask(t, REQUEST_PEEK, "peek", cons(ourselves, t->data));
}

static bool
is_path(const struct taking *t)
{
	uint64_t n;

	return t->n <= PEEL_BYTES && list_of_atoms(t->data) &&
	    list_length(t->data, &n) && n <= PEEL_KNOTS;
}

static void
take_peel(struct taking *t)
{
	struct request *r;
	noun unit;

	if (!is_path(t)) {
		answer_now(t->c, t->rid, direct(0));
	} else if (info_peel(t->data, &unit)) {
		answer_now(t->c, t->rid, unit);
	} else if ((r = ask(t, REQUEST_PEEL, "peel", t->data)) != NULL) {
		noun first = is_cell(t->data) ? head(t->data) : 0;

		r->tagged = atom_is(first, "mass") || atom_is(first, "quic");
	}
}

static bool
is_wire(noun wire)
{
	uint64_t n;

	return list_of_atoms(wire) && list_length(wire, &n) && n <= WIRE_MAX;
}

static void
take_ovum(struct taking *t)
{
	noun tar, wire, card;

	if (!uncons3(t->data, &tar, &wire, &card) || is_cell(tar) ||
	    !is_wire(wire) || !is_cell(card) || is_cell(head(card)))
		t->fault = CHAN_BAD_OVUM;
	else
		ask(t, REQUEST_OVUM, "poke", cons(cons(tar, wire), card));
}

static bool
is_one_of(noun n, const char *const *names)
{
	for (; *names; names++)
		if (is_atom(n) && atom_is(n, *names))
			return true;
	return false;
}

static void
take_urth(struct taking *t)
{
	static const char *const known[] = {
	    "pack", "meld", "save", "mass", "cram", NULL};
	noun what = t->data, word, rest;
	bool more = uncons(what, &word, &rest) && is_atom(word);
	bool wait = more && atom_is(word, "wait");

	if (wait)
		what = rest;
	else if (more && atom_is(word, "meld"))
		what = word;
	if (!is_one_of(what, known))
		t->fault = CHAN_BAD_URTH;
	else if (ask(t, wait ? REQUEST_OVUM : REQUEST_URTH, "urth", what) &&
	    !wait)
		answer_now(t->c, t->rid, YES);
}

static void
take_fyrd(struct taking *t)
{
	noun end, wire;

	if (conn.khan == KHAN_NO) {
		t->fault = CHAN_BAD_KHAN;
		return;
	}
	end = cons3(knot_ud(t->c->by_number.key), knot_uv(t->rid), direct(0));
	wire = khan_wire(end);
	ask(t, REQUEST_FYRD, "poke", cons(wire, khan_card("fyrd", t->data)));
}

static const struct {
	const char *tag;
	void (*take)(struct taking *t);
} tags[] = {
    {"peek", take_peek},
    {"peel", take_peel},
    {"ovum", take_ovum},
    {"urth", take_urth},
    {"fyrd", take_fyrd},
};

static void
take_tag(struct taking *t, noun tag)
{
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		if (is_atom(tag) && atom_is(tag, tags[i].tag)) {
			tags[i].take(t);
			return;
		}
	t->fault = CHAN_BAD_TAG;
}

static void
take_frame(struct driver *d, void *arg)
{
	struct taking *t = arg;
	struct cue_fault fault;
	noun frame, tag;

	(void)d;
	if (cue(t->p, t->n, &frame, &fault) < 0)
		t->fault = CHAN_BAD_CUE;
	else if (!uncons3(frame, &t->rid, &tag, &t->data) || is_cell(t->rid) ||
	    atom_bytes(t->rid) > KNOT_BYTES)
		t->fault = CHAN_BAD_JAR;
	else
		take_tag(t, tag);
}

void
request_take(struct chan *c, const void *p, size_t n)
{
	struct taking t = {.c = c, .p = p, .n = n};

	conn.counts.requests++;
	if (!driver_try(&conn.d, take_frame, &t)) {
		t.fault = CHAN_BAD_FULL;
		if (t.made) /* what is a chan's goes with that */
			request_drop(t.made);
	}
	if (t.fault != CHAN_GOOD)
		chan_bad(c, t.fault);
}
