/*
 * The peak memory of whole programs, from the list bench/peak.tsv: each
 * line a file of $NOCKUTILS_DATA and a command of $BIN that reads it from
 * its stdin.  Its output is thrown away.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bench.h"

enum { PEAK_ROUNDS = 3, PEAK_WORDS = 16 };

extern char **environ;

/* Run argv on the file at path: its peak in KiB. */
static double
peak_of(char **argv, const char *path)
{
	posix_spawn_file_actions_t io;
	struct rusage use;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&io);
	posix_spawn_file_actions_addopen(&io, 0, path, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&io, 1, "/dev/null", O_WRONLY, 0);
	if ((errno = posix_spawn(&pid, argv[0], &io, NULL, argv, environ)))
		err(111, "%s", argv[0]);
	posix_spawn_file_actions_destroy(&io);
	if (wait4(pid, &status, 0, &use) == -1)
		err(111, "wait");
	if (status != 0)
		errx(111, "%s %s: status %#x", argv[0], path, status);
	return (double)use.ru_maxrss;
}

/* The words of a command, the first of them in $BIN. */
static void
words(char *command, char **argv, char *program, size_t n)
{
	const char *bin = getenv("BIN");
	int i = 0;

	for (char *w = strtok(command, " "); w && i < PEAK_WORDS;
	     w = strtok(NULL, " "))
		argv[i++] = w;
	argv[i] = NULL;
	snprintf(program, n, "%s/%s", bin ? bin : "bin", argv[0]);
	argv[0] = program;
}

static void
peak_rows(const char *row, const char *input, char **argv, const char *path)
{
	double kib[PEAK_ROUNDS], times[PEAK_ROUNDS];
	struct stat st;

	if (stat(path, &st) == -1) {
		printf("# no %s\n", path);
		return;
	}
	for (int i = 0; i < PEAK_ROUNDS; i++) {
		kib[i] = peak_of(argv, path);
		times[i] = kib[i] * 1024 / (double)st.st_size;
	}
	bench_row(row, input, "KiB", kib, PEAK_ROUNDS, 0);
	bench_row(row, input, "x file", times, PEAK_ROUNDS, 0);
}

int
main(void)
{
	const char *data = getenv("NOCKUTILS_DATA");
	char line[1024], row[1024 + 8], path[4096], program[4096];
	char *argv[PEAK_WORDS + 1], *command, *input;
	FILE *list = fopen("bench/peak.tsv", "r");

	if (list == NULL)
		err(111, "bench/peak.tsv");
	while (fgets(line, sizeof line, list)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || (command = strchr(line, '\t')) == NULL)
			continue;
		*command++ = '\0';
		snprintf(path, sizeof path, "%s/%s", data ? data : "../shared",
		    line);
		snprintf(row, sizeof row, "peak of %s", command);
		input = strrchr(path, '/') + 1;
		words(command, argv, program, sizeof program);
		peak_rows(row, input, argv, path);
	}
	fclose(list);
	return 0;
}
