#include "dill.h"
#include "tool.h"

#define OPTIONS(X)                                                            \
	X(READY, 'd', NULL, "FD",                                             \
	    "write a newline there when ready, and close it")                 \
	X(NO_TTY, 't', "no-tty", NULL,                                        \
	    "no terminal: lines to standard error, no keys")                  \
	X(TTY, 0, "tty", "PATH", "the terminal, or its descriptor; /dev/tty") \
	X(PUT, 0, "put", "DIR", "where files go that the ship saves")         \
	X(MOUSE, 0, "mouse", NULL, "have clicks move the cursor")             \
	X(KEPT, 0, "kept", NULL, "who starts it puts the terminal back")

enum { OPTIONS(TOOL_OPT) OPTIONS_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

static struct tool tool = {
    .name = "dill",
    .about = "the terminal of a ship",
    .options = table,
    .n_options = OPTIONS_N,
    .operands = "",
};

static struct dill_options *options;

static int
set(int option, const char *value)
{
	switch (option) {
	case OPT_READY:
		return driver_ready_option(value, &options->ready_fd);
	case OPT_NO_TTY:
		options->no_tty = true;
		return 0;
	case OPT_TTY:
		options->tty = value;
		return 0;
	case OPT_PUT:
		options->put = value;
		return 0;
	case OPT_KEPT:
		options->kept = true;
		return 0;
	default:
		options->mouse = true;
		return 0;
	}
}

int
options_read(int argc, char **argv, struct dill_options *o)
{
	tool_init(&tool);
	options = o;
	return tool_take(argc, argv, set, tool_no_operand);
}
