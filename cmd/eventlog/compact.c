/*
 * compact -- a pier's image written anew: what is dead is left out, and of
 * equal nouns there is only one.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "commands.h"
#include "heap.h"
#include "mug.h"
#include "ship.h"
#include "stop.h"
#include "tell.h"

/* id, letter, word, value, help */
#define OPTIONS(X)                                          \
	X(CHECK, 0, "check", NULL,                          \
	    "read all of it before and after, and compare") \
	SHIP_OPTIONS(X)

enum { OPTIONS(TOOL_OPT) OPTIONS_N, OPT_SHIP = OPTIONS_N - SHIP_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

static bool check;

static int
set(int option, const char *value)
{
	if (option >= OPT_SHIP)
		return ship_set(option - OPT_SHIP, value);
	check = true;
	return 0;
}

/* What the image is, before or after. */
struct measure {
	uint64_t bytes, file;
	uint32_t mug;
};

static struct measure
measure(const struct pier *p)
{
	const struct super *s = &p->store.there;
	struct stat st = {0};

	(void)fstat(p->store.fd, &st);
	return (struct measure){s->cells + s->cells / 4 + s->atoms,
	    (uint64_t)st.st_size, p->store.mug};
}

/* -------- --check -------- */

/* Is each cell's mug that of its parts?  Then so is the root's. */
static bool
mugs_hold(void)
{
	struct heap_image i = heap_image();

	for (char *p = i.cells; p < i.cells + i.cell_bytes; p += 16) {
		noun n = (noun)p | 1;

		if (mug_known(n) != mug_both(mug(head(n)), mug(tail(n))))
			return false;
	}
	return true;
}

static int
check_image(struct pier *p, const char *dir)
{
	int code;

	if (!check)
		return 0;
	if ((code = ship_check_image(p, dir)) != 0)
		return code;
	if (stop_asked())
		return tool_fail(TOOL_SYS, dir, "interrupted");
	if (mugs_hold())
		return 0;
	return tool_fail(TOOL_DATA, dir, "image: a mug is not of its noun");
}

/* -------- all of it -------- */

static bool
show(void *arg, uint64_t done, uint64_t all)
{
	(void)arg;
	if (tool_progress_due())
		tool_progress("compacting: %" PRIu64 " of at most %" PRIu64
		              " MiB",
		    done >> 20, all >> 20);
	return !stop_asked();
}

static int
compact(struct pier *p, const char *dir, struct measure *before)
{
	int code = ship_open(p, dir, SHIP_WRITE);
	enum store_got got;

	if (code != 0 || (code = check_image(p, dir)) != 0)
		return code;
	*before = measure(p);
	got = store_compact(&p->store, show, NULL);
	tool_progress_end();
	if (got == STORE_STOP)
		return tool_fail(
		    TOOL_SYS, dir, "interrupted: the image is as it was");
	if (got != STORE_OK)
		return tool_fail(TOOL_SYS, dir, "image: %s", p->store.why);
	return 0;
}

/* The new one, with the lock taken again: nothing of the old is in memory. */
static int
look_again(struct pier *p, const char *dir, const struct measure *before)
{
	int code = ship_open(p, dir, SHIP_WRITE);
	struct measure now;

	if (code != 0)
		return code;
	now = measure(p);
	if (now.mug != before->mug)
		return tool_fail(TOOL_DATA, dir,
		    "image: its mug is %08x now, not %08x", now.mug,
		    before->mug);
	tool_say(dir,
	    "%" PRIu64 " bytes of nouns, %" PRIu64 " before; the file has "
	    "%" PRIu64 ", %" PRIu64 " before",
	    now.bytes, before->bytes, now.file, before->file);
	return check_image(p, dir);
}

static int
run(int n, char **operand)
{
	struct pier p = {0};
	struct measure before;
	int code;

	(void)n;
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	code = compact(&p, operand[0], &before);
	pier_close(&p);
	if (code != 0)
		return ship_end(code);
	ship_end(0);
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	code = look_again(&p, operand[0], &before);
	pier_close(&p);
	return ship_end(code);
}

const struct command compact_command = {
    .name = "compact",
    .operands = "PIER",
    .about = "write the image anew, without what is dead or there twice",
    .options = table,
    .n_options = OPTIONS_N,
    .least = 1,
    .most = 1,
    .set = set,
    .run = run,
};
