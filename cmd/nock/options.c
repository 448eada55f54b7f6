#include "options.h"

#include <string.h>
#include <unistd.h>

#include "jetwatch.h"
#include "load.h"
#include "pool.h"
#include "tool.h"

/* How much is shown of a noun on a terminal, without -o. */
enum { VIEW_DEPTH = 4, VIEW_WIDTH = 8 };

/* id, letter, word, value, help */
#define OPTIONS(X)                                                             \
	X(SUBJECT, 's', NULL, "NOUN", "the subject, as text or a file's name") \
	X(FORMULA, 'f', NULL, "NOUN", "the formula, likewise")                 \
	X(GATE, 'g', NULL, "NOUN",                                             \
	    "a gate, likewise: call it with what is read")                     \
	X(FROM, 'i', NULL, "FORM", "read jam, image, text or, with -j, newt")  \
	X(TO, 'o', NULL, "FORM", "write text, image, jam or newt")             \
	X(STREAM, 'j', NULL, "N", "do a stream of jobs on N cores; 0 = all")   \
	X(AS_DONE, 0, "as-done", NULL, "-j: [index answer], as they are done") \
	X(TIME, 0, "time", NULL,                                               \
	    "tell the time, the work and the memory it took")                  \
	X(TRACE, 0, "trace", NULL, "tell of every call")                       \
	X(PROFILE, 0, "profile", "OUT",                                        \
	    "write where the time went; OUT.json: a trace")                    \
	X(DISASM, 0, "disasm", NULL,                                           \
	    "print the formula's bytecode, do not run it")                     \
	X(LIMIT, 0, "limit-time", "SECS", "give up after so long, as 0.5")     \
	X(HEAP, 0, "heap", "SIZE", "use at most SIZE of memory, as 512M")      \
	X(SCRY, 0, "scry", "FILE", "what opcode 12 finds: a list or map")      \
	X(SLOG, 0, "slog", "FD", "the descriptor for %slog; 2 if not given")   \
	X(DEPTH, 0, "depth", "N", "text: show N brackets deep; 0 = all")       \
	X(WIDTH, 0, "width", "N", "text: show N items of a bracket; 0 = all")  \
	X(PLAIN, 0, "plain", NULL, "text: every atom in decimal")              \
	JETWATCH_OPTIONS(X)

