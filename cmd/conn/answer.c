#include "answer.h"

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "jam.h"
#include "knot.h"
#include "shape.h"
#include "tank.h"
#include "tool.h"

/* How often khan is told that we are there, if the machine fails over it. */
enum { KHAN_TRIES = 3 };

/* -------- to the client -------- */

bool
answer_now(struct chan *c, noun rid, noun rest)
{
	noun j = jam(cons(rid, rest));
	uint64_t room;

	return chan_send(c, atom_view(j, &room), atom_bytes(j));
}

static void
answer(struct request *r, noun rest)
{
	answer_now(r->c, atom_from_bytes(r->rid, r->n), rest);
}

static void
answer_tag(struct request *r, const char *tag, noun rest)
{
	answer(r, cons(atom_cord(tag), rest));
}

/* -------- what came -------- */

/* Under a trap. */
struct coming {
	struct request *r;
	enum frame frame;
	noun rest; /* behind the id */
};

static void
peek(struct coming *m)
{
	noun bad = NO, product = 0;

	if (!uncons(m->rest, &bad, &product) || bad != YES)
		product = 0;
	answer_tag(m->r, "peek", product);
}

static void
peel(struct coming *m)
{
	if (m->r->tagged && is_cell(m->rest))
		answer_tag(m->r, "peel", tail(m->rest));
	else
		answer(m->r, m->rest);
}

static void
gone(struct coming *m)
{
	noun why = tank_leaf("the serf died; it may have happened");
	noun goof = cons3(atom_cord("gone"), why, direct(0));

	answer_tag(m->r, "bail", cons(goof, direct(0)));
}

static void
tell(void *arg)
{
	struct coming *m = arg;

	if (m->frame == FRAME_PEEK)
		peek(m);
	else if (m->frame == FRAME_PEEL)
		peel(m);
	else if (m->frame == FRAME_DONE)
		answer_tag(m->r, "news", atom_cord("done"));
	else if (m->frame == FRAME_BAIL)
		answer_tag(m->r, "bail", m->rest);
	else
		gone(m);
}

/* -------- what becomes of the request -------- */

/* Did the event crash, or did the machine not get to it? */
static bool
crashed(noun goofs)
{
	return is_cell(goofs) && is_cell(head(goofs)) &&
	    is_atom(head(head(goofs))) && atom_is(head(head(goofs)), "exit");
}

/* Ours to khan: is it there?  Only a crash says that it is not. */
static void
khan_answered(struct driver *d, const struct coming *m)
{
	if (m->frame == FRAME_DONE)
		conn.khan = KHAN_YES;
	if (m->frame != FRAME_BAIL)
		return;
	if (crashed(m->rest)) {
		conn.khan = KHAN_NO;
		tool_say("khan", "is not there: no threads can be run");
	} else if (++conn.khan_asked < KHAN_TRIES) {
		request_again(d);
	} else {
		tool_say("khan", "could not be told that conn is there");
	}
}

static bool
fits(const struct coming *m)
{
	switch (m->r->kind) {
	case REQUEST_PEEK:
		return m->frame == FRAME_PEEK;
	case REQUEST_PEEL:
		return m->frame == FRAME_PEEL;
	default:
		return m->frame == FRAME_DONE || m->frame == FRAME_BAIL ||
		    m->frame == FRAME_GONE;
	}
}

/* Tell the client, who is there until the loop goes on. */
static void
pass(struct coming *m)
{
	uint64_t id = m->r->by_id.key;
	struct chan *c = m->r->c;
	enum bail kind = trap_run(tell, m);

	if (kind != BAIL_NONE) {
		tool_say("client", "dropped: its answer does not fit (%s)",
		    bail_name(kind));
		chan_close(c);
	}
	if ((m->r = request_find(id)) != NULL)
		request_drop(m->r);
}

static void
conclude(struct driver *d, struct coming *m)
{
	struct request *r = m->r;

	if (r->kind == REQUEST_BORN) {
		khan_answered(d, m);
		request_drop(r);
	} else if (r->kind == REQUEST_URTH) {
		if (m->frame != FRAME_DONE)
			tool_say("urth", "it was not done");
		request_drop(r);
	} else if (r->kind != REQUEST_FYRD || m->frame != FRAME_DONE) {
		pass(m);
	}
}

void
answer_message(struct driver *d, enum frame frame, noun whole)
{
	struct coming m = {.frame = frame};
	noun tag, id;
	uint64_t word;

	if (frame != FRAME_PEEK && frame != FRAME_PEEL && frame != FRAME_DONE &&
	    frame != FRAME_BAIL && frame != FRAME_GONE)
		return;
	if (!uncons3(whole, &tag, &id, &m.rest) || is_cell(id) ||
	    !atom_to_word(id, &word)) {
		tool_say("stdin", "an answer without an id");
		return;
	}
	m.r = request_find(word);
	if (m.r == NULL)
		conn.counts.strays++;
	else if (!fits(&m))
		tool_say("stdin", "an answer to another question");
	else
		conclude(d, &m);
}

/* -------- effects: what a thread came to -------- */

static bool
begins(noun wire, noun want, noun *rest)
{
	for (; is_cell(want); want = tail(want), wire = tail(wire))
		if (!is_cell(wire) || !equal(head(want), head(wire)))
			return false;
	*rest = wire;
	return true;
}

/*
 * Is the wire /k/khan/SEV of this process, and what follows it?  Arvo takes
 * the vane off the wire of an event, and its effects have what is left.
 */
static bool
ours(noun wire, noun *rest)
{
	noun want = driver_wire(&conn.d, "k", "khan");

	return begins(wire, tail(want), rest) || begins(wire, want, rest);
}

/* The thread that a wire's end, /COQ/RID, is of; or NULL. */
static struct request *
thread_of(noun end)
{
	noun coq, rid, nil;
	uint64_t number;
	struct chan *c;

	if (!uncons3(end, &coq, &rid, &nil) || is_cell(rid) ||
	    !knot_ud_read(coq, &number) || (c = chan_find(number)) == NULL)
		return NULL;
	return request_thread(c, rid);
}

/* Under a trap. */
struct avowal {
	struct request *r;
	noun card;
};

static void
tell_avow(void *arg)
{
	struct avowal *a = arg;

	answer(a->r, a->card);
}

void
answer_card(struct driver *d, noun wire, noun card)
{
	struct avowal a = {.card = card};
	noun end;
	struct chan *c;
	uint64_t id;

	(void)d;
	if (!ours(wire, &end) || (a.r = thread_of(end)) == NULL ||
	    !atom_is(head(card), "avow")) {
		conn.counts.strays++;
		return;
	}
	id = a.r->by_id.key;
	c = a.r->c;
	if (trap_run(tell_avow, &a) != BAIL_NONE)
		chan_close(c);
	if ((a.r = request_find(id)) != NULL)
		request_drop(a.r);
}
