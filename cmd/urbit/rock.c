/*
 * cram, queu -- a ship's state as one jam, a rock, and back:
 *
 *     PIER/.urb/roc/N.jam      [%arvo kernel %jets jets]
 *
 * the kernel after event N, and what its %fast hints told (jets.h).  Vere's
 * rocks have %hashboard in place of %jets, and another list behind it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atom.h"
#include "command.h"
#include "commands.h"
#include "export.h"
#include "heap.h"
#include "jam.h"
#include "load.h"
#include "mug.h"
#include "out.h"
#include "shape.h"
#include "state.h"

enum { PATH_SIZE = 4096 };

#define TAG "arvo"
#define JETS "jets"

/* PIER/.urb/NAME, of the event where name has a %.  0, or the exit code. */
static int __attribute__((format(printf, 3, 4)))
name_file(char to[PATH_SIZE], const char *pier, const char *name, ...)
{
	int n = snprintf(to, PATH_SIZE, "%s/.urb/", pier), m = 0;
	va_list ap;

	if (n > 0 && n < PATH_SIZE) {
		va_start(ap, name);
		m = vsnprintf(to + n, (size_t)(PATH_SIZE - n), name, ap);
		va_end(ap);
	}
	if (n > 0 && m > 0 && n + m < PATH_SIZE)
		return 0;
	errno = ENAMETOOLONG;
	return tool_errno(pier);
}

/* -------- cram -------- */

/* Under a trap. */
struct rock {
	noun kernel, jets, jam;
};

static void
make_rock(void *arg)
{
	struct rock *r = arg;

	r->jam =
	    jam(cons4(atom_cord(TAG), r->kernel, atom_cord(JETS), r->jets));
}

static int
write_bytes(const char *path, int fd, noun a)
{
	static struct out out;
	uint64_t room;

	out_init(&out, fd);
	out_put(&out, atom_view(a, &room), atom_bytes(a));
	return out_flush(&out) < 0 || fsync(fd) < 0 ? tool_errno(path) : 0;
}

/* The file is there whole, or not at all. */
static int
write_file(const char *path, noun a)
{
	char new[PATH_SIZE + 8];
	int fd, code;

	snprintf(new, sizeof new, "%s.new", path);
	fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return tool_errno(new);
	code = write_bytes(new, fd, a);
	close(fd);
	if (code == 0 && rename(new, path) < 0)
		code = tool_errno(path);
	if (code != 0)
		unlink(new);
	return code;
}

static int
cram(struct pier *p, const char *pier)
{
	struct rock r = {p->work.kernel, p->jets, 0};
	char path[PATH_SIZE];
	enum bail kind;
	int code;

	if ((code = name_file(path, pier, "roc")) != 0)
		return code;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return tool_errno(path);
	if ((code = name_file(path, pier, "roc/%" PRIu64 ".jam", p->event)) !=
	    0)
		return code;
	if ((kind = trap_run(make_rock, &r)) != BAIL_NONE)
		return load_gave_up(path, kind);
	if ((code = write_file(path, r.jam)) == 0)
		tool_say(path, "the state after event %" PRIu64 ", %zu bytes",
		    p->event, atom_bytes(r.jam));
	return code;
}

static int
run_cram(const char *pier)
{
	struct pier p = {0};
	int code = export_catch_up(pier);

	if (code != 0 || (code = state_start()) != 0)
		return code;
	if ((code = state_open(&p, pier)) == 0)
		code = cram(&p, pier);
	pier_close(&p);
	return state_stop(code);
}

/* id, letter, word, value, help */
#define CRAM(X) X(YOLO, 0, "yolo", NULL, "no matter")

static const struct tool_option cram_table[] = {CRAM(TOOL_ROW)};

static int
set_cram(int option, const char *value)
{
	(void)value;
	command_no_matter(&cram_table[option]);
	return 0;
}

int
cram_main(int argc, char **argv)
{
	static const struct command c = {"urbit cram",
	    "write the ship's state as a jam, PIER/.urb/roc/N.jam", cram_table,
	    1, set_cram, run_cram};

	return command_main(&c, argc, argv);
}

/* -------- queu -------- */

static uint64_t event; /* the rock's; 0 = not given */

/* Is the rock of this log?  Its events must be there to go on with. */
static int
check_event(const char *pier, struct log *l)
{
	if (event > l->last)
		return tool_fail(
		    TOOL_NO, pier, "the log ends with event %" PRIu64, l->last);
	if (event + 1 < l->first)
		return tool_fail(TOOL_NO, pier,
		    "the log begins with event %" PRIu64
		    ": those after %" PRIu64 " were chopped",
		    l->first, event);
	return 0;
}

/* Under a trap: what is in a rock, as an image has it. */
struct taking {
	noun rock, root;
	bool is, ours;
	uint32_t mug;
};

