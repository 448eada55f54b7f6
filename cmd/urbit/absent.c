/*
 * next, upgrade, vere, fetch-vere -- what fetches a newer runtime: not there.
 */
#include <string.h>

#include "command.h"
#include "commands.h"

static const char not_there[] =
    "not there: a newer version is installed as this one was, and takes the "
    "pier as it is";

static bool
wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

/* Its --help is all that there is of it; options it would have are ignored. */
static int
help(const char *name, const char *about, const char *operands)
{
	static char flag[] = "--help";
	char *words[] = {(char *)(uintptr_t)name, flag, NULL}, **argv = words;
	const char *value;
	int argc = 2;

	command_tool =
	    (struct tool){.name = name, .about = about, .operands = operands};
	tool_init(&command_tool);
	return tool_done(tool_option(&argc, &argv, &value));
}

static int
refuse(const char *word)
{
	tool_init(&command_tool);
	return command_absent(word, not_there);
}

int
next_main(int argc, char **argv)
{
	return wants_help(argc, argv)
	    ? help("urbit next",
	          "would fetch the next version of the program; not there",
	          "PIER")
	    : refuse(argv[0]);
}

int
upgrade_main(int argc, char **argv)
{
	return wants_help(argc, argv)
	    ? help("urbit upgrade",
	          "would fetch the next version of the program; not there",
	          "PIER")
	    : refuse(argv[0]);
}

int
vere_main(int argc, char **argv)
{
	return wants_help(argc, argv)
	    ? help("urbit vere", "would fetch a program of Vere's; not there",
	          "DIR")
	    : refuse(argv[0]);
}

int
fetch_vere_main(int argc, char **argv)
{
	return wants_help(argc, argv)
	    ? help("urbit fetch-vere",
	          "would fetch a program of Vere's; not there", "DIR")
	    : refuse(argv[0]);
}
