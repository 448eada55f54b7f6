#include "show.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "brief.h"
#include "jam.h"
#include "load.h"
#include "options.h"
#include "pier.h"
#include "plan.h"
#include "shape.h"
#include "tell.h"
#include "tool.h"

/* -------- a list -------- */

/* What the nouns of a lifecycle are, by how many there are. */
static const char *
life_label(uint64_t id, noun n)
{
	static const char *const brass[] = {"the loop over events",
	    "the way from here to a kernel", "a compiler, to begin with",
	    "source: hoon", "source: arvo"};
	static const char *const solid[] = {"the loop over events",
	    "the way from here to a kernel", "a kernel"};

	if (plan.boot.life == 5 && is_atom(n) == (id > 3))
		return brass[id - 1];
	if (plan.boot.life == 3)
		return solid[id - 1];
	return is_atom(n) ? "an atom" : "a cell";
}

/* "2024-01-01 00:00:00.000015", of Unix nanoseconds. */
static void
date_text(int64_t at, char *to, size_t size)
{
	time_t s = (time_t)(at / 1000000000);
	struct tm tm;
	size_t n;

	if (at < 0 || gmtime_r(&s, &tm) == NULL) {
		snprintf(to, size, "before 1970");
		return;
	}
	n = strftime(to, size, "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(to + n, size - n, ".%06u", (unsigned)(at % 1000000000 / 1000));
}

static void
list_event(uint64_t id, noun event)
{
	enum { LINE = 1600 };
	char line[LINE], date[32];
	struct log_event e = {.wire = "", .tag = ""};
	size_t bytes = atom_bytes(jam(event));

	if (id <= plan.boot.life) {
		snprintf(line, sizeof line, "%5" PRIu64 "  %-26s %9zu  %s", id,
		    "", bytes, life_label(id, event));
	} else {
		pier_describe(event, &e);
		date_text(e.at, date, sizeof date);
		snprintf(line, sizeof line, "%5" PRIu64 "  %s %9zu  %s %%%s",
		    id, date, bytes, e.wire, e.tag);
	}
	tell_line(&tell_out, line);
}

static void
list_all(void *arg)
{
	noun list = plan.boot.events;

	(void)arg;
	for (uint64_t id = 1; list != 0; id++, list = tail(list))
		list_event(id, head(list));
}

int
show_list(void)
{
	enum bail kind = trap_run(list_all, NULL);

	if (kind != BAIL_NONE)
		return load_gave_up("events", kind);
	return tell_flush(&tell_out) < 0 ? tool_errno("stdout") : 0;
}

/* -------- a noun -------- */

static struct out out;

struct writing {
	struct form_writer w;
	noun n;
	int rc, error;
};

static void
write_noun(void *arg)
{
	struct writing *w = arg;

	w->rc = form_write(&w->w, w->n);
	w->error = errno;
}

static int
write_to(int fd, const char *object, enum form f, noun n)
{
	struct writing w = {.w = {&out, f, {0}}, .n = n};
	enum bail kind;

	out_init(&out, fd);
	if ((kind = trap_run(write_noun, &w)) != BAIL_NONE)
		return load_gave_up(object, kind);
	errno = w.error;
	if (w.rc < 0 && errno == EMSGSIZE)
		return tool_fail(
		    TOOL_NO, object, "its jam is too long for a frame");
	return w.rc < 0 || out_flush(&out) < 0 ? tool_errno(object) : 0;
}

static int
put_in_place(int fd, const char *name, const char *file)
{
	if (fsync(fd) < 0 || rename(name, file) < 0)
		return tool_errno(file);
	return 0;
}

int
show_write(const char *file, enum form f, noun n)
{
	char name[4096];
	int fd, code;

	if (file == NULL || strcmp(file, "-") == 0)
		return write_to(STDOUT_FILENO, "stdout", f, n);
	if (snprintf(name, sizeof name, "%s.new", file) >= (int)sizeof name)
		return tool_fail(TOOL_SYS, file, "a name too long");
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return tool_errno(name);
	code = write_to(fd, file, f, n);
	if (code == 0)
		code = put_in_place(fd, name, file);
	if (code != 0)
		unlink(name);
	close(fd);
	return code;
}

/* What is no file of its own, /dev/null or a pipe, is written as it is. */
static int
write_event(noun n)
{
	int fd, code;

	if (options.out == NULL)
		return show_write(NULL, options.to, n);
	fd = open(options.out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return tool_errno(options.out);
	code = write_to(fd, options.out, options.to, n);
	if (close(fd) < 0 && code == 0)
		code = tool_errno(options.out);
	return code;
}

int
show_event(uint64_t id)
{
	noun list = plan.boot.events;

	for (uint64_t i = 1; list != 0; i++, list = tail(list))
		if (i == id)
			return write_event(head(list));
	return tool_fail(TOOL_NO, "--event", "there is no event %" PRIu64, id);
}

/* -------- effects -------- */

uint64_t
show_count(noun effects)
{
	uint64_t n = 0;

	for (; is_cell(effects); effects = tail(effects))
		n++;
	return n;
}

struct effect {
	noun n;
	char line[512];
};

static void
brief_effect(void *arg)
{
	struct effect *e = arg;
	size_t n = strlen(e->line);

	brief_put(e->line + n, sizeof e->line - n, e->n,
	    (struct text_opts){.depth = 8, .width = 12});
}

int
show_effects(uint64_t event, noun effects)
{
	for (; is_cell(effects); effects = tail(effects)) {
		struct effect e = {.n = head(effects)};

		snprintf(e.line, sizeof e.line, "%" PRIu64 " ", event);
		if (trap_run(brief_effect, &e) != BAIL_NONE)
			snprintf(e.line, sizeof e.line,
			    "%" PRIu64 " (out of memory)", event);
		tell_line(&tell_out, e.line);
	}
	return tell_flush(&tell_out) < 0 ? tool_errno("stdout") : 0;
}
