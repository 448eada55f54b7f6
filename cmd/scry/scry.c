/*
 * scry -- ask a ship: a reader of its image, for other programs and for
 * people.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "driver.h"
#include "jail.h"
#include "load.h"
#include "look.h"
#include "reader.h"
#include "serve.h"
#include "tell.h"
#include "tool.h"

/* id, letter, word, value, help */
#define OPTIONS(X)                                                            \
	X(TO, 'o', NULL, "FORM",                                              \
	    "write what is at a PATH as text, jam or newt")                   \
	X(READY, 'd', NULL, "FD", "a newline goes there when ready")          \
	X(HEAP, 0, "heap", "SIZE", "use at most SIZE of memory, as 512M; 1G") \
	X(LIMIT, 0, "limit-time", "SECS",                                     \
	    "give up a question after so long; 60")

enum { OPTIONS(TOOL_OPT) OPTIONS_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

static struct tool tool = {
    .name = "scry",
    .about = "ask a ship, while it runs or not",
    .operands = "PIER [PATH ...]",
    .options = table,
    .n_options = OPTIONS_N,
};

static struct {
	enum form to;
	int ready;
	size_t heap;
	uint64_t limit_ns;
	char **words; /* PIER, and what follows */
	int n;
} options = {FORM_TEXT, 0, 1 << 30, UINT64_C(60000000000), NULL, 0};

static int
set(int option, const char *value)
{
	switch (option) {
	case OPT_TO:
		if (form_named(value, &options.to) && options.to != FORM_IMAGE)
			return 0;
		return tool_usage("-o", "text, jam or newt");
	case OPT_READY:
		return driver_ready_option(value, &options.ready);
	case OPT_HEAP:
		return load_heap(value, &options.heap);
	default:
		return load_limit(value, &options.limit_ns);
	}
}

/* They are gathered where the arguments begin. */
static int
add_word(const char *s)
{
	options.words[options.n++] = (char *)s;
	return 0;
}

/* -------- as a process of a ship -------- */

static int
enter_jail(void)
{
	if (jail_enter(JAIL_READ) == 0)
		return 0;
	if (errno != ENOSYS)
		return tool_errno("jail");
	tool_say("jail", "this kernel has none, going on without");
	return 0;
}

static int
tell_ready(int fd)
{
	if (fd == 0 || (write(fd, "\n", 1) == 1 && close(fd) == 0))
		return 0;
	return tool_errno("-d");
}

/* ^C is its parent's business; not so for one that reads a terminal. */
static int
run_filter(struct reader *r)
{
	int code;

	if (!isatty(STDIN_FILENO))
		signal(SIGINT, SIG_IGN);
	if ((code = enter_jail()) != 0 ||
	    (code = tell_ready(options.ready)) != 0)
		return code;
	return serve(r);
}

int
main(int argc, char **argv)
{
	static struct reader reader;
	int code;

	tool_init(&tool);
	options.words = argv;
	if ((code = tool_take(argc, argv, set, add_word)) != TOOL_GO)
		return code;
	if (options.n == 0)
		return tool_usage("PIER", "there is none");
	tell_init(STDERR_FILENO);
	reader.pier = options.words[0];
	reader.heap = options.heap;
	reader.limit_ns = options.limit_ns;
	reader.loud = tool.verbose;
	if ((code = reader_open(&reader)) == 0)
		code = options.n > 1 ? look(&reader, options.words + 1,
		                           options.n - 1, options.to)
		                     : run_filter(&reader);
	reader_close(&reader);
	return code;
}
