#include "batch.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "brief.h"
#include "heap.h"
#include "hoon.h"
#include "limit.h"
#include "mug.h"
#include "out.h"
#include "tool.h"

enum { SHOWN = 200 };

static struct out out;

struct answer {
	noun product;
	char text[16 + SHOWN + BRIEF_DOTS];
};

/* Under a trap. */
static void
write_product(void *arg)
{
	struct answer *a = arg;
	int n = snprintf(a->text, 16, "%" PRIx32 "\t", mug(a->product));

	brief_put(a->text + n, SHOWN + BRIEF_DOTS, a->product,
	    (struct text_opts){.plain = false});
}

static void
write_failure(char *text, enum bail kind)
{
	const char *name = bail_name(kind);

	if (kind == BAIL_EXIT) {
		sprintf(text, "CRASH");
		return;
	}
	while (*name)
		*text++ = (char)toupper((unsigned char)*name++);
	*text++ = '?';
	*text = 0;
}

static void
clean(void *arg)
{
	(void)arg;
	heap_collect(HEAP_MAJOR);
}

/* How it ended; what there is to say of it is in a->text. */
static enum bail
answer(const char *p, size_t n, struct answer *a)
{
	enum bail kind = hoon_run(p, n, &a->product);

	if (kind == BAIL_NONE)
		kind = trap_run(write_product, a);
	if (kind == BAIL_NONE)
		return kind;
	write_failure(a->text, kind);
	if (kind != BAIL_EXIT)
		(void)trap_run(clean, NULL);
	return kind;
}

/* The exit code, or 0. */
static int
put(const char *text)
{
	out_text(&out, text);
	out_text(&out, "\n");
	return out_flush(&out) < 0 ? tool_errno("stdout") : 0;
}

static int
answer_line(const char *p, size_t n)
{
	struct answer a;

	if (answer(p, n, &a) != BAIL_INTR)
		return put(a.text);
	tool_fail(TOOL_SYS, "stdin", "interrupted (intr)");
	limit_die();
	return TOOL_SYS;
}

int
batch_run(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int code = 0;

	out_init(&out, STDOUT_FILENO);
	while (code == 0 && (n = getline(&line, &room, stdin)) >= 0)
		code = answer_line(
		    line, (size_t)n - (n > 0 && line[n - 1] == '\n'));
	if (code == 0 && ferror(stdin))
		code = tool_errno("stdin");
	free(line);
	return code;
}
