/*
 * The table has all of Vere's flags, so that a script that has them is
 * understood: each is either done, or changes nothing, or is told not to be
 * there.
 */
#include "options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "client.h"
#include "command.h"
#include "commands.h"
#include "heap.h"
#include "log.h"
#include "patp.h"

enum sort {
	USED,
	NOTHING, /* there is nothing here for it to change */
	LATER,   /* for a driver that is not there: told, and passed over */
	ABSENT   /* what it asks for is not there: that is an end */
};

/* id, letter, word, value, sort, help */
#define OPTIONS(X)                                                             \
	X(PIER, 'c', "pier", "PIER", USED, "make a new ship there")            \
	X(FAKE, 'F', "fake", "SHIP", USED, "make a fake ship, on no network")  \
	X(PILL, 'B', "bootstrap", "PILL", USED,                                \
	    "the pill: a file, or a name in the cache")                        \
	X(URL, 'u', "bootstrap-url", "URL", USED, "fetch the pill from there") \
	X(BASE, 'A', "arvo", "DIR", USED,                                      \
	    "files in place of the pill's %base")                              \
	X(PROP_FILE, 0, "prop-file", "FILE", USED, "further first events")     \
	X(PROP_NAME, 0, "prop-name", "NAME", USED, "the same, in the cache")   \
	X(PROP_URL, 0, "prop-url", "URL", USED, "the same, from there")        \
	X(LITE, 'l', "lite-boot", NULL, USED, "tell it to start with little")  \
	X(EXIT, 'x', "exit", NULL, USED, "end once the ship is live")          \
	X(DAEMON, 'd', "daemon", NULL, USED, "go on in the background")        \
	X(NO_TTY, 't', "no-tty", NULL, USED, "do without a terminal")          \
	X(RECOMPUTE, 'D', "replay", NULL, USED,                                \
	    "compute all events anew first")                                   \
	X(REPLAY_TO, 'n', "replay-to", "N", USED,                              \
	    "compute the events up to N, and end")                             \
	X(SCRY, 'X', "scry", "PATH", USED, "write what is there, and end")     \
	X(SCRY_INTO, 'Y', "scry-into", "NAME", USED,                           \
	    "to this file of .urb/put")                                        \
	X(SCRY_FORMAT, 'Z', "scry-format", "jam|AURA", USED, "as this; jam")   \
	X(INJECT, 'I', "inject", "FILE", USED,                                 \
	    "begin with the event of a jam")                                   \
	X(IMPORT, 'i', "import", "FILE", USED, "begin with a POST of a jam")   \
	X(SNAP, 0, "snap-time", "MINUTES", USED, "between checkpoints; 2")     \
	X(READERS, 0, "readers", "N", USED,                                    \
	    "processes that answer; cores - 1")                                \
	X(HEAP, 0, "heap", "SIZE", USED, "most memory of the serf, as 4G")     \
	X(NO_CONN, 0, "no-conn", NULL, USED, "no control socket")              \
	X(NO_DOCK, 0, "no-dock", NULL, USED, "do not make PIER/.run")          \
	X(SERF_BIN, 0, "serf-bin", "FILE", USED, "another serf")               \
	X(LOG, 0, "log", "FILE", USED, "with -d: where words go")              \
	X(VERSIONS, 'R', "versions", NULL, USED,                               \
	    "print those of this and its libraries")                           \
	X(QUIET, 0, "quiet", NULL, USED, "the same as -q")                     \
	X(VERBOSE, 0, "verbose", NULL, USED, "the same as -v")                 \
	X(LOCAL, 'L', "local", NULL, LATER, "network of this machine alone")   \
	X(AMES, 'p', "ames-port", "PORT", LATER, "of UDP")                     \
	X(HTTP_IP, 'b', "http-ip", "IP", LATER, "of the web server")           \
	X(HTTP, 0, "http-port", "PORT", LATER, "of the web server")            \
	X(HTTPS, 0, "https-port", "PORT", LATER, "of the web server")          \
	X(JUMBO, 0, "jumbo-bloq", "BLOQ", LATER, "size of a packet's message") \
	X(NAME, 'w', "name", "SHIP", ABSENT, "a ship of the network")          \
	X(KEYS, 'k', "key-file", "FILE", ABSENT, "its keys")                   \
	X(KEY, 'G', "key-string", "KEY", ABSENT, "its keys")                   \
	X(ETHEREUM, 'e', "ethereum", "URL", ABSENT, "where it asks for keys")  \
	X(DNS, 'H', "dns-root", "DOMAIN", ABSENT, "of the network")            \
	X(AUTO, 's', "autoselect-pill", NULL, ABSENT,                          \
	    "the pill of -A's commit")                                         \
	X(JSON, 'j', "json-trace", NULL, ABSENT, "trace into .urb/put/trace")  \
	X(PROFILE, 'P', "profile", NULL, ABSENT, "profile")                    \
	X(MEMO, 'C', "memo-cache-limit", "N", NOTHING, "")                     \
	X(KEEP, 'M', "keep-cache-limit", "N", NOTHING, "")                     \
	X(IVORY, 'J', "ivory-pill", "PILL", NOTHING, "")                       \
	X(STAGE, 'K', "kernel-stage", "N", NOTHING, "")                        \
	X(HASHES, 'S', "skip-battery-hashes", NULL, NOTHING, "")               \
	X(ABORT, 'a', "abort", NULL, NOTHING, "")                              \
	X(GC, 'g', "gc", NULL, NOTHING, "")                                    \
	X(GC_ABORT, 0, "gc-abort", NULL, NOTHING, "")                          \
	X(URTH_LOOM, 0, "urth-loom", "EXPO", NOTHING, "")                      \
	X(TOSS, 0, "toss", "N", NOTHING, "")                                   \
	X(BEHN, 0, "behn-allow-blocked", NULL, NOTHING, "")                    \
	X(LOOM, 0, "loom", "EXPO", NOTHING, "")                                \
	X(NO_DEMAND, 0, "no-demand", NULL, NOTHING, "")                        \
	X(SWAP, 0, "swap", NULL, NOTHING, "")                                  \
	X(SWAP_TO, 0, "swap-to", "FILE", NOTHING, "")                          \
	X(LMDB, 0, "lmdb-map-size", "SIZE", NOTHING, "")

