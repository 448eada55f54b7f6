#include "options.h"

#include <string.h>
#include <unistd.h>

#include "jetwatch.h"
#include "load.h"
#include "tool.h"

/* id, letter, word, value, help */
#define OPTIONS(X)                                                             \
	X(FAKE, 'F', "fake", "SHIP", "a fake ship, on no network")             \
	X(PILL, 'B', "bootstrap", "PILL", "the pill; standard input if not")   \
	X(BASE, 'A', "arvo", "DIR", "files in place of the pill's %base")      \
	X(PROP, 0, "prop", "FILE", "further events, a prop's; again for more") \
	X(LITE, 'l', "lite", NULL, "tell the kernel to start with little")     \
	X(SEED, 0, "seed", "HEX", "not chance and the clock: the same again")  \
	X(ORDER, 0, "order", "today|2023",                                     \
	    "of the first events, if not the "                                 \
	    "pill's own")                                                      \
	X(STOP, 0, "stop-after", "N", "stop after event N; 0 = before any")    \
	X(EVENTS, 0, "events", NULL, "list the events, run none")              \
	X(EVENT, 0, "event", "N", "write event N, run none")                   \
	X(OUT, 'o', NULL, "FILE|FORM", "where it goes; a form: to stdout")     \
	X(SOLID, 0, "solid", "OUT", "write a pill that boots sooner")          \
	X(CACHE, 0, "cache", NULL,                                             \
	    "with --solid: what its boots compile, too")                       \
	X(NO_CACHE, 0, "no-cache", NULL, "take no products from the pill")     \
	X(TIME, 0, "time", NULL, "tell what each event took")                  \
	X(EFFECTS, 0, "effects", NULL, "print each event's effects, in part")  \
	X(TRACE, 0, "trace", NULL, "tell of every call")                       \
	X(PROFILE, 0, "profile", "OUT",                                        \
	    "write where the time went; OUT.json: a trace")                    \
	X(LIMIT, 0, "limit-time", "SECS", "give an event up after so long")    \
	X(HEAP, 0, "heap", "SIZE", "use at most SIZE of memory, as 512M")      \
	X(SLOG, 0, "slog", "FD", "the descriptor for %slog; 2 if not given")   \
	X(NAME, 'w', "name", "SHIP", "a ship on the network: not there yet")   \
	X(KEYS, 'k', "key-file", "FILE", "its keys: not there yet")            \
	X(KEY, 'G', "key-string", "KEY", "its keys: not there yet")            \
	X(COMET, 0, "comet-key", "FILE", "a comet: not there yet")             \
	JETWATCH_OPTIONS(X)

