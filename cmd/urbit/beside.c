#include "beside.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"

/* -------- arguments -------- */

void
args_add(struct args *a, const char *s)
{
	assert(a->n < ARGS_MAX);
	if (s != NULL)
		a->v[a->n++] = s;
	a->v[a->n] = NULL;
}

void
args_add_value(struct args *a, const char *option, const char *value)
{
	if (value == NULL)
		return;
	args_add(a, option);
	args_add(a, value);
}

void
args_add_loudness(struct args *a)
{
	if (command_tool.quiet)
		args_add(a, "-q");
	if (command_tool.verbose)
		args_add(a, "-v");
}

/* -------- where it is -------- */

bool
beside_path(const char *name, char to[BESIDE_PATH])
{
	ssize_t n = readlink("/proc/self/exe", to, BESIDE_PATH);
	char *slash;
	size_t room;

	if (n <= 0 || n >= BESIDE_PATH)
		return false;
	to[n] = 0;
	if ((slash = strrchr(to, '/')) == NULL)
		return false;
	room = BESIDE_PATH - (size_t)(slash + 1 - to);
	return (size_t)snprintf(slash + 1, room, "%s", name) < room;
}

int
beside_exec(const struct args *a)
{
	char path[BESIDE_PATH];

	if (!beside_path(a->v[0], path))
		return tool_fail(TOOL_SYS, a->v[0], "where it is, is unknown");
	execv(path, (char *const *)a->v);
	return tool_errno(path);
}

/* -------- running it -------- */

static volatile sig_atomic_t child; /* its process, for on_term() */

static void
on_term(int signal)
{
	if (child > 0)
		kill((pid_t)child, signal);
}

/* The signals of a terminal, and SIGTERM, while a child runs. */
static const struct {
	int signal;
	void (*handler)(int);
} handlers[] = {{SIGINT, SIG_IGN}, {SIGQUIT, SIG_IGN}, {SIGTERM, on_term}};

enum { HANDLERS = sizeof handlers / sizeof *handlers };

static void
take_signals(struct sigaction old[HANDLERS])
{
	for (int i = 0; i < HANDLERS; i++) {
		struct sigaction sa = {.sa_handler = handlers[i].handler};

		sigaction(handlers[i].signal, &sa, &old[i]);
	}
}

static void
give_signals(const struct sigaction old[HANDLERS])
{
	for (int i = 0; i < HANDLERS; i++)
		sigaction(handlers[i].signal, &old[i], NULL);
}

static int
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return tool_errno("waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}

/* In the child.  A SIGTERM that came meanwhile is let through here. */
static _Noreturn void
become(const struct args *a, const struct sigaction old[HANDLERS],
    const sigset_t *mask, pid_t parent)
{
	give_signals(old);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (getppid() != parent)
		_exit(TOOL_SYS);
	_exit(beside_exec(a));
}

/* SIGTERM is held back until the child's number is known. */
static pid_t
start(const struct args *a, struct sigaction old[HANDLERS])
{
	sigset_t term, before;
	pid_t parent = getpid(), pid;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &before);
	take_signals(old);
	if ((pid = fork()) == 0)
		become(a, old, &before, parent);
	child = pid;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

int
beside_run(const struct args *a)
{
	struct sigaction old[HANDLERS];
	pid_t pid = start(a, old);
	int code = pid < 0 ? tool_errno(a->v[0]) : wait_for(pid);

	child = 0;
	give_signals(old);
	return code;
}
