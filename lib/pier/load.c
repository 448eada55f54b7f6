#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

struct load_limits load_limits;

int
load_heap(const char *value, size_t *size)
{
	load_limits.heap = value;
	if (tool_size(value, size))
		return 0;
	return tool_usage("--heap", "wants a size, such as 512M");
}

int
load_limit(const char *value, uint64_t *ns)
{
	load_limits.time = value;
	if (tool_seconds(value, ns))
		return 0;
	return tool_usage("--limit-time", "wants seconds, such as 0.5");
}

int
load_slog(const char *value, int *fd)
{
	return tool_fd(value, fd)
	    ? 0
	    : tool_usage("--slog", "wants a descriptor that is open");
}

int
load_gave_up(const char *object, enum bail kind)
{
	const char *what = kind == BAIL_MEME ? "memory" : "stack";

	if ((kind == BAIL_MEME || kind == BAIL_OVER) && load_limits.heap)
		return tool_fail(TOOL_SYS, object,
		    "out of %s (%s): the limit is --heap %s", what,
		    bail_name(kind), load_limits.heap);
	if (kind == BAIL_MEME || kind == BAIL_OVER)
		return tool_fail(
		    TOOL_SYS, object, "out of %s (%s)", what, bail_name(kind));
	if (kind == BAIL_TIME && load_limits.time)
		return tool_fail(TOOL_SYS, object,
		    "out of time (time): the limit is --limit-time %s",
		    load_limits.time);
	return tool_fail(TOOL_SYS, object, "given up (%s)", bail_name(kind));
}

int
load_pier_failed(const char *dir, const struct pier *p, enum pier_got got)
{
	switch (got) {
	case PIER_OK:
	case PIER_END:
		return 0;
	case PIER_CRASH:
	case PIER_DIFFER:
	case PIER_CHOPPED:
		return tool_fail(TOOL_NO, dir, "%s", p->why);
	case PIER_BAD:
		return tool_fail(TOOL_DATA, dir, "%s", p->why);
	case PIER_GAVE_UP:
		return load_gave_up(dir, p->kind);
	default:
		return tool_fail(TOOL_SYS, dir, "%s", p->why);
	}
}

/* -------- files -------- */

struct load {
	struct form_reader reader;
	enum form_got got;
	int error;
	noun n;
};

static void
read_noun(void *arg)
{
	struct load *l = arg;

	l->got = form_next(&l->reader, &l->n);
	l->error = errno;
}

static int
read_one(struct load *l, const char *object)
{
	enum bail kind = trap_run(read_noun, l);

	if (kind != BAIL_NONE)
		return load_gave_up(object, kind);
	switch (l->got) {
	case FORM_NOUN:
		return 0;
	case FORM_SYS:
		errno = l->error;
		return tool_errno(object);
	default:
		return tool_fail(TOOL_DATA, object, "%s", l->reader.why);
	}
}

int
load_fd(const char *object, int fd, enum form f, noun *out)
{
	struct load l;
	int code;

	if (form_open(&l.reader, fd, f, false) < 0)
		return tool_errno(object);
	code = read_one(&l, object);
	form_close(&l.reader);
	*out = l.n;
	return code;
}

static int
load_named(const char *file, enum form f, noun *out)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), code;

	if (fd < 0)
		return tool_errno(file);
	code = load_fd(file, fd, f, out);
	close(fd);
	return code;
}

int
load_file(const char *file, noun *out)
{
	return load_named(file, FORM_ANY, out);
}

int
load_input(const char *file, enum form f, noun *out)
{
	if (file && strcmp(file, "-") != 0)
		return load_named(file, f, out);
	return load_fd("stdin", STDIN_FILENO, f, out);
}

/* -------- options -------- */

struct value {
	const char *text;
	struct text_fault fault;
	noun n;
	bool good;
};

static void
read_value(void *arg)
{
	struct value *v = arg;

	v->good = text_read(v->text, strlen(v->text), &v->n, &v->fault) == 0;
}

int
load_value(const char *option, const char *value, noun *out)
{
	struct value v = {.text = value};
	enum bail kind;

	if (value[0] == '@')
		return load_file(value + 1, out);
	if ((kind = trap_run(read_value, &v)) != BAIL_NONE)
		return load_gave_up(option, kind);
	*out = v.n;
	if (v.good)
		return 0;
	if (access(value, F_OK) == 0)
		return load_file(value, out);
	return tool_fail(TOOL_DATA, option, "%lu:%lu: %s", v.fault.line,
	    v.fault.column, v.fault.reason);
}
