/*
 * Questions and wishes, which change nothing of the ship; and words.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "atom.h"
#include "frame.h"
#include "halt.h"
#include "jam.h"
#include "mass.h"
#include "nock.h"
#include "options.h"
#include "serf.h"
#include "shape.h"
#include "tank.h"
#include "tool.h"
#include "trace.h"

/* -------- answers -------- */

struct answer {
	struct serf *s;
	noun id;
	const char *why;
	bool peek;
};

static void
put_answer(void *arg)
{
	struct answer *a = arg;
	struct serf *s = a->s;
	noun frame, tang;

	if (a->why == NULL) {
		frame =
		    cons3(atom_cord("done"), a->id, atom_word(s->pier.event));
	} else {
		tang = cons(tank_leaf(a->why), 0);
		frame = a->peek
		    ? cons4(atom_cord("peek"), a->id, direct(1), tang)
		    : cons4(atom_cord("bail"), a->id,
		          cons(atom_cord("exit"), tang), 0);
	}
	if (outbox_put(&s->out, s->pier.event, frame) < 0)
		bail(BAIL_MEME);
}

/* Who asked would wait for ever. */
static void
answer(struct answer a)
{
	if (trap_run(put_answer, &a) != BAIL_NONE)
		serf_stop(a.s,
		    tool_fail(
		        TOOL_SYS, a.s->pier.dir, "no memory for an answer"));
}

void
ask_answer(struct serf *s, noun id, const char *why)
{
	answer((struct answer){.s = s, .id = id, .why = why});
}

/* A question has an answer of its own for that. */
static void
refuse(struct serf *s, bool is_peek, const char *why)
{
	answer((struct answer){s, s->id, why, is_peek});
}

void
ask_answer_wish(struct serf *s, const char *why)
{
	if (s->wished)
		ask_answer(s, s->wish_id, why);
	s->wished = false;
	s->wish_id = 0;
}

/* -------- peeks -------- */

struct peek {
	struct serf *s;
	noun product; /* or the trace, or 0 */
	enum bail kind;
};

static void
run_peek(void *arg)
{
	struct peek *k = arg;

	k->product = kernel_peek(k->s->pier.work.kernel, k->product);
}

/* Where it stood, as tanks; with a word of ours where it was the machine. */
static void
read_trace(void *arg)
{
	struct peek *k = arg;
	noun tang;

	stack_push(k->product);
	heap_safepoint();
	tang = trace_tanks(stack_pop());
	if (k->kind != BAIL_EXIT)
		tang = cons(tank_leaf(bail_name(k->kind)), tang);
	k->product = tang;
}

static void
put_peek(void *arg)
{
	struct peek *k = arg;
	struct serf *s = k->s;
	noun is = direct(k->kind != BAIL_NONE);

	if (outbox_put(&s->out, s->pier.event,
	        cons4(atom_cord("peek"), s->id, is, k->product)) == 0)
		return;
	if (errno != EMSGSIZE)
		bail(BAIL_MEME);
	refuse(s, true, "the answer is too long for a frame");
}

static void
peek(struct serf *s, noun sample)
{
	struct peek k = {.s = s, .product = sample};

	halt_begin(options.limit_ns);
	k.kind = trap_run(run_peek, &k);
	halt_end();
	if (k.kind != BAIL_NONE) {
		k.product = nock_trace();
		if (trap_run(read_trace, &k) != BAIL_NONE)
			k.product = 0;
	}
	if (trap_run(put_peek, &k) != BAIL_NONE)
		refuse(s, true, "no memory for the answer");
}

/* -------- wishes -------- */

static void
want(struct serf *s, enum job job)
{
	if (s->wished || s->job != JOB_NONE || s->packed) {
		ask_answer(s, s->id, "another wish is being granted");
		return;
	}
	s->wished = true;
	s->wish_id = s->id;
	s->wanted = job;
	s->loud = true;
}

static void
save(struct serf *s)
{
	if (!care_may_save(s))
		ask_answer(s, s->id, "the image is being packed");
	else if (care_save(s))
		ask_answer(s, s->id, NULL);
}

