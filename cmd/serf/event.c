/*
 * Events: dated, worked, and what comes out of them.
 *
 * Effects leave as they are, but for those that are about the runtime: what
 * each of these does is told where it is done, in the table `own`.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "atom.h"
#include "frame.h"
#include "halt.h"
#include "jam.h"
#include "options.h"
#include "serf.h"
#include "shape.h"
#include "tank.h"
#include "tool.h"

/* -------- dates -------- */

/* a < b */
static bool
before(const uint64_t a[2], const uint64_t b[2])
{
	return a[1] != b[1] ? a[1] < b[1] : a[0] < b[0];
}

/*
 * The clock's, or, where that is not later, a moment after the last event's:
 * 2^-20 of a second.
 */
static noun
take_date(struct serf *s)
{
	struct timespec t;
	uint64_t now[2];

	clock_gettime(CLOCK_REALTIME, &t);
	log_da((int64_t)t.tv_sec * 1000000000 + t.tv_nsec, now);
	if (!before(s->date, now)) {
		if (s->date[1] > now[1] + 1 && !s->behind) {
			s->behind = true;
			tool_say(s->pier.dir,
			    "the clock is %" PRIu64 " s behind the last "
			    "event: dates go on from there",
			    s->date[1] - now[1]);
		}
		now[0] = s->date[0] + (UINT64_C(1) << 44);
		now[1] = s->date[1] + (now[0] < s->date[0]);
	}
	memcpy(s->date, now, sizeof now);
	return atom_from_limbs(now, 2);
}

/* The log has a date in nanoseconds, of which it may be one short. */
void
event_date(struct serf *s)
{
	struct log *l = &s->pier.log;
	struct log_range r = {.from = l->last, .to = l->last, .brief = true};
	struct log_cursor c = {0};
	struct log_event e;

	if (log_seek(l, &c, &r) == LOG_OK && log_next(&c, &e) == LOG_OK)
		log_da(e.at < INT64_MAX - 2 ? e.at + 2 : e.at, s->date);
	log_leave(&c);
}

/* -------- effects about the runtime -------- */

/* [%exit code]: the ship is to end, which others see to. */
static void
do_exit(struct serf *s, noun wire, noun data)
{
	noun frame = cons(atom_cord("exit"), is_atom(data) ? data : 0);

	(void)wire;
	if (outbox_put(&s->out, s->pier.event, frame) < 0)
		bail(BAIL_MEME);
}

/* [%trim p]: memory is short; the kernel is told so as an event. */
static void
do_trim(struct serf *s, noun wire, noun data)
{
	wire = cons3(0, atom_cord("arvo"), 0);
	s->own = cons(cons3(wire, atom_cord("trim"), data), s->own);
}

/* [%pack ~], [%meld ..]: the image is written anew, equal nouns once. */
static void
do_pack(struct serf *s, noun wire, noun data)
{
	(void)wire;
	(void)data;
	if (s->job == JOB_NONE && !s->packed) {
		s->wanted = JOB_PACK;
		s->loud = true;
	}
}

/* [%quac ~]: how much memory there is, as an event on the same wire. */
static void
do_quac(struct serf *s, noun wire, noun data)
{
	struct heap_image i = heap_image();
	noun image = cons3(
	    atom_cord("image"), atom_word(i.cell_bytes + i.atom_bytes), 0);
	noun memory =
	    cons3(atom_cord("memory"), atom_word(heap.stat.memory), 0);

	(void)data;
	s->own = cons(
	    cons3(wire, atom_cord("quac"), cons3(image, memory, 0)), s->own);
}

/* [%mass mass]: the same for people, by the kernel's parts. */
static void
do_mass(struct serf *s, noun wire, noun data)
{
	(void)wire;
	ask_mass(s, data);
}

/* [%vega ~]: the kernel has been replaced; it is the next event's already. */
static void
do_vega(struct serf *s, noun wire, noun data)
{
	(void)wire;
	(void)data;
	ask_flog(s, "serf: the kernel has been replaced, by event %" PRIu64,
	    s->pier.event);
}

/* [%wend kelvins]: a wish for an older runtime.  We are as old as need be. */
static void
do_wend(struct serf *s, noun wire, noun data)
{
	(void)s;
	(void)wire;
	(void)data;
}

static const struct {
	const char *tag;
	void (*run)(struct serf *, noun wire, noun data);
} own[] = {
    {"exit", do_exit},
    {"trim", do_trim},
    {"pack", do_pack},
    {"meld", do_pack},
    {"mass", do_mass},
    {"quac", do_quac},
    {"vega", do_vega},
    {"wend", do_wend},
};

/* -------- what comes out -------- */

/* It cannot be held as it is: is that said, or is there no memory? */
static void
put(struct serf *s, noun frame, const char *what)
{
	if (outbox_put(&s->out, s->pier.event, frame) == 0)
		return;
	if (errno != EMSGSIZE)
		bail(BAIL_MEME);
	tool_fail(TOOL_NO, s->pier.dir,
	    "event %" PRIu64 ": %s is too long for a frame, and lost",
	    s->pier.event, what);
}

/* As whoever passes it on can read it: see frame.h. */
static bool
is_wire(noun wire)
{
	unsigned n = 0;
	noun knot;

	while (uncons(wire, &knot, &wire))
		if (is_cell(knot) || ++n > FRAME_KNOTS)
			return false;
	return n > 0 && wire == 0;
}

