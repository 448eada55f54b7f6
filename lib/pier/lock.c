#define _GNU_SOURCE
#include "lock.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

/* The number in the file; 0 if there is none.  *line: a newline is behind. */
static pid_t
read_number(int fd, bool *line)
{
	char text[24] = "";
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	long v = n > 0 && isdigit((unsigned char)text[0]) ? atol(text) : 0;

	*line = strchr(text, '\n') != NULL;
	return v > 0 && v == (pid_t)v ? (pid_t)v : 0;
}

/*
 * On a full disk the number may not fit.  The lock holds without it, and who
 * asks for it is told by the kernel.
 */
static void
write_number(int fd)
{
	char text[24];
	int n = snprintf(text, sizeof text, "%ld", (long)getpid());

	if (pwrite(fd, text, (size_t)n, 0) != n || ftruncate(fd, n) < 0)
		(void)!ftruncate(fd, 0);
}

/* What that process is called; "" if it cannot be told. */
static void
name_of(pid_t pid, char *to, size_t size)
{
	char path[64];
	ssize_t n = 0;
	int fd;

	snprintf(path, sizeof path, "/proc/%ld/comm", (long)pid);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0) {
		n = read(fd, to, size - 1);
		close(fd);
	}
	to[n > 0 ? n : 0] = '\0';
	to[strcspn(to, "\n")] = '\0';
}

/* Is it alive, and a Vere?  Where there is no telling, it may be. */
static bool
is_vere(struct lock *k, pid_t pid)
{
	if (pid == 0 || pid == getpid() || (kill(pid, 0) < 0 && errno != EPERM))
		return false;
	name_of(pid, k->name, sizeof k->name);
	return k->name[0] == '\0' || strstr(k->name, "vere") ||
	    strstr(k->name, "urbit");
}

static enum lock_got
held_by(struct lock *k, pid_t pid)
{
	k->pid = pid;
	if (pid > 0)
		name_of(pid, k->name, sizeof k->name);
	return LOCK_HELD;
}

/* Who has the lock that we did not get?  0: nobody any more. */
static enum lock_got
ask(struct lock *k, bool *again)
{
	struct flock f = whole;

	if (fcntl(k->fd, F_GETLK, &f) < 0)
		return LOCK_SYS;
	*again = f.l_type == F_UNLCK;
	return held_by(k, f.l_pid > 0 ? f.l_pid : 0);
}

/* Is what we have locked still the file of that name? */
static bool
is_there(const struct lock *k)
{
	struct stat a, b;

	return fstat(k->fd, &a) == 0 && stat(k->path, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* The lock is ours, if no Vere has the pier. */
static enum lock_got
settle(struct lock *k)
{
	bool line;
	pid_t was = read_number(k->fd, &line);

	if (line && is_vere(k, was))
		return held_by(k, was);
	k->stale = was == getpid() ? 0 : was;
	k->pid = getpid();
	k->name[0] = '\0';
	write_number(k->fd);
	return LOCK_OK;
}

/* *again: the file went away meanwhile, or who had it did. */
static enum lock_got
try(struct lock *k, bool *again)
{
	k->fd = open(k->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (k->fd < 0)
		return LOCK_SYS;
	if (fcntl(k->fd, F_SETLK, &whole) < 0)
		return errno == EACCES || errno == EAGAIN ? ask(k, again)
		                                          : LOCK_SYS;
	if (!is_there(k)) {
		*again = true;
		return LOCK_SYS;
	}
	return settle(k);
}

/* As new, but for what says why; errno stays. */
static void
let_go(struct lock *k)
{
	int e = errno;

	if (k->fd >= 0)
		close(k->fd);
	k->fd = -1;
	errno = e;
}

enum lock_got
lock_take(struct lock *k, const char *pier)
{
	enum lock_got got;
	bool again;

	*k = (struct lock){.fd = -1};
	if (asprintf(&k->path, "%s/" LOCK_NAME, pier) < 0) {
		k->path = NULL;
		return LOCK_SYS;
	}
	do {
		again = false;
		got = try(k, &again);
		if (got != LOCK_OK)
			let_go(k);
	} while (again);
	if (got != LOCK_OK) {
		free(k->path);
		k->path = NULL;
	}
	return got;
}

const char *
lock_why(struct lock *k)
{
	if (k->pid == 0)
		return "a process of another machine has it";
	snprintf(k->words, sizeof k->words, "process %ld%s%s%s has it",
	    (long)k->pid, *k->name ? " (" : "", k->name, *k->name ? ")" : "");
	return k->words;
}

void
lock_drop(struct lock *k)
{
	if (k->path == NULL)
		return;
	unlink(k->path);
	let_go(k);
	free(k->path);
	*k = (struct lock){.fd = -1};
}
