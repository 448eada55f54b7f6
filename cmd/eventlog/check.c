/*
 * verify, replay -- is the log what it was, and does it make the kernel?
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "load.h"
#include "ship.h"
#include "stop.h"

/* -------- verify: options -------- */

/* id, letter, word, value, help */
#define VERIFY_OPTIONS(X)                                                  \
	X(FULL, 0, "full", NULL, "compute all of it and compare the mugs") \
	X(IMAGE, 0, "image", NULL, "read all of the image too")            \
	SHIP_OPTIONS(X)

enum {
#define X(id, letter, word, value, help) VERIFY_##id,
	VERIFY_OPTIONS(X)
#undef X
	    VERIFY_N,
	VERIFY_SHIP = VERIFY_N - SHIP_N
};

static const struct tool_option verify_table[] = {VERIFY_OPTIONS(TOOL_ROW)};

static struct {
	bool full, image;
} verify;

static int
set_verify(int option, const char *value)
{
	if (option >= VERIFY_SHIP)
		return ship_set(option - VERIFY_SHIP, value);
	verify.full |= option == VERIFY_FULL;
	verify.image |= option == VERIFY_IMAGE;
	return 0;
}

/* -------- the log's bytes -------- */

/* Each row: its number, its checksum, its jam.  One that is bad does not
 * stop the others. */
static int
check_rows(struct log *l, const char *dir)
{
	struct log_cursor c = {0};
	struct log_event e = {0};
	enum log_got got = log_seek(l, &c, NULL);
	int code = ship_log_failed(dir, l, got), worst = code;

	while (got != LOG_END && code != TOOL_SYS && !stop_asked()) {
		got = log_next(&c, &e);
		code = got == LOG_OK ? ship_noun(dir, &e, NULL)
		    : got == LOG_END ? 0
		                     : ship_log_failed(dir, l, got);
		worst = code > worst ? code : worst;
		if (tool_progress_due())
			tool_progress(
			    "event %" PRIu64 " of %" PRIu64, e.id, l->last);
	}
	log_leave(&c);
	tool_progress_end();
	return worst;
}

static int
check_log(const char *dir)
{
	struct log l;
	int code = ship_log(&l, dir), rows;

	if (code == 0) {
		code = ship_log_failed(dir, &l, log_check(&l));
		rows = code == TOOL_SYS ? 0 : check_rows(&l, dir);
		code = rows > code ? rows : code;
		if (code == 0 && !stop_asked())
			tool_say(dir,
			    "log: %" PRIu64 " events, %" PRIu64 " to %" PRIu64
			    ", are whole",
			    l.last + 1 - l.first, l.first, l.last);
	}
	log_close(&l);
	return code;
}

/* -------- the image's -------- */

static int
check_image(const char *dir)
{
	struct pier p = {0};
	int code = ship_open(&p, dir, SHIP_READ);

	if (code == 0 && !p.has_store)
		code = tool_fail(TOOL_NO, dir, "there is no image");
	if (code == 0 && p.store.fell_back)
		code = TOOL_DATA; /* its note was said */
	else if (code == 0)
		code = ship_check_image(&p, dir);
	if (code == 0 && !stop_asked())
		tool_say(dir, "image: of event %" PRIu64 ", is whole",
		    p.store.event);
	pier_close(&p);
	return code;
}

/* -------- what it makes -------- */

static int
say_done(const char *dir, const struct ship_run *r, uint32_t mug)
{
	tool_say(dir,
	    "%" PRIu64 " events in %.2f s, %.0f/s; the kernel's mug after "
	    "event %" PRIu64 " is %08x",
	    r->events, (double)r->ns / 1e9,
	    r->ns ? (double)r->events * 1e9 / (double)r->ns : 0, r->to, mug);
	return 0;
}

static int
check_kernel(const char *dir)
{
	struct ship_run r = {.check = true};
	struct pier p = {0};
	int code = ship_open(&p, dir, SHIP_BARE);

	if (code == 0)
		code = ship_go(&p, dir, &r);
	if (code == 0)
		code = say_done(dir, &r, pier_mug(&p));
	pier_close(&p);
	return code;
}

