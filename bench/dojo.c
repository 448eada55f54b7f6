/*
 * A ship of a real pill, at a terminal, as its owner has it: from the start
 * of urbit to the prompt; a key to its letter; an expression to its product;
 * and what the ship takes when nothing happens: memory, time, the disk.
 *
 * The brass pill is booted first, which takes most of this program's time.
 */
#define _GNU_SOURCE /* ptsname(), memmem() */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "shell.h"

enum { STARTS = 7, KEYS = 200, PRODUCTS = 20, LINE = 20, IDLE_S = 20 };

/* -------- a terminal -------- */

struct terminal {
	int fd;
	pid_t pid;
	char seen[1 << 16]; /* since the last look, as it came */
	size_t n;
};

static _Noreturn void
child(const char *tty, const char *program)
{
	char pier[128];
	int fd;

	setsid();
	if ((fd = open(tty, O_RDWR)) < 0)
		_exit(111);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	close_range(3, ~0u, 0);
	setenv("TERM", "xterm-256color", 1);
	snprintf(pier, sizeof pier, "%s/pier", dir);
	execl(program, "urbit", "--no-dock", pier, (char *)NULL);
	_exit(111);
}

static void
start(struct terminal *t)
{
	struct winsize size = {.ws_col = 80, .ws_row = 24};
	char tty[128], program[4096];

	snprintf(program, sizeof program, "%s/urbit", bin());
	t->n = 0;
	t->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (t->fd < 0 || grantpt(t->fd) < 0 || unlockpt(t->fd) < 0 ||
	    ptsname_r(t->fd, tty, sizeof tty) != 0 ||
	    ioctl(t->fd, TIOCSWINSZ, &size) < 0)
		err(111, "terminal");
	if ((t->pid = fork()) < 0)
		err(111, "fork");
	if (t->pid == 0)
		child(tty, program);
}

/* Wait until that comes; what came before it is forgotten. */
static void
await(struct terminal *t, const char *what)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};
	char *at;
	ssize_t n;

	while ((at = memmem(t->seen, t->n, what, strlen(what))) == NULL) {
		if (t->n > sizeof t->seen / 2) {
			memmove(t->seen, t->seen + t->n - 1024, 1024);
			t->n = 1024;
		}
		if (poll(&p, 1, 60000) <= 0 ||
		    (n = read(t->fd, t->seen + t->n, sizeof t->seen - t->n)) <=
		        0)
			errx(111, "urbit: no '%s' on the terminal", what);
		t->n += (size_t)n;
	}
	at += strlen(what);
	t->n -= (size_t)(at - t->seen);
	memmove(t->seen, at, t->n);
}

static void
type(struct terminal *t, const char *text)
{
	if (write(t->fd, text, strlen(text)) < 0)
		err(111, "terminal");
}

/* Until nothing comes any more. */
static void
settle(struct terminal *t)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};

	while (poll(&p, 1, 300) > 0 && read(t->fd, t->seen, sizeof t->seen) > 0)
		continue;
	t->n = 0;
}

/* -------- rows -------- */

static void
finish(struct terminal *t)
{
	int status;

	kill(t->pid, SIGTERM);
	if (waitpid(t->pid, &status, 0) != t->pid || status != 0)
		errx(111, "urbit ended with status %x", status);
	close(t->fd);
}

static void
starts(struct terminal *t)
{
	double v[STARTS], y[STARTS];

	for (int i = 0; i < STARTS; i++) {
		double begin;

		y[i] = bench_time(bench_yardstick, NULL) * 1e3;
		begin = bench_now();
		start(t);
		await(t, "dojo>");
		v[i] = (bench_now() - begin) * 1e3;
		settle(t);
		if (i < STARTS - 1)
			finish(t);
	}
	bench_row("restart, to the prompt", "brass-140.pill", "ms", v, STARTS,
	    bench_median(y, STARTS));
}

