#include "eval_options.h"

#include <string.h>

#include "jetwatch.h"
#include "load.h"
#include "tool.h"

/* id, letter, word, value, help */
#define OPTIONS(X)                                                             \
	X(PILL, 'J', "ivory-pill", "PILL",                                     \
	    "the kernel; the newest in the cache if not given")                \
	X(TO, 'o', NULL, "FORM", "write the noun: text, image, jam or newt")   \
	X(JAM, 'j', "jam", NULL, "write the noun as its jam")                  \
	X(CUE, 'c', "cue", NULL, "read a jam and show its noun; no Hoon")      \
	X(NEWT, 'n', "newt", NULL, "with -j or -c: the jam is in a frame")     \
	X(KHAN, 'k', NULL, NULL, "with -c: the jam is what a thread answered") \
	X(BATCH, 0, "batch", NULL, "an expression a line, an answer a line")   \
	X(LIMIT, 0, "limit-time", "SECS",                                      \
	    "give an expression up after so long, as 0.5")                     \
	X(HEAP, 0, "heap", "SIZE", "use at most SIZE of memory, as 512M")      \
	JETWATCH_OPTIONS(X)

enum { OPTIONS(TOOL_OPT) OPTIONS_N, OPT_JETS = OPTIONS_N - JETWATCH_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

static struct tool tool = {
    .name = "urbit eval",
    .about = "run Hoon through an ivory pill",
    .operands = "[EXPRESSION ...]",
    .options = table,
    .n_options = OPTIONS_N,
};

struct eval_options eval_options;

/* -------- values: 0, or -1 when it is wrong and that was said -------- */

static int
set_form(const char *option, enum form f)
{
	if (eval_options.raw)
		return tool_usage(option, "one form at a time");
	eval_options.raw = true;
	eval_options.to = f;
	return 0;
}

static int
set_named_form(const char *value)
{
	enum form f;

	return form_named(value, &f)
	    ? set_form("-o", f)
	    : tool_usage("-o", "the forms are jam, newt, image and text");
}

static int
set(int option, const char *value)
{
	struct eval_options *o = &eval_options;

	if (option >= OPT_JETS)
		return jetwatch_set(option - OPT_JETS, value);
	switch (option) {
	case OPT_PILL:
		o->pill = value;
		return 0;
	case OPT_TO:
		return set_named_form(value);
	case OPT_JAM:
		return set_form("-j", FORM_JAM);
	case OPT_LIMIT:
		return load_limit(value, &eval_options.limit_ns);
	case OPT_HEAP:
		return load_heap(value, &eval_options.heap);
	case OPT_CUE:
		o->cue = true;
		return 0;
	case OPT_NEWT:
		o->newt = true;
		return 0;
	case OPT_KHAN:
		o->khan = true;
		return 0;
	default:
		o->batch = true;
		return 0;
	}
}

/* -------- what cannot go together: 0, or the exit code -------- */

static int
check_filters(void)
{
	struct eval_options *o = &eval_options;

	if (o->cue && (o->raw || o->batch))
		return tool_usage("-c", "shows a noun, and runs nothing");
	if (o->cue && o->n > 0)
		return tool_usage(o->expressions[0], "-c runs no Hoon");
	if (o->newt && !o->cue && !(o->raw && o->to == FORM_JAM)) {
		tool_say("-n", "means nothing without -j or -c");
		o->newt = false;
	}
	return 0;
}

static int
check(void)
{
	struct eval_options *o = &eval_options;
	int code = check_filters();

	if (code != 0)
		return code;
	if (o->batch && o->raw)
		return tool_usage("--batch", "has a form of its own");
	if (o->batch && o->n > 0)
		return tool_usage("--batch", "reads standard input");
	if (o->newt && o->raw)
		o->to = FORM_NEWT;
	if (o->n > 1 && o->raw && (o->to == FORM_JAM || o->to == FORM_IMAGE))
		return tool_usage("-o",
		    "a jam or an image is one noun; newt and text hold more");
	return 0;
}

/* -------- reading -------- */

/* They are gathered where the arguments begin. */
static int
add_expression(const char *s)
{
	eval_options.expressions[eval_options.n++] = (char *)s;
	return 0;
}

int
eval_options_read(int argc, char **argv)
{
	int code;

	tool_init(&tool);
	eval_options.expressions = argv;
	if ((code = tool_take(argc, argv, set, add_expression)) != TOOL_GO)
		return code;
	eval_options.verbose = tool.verbose;
	return check() ? TOOL_USAGE : TOOL_GO;
}
