/*
 * The process begun anew, by execve(2) of the same program: it opens the
 * image that a compaction put in place, and has nothing of the old one in
 * memory.  Nobody outside notices.
 *
 * What it needs to go on comes in a file without a name, behind --resume:
 * how far it is, and the bytes that were read and are not worked.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "halt.h"
#include "serf.h"
#include "tool.h"

/* The front of the file; both sides are the same program. */
struct left {
	struct serf_count count, told;
	uint64_t date[2];
	bool behind, ended;
};

enum { ARGS_MAX = 256 };

static char **args;

void
again_remember(char **argv)
{
	args = argv;
}

/* -------- leaving -------- */

static int
put_all(int fd, const void *p, size_t n)
{
	const char *from = p;
	ssize_t k;

	for (; n > 0; from += k, n -= (size_t)k)
		if ((k = write(fd, from, n)) < 0 && errno != EINTR)
			return -1;
		else if (k < 0)
			k = 0;
	return 0;
}

/* The descriptor of the file, without FD_CLOEXEC; -1 with errno set. */
static int
leave(const struct serf *s)
{
	struct left l = {
	    .count = s->count,
	    .told = s->told,
	    .date = {s->date[0], s->date[1]},
	    .behind = s->behind,
	    .ended = s->in.ended,
	};
	const struct newt *in = &s->in.newt;
	int fd = memfd_create("serf", 0);

	if (fd < 0 || put_all(fd, &l, sizeof l) < 0 ||
	    put_all(fd, in->buf + in->at, newt_backlog(in)) < 0 ||
	    lseek(fd, 0, SEEK_SET) < 0)
		return -1;
	return fd;
}

/* The arguments that there were, without those of an earlier time. */
static int
make_args(char *to[ARGS_MAX + 4], char *fd)
{
	int n = 0;

	to[n++] = args[0];
	to[n++] = (char *)(uintptr_t) "--resume";
	to[n++] = fd;
	for (char **from = args + 1; *from != NULL; from++) {
		if (n == ARGS_MAX) {
			errno = E2BIG;
			return -1;
		}
		if (from == args + 1 && strcmp(*from, "--resume") == 0 &&
		    from[1] != NULL)
			from++;
		else
			to[n++] = *from;
	}
	to[n] = NULL;
	return 0;
}

/*
 * The lock is the process's as long as no descriptor of its file is closed:
 * so this one is left open, for ever.  A SIGTERM that comes from here on
 * waits for the new program.
 */
void
again(struct serf *s)
{
	char *to[ARGS_MAX + 4], number[16];
	int fd = leave(s);

	if (fd >= 0 && fcntl(s->pier.lock.fd, F_SETFD, 0) == 0) {
		snprintf(number, sizeof number, "%d", fd);
		halt_block();
		if (halt_asked()) {
			s->over = true;
			return;
		}
		if (make_args(to, number) == 0)
			execv("/proc/self/exe", to);
	}
	serf_stop(s, tool_errno("/proc/self/exe"));
}

/* -------- taking it up -------- */

static int
take_bytes(struct serf *s, int fd, size_t n)
{
	void *p;
	int rc;

	if (n == 0)
		return 0;
	p = mmap(NULL, n + sizeof(struct left), PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return -1;
	rc = newt_feed(&s->in.newt, (char *)p + sizeof(struct left), n);
	munmap(p, n + sizeof(struct left));
	return rc;
}

int
again_take(struct serf *s, int fd)
{
	struct left l;
	struct stat st;

	if (fstat(fd, &st) < 0 || read(fd, &l, sizeof l) != sizeof l)
		return tool_usage("--resume", "is the program's own business");
	if (take_bytes(s, fd, (size_t)st.st_size - sizeof l) < 0)
		return tool_errno("--resume");
	close(fd);
	prctl(PR_SET_NAME, "serf"); /* which was run as "exe" */
	s->count = l.count;
	s->told = l.told;
	memcpy(s->date, l.date, sizeof s->date);
	s->behind = l.behind;
	s->in.ended = l.ended;
	return 0;
}
