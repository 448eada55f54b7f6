/*
 * boot -- from a pill to a ship on disk: a pier.
 *
 *     no pier       its log is made, with all events that the ship begins
 *                   with, none of which has been computed
 *     then          they are computed, and the kernel is kept in the image
 *     interrupted   the same command computes what is left
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap.h"
#include "jetwatch.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "options.h"
#include "pier.h"
#include "plan.h"
#include "profile.h"
#include "run.h"
#include "show.h"
#include "solid.h"
#include "tell.h"
#include "times.h"
#include "tool.h"

static struct pier pier;

/* -------- a new pier -------- */

/* May a pier be made here?  NULL, or why not. */
static const char *
why_not(const char *dir)
{
	char path[4096];
	const char *why = NULL;
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof path, "%s/.urb/log", dir);
	if (access(path, F_OK) == 0)
		return "a pier of Vere's; eventlog import makes it one of ours";
	snprintf(path, sizeof path, "%s/.urb", dir);
	if (access(path, F_OK) == 0 || (d = opendir(dir)) == NULL)
		return NULL;
	while ((e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0 &&
		    strcmp(e->d_name, LOCK_NAME) != 0)
			why = "a directory with something else in it";
	closedir(d);
	return why;
}

static void
use_cache(noun cache)
{
	if (!options.no_cache)
		boot_cache(cache);
}

static int
create(void)
{
	const char *why = why_not(options.pier);
	enum pier_got got;
	int code;

	if (why != NULL)
		return tool_fail(TOOL_DATA, options.pier, "%s", why);
	if (options.fake == NULL)
		return tool_usage(options.pier,
		    "there is no ship yet, and -F does not say which; the "
		    "network's are not there yet");
	if (options.pill == NULL && isatty(STDIN_FILENO))
		return tool_usage("pill",
		    "there is none, and stdin is a "
		    "terminal");
	if ((code = plan_read()) != 0)
		return code;
	got = pier_create(&pier, options.pier, &plan.boot, &plan.facts);
	if (got != PIER_OK)
		return run_fail(&pier, got);
	use_cache(plan.boot.cache);
	plan_drop();
	return 0;
}

/*
 * A pill that is named again has its products again.  They are no part of
 * the pier: what is wrong with the pill is told, and it goes on without.
 */
static void
take_cache(void)
{
	noun pill, cache;
	const char *why;

	if (options.pill == NULL || options.no_cache ||
	    pier.event >= pier.booted ||
	    load_input(options.pill, FORM_BINARY, &pill) != 0)
		return;
	if ((why = boot_cached(pill, &cache)) != NULL)
		tool_fail(TOOL_DATA, options.pill, "%s", why);
	boot_cache(cache);
}

/* Is it the ship that was asked for? */
static int
check_ship(void)
{
	char who[64];

	if (log_fact(&pier.log, "who", who, sizeof who) != LOG_OK ||
	    plan_is(who))
		return 0;
	return tool_fail(TOOL_NO, options.pier, "its ship is %s, not ~%s", who,
	    options.fake + (*options.fake == '~'));
}

static int
boot(void)
{
	enum pier_got got = pier_open(&pier, options.pier, true);
	int code;

	if (got == PIER_NONE) {
		pier_close(&pier);
		code = create();
	} else {
		code = got == PIER_OK ? check_ship() : run_fail(&pier, got);
		if (code == 0)
			take_cache();
	}
	if (pier.note[0])
		tool_say(options.pier, "%s", pier.note);
	return code == 0 ? run_boot(&pier) : code;
}

/* -------- what runs nothing -------- */

/* Take the events that there are.  0, or the exit code. */
static int
take_events(void)
{
	enum pier_got got;

	if (options.pier == NULL) {
		if (options.pill == NULL && isatty(STDIN_FILENO))
			return tool_usage(
			    "pill", "there is none, and stdin is a terminal");
		return plan_read();
	}
	got = pier_open(&pier, options.pier, false);
	return got == PIER_OK ? plan_from_pier(&pier) : run_fail(&pier, got);
}

static int
work(void)
{
	int code;

	if (options.task == TASK_BOOT)
		return boot();
	if ((code = take_events()) != 0)
		return code;
	switch (options.task) {
	case TASK_LIST:
		return show_list();
	case TASK_EXTRACT:
		return show_event(options.event);
	default:
		return solid_write();
	}
}

/* -------- main -------- */

static void
start(void *arg)
{
	struct nock_opts o = {
	    .slog = tell_on_slog,
	    .report = tell_on_report,
	    .enter = options.trace ? tell_on_enter : NULL,
	    .sample = options.profile ? profile_sample : NULL,
	    .alarm = limit_alarm,
	};

	(void)arg;
	nock_init(&o);
	jetwatch_init();
	times_init();
}

/* 0, or the exit code. */
static int
start_machine(void)
{
	struct heap_opts h = {.limit = options.heap};
	enum bail kind;

	tell_init(options.slog);
	if (heap_init(&h) < 0)
		return tool_errno("heap");
	if ((kind = trap_run(start, NULL)) != BAIL_NONE)
		return load_gave_up("heap", kind);
	return 0;
}

int
main(int argc, char **argv)
{
	int code;

	if ((code = options_read(argc, argv)) != TOOL_GO)
		return code;
	if ((code = start_machine()) != 0)
		return code;
	code = work();
	if (tell_flush(&tell_slog) < 0 && code == 0)
		code = tool_errno("slog");
	code = jetwatch_end(code);
	pier_close(&pier);
	nock_free();
	heap_free();
	return code;
}