static void
take(void *arg)
{
	struct taking *t = arg;
	noun tag, kernel, whose, jets;

	t->is = uncons4(t->rock, &tag, &kernel, &whose, &jets) &&
	    tag == atom_cord(TAG) && is_atom(whose);
	t->ours = t->is && whose == atom_cord(JETS);
	if (!t->ours)
		return;
	t->mug = mug(kernel);
	t->root = cons(kernel, jets);
}

static int
check_mug(const char *path, struct log *l, uint32_t is)
{
	uint32_t want;

	if (log_mug(l, event, &want) != LOG_OK || want == 0 || want == is)
		return 0;
	return tool_fail(TOOL_DATA, path,
	    "is not of this log: the kernel's mug after event %" PRIu64
	    " is %08x, not %08x",
	    event, is, want);
}

static int
take_rock(const char *path, struct log *l, noun rock, noun *root)
{
	struct taking t = {.rock = rock};
	enum bail kind = trap_run(take, &t);

	if (kind != BAIL_NONE)
		return load_gave_up(path, kind);
	if (!t.is)
		return tool_fail(TOOL_DATA, path, "is no rock");
	if (!t.ours)
		return tool_fail(TOOL_DATA, path,
		    "is another runtime's rock; eventlog import takes its "
		    "pier");
	*root = t.root;
	return check_mug(path, l, t.mug);
}

static int
store_failed(const char *path, const struct store *s)
{
	return tool_fail(TOOL_SYS, path, "%s", s->why);
}

/* An image of its own with nothing in it but this. */
static int
make_image(const char *path, noun *root)
{
	struct store s = {.opened = false};
	int code = 0;

	if (store_create(&s, path) != STORE_OK ||
	    store_open(&s, path, STORE_WRITE) != STORE_OK ||
	    store_commit(&s, root, event) != STORE_OK)
		code = store_failed(path, &s);
	store_close(&s);
	return code;
}

/* The image there is becomes image.old; there is one at any moment. */
static int
put_in_place(const char *pier, const char *new)
{
	char image[PATH_SIZE], old[PATH_SIZE];
	int code;

	if ((code = name_file(image, pier, "image")) != 0 ||
	    (code = name_file(old, pier, "image.old")) != 0)
		return code;
	if (unlink(old) < 0 && errno != ENOENT)
		return tool_errno(old);
	if (link(image, old) < 0 && errno != ENOENT)
		return tool_errno(old);
	return rename(new, image) < 0 ? tool_errno(image) : 0;
}

static int
load_rock(struct pier *p, const char *pier, noun *root)
{
	char path[PATH_SIZE];
	noun n;
	int code;

	if ((code = check_event(pier, &p->log)) != 0 ||
	    (code = name_file(path, pier, "roc/%" PRIu64 ".jam", event)) != 0 ||
	    (code = load_input(path, FORM_JAM, &n)) != 0)
		return code;
	return take_rock(path, &p->log, n, root);
}

static int
queu(struct pier *p, const char *pier)
{
	char new[PATH_SIZE];
	noun root;
	int code;

	if ((code = load_rock(p, pier, &root)) != 0 ||
	    (code = name_file(new, pier, "image.new")) != 0)
		return code;
	if ((code = make_image(new, &root)) == 0)
		code = put_in_place(pier, new);
	if (code != 0)
		unlink(new);
	else
		tool_say(pier,
		    "the image is of event %" PRIu64 "; the log ends with "
		    "%" PRIu64,
		    event, p->log.last);
	return code;
}

static int
run_queu(const char *pier)
{
	struct pier p = {0};
	int code;

	if (event == 0)
		return tool_usage("-r", "which rock: the number of an event");
	if ((code = state_start()) != 0)
		return code;
	code = load_pier_failed(pier, &p, pier_open_log(&p, pier));
	if (p.note[0])
		tool_say(pier, "%s", p.note);
	if (code == 0)
		code = queu(&p, pier);
	pier_close(&p);
	return state_stop(code);
}

/* id, letter, word, value, help */
#define QUEU(X)                                                         \
	X(FROM, 'r', "replay-from", "N", "the rock of event N; needed") \
	X(QUEU_YOLO, 0, "yolo", NULL, "no matter")

enum {
#define X(id, letter, word, value, help) QUEU_##id,
	QUEU(X)
#undef X
	    QUEU_N
};

static const struct tool_option queu_table[] = {QUEU(TOOL_ROW)};

static int
set_queu(int option, const char *value)
{
	char *end;

	if (option != QUEU_FROM) {
		command_no_matter(&queu_table[option]);
		return 0;
	}
	errno = 0;
	event = strtoull(value, &end, 10);
	if (value[0] >= '1' && value[0] <= '9' && *end == 0 && errno == 0)
		return 0;
	return tool_usage("-r", "wants the number of an event");
}

int
queu_main(int argc, char **argv)
{
	static const struct command c = {"urbit queu",
	    "make the image of a rock that cram wrote", queu_table, QUEU_N,
	    set_queu, run_queu};

	return command_main(&c, argc, argv);
}