static void
wish(struct serf *s, noun what)
{
	if (is_cell(what))
		what = head(what);
	if (is_cell(what)) {
		ask_answer(s, s->id, "no such wish");
	} else if (atom_is(what, "save")) {
		save(s);
	} else if (atom_is(what, "mass")) {
		ask_mass(s, 0);
		ask_answer(s, s->id, NULL);
	} else if (atom_is(what, "pack") || atom_is(what, "meld")) {
		want(s, JOB_PACK);
	} else if (atom_is(what, "cram")) {
		want(s, JOB_CRAM);
	} else {
		ask_answer(s, s->id, "no such wish");
	}
}

/* -------- frames -------- */

struct reading {
	struct serf *s;
	const uint8_t *p;
	size_t n;
	noun rest; /* behind the id */
	bool good;
};

static void
read_frame(void *arg)
{
	struct reading *r = arg;
	struct cue_fault fault;
	noun frame, tag;

	r->good = cue(r->p, r->n, &frame, &fault) == 0 &&
	    uncons3(frame, &tag, &r->s->id, &r->rest);
}

static void
pass_safepoint(void *arg)
{
	(void)arg;
	heap_safepoint();
}

void
ask_take(struct serf *s, const uint8_t *p, size_t n)
{
	struct reading r = {.s = s, .p = p, .n = n};
	struct frame_head h;

	frame_head(p, n, &h);
	if (h.frame == FRAME_EXIT) {
		s->in.ended = true;
		newt_free(&s->in.newt);
	} else if (h.frame == FRAME_PEEK || h.frame == FRAME_URTH) {
		s->id = h.id <= DIRECT_MAX ? direct(h.id) : 0;
		if (trap_run(read_frame, &r) != BAIL_NONE || !r.good)
			refuse(s, h.frame == FRAME_PEEK, "no such frame");
		else if (h.frame == FRAME_PEEK)
			peek(s, r.rest);
		else
			wish(s, r.rest);
		s->id = 0;
	} else if (h.frame != FRAME_INTR) {
		tool_say("stdin",
		    "frame %llu is no business of a serf's, dropped",
		    (unsigned long long)s->in.newt.count);
	}
	newt_drop(&s->in.newt);
	(void)trap_run(pass_safepoint, NULL);
}

/* -------- words -------- */

struct words {
	struct serf *s;
	unsigned priority;
	noun tank;
	const char *line;
};

static void
say(void *arg)
{
	struct words *w = arg;

	if (w->line != NULL)
		outbox_say(
		    &w->s->out, cons(atom_cord("flog"), atom_cord(w->line)));
	else
		outbox_say(&w->s->out,
		    cons3(atom_cord("slog"), direct(w->priority), w->tank));
}

/* In the midst of a computation, which must not end for want of a word. */
static void
say_words(struct words *w)
{
	struct serf *s = w->s;

	if (trap_run(say, w) != BAIL_NONE)
		s->out.dropped++;
	if (s->out.fd >= 0)
		(void)outbox_write(&s->out);
}

void
ask_on_slog(void *arg, unsigned priority, noun tank)
{
	say_words(&(struct words){arg, priority, tank, NULL});
}

void
ask_on_report(void *arg, const char *line)
{
	say_words(&(struct words){.s = arg, .line = line});
}

void
ask_flog(struct serf *s, const char *format, ...)
{
	char line[400];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	ask_on_report(s, line);
}

void
ask_dropped(struct serf *s)
{
	uint64_t n = s->out.dropped;

	if (n == 0 || s->out.bytes > OUTBOX_FULL / 2)
		return;
	s->out.dropped = 0;
	ask_flog(s, "%" PRIu64 " lines were dropped", n);
	if (s->out.dropped > 0)
		s->out.dropped = n;
}

struct masses {
	struct serf *s;
	noun mass;
};

static void
say_part(void *arg, unsigned depth, const char *name, uint64_t bytes)
{
	ask_flog(arg, "%*s%s: %" PRIu64, (int)depth * 2, "", name, bytes);
}

static void
say_masses(void *arg)
{
	struct masses *m = arg;

	mass_report(
	    m->mass, m->s->pier.work.kernel, m->s->pier.jets, say_part, m->s);
}

void
ask_mass(struct serf *s, noun mass)
{
	struct heap_image i = heap_image();

	if (trap_run(say_masses, &(struct masses){s, mass}) != BAIL_NONE)
		ask_flog(s, "there is no memory to count the kernel's parts");
	ask_flog(s,
	    "image: %zu bytes of cells, %zu of atoms; memory: %zu bytes, at "
	    "most %zu",
	    i.cell_bytes, i.atom_bytes, heap.stat.memory, heap.stat.peak);
}