static int
run_verify(int n, char **operand)
{
	const char *dir = operand[0];
	int code, more = 0;

	(void)n;
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	code = check_log(dir);
	if (verify.image && code != TOOL_SYS && !stop_asked())
		more = check_image(dir);
	code = more > code ? more : code;
	if (verify.full && code == 0 && !stop_asked())
		code = check_kernel(dir);
	return ship_end(code);
}

const struct command verify_command = {
    .name = "verify",
    .operands = "PIER",
    .about = "read all of the log: checksums, numbers, and what it makes",
    .options = verify_table,
    .n_options = VERIFY_N,
    .least = 1,
    .most = 1,
    .set = set_verify,
    .run = run_verify,
};

/* -------- replay -------- */

/* id, letter, word, value, help */
#define REPLAY_OPTIONS(X)                                                 \
	X(FROM, 0, "from", "N", "compare from event N on")                \
	X(TO, 0, "to", "N", "stop after event N")                         \
	X(FULL, 0, "full", NULL, "begin at event 1, with an image anew")  \
	X(CHECK, 0, "check", NULL, "compare the kernel's mug after each") \
	SHIP_OPTIONS(X)

enum {
#define X(id, letter, word, value, help) REPLAY_##id,
	REPLAY_OPTIONS(X)
#undef X
	    REPLAY_N,
	REPLAY_SHIP = REPLAY_N - SHIP_N
};

static const struct tool_option replay_table[] = {REPLAY_OPTIONS(TOOL_ROW)};

static struct ship_run replay = {.save = true};
static bool replay_full;

static int
set_event(uint64_t *n, const char *option, const char *value)
{
	size_t v;

	if (!tool_size(value, &v) || value[0] == 0) {
		return tool_usage(option, "wants the number of an event");
	}
	*n = v;
	return 0;
}

static int
set_replay(int option, const char *value)
{
	if (option >= REPLAY_SHIP)
		return ship_set(option - REPLAY_SHIP, value);
	switch (option) {
	case REPLAY_FROM:
		replay.check = true;
		return set_event(&replay.from, "--from", value);
	case REPLAY_TO:
		return set_event(&replay.to, "--to", value);
	case REPLAY_FULL:
		replay_full = true;
		return 0;
	default:
		replay.check = true;
		return 0;
	}
}

/* Are the events that were asked for to come? */
static int
check_ends(const struct pier *p, const char *dir)
{
	if (replay.to > p->log.last || replay.from > p->log.last)
		return tool_fail(TOOL_NO, dir,
		    "the log ends with event %" PRIu64, p->log.last);
	if (replay.to != 0 && replay.to < p->event)
		return tool_fail(TOOL_NO, dir,
		    "the image is of event %" PRIu64
		    " already; --full begins at event 1",
		    p->event);
	if (replay.from != 0 && replay.from <= p->event)
		return tool_fail(TOOL_NO, dir,
		    "the image is of event %" PRIu64
		    " already; --full begins at event 1",
		    p->event);
	return 0;
}

static int
replay_pier(struct pier *p, const char *dir)
{
	int code = ship_open(p, dir, replay_full ? SHIP_ANEW : SHIP_WRITE);

	if (code == 0)
		code = check_ends(p, dir);
	if (code == 0)
		code = ship_go(p, dir, &replay);
	if (code == 0)
		code = say_done(dir, &replay, pier_mug(p));
	return code;
}

static int
run_replay(int n, char **operand)
{
	struct pier p = {0};
	int code;

	(void)n;
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	code = replay_pier(&p, operand[0]);
	pier_close(&p);
	return ship_end(code);
}

const struct command replay_command = {
    .name = "replay",
    .operands = "PIER",
    .about = "compute the events after the image, or all of them",
    .options = replay_table,
    .n_options = REPLAY_N,
    .least = 1,
    .most = 1,
    .set = set_replay,
    .run = run_replay,
};
