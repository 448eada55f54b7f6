/*
 * tool -- what every program of this project has in common: its exit
 * codes, its one-line messages, its options, its line of progress.
 *
 * This is the one module of the libraries that writes to standard error,
 * and it does nothing else on its own: whether to end is main's decision,
 * so the functions that tell of a failure give back the exit code for it.
 *
 *     int
 *     main(int argc, char **argv)
 *     {
 *         tool_init(&tool);
 *         if ((code = tool_take(argc, argv, set, set_file)) != TOOL_GO)
 *             return code;
 *         ...
 *         return tool_fail(TOOL_DATA, "pill", "cut short at byte %zu", n);
 *     }
 */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* name, code, meaning: from here come the enum and the text of --help. */
#define TOOL_EXITS(X)                                       \
	X(DONE, 0, "done")                                  \
	X(NO, 1, "the answer is no")                        \
	X(DATA, 2, "the input is not what it claims to be") \
	X(USAGE, 100, "called wrongly")                     \
	X(SYS, 111, "the machine failed; trying again may help")

enum tool_exit {
#define X(name, code, meaning) TOOL_##name = code,
	TOOL_EXITS(X)
#undef X
};

#define TOOL_VERSION "0.1"

/*
 * A table of options is an X-macro, rows of id, letter, word, value, help; of
 * it are made the constants OPT_id, and the table:
 *
 *     enum { OPTIONS(TOOL_OPT) OPTIONS_N };
 *     static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};
 */
#define TOOL_OPT(id, letter, word, value, help) OPT_##id,
#define TOOL_ROW(id, letter, word, value, help) {letter, word, value, help},

struct tool_option {
	char letter;       /* -i; 0 = none */
	const char *word;  /* --stat; NULL = none */
	const char *value; /* what it takes, for the usage; NULL = nothing;
	                      "[=PATH]" = only with --word=, and not always */
	const char *help;
};

struct tool {
	const char *name;     /* of the program */
	const char *called;   /* in the usage, if not so */
	const char *about;    /* one line, for --help */
	const char *operands; /* "[FILE]" */
	const struct tool_option *options;
	int n_options;

	bool quiet, verbose; /* -q, -v: set by tool_option() */
};

/*
 * Make t the tool of this process (it is kept) and see to it that the
 * descriptors 0, 1 and 2 are taken: one that was closed fails with EBADF
 * when used, instead of turning into the first file opened.  A file that may
 * grow no longer is an error, not a signal.
 */
void tool_init(struct tool *t);

/* -------- options -------- */

/* What tool_option() gives besides an index into the options. */
enum {
	TOOL_OPERANDS = -1, /* no more options: the operands are left */
	TOOL_SHOWN = -2,    /* --help or -V was answered on standard output */
	TOOL_WRONG = -3,    /* called wrongly; that has been said */
	TOOL_BROKEN = -4    /* the answer could not be written; that too */
};

/*
 * Take the next option off the arguments; *value is what was given with it.
 * Knows -q, -v, -V and --help of itself.  Letters may be joined (-qv), a
 * value may be (-ojam, --axis=6).
 */
int tool_option(int *argc, char ***argv, const char **value);

/* The exit code for the last three. */
int tool_done(int option);

/*
 * Take all of the arguments: each option, by its index and its value, and
 * each operand, in any order; behind -- are only operands.  What takes one
 * gives 0; or else what it was given is wrong, and that it has said.
 *
 * TOOL_GO, or the exit code: something is wrong, or was shown.
 */
enum { TOOL_GO = -1 };

int tool_take(int argc, char **argv, int (*option)(int i, const char *value),
    int (*operand)(const char *s));

/* Takes none, and says so. */
int tool_no_operand(const char *s);

/* A size: digits and K, M, G or T (of 1024).  False if it is none, or 0. */
bool tool_size(const char *s, size_t *n);

/* A number in decimal.  False if it is none. */
bool tool_count(const char *s, unsigned *n);

/* The number of a descriptor that is open.  False if it is none. */
bool tool_fd(const char *s, int *fd);

/*
 * Seconds as nanoseconds; up to nine decimals count.  False if it is no
 * such number, or 0.
 */
bool tool_seconds(const char *s, uint64_t *ns);

/* -------- messages -------- */

/*
 * Say `prog: object: ...` on standard error: one line, whatever is in it.
 * tool_say() is for what is no failure and is silent with -q.
 */
void tool_say(const char *object, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for a failure.  Gives code back. */
int tool_fail(enum tool_exit code, const char *object, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The system failed us with errno: say so; TOOL_SYS.  Says nothing of EPIPE:
 * whoever closed the pipe knows.
 */
int tool_errno(const char *object);

/*
 * `prog: what: reason; usage: ...` on one line, with the options where they
 * are few; TOOL_USAGE.
 */
int tool_usage(const char *what, const char *reason);

/* -------- progress -------- */

/*
 * True every so often, when there is someone to see progress: standard
 * error is a terminal, standard output is none, and no -q.  Cheap enough
 * to ask for every record.
 */
bool tool_progress_due(void);

/* Show a line of progress over the last one. */
void tool_progress(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Wipe it off.  Every message does so too. */
void tool_progress_end(void);

#endif
