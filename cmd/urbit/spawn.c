/*
 * spawn -- the other side of the fork.
 *
 * fork and not posix_spawn, because a child must know before it is another
 * program what to do when its parent dies.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "child.h"
#include "drivers.h"
#include "reason.h"

enum { NOT_THERE = 127 };

/* Signals as a program finds them. */
static void
reset_signals(void)
{
	static const int ours[] = {
	    SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE, SIGTTOU, SIGTTIN};
	sigset_t none;

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		signal(ours[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Descriptors 0 to 3 are the pipes; it gets no other, wherever it is from. */
static void
place(const int ends[PIPES])
{
	int high[PIPES];

	for (int i = 0; i < PIPES; i++)
		high[i] = fcntl(ends[i], F_DUPFD_CLOEXEC, PIPES);
	for (int i = 0; i < PIPES; i++)
		if (high[i] < 0 || dup2(high[i], i) < 0)
			_exit(NOT_THERE);
	(void)close_range(PIPES, ~0U, 0);
}

/*
 * In the child.  The terminal belongs to a group of processes, so dill stays
 * in ours; the others get one of their own, and no keys of a terminal.
 */
static _Noreturn void
become(const struct child *c, const int ends[PIPES], pid_t parent)
{
	char words[BESIDE_PATH + 200];
	int n;

	prctl(PR_SET_PDEATHSIG, c->end_signal);
	if (getppid() != parent)
		_exit(NOT_THERE);
	if (!(c->needs & DRIVER_TTY))
		setpgid(0, 0);
	reset_signals();
	place(ends);
	execv(c->path, (char *const *)c->argv);
	n = snprintf(words, sizeof words, "%s: %s: %s\n", c->name, c->path,
	    reason_of(errno));
	(void)!write(STDERR_FILENO, words, (size_t)n);
	_exit(NOT_THERE);
}

pid_t
child_spawn(struct child *c, const int ends[PIPES])
{
	pid_t parent = getpid(), pid;
	sigset_t all, was;

	/* No handler of the loop's may run in the child. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &was);
	if ((pid = fork()) == 0)
		become(c, ends, parent);
	sigprocmask(SIG_SETMASK, &was, NULL);
	return pid;
}
