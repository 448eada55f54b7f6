#include "dill.h"
#include "tool.h"

enum { READY, NO_TTY, TTY, PUT, MOUSE };

static const struct tool_option options[] = {
    [READY] = {'d', NULL, "FD",
        "write a newline there when ready, and close it"},
    [NO_TTY] = {'t', "no-tty", NULL,
        "no terminal: lines to standard error, no keys"},
    [TTY] = {0, "tty", "PATH", "the terminal, or its descriptor; /dev/tty"},
    [PUT] = {0, "put", "DIR", "where files go that the ship saves"},
    [MOUSE] = {0, "mouse", NULL, "have clicks move the cursor"},
};

static struct tool tool = {
    .name = "dill",
    .about = "the terminal of a ship",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .operands = "",
};

int
options_read(int argc, char **argv, struct dill_options *o)
{
	const char *value;
	int i, code;

	tool_init(&tool);
	while ((i = tool_option(&argc, &argv, &value)) >= 0) {
		if (i == NO_TTY)
			o->no_tty = true;
		else if (i == MOUSE)
			o->mouse = true;
		else if (i == TTY)
			o->tty = value;
		else if (i == PUT)
			o->put = value;
		else if ((code = driver_ready_option(value, &o->ready_fd)))
			return code;
	}
	if (i != TOOL_OPERANDS)
		return tool_done(i);
	return argc > 1 ? tool_usage(argv[1], "no operand is wanted") : -1;
}
