#define _GNU_SOURCE /* CLONE_THREAD */
#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

/* A call that is allowed: always, or if the argument `arg` & mask is value. */
struct rule {
	int call;
	bool some;
	unsigned arg;
	uint64_t mask, value;
};

#define ANY(call)                              \
	{                                      \
		SCMP_SYS(call), false, 0, 0, 0 \
	}
#define ONLY(call, arg, value)                               \
	{                                                    \
		SCMP_SYS(call), true, arg, UINT32_MAX, value \
	}
#define MASKED(call, arg, mask, value)                 \
	{                                              \
		SCMP_SYS(call), true, arg, mask, value \
	}

/* -------- what each has -------- */

/*
 * Descriptors: read, write, wait for, copy, close.  What takes a path is
 * not here, nor is fstat() as new C libraries make it, out of a call that
 * takes one.  fcntl() could have signals sent to another process.
 */
static const struct rule descriptors[] = {
    ANY(read),
    ANY(write),
    ANY(readv),
    ANY(writev),
    ANY(pread64),
    ANY(pwrite64),
    ANY(lseek),
    ANY(fstat),
    ANY(fsync),
    ANY(fdatasync),
    ANY(close),
    ANY(dup),
    ANY(dup2),
    ANY(dup3),
    ANY(pipe),
    ANY(pipe2),
    ANY(poll),
    ANY(ppoll),
    ANY(select),
    ANY(pselect6),
    ANY(epoll_create),
    ANY(epoll_create1),
    ANY(epoll_ctl),
    ANY(epoll_wait),
    ANY(epoll_pwait),
    ANY(eventfd2),
    ANY(timerfd_create),
    ANY(timerfd_settime),
    ANY(timerfd_gettime),
    ANY(sendto),
    ANY(sendmsg),
    ANY(sendmmsg),
    ANY(recvfrom),
    ANY(recvmsg),
    ANY(recvmmsg),
    ANY(getsockopt),
    ANY(setsockopt),
    ANY(getsockname),
    ANY(getpeername),
    ANY(shutdown),
    ONLY(fcntl, 1, F_GETFD),
    ONLY(fcntl, 1, F_SETFD),
    ONLY(fcntl, 1, F_GETFL),
    ONLY(fcntl, 1, F_SETFL),
    ONLY(fcntl, 1, F_DUPFD),
    ONLY(fcntl, 1, F_DUPFD_CLOEXEC),
    ONLY(ioctl, 1, FIONBIO),
    ONLY(ioctl, 1, FIONREAD),
    ONLY(ioctl, 1, FIOCLEX),
    ONLY(ioctl, 1, FIONCLEX),
    ONLY(ioctl, 1, TCGETS),
    ONLY(ioctl, 1, TIOCGWINSZ),
};

/*
 * Memory that is not to be run, time, itself, and the end.  A thread that
 * was just started when its process was jailed has to become one yet.
 */
static const struct rule own[] = {
    MASKED(mmap, 2, PROT_EXEC, 0),
    MASKED(mprotect, 2, PROT_EXEC, 0),
    ANY(munmap),
    ANY(mremap),
    ANY(madvise),
    ANY(brk),
    ANY(clock_gettime),
    ANY(clock_getres),
    ANY(clock_nanosleep),
    ANY(nanosleep),
    ANY(setitimer),
    ANY(timer_create),
    ANY(timer_settime),
    ANY(gettimeofday),
    ANY(time),
    ANY(getrandom),
    ANY(getpid),
    ANY(getppid),
    ANY(gettid),
    ANY(getuid),
    ANY(geteuid),
    ANY(getgid),
    ANY(getegid),
    ANY(getrusage),
    ANY(sysinfo),
    ANY(uname),
    ANY(sched_yield),
    ANY(sched_getaffinity),
    ANY(futex),
    ANY(restart_syscall),
    ANY(rt_sigaction),
    ANY(rt_sigprocmask),
    ANY(rt_sigreturn),
    ANY(sigaltstack),
    ANY(set_robust_list),
    ANY(rseq),
    ANY(exit),
    ANY(exit_group),
    /* to ask for limits, not to set them */
    MASKED(prlimit64, 2, UINT64_MAX, 0),
};

static const struct rule accepting[] = {
    ANY(accept),
    ANY(accept4),
};

