/*
 * grab, mass -- what takes how much memory, by the parts that the kernel
 * tells of.
 *
 *     mass   [name 0 noun]           a part
 *            [name 1 (list mass)]    parts
 *
 * What two parts share is counted with the first of them, so that the sum is
 * the memory there is.  What the kernel told of nowhere is the rest.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "atom.h"
#include "command.h"
#include "commands.h"
#include "load.h"
#include "out.h"
#include "shape.h"
#include "state.h"
#include "tally.h"

enum { LINES_MAX = 4096, DEEP = 16, NAME_LEN = 47 };

/* In the order of the report; a sum is known after what it is of. */
struct line {
	uint64_t bytes;
	unsigned depth;
	char name[NAME_LEN + 1];
};

static struct {
	struct line line[LINES_MAX];
	unsigned n;
	uint64_t lost; /* parts for which there is no line */
	struct tally tally;
} report;

/* -------- counting -------- */

static struct line *
add_line(unsigned depth)
{
	if (report.n == LINES_MAX) {
		report.lost++;
		return NULL;
	}
	report.line[report.n] = (struct line){.depth = depth};
	return &report.line[report.n++];
}

static void
set_name(struct line *l, noun name)
{
	uint64_t room;
	size_t n;

	if (is_cell(name) || (n = atom_bytes(name)) > NAME_LEN) {
		strcpy(l->name, "?");
		return;
	}
	memcpy(l->name, atom_view(name, &room), n);
	for (size_t i = 0; i < n; i++)
		if (l->name[i] < '!' || l->name[i] > '~')
			l->name[i] = '?';
}

static uint64_t count_all(noun list, unsigned depth);

/* A mass, and its line. */
static uint64_t
count(noun mass, unsigned depth)
{
	struct line *l = add_line(depth);
	noun name, is, it;
	uint64_t bytes;

	if (!uncons3(mass, &name, &is, &it)) {
		name = direct('?');
		bytes = tally_add(&report.tally, mass);
	} else if (is == NO && depth < DEEP) {
		bytes = count_all(it, depth + 1);
	} else {
		bytes = tally_add(&report.tally, it);
	}
	if (l != NULL) {
		set_name(l, name);
		l->bytes = bytes;
	}
	return bytes;
}

static uint64_t
count_all(noun list, unsigned depth)
{
	uint64_t bytes = 0;

	for (; is_cell(list); list = tail(list))
		bytes += count(head(list), depth);
	return bytes;
}

static uint64_t
count_rest(const char *name, noun n)
{
	struct line *l = add_line(0);
	uint64_t bytes = tally_add(&report.tally, n);

	if (l != NULL) {
		snprintf(l->name, sizeof l->name, "%s", name);
		l->bytes = bytes;
	}
	return bytes;
}

/* Under a trap. */
struct counting {
	struct pier *p;
	noun mass; /* or 0 */
	uint64_t bytes;
};

static void
count_pier(void *arg)
{
	struct counting *c = arg;

	tally_open(&report.tally);
	c->bytes = c->mass ? count(c->mass, 0) : 0;
	c->bytes +=
	    count_rest(c->mass ? "kernel, rest" : "kernel", c->p->work.kernel);
	c->bytes += count_rest("jets", c->p->jets);
	tally_close(&report.tally);
}

/* -------- telling -------- */

static void
put_line(struct out *o, unsigned depth, const char *name, uint64_t bytes)
{
	char text[120];
	int n = snprintf(text, sizeof text, "%*s%s: %" PRIu64 "\n",
	    (int)depth * 2, "", name, bytes);

	out_put(o, text, (size_t)n);
}

static int
put_report(uint64_t all)
{
	static struct out out;

	out_init(&out, STDOUT_FILENO);
	for (unsigned i = 0; i < report.n; i++)
		put_line(&out, report.line[i].depth, report.line[i].name,
		    report.line[i].bytes);
	put_line(&out, 0, "total", all);
	if (report.lost > 0)
		tool_say("report", "%" PRIu64 " parts more have no line",
		    report.lost);
	return out_flush(&out) < 0 ? tool_errno("stdout") : 0;
}

/* [%once %$ %$ /whey] */
static noun
whey(void)
{
	return cons4(atom_cord("once"), 0, 0, cons(atom_cord("whey"), 0));
}

static int
grab(struct pier *p)
{
	struct counting c = {.p = p};
	enum bail kind;
	noun mark;
	int code = state_peek(p, "parts", whey, &mark, &c.mass);

	if (code != 0 && code != TOOL_NO)
		return code;
	if (code == TOOL_NO || mark != atom_cord("mass")) {
		tool_say("parts", "the kernel tells of none");
		c.mass = 0;
	}
	if ((kind = trap_run(count_pier, &c)) != BAIL_NONE)
		return load_gave_up("count", kind);
	return put_report(c.bytes);
}

static int
run(const char *pier)
{
	struct pier p = {0};
	int code = state_start();

	if (code != 0)
		return code;
	if ((code = state_open(&p, pier)) == 0)
		code = grab(&p);
	pier_close(&p);
	return state_stop(code);
}

/* id, letter, word, value, help */
#define OPTIONS(X)                          \
	X(GC, 'g', "gc", NULL, "no matter") \
	X(ABORT, 0, "gc-abort", NULL, "no matter")

#define X(id, letter, word, value, help) {letter, word, value, help},
static const struct tool_option table[] = {OPTIONS(X)};
#undef X

static int
set(int option, const char *value)
{
	(void)value;
	command_no_matter(&table[option]);
	return 0;
}

int
grab_main(int argc, char **argv)
{
	static const struct command c = {"urbit grab",
	    "what takes how much memory, in bytes", table,
	    sizeof table / sizeof *table, set, run};

	return command_main(&c, argc, argv);
}

int
mass_main(int argc, char **argv)
{
	return grab_main(argc, argv);
}
