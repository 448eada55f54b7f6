/*
 * grab, mass -- what takes how much memory (mass.h).
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "atom.h"
#include "command.h"
#include "commands.h"
#include "load.h"
#include "mass.h"
#include "out.h"
#include "shape.h"
#include "state.h"

static struct out out;

static void
put_line(void *arg, unsigned depth, const char *name, uint64_t bytes)
{
	char text[120];
	int n = snprintf(text, sizeof text, "%*s%s: %" PRIu64 "\n",
	    (int)depth * 2, "", name, bytes);

	(void)arg;
	out_put(&out, text, (size_t)n);
}

/* [%once %$ %$ /whey] */
static noun
whey(void)
{
	return cons4(atom_cord("once"), 0, 0, cons(atom_cord("whey"), 0));
}

/* Under a trap. */
struct counting {
	struct pier *p;
	noun mass; /* or 0 */
};

static void
count_pier(void *arg)
{
	struct counting *c = arg;

	mass_report(c->mass, c->p->work.kernel, c->p->jets, put_line, NULL);
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
	out_init(&out, STDOUT_FILENO);
	if ((kind = trap_run(count_pier, &c)) != BAIL_NONE)
		return load_gave_up("count", kind);
	return out_flush(&out) < 0 ? tool_errno("stdout") : 0;
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

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

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