enum { OPTIONS(TOOL_OPT) OPTIONS_N, OPT_JETS = OPTIONS_N - JETWATCH_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

struct options options = {.slog = STDERR_FILENO, .to = FORM_JAM};

static struct tool tool = {
    .name = "boot",
    .about = "make a ship from its pill, or go on making it",
    .operands = "[PIER]",
    .options = table,
    .n_options = OPTIONS_N,
};

/* -------- values: 0, or not when it is wrong and that was said -------- */

static int
set_task(enum task task, const char *option)
{
	if (options.task != TASK_BOOT)
		return tool_usage(option, "one of --events, --event, --solid");
	options.task = task;
	return 0;
}

static int
set_event(const char *value)
{
	if (!tool_count(value, &options.event) || options.event == 0)
		return tool_usage("--event", "wants a number, from 1");
	return set_task(TASK_EXTRACT, "--event");
}

/* A form's name is one; any other is that of a file. */
static int
set_out(const char *value)
{
	options.out_given = true;
	if (!form_named(value, &options.to))
		options.out = value;
	else if (options.to == FORM_NEWT && isatty(STDOUT_FILENO))
		return tool_usage("-o", "newt is not for a terminal");
	return 0;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = strchr(digits, c | 0x20);

	return c != 0 && p != NULL ? (int)(p - digits) : -1;
}

static int
set_seed(const char *value)
{
	size_t n = strlen(value);

	if (n == 0 || n % 2 != 0 || n / 2 > SEED_MAX)
		return tool_usage(
		    "--seed", "wants bytes in hex, two digits each");
	for (size_t i = 0; i < n; i += 2) {
		int high = hex_digit(value[i]), low = hex_digit(value[i + 1]);

		if (high < 0 || low < 0)
			return tool_usage(
			    "--seed", "wants bytes in hex, two digits each");
		options.seed[i / 2] = (uint8_t)(high << 4 | low);
	}
	options.seed_n = n / 2;
	return 0;
}

static int
set_order(const char *value)
{
	options.ordered = true;
	options.order = strcmp(value, "2023") == 0 ? BOOT_2023 : BOOT_TODAY;
	return options.order == BOOT_2023 || strcmp(value, "today") == 0
	    ? 0
	    : tool_usage("--order", "is today or 2023");
}

static int
set_stop(const char *value)
{
	options.stops = true;
	return tool_count(value, &options.stop)
	    ? 0
	    : tool_usage("--stop-after", "wants a number");
}

static int
add_prop(const char *value)
{
	if (options.n_props == PROPS_MAX)
		return tool_usage("--prop", "at most 64");
	options.props[options.n_props++] = value;
	return 0;
}

/* A pier that is reached has keys, and these come from Azimuth. */
static int
refuse_network(const char *option)
{
	return tool_fail(TOOL_USAGE, option,
	    "to boot on the network is not there yet; -F SHIP boots a fake "
	    "ship");
}

static int
set(int option, const char *value)
{
	struct options *o = &options;

	if (option >= OPT_JETS)
		return jetwatch_set(option - OPT_JETS, value);
	switch (option) {
	case OPT_FAKE:
		o->fake = value;
		return 0;
	case OPT_PILL:
		o->pill = value;
		return 0;
	case OPT_BASE:
		o->base = value;
		return 0;
	case OPT_PROP:
		return add_prop(value);
	case OPT_LITE:
		o->lite = true;
		return 0;
	case OPT_SEED:
		return set_seed(value);
	case OPT_ORDER:
		return set_order(value);
	case OPT_STOP:
		return set_stop(value);
	case OPT_EVENTS:
		return set_task(TASK_LIST, "--events");
	case OPT_EVENT:
		return set_event(value);
	case OPT_OUT:
		return set_out(value);
	case OPT_SOLID:
		o->solid = value;
		return set_task(TASK_SOLID, "--solid");
	case OPT_CACHE:
		o->cache = true;
		return 0;
	case OPT_NO_CACHE:
		o->no_cache = true;
		return 0;
	case OPT_TIME:
		o->time = true;
		return 0;
	case OPT_EFFECTS:
		o->effects = true;
		return 0;
	case OPT_TRACE:
		o->trace = true;
		return 0;
	case OPT_PROFILE:
		o->profile = value;
		return 0;
	case OPT_LIMIT:
		return load_limit(value, &options.limit_ns);
	case OPT_HEAP:
		return load_heap(value, &options.heap);
	case OPT_SLOG:
		return load_slog(value, &options.slog);
	case OPT_NAME:
		return refuse_network("-w");
	case OPT_KEYS:
		return refuse_network("-k");
	case OPT_KEY:
		return refuse_network("-G");
	default:
		return refuse_network("--comet-key");
	}
}

/* -------- what cannot go together: 0, or the exit code -------- */

static int
check(void)
{
	const struct options *o = &options;

	if (o->out_given && o->task != TASK_EXTRACT)
		return tool_usage("-o", "is for --event");
	if (o->cache && o->task != TASK_SOLID)
		return tool_usage("--cache", "is for --solid");
	if (o->task != TASK_BOOT) {
		if (o->stops)
			return tool_usage("--stop-after", "nothing is run");
		if (o->effects)
			return tool_usage("--effects", "nothing is run");
		if (o->pier && o->pill)
			return tool_usage(
			    o->pier, "the events of a pier, or of a pill");
		return 0;
	}
	return o->pier ? 0 : tool_usage("pier", "there is none");
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
	return check() ? TOOL_USAGE : TOOL_GO;
}
