/*
 * Whole boots, by $BIN/boot: the processor time and the peak memory of the
 * boot of brass-140.pill, and what it leaves on disk; that of a solid pill
 * made from it, without and with what its boot compiles; the start of a pier
 * that is booted.  Y is of processor time
 * here, for a boot takes long enough to be disturbed.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

enum { WORDS = 12, ALONE = 3 };

static char dir[4096], boot[4096];

/* Run these words: what it used. */
static struct rusage
run(const char *const *words)
{
	posix_spawn_file_actions_t io;
	struct rusage use;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&io);
	posix_spawn_file_actions_addopen(&io, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&io, 2, "/dev/null", O_WRONLY, 0);
	errno = posix_spawnp(
	    &pid, words[0], &io, NULL, (char *const *)words, environ);
	if (errno != 0)
		err(111, "%s", words[0]);
	posix_spawn_file_actions_destroy(&io);
	if (wait4(pid, &status, 0, &use) == -1)
		err(111, "wait");
	if (status != 0)
		errx(111, "%s: status %#x", words[0], status);
	return use;
}

static double
ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

/* The yardstick's processor time, in ms. */
static double
yardstick_ms(void)
{
	double v[ALONE];

	for (int i = 0; i < ALONE; i++) {
		clock_t begin = clock();

		yardstick();
		v[i] = (double)(clock() - begin) * 1e3 / CLOCKS_PER_SEC;
	}
	return bench_median(v, ALONE);
}

/* A row of one value. */
static void
row(const char *name, const char *input, const char *unit, double v, double y)
{
	bench_row(name, input, unit, &v, 1, y);
}

/* Boot a pill to dir/pier, and tell of it. */
static void
boot_row(const char *input, const char *pill, const char *name)
{
	char pier[4200];
	double y = yardstick_ms();
	struct rusage use;

	snprintf(pier, sizeof pier, "%s/%s", dir, name);
	use = run((const char *[WORDS]){
	    boot, "-q", "-F", "zod", "--seed", "00", "-B", pill, pier});
	y = (y + yardstick_ms()) / 2;
	row("boot", input, "ms", ms(use.ru_utime) + ms(use.ru_stime), y);
	row("peak of boot", input, "KiB", (double)use.ru_maxrss, 0);
}

static void
size_row(const char *name, const char *input, const char *file)
{
	char path[4200];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", dir, file);
	if (stat(path, &st) == -1)
		err(111, "%s", path);
	row(name, input, "MB", (double)st.st_size / 1e6, 0);
}

static void
start(void *arg)
{
	run((const char *[WORDS]){boot, "-q", arg});
}

static void
brass_rows(const char *pill)
{
	char pier[4200], solid[4200], cash[4200];

	boot_row("brass-140.pill", pill, "pier");
	size_row("image", "after brass-140.pill", "pier/.urb/image");
	size_row("log", "after brass-140.pill", "pier/.urb/log.db");
	snprintf(pier, sizeof pier, "%s/pier", dir);
	bench("restart", "booted pier", "ms", start, pier);
	snprintf(solid, sizeof solid, "%s/solid", dir);
	run((const char *[WORDS]){boot, "-q", "--solid", solid, pier});
	boot_row("solid pill of brass-140", solid, "again");
	snprintf(cash, sizeof cash, "%s/cash", dir);
	run((const char *[WORDS]){
	    boot, "-q", "--solid", cash, "--cache", "-B", solid});
	size_row("pill", "solid pill of brass-140", "solid");
	size_row("pill", "the same with its cache", "cash");
	boot_row("the same with its cache", cash, "cached");
}

int
main(void)
{
	const char *bin = getenv("BIN"), *data = getenv("NOCKUTILS_DATA"),
	           *tmp = getenv("TMPDIR");
	char pill[4096];

	snprintf(boot, sizeof boot, "%s/boot", bin ? bin : "bin");
	snprintf(dir, sizeof dir, "%s/boot-XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		err(111, "%s", dir);
	snprintf(pill, sizeof pill, "%s/mini.pill", bin ? bin : "bin");
	boot_row("mini.pill", pill, "mini");
	snprintf(pill, sizeof pill, "%s/pills/brass-140.pill",
	    data ? data : "../shared");
	if (access(pill, R_OK) == 0)
		brass_rows(pill);
	else
		printf("# no %s\n", pill);
	run((const char *[WORDS]){"rm", "-r", dir});
	return 0;
}
