/*
 * The hints that do something around their body, except those that have
 * instructions of their own.  What one begins must be undone by a bail too:
 * its state is in the machine, where nock_soft() saves it.
 */
#include <stdio.h>
#include <string.h>

#include "atom.h"
#include "clock.h"
#include "disasm.h"
#include "equal.h"
#include "hints.h"
#include "machine.h"
#include "shape.h"

static void
report(const char *line)
{
	if (machine.opts.report)
		machine.opts.report(machine.opts.arg, line);
}

static void
tell(unsigned priority, noun tank)
{
	if (machine.opts.slog)
		machine.opts.slog(machine.opts.arg, priority, tank);
}

/* A clue [priority tank]: tell the tank; false if it is none, and nothing
 * is told then. */
static bool
tell_clue(noun clue)
{
	noun priority, tank;
	uint64_t p;

	if (!uncons(clue, &priority, &tank) || is_cell(priority) ||
	    !atom_to_word(priority, &p))
		return false;
	tell(p < 4 ? (unsigned)p : 3, tank);
	return true;
}

void
hint_slog(noun clue)
{
	tell_clue(clue);
}

/* -------- %bout -------- */

static noun
bout_begin(noun clue)
{
	return cons(direct(clock_ns() & DIRECT_MAX), clue);
}

static void
bout_end(noun state)
{
	uint64_t ns = clock_ns() - direct_value(head(state));
	char line[64];

	tell_clue(tail(state));
	snprintf(line, sizeof line, "took %llu.%03llu ms",
	    (unsigned long long)(ns / 1000000),
	    (unsigned long long)(ns / 1000 % 1000));
	report(line);
}

/* -------- %meme, %xray, %nara, %hela -------- */

static void
meme(noun clue)
{
	char line[128];

	tell_clue(clue);
	snprintf(line, sizeof line,
	    "memory %zu KiB, peak %zu KiB, live %zu KiB",
	    heap.stat.memory / 1024, heap.stat.peak / 1024,
	    heap.stat.live / 1024);
	report(line);
}

struct lines {
	struct text_sink sink;
	char line[256];
	size_t n;
};

static void
end_line(struct lines *l)
{
	l->line[l->n] = '\0';
	report(l->line);
	l->n = 0;
}

static int
put_lines(struct text_sink *s, const char *p, size_t n)
{
	struct lines *l = (struct lines *)s;

	for (; n > 0; p++, n--) {
		if (*p == '\n')
			end_line(l);
		else if (l->n + 1 < sizeof l->line)
			l->line[l->n++] = *p;
	}
	return 0;
}

static void
xray(noun clue, noun formula)
{
	struct lines l = {.sink = {put_lines}};

	tell_clue(clue);
	disasm(&l.sink, formula, CODE_WHOLE);
	if (l.n > 0)
		end_line(&l);
}

static void
trace(noun clue)
{
	tell_clue(clue);
	for (noun t = machine.trace; is_cell(t); t = tail(t))
		if (is_cell(head(t)) && atom_is(head(head(t)), "mean"))
			tell(0, tail(head(t)));
}

/* -------- %loop -------- */

static noun
loop_begin(noun subject, noun formula)
{
	noun here = cons(subject, formula), was = machine.loops;

	for (noun l = was; is_cell(l); l = tail(l))
		if (equal(head(l), here))
			bail(BAIL_FAIL);
	machine.loops = cons(here, was);
	return was;
}

/* -------- %jinx -------- */

void
hint_deadline(uint64_t at)
{
	uint64_t now = clock_ns();

	machine.deadline = at;
	if (machine.opts.alarm)
		machine.opts.alarm(machine.opts.arg,
		    at == 0        ? 0
		        : at > now ? at - now
		                   : 1);
}

/* A @dr counts 2^-64 of a second: its upper word is seconds. */
static noun
jinx_begin(noun clue)
{
	noun was = atom_word(machine.deadline);
	struct limbs l;
	uint64_t ns = 0, at;

	if (is_cell(clue) || clue == 0)
		return was;
	atom_limbs(clue, &l);
	if (l.n > 2 || (l.n == 2 && l.p[1] > 1000000000))
		return was;
	if (l.n == 2)
		ns = l.p[1] * 1000000000;
	ns += (l.p[0] >> 32) * 1000000000 >> 32;
	at = clock_ns() + ns;
	if (machine.deadline == 0 || at < machine.deadline)
		hint_deadline(at);
	return was;
}

static void
jinx_end(noun state)
{
	uint64_t was = 0;

	atom_to_word(state, &was);
	if (was != machine.deadline)
		hint_deadline(was);
}

void
nock_tick(void)
{
	heap_hurry();
}

/* -------- %spin -------- */

static void
show_spin(void)
{
	if (machine.opts.spin)
		machine.opts.spin(machine.opts.arg,
		    is_cell(machine.spins) ? head(machine.spins) : 0);
}

static noun
spin_begin(noun clue)
{
	noun was = machine.spins;

	machine.spins = cons(clue, was);
	show_spin();
	return was;
}

static void
spin_end(noun state)
{
	machine.spins = state;
	show_spin();
}

/* -------- the table -------- */

noun
hint_enter(unsigned hint, noun clue, noun subject, noun formula)
{
	switch (hint) {
	case HINT_NAME_BOUT:
		return bout_begin(clue);
	case HINT_NAME_LOOP:
		return loop_begin(subject, formula);
	case HINT_NAME_JINX:
		return jinx_begin(clue);
	case HINT_NAME_SPIN:
		return spin_begin(clue);
	case HINT_NAME_MEME:
		meme(clue);
		return 0;
	case HINT_NAME_XRAY:
		xray(clue, formula);
		return 0;
	default: /* nara, hela */
		trace(clue);
		return 0;
	}
}

void
hint_leave(unsigned hint, noun state, noun product)
{
	(void)product;
	switch (hint) {
	case HINT_NAME_BOUT:
		bout_end(state);
		break;
	case HINT_NAME_LOOP:
		machine.loops = state;
		break;
	case HINT_NAME_JINX:
		jinx_end(state);
		break;
	case HINT_NAME_SPIN:
		spin_end(state);
		break;
	}
}
