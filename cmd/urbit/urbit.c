/*
 * urbit -- the one program with a ship's name: a table of subcommands.
 */
#include <string.h>

#include "commands.h"
#include "tool.h"

static const struct {
	const char *name;
	int (*main)(int argc, char **argv);
} commands[] = {
#define X(name, about) {#name, name##_main},
    COMMANDS(X)
#undef X
};

#define X(name, about) "\n  " #name "\t" about
static const char about[] =
    "run Urbit; its commands, each with a --help:" COMMANDS(X);
#undef X

#define X(name, about) " " #name
static const char operands[] = "COMMAND ...; commands:" COMMANDS(X);
#undef X

static struct tool tool = {
    .name = "urbit",
    .about = about,
    .operands = operands,
};

int
main(int argc, char **argv)
{
	const char *value;
	int option;

	tool_init(&tool);
	if ((option = tool_option(&argc, &argv, &value)) != TOOL_OPERANDS)
		return tool_done(option);
	if (argc < 2)
		return tool_usage("command", "there is none");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].main(argc - 1, argv + 1);
	return tool_usage(argv[1], "no such command");
}
