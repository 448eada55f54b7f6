#include "pills.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "command.h"
#include "fetch.h"
#include "heap.h"
#include "load.h"

#define PILL ".pill"
#define PROP ".jam"

/* -------- looking at nouns, for which there is a heap for a while -------- */

static int
with_heap(int (*f)(const char *), const char *arg)
{
	int code;

	if (heap_init(NULL) < 0)
		return tool_errno("heap");
	code = f(arg);
	heap_free();
	return code;
}

static int
check_boots(const char *file)
{
	noun n;
	int code = load_file(file, &n);

	if (code == 0 && !cache_boots(n))
		code = tool_fail(
		    TOOL_DATA, file, "is no pill that a ship is made of");
	return code;
}

static int
check_noun(const char *file)
{
	noun n;

	return load_file(file, &n);
}

static int
check_pill(const char *file)
{
	return with_heap(check_boots, file);
}

static int
check_prop(const char *file)
{
	return with_heap(check_noun, file);
}

static const char *newest;

static int
find_newest(const char *arg)
{
	(void)arg;
	return cache_bootable(&newest);
}

/* -------- names -------- */

/* Has name this ending? */
static bool
ends(const char *name, const char *ending)
{
	size_t n = strlen(name), m = strlen(ending);

	return n > m && strcmp(name + n - m, ending) == 0;
}

/* NAME with its ending, if it lacks that. */
static void
complete(char *to, size_t size, const char *name, int n, const char *ending)
{
	snprintf(to, size, "%.*s", n, name);
	if (!ends(to, ending))
		snprintf(to, size, "%.*s%s", n, name, ending);
}

/* The last part of a URL's path, as a file's name.  False if it has none. */
static bool
name_of(const char *url, const char *ending, char *to, size_t size)
{
	size_t all = strcspn(url, "?#"), n = 0;

	while (n < all && url[all - n - 1] != '/')
		n++;
	if (n == 0 || n == all || n > 200)
		return false;
	complete(to, size, url + all - n, (int)n, ending);
	for (char *p = to; *p; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-", *p) == NULL)
			*p = '_';
	return to[0] != '.';
}

/* -------- finding -------- */

static char found[CACHE_PATH];

static int
find_url(const char *url, const char *ending, int (*check)(const char *file))
{
	char name[256];
	int code;

	if (!name_of(url, ending, name, sizeof name))
		return tool_fail(
		    TOOL_USAGE, url, "its path does not end in a file's name");
	if ((code = cache_path(name, found)) != 0)
		return code;
	return fetch(url, found, check);
}

/* A name that is none of a file here. */
static int
find_cached(const char *named, const char *ending)
{
	char name[256];
	int code;

	complete(name, sizeof name, named, 200, ending);
	if (strchr(named, '/') != NULL ||
	    (code = cache_path(name, found)) != 0 || access(found, R_OK) < 0)
		return tool_fail(TOOL_SYS, named,
		    "no such file, and none of that name in the cache");
	return 0;
}

static int
find(const char *named, const char *url, const char *ending,
    int (*check)(const char *file), const char **file)
{
	*file = found;
	if (url != NULL)
		return find_url(url, ending, check);
	if (strcmp(named, "-") != 0 && access(named, F_OK) < 0)
		return find_cached(named, ending);
	*file = named;
	return 0;
}

int
pills_find(const char *named, const char *url, const char **file)
{
	int code;

	if (named != NULL || url != NULL)
		return find(named, url, PILL, check_pill, file);
	code = with_heap(find_newest, NULL);
	*file = newest;
	if (code == 0)
		tool_say(newest, "is the newest pill in the cache");
	return code;
}

int
pills_find_prop(const char *named, const char *url, const char **file)
{
	return find(named, url, PROP, check_prop, file);
}
