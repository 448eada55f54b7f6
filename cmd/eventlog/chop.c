/*
 * chop -- drop the events that the image covers, and a way back.
 */
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "ship.h"
#include "stop.h"

/* -------- options -------- */

/* id, letter, word, value, help */
#define OPTIONS(X)                                                       \
	X(KEEP, 0, "keep", "N", "leave the last N events in the log; 1") \
	X(UNDO, 0, "undo", NULL, "put the events back")                  \
	X(FORGET, 0, "forget", NULL, "remove them for good")             \
	SHIP_OPTIONS(X)

enum { OPTIONS(TOOL_OPT) OPTIONS_N, OPT_SHIP = OPTIONS_N - SHIP_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

static struct {
	size_t keep;
	bool kept, undo, forget;
} options = {.keep = 1};

static int
set(int option, const char *value)
{
	if (option >= OPT_SHIP)
		return ship_set(option - OPT_SHIP, value);
	switch (option) {
	case OPT_KEEP:
		options.kept = true;
		if (tool_size(value, &options.keep))
			return 0;
		return tool_usage("--keep", "wants a number of events");
	case OPT_UNDO:
		options.undo = true;
		return 0;
	default:
		options.forget = true;
		return 0;
	}
}

/* -------- there -------- */

/*
 * Both checkpoints of the image are of its event then, and whole: what is
 * before it is needed no more, whichever of them is damaged.
 */
static int
settle_image(struct pier *p, const char *dir)
{
	int code = ship_failed(dir, p, pier_checkpoint(p));

	if (code == 0)
		code = ship_check_image(p, dir);
	if (code == 0 && stop_asked())
		code = tool_fail(TOOL_SYS, dir, "interrupted");
	return code;
}

/* The first event that stays. */
static uint64_t
first_to_stay(const struct pier *p)
{
	uint64_t last = p->log.last;
	uint64_t first = last - p->log.first >= options.keep
	    ? last + 1 - options.keep
	    : p->log.first;

	return first;
}

/*
 * What is left when events are taken away must be able to do without them:
 * the image is computed up to the log's end, is this log's, and whole.
 */
static int
make_sure(struct pier *p, const char *dir)
{
	struct ship_run all = {.save = true, .differs = TOOL_DATA};
	int code = ship_go(p, dir, &all);

	if (code != 0)
		return code;
	if (!p->sure)
		return tool_fail(TOOL_DATA, dir,
		    "nothing in the log tells whether the image is of it: "
		    "%sreplay --full first",
		    p->log.first > 1 ? "chop --undo and " : "");
	return settle_image(p, dir);
}

static int
chop(struct pier *p, const char *dir)
{
	uint64_t first = p->log.first, id;
	int code = make_sure(p, dir);

	if (code != 0)
		return code;
	if ((id = first_to_stay(p)) == first) {
		tool_say(dir, "nothing to chop: the log has %" PRIu64 " events",
		    p->log.last + 1 - first);
		return 0;
	}
	code = ship_log_failed(dir, &p->log, log_chop(&p->log, id));
	if (code == 0)
		tool_say(dir,
		    "%" PRIu64 " events chopped; the log begins with event "
		    "%" PRIu64 "; --undo puts them back",
		    id - first, id);
	return code;
}

/* -------- and back -------- */

static int
none(const char *dir)
{
	return tool_fail(TOOL_NO, dir, "there are no events that were chopped");
}

/* A chop was killed before it took them out of the log. */
static void
copy_only(const char *dir)
{
	tool_say(dir, "the log has all events: their copy is removed");
}

/* Whatever the image is like. */
static int
undo(struct pier *p, const char *dir)
{
	struct log *l = &p->log;
	uint64_t first = l->first;
	enum log_got got = log_chop_undo(l);

	if (got == LOG_NONE)
		return none(dir);
	if (got == LOG_OK && first == l->first)
		copy_only(dir);
	else if (got == LOG_OK)
		tool_say(dir, "%" PRIu64 " events are back", first - l->first);
	return ship_log_failed(dir, l, got);
}

/* -------- for good -------- */

static int
forget(struct pier *p, const char *dir)
{
	struct log *l = &p->log;
	enum log_got got;
	uint64_t ends[2];
	int code;

	if ((got = log_chopped(l, ends)) == LOG_NONE)
		return none(dir);
	if (got == LOG_SYS)
		return ship_log_failed(dir, l, got);
	if ((code = make_sure(p, dir)) != 0)
		return code;
	code = ship_log_failed(dir, l, log_chop_forget(l));
	if (code == 0 && got == LOG_OK && ends[0] >= l->first)
		copy_only(dir);
	else if (code == 0 && got == LOG_OK)
		tool_say(dir,
		    "events %" PRIu64 " to %" PRIu64 " are removed for good",
		    ends[0], ends[1]);
	else if (code == 0)
		tool_say(dir,
		    "a log of chopped events that was damaged is "
		    "removed for good");
	return code;
}

static int
work(struct pier *p, const char *dir)
{
	int code;

	if (options.undo) {
		code = ship_failed(dir, p, pier_open_log(p, dir));
		return code ? code : undo(p, dir);
	}
	if ((code = ship_open(p, dir, SHIP_WRITE)) != 0)
		return code;
	return options.forget ? forget(p, dir) : chop(p, dir);
}

static int
run(int n, char **operand)
{
	struct pier p = {0};
	int code;

	(void)n;
	if (options.undo + options.forget + options.kept > 1)
		return tool_usage(
		    "--undo, --forget, --keep", "one of them at a time");
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	code = work(&p, operand[0]);
	pier_close(&p);
	return ship_end(code);
}

const struct command chop_command = {
    .name = "chop",
    .operands = "PIER",
    .about = "take the events that the image covers out of the log",
    .options = table,
    .n_options = OPTIONS_N,
    .least = 1,
    .most = 1,
    .set = set,
    .run = run,
};
