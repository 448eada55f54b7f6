/*
 * import, export -- a log from Vere, and one for it.
 *
 * Both may be interrupted, and go on when they are called again.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atom.h"
#include "commands.h"
#include "heap.h"
#include "jam.h"
#include "load.h"
#include "patp.h"
#include "reason.h"
#include "shape.h"
#include "ship.h"
#include "stop.h"
#include "vere.h"

enum { BATCH = 1000, BATCH_BYTES = 16 << 20 };

static int
no_options(int option, const char *value)
{
	(void)option;
	(void)value;
	return -1;
}

static void
show(uint64_t id, uint64_t last)
{
	if (tool_progress_due())
		tool_progress("event %" PRIu64 " of %" PRIu64, id, last);
}

/* -------- import -------- */

struct import {
	const char *from, *dir;
	struct vere vere;
	struct pier pier;
};

static int
vere_failed(const struct import *m, enum vere_got got)
{
	if (got == VERE_BAD)
		return tool_fail(TOOL_DATA, m->from, "%s", m->vere.why);
	if (got == VERE_SYS)
		return tool_fail(
		    TOOL_SYS, m->from, "%s: %s", m->vere.why, reason_of(errno));
	return 0;
}

/* Under a trap: what the log wants to know of an event, and is it one? */
struct reading {
	struct log_event *e;
	struct cue_fault fault;
	bool dated, good, whole; /* a noun; and that of an event */
};

/* The first ones, which make the kernel, may be any noun. */
static void
read_event(void *arg)
{
	struct reading *r = arg;
	noun n, date, wire, card;

	heap_safepoint();
	r->good = cue(r->e->jam, r->e->n, &n, &r->fault) == 0;
	if (!r->good || !r->dated)
		return;
	r->whole = uncons3(n, &date, &wire, &card) && is_atom(date) &&
	    is_cell(card) && is_atom(head(card));
	if (r->whole)
		pier_describe(n, r->e);
}

/*
 * Vere's log has no checksums.  A jam that is damaged is a noun no more, as a
 * rule; where it still is one, the kernel's mug will differ.
 */
static int
read_bad(const struct import *m, const struct reading *r)
{
	if (!r->good)
		return tool_fail(TOOL_DATA, m->from,
		    "event %" PRIu64 ": %s at bit %" PRIu64, r->e->id,
		    r->fault.reason, r->fault.bit);
	return tool_fail(TOOL_DATA, m->from,
	    "event %" PRIu64 ": it is not [date wire card]", r->e->id);
}

static int
put(struct import *m, const struct vere_event *v)
{
	struct log_event e = {.id = v->id,
	    .mug = v->mug,
	    .jam = v->jam,
	    .n = v->n,
	    .wire = "",
	    .tag = ""};
	struct reading r = {.e = &e, .dated = v->id > m->vere.meta.life};
	enum bail kind = trap_run(read_event, &r);

	if (kind != BAIL_NONE)
		return load_gave_up(m->from, kind);
	if (!r.good || (r.dated && !r.whole))
		return read_bad(m, &r);
	return ship_log_failed(m->dir, &m->pier.log, log_put(&m->pier.log, &e));
}

/* The ship as a C string, "~zod". */
static void
name_ship(const uint8_t who[16], char to[PATP_MAX])
{
	uint64_t ship;

	memcpy(&ship, who, sizeof ship);
	patp_write(ship, to);
}

static int
set_fact(struct import *m, const char *key, const char *value)
{
	struct log *l = &m->pier.log;

	return ship_log_failed(m->dir, l, log_set(l, key, value));
}

static int
begin_facts(struct import *m)
{
	char who[PATP_MAX];
	int code;

	name_ship(m->vere.meta.who, who);
	if ((code = set_fact(m, "who", who)) != 0 ||
	    (code = set_fact(m, "fake", m->vere.meta.fake ? "yes" : "no")) !=
	        0 ||
	    (code = set_fact(m, "pill", "")) != 0 ||
	    (code = set_fact(m, "release", m->vere.meta.release)) != 0)
		return code;
	return set_fact(m, "import", "begun");
}

