/*
 * next, upgrade, vere, fetch-vere -- what fetches a newer runtime: not there.
 */
#include "command.h"
#include "commands.h"

static int
no_newer(const char *word)
{
	tool_init(&command_tool);
	return command_absent(word,
	    "not there: a newer version is installed as this one was, and "
	    "takes the pier as it is");
}

int
next_main(int argc, char **argv)
{
	(void)argc;
	return no_newer(argv[0]);
}

int
upgrade_main(int argc, char **argv)
{
	return next_main(argc, argv);
}

int
vere_main(int argc, char **argv)
{
	return next_main(argc, argv);
}

int
fetch_vere_main(int argc, char **argv)
{
	return next_main(argc, argv);
}
