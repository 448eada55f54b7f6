#include "client.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bail.h"
#include "heap.h"
#include "load.h"
#include "tell.h"
#include "tool.h"
#include "wish.h"

static const struct client {
	const char *word;
	int (*run)(const struct wish *w);
	int least, most;
	const char *operands, *about;
} clients[] = {
#define X(word, run, least, most, operands, about) \
	{#word, wish_##run, least, most, operands, about},
    CLIENTS(X)
#undef X
};

static const struct client *
find(const char *word)
{
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
		if (strcmp(clients[i].word, word) == 0)
			return &clients[i];
	return NULL;
}

bool
client_named(const char *word)
{
	return find(word) != NULL;
}

/* -------- options -------- */

/* id, letter, word, value, help */
#define OPTIONS(X)                                                 \
	X(TO, 'o', NULL, "FORM",                                   \
	    "what a noun is written as: text, jam, newt or image") \
	X(RAW, 0, "raw", NULL, "a noun that is text, as it is")    \
	X(TIMEOUT, 0, "timeout", "SECS", "give a silent ship up")  \
	X(MARK, 0, "mark", "MARK", "of what a thread gives; noun") \
	X(KHAN, 'k', NULL, NULL, "eval: the Hoon is that of a thread")

enum {
#define X(id, letter, word, value, help) OPT_##id,
	OPTIONS(X)
#undef X
	    OPTIONS_N
};

static const struct tool_option table[] = {
#define X(id, letter, word, value, help) {letter, word, value, help},
    OPTIONS(X)
#undef X
};

static struct tool tool = {.options = table, .n_options = OPTIONS_N};

/* The tool that this word is. */
static void
begin(const struct client *c)
{
	static char name[32];

	snprintf(name, sizeof name, "urbit %s", c->word);
	tool.name = name;
	tool.about = c->about;
	tool.operands = c->operands;
	tool_init(&tool);
}

/* 0, or the exit code. */
static int
set(struct wish *w, int option, const char *value)
{
	switch (option) {
	case OPT_TO:
		return form_named(value, &w->to)
		    ? 0
		    : tool_usage(
		          "-o", "the forms are jam, newt, image and text");
	case OPT_RAW:
		w->raw = true;
		return 0;
	case OPT_TIMEOUT:
		return tool_seconds(value, &w->limit)
		    ? 0
		    : tool_usage("--timeout", "wants seconds, such as 0.5");
	case OPT_KHAN:
		w->khan = true;
		return strcmp(w->word, "eval") == 0
		    ? 0
		    : tool_usage("-k", "is for eval alone");
	default:
		w->mark = value;
		return 0;
	}
}

/*
 * Options and operands in any order; behind -- only operands.  False if that
 * was all, with the exit code in *code.
 */
static bool
read_arguments(struct wish *w, int argc, char **argv, int *code)
{
	const char *value;
	int option;

	w->operands = argv;
	for (;;) {
		bool rest = argc > 1 && strcmp(argv[1], "--") == 0;

		option = tool_option(&argc, &argv, &value);
		if (option >= 0) {
			if ((*code = set(w, option, value)) != 0)
				return false;
			continue;
		}
		*code = tool_done(option);
		if (option != TOOL_OPERANDS)
			return false;
		if (argc < 2)
			return true;
		do {
			w->operands[w->n++] = *++argv;
			argc--;
		} while (rest && argc > 1);
	}
}

/* -------- running one -------- */

/* Under a trap. */
struct running {
	const struct client *c;
	const struct wish *w;
	int code;
};

static void
run(void *arg)
{
	struct running *r = arg;

	r->code = r->c->run(r->w);
}

static int
check(const struct client *c, const struct wish *w)
{
	if (w->n > c->most)
		return tool_usage(w->operands[c->most], "is one too many");
	if (w->n < c->least || (c->least == 2 && w->n == 3))
		return tool_usage(c->operands, "is wanted");
	return 0;
}

int
client_main(const char *pier, int argc, char **argv)
{
	const struct client *c = find(argv[0]);
	struct wish w = {
	    .pier = pier, .word = argv[0], .to = FORM_TEXT, .mark = "noun"};
	struct running r = {.c = c, .w = &w};
	enum bail kind;
	int code;

	assert(c);
	begin(c);
	if (!read_arguments(&w, argc, argv, &code) ||
	    (code = check(c, &w)) != 0)
		return code;
	if (heap_init(NULL) < 0)
		return tool_errno("heap");
	tell_init(STDERR_FILENO);
	if ((kind = trap_run(run, &r)) != BAIL_NONE)
		return load_gave_up(c->word, kind);
	return r.code;
}
