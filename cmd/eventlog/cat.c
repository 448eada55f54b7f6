/*
 * cat -- events out of the log.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "form.h"
#include "ship.h"
#include "stop.h"
#include "when.h"

/* -------- options -------- */

/* id, letter, word, value, help */
#define OPTIONS(X)                                                         \
	X(TO, 'o', NULL, "FORM", "write brief, text, newt; or jam of one") \
	X(WIRE, 0, "wire", "GLOB", "only events with such a wire: '/e/*'") \
	X(TAG, 0, "tag", "GLOB", "only events with such a tag: 'belt'")    \
	X(SINCE, 0, "since", "DATE", "only events from this moment on")    \
	X(UNTIL, 0, "until", "DATE", "only events before this moment")

enum { OPTIONS(TOOL_OPT) OPTIONS_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

enum to { TO_BRIEF, TO_TEXT, TO_NEWT, TO_JAM };

static enum to to;
static struct log_range range;

static int
set_to(const char *value)
{
	static const char *const names[] = {"brief", "text", "newt", "jam"};

	for (int i = 0; i < 4; i++)
		if (strcmp(value, names[i]) == 0) {
			to = (enum to)i;
			return 0;
		}
	return tool_usage("-o", "brief, text, newt or jam");
}

static int
set_when(int64_t *at, const char *option, const char *value)
{
	uint64_t da[2];

	if (!when_read(value, da)) {
		return tool_usage(option, "wants a date, such as 2024-01-31");
	}
	*at = log_at(da);
	return 0;
}

static int
set(int option, const char *value)
{
	switch (option) {
	case OPT_TO:
		return set_to(value);
	case OPT_WIRE:
		range.wire = value;
		return 0;
	case OPT_TAG:
		range.tag = value;
		return 0;
	case OPT_SINCE:
		return set_when(&range.since, "--since", value);
	default:
		return set_when(&range.until, "--until", value);
	}
}

/* -------- ranges -------- */

static const char *
read_number(const char *s, uint64_t *n)
{
	char *end;

	if (!isdigit((unsigned char)*s))
		return NULL;
	errno = 0;
	*n = strtoull(s, &end, 10);
	return errno || *n == 0 ? NULL : end;
}

/* N, N-M or N-. */
static bool
read_range(const char *s, struct log_range *r)
{
	if ((s = read_number(s, &r->from)) == NULL)
		return false;
	r->to = *s == 0 ? r->from : 0;
	if (*s == 0)
		return true;
	if (*s++ != '-')
		return false;
	return *s == 0 || ((s = read_number(s, &r->to)) != NULL && *s == 0);
}

/* -------- one event -------- */

static struct out out;
static uint64_t given; /* events */

/* A wire may hold anything: it must not move the cursor. */
static void
put_clean(const char *s)
{
	for (; *s; s++)
		out_put(&out, iscntrl((unsigned char)*s) ? "?" : s, 1);
}

static void
put_brief(const struct log_event *e)
{
	char line[120], when[WHEN_MAX] = "-", mug[16] = "-";

	if (e->at != 0)
		when_write(e->at, when);
	if (e->mug != 0)
		snprintf(mug, sizeof mug, "%08" PRIx32, e->mug);
	snprintf(line, sizeof line, "%" PRIu64 "\t%s\t%s\t%zu\t", e->id, when,
	    mug, e->n);
	out_text(&out, line);
	put_clean(*e->wire ? e->wire : "-");
	out_text(&out, "\t");
	put_clean(*e->tag ? e->tag : "-");
	out_text(&out, "\n");
}

static void
put_text(noun n)
{
	struct form_writer w = {.out = &out, .form = FORM_TEXT};

	form_write(&w, n);
}

/* 0, or the exit code. */
static int
put(const char *dir, const struct log_event *e)
{
	given++;
	switch (to) {
	case TO_BRIEF:
		put_brief(e);
		return 0;
	case TO_TEXT:
		return ship_noun(dir, e, put_text);
	case TO_NEWT:
		if (newt_write_out(&out, e->jam, e->n) < 0 && errno == EMSGSIZE)
			return tool_fail(TOOL_NO, dir,
			    "event %" PRIu64 " is too long for a frame", e->id);
		return 0;
	default:
		out_put(&out, e->jam, e->n);
		return 0;
	}
}

/* -------- all of them -------- */

/* A bad event is told of, and does not stop the others. */
static int
put_range(struct log *l, const char *dir)
{
	struct log_cursor c = {0};
	struct log_event e;
	enum log_got got = log_seek(l, &c, &range);
	int code = ship_log_failed(dir, l, got), worst = code;

	while (got != LOG_END && (code == 0 || code == TOOL_DATA) &&
	    !out.error && !stop_asked()) {
		got = log_next(&c, &e);
		code = got == LOG_OK ? put(dir, &e)
		    : got == LOG_END ? 0
		                     : ship_log_failed(dir, l, got);
		worst = code > worst ? code : worst;
	}
	log_leave(&c);
	return worst;
}

static int
put_ranges(struct log *l, const char *dir, int n, char **ranges)
{
	int code = 0, worst = n == 0 ? put_range(l, dir) : 0;

	for (int i = 0; i < n && (code == 0 || code == TOOL_DATA); i++) {
		read_range(ranges[i], &range);
		code = put_range(l, dir);
		worst = code > worst ? code : worst;
	}
	return worst;
}

/* -------- the jam of one -------- */

/* The only event that was found so far; 0 = none was. */
static uint64_t only;

/* Two are too many, be it the same one twice. */
static int
seek_only(struct log *l, const char *dir)
{
	struct log_cursor c = {0};
	struct log_event e;
	enum log_got got = log_seek(l, &c, &range);
	int code = 0;

	while (
	    code == 0 && got == LOG_OK && (got = log_next(&c, &e)) == LOG_OK) {
		if (only != 0)
			code = tool_usage("-o jam",
			    "there is more than one event, and a jam is of "
			    "one");
		only = e.id;
	}
	log_leave(&c);
	return code || got == LOG_END ? code : ship_log_failed(dir, l, got);
}

/* Nothing is written before it is known to be one. */
static int
put_only(struct log *l, const char *dir, int n, char **ranges)
{
	int code;

	range.brief = true;
	code = n == 0 ? seek_only(l, dir) : 0;
	for (int i = 0; i < n && code == 0; i++) {
		read_range(ranges[i], &range);
		code = seek_only(l, dir);
	}
	if (code != 0 || only == 0)
		return code;
	range = (struct log_range){.from = only, .to = only};
	return put_range(l, dir);
}

/* -------- the command -------- */

static int
put_all(struct log *l, const char *dir, int n, char **ranges)
{
	int worst;

	range.brief = to == TO_BRIEF;
	worst = to == TO_JAM ? put_only(l, dir, n, ranges)
	                     : put_ranges(l, dir, n, ranges);
	if (out_flush(&out) < 0)
		return tool_errno("stdout");
	if (worst == 0 && given == 0)
		return tool_fail(TOOL_NO, dir, "there is no such event");
	return worst;
}

static int
check(int n, char **ranges)
{
	struct log_range r;

	for (int i = 0; i < n; i++)
		if (!read_range(ranges[i], &r))
			return tool_usage(
			    ranges[i], "is none of N, N-M and N-");
	if ((to == TO_NEWT || to == TO_JAM) && isatty(STDOUT_FILENO))
		return tool_usage("stdout", "is a terminal; -o text");
	return 0;
}

static int
run(int n, char **operand)
{
	struct log l = {0};
	int code;

	out_init(&out, STDOUT_FILENO);
	if ((code = check(n - 1, operand + 1)) != 0 ||
	    (code = ship_start(command_verbose())) != 0)
		return code;
	if ((code = ship_log(&l, operand[0])) == 0)
		code = put_all(&l, operand[0], n - 1, operand + 1);
	log_close(&l);
	return ship_end(code);
}

const struct command cat_command = {
    .name = "cat",
    .operands = "PIER [FROM[-TO] ...]",
    .about = "show events of the log, or copy them out",
    .options = table,
    .n_options = OPTIONS_N,
    .least = 1,
    .most = COMMAND_MANY,
    .set = set,
    .run = run,
};