static void
keys(struct terminal *t)
{
	double v[KEYS];

	for (int i = 0; i < KEYS; i++) {
		double begin = bench_now();

		type(t, "x");
		await(t, "x");
		v[i] = (bench_now() - begin) * 1e3;
		if (i % LINE == LINE - 1) {
			type(t, "\x05\x15");
			settle(t);
		}
	}
	bench_row(
	    "a key to its letter", "brass-140.pill, dojo", "ms", v, KEYS, 0);
}

static void
products(struct terminal *t)
{
	double v[PRODUCTS];

	for (int i = 0; i < PRODUCTS; i++) {
		double begin;

		type(t, "(add 4.000 5.600)");
		settle(t);
		begin = bench_now();
		type(t, "\r");
		await(t, "9.600");
		v[i] = (bench_now() - begin) * 1e3;
		settle(t);
	}
	bench_row("an expression to its product", "brass-140.pill, dojo", "ms",
	    v, PRODUCTS, 0);
}

/* -------- a ship that has nothing to do -------- */

struct usage {
	double pss, ticks, written; /* KiB, 1/100 s, bytes */
};

/* The number behind a word of a file of /proc. */
static double
number(pid_t pid, const char *file, const char *word)
{
	char path[64], line[4096];
	double v = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
	if ((f = fopen(path, "r")) == NULL)
		return 0;
	while (fgets(line, sizeof line, f))
		if (strncmp(line, word, strlen(word)) == 0)
			v = strtod(line + strlen(word), NULL);
	fclose(f);
	return v;
}

/* Fields of /proc/PID/stat behind the name: state ppid ... utime stime. */
static double
stat_fields(pid_t pid, pid_t *parent)
{
	char path[64], line[4096], *p;
	double user, sys;
	FILE *f;

	*parent = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	if ((f = fopen(path, "r")) == NULL)
		return 0;
	p = fgets(line, sizeof line, f) ? strrchr(line, ')') : NULL;
	fclose(f);
	if (p == NULL ||
	    sscanf(p + 2, "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lf %lf",
	        parent, &user, &sys) != 3)
		return 0;
	return user + sys;
}

static void
add_tree(struct usage *u, pid_t pid, int depth)
{
	pid_t parent, other;
	struct dirent *e;
	DIR *d;

	u->ticks += stat_fields(pid, &parent);
	u->pss += number(pid, "smaps_rollup", "Pss:");
	u->written += number(pid, "io", "write_bytes:");
	if (depth == 3 || (d = opendir("/proc")) == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if ((other = atoi(e->d_name)) > 0) {
			stat_fields(other, &parent);
			if (parent == pid)
				add_tree(u, other, depth + 1);
		}
	closedir(d);
}

static void
idle(struct terminal *t)
{
	struct usage a = {0}, b = {0};
	double v;

	sleep(15); /* what it finds to tidy up, it does first */
	add_tree(&a, t->pid, 0);
	sleep(IDLE_S);
	add_tree(&b, t->pid, 0);
	v = b.pss / 1024;
	bench_row("ship at rest: memory", "brass-140.pill, all processes, PSS",
	    "MiB", &v, 1, 0);
	v = (b.ticks - a.ticks) / IDLE_S;
	bench_row(
	    "ship at rest: time", "brass-140.pill", "% of a core", &v, 1, 0);
	v = (b.written - a.written) * 3600 / IDLE_S / 1048576;
	bench_row("ship at rest: written", "brass-140.pill", "MiB/h", &v, 1, 0);
}

int
main(void)
{
	static struct terminal t;
	const char *data = getenv("NOCKUTILS_DATA");
	char pill[4096];

	snprintf(pill, sizeof pill, "%s/pills/brass-140.pill",
	    data ? data : "../shared");
	if (access(pill, R_OK) != 0) {
		printf("# no %s\n", pill);
		return 0;
	}
	make_dir();
	must("%s/boot -q -F zod -B %s %s/pier 2>/dev/null", bin(), pill, dir);
	starts(&t);
	keys(&t);
	products(&t);
	idle(&t);
	finish(&t);
	must("rm -r %s", dir);
	return 0;
}
