/* jail: what a process cannot do in one, what it can have back, and can. */
#define _GNU_SOURCE /* memfd_create */
#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>

#include "test.h"

/* -------- what is tried: each gives -1 and errno, or something else -------- */

static struct sockaddr_in nowhere = {.sin_family = AF_INET};
static char *none[] = {NULL};
static pid_t parent;

static void *
nothing(void *arg)
{
	return arg;
}

static int
try_thread(void)
{
	pthread_t t;

	errno = pthread_create(&t, NULL, nothing, NULL);
	if (errno)
		return -1;
	return pthread_join(t, NULL);
}

static int
try_mmap(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : 0;
}

static int
try_mprotect(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static int
try_rlimit(void)
{
	struct rlimit r = {1 << 20, 1 << 20};

	return setrlimit(RLIMIT_CORE, &r);
}

static int
try_peek(void)
{
	char c;
	struct iovec to = {&c, 1}, from = {&parent, 1};

	return (int)process_vm_readv(getpid(), &to, 1, &from, 1, 0);
}

static int
try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid;
}

/* name, who has it back, how */
#define TRIES(X)                                                             \
	X(open, JAIL_READ, open("/", O_RDONLY))                              \
	X(openat, JAIL_READ, openat(AT_FDCWD, "/", O_RDONLY))                \
	X(stat, JAIL_READ, stat("/", &(struct stat){0}))                     \
	X(access, JAIL_READ, access("/", R_OK))                              \
	X(readlink, JAIL_READ, readlink("/proc/self", (char[64]){0}, 64))    \
	X(write, 0, open("none/x", O_WRONLY))                                \
	X(both, 0, open("none/x", O_RDWR))                                   \
	X(cut, 0, open("none/x", O_RDONLY | O_TRUNC))                        \
	X(make, 0, open("none/x", O_RDONLY | O_CREAT, 0600))                 \
	X(creat, 0, creat("none/x", 0600))                                   \
	X(mkdir, 0, mkdir("none/x", 0700))                                   \
	X(rename, 0, rename("none/x", "none/y"))                             \
	X(unlink, 0, unlink("none/x"))                                       \
	X(link, 0, link("none/x", "none/y"))                                 \
	X(symlink, 0, symlink("x", "none/y"))                                \
	X(chmod, 0, chmod("none/x", 0600))                                   \
	X(truncate, 0, truncate("none/x", 0))                                \
	X(chdir, 0, chdir("none/x"))                                         \
	X(memfd, 0, memfd_create("x", 0))                                    \
	X(execve, 0, execve("none/x", none, none))                           \
	X(fork, 0, try_fork())                                               \
	X(thread, JAIL_THREADS, try_thread())                                \
	X(kill, 0, kill(parent, 0))                                          \
	X(tgkill, 0, syscall(SYS_tgkill, parent, parent, 0))                 \
	X(ptrace, 0, ptrace(PTRACE_TRACEME, 0, NULL, NULL))                  \
	X(peek, 0, try_peek())                                               \
	X(prctl, 0, prctl(PR_SET_NAME, "x"))                                 \
	X(mmap, 0, try_mmap())                                               \
	X(mprotect, 0, try_mprotect())                                       \
	X(rlimit, 0, try_rlimit())                                           \
	X(owner, 0, fcntl(0, F_SETOWN, parent))                              \
	X(type, 0, ioctl(0, TIOCSTI, "x"))                                   \
	X(modes, JAIL_TTY, ioctl(0, TCSETS, &(struct termios){0}))           \
	X(inet, JAIL_CONNECT, socket(AF_INET, SOCK_STREAM, 0))               \
	X(inet6, JAIL_CONNECT, socket(AF_INET6, SOCK_DGRAM, 0))              \
	X(unix, 0, socket(AF_UNIX, SOCK_STREAM, 0))                          \
	X(pair, 0, socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){0}))         \
	X(connect, JAIL_CONNECT,                                             \
	    connect(0, (struct sockaddr *)&nowhere, sizeof nowhere))         \
	X(bind, JAIL_CONNECT,                                                \
	    bind(0, (struct sockaddr *)&nowhere, sizeof nowhere))            \
	X(listen, JAIL_CONNECT, listen(0, 1))                                \
	X(accept, JAIL_ACCEPT, accept(0, NULL, NULL))

#define X(name, may, how)       \
	static int do_##name(void) \
	{                       \
		return (int)(how); \
	}
TRIES(X)
#undef X

static const struct try {
	const char *name;
	unsigned may;
	int (*run)(void);
} tries[] = {
#define X(name, may, how) {#name, may, do_##name},
    TRIES(X)
#undef X
};

enum { N_TRIES = sizeof tries / sizeof *tries };

/* -------- in a process of its own -------- */

enum { FREE = -1 }; /* in no jail */

enum outcome { DID, REFUSED, FAILED };

/* Standard input is a pipe, which nothing here is for. */
static void
be_tried(int jail, const struct try *t)
{
	int fd[2];

	if (pipe(fd) < 0 || dup2(fd[0], 0) < 0)
		_exit(FAILED);
	if (jail != FREE && jail_enter((unsigned)jail) < 0)
		_exit(FAILED);
	errno = 0;
	_exit(t->run() == -1 && errno == EPERM ? REFUSED : DID);
}

