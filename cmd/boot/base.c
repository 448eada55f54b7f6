#include "base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "heap.h"
#include "input.h"
#include "load.h"
#include "shape.h"
#include "tool.h"

/* Directories below each other: what is deeper is no desk. */
enum { DEEP = 64 };

/* The paths of the files below root, "app/hood.hoon". */
struct tree {
	char root[PATH_MAX];
	char **file;
	size_t n, room;
};

static void
tree_free(struct tree *t)
{
	while (t->n > 0)
		free(t->file[--t->n]);
	free(t->file);
}

/* ROOT/path; false if it is too long. */
static bool
full_path(const struct tree *t, const char *path, char to[PATH_MAX])
{
	return snprintf(to, PATH_MAX, "%s/%s", t->root, path) < PATH_MAX;
}

static int
tree_add(struct tree *t, const char *path)
{
	char *copy;

	if (t->n == t->room) {
		size_t room = t->room ? 2 * t->room : 256;
		char **more = realloc(t->file, room * sizeof *more);

		if (more == NULL)
			return tool_errno(path);
		t->file = more;
		t->room = room;
	}
	if ((copy = strdup(path)) == NULL)
		return tool_errno(path);
	t->file[t->n++] = copy;
	return 0;
}

/* -------- what there is -------- */

static bool
is_sane(const char *name)
{
	static const char may[] = "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	name += *name == '!';
	return *name != 0 && name[strspn(name, may)] == 0;
}

/* Does a link lead to a file below the root? */
static bool
stays(const struct tree *t, const char *full)
{
	char real[PATH_MAX];
	size_t n = strlen(t->root);
	struct stat st;

	return realpath(full, real) != NULL && stat(real, &st) == 0 &&
	    S_ISREG(st.st_mode) && strncmp(real, t->root, n) == 0 &&
	    real[n] == '/';
}

static int find_below(struct tree *t, const char *path, unsigned depth);

static int
find(struct tree *t, const char *path, const char *name, unsigned depth)
{
	char full[PATH_MAX];
	struct stat st;

	if (!is_sane(name)) {
		tool_say(path, "left out: no path has such a name");
		return 0;
	}
	if (!full_path(t, path, full) || lstat(full, &st) < 0)
		return tool_errno(path);
	if (S_ISDIR(st.st_mode))
		return find_below(t, path, depth + 1);
	if (S_ISREG(st.st_mode) || (S_ISLNK(st.st_mode) && stays(t, full)))
		return tree_add(t, path);
	tool_say(path, "left out: %s",
	    S_ISLNK(st.st_mode) ? "a link that is not to a file in there"
	                        : "no file");
	return 0;
}

static int
find_in(struct tree *t, DIR *d, const char *path, unsigned depth)
{
	char below[PATH_MAX];
	struct dirent *e;
	int code;

	while (errno = 0, (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		if (snprintf(below, sizeof below, "%s%s%s", path,
		        *path ? "/" : "", e->d_name) >= (int)sizeof below)
			return tool_fail(TOOL_DATA, path, "a path too long");
		if ((code = find(t, below, e->d_name, depth)) != 0)
			return code;
	}
	return errno == 0 ? 0 : tool_errno(*path ? path : t->root);
}

static int
find_below(struct tree *t, const char *path, unsigned depth)
{
	char full[PATH_MAX];
	DIR *d;
	int code;

	if (depth > DEEP || !full_path(t, path, full))
		return tool_fail(TOOL_DATA, path, "too deep");
	if ((d = opendir(full)) == NULL)
		return tool_errno(*path ? path : t->root);
	code = find_in(t, d, path, depth);
	closedir(d);
	return code;
}

static int
order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* -------- as nouns -------- */

static noun
knot(const char *p, size_t n)
{
	size_t skip = n > 0 && *p == '!';

	return atom_from_bytes(p + skip, n - skip);
}

static noun
path_of(const char *p)
{
	const char *slash = strchr(p, '/'), *dot;

	if (slash != NULL)
		return cons(knot(p, (size_t)(slash - p)), path_of(slash + 1));
	if ((dot = strrchr(p, '.')) == NULL)
		return cons(knot(p, strlen(p)), 0);
	return cons3(
	    knot(p, (size_t)(dot - p)), knot(dot + 1, strlen(dot + 1)), 0);
}

struct reading {
	const char *path;
	struct input in;
	noun list; /* of files, the last first */
};

static void
add_file(void *arg)
{
	struct reading *r = arg;
	noun type = cons3(atom_cord("text"), atom_cord("plain"), 0);
	noun data = cons(atom_word(r->in.n), atom_from_bytes(r->in.p, r->in.n));

	r->list = cons(cons4(path_of(r->path), 0, type, data), r->list);
}

static void
make_ovum(void *arg)
{
	struct reading *r = arg;
	noun wire = cons3(atom_cord("c"), atom_cord("sync"), 0);

	r->list =
	    cons(wire, cons4(atom_cord("into"), 0, 0, list_flop(r->list)));
}

static int
read_file(const struct tree *t, struct reading *r)
{
	char full[PATH_MAX];
	enum bail kind;
	int fd, e;

	if (!full_path(t, r->path, full) ||
	    (fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) < 0)
		return tool_errno(r->path);
	e = input_load(&r->in, fd);
	close(fd);
	if (e < 0)
		return tool_errno(r->path);
	kind = trap_run(add_file, r);
	input_free(&r->in);
	return kind == BAIL_NONE ? 0 : load_gave_up(r->path, kind);
}

static int
read_all(struct tree *t, noun *ovum)
{
	struct reading r = {.list = 0};
	enum bail kind;
	int code;

	qsort(t->file, t->n, sizeof *t->file, order);
	for (size_t i = 0; i < t->n; i++) {
		r.path = t->file[i];
		if ((code = read_file(t, &r)) != 0)
			return code;
	}
	if ((kind = trap_run(make_ovum, &r)) != BAIL_NONE)
		return load_gave_up(t->root, kind);
	*ovum = r.list;
	return 0;
}

int
base_load(const char *dir, noun *ovum)
{
	struct tree t = {.file = NULL};
	int code;

	if (realpath(dir, t.root) == NULL)
		return tool_errno(dir);
	if ((code = find_below(&t, "", 0)) == 0 && t.n == 0)
		code = tool_fail(TOOL_DATA, dir, "has no files");
	if (code == 0)
		code = read_all(&t, ovum);
	tree_free(&t);
	return code;
}
