/*
 * A start of the runtime is told to the kernel, as events: what it can do,
 * %wyrd; some entropy, %wack; how much to say, %verb.  Then everyone is told
 * of the ship, %ripe.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "atom.h"
#include "options.h"
#include "patp.h"
#include "scot.h"
#include "serf.h"
#include "shape.h"
#include "tool.h"

enum { PROTOCOL = 1, ENTROPY = 64 };

/* -------- the ship -------- */

/* Under a trap. */
struct telling {
	struct serf *s;
	char who[64], fake[8];
	struct serf_count before;
	bool good;
};

static bool
read_fact(struct serf *s, const char *key, char *to, size_t n)
{
	enum log_got got = log_fact(&s->pier.log, key, to, n);

	if (got == LOG_OK)
		return true;
	if (got != LOG_NONE)
		serf_stop(s,
		    tool_fail(TOOL_DATA, s->pier.dir, "log: fact %s: %s", key,
		        log_why(&s->pier.log)));
	*to = 0;
	return false;
}

/* How far the process before this one came. */
static void
read_taken(struct serf *s, struct serf_count *c)
{
	char text[48], *rest;

	*c = (struct serf_count){0, 0};
	if (!read_fact(s, "taken", text, sizeof text))
		return;
	c->nonce = strtoull(text, &rest, 10);
	c->taken = strtoull(rest, NULL, 10);
}

static void
put_ripe(void *arg)
{
	struct telling *t = arg;
	struct serf *s = t->s;
	noun who, ends, ship;

	t->good = patp_read(t->who + 1, strlen(t->who + 1), &who);
	if (!t->good)
		return;
	ends = cons(atom_word(t->before.nonce), atom_word(t->before.taken));
	ends = cons3(
	    atom_word(s->pier.event), atom_word(pier_mug(&s->pier)), ends);
	ship = cons3(who, loobean(strcmp(t->fake, "yes") == 0), ends);
	if (outbox_first(&s->out, s->pier.event,
	        cons3(atom_cord("ripe"), direct(PROTOCOL), ship)) < 0)
		bail(BAIL_MEME);
}

static int
tell_ripe(struct serf *s, const struct serf_count *before)
{
	struct telling t = {.s = s, .before = *before};

	if (!read_fact(s, "who", t.who, sizeof t.who) ||
	    !read_fact(s, "fake", t.fake, sizeof t.fake))
		return tool_fail(TOOL_DATA, s->pier.dir,
		    "log: it does not say which ship this is");
	if (trap_run(put_ripe, &t) != BAIL_NONE)
		return tool_fail(TOOL_SYS, s->pier.dir, "no memory");
	if (!t.good)
		return tool_fail(
		    TOOL_DATA, s->pier.dir, "log: \"%s\" is no ship", t.who);
	return 0;
}

/* -------- events of a start -------- */

/* It comes before those that effects have asked for. */
static void
put_first(struct serf *s, const char *tag, noun data)
{
	noun wire = cons3(0, atom_cord("arvo"), 0);

	s->own = cons(cons3(wire, atom_cord(tag), data), s->own);
}

/* A tag of this start: (scot %uv nonce), of 31 bits. */
static void
make_wyrd(void *arg)
{
	struct serf *s = arg;
	noun tag = 0;

	(void)scot_cord(
	    atom_cord("uv"), direct(s->count.nonce & 0x7fffffff), &tag);
	tag = boot_wyrd(tag,
	    cons3(atom_cord("nockutils"), atom_cord("~." TOOL_VERSION), 0));
	s->own = cons(tag, s->own);
}

static void
make_wack(void *arg)
{
	struct serf *s = arg;
	uint8_t entropy[ENTROPY];

	if (getrandom(entropy, sizeof entropy, 0) == sizeof entropy)
		put_first(s, "wack", atom_from_bytes(entropy, sizeof entropy));
}

static void
make_verb(void *arg)
{
	struct serf *s = arg;

	put_first(s, "verb", cons(0, loobean(!options.verbose)));
}

/* A %crud in its place is no success. */
static bool
refused(struct serf *s)
{
	struct log_event e = {0};

	pier_describe(s->pier.work.event, &e);
	return strcmp(e.tag, "crud") == 0;
}

static int
begin(struct serf *s, const char *name, void (*make)(void *))
{
	enum pier_got got = PIER_GAVE_UP;
	noun later = s->own;

	if (trap_run(make, s) == BAIL_NONE && s->own != later)
		got = event_own(s);
	if (got == PIER_OK && !refused(s))
		return 0;
	if (got != PIER_OK && got != PIER_CRASH) {
		serf_failed(s, got);
		return s->code;
	}
	tool_say(s->pier.dir, "the kernel crashed at %%%s", name);
	return got == PIER_OK || make != make_wyrd
	    ? 0
	    : tool_fail(TOOL_NO, s->pier.dir,
	          "the kernel wants another runtime than this one");
}

int
start(struct serf *s)
{
	struct serf_count before;
	int code;

	if (getrandom(&s->count.nonce, sizeof s->count.nonce, 0) !=
	    sizeof s->count.nonce)
		return tool_errno("getrandom");
	s->count.nonce |= UINT64_C(1) << 63;
	read_taken(s, &before);
	if ((code = begin(s, "wyrd", make_wyrd)) != 0 ||
	    (code = begin(s, "wack", make_wack)) != 0 ||
	    (code = begin(s, "verb", make_verb)) != 0)
		return code;
	if ((code = tell_ripe(s, &before)) != 0)
		return code;
	return turn_settle(s) ? 0 : s->code;
}
