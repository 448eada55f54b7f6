#include "convert.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "census.h"
#include "heap.h"
#include "shape.h"
#include "tool.h"

/* How much is shown of a noun on a terminal, without -o. */
enum { VIEW_DEPTH = 4, VIEW_WIDTH = 8 };

/* id, letter, word, value, help */
#define OPTIONS(X)                                                            \
	X(FROM, 'i', NULL, "FORM", "read jam, newt, image or text")           \
	X(TO, 'o', NULL, "FORM", "write text, image, jam or newt")            \
	X(STAT, 0, "stat", NULL, "tell how large the noun is instead")        \
	X(AXIS, 0, "axis", "N", "take the part at axis N")                    \
	X(DEPTH, 0, "depth", "N", "text: show N brackets deep; 0 = all")      \
	X(WIDTH, 0, "width", "N", "text: show N items of a bracket; 0 = all") \
	X(PLAIN, 0, "plain", NULL, "text: every atom in decimal")             \
	X(HEAP, 0, "heap", "SIZE", "use at most SIZE of memory, as 512M")

enum { OPTIONS(TOOL_OPT) OPTIONS_N };

static const struct tool_option options[] = {OPTIONS(TOOL_ROW)};

enum outcome { GOING, ENDED, NO_AXIS, BAD_INPUT, CANNOT_READ, CANNOT_WRITE };

struct job {
	const struct convert *as;
	const char *file;   /* NULL or "-" = standard input */
	const char *object; /* what we read, in messages */
	const char *axis_text, *heap_text;
	bool stat, to_given, sized, explain;
	enum form from;
	struct heap_opts heap;
	noun axis; /* 0 = the whole noun */
	struct heap_root root;
	struct form_reader reader;
	struct form_writer writer;
	enum outcome outcome;
	int error; /* errno, for the last two outcomes */
};

static struct out out;
static struct job job;
static struct tool tool = {.operands = "[FILE]",
    .options = options,
    .n_options = OPTIONS_N};

/* -------- options -------- */

/* What takes a value gives 0, or not when it is wrong and that was said. */
static int
set_count(unsigned *n, const char *option, const char *value)
{
	if (tool_count(value, n))
		return 0;
	return tool_usage(option, "wants a number");
}

static int
set_heap(struct job *j, const char *value)
{
	j->heap_text = value;
	if (tool_size(value, &j->heap.limit))
		return 0;
	return tool_usage("--heap", "wants a size, such as 512M");
}

/* An axis is read once there is a heap: it may be of any size. */
static int
set_axis(struct job *j, const char *value)
{
	j->axis_text = value;
	if (value[0] >= '0' && value[0] <= '9')
		return 0;
	return tool_usage("--axis", "wants a number of 1 or more");
}

static int
set(int option, const char *value)
{
	struct job *j = &job;
	struct form_writer *w = &j->writer;

	switch (option) {
	case OPT_FROM:
		return form_option("-i", value, &j->from);
	case OPT_TO:
		j->to_given = true;
		return form_option("-o", value, &w->form);
	case OPT_AXIS:
		return set_axis(j, value);
	case OPT_DEPTH:
		j->sized = true;
		return set_count(&w->text.depth, "--depth", value);
	case OPT_WIDTH:
		j->sized = true;
		return set_count(&w->text.width, "--width", value);
	case OPT_HEAP:
		return set_heap(j, value);
	case OPT_STAT:
		j->stat = true;
		return 0;
	default:
		w->text.plain = true;
		return 0;
	}
}

/* What is written without -o. */
static void
choose_form(struct job *j)
{
	struct form_writer *w = &j->writer;
	bool terminal = isatty(STDOUT_FILENO);

	j->explain = terminal;
	if (j->to_given)
		return;
	if (j->as->view && terminal) {
		w->form = FORM_TEXT;
		if (!j->sized) {
			w->text.depth = VIEW_DEPTH;
			w->text.width = VIEW_WIDTH;
		}
	} else if (j->from == FORM_NEWT) {
		w->form = FORM_NEWT;
	} else {
		w->form = j->as->view ? FORM_IMAGE : FORM_JAM;
	}
}

/* True for an output in which nouns can follow each other. */
static bool
takes_many(const struct job *j)
{
	return j->stat || j->writer.form == FORM_NEWT ||
	    j->writer.form == FORM_TEXT;
}