/* The last of the first events, whose mugs are not known: those of the boot. */
static int
find_booted(struct import *m, char to[24])
{
	struct log *l = &m->pier.log;
	struct log_range r = {.brief = true};
	struct log_cursor c = {0};
	struct log_event e;
	uint64_t booted = m->vere.meta.life;
	enum log_got got = log_seek(l, &c, &r);

	while (got == LOG_OK && (got = log_next(&c, &e)) == LOG_OK &&
	    (e.id <= booted || (e.mug == 0 && e.id == booted + 1)))
		booted = e.id > booted ? e.id : booted;
	log_leave(&c);
	snprintf(to, 24, "%" PRIu64, booted);
	return got == LOG_END ? 0 : ship_log_failed(m->dir, l, got);
}

static int
end_facts(struct import *m)
{
	struct log *l = &m->pier.log;
	char life[24], booted[24];
	int code;

	if ((code = ship_log_failed(m->dir, l, log_commit(l))) != 0 ||
	    (code = find_booted(m, booted)) != 0)
		return code;
	snprintf(life, sizeof life, "%" PRIu32, m->vere.meta.life);
	if ((code = set_fact(m, "life", life)) != 0 ||
	    (code = set_fact(m, "booted", booted)) != 0 ||
	    (code = set_fact(m, "import", "done")) != 0)
		return code;
	return ship_log_failed(m->dir, l, log_commit(l));
}

/* Does the pier hold a part of this log, of an import that was cut short?
 * *done: it holds all of it. */
static int
go_on(struct import *m, bool *done)
{
	struct log *l = &m->pier.log;
	char state[16] = "";
	struct vere_event v;
	struct log_event e;
	enum vere_got got;

	log_fact(l, "import", state, sizeof state);
	*done = strcmp(state, "done") == 0 && l->last == m->vere.last;
	if (!*done && strcmp(state, "begun") != 0)
		return tool_fail(TOOL_NO, m->dir, "there is a ship already");
	if ((got = vere_seek(&m->vere, l->last)) == VERE_EVENT)
		got = vere_next(&m->vere, &v);
	if (got == VERE_BAD || got == VERE_SYS)
		return vere_failed(m, got);
	if (got != VERE_EVENT || log_get(l, l->last, &e) != LOG_OK ||
	    e.n != v.n || e.mug != v.mug || memcmp(e.jam, v.jam, v.n) != 0)
		return tool_fail(TOOL_NO, m->dir, "there is another ship");
	log_get(l, 0, &e); /* to let it go */
	return 0;
}

static int
commit_some(struct import *m)
{
	struct log *l = &m->pier.log;
	enum log_got got = LOG_OK;

	if (l->waiting > BATCH_BYTES)
		got = log_commit_wait(l);
	if (got == LOG_OK)
		got = log_commit_start(l);
	return got == LOG_LATER ? 0 : ship_log_failed(m->dir, l, got);
}

static int
copy_in(struct import *m)
{
	enum vere_got got = vere_seek(&m->vere, m->pier.log.last + 1);
	struct vere_event v;
	int code = 0;

	for (unsigned n = 1; got == VERE_EVENT && code == 0; n++) {
		if (stop_asked())
			return ship_log_failed(
			    m->dir, &m->pier.log, log_commit(&m->pier.log));
		if ((got = vere_next(&m->vere, &v)) != VERE_EVENT)
			break;
		code = put(m, &v);
		if (code == 0 && n % BATCH == 0)
			code = commit_some(m);
		show(v.id, m->vere.last);
	}
	tool_progress_end();
	if (code == 0)
		code = vere_failed(m, got);
	return code ? code : end_facts(m);
}

