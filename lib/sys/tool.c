#include "tool.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "out.h"
#include "reason.h"

static struct tool *tool;
static bool progress_shown;
static const char *letter; /* the next of -qv, while it lasts */
static bool only_operands; /* behind -- */

static const struct tool_option common[] = {
    {'q', NULL, NULL, "say nothing but errors"},
    {'v', NULL, NULL, "say what was done"},
    {'V', NULL, NULL, "print the version"},
    {0, "help", NULL, "print this"},
};

enum { QUIET, VERBOSE, VERSION, HELP, COMMON };

/* Opened the wrong way round on purpose: using it must fail. */
static void
occupy(int fd)
{
	if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
		(void)open(
		    "/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void
tool_init(struct tool *t)
{
	tool = t;
	only_operands = false;
	signal(SIGXFSZ, SIG_IGN); /* EFBIG has words */
	for (int fd = 0; fd <= 2; fd++)
		occupy(fd);
}

/* -------- messages -------- */

struct line {
	char text[2048];
	size_t n;
};

static void
line_append(struct line *l, const char *format, va_list ap)
{
	int n = vsnprintf(l->text + l->n, sizeof l->text - l->n, format, ap);

	if (n > 0)
		l->n += (size_t)n;
	if (l->n > sizeof l->text - 2) /* cut, with room for the newline */
		l->n = sizeof l->text - 2;
}

static void __attribute__((format(printf, 2, 3)))
line_add(struct line *l, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	line_append(l, format, ap);
	va_end(ap);
}

/* A file's name may hold anything: it must not move the cursor. */
static void
line_tell(struct line *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (iscntrl((unsigned char)l->text[i]))
			l->text[i] = '?';
	l->text[l->n++] = '\n';
	tool_progress_end();
	(void)!write(STDERR_FILENO, l->text, l->n);
}

void
tool_say(const char *object, const char *format, ...)
{
	struct line l = {.n = 0};
	va_list ap;

	if (tool->quiet)
		return;
	line_add(&l, "%s: %s: ", tool->name, object);
	va_start(ap, format);
	line_append(&l, format, ap);
	va_end(ap);
	line_tell(&l);
}

int
tool_fail(enum tool_exit code, const char *object, const char *format, ...)
{
	struct line l = {.n = 0};
	va_list ap;

	line_add(&l, "%s: %s: ", tool->name, object);
	va_start(ap, format);
	line_append(&l, format, ap);
	va_end(ap);
	line_tell(&l);
	return code;
}

int
tool_errno(const char *object)
{
	if (errno == EPIPE)
		return TOOL_SYS;
	return tool_fail(TOOL_SYS, object, "%s", reason_of(errno));
}

/* -------- usage -------- */

/* A value that need not be there is joined to its option. */
static bool
is_optional(const struct tool_option *o)
{
	return o->value[0] == '[';
}

static void
line_option(struct line *l, const struct tool_option *o)
{
	if (o->letter)
		line_add(l, "-%c", o->letter);
	else
		line_add(l, "--%s", o->word);
	if (o->value)
		line_add(l, is_optional(o) ? "%s" : " %s", o->value);
}

/* More options than these are not listed: behind an error, and in --help. */
enum { ERROR_MAX = 8, HELP_MAX = 40 };

static void
line_options(struct line *l)
{
	line_add(l, " [-qvV]");
	for (int i = 0; i < tool->n_options; i++) {
		line_add(l, " [");
		line_option(l, &tool->options[i]);
		line_add(l, "]");
	}
}

/* As what a person calls it. */
static const char *
called(void)
{
	return tool->called ? tool->called : tool->name;
}

static void
line_usage(struct line *l, int most)
{
	line_add(l, "usage: %s", called());
	if (tool->n_options > most)
		line_add(l, " [OPTION ...]");
	else
		line_options(l);
	if (tool->operands[0])
		line_add(l, " %s", tool->operands);
}

int
tool_usage(const char *what, const char *reason)
{
	struct line l = {.n = 0};

	line_add(&l, "%s: %s: %s; ", tool->name, what, reason);
	line_usage(&l, ERROR_MAX);
	if (tool->n_options > ERROR_MAX)
		line_add(&l, "; %s --help says more", called());
	line_tell(&l);
	return TOOL_USAGE;
}

/* As line_option(), with both of its names. */
static void
line_names(struct line *l, const struct tool_option *o)
{
	struct tool_option word = *o;

	if (o->letter && o->word)
		line_add(l, "-%c, ", o->letter);
	if (o->word)
		word.letter = 0;
	line_option(l, &word);
}

enum { HELP_COLUMN = 28 };

static void
put_options(struct out *o, const struct tool_option *t, int n)
{
	for (int i = 0; i < n; i++) {
		struct line l = {.n = 0};

		line_names(&l, &t[i]);
		line_add(&l, "%*s%s\n",
		    l.n < HELP_COLUMN ? (int)(HELP_COLUMN - l.n) : 1, "",
		    t[i].help);
		out_text(o, "  ");
		out_put(o, l.text, l.n);
	}
}

static void
put_exits(struct out *o)
{
	struct line l = {.n = 0};

	line_add(&l, "exit codes:");
#define X(name, code, meaning) line_add(&l, "\n  %-3d %s", code, meaning);
	TOOL_EXITS(X)
#undef X
	line_add(&l, "\n");
	out_put(o, l.text, l.n);
}

static void
put_help(struct out *o)
{
	struct line l = {.n = 0};

	line_add(&l, "%s -- %s\n", tool->name, tool->about);
	line_usage(&l, HELP_MAX);
	line_add(&l, "\n");
	out_put(o, l.text, l.n);
	put_options(o, tool->options, tool->n_options);
	put_options(o, common, COMMON);
	put_exits(o);
}

static int
show(bool help)
{
	static struct out o;

	out_init(&o, STDOUT_FILENO);
	if (help) {
		put_help(&o);
	} else {
		out_text(&o, tool->name);
		out_text(&o, " (nockutils) " TOOL_VERSION "\n");
	}
	if (out_flush(&o) == 0)
		return TOOL_SHOWN;
	tool_errno("stdout");
	return TOOL_BROKEN;
}

/* -------- options -------- */

static int
wrong(const char *what, const char *reason)
{
	tool_usage(what, reason);
	return TOOL_WRONG;
}

/* Options are numbered: the tool's own, then the common ones. */
static const struct tool_option *
option_at(int i)
{
	return i < tool->n_options ? &tool->options[i]
	                           : &common[i - tool->n_options];
}

static int
find_letter(char c)
{
	for (int i = 0; i < tool->n_options + COMMON; i++)
		if (option_at(i)->letter == c)
			return i;
	return TOOL_WRONG;
}

static int
find_word(const char *s, size_t n)
{
	for (int i = 0; i < tool->n_options + COMMON; i++) {
		const char *w = option_at(i)->word;

		if (w && strlen(w) == n && memcmp(w, s, n) == 0)
			return i;
	}
	return TOOL_WRONG;
}

static const char *
shift(int *argc, char ***argv)
{
	--*argc;
	return *++*argv;
}

/* --word, --word=value, --word value */
static int
take_word(int *argc, char ***argv, const char **value)
{
	const char *arg = shift(argc, argv), *s = arg + 2;
	size_t n = strcspn(s, "=");
	int i = find_word(s, n);

	if (i < 0)
		return wrong(arg, "no such option");
	if (option_at(i)->value == NULL)
		return s[n] ? wrong(arg, "takes no value") : i;
	if (s[n])
		*value = s + n + 1;
	else if (is_optional(option_at(i)))
		*value = NULL;
	else if (*argc > 1)
		*value = shift(argc, argv);
	else
		return wrong(arg, "needs a value");
	return i;
}

/* -x, -xy, -xVALUE, -x VALUE */
static int
take_letter(int *argc, char ***argv, const char **value)
{
	char name[3] = {'-', 0, 0};
	int i;

	if (letter == NULL)
		letter = (*argv)[1] + 1;
	name[1] = *letter++;
	i = find_letter(name[1]);
	if (i >= 0 && option_at(i)->value && *letter) {
		*value = letter;
		letter = "";
	}
	if (*letter == 0) {
		letter = NULL;
		shift(argc, argv);
	}
	if (i < 0)
		return wrong(name, "no such option");
	if (option_at(i)->value && *value == NULL) {
		if (*argc < 2)
			return wrong(name, "needs a value");
		*value = shift(argc, argv);
	}
	return i;
}

static int
take(int *argc, char ***argv, const char **value)
{
	const char *arg = *argc > 1 ? (*argv)[1] : "";

	*value = NULL;
	if (letter)
		return take_letter(argc, argv, value);
	if (only_operands || arg[0] != '-' || arg[1] == 0)
		return TOOL_OPERANDS;
	if (arg[1] != '-')
		return take_letter(argc, argv, value);
	if (arg[2])
		return take_word(argc, argv, value);
	shift(argc, argv);
	only_operands = true;
	return TOOL_OPERANDS;
}

int
tool_option(int *argc, char ***argv, const char **value)
{
	for (;;) {
		int i = take(argc, argv, value);

		if (i < tool->n_options)
			return i;
		switch (i - tool->n_options) {
		case QUIET:
			tool->quiet = true;
			break;
		case VERBOSE:
			tool->verbose = true;
			break;
		default:
			return show(i - tool->n_options == HELP);
		}
	}
}

int
tool_take(int argc, char **argv, int (*option)(int i, const char *value),
    int (*operand)(const char *s))
{
	const char *value;

	for (;;) {
		int i = tool_option(&argc, &argv, &value), bad;

		if (i < TOOL_OPERANDS)
			return tool_done(i);
		if (i == TOOL_OPERANDS && argc < 2)
			return TOOL_GO;
		bad = i >= 0 ? option(i, value) : operand(shift(&argc, &argv));
		if (bad)
			return TOOL_USAGE;
	}
}

int
tool_no_operand(const char *s)
{
	return tool_usage(s, "no operand is wanted");
}

int
tool_done(int option)
{
	return option == TOOL_SHOWN ? TOOL_DONE
	    : option == TOOL_BROKEN ? TOOL_SYS
	                            : TOOL_USAGE;
}

static const char *
digits(const char *s, size_t *n)
{
	*n = 0;
	if (!isdigit((unsigned char)*s))
		return NULL;
	for (; isdigit((unsigned char)*s); s++)
		if (__builtin_mul_overflow(*n, 10, n) ||
		    __builtin_add_overflow(*n, (size_t)(*s - '0'), n))
			return NULL;
	return s;
}

bool
tool_size(const char *s, size_t *n)
{
	static const char units[] = "KMGT";
	const char *u;

	if ((s = digits(s, n)) == NULL)
		return false;
	if (*s && (u = strchr(units, toupper((unsigned char)*s)))) {
		size_t unit = (size_t)1 << 10 * (u - units + 1);

		if (__builtin_mul_overflow(*n, unit, n))
			return false;
		s++;
	}
	return *s == 0 && *n > 0;
}

bool
tool_count(const char *s, unsigned *n)
{
	size_t v;

	if ((s = digits(s, &v)) == NULL || *s || v > UINT_MAX)
		return false;
	*n = (unsigned)v;
	return true;
}

bool
tool_fd(const char *s, int *fd)
{
	unsigned n;

	if (!tool_count(s, &n) || n > INT_MAX || fcntl((int)n, F_GETFD) < 0)
		return false;
	*fd = (int)n;
	return true;
}

bool
tool_seconds(const char *s, uint64_t *ns)
{
	uint64_t unit = 1000000000;
	unsigned n = 0;

	for (*ns = 0; isdigit((unsigned char)*s) && n < 9; s++, n++)
		*ns = *ns * 10 + (uint64_t)(*s - '0') * unit;
	if (*s == '.')
		for (s++; isdigit((unsigned char)*s); s++, n++)
			*ns += (uint64_t)(*s - '0') * (unit /= 10);
	return *s == 0 && n > 0 && *ns > 0;
}

/* -------- progress -------- */

static bool
watched(void)
{
	static int known = -1;

	if (known < 0)
		known = !tool->quiet && isatty(STDERR_FILENO) &&
		    !isatty(STDOUT_FILENO);
	return known;
}

bool
tool_progress_due(void)
{
	static struct timespec last;
	struct timespec now;

	if (!watched())
		return false;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if ((now.tv_sec - last.tv_sec) * 1000 +
	        (now.tv_nsec - last.tv_nsec) / 1000000 <
	    200)
		return false;
	last = now;
	return true;
}

void
tool_progress(const char *format, ...)
{
	struct line l = {.n = 0};
	va_list ap;

	line_add(&l, "\r\033[K%s: ", tool->name);
	va_start(ap, format);
	line_append(&l, format, ap);
	va_end(ap);
	progress_shown = true;
	(void)!write(STDERR_FILENO, l.text, l.n);
}

void
tool_progress_end(void)
{
	if (progress_shown)
		(void)!write(STDERR_FILENO, "\r\033[K", 4);
	progress_shown = false;
}