enum { OPTIONS(TOOL_OPT) OPTIONS_N, OPT_JETS = OPTIONS_N - JETWATCH_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

struct options options = {.from = FORM_ANY, .slog = STDERR_FILENO};

static struct tool tool = {
    .name = "nock-eval",
    .about = "run a Nock formula on a subject",
    .operands = "[FILE]",
    .options = table,
    .n_options = OPTIONS_N,
};

bool
options_complete(void)
{
	return options.subject && options.formula;
}

/* -------- values: 0, or not when it is wrong and that was said -------- */

static int
set_count(unsigned *n, const char *option, const char *value)
{
	return tool_count(value, n) ? 0 : tool_usage(option, "wants a number");
}

static int
set_workers(const char *value)
{
	options.stream = true;
	if (!tool_count(value, &options.workers) ||
	    options.workers > POOL_WORKERS_MAX)
		return tool_usage("-j", "wants a number of at most 1024");
	return 0;
}

static int
set(int option, const char *value)
{
	struct options *o = &options;

	if (option >= OPT_JETS)
		return jetwatch_set(option - OPT_JETS, value);
	switch (option) {
	case OPT_SUBJECT:
		o->subject = value;
		return 0;
	case OPT_FORMULA:
		o->formula = value;
		return 0;
	case OPT_GATE:
		o->gate = value;
		return 0;
	case OPT_SCRY:
		o->scry = value;
		return 0;
	case OPT_PROFILE:
		o->profile = value;
		return 0;
	case OPT_FROM:
		return form_option("-i", value, &o->from);
	case OPT_TO:
		o->to_given = true;
		return form_option("-o", value, &o->to);
	case OPT_STREAM:
		return set_workers(value);
	case OPT_LIMIT:
		return load_limit(value, &options.limit_ns);
	case OPT_HEAP:
		return load_heap(value, &options.heap);
	case OPT_SLOG:
		return load_slog(value, &options.slog);
	case OPT_DEPTH:
		o->sized = true;
		return set_count(&o->text.depth, "--depth", value);
	case OPT_WIDTH:
		o->sized = true;
		return set_count(&o->text.width, "--width", value);
	case OPT_AS_DONE:
		o->as_done = true;
		return 0;
	case OPT_TIME:
		o->time = true;
		return 0;
	case OPT_TRACE:
		o->trace = true;
		return 0;
	case OPT_DISASM:
		o->disasm = true;
		return 0;
	default:
		o->text.plain = true;
		return 0;
	}
}

/* -------- forms -------- */

/* What is written without -o. */
static void
choose_form(void)
{
	struct options *o = &options;

	if (o->stream && o->from == FORM_ANY)
		o->from = FORM_NEWT;
	if (o->to_given)
		return;
	if (o->stream) {
		o->to = o->from == FORM_TEXT ? FORM_TEXT : FORM_NEWT;
	} else if (!isatty(STDOUT_FILENO)) {
		o->to = FORM_IMAGE;
	} else {
		o->to = FORM_TEXT;
		if (!o->sized) {
			o->text.depth = VIEW_DEPTH;
			o->text.width = VIEW_WIDTH;
		}
	}
}

/* -------- what cannot go together: 0, or the exit code -------- */

static int
check_nouns(void)
{
	const struct options *o = &options;

	if (o->gate && (o->subject || o->formula))
		return tool_usage("-g", "a gate has its subject and formula");
	if (options_complete() && o->file)
		return tool_usage(o->file, "there is nothing left to read");
	if (options_complete() && o->stream)
		return tool_usage("-j", "there is nothing left to read");
	return 0;
}

static int
check_stream(void)
{
	const struct options *o = &options;

	if (o->from != FORM_NEWT && o->from != FORM_TEXT)
		return tool_usage("-i", "with -j, newt or text is read");
	if (o->to != FORM_NEWT && o->to != FORM_TEXT)
		return tool_usage("-o", "with -j, newt or text is written");
	if (o->time || o->trace || o->profile || o->disasm)
		return tool_usage("-j",
		    "--time, --trace, --profile and "
		    "--disasm are for one formula");
	if (jetwatch_measures())
		return tool_usage("-j", "--jet-stats is for one formula");
	return 0;
}

static int
check_single(void)
{
	const struct options *o = &options;

	if (o->from == FORM_NEWT)
		return tool_usage("-i", "a stream of frames wants -j");
	if (o->as_done)
		return tool_usage("--as-done", "is for -j");
	if (o->gate && o->disasm)
		return tool_usage("--disasm", "wants a formula, not a gate");
	return 0;
}

static int
check(void)
{
	int code = check_nouns();

	if (code == 0)
		code = options.stream ? check_stream() : check_single();
	if (code == 0 && options.to == FORM_NEWT && isatty(STDOUT_FILENO) &&
	    !options.to_given)
		code = tool_usage("stdout",
		    "is a terminal; -o text is for people, -o newt if you must");
	return code;
}

static int
set_file(const char *file)
{
	if (options.file)
		return tool_usage(file, "one file at a time");
	options.file = file;
	return 0;
}

int
options_read(int argc, char **argv)
{
	int code;

	tool_init(&tool);
	if ((code = tool_take(argc, argv, set, set_file)) != TOOL_GO)
		return code;
	options.verbose = tool.verbose;
	choose_form();
	options.object = options_complete()                  ? "formula"
	    : options.file && strcmp(options.file, "-") != 0 ? options.file
	                                                     : "stdin";
	return check() ? TOOL_USAGE : TOOL_GO;
}
