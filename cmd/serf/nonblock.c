#include "nonblock.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

int
nonblock(int fd, int how)
{
	struct stat st;
	char path[32];
	int again;

	if (fstat(fd, &st) < 0)
		return fd;
	if (S_ISFIFO(st.st_mode)) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		again = open(path, how | O_NONBLOCK | O_CLOEXEC);
		if (again >= 0)
			return again;
	}
	if (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode))
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return fd;
}
