/*
 * eventlog -- the event log of a ship: look at it, add to it, compute it
 * again, carry it to and from Vere.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "stop.h"

static const struct command *const commands[] = {
#define X(name) &name##_command,
    COMMANDS(X)
#undef X
};

enum { N = sizeof commands / sizeof *commands };

/* -------- eventlog itself -------- */

static struct tool tool = {
    .name = "eventlog",
    .operands = "COMMAND ...",
};

/* Its --help, from the table. */
static void
describe(void)
{
	static char about[1024], operands[200];
	size_t n = 0, m = 0;

	n += (size_t)snprintf(about, sizeof about,
	    "the event log of a ship; its commands, each with a --help:");
	m += (size_t)snprintf(
	    operands, sizeof operands, "COMMAND ...; commands:");
	for (int i = 0; i < N; i++) {
		n += (size_t)snprintf(about + n, sizeof about - n,
		    "\n  %-8s %s", commands[i]->name, commands[i]->about);
		m += (size_t)snprintf(operands + m, sizeof operands - m, " %s",
		    commands[i]->name);
	}
	tool.about = about;
	tool.operands = operands;
}

/* -------- one command -------- */

/*
 * Options and operands, in any order; the operands are gathered where the
 * arguments begin.  TOOL_OPERANDS, or why there is nothing to do.
 */
static int
read_operands(const struct command *c, int argc, char **argv, int *n)
{
	char **operand = argv + 1;
	const char *value;
	int option;

	for (*n = 0;;) {
		option = tool_option(&argc, &argv, &value);
		if (option >= 0 && c->set(option, value) < 0)
			return TOOL_WRONG;
		if (option >= 0)
			continue;
		if (option != TOOL_OPERANDS || argc < 2)
			return option;
		operand[(*n)++] = *++argv;
		argc--;
	}
}

static struct tool one;

bool
command_verbose(void)
{
	return one.verbose;
}

static int
run(const struct command *c, const char *name, int argc, char **argv)
{
	int n, option;

	one = (struct tool){.name = name,
	    .about = c->about,
	    .operands = c->operands,
	    .options = c->options,
	    .n_options = c->n_options};
	tool_init(&one);
	if ((option = read_operands(c, argc, argv, &n)) != TOOL_OPERANDS)
		return tool_done(option);
	if (n < c->least)
		return tool_usage("operands", "too few");
	if (n > c->most)
		return tool_usage(argv[c->most + 1], "one too many");
	return stop_end(c->run(n, argv + 1));
}

static int
run_named(int argc, char **argv)
{
	static char name[32];

	for (int i = 0; i < N; i++)
		if (strcmp(argv[0], commands[i]->name) == 0) {
			snprintf(name, sizeof name, "eventlog %s", argv[0]);
			return run(commands[i], name, argc, argv);
		}
	return tool_usage(argv[0], "no such command");
}

int
main(int argc, char **argv)
{
	const char *called = argc > 0 ? strrchr(argv[0], '/') : NULL;
	const char *value;
	int option;

	called = called ? called + 1 : argc > 0 ? argv[0] : "";
	if (strcmp(called, "log-append") == 0)
		return run(&append_command, "log-append", argc, argv);
	describe();
	tool_init(&tool);
	if ((option = tool_option(&argc, &argv, &value)) != TOOL_OPERANDS)
		return tool_done(option);
	if (argc < 2)
		return tool_usage("command", "there is none");
	return run_named(argc - 1, argv + 1);
}
