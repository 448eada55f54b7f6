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
	int code;

	if (pier_checkpoint(p) != PIER_OK)
		return tool_fail(TOOL_SYS, dir, "%s", p->why);
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

static int
chop(struct pier *p, const char *dir)
{
	struct ship_run all = {.save = true};
	uint64_t first = p->log.first, id;
	int code;

	if ((code = ship_go(p, dir, &all)) != 0 ||
	    (code = ship_save(p, dir)) != 0)
		return code;
	id = first_to_stay(p);
	if ((code = settle_image(p, dir)) != 0)
		return code;
	code = ship_log_failed(dir, &p->log, log_chop(&p->log, id));
	if (code == 0)
		tool_say(dir,
		    "%" PRIu64 " events chopped; the log begins with event "
		    "%" PRIu64 "; --undo puts them back",
		    id - first, id);
	return code;
}

static int
chop_pier(const char *dir)
{
	struct pier p = {0};
	int code = ship_open(&p, dir, SHIP_WRITE);

	if (code == 0)
		code = chop(&p, dir);
	pier_close(&p);
	return code;
}

/* -------- and back -------- */

static int
undo_or_forget(struct pier *p, const char *dir)
{
	struct log *l = &p->log;
	uint64_t first = l->first;
	enum log_got got = options.undo ? log_chop_undo(l) : log_chop_forget(l);

	if (got == LOG_NONE)
		return tool_fail(
		    TOOL_NO, dir, "there are no events that were chopped");
	if (got != LOG_OK)
		return ship_log_failed(dir, l, got);
	if (options.undo)
		tool_say(dir, "%" PRIu64 " events are back", first - l->first);
	return 0;
}

/* Whatever the image is like. */
static int
without_image(const char *dir)
{
	struct pier p = {0};
	int code = ship_failed(dir, &p, pier_open_log(&p, dir));

	if (code == 0)
		code = undo_or_forget(&p, dir);
	pier_close(&p);
	return code;
}

static int
run(int n, char **operand)
{
	int code;

	(void)n;
	if (options.undo + options.forget + options.kept > 1)
		return tool_usage(
		    "--undo, --forget, --keep", "one of them at a time");
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	code = options.undo || options.forget ? without_image(operand[0])
	                                      : chop_pier(operand[0]);
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
