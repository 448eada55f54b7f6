/*
 * boot, work, serf -- the tools of that name, with their own options.
 */
#include "beside.h"
#include "command.h"
#include "commands.h"

static int
become(const char *name, int argc, char **argv)
{
	struct args a = {.n = 0};

	tool_init(&command_tool);
	if (argc > ARGS_MAX)
		return tool_fail(TOOL_USAGE, name, "too many arguments");
	args_add(&a, name);
	for (int i = 1; i < argc; i++)
		args_add(&a, argv[i]);
	return beside_exec(&a);
}

int
boot_main(int argc, char **argv)
{
	return become("boot", argc, argv);
}

int
serf_main(int argc, char **argv)
{
	return become("serf", argc, argv);
}

int
work_main(int argc, char **argv)
{
	return serf_main(argc, argv);
}
