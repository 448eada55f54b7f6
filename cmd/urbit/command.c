#include "command.h"

#include <stdio.h>
#include <string.h>

#define RUN_NAME ".run"

struct tool command_tool = {.name = "urbit"};

/* -------- PIER/.run -------- */

const char *command_called = "urbit";

const char *
command_own_pier(void)
{
	static char dir[4096];
	const char *slash = strrchr(command_called, '/');
	size_t n = slash ? (size_t)(slash - command_called) : 0;

	if (slash == NULL || strcmp(slash + 1, RUN_NAME) != 0 ||
	    n >= sizeof dir)
		return NULL;
	memcpy(dir, command_called, n);
	if (n == 0)
		dir[n++] = '/';
	dir[n] = 0;
	return dir;
}

/* -------- options -------- */

static const struct tool_option no_matter[] = {NO_MATTER(TOOL_ROW)};

enum { NO_MATTER_N = sizeof no_matter / sizeof *no_matter };

/* Those that were given and change nothing; more are not told of. */
static const struct tool_option *given[COMMAND_OPTIONS];
static int n_given;

void
command_no_matter(const struct tool_option *o)
{
	for (int i = 0; i < n_given; i++)
		if (given[i] == o)
			return;
	if (n_given < COMMAND_OPTIONS)
		given[n_given++] = o;
}

static void
tell(const struct tool_option *o)
{
	char name[40];

	if (o->word)
		snprintf(name, sizeof name, "--%s", o->word);
	else
		snprintf(name, sizeof name, "-%c", o->letter);
	tool_say(name, "changes nothing here");
}

void
command_tell(void)
{
	for (int i = 0; i < n_given && command_tool.verbose; i++)
		tell(given[i]);
}

int
command_absent(const char *object, const char *why)
{
	return tool_fail(TOOL_USAGE, object, "%s", why);
}

/* The command's own, then those that do not matter. */
static void
begin(const struct command *c)
{
	static struct tool_option all[COMMAND_OPTIONS + NO_MATTER_N];

	for (int i = 0; i < c->n_options; i++)
		all[i] = c->options[i];
	memcpy(all + c->n_options, no_matter, sizeof no_matter);
	command_tool = (struct tool){.name = c->name,
	    .about = c->about,
	    .operands = command_own_pier() ? "[PIER]" : "PIER",
	    .options = all,
	    .n_options = c->n_options + NO_MATTER_N};
	tool_init(&command_tool);
}

static const struct command *command;
static const char *pier;

static int
take_option(int option, const char *value)
{
	if (option < command->n_options)
		return command->set(option, value);
	command_no_matter(&no_matter[option - command->n_options]);
	return 0;
}

static int
take_pier(const char *name)
{
	if (pier != NULL)
		return tool_usage(name, "one pier at a time");
	pier = name;
	return 0;
}

int
command_main(const struct command *c, int argc, char **argv)
{
	int code;

	begin(command = c);
	code = tool_take(argc, argv, take_option, take_pier);
	if (code != TOOL_GO)
		return code;
	command_tell();
	if (pier == NULL && (pier = command_own_pier()) == NULL)
		return tool_usage("pier", "there is none");
	return c->run(pier);
}