#define X(id, letter, word, value, sort, help) OPT_##id,
enum { OPTIONS(X) OPTIONS_N };
#undef X

/* What the help says of those that are not USED. */
#define HELP_USED(help) help
#define HELP_NOTHING(help) "changes nothing here"
#define HELP_LATER(help) help ": not there yet, and told"
#define HELP_ABSENT(help) help ": not there yet"

#define X(id, letter, word, value, sort, help) \
	{letter, word, value, HELP_##sort(help)},
static const struct tool_option table[] = {OPTIONS(X)};
#undef X

#define X(id, letter, word, value, sort, help) sort,
static const unsigned char sorts[] = {OPTIONS(X)};
#undef X

struct options options = {.readers = UINT32_MAX, .scry_format = "jam"};

/* -------- the tool, and its commands -------- */

#define TO_A_SHIP                                                              \
	"\nWhat is asked of a ship that runs, urbit PIER WORD, each with a "    \
	"--help:"
#define BESIDES                                                                   \
	"\nBesides the exit codes below: what the ship says with %exit; 130 for " \
	"^C and 143\nfor SIGTERM, while a ship is made or Hoon computed."
#define X(id, word, about) "\n  " word "\t" about
#define Y(word, run, least, most, last, operands, about) \
	"\n  " #word "\t" about
static const char about[] = "run a ship; or a command, each with a --help:" //
    COMMANDS(X) TO_A_SHIP CLIENTS(Y) BESIDES;
#undef X
#undef Y

static void
begin(void)
{
	command_tool = (struct tool){.name = "urbit",
	    .about = about,
	    .operands = "[COMMAND] PIER [WORD ...]",
	    .options = table,
	    .n_options = OPTIONS_N};
	tool_init(&command_tool);
}

/* -------- values: 0, or not when it is wrong and that was said -------- */

static void
name_option(int option, char to[40])
{
	const struct tool_option *o = &table[option];

	if (o->letter)
		snprintf(to, 40, "-%c", o->letter);
	else
		snprintf(to, 40, "--%s", o->word);
}

static int
set_readers(const char *value)
{
	return tool_count(value, &options.readers) && options.readers <= 64
	    ? 0
	    : tool_usage("--readers", "wants a number, up to 64");
}

static int
set_minutes(const char *value)
{
	unsigned n;

	options.snap_minutes = value;
	return tool_count(value, &n) && n > 0 && n <= 65536
	    ? 0
	    : tool_usage("--snap-time", "wants minutes, from 1");
}

static int
set_event(const char *value)
{
	size_t n;

	options.replay_to = value;
	return value[strspn(value, "0123456789")] == 0 && tool_size(value, &n)
	    ? 0
	    : tool_usage("-n", "wants the number of an event");
}

/* As boot has it: of 64 bits at most, for a comet is its key. */
static void
read_ship(void *name)
{
	const char *p = name;
	uint64_t word;
	noun ship;

	p += *p == '~';
	if (patp_read(p, strlen(p), &ship) && atom_to_word(ship, &word))
		options.fake = name;
}

static int
set_ship(const char *value)
{
	options.fake = NULL;
	if (heap_init(NULL) < 0)
		return tool_errno("heap");
	(void)trap_run(read_ship, (void *)(uintptr_t)value);
	heap_free();
	return options.fake != NULL
	    ? 0
	    : tool_usage(value,
	          "-F wants the name of a ship, such as ~zod, and no comet's");
}

static int
add_prop(int option, const char *value)
{
	struct options_prop *p = &options.props[options.n_props];

	if (options.n_props++ == OPTIONS_PROPS)
		return tool_usage("--prop-file", "at most 16 props");
	if (option == OPT_PROP_FILE)
		p->file = value;
	else if (option == OPT_PROP_NAME)
		p->name = value;
	else
		p->url = value;
	return 0;
}

/* Where the value goes of an option that is a word and no more. */
static const char **
text_of(int option)
{
	struct options *o = &options;

	switch (option) {
	case OPT_PILL:
		return &o->pill;
	case OPT_URL:
		return &o->url;
	case OPT_BASE:
		return &o->base;
	case OPT_SCRY:
		return &o->scry;
	case OPT_SCRY_INTO:
		return &o->scry_into;
	case OPT_SCRY_FORMAT:
		return &o->scry_format;
	case OPT_INJECT:
		return &o->inject;
	case OPT_IMPORT:
		return &o->import;
	case OPT_HEAP:
		return &o->heap;
	case OPT_SERF_BIN:
		return &o->serf;
	case OPT_LOG:
		return &o->log;
	}
	return NULL;
}

static bool *
flag_of(int option)
{
	struct options *o = &options;

	switch (option) {
	case OPT_LITE:
		return &o->lite;
	case OPT_EXIT:
		return &o->exit;
	case OPT_DAEMON:
		return &o->daemon;
	case OPT_NO_TTY:
		return &o->no_tty;
	case OPT_RECOMPUTE:
		return &o->recompute;
	case OPT_NO_CONN:
		return &o->no_conn;
	case OPT_NO_DOCK:
		return &o->no_dock;
	case OPT_VERSIONS:
		return &o->versions;
	case OPT_QUIET:
		return &command_tool.quiet;
	case OPT_VERBOSE:
		return &command_tool.verbose;
	}
	return NULL;
}

static int
set_pier(const char *pier)
{
	if (options.pier != NULL)
		return tool_usage(pier, "one pier at a time");
	options.pier = pier;
	return 0;
}

static int
set_used(int option, const char *value)
{
	const char **text = text_of(option);
	bool *flag = flag_of(option);

	if (text != NULL)
		*text = value;
	else if (flag != NULL)
		*flag = true;
	else if (option == OPT_PIER)
		return options.create = true, set_pier(value);
	else if (option == OPT_FAKE)
		return set_ship(value);
	else if (option == OPT_READERS)
		return set_readers(value);
	else if (option == OPT_SNAP)
		return set_minutes(value);
	else if (option == OPT_REPLAY_TO)
		return set_event(value);
	else
		return add_prop(option, value);
	return 0;
}

/* -------- what is not there -------- */

static const char *
why_absent(int option)
{
	switch (option) {
	case OPT_JSON:
	case OPT_PROFILE:
		return "not there yet; boot and nock-eval have --profile";
	case OPT_AUTO:
		return "not there; name the pill with -B or -u";
	}
	return "to boot on the network is not there yet; -F SHIP makes a fake "
	       "ship";
}

/* The first of them that was given; -1 = none. */
static int later = -1;

/* What will be taken once it is there, and no other. */
static int
set_later(int option, const char *name, const char *value)
{
	bool port =
	    option == OPT_AMES || option == OPT_HTTP || option == OPT_HTTPS;
	unsigned n;

	if (port && (!tool_count(value, &n) || n > 65535))
		return tool_usage(name, "wants a port, up to 65535");
	later = later < 0 ? option : later;
	return 0;
}

static int
set(int option, const char *value)
{
	char name[40];

	name_option(option, name);
	switch (sorts[option]) {
	case USED:
		return set_used(option, value);
	case NOTHING:
		command_no_matter(&table[option]);
		return 0;
	case LATER:
		return set_later(option, name, value);
	default:
		return command_absent(name, why_absent(option));
	}
}

/* What was given in vain, once -q and -v are known. */
static void
tell(void)
{
	char name[40];

	command_tell();
	if (later < 0)
		return;
	name_option(later, name);
	tool_say(name,
	    "the drivers of the network and the web are not there yet: "
	    "nothing will listen");
}

/* -------- what cannot go together: 0, or the exit code -------- */

/* -c without -F: 0, or the exit code. */
static int
check_comet(void)
{
	struct options *o = &options;
	char log[4096];

	if (!o->create || o->fake != NULL)
		return 0;
	snprintf(log, sizeof log, "%s/" LOG_NAME, o->pier);
	if (access(log, F_OK) == 0)
		return tool_fail(TOOL_USAGE, o->pier,
		    "it is there already; urbit %s runs it, without -c",
		    o->pier);
	return command_absent("-c",
	    "without -F this makes a comet, and to boot on the network is not "
	    "there yet");
}

static int
check_new(void)
{
	struct options *o = &options;

	if (o->pill != NULL && o->url != NULL)
		return tool_usage("-u", "the pill is that of -B, or of -u");
	if (!o->create && (o->pill || o->url || o->base || o->n_props))
		return tool_usage(o->pill ? "-B"
		        : o->url          ? "-u"
		        : o->base         ? "-A"
		                          : "--prop",
		    "is for a new ship: -F says which");
	return check_comet();
}

static int
check(void)
{
	struct options *o = &options;

	if (o->inject != NULL && o->import != NULL)
		return tool_usage("-i", "one event to begin with: -I or -i");
	if (o->scry == NULL && o->scry_into != NULL)
		return tool_usage("-Y", "is for -X");
	if (o->log != NULL && !o->daemon)
		return tool_usage("--log", "is for -d");
	return check_new();
}

/* -F zod alone makes zod, in the directory of that name. */
static int
settle_pier(void)
{
	struct options *o = &options;

	if (o->fake != NULL) {
		o->create = true;
		if (o->pier == NULL)
			o->pier = o->fake + (o->fake[0] == '~');
	}
	if (o->pier == NULL)
		o->pier = command_own_pier();
	return o->pier != NULL ? 0 : tool_usage("pier", "there is none");
}

/* -------- reading -------- */

/*
 * The first operand is the pier, unless .run is that already; a further one
 * begins a command to the ship, and what follows is its own.
 */
static int
take_operand(int argc, char **argv)
{
	if (options.pier == NULL && command_own_pier() == NULL)
		return set_pier(argv[1]);
	options.command = argv + 1;
	options.n_command = argc - 1;
	return 0;
}

/* As tool_take(), up to a command. */
static int
take(int argc, char **argv)
{
	const char *value;

	while (options.command == NULL) {
		int option = tool_option(&argc, &argv, &value);

		if (option < TOOL_OPERANDS)
			return tool_done(option);
		if (option == TOOL_OPERANDS && argc < 2)
			break;
		if (option >= 0 ? set(option, value) : take_operand(argc, argv))
			return TOOL_USAGE;
		if (option == TOOL_OPERANDS) {
			argc--;
			argv++;
		}
	}
	return TOOL_GO;
}

int
options_read(int argc, char **argv)
{
	int code;

	begin();
	if ((code = take(argc, argv)) != TOOL_GO)
		return code;
	if (options.versions)
		return TOOL_GO;
	if (settle_pier() || check())
		return TOOL_USAGE;
	tell();
	return TOOL_GO;
}
