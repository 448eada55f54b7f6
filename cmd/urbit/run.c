#include "run.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "beside.h"
#include "client.h"
#include "command.h"
#include "dock.h"
#include "export.h"
#include "inject.h"
#include "log.h"
#include "options.h"
#include "pills.h"
#include "ship.h"
#include "versions.h"

/* -------- is there a ship? -------- */

enum there {
	THERE_NOTHING, /* no pier, or no ship in it yet */
	THERE_BEGUN,   /* the events of its boot may not all be computed */
	THERE_SHIP,
	THERE_VERE /* one of Vere's */
};

static bool
is_there(const char *pier, const char *name)
{
	char path[BESIDE_PATH];

	return snprintf(path, sizeof path, "%s/%s", pier, name) <
	    (int)sizeof path &&
	    access(path, F_OK) == 0;
}

/*
 * Has anything happened since its boot?  Then it is booted.  Half a log is
 * made whole, or refused in words, by boot.
 */
static enum there
look_at_log(struct log *l, const char *path)
{
	enum log_got got = log_open(l, path, LOG_READ);
	char booted[32];

	if (got == LOG_NONE || (got == LOG_OK && l->last < l->first))
		return THERE_NOTHING;
	if (got != LOG_OK ||
	    log_fact(l, "booted", booted, sizeof booted) != LOG_OK)
		return THERE_BEGUN;
	return strtoull(booted, NULL, 10) < l->last ? THERE_SHIP : THERE_BEGUN;
}

static enum there
look(const char *pier)
{
	char path[BESIDE_PATH];
	struct log l = {.own = NULL};
	enum there there;

	if (!is_there(pier, LOG_NAME))
		return is_there(pier, ".urb/log") ? THERE_VERE : THERE_NOTHING;
	snprintf(path, sizeof path, "%s/%s", pier, LOG_NAME);
	there = look_at_log(&l, path);
	log_close(&l);
	return there;
}

/* -------- making it -------- */

/* The files of props; kept, for the next one found is in its place. */
static char prop_files[OPTIONS_PROPS][BESIDE_PATH];

static int
add_props(struct args *a)
{
	const char *file;
	int code;

	for (unsigned i = 0; i < options.n_props; i++) {
		const struct options_prop *p = &options.props[i];

		if ((code = pills_find_prop(
		         p->file ? p->file : p->name, p->url, &file)) != 0)
			return code;
		snprintf(prop_files[i], BESIDE_PATH, "%s", file);
		args_add_value(a, "--prop", prop_files[i]);
	}
	return 0;
}

/* boot shows what it does, on our terminal, and goes on if it was killed. */
static int
boot(bool begun)
{
	struct args a = {.n = 0};
	const char *pill = NULL;
	int code;

	args_add(&a, "boot");
	args_add_loudness(&a);
	args_add_value(&a, "-F", options.fake);
	if (!begun) {
		if ((code = add_props(&a)) != 0 ||
		    (code = pills_find(options.pill, options.url, &pill)) != 0)
			return code;
		args_add_value(&a, "-B", pill);
		args_add_value(&a, "-A", options.base);
		args_add(&a, options.lite ? "-l" : NULL);
	}
	args_add_value(&a, "--heap", options.heap);
	args_add(&a, "--");
	args_add(&a, options.pier);
	return beside_run(&a);
}

/* There is a ship afterwards, and it is booted. */
static int
make(void)
{
	enum there there = look(options.pier);

	if (there == THERE_VERE)
		return tool_fail(TOOL_DATA, options.pier,
		    "a pier of Vere's; eventlog import makes it one of ours");
	if (there == THERE_NOTHING && !options.create)
		return tool_fail(TOOL_SYS, options.pier,
		    "there is no ship; -F SHIP makes a fake one");
	if (there != THERE_NOTHING &&
	    (options.pill || options.url || options.base || options.n_props))
		tool_say(options.pier,
		    "the ship is there already: nothing is made anew");
	return there == THERE_SHIP && options.fake == NULL
	    ? 0
	    : boot(there != THERE_NOTHING);
}

/* -------- instead of running it -------- */

/* The events of the log computed anew, or up to one of them. */
static int
replay(void)
{
	struct args a = {.n = 0};

	args_add(&a, "eventlog");
	args_add(&a, "replay");
	args_add_loudness(&a);
	args_add(&a, options.recompute ? "--full" : NULL);
	args_add_value(&a, "--to", options.replay_to);
	args_add_value(&a, "--heap", options.heap);
	args_add(&a, "--");
	args_add(&a, options.pier);
	return beside_run(&a);
}

static int
command(void)
{
	char **v = options.command;

	if (!client_named(v[0]))
		return tool_usage(v[0], "no such command to a ship");
	return client_main(options.pier, options.n_command, v);
}

/* -------- running it -------- */

/* -d leaves the directory, it may be; so a path is made whole. */
static const char *
whole(const char *path, char to[PATH_MAX])
{
	return path && realpath(path, to) ? to : path;
}

/* Options for the serf. */
static void
add_serf(struct args *a)
{
	static char seconds[24];

	if (options.snap_minutes) {
		snprintf(seconds, sizeof seconds, "%lu",
		    strtoul(options.snap_minutes, NULL, 10) * 60);
		args_add_value(a, "--snap-time", seconds);
	}
	args_add_value(a, "--heap", options.heap);
}

static int
readers(void)
{
	if (options.readers == UINT32_MAX)
		return 0;
	return options.readers == 0 ? -1 : (int)options.readers;
}

static int
run_ship(void)
{
	static char pier[PATH_MAX], bin[PATH_MAX];
	struct args serf = {.n = 0};
	struct ship_opts o = {
	    .pier = whole(options.pier, pier),
	    .serf = whole(options.serf, bin),
	    .serf_args = serf.v,
	    .readers = readers(),
	    .skip = options.no_conn ? "k" : NULL,
	    .no_tty = options.no_tty || options.daemon,
	    .exit = options.exit,
	    .daemon = options.daemon,
	    .log = options.log,
	    .quiet = command_tool.quiet,
	    .verbose = command_tool.verbose,
	};
	int code = inject_load(&o.inject, &o.inject_n);

	add_serf(&serf);
	if (code == 0)
		code = ship_run(&o);
	free((void *)o.inject);
	return code;
}

static int
run(void)
{
	int code = make();

	if (code != 0)
		return code;
	if (options.recompute || options.replay_to)
		code = replay();
	if (code != 0 || options.replay_to)
		return code;
	if (options.scry)
		return export_run(options.pier, options.scry, options.scry_into,
		    options.scry_format);
	if (!options.no_dock && (code = dock_if_none(options.pier)) != 0)
		return code;
	return run_ship();
}

int
run_main(int argc, char **argv)
{
	int code;

	if ((code = options_read(argc, argv)) != TOOL_GO)
		return code;
	if (options.versions)
		return versions_print();
	return options.command ? command() : run();
}