/* What cannot go together: 0, or the exit code. */
static int
check_forms(const struct job *j)
{
	if (j->from == FORM_NEWT && !takes_many(j))
		return tool_usage("-o",
		    "a stream of frames can only become "
		    "newt or text");
	if (!j->to_given && !j->stat && j->writer.form != FORM_TEXT &&
	    isatty(STDOUT_FILENO))
		return tool_usage("stdout",
		    "is a terminal; -o text is for people, -o jam if you must");
	return 0;
}

/* The operand, which may stand among the options. */
static int
set_file(const char *file)
{
	if (job.file)
		return tool_usage(file, "one file at a time");
	job.file = file;
	return 0;
}

/* TOOL_GO, or the exit code. */
static int
read_options(int argc, char **argv)
{
	int code;

	if ((code = tool_take(argc, argv, set, set_file)) != TOOL_GO)
		return code;
	choose_form(&job);
	return check_forms(&job) ? TOOL_USAGE : TOOL_GO;
}

/* -------- --stat -------- */

/* to is the job; what it means is for a person. */
static void
put_line(void *to, const char *name, const char *value, const char *means)
{
	char room[40];
	int pad = 34 - (int)strlen(name) - (int)strlen(value);

	out_text(&out, name);
	out_text(&out, ": ");
	out_text(&out, value);
	if (((struct job *)to)->explain) {
		snprintf(room, sizeof room, "%*s", pad > 2 ? pad : 2, "");
		out_text(&out, room);
		out_text(&out, means);
	}
	out_put(&out, "\n", 1);
}

static void
put_number(struct job *j, const char *name, uint64_t v, const char *means)
{
	char value[24];

	snprintf(value, sizeof value, "%" PRIu64, v);
	put_line(j, name, value, means);
}

/* The decimal digits of a number of at most CENSUS_BITS bits. */
struct digits {
	struct text_sink sink;
	size_t n;
	char text[CENSUS_BITS / 3 + 2];
};

static int
put_digits(struct text_sink *s, const char *p, size_t n)
{
	struct digits *d = (struct digits *)s;

	if (n >= sizeof d->text - d->n)
		return -1;
	memcpy(d->text + d->n, p, n);
	d->n += n;
	return 0;
}

static void
put_tree(struct job *j, const struct census *c)
{
	struct text_opts plain = {.plain = true};
	struct digits d = {.sink = {put_digits}};

	if (c->tree == 0)
		snprintf(d.text, sizeof d.text, "2^%.1f", c->tree_log2);
	else if (text_write(&d.sink, c->tree, &plain) == 0)
		d.text[d.n] = 0;
	put_line(
	    j, "tree size", d.text, "cells and atoms, if nothing were shared");
}

/* Several nouns are told of in paragraphs. */
static int
put_stat(struct job *j, noun n)
{
	struct census c;
	char hash[16];

	census(n, &c);
	if (j->reader.count > 1)
		out_put(&out, "\n", 1);
	put_number(j, "cells", c.cells, "pairs, each counted once");
	put_number(j, "large atoms", c.boxed,
	    "numbers of 64 bits and more, each counted once");
	put_number(j, "bytes", c.bytes, "memory that these take");
	put_number(
	    j, "shared", c.shared, "of them, those with more than one parent");
	put_tree(j, &c);
	put_number(j, "depth", c.depth, "cells on the longest way down");
	snprintf(hash, sizeof hash, "0x%08" PRIx32, c.mug);
	put_line(j, "mug", hash, "31-bit hash of the noun");
	if (j->as->more)
		j->as->more(n, put_line, j);
	return out.error ? -1 : 0;
}

/* -------- the work -------- */

/* Under a trap: read one noun, take the part, write it. */
static void
convert_one(void *arg)
{
	struct job *j = arg;
	noun n;

	heap_safepoint(); /* of the last noun nothing is needed */
	switch (form_next(&j->reader, &n)) {
	case FORM_END:
		j->outcome = ENDED;
		return;
	case FORM_BAD:
		j->outcome = BAD_INPUT;
		return;
	case FORM_SYS:
		j->error = errno;
		j->outcome = CANNOT_READ;
		return;
	case FORM_NOUN:
		break;
	}
	if (j->axis && !axis_get(n, j->axis, &n))
		j->outcome = NO_AXIS;
	else if ((j->stat ? put_stat(j, n) : form_write(&j->writer, n)) < 0) {
		j->error = errno;
		j->outcome = CANNOT_WRITE;
	}
}

static enum bail
convert_all(struct job *j)
{
	enum bail bailed = BAIL_NONE;

	while (j->outcome == GOING && bailed == BAIL_NONE) {
		bailed = trap_run(convert_one, j);
		if (tool_progress_due())
			tool_progress("%" PRIu64 " nouns", j->reader.count);
	}
	tool_progress_end();
	return bailed;
}

