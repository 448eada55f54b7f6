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

/* id, letter, word, value, help: each word takes those down to one of them. */
#define OPTIONS(X)                                                 \
	X(TIMEOUT, 0, "timeout", "SECS", "give a silent ship up")  \
	X(TO, 'o', NULL, "FORM",                                   \
	    "what a noun is written as: text, jam, newt or image") \
	X(RAW, 0, "raw", NULL, "a noun that is text, as it is")    \
	X(MARK, 0, "mark", "MARK", "of what a thread gives; noun") \
	X(KHAN, 'k', NULL, NULL, "the Hoon is that of a thread")

enum { OPTIONS(TOOL_OPT) };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

static const struct client {
	const char *word;
	int (*run)(const struct wish *w);
	int least, most;
	int n_options;
	const char *operands, *about;
} clients[] = {
#define X(word, run, least, most, last, operands, about) \
	{#word, wish_##run, least, most, OPT_##last + 1, operands, about},
    CLIENTS(X)
#undef X
};

static struct wish wish = {.to = FORM_TEXT, .mark = "noun"};

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

static struct tool tool = {.options = table};

/* The tool that this word is. */
static void
begin(const struct client *c)
{
	static char name[32], called[40];

	snprintf(name, sizeof name, "urbit %s", c->word);
	snprintf(called, sizeof called, "urbit PIER %s", c->word);
	tool.name = name;
	tool.called = called;
	tool.about = c->about;
	tool.n_options = c->n_options;
	tool.operands = c->operands;
	tool_init(&tool);
}

/* 0, or not when it is wrong and that was said. */
static int
set(int option, const char *value)
{
	switch (option) {
	case OPT_TIMEOUT:
		return tool_seconds(value, &wish.limit)
		    ? 0
		    : tool_usage("--timeout", "wants seconds, such as 0.5");
	case OPT_TO:
		return form_option("-o", value, &wish.to);
	case OPT_RAW:
		wish.raw = true;
		return 0;
	case OPT_MARK:
		wish.mark = value;
		return 0;
	default:
		wish.khan = true;
		return 0;
	}
}

/* They are gathered where the arguments begin. */
static int
add_operand(const char *s)
{
	wish.operands[wish.n++] = (char *)s;
	return 0;
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
	struct running r = {.c = c, .w = &wish};
	enum bail kind;
	int code;

	assert(c);
	wish.pier = pier;
	wish.word = argv[0];
	wish.operands = argv;
	begin(c);
	if ((code = tool_take(argc, argv, set, add_operand)) != TOOL_GO ||
	    (code = check(c, &wish)) != 0)
		return code;
	if (heap_init(NULL) < 0)
		return tool_errno("heap");
	tell_init(STDERR_FILENO);
	if ((kind = trap_run(run, &r)) != BAIL_NONE)
		return load_gave_up(c->word, kind);
	return r.code;
}
