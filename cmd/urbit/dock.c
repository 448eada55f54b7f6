/*
 * dock -- PIER/.run, a link to this program, which then needs no pier named.
 *
 * It is a symbolic link and not a copy: the tools that a ship is made of lie
 * beside the program itself.
 */
#include "dock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beside.h"
#include "command.h"
#include "commands.h"

/* Put in place whole: 0, or -1 with errno set. */
static int
make_link(const char *target, const char *link)
{
	char new[BESIDE_PATH];

	if (snprintf(new, sizeof new, "%s.new", link) >= (int)sizeof new) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (unlink(new) < 0 && errno != ENOENT)
		return -1;
	return symlink(target, new) < 0 || rename(new, link) < 0 ? -1 : 0;
}

static int
link_run(const char *link)
{
	char self[BESIDE_PATH];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n < 0)
		return tool_errno("/proc/self/exe");
	self[n] = 0;
	if (make_link(self, link) < 0)
		return tool_errno(link);
	tool_say(link, "linked to %s", self);
	return 0;
}

/* Is there something that is no link of ours to be made anew? */
static bool
is_taken(const char *link)
{
	struct stat st;

	if (lstat(link, &st) < 0)
		return false;
	return !S_ISLNK(st.st_mode) || access(link, X_OK) == 0;
}

static int
name_link(const char *pier, char link[BESIDE_PATH])
{
	struct stat st;

	if (stat(pier, &st) < 0)
		return tool_errno(pier);
	if (!S_ISDIR(st.st_mode))
		return tool_fail(TOOL_DATA, pier, "is no directory");
	if (snprintf(link, BESIDE_PATH, "%s/.run", pier) < BESIDE_PATH)
		return 0;
	errno = ENAMETOOLONG;
	return tool_errno(pier);
}

int
dock_if_none(const char *pier)
{
	char link[BESIDE_PATH];
	int code = name_link(pier, link);

	return code != 0 || is_taken(link) ? code : link_run(link);
}

static int
run(const char *pier)
{
	char link[BESIDE_PATH];
	int code = name_link(pier, link);

	return code != 0 ? code : link_run(link);
}

int
dock_main(int argc, char **argv)
{
	static const struct command c = {.name = "urbit dock",
	    .about = "make PIER/.run a link to this program",
	    .run = run};

	return command_main(&c, argc, argv);
}
