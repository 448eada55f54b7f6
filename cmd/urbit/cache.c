#include "cache.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel.h"
#include "load.h"
#include "tool.h"

static char path[4096]; /* of a file in the directory, or of that */
static size_t base;     /* length of the directory's name */

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

/* What cannot be read was told of, and is passed over. */
static bool
find_ivory(const struct files *f, noun *events)
{
	noun n;

	for (size_t i = 0; i < f->n; i++)
		if (set_name(f->p[i].name) && load_file(path, &n) == 0 &&
		    kernel_events(n, events))
			return true;
	return false;
}

int
cache_ivory(noun *events, const char **name)
{
	struct files f = {0};
	bool found;
	int rc;

	if (!find_directory())
		return tool_fail(TOOL_SYS, "HOME",
		    "is not set, so name an ivory pill with -J");
	if ((rc = list_files(&f)) < 0)
		tool_errno(path);
	found = rc == 0 && find_ivory(&f, events);
	free(f.p);
	*name = path;
	if (found)
		return 0;
	path[base] = 0;
	return rc < 0 ? TOOL_SYS
	              : tool_fail(TOOL_SYS, path,
	                    "there is no ivory pill here; put one here, or "
	                    "name one with -J");
}