/* Under a trap: the axis, which may be of any size. */
static void
read_axis(void *arg)
{
	struct job *j = arg;
	struct text_fault fault;

	if (text_read(j->axis_text, strlen(j->axis_text), &j->axis, &fault) < 0)
		j->axis = 0;
}

/* 0, or the exit code. */
static int
start_heap(struct job *j)
{
	if (heap_init(&j->heap) < 0)
		return tool_errno("heap");
	j->root = (struct heap_root){&j->axis, 1, NULL};
	heap_root_add(&j->root);
	if (j->axis_text == NULL)
		return 0;
	(void)trap_run(read_axis, j);
	if (is_atom(j->axis) && j->axis)
		return 0;
	return tool_usage("--axis", "wants a number of 1 or more");
}

/* -------- what came of it -------- */

static int
say_bail(const struct job *j, enum bail kind)
{
	if (kind == BAIL_MEME && j->heap_text)
		return tool_fail(TOOL_SYS, j->object,
		    "out of memory (--heap limit %s)", j->heap_text);
	if (kind == BAIL_MEME)
		return tool_fail(TOOL_SYS, j->object, "out of memory");
	return tool_fail(TOOL_SYS, j->object, "given up (%s)", bail_name(kind));
}

static int
say_no_axis(const struct job *j)
{
	if (j->reader.form == FORM_NEWT)
		return tool_fail(TOOL_NO, j->object,
		    "frame %" PRIu64 ": no axis %s", j->reader.count,
		    j->axis_text);
	return tool_fail(TOOL_NO, j->object, "no axis %s", j->axis_text);
}

static int
say_cannot(const char *object, int error)
{
	errno = error;
	return tool_errno(object);
}

static int
say_outcome(const struct job *j)
{
	switch (j->outcome) {
	case NO_AXIS:
		return say_no_axis(j);
	case BAD_INPUT:
		return tool_fail(TOOL_DATA, j->object, "%s", j->reader.why);
	case CANNOT_READ:
		return say_cannot(j->object, j->error);
	case CANNOT_WRITE:
		if (j->error == EMSGSIZE)
			return tool_fail(TOOL_NO, j->object,
			    "its jam is too long for a frame");
		return say_cannot("stdout", j->error);
	default:
		return TOOL_DONE;
	}
}

static void
say_more(const struct job *j)
{
	const struct form_reader *r = &j->reader;
	struct rusage use = {0};

	if (j->writer.text.elided && !j->sized)
		tool_say(j->object, "shown in part; -o text shows all of it");
	if (!tool.verbose)
		return;
	getrusage(RUSAGE_SELF, &use);
	tool_say(j->object,
	    "%s, %" PRIu64 " bytes, nouns: %" PRIu64
	    "; at most %ld KiB of memory; collections: %" PRIu64,
	    form_name(r->form), r->bytes, r->count, use.ru_maxrss,
	    heap.stat.minor + heap.stat.major);
}

/* What was done is written even when the rest cannot be. */
static int
finish(struct job *j, enum bail bailed)
{
	if (out_flush(&out) < 0 && j->outcome != CANNOT_WRITE) {
		j->outcome = CANNOT_WRITE;
		j->error = errno;
		bailed = BAIL_NONE;
	}
	if (bailed)
		return say_bail(j, bailed);
	if (j->outcome == ENDED)
		say_more(j);
	return say_outcome(j);
}

/* The descriptor to read, or -1 with errno set. */
static int
open_file(struct job *j)
{
	if (j->file == NULL || strcmp(j->file, "-") == 0) {
		j->object = "stdin";
		return STDIN_FILENO;
	}
	j->object = j->file;
	return open(j->file, O_RDONLY | O_CLOEXEC);
}

static int
convert_file(struct job *j)
{
	int fd = open_file(j), code;

	if (fd < 0 || form_open(&j->reader, fd, j->from, takes_many(j)) < 0)
		return tool_errno(j->object);
	out_init(&out, STDOUT_FILENO);
	if ((code = start_heap(j)) == 0)
		code = finish(j, convert_all(j));
	form_close(&j->reader);
	heap_free();
	return code;
}

int
convert_run(const struct convert *c, int argc, char **argv)
{
	int code;

	tool.name = c->name;
	tool.about = c->about;
	tool_init(&tool);
	job = (struct job){.as = c, .from = c->from};
	job.writer.out = &out;
	if ((code = read_options(argc, argv)) != TOOL_GO)
		return code;
	return convert_file(&job);
}
