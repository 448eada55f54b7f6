#define _GNU_SOURCE /* close_range() */
#include "save.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atom.h"
#include "reason.h"
#include "tool.h"

struct head {
	uint32_t name;
	uint32_t bytes[2]; /* low, high: a struct without holes */
};

/* -------- this side -------- */

static bool
send_all(int fd, const void *p, size_t n)
{
	const char *at = p;
	ssize_t r;

	for (; n > 0; at += r, n -= (size_t)r) {
		r = write(fd, at, n);
		if (r < 0 && errno == EINTR)
			r = 0;
		if (r < 0)
			return false;
	}
	return true;
}

static bool
knot_good(const uint8_t *p, size_t n)
{
	if (n == 0 || n > 255 || memcmp(p, "..", n < 2 ? n : 2) == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (p[i] < ' ' || p[i] == 0x7f || p[i] == '/')
			return false;
	return true;
}

/* The name of a path; its length, or 0 if it is none. */
static size_t
name_of(noun path, char to[SAVE_NAME])
{
	size_t at = 0;

	for (; is_cell(path); path = tail(path)) {
		bool last = !is_cell(tail(path));
		uint64_t room;
		size_t n;

		if (!is_atom(head(path)))
			return 0;
		n = atom_bytes(head(path));
		if (at + 1 + n > SAVE_NAME)
			return 0;
		if (!knot_good(atom_view(head(path), &room), n))
			return 0;
		if (at)
			to[at++] = last ? '.' : '/';
		memcpy(to + at, atom_view(head(path), &room), n);
		at += n;
	}
	return path == 0 ? at : 0;
}

bool
save_put(struct save *s, noun path, noun bytes)
{
	char name[SAVE_NAME];
	uint64_t room, n = atom_bytes(bytes);
	struct head h = {.bytes = {(uint32_t)n, (uint32_t)(n >> 32)}};

	if ((h.name = (uint32_t)name_of(path, name)) == 0) {
		errno = EINVAL;
		return false;
	}
	return send_all(s->fd, &h, sizeof h) && send_all(s->fd, name, h.name) &&
	    send_all(s->fd, atom_view(bytes, &room), n);
}

void
save_stop(struct save *s)
{
	char end;

	if (s->fd < 0)
		return;
	shutdown(s->fd, SHUT_WR);
	while (read(s->fd, &end, 1) < 0 && errno == EINTR)
		continue;
	close(s->fd);
	s->fd = -1;
}

/* -------- the child -------- */

static bool
read_all(int fd, void *p, size_t n)
{
	char *at = p;
	ssize_t r;

	for (; n > 0; at += r, n -= (size_t)r) {
		r = read(fd, at, n);
		if (r < 0 && errno == EINTR)
			r = 0;
		else if (r <= 0)
			return false;
	}
	return true;
}

/* Into the directory of that name in `at`, made if it is not there. */
static int
descend(int at, const char *name)
{
	if (mkdirat(at, name, 0777) < 0 && errno != EEXIST)
		return -1;
	return openat(
	    at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/*
 * The directory of a file in dir.  *last is its name there.  Cuts name up,
 * whose knots are looked at again: it came from elsewhere.
 */
static int
find(const char *dir, char *name, char **last)
{
	int fd, next;

	*last = name;
	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		return -1;
	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return -1;
	for (;;) {
		char *end = *last + strcspn(*last, "/");
		bool deeper = *end == '/';

		*end = '\0';
		if (!knot_good((uint8_t *)*last, (size_t)(end - *last))) {
			close(fd);
			errno = EINVAL;
			return -1;
		}
		if (!deeper)
			return fd;
		next = descend(fd, *last);
		close(fd);
		if ((fd = next) < 0)
			return -1;
		*last = end + 1;
	}
}

/* Take n bytes off the socket: to a file, unless fd is -1.  0, or errno. */
static int
copy(int from, int fd, uint64_t n, bool *broken)
{
	static char buf[1 << 16];
	int error = 0;

	while (n > 0) {
		size_t some = n < sizeof buf ? n : sizeof buf;

		if (!read_all(from, buf, some)) {
			*broken = true;
			return EPIPE;
		}
		if (fd >= 0 && error == 0 && !send_all(fd, buf, some))
			error = errno;
		n -= some;
	}
	return error;
}

/* Beside the file first, so that there is never half of one. */
static int
replace(int from, int dir, const char *last, uint64_t n, bool *broken)
{
	static const char beside[] = ".saving";
	int fd = openat(dir, beside,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	int error = fd < 0 ? errno : 0, copied = copy(from, fd, n, broken);

	if (fd < 0)
		return error;
	error = copied;
	if (close(fd) < 0 && error == 0)
		error = errno;
	if (error == 0 && renameat(dir, beside, dir, last) < 0)
		error = errno;
	if (error)
		unlinkat(dir, beside, 0);
	return error;
}

/* One record.  False at the end. */
static bool
serve_one(int from, const char *dir)
{
	char name[SAVE_NAME + 1], whole[SAVE_NAME + 1], *last;
	struct head h;
	bool broken = false;
	int fd, error;
	uint64_t n;

	if (!read_all(from, &h, sizeof h) || h.name == 0 ||
	    h.name > SAVE_NAME || !read_all(from, name, h.name))
		return false;
	n = (uint64_t)h.bytes[1] << 32 | h.bytes[0];
	name[h.name] = '\0';
	memcpy(whole, name, sizeof whole);
	if ((fd = find(dir, name, &last)) < 0) {
		error = errno;
		copy(from, -1, n, &broken);
	} else {
		error = replace(from, fd, last, n, &broken);
		close(fd);
	}
	if (error)
		tool_fail(TOOL_SYS, whole, "%s", reason_of(error));
	else
		tool_say(whole, "saved, %llu bytes", (unsigned long long)n);
	return !broken;
}

int
save_serve(int fd, const char *dir)
{
	while (serve_one(fd, dir))
		continue;
	return TOOL_DONE;
}

/*
 * All but standard error, the socket and the terminal is the parent's.  What
 * reaches all of the terminal's foreground, or its background, is not for it.
 */
static _Noreturn void
child(int fd, const char *dir, struct term *t)
{
	static const int not_ours[] = {
	    SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGTTOU};
	int code;

	for (size_t i = 0; i < sizeof not_ours / sizeof *not_ours; i++)
		signal(not_ours[i], SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	dup2(fd, 0);
	close(1);
	term_alone(t, 3);
	code = save_serve(0, dir);
	term_orphaned(t);
	_exit(code);
}

int
save_start(struct save *s, const char *dir, struct term *t)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	/* A jail does not let us wait for it: nobody need to. */
	signal(SIGCHLD, SIG_IGN);
	if ((pid = fork()) < 0)
		return -1;
	if (pid == 0)
		child(pair[1], dir, t);
	close(pair[1]);
	s->fd = pair[0];
	s->files = dir != NULL;
	return 0;
}
