#include "options.h"

#include <fcntl.h>
#include <unistd.h>

#include "jetwatch.h"
#include "load.h"
#include "tool.h"

/* id, letter, word, value, help */
#define OPTIONS(X)                                                          \
	X(READY, 'd', NULL, "FD", "write a newline there when ready")       \
	X(SNAP, 0, "snap-time", "SECS", "between checkpoints; 120")         \
	X(LIMIT, 0, "limit-time", "SECS", "give an event up after so long") \
	X(HEAP, 0, "heap", "SIZE", "use at most SIZE of memory, as 512M")   \
	X(NO_PUBLISH, 0, "no-publish", NULL,                                \
	    "let readers see checkpoints only")                             \
	X(RESUME, 0, "resume", "FD",                                        \
	    "go on for the process that was; its own")                      \
	JETWATCH_OPTIONS(X)

enum { OPTIONS(TOOL_OPT) OPTIONS_N, OPT_JETS = OPTIONS_N - JETWATCH_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

struct options options = {
    .ready = -1,
    .resumed = -1,
    .snap_ns = UINT64_C(120000000000),
    .publish = true,
};

static struct tool tool = {
    .name = "serf",
    .about = "compute a ship's events, and keep them",
    .operands = "PIER",
    .options = table,
    .n_options = OPTIONS_N,
};

static int
set_fd(const char *option, const char *value, int *fd)
{
	return tool_fd(value, fd)
	    ? 0
	    : tool_usage(option, "wants a descriptor that is open");
}

static int
set(int option, const char *value)
{
	struct options *o = &options;

	if (option >= OPT_JETS)
		return jetwatch_set(option - OPT_JETS, value);
	switch (option) {
	case OPT_READY: /* which the process before has written to */
		return o->resumed >= 0 ? 0 : set_fd("-d", value, &o->ready);
	case OPT_RESUME:
		return set_fd("--resume", value, &o->resumed);
	case OPT_NO_PUBLISH:
		o->publish = false;
		return 0;
	case OPT_SNAP:
		return tool_seconds(value, &o->snap_ns)
		    ? 0
		    : tool_usage("--snap-time", "wants seconds, such as 120");
	case OPT_LIMIT:
		return load_limit(value, &o->limit_ns);
	default:
		return load_heap(value, &o->heap);
	}
}

static int
set_pier(const char *pier)
{
	if (options.pier)
		return tool_usage(pier, "one pier at a time");
	options.pier = pier;
	return 0;
}

int
options_read(int argc, char **argv)
{
	int code;

	tool_init(&tool);
	if ((code = tool_take(argc, argv, set, set_pier)) != TOOL_GO)
		return code;
	options.verbose = tool.verbose;
	if (options.pier == NULL)
		return tool_usage("pier", "there is none");
	if (isatty(STDOUT_FILENO))
		return tool_usage("stdout", "frames are not for a terminal");
	return TOOL_GO;
}
