#define _GNU_SOURCE
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ship_parts.h"
#include "tool.h"
#include "words.h"

/* In the parent: a byte means live; else the child has ended. */
static int
wait_for(pid_t pid, int fd)
{
	char live;
	ssize_t got;
	int status;

	do
		got = read(fd, &live, 1);
	while (got < 0 && errno == EINTR);
	close(fd);
	if (got == 1)
		return TOOL_DONE;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return tool_errno("daemon");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
daemon_begin(int *notify)
{
	int fd[2], null;
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		return tool_errno("daemon");
	if (pid) {
		close(fd[1]);
		return wait_for(pid, fd[0]);
	}
	close(fd[0]);
	*notify = fd[1];
	setsid();
	if ((null = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		close(null);
	}
	return -1;
}

void
daemon_live(struct ship *s)
{
	const char *log = s->opts->log;
	int fd;

	if (s->notify < 0)
		return;
	fd = log ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
	         : open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		words_fail(s, log ? log : "/dev/null", "cannot be written");
	words_move(s, fd < 0 ? STDOUT_FILENO : fd);
	if (fd >= 0)
		close(fd);
	(void)!write(s->notify, "\n", 1);
	close(s->notify);
	s->notify = -1;
}
