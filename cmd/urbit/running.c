#include "running.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lock.h"

/* Who has the lock, as the kernel tells; 0 = nobody whom we can see. */
static pid_t
holder(const char *pier)
{
	struct flock f = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[PATH_MAX];
	int fd, got;

	if (snprintf(path, sizeof path, "%s/%s", pier, LOCK_NAME) >= PATH_MAX)
		return 0;
	if ((fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)) < 0)
		return 0;
	got = fcntl(fd, F_GETLK, &f);
	close(fd);
	return got == 0 && f.l_type != F_UNLCK && f.l_pid > 0 ? f.l_pid : 0;
}

/* The parent of a process; 0 if it cannot be told.  "12 (name) S 7 ..." */
static pid_t
parent_of(pid_t pid)
{
	char path[64], text[512];
	const char *end;
	ssize_t n = 0;
	int fd, parent;

	snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0) {
		n = read(fd, text, sizeof text - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	end = strrchr(text, ')');
	return end && sscanf(end + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

pid_t
running_serf(const char *pier)
{
	pid_t serf = holder(pier);

	return serf && parent_of(serf) > 1 ? serf : 0;
}
