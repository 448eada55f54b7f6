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

static struct tool one;
static char **operands;
static int n_operands;

/* They are gathered where the arguments begin. */
static int
add_operand(const char *s)
{
	operands[n_operands++] = (char *)s;
	return 0;
}

bool
command_verbose(void)
{
	return one.verbose;
}

static int
run(const struct command *c, const char *name, int argc, char **argv)
{
	int code;

	one = (struct tool){.name = name,
	    .about = c->about,
	    .operands = c->operands,
	    .options = c->options,
	    .n_options = c->n_options};
	tool_init(&one);
	operands = argv;
	if ((code = tool_take(argc, argv, c->set, add_operand)) != TOOL_GO)
		return code;
	if (n_operands < c->least)
		return tool_usage("operands", "too few");
	if (n_operands > c->most)
		return tool_usage(operands[c->most], "one too many");
	return stop_end(c->run(n_operands, operands));
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
