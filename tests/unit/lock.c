/* The lock of a pier: who has it, who had it, who comes too late. */
#define _GNU_SOURCE
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>

#include "logs.h"

static const char *
content(void)
{
	static char text[64];
	FILE *f = fopen(LOCK_NAME, "r");

	text[0] = '\0';
	if (f == NULL || fgets(text, sizeof text, f) == NULL)
		strcpy(text, "nothing");
	if (f)
		fclose(f);
	return text;
}

static void
leave(const char *text)
{
	FILE *f = fopen(LOCK_NAME, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

/* A process that takes the lock, says so and waits to be killed. */
static pid_t
holder(const char *name, bool drop)
{
	struct lock k;
	int fd[2];
	char c;
	pid_t pid;

	if (pipe(fd) < 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, name);
		c = (char)lock_take(&k, ".");
		if (drop)
			lock_drop(&k);
		if (write(fd[1], &c, 1) != 1)
			_exit(111);
		for (;;)
			pause();
	}
	if (read(fd[0], &c, 1) != 1 || c != LOCK_OK)
		TEST_FAIL("the child has no lock");
	close(fd[0]);
	close(fd[1]);
	return pid;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST("lock: taken, its file has the number of who has it; dropped, it is gone")
{
	char number[24];
	struct lock k, none = {0};

	snprintf(number, sizeof number, "%ld", (long)getpid());
	REQUIRE(lock_take(&k, ".") == LOCK_OK);
	CHECK_EQ(k.pid, getpid());
	CHECK_EQ(k.stale, 0);
	lock_drop(&k);
	CHECK(access(LOCK_NAME, F_OK) < 0);
	REQUIRE(lock_take(&k, ".") == LOCK_OK);
	CHECK_STR(content(), number);
	lock_drop(&k);
	lock_drop(&k);
	lock_drop(&none);
}

TEST("lock: the second is told who has it, and gets it when that one ended")
{
	char words[64];
	struct lock k;
	pid_t pid = holder("first", false);

	snprintf(words, sizeof words, "process %ld (first) has it", (long)pid);
	for (int i = 0; i < 3; i++) {
		CHECK(lock_take(&k, ".") == LOCK_HELD);
		CHECK_EQ(k.pid, pid);
		CHECK_STR(lock_why(&k), words);
	}
	end(pid);
	CHECK(lock_take(&k, ".") == LOCK_OK);
	CHECK_EQ(k.stale, pid);
	lock_drop(&k);
	pid = holder("first", true);
	CHECK(lock_take(&k, ".") == LOCK_OK);
	CHECK_EQ(k.stale, 0);
	lock_drop(&k);
	end(pid);
}

TEST("lock: a child that forks off and outlives its parent does not have it")
{
	int fd[2];
	struct lock k;
	pid_t pid;

	REQUIRE(pipe(fd) == 0);
	if ((pid = fork()) == 0) {
		if (lock_take(&k, ".") != LOCK_OK)
			_exit(1);
		if (fork() == 0) {
			close(fd[0]);
			alarm(20);
			pause();
		}
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	CHECK(lock_take(&k, ".") == LOCK_OK);
	CHECK_EQ(k.stale, pid);
	lock_drop(&k);
	close(fd[1]);
}

TEST("lock: a Vere that runs has its pier; one that died, or is none, has not")
{
	char text[24];
	struct lock k;
	pid_t pid = holder("vere-v4.6-linux", true);

	snprintf(text, sizeof text, "%ld\n", (long)pid);
	leave(text);
	CHECK(lock_take(&k, ".") == LOCK_HELD);
	CHECK_EQ(k.pid, pid);
	CHECK(strstr(lock_why(&k), "vere-v4.6") != NULL);
	CHECK(strcmp(content(), text) == 0);
	/* Without a newline it is a number of ours that was used again. */
	text[strlen(text) - 1] = '\0';
	leave(text);
	CHECK(lock_take(&k, ".") == LOCK_OK);
	CHECK_EQ(k.stale, pid);
	lock_drop(&k);
	end(pid);
	snprintf(text, sizeof text, "%ld\n", (long)pid);
	leave(text);
	CHECK(lock_take(&k, ".") == LOCK_OK);
	lock_drop(&k);
	pid = holder("cat", true);
	snprintf(text, sizeof text, "%ld\n", (long)pid);
	leave(text);
	CHECK(lock_take(&k, ".") == LOCK_OK);
	CHECK_EQ(k.stale, pid);
	lock_drop(&k);
	end(pid);
}

TEST("lock: whatever is in a file that nobody has locked, it is taken over")
{
	static const char *const texts[] = {"", "\n", "x\n", "-1\n", "0\n",
	    "99999999999999999999999999\n", "4194304999\n"};
	struct lock k;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		leave(texts[i]);
		CHECK(lock_take(&k, ".") == LOCK_OK);
		lock_drop(&k);
	}
}

TEST("lock: no pier, no lock")
{
	struct lock k;

	CHECK(lock_take(&k, "none") == LOCK_SYS);
	CHECK_EQ(errno, ENOENT);
	lock_drop(&k);
	REQUIRE(symlink("/etc/passwd", LOCK_NAME) == 0);
	CHECK(lock_take(&k, ".") == LOCK_SYS);
	CHECK_EQ(errno, ELOOP);
}

TEST("lock: of many that start at once one at a time has it")
{
	enum { MANY = 8, TURNS = 300 };
	unsigned *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;

	for (int i = 0; i < MANY; i++)
		if (fork() == 0) {
			struct lock k;

			for (int n = 0; n < TURNS;) {
				if (lock_take(&k, ".") != LOCK_OK)
					continue;
				if (__atomic_add_fetch(shared, 1, 5) != 1)
					shared[1]++;
				__atomic_sub_fetch(shared, 1, 5);
				lock_drop(&k);
				n++;
			}
			_exit(0);
		}
	for (int i = 0; i < MANY; i++) {
		wait(&status);
		CHECK_EQ(status, 0);
	}
	CHECK_EQ(shared[1], 0);
}
