/*
 * verify, replay -- is the log what it was, and does it make the kernel?
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* Those that every ship has. */
static int
check_facts(struct log *l, const char *dir)
{
	int code = ship_log_failed(dir, l, log_facts(l));
	char value[256];

	if (code != 0 || l->last < l->first)
		return code;
	if (log_fact(l, "import", value, sizeof value) == LOG_OK &&
	    strcmp(value, "done") != 0)
		return tool_fail(TOOL_DATA, dir, "its import has not ended");
	for (const char *const *key = log_ship_facts; *key != NULL; key++)
		if (log_fact(l, *key, value, sizeof value) == LOG_NONE)
			code = tool_fail(
			    TOOL_DATA, dir, "log: no fact \"%s\"", *key);
	return code;
}

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
worse(int a, int b)
{
	return a > b ? a : b;
}

/* The pages of the file, its facts, its rows. */
static int
check_all(struct log *l, const char *dir)
{
	int code = ship_log_failed(dir, l, log_check(l));

	if (code != TOOL_SYS)
		code = worse(code, check_facts(l, dir));
	if (code != TOOL_SYS)
		code = worse(code, check_rows(l, dir));
	if (code != 0 || stop_asked())
		return code;
	if (l->last < l->first)
		tool_say(dir, "log: it has no events");
	else
		tool_say(dir,
		    "log: %" PRIu64 " events, %" PRIu64 " to %" PRIu64
		    ", are whole",
		    l->last + 1 - l->first, l->first, l->last);
	return 0;
}

/* Those that were taken out of it: the way back. */
static int
check_chopped(const char *dir, uint64_t first)
{
	struct log l = {0};
	char path[4096];
	int code;

	snprintf(path, sizeof path, "%s/.urb/log.chopped.db", dir);
	if (access(path, F_OK) < 0)
		return 0;
	code = ship_log_failed(path, &l, log_open(&l, path, LOG_READ));
	if (code == 0 && l.last + 1 < first)
		code = tool_fail(TOOL_DATA, path,
		    "log: it ends at event %" PRIu64
		    ", and what is left begins at %" PRIu64,
		    l.last, first);
	if (code == 0)
		code = check_all(&l, path);
	log_close(&l);
	return code;
}

static int
check_log(const char *dir)
{
	struct log l;
	int code = ship_log(&l, dir);
	uint64_t first = l.first;

	if (code == 0)
		code = check_all(&l, dir);
	log_close(&l);
	if (code != TOOL_SYS && !stop_asked())
		code = worse(code, check_chopped(dir, first));
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

static void
say_done(const char *dir, const struct ship_run *r, struct pier *p, bool all)
{
	if (p->event > r->to)
		tool_say(dir, "events 1 to %" PRIu64 " are computed as one",
		    p->life);
	if (r->events == 0)
		tool_say(dir,
		    "nothing to compute: the image is of event %" PRIu64,
		    p->event);
	else
		tool_say(dir,
		    "%" PRIu64 " events in %.2f s, %.0f/s; the kernel's mug "
		    "after event %" PRIu64 " is %08x%s",
		    r->events, (double)r->ns / 1e9,
		    (double)r->events * 1e9 / (double)r->ns, p->event,
		    pier_mug(p), all ? "; all mugs are those of the log" : "");
}

static int
check_kernel(const char *dir)
{
	struct ship_run r = {0};
	struct pier p = {0};
	int code = ship_open(&p, dir, SHIP_BARE);

	if (code == 0 && (code = ship_go(&p, dir, &r)) == 0)
		say_done(dir, &r, &p, false);
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
	code = worse(code, more);
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
#define REPLAY_OPTIONS(X)                                                \
	X(FROM, 0, "from", "N", "compare from event N on")               \
	X(TO, 0, "to", "N", "stop after event N")                        \
	X(FULL, 0, "full", NULL, "begin at event 1, with an image anew") \
	X(CHECK, 0, "check", NULL, "say that each mug was compared")     \
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
static bool replay_full, replay_check;

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
		return set_event(&replay.from, "--from", value);
	case REPLAY_TO:
		return set_event(&replay.to, "--to", value);
	case REPLAY_FULL:
		replay_full = true;
		return 0;
	default:
		replay_check = true;
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
		    " already; a replay of all events begins at 1",
		    p->event);
	if (replay.from != 0 && replay.from <= p->event)
		return tool_fail(TOOL_NO, dir,
		    "the image is of event %" PRIu64
		    " already; a replay of all events begins at 1",
		    p->event);
	return 0;
}

/* An image of a later event than that is of no use to a replay of all. */
static uint64_t
most_begun(void)
{
	if (replay.from != 0)
		return replay.from - 1;
	return replay.to != 0 ? replay.to : UINT64_MAX;
}

/* The new image is put in the place of the other when it is whole. */
static int
put_in_place(struct pier *p, const char *dir)
{
	int code = ship_check_image(p, dir);

	if (code == 0 && stop_asked())
		code = tool_fail(TOOL_SYS, dir,
		    "interrupted after event %" PRIu64, p->event);
	return code ? code : ship_failed(dir, p, pier_replace_image(p));
}

static int
replay_all(struct pier *p, const char *dir)
{
	int code = ship_open_anew(p, dir, most_begun());

	if (code != 0)
		return code;
	if ((code = check_ends(p, dir)) == 0) {
		if ((code = ship_go(p, dir, &replay)) == 0)
			return put_in_place(p, dir);
		/* One that was interrupted is gone on with; else it is of no use. */
		if (code != TOOL_SYS)
			pier_drop_new(p);
	}
	if (p->event == 0)
		pier_drop_new(p);
	return code;
}

static int
replay_rest(struct pier *p, const char *dir)
{
	int code = ship_open(p, dir, SHIP_WRITE);

	if (code == 0)
		code = check_ends(p, dir);
	return code ? code : ship_go(p, dir, &replay);
}

static int
run_replay(int n, char **operand)
{
	const char *dir = operand[0];
	struct pier p = {0};
	int code;

	(void)n;
	if (replay.to != 0 && replay.from > replay.to)
		return tool_usage("--from, --to", "nothing lies between");
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	code = replay_full ? replay_all(&p, dir) : replay_rest(&p, dir);
	if (code == 0)
		say_done(dir, &replay, &p, replay_check);
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
