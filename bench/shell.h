/*
 * shell -- for benchmarks of whole programs: where they are, a directory to
 * work in, and commands.
 */
#ifndef SHELL_H
#define SHELL_H

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char dir[100];

/* Where the programs are. */
static inline const char *
bin(void)
{
	const char *b = getenv("BIN");

	return b ? b : "bin";
}

/* Make dir. */
static inline void
make_dir(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof dir, "%s/bench.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		err(111, "%s", dir);
}

/* Run a command; end if it fails. */
static inline void __attribute__((format(printf, 1, 2)))
must(const char *format, ...)
{
	char cmd[8192];
	va_list ap;

	va_start(ap, format);
	vsnprintf(cmd, sizeof cmd, format, ap);
	va_end(ap);
	if (system(cmd) != 0)
		errx(111, "%s", cmd);
}

#endif
