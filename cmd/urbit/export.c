#include "export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atom.h"
#include "beside.h"
#include "jam.h"
#include "load.h"
#include "out.h"
#include "scot.h"
#include "shape.h"
#include "state.h"
#include "tool.h"

enum { PATH_SIZE = 4096 };

int
export_catch_up(const char *pier)
{
	struct args a = {.n = 0};

	args_add(&a, "eventlog");
	args_add(&a, "replay");
	args_add(&a, "-q");
	args_add(&a, "--");
	args_add(&a, pier);
	return beside_run(&a);
}

/* -------- the path -------- */

/* Is each part of /a/b/c a knot, and none of them dots alone? */
static bool
is_path(const char *p)
{
	static const char may[] = "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	if (*p != '/')
		return false;
	while (*p++ == '/') {
		size_t n = strspn(p, may);

		if (n == 0 || n == strspn(p, "."))
			return false;
		p += n;
	}
	return p[-1] == 0;
}

static noun
path_noun(const char *p)
{
	size_t n;
	noun knot;

	if (*p++ != '/')
		return 0;
	n = strcspn(p, "/");
	knot = atom_from_bytes(p, n);
	return cons(knot, path_noun(p + n));
}

/* [%once care desk spur] of /care/desk/spur; has at least two parts. */
static const char *asked;

static noun
sample(void)
{
	return cons(atom_cord("once"), path_noun(asked));
}

/* -------- what is written -------- */

/* Under a trap: the bytes of the file, an atom. */
struct making {
	const char *format;
	noun noun, bytes;
	bool good;
};

static bool
is_jam(const char *format)
{
	return strcmp(format, "jam") == 0;
}

/* The letters of one, which may be written with its @: @ud. */
static const char *
aura_of(const char *format)
{
	return format + (*format == '@');
}

/*
 * One that is written its own way; of others an atom would be in hexadecimal,
 * which is @ux.  @ alone is that too.
 */
static bool
is_aura(const char *format)
{
	static const char *const auras[] = {"c", "d", "da", "dr", "f", "i",
	    "if", "is", "n", "p", "q", "rd", "rh", "rq", "rs", "s", "sb", "sd",
	    "si", "sv", "sw", "sx", "t", "ta", "tas", "u", "ub", "uc", "ud",
	    "ui", "uv", "uw", "ux"};

	if (strcmp(format, "@") == 0)
		return true;
	for (size_t i = 0; i < sizeof auras / sizeof *auras; i++)
		if (strcmp(aura_of(format), auras[i]) == 0)
			return true;
	return false;
}

static void
make(void *arg)
{
	struct making *m = arg;

	m->good = true;
	if (is_jam(m->format))
		m->bytes = jam(m->noun);
	else
		m->good = is_atom(m->noun) &&
		    scot_cord(atom_cord(m->format), m->noun, &m->bytes);
}

/* The directories of a file, which are made.  0, or -1 with errno set. */
static int
make_directories(char *file, size_t from)
{
	for (char *p = file + from; (p = strchr(p, '/')) != NULL; p++) {
		*p = 0;
		if (mkdir(file, 0777) < 0 && errno != EEXIST)
			return -1;
		*p = '/';
	}
	return 0;
}

static int
put(const char *file, int fd, noun bytes)
{
	static struct out out;
	uint64_t room;

	out_init(&out, fd);
	out_put(&out, atom_view(bytes, &room), atom_bytes(bytes));
	return out_flush(&out) < 0 ? tool_errno(file) : 0;
}

/* It is there whole, or not at all. */
static int
write_file(char *file, size_t from, noun bytes)
{
	char new[PATH_SIZE + 8];
	int fd, code;

	snprintf(new, sizeof new, "%s.new", file);
	if (make_directories(file, from) < 0)
		return tool_errno(file);
	fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return tool_errno(new);
	code = put(file, fd, bytes);
	if (close(fd) < 0 && code == 0)
		code = tool_errno(new);
	if (code == 0 && rename(new, file) < 0)
		code = tool_errno(file);
	if (code != 0)
		unlink(new);
	return code;
}

static int
write_noun(const char *pier, const char *into, const char *format, noun n)
{
	struct making m = {.format = aura_of(format), .noun = n};
	enum bail kind = trap_run(make, &m);
	char file[PATH_SIZE];
	int size, code;

	if (kind != BAIL_NONE)
		return load_gave_up(into, kind);
	if (!m.good)
		return tool_fail(
		    TOOL_NO, into, "cannot be written as @%s", format);
	size = snprintf(file, sizeof file, "%s/.urb/put/%s.%s", pier, into,
	    is_jam(format) ? "jam" : "txt");
	if (size >= (int)sizeof file) {
		errno = ENAMETOOLONG;
		return tool_errno(into);
	}
	code = write_file(file, strlen(pier) + 1, m.bytes);
	if (code == 0)
		tool_say(file, "written from %s", asked);
	return code;
}

/* -------- all of it -------- */

static int
check(const char *path, const char *into, const char *format)
{
	char file[PATH_SIZE];

	if (!is_path(path) || strchr(path + 1, '/') == NULL)
		return tool_usage(path, "-X wants /CARE/DESK/..., of knots");
	snprintf(file, sizeof file, "/%s", into);
	if (!is_path(file))
		return tool_usage(into, "-Y wants a name, of knots");
	if (!is_jam(format) && !is_aura(format))
		return tool_usage(
		    *format ? format : "''", "-Z wants jam, or an aura");
	return 0;
}

static int export(
    struct pier *p, const char *pier, const char *into, const char *format)
{
	noun mark, data;
	int code = state_peek(p, asked, sample, &mark, &data);

	if (code == TOOL_NO)
		return tool_fail(code, asked, "there is nothing");
	return code != 0 ? code : write_noun(pier, into, format, data);
}

int
export_run(
    const char *pier, const char *path, const char *into, const char *format)
{
	struct pier p = {0};
	int code;

	if (into == NULL)
		into = path + 1;
	if ((code = check(path, into, format)) != 0 ||
	    (code = export_catch_up(pier)) != 0 || (code = state_start()) != 0)
		return code;
	asked = path;
	if ((code = state_open(&p, pier)) == 0)
		code = export(&p, pier, into, format);
	pier_close(&p);
	return state_stop(code);
}