static int
import_into(struct import *m)
{
	struct log *l = &m->pier.log;
	enum pier_got got = pier_begin(&m->pier, m->dir);
	uint64_t had;
	bool done = false;
	int code = ship_failed(m->dir, &m->pier, got);

	if (code == 0)
		code = l->last < l->first || l->last == 0 ? begin_facts(m)
		                                          : go_on(m, &done);
	had = l->last;
	if (code == 0 && !done)
		code = copy_in(m);
	if (code == 0 && !stop_asked())
		tool_say(m->dir, "%" PRIu64 " events, %" PRIu64 " of them now",
		    l->last, l->last - had);
	return code;
}

/* Is it a log that can be computed? */
static int
check_vere(const struct import *m)
{
	if (m->vere.first > m->vere.last)
		return tool_fail(TOOL_NO, m->from, "its log has no events");
	if (m->vere.first != 1)
		return tool_fail(TOOL_NO, m->from,
		    "its log begins with event %" PRIu64
		    ": those before were chopped",
		    m->vere.first);
	if (m->vere.meta.life == 0 || m->vere.meta.life > m->vere.last)
		return tool_fail(TOOL_DATA, m->from,
		    "%" PRIu32 " events make the kernel, it says, of %" PRIu64,
		    m->vere.meta.life, m->vere.last);
	return 0;
}

static int
run_import(int n, char **operand)
{
	static struct import m;
	int code;

	(void)n;
	m.from = operand[0];
	m.dir = operand[1];
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	code = vere_failed(&m, vere_open(&m.vere, m.from));
	if (code == 0 && (code = check_vere(&m)) == 0)
		code = import_into(&m);
	pier_close(&m.pier);
	vere_close(&m.vere);
	return ship_end(code);
}

const struct command import_command = {
    .name = "import",
    .operands = "VEREPIER PIER",
    .about = "make a pier of the log of one of Vere's",
    .least = 2,
    .most = 2,
    .set = no_options,
    .run = run_import,
};

/* -------- export -------- */

struct export
{
	const char *dir, *to;
	struct log log;
	struct vere_meta meta;
	struct vere_out out;
};

static int
out_failed(const struct export *x, int rc)
{
	if (rc == 0)
		return 0;
	return tool_fail(rc == VERE_OTHER ? TOOL_NO
	        : rc == VERE_HURT         ? TOOL_DATA
	                                  : TOOL_SYS,
	    x->to, "%s", x->out.why);
}

static int
get_fact(struct export *x, const char *key, char *to, size_t n)
{
	enum log_got got = log_fact(&x->log, key, to, n);

	if (got == LOG_NONE)
		return tool_fail(TOOL_DATA, x->dir, "log: no fact \"%s\"", key);
	return ship_log_failed(x->dir, &x->log, got);
}

/* Under a trap. */
static void
read_ship(void *arg)
{
	const char *who = arg;
	struct limbs l;
	noun ship;

	if (*who != '~' || !patp_read(who + 1, strlen(who + 1), &ship))
		bail(BAIL_EXIT);
	atom_limbs(ship, &l);
	if (l.n > 2)
		bail(BAIL_EXIT);
	memset((char *)arg, 0, 16);
	memcpy((char *)arg, l.p, l.n * sizeof *l.p);
}

/*
 * The release of Vere's that the log came from.  Where it came from none,
 * Vere is to see that another program wrote it.
 */
static int
read_release(struct export *x)
{
	char *to = x->meta.release;
	size_t n = sizeof x->meta.release;
	enum log_got got = log_fact(&x->log, "release", to, n);

	if (got == LOG_NONE || (got == LOG_OK && *to == 0)) {
		snprintf(to, n, "nockutils-" TOOL_VERSION);
		return 0;
	}
	return ship_log_failed(x->dir, &x->log, got);
}