static enum outcome
outcome(int jail, const struct try *t)
{
	int status;
	pid_t pid;

	parent = getpid();
	if ((pid = fork()) == 0)
		be_tried(jail, t);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? (enum outcome)WEXITSTATUS(status) : FAILED;
}

static void
check_all(unsigned jail)
{
	for (int i = 0; i < N_TRIES; i++) {
		enum outcome want = tries[i].may & jail ? DID : REFUSED;
		enum outcome got = outcome((int)jail, &tries[i]);

		if (got != want)
			TEST_FAIL("jail %u: %s: %d, not %d", jail,
			    tries[i].name, got, want);
	}
}

TEST("jail: out of one, nothing of what is tried here is refused")
{
	for (int i = 0; i < N_TRIES; i++)
		if (outcome(FREE, &tries[i]) != DID)
			TEST_FAIL("%s", tries[i].name);
}

TEST("jail: in one, each of these is refused with EPERM")
{
	check_all(JAIL_NOTHING);
}

TEST("jail: each thing named gives back what it names, and no more")
{
	for (unsigned may = 1; may <= JAIL_READ; may <<= 1)
		check_all(may);
	check_all(JAIL_ACCEPT | JAIL_CONNECT | JAIL_TTY | JAIL_THREADS |
	    JAIL_READ);
}

/* -------- what is left -------- */

static bool
pipe_works(void)
{
	int fd[2];
	char c = 'x';

	return pipe(fd) == 0 && write(fd[1], &c, 1) == 1 &&
	    read(fd[0], &c, 1) == 1 && close(fd[0]) == 0 && close(fd[1]) == 0;
}

static bool
loop_works(void)
{
	struct epoll_event e = {.events = EPOLLIN};
	struct itimerspec soon = {.it_value = {0, 1000000}};
	int timer = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
	int loop = epoll_create1(0);

	return timer >= 0 && loop >= 0 && eventfd(0, 0) >= 0 &&
	    timerfd_settime(timer, 0, &soon, NULL) == 0 &&
	    epoll_ctl(loop, EPOLL_CTL_ADD, timer, &e) == 0 &&
	    epoll_wait(loop, &e, 1, -1) == 1;
}

static bool
memory_works(void)
{
	struct timespec t;
	char *p = malloc(64 << 20);
	bool ok = p != NULL && clock_gettime(CLOCK_REALTIME, &t) == 0;

	if (ok)
		memset(p, 1, 64 << 20);
	free(p);
	return ok;
}

TEST("jail: in one, descriptors, an event loop, memory and time still work")
{
	REQUIRE(jail_enter(JAIL_NOTHING) == 0);
	CHECK(pipe_works());
	CHECK(loop_works());
	CHECK(memory_works());
}

TEST("jail: in one, abort() still ends as it should, and exit() too")
{
	int status;
	pid_t pid;

	if ((pid = fork()) == 0) {
		if (jail_enter(JAIL_NOTHING) == 0)
			abort();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	if ((pid = fork()) == 0) {
		if (jail_enter(JAIL_NOTHING) == 0)
			exit(7);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

/* Does /proc say this of the process? */
static bool
status_has(pid_t pid, const char *want)
{
	char path[64], line[256];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	if ((f = fopen(path, "r")) == NULL)
		return false;
	while (fgets(line, sizeof line, f))
		found |= strcmp(line, want) == 0;
	fclose(f);
	return found;
}

TEST("jail: the kernel says of one in it that it is, and gains no privileges")
{
	int in[2], out[2];
	char c;
	pid_t pid;

	REQUIRE(pipe(in) == 0 && pipe(out) == 0);
	if ((pid = fork()) == 0) {
		c = jail_enter(JAIL_NOTHING) == 0;
		_exit(write(out[1], &c, 1) + read(in[0], &c, 1) != 2);
	}
	REQUIRE(read(out[0], &c, 1) == 1 && c == 1);
	CHECK(status_has(pid, "Seccomp:\t2\n"));
	CHECK(status_has(pid, "NoNewPrivs:\t1\n"));
	CHECK(write(in[1], &c, 1) == 1);
	waitpid(pid, NULL, 0);
}

static void *
jailed_thread(void *arg)
{
	int *go = arg;
	char c;

	if (read(go[0], &c, 1) != 1)
		return NULL;
	return open("/", O_RDONLY) == -1 && errno == EPERM ? arg : NULL;
}

TEST("jail: what one thread gives up, the others have given up too")
{
	int go[2];
	pthread_t t;
	void *refused = NULL;

	REQUIRE(pipe(go) == 0);
	REQUIRE(pthread_create(&t, NULL, jailed_thread, go) == 0);
	REQUIRE(jail_enter(JAIL_NOTHING) == 0);
	CHECK(write(go[1], "x", 1) == 1);
	REQUIRE(pthread_join(t, &refused) == 0);
	CHECK(refused != NULL);
}
