/*
 * urbit -- the one program with a ship's name: it runs a ship, or does one of
 * the commands of commands.h.
 */
#include <string.h>

#include "command.h"
#include "commands.h"
#include "run.h"
#include "tool.h"

static const struct {
	const char *word;
	int (*main)(int argc, char **argv);
} commands[] = {
#define X(id, word, about) {word, id##_main},
    COMMANDS(X)
#undef X
};

int
main(int argc, char **argv)
{
	if (argc > 0)
		command_called = argv[0];
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (argc > 1 && strcmp(argv[1], commands[i].word) == 0)
			return commands[i].main(argc - 1, argv + 1);
	return run_main(argc, argv);
}
