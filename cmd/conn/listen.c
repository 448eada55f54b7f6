#define _GNU_SOURCE /* O_PATH, SOCK_CLOEXEC */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tool.h"

/* Below the pier, so that it fits an address of 108 bytes. */
#define NAME ".urb/conn.sock"

enum { BACKLOG = 4096, MOST = 64 * 1024, RESERVE = 32, LEAST = 16 };

static const struct sockaddr_un address = {AF_UNIX, NAME};

static int
new_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* Does somebody listen? */
static bool
taken(void)
{
	int fd = new_socket(), rc;

	if (fd < 0)
		return false;
	rc = connect(fd, (const struct sockaddr *)&address, sizeof address);
	if (rc < 0 && errno == EAGAIN) /* its queue is full */
		rc = 0;
	close(fd);
	return rc == 0;
}

/* The socket, in the directory of the pier; -1 with errno set. */
static int
bind_here(void)
{
	int fd, error;
	mode_t mask;

	if (taken()) {
		errno = EADDRINUSE;
		return -1;
	}
	if ((unlink(NAME) < 0 && errno != ENOENT) || (fd = new_socket()) < 0)
		return -1;
	mask = umask(0177);
	error = bind(fd, (const struct sockaddr *)&address, sizeof address) < 0
	    ? errno
	    : 0;
	umask(mask);
	if (error == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	error = error ? error : errno;
	close(fd);
	errno = error;
	return -1;
}

/* Back to where we were.  Not being able to is no reason to give up. */
static void
go_back(int dir)
{
	if (dir < 0)
		return;
	if (fchdir(dir) < 0)
		tool_say("working directory", "cannot be gone back to");
	close(dir);
}

int
listen_open(const char *pier)
{
	int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC), fd;

	if (chdir(pier) < 0) {
		tool_errno(pier);
		fd = -1;
	} else if ((fd = bind_here()) < 0) {
		tool_errno(NAME);
	}
	go_back(here);
	return fd;
}

size_t
listen_room(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0)
		return LEAST;
	r.rlim_cur = r.rlim_max;
	if (r.rlim_cur > MOST + RESERVE)
		r.rlim_cur = MOST + RESERVE;
	if (setrlimit(RLIMIT_NOFILE, &r) < 0)
		getrlimit(RLIMIT_NOFILE, &r);
	return r.rlim_cur > RESERVE + LEAST ? r.rlim_cur - RESERVE : LEAST;
}