static void
put_effect(struct serf *s, noun effect)
{
	noun wire, tag, data;

	if (!uncons3(effect, &wire, &tag, &data) || is_cell(tag) ||
	    !is_wire(wire)) {
		tool_say(s->pier.dir,
		    "event %" PRIu64 ": something that is no effect, dropped",
		    s->pier.event);
		return;
	}
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (atom_is(tag, own[i].tag)) {
			own[i].run(s, wire, data);
			return;
		}
	put(s, effect, "an effect");
}

/* The effects, and then the answer, if somebody asked. */
struct result {
	struct serf *s;
	bool asked, good;
};

static void
put_result(void *arg)
{
	struct result *r = arg;
	struct serf *s = r->s;
	struct kernel_work *w = &s->pier.work;

	if (r->good)
		for (noun list = w->effects; is_cell(list); list = tail(list))
			put_effect(s, head(list));
	w->effects = 0;
	if (!r->asked)
		return;
	if (r->good)
		put(s,
		    cons3(atom_cord("done"), s->id, atom_word(s->pier.event)),
		    "an answer");
	else
		put(s, cons3(atom_cord("bail"), s->id, w->goofs), "an answer");
}

/* What is in the log must have come out, or the process must end. */
static void
finish(struct serf *s, bool asked, bool good)
{
	struct result r = {s, asked, good};

	if (trap_run(put_result, &r) != BAIL_NONE)
		serf_stop(s,
		    tool_fail(TOOL_SYS, s->pier.dir,
		        "event %" PRIu64 ": no memory for what came of it",
		        s->pier.event));
	s->pier.work.goofs = 0;
	s->id = 0;
}

/* -------- working -------- */

static void
goof_alone(void *arg)
{
	struct serf *s = arg;
	noun goof;

	heap_safepoint();
	goof = cons(atom_cord(bail_name(s->pier.kind)), 0);
	s->pier.work.goofs = cons(goof, 0);
}

/* Is it an answer that nothing happened? */
static bool
refused(struct serf *s, enum pier_got got)
{
	if (got == PIER_CRASH)
		return true;
	if (got != PIER_GAVE_UP || halt_asked())
		return false;
	if (s->pier.work.goofs == 0)
		(void)trap_run(goof_alone, s);
	return true;
}

static enum pier_got
work(struct serf *s)
{
	enum pier_got got;

	halt_begin(options.limit_ns);
	got = pier_poke(&s->pier);
	halt_end();
	if (got == PIER_OK)
		care_changed(s);
	return got;
}

static void
date_own(void *arg)
{
	struct serf *s = arg;

	s->pier.work.event = cons(take_date(s), head(s->own));
	s->own = tail(s->own);
}

enum pier_got
event_own(struct serf *s)
{
	enum pier_got got;

	s->pier.kind = trap_run(date_own, s);
	if (s->pier.kind != BAIL_NONE)
		return PIER_GAVE_UP;
	if ((got = work(s)) == PIER_OK)
		finish(s, false, true);
	return got;
}

void
event_next(struct serf *s)
{
	enum pier_got got = event_own(s);

	if (got == PIER_CRASH || got == PIER_GAVE_UP)
		tool_say(s->pier.dir, "an event of the runtime's own: %s",
		    s->pier.why);
	else if (got != PIER_OK)
		serf_failed(s, got);
}

/* -------- a frame -------- */

struct reading {
	struct serf *s;
	const uint8_t *p;
	size_t n;
	const char *fault; /* or NULL */
};

/* [wire tag data], or [%poke id wire tag data]: the event, and who asks. */
static const char *
take_frame(struct serf *s, noun frame)
{
	noun ovum = frame, wire, tag, data;

	if (is_cell(frame) && is_atom(head(frame))) {
		if (!uncons3(frame, &tag, &s->id, &ovum))
			return "no event";
	}
	if (!uncons3(ovum, &wire, &tag, &data))
		return "no event";
	s->pier.work.event = cons(take_date(s), ovum);
	return NULL;
}

static void
read_frame(void *arg)
{
	struct reading *r = arg;
	struct cue_fault fault;
	noun frame;

	r->fault = NULL;
	if (cue(r->p, r->n, &frame, &fault) < 0)
		r->fault = fault.reason;
	else
		r->fault = take_frame(r->s, frame);
}

/* It is no event: its answer is a crash, with the reason. */
static void
blame(void *arg)
{
	struct reading *r = arg;
	noun tang;

	heap_safepoint();
	tang = cons(tank_leaf(r->fault), 0);

	r->s->pier.work.goofs = cons(cons(atom_cord("exit"), tang), 0);
}

static void
work_asked(struct serf *s)
{
	enum pier_got got = work(s);

	if (got == PIER_OK || refused(s, got)) {
		s->count.taken++;
		finish(s, true, got == PIER_OK);
	} else if (got != PIER_GAVE_UP) {
		serf_failed(s, got);
	} else {
		s->over = true;
	}
}

void
event_take(struct serf *s, const uint8_t *p, size_t n)
{
	struct reading r = {.s = s, .p = p, .n = n};
	struct frame_head h;
	enum bail kind;

	frame_head(p, n, &h);
	s->id = h.frame == FRAME_POKE && h.id <= DIRECT_MAX ? direct(h.id) : 0;
	kind = trap_run(read_frame, &r);
	newt_drop(&s->in.newt);
	if (kind != BAIL_NONE)
		r.fault = "no memory for it";
	if (r.fault == NULL) {
		work_asked(s);
		return;
	}
	(void)trap_run(blame, &r);
	s->count.taken++;
	finish(s, true, false);
}