static const struct rule connecting[] = {
    ONLY(socket, 0, AF_INET),
    ONLY(socket, 0, AF_INET6),
    ANY(connect),
    ANY(bind),
    ANY(listen),
};

static const struct rule terminal[] = {
    ONLY(ioctl, 1, TCSETS),
    ONLY(ioctl, 1, TCSETSW),
    ONLY(ioctl, 1, TCSETSF),
};

static const struct rule threads[] = {
    MASKED(clone, 0, CLONE_THREAD, CLONE_THREAD),
};

/* What makes or cuts a file, or is to write to it, shows in the flags. */
#define WRITES (O_ACCMODE | O_CREAT | O_TRUNC)

static const struct rule reading[] = {
    MASKED(open, 1, WRITES, O_RDONLY),
    MASKED(openat, 2, WRITES, O_RDONLY),
    ANY(stat),
    ANY(lstat),
    ANY(newfstatat),
    ANY(statx),
    ANY(access),
    ANY(faccessat),
    ANY(faccessat2),
    ANY(readlink),
    ANY(readlinkat),
    ANY(getdents64),
};

#define GROUP(may, rules)                                \
	{                                                \
		may, rules, sizeof rules / sizeof *rules \
	}

static const struct group {
	unsigned may;
	const struct rule *rules;
	size_t n;
} groups[] = {
    GROUP(JAIL_NOTHING, descriptors),
    GROUP(JAIL_NOTHING, own),
    GROUP(JAIL_ACCEPT, accepting),
    GROUP(JAIL_CONNECT, connecting),
    GROUP(JAIL_TTY, terminal),
    GROUP(JAIL_THREADS, threads),
    GROUP(JAIL_READ, reading),
};

/* -------- the filter: 0, or -errno -------- */

static int
add_rule(scmp_filter_ctx *c, const struct rule *r)
{
	struct scmp_arg_cmp on = {
	    r->arg, SCMP_CMP_MASKED_EQ, r->mask, r->value};

	return seccomp_rule_add_array(
	    c, SCMP_ACT_ALLOW, r->call, r->some ? 1 : 0, &on);
}

static int
add_group(scmp_filter_ctx *c, const struct group *g)
{
	int error = 0;

	for (size_t i = 0; i < g->n && error == 0; i++)
		error = add_rule(c, &g->rules[i]);
	return error;
}

/* Signals to itself: how abort() ends. */
static int
add_abort(scmp_filter_ctx *c)
{
	struct rule r = ONLY(tgkill, 0, (uint32_t)getpid());

	return add_rule(c, &r);
}

/*
 * The flags of clone3() are out of sight; told that it is not there, the C
 * library makes its threads with clone().
 */
static int
add_rules(scmp_filter_ctx *c, unsigned may)
{
	int error = add_abort(c);

	for (size_t i = 0; i < sizeof groups / sizeof *groups && !error; i++)
		if ((groups[i].may & may) == groups[i].may)
			error = add_group(c, &groups[i]);
	if (error == 0 && (may & JAIL_THREADS))
		error = seccomp_rule_add(
		    c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return error;
}

/* The kernel's own errno, not the library's, and all threads alike. */
static int
load(scmp_filter_ctx *c)
{
	int error = seccomp_attr_set(c, SCMP_FLTATR_API_SYSRAWRC, 1);

	if (error == 0)
		error = seccomp_attr_set(c, SCMP_FLTATR_CTL_TSYNC, 1);
	if (error == 0)
		error = seccomp_load(c);
	return error;
}

static bool jailed;

int
jail_enter(unsigned may)
{
	scmp_filter_ctx *c;
	int error;

	if (prctl(PR_GET_SECCOMP) < 0) {
		errno = ENOSYS;
		return -1;
	}
	if ((c = seccomp_init(SCMP_ACT_ERRNO(EPERM))) == NULL) {
		errno = ENOMEM;
		return -1;
	}
	if ((error = add_rules(c, may)) == 0)
		error = load(c);
	seccomp_release(c);
	if (error) {
		errno = -error;
		return -1;
	}
	jailed = true;
	return 0;
}

/*
 * The search for leaks at the end of a process starts another that looks at
 * this one, which a jail does not let it do.
 */
int __lsan_is_turned_off(void);

int
__lsan_is_turned_off(void)
{
	return jailed;
}