static int
read_meta(struct export *x)
{
	char who[128], fake[8], life[24], import[16];
	int code;

	if (log_fact(&x->log, "import", import, sizeof import) == LOG_OK &&
	    strcmp(import, "done") != 0)
		return tool_fail(TOOL_DATA, x->dir, "its import has not ended");
	if ((code = get_fact(x, "who", who, sizeof who)) != 0 ||
	    (code = get_fact(x, "fake", fake, sizeof fake)) != 0 ||
	    (code = get_fact(x, "life", life, sizeof life)) != 0)
		return code;
	if (trap_run(read_ship, who) != BAIL_NONE)
		return tool_fail(
		    TOOL_DATA, x->dir, "log: fact \"who\" is no ship");
	memcpy(x->meta.who, who, sizeof x->meta.who);
	x->meta.fake = strcmp(fake, "yes") == 0;
	x->meta.life = (uint32_t)strtoul(life, NULL, 10);
	return read_release(x);
}

/* Is what is there already the beginning of this log? */
static int
check_there(struct export *x)
{
	struct vere v = {0};
	struct vere_event there = {0};
	struct log_event here;
	bool same = false;

	if (x->out.last == 0)
		return 0;
	if (x->out.last <= x->log.last && vere_open(&v, x->to) == VERE_EVENT &&
	    vere_seek(&v, x->out.last) == VERE_EVENT &&
	    vere_next(&v, &there) == VERE_EVENT &&
	    log_get(&x->log, there.id, &here) == LOG_OK)
		same = here.n == there.n && here.mug == there.mug &&
		    memcmp(here.jam, there.jam, here.n) == 0;
	vere_close(&v);
	return same ? 0 : tool_fail(TOOL_NO, x->to, "there is another log");
}

static int
copy_range(struct export *x, struct log_cursor *c)
{
	struct log_event e;
	enum log_got got;
	int code = 0;

	while (
	    code == 0 && !stop_asked() && (got = log_next(c, &e)) != LOG_END) {
		if ((code = ship_log_failed(x->dir, &x->log, got)) != 0)
			break;
		code = out_failed(x, vere_put(&x->out, e.mug, e.jam, e.n));
		if (code == 0 && e.id % BATCH == 0)
			code = out_failed(x, vere_commit(&x->out));
		show(e.id, x->log.last);
	}
	tool_progress_end();
	return code;
}

static int
copy_out(struct export *x)
{
	struct log_cursor c = {0};
	struct log_range r = {.from = x->out.last + 1};
	int code;

	if (x->out.last >= x->log.last)
		return 0;
	code = ship_log_failed(x->dir, &x->log, log_seek(&x->log, &c, &r));
	if (code == 0)
		code = copy_range(x, &c);
	log_leave(&c);
	return code ? code : out_failed(x, vere_commit(&x->out));
}

static int
export_to(struct export *x)
{
	uint64_t had;
	int code = read_meta(x);

	if (code == 0 && x->log.first != 1)
		code = tool_fail(TOOL_NO, x->dir,
		    "the log begins with event %" PRIu64
		    ": those before were chopped",
		    x->log.first);
	if (code == 0)
		code = out_failed(x, vere_create(&x->out, x->to, &x->meta));
	if (code == 0)
		code = check_there(x);
	had = x->out.last;
	if (code == 0)
		code = copy_out(x);
	if (code == 0 && !stop_asked())
		tool_say(x->to, "%" PRIu64 " events, %" PRIu64 " of them now",
		    x->out.last, x->out.last - had);
	vere_out_close(&x->out);
	return code;
}

static int
run_export(int n, char **operand)
{
	static struct export x;
	int code;

	(void)n;
	x.dir = operand[0];
	x.to = operand[1];
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	if ((code = ship_log(&x.log, x.dir)) == 0)
		code = export_to(&x);
	log_close(&x.log);
	return ship_end(code);
}

const struct command export_command = {
    .name = "export",
    .operands = "PIER VEREPIER",
    .about = "write the log as one that Vere reads",
    .least = 2,
    .most = 2,
    .set = no_options,
    .run = run_export,
};
