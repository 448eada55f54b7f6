#include "cache.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bail.h"
#include "kernel.h"
#include "load.h"
#include "pill.h"
#include "tool.h"

static char path[CACHE_PATH]; /* of a file in the directory, or of that */
static size_t base;           /* length of the directory's name */

/* False if there is no such name. */
static bool
find_directory(void)
{
	const char *home = getenv("XDG_CACHE_HOME"), *below = "";
	int n;

	if (home == NULL || *home == 0) {
		home = getenv("HOME");
		below = "/.cache";
	}
	if (home == NULL || *home == 0)
		return false;
	n = snprintf(path, sizeof path, "%s%s/nockutils/pills", home, below);
	base = (size_t)n;
	return n > 0 && base < sizeof path;
}

static bool
set_name(const char *name)
{
	size_t room = sizeof path - base;
	int n = snprintf(path + base, room, "/%s", name);

	return n > 0 && (size_t)n < room;
}

struct file {
	struct timespec written;
	char name[256];
};

struct files {
	struct file *p;
	size_t n, room;
};

static bool
is_pill(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".pill") == 0;
}

/* 0, or -1 with errno set. */
static int
add_file(struct files *f, const char *name)
{
	struct stat st;
	struct file *p = f->p;

	if (!is_pill(name) || !set_name(name) || stat(path, &st) < 0 ||
	    !S_ISREG(st.st_mode))
		return 0;
	if (f->n == f->room) {
		p = realloc(p, (f->room * 2 + 16) * sizeof *p);
		if (p == NULL)
			return -1;
		f->p = p;
		f->room = f->room * 2 + 16;
	}
	p[f->n].written = st.st_mtim;
	snprintf(p[f->n++].name, sizeof p->name, "%s", name);
	return 0;
}

static int
newer(const void *a, const void *b)
{
	const struct timespec *x = &((const struct file *)a)->written;
	const struct timespec *y = &((const struct file *)b)->written;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? 1 : -1;
	return (x->tv_nsec < y->tv_nsec) - (x->tv_nsec > y->tv_nsec);
}

/* A directory that is not there is one without files. */
static int
list_files(struct files *f)
{
	DIR *d = opendir(path);
	struct dirent *e;
	int rc = 0;

	if (d == NULL)
		return errno == ENOENT ? 0 : -1;
	while (rc == 0 && (e = readdir(d)) != NULL)
		rc = add_file(f, e->d_name);
	closedir(d);
	if (f->n > 1)
		qsort(f->p, f->n, sizeof *f->p, newer);
	return rc;
}

/* What the newest is to be: true, and *what there is to take from it. */
typedef bool fits(noun n, noun *what);

/* What cannot be read was told of, and is passed over. */
static bool
find_newest(const struct files *f, fits *fit, noun *what)
{
	noun n;

	for (size_t i = 0; i < f->n; i++)
		if (set_name(f->p[i].name) && load_file(path, &n) == 0 &&
		    fit(n, what))
			return true;
	return false;
}

/* Its name is in path then; `or` is what else may be done. */
static int
find(fits *fit, noun *what, const char *kind, const char * or)
{
	struct files f = {0};
	bool found;
	int rc;

	if (!find_directory())
		return tool_fail(TOOL_SYS, "HOME", "is not set; %s", or);
	if ((rc = list_files(&f)) < 0)
		tool_errno(path);
	found = rc == 0 && find_newest(&f, fit, what);
	free(f.p);
	if (found)
		return 0;
	path[base] = 0;
	return rc < 0
	    ? TOOL_SYS
	    : tool_fail(TOOL_SYS, path,
	          "there is no %s pill here; put one here, or %s", kind, or);
}

int
cache_ivory(noun *events, const char **name)
{
	*name = path;
	return find(kernel_events, events, "ivory", "name one with -J");
}

/* -------- pills that ships are made of -------- */

struct looking {
	noun n;
	struct pill pill;
	bool is;
};

static void
look(void *arg)
{
	struct looking *l = arg;

	l->is = pill_look(l->n, &l->pill);
}

bool
cache_boots(noun n)
{
	struct looking l = {.n = n};

	return trap_run(look, &l) == BAIL_NONE && l.is &&
	    (l.pill.kind == PILL_BOOT || l.pill.kind == PILL_CASH);
}

static bool
fits_boot(noun n, noun *what)
{
	(void)what;
	return cache_boots(n);
}

int
cache_bootable(const char **name)
{
	noun none;

	*name = path;
	return find(fits_boot, &none, "ship's",
	    "name one with -B, or where to fetch it with -u");
}

/* -------- the directory -------- */

/* All of path, which is absolute or not, up to its end.  0, or -1. */
static int
make_directories(void)
{
	for (char *p = path + 1;; p++) {
		char was = *p;

		if (was != '/' && was != 0)
			continue;
		*p = 0;
		if (mkdir(path, 0777) < 0 && errno != EEXIST)
			return -1;
		if ((*p = was) == 0)
			return 0;
	}
}

int
cache_path(const char *name, char to[CACHE_PATH])
{
	if (!find_directory())
		return tool_fail(TOOL_SYS, "HOME", "is not set");
	path[base] = 0;
	if (make_directories() < 0)
		return tool_errno(path);
	if (snprintf(to, CACHE_PATH, "%s/%s", path, name) < CACHE_PATH)
		return 0;
	errno = ENAMETOOLONG;
	return tool_errno(name);
}
