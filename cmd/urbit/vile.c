/*
 * vile -- the ship's private keys as a keyfile, which is what -k and -G take.
 */
#include <unistd.h>

#include "atom.h"
#include "command.h"
#include "commands.h"
#include "load.h"
#include "out.h"
#include "scot.h"
#include "shape.h"
#include "state.h"

/* [%once %j %vile ~] */
static noun
sample(void)
{
	return cons4(atom_cord("once"), atom_cord("j"), atom_cord("vile"), 0);
}

/* Under a trap. */
struct writing {
	noun atom, text;
	bool good;
};

static void
write_text(void *arg)
{
	struct writing *w = arg;

	w->good = scot_cord(atom_cord("uw"), w->atom, &w->text);
}

static int
put(noun atom)
{
	static struct out out;
	struct writing w = {.atom = atom};
	enum bail kind = trap_run(write_text, &w);
	uint64_t room;

	if (kind != BAIL_NONE)
		return load_gave_up("keys", kind);
	if (!w.good)
		return tool_fail(TOOL_DATA, "keys", "are no number");
	out_init(&out, STDOUT_FILENO);
	out_put(&out, atom_view(w.text, &room), atom_bytes(w.text));
	out_text(&out, "\n");
	return out_flush(&out) < 0 ? tool_errno("stdout") : 0;
}

static int
run(const char *pier)
{
	struct pier p = {0};
	noun mark, atom;
	int code = state_start();

	if (code != 0)
		return code;
	if ((code = state_open(&p, pier)) == 0 &&
	    (code = state_peek(&p, "keys", sample, &mark, &atom)) == 0)
		code = is_cell(atom)
		    ? tool_fail(TOOL_DATA, "keys", "are no atom")
		    : put(atom);
	else if (code == TOOL_NO)
		tool_fail(code, "keys", "the kernel has none to tell");
	pier_close(&p);
	return state_stop(code);
}

int
vile_main(int argc, char **argv)
{
	static const struct command c = {.name = "urbit vile",
	    .about = "print the ship's private keys, @uw",
	    .run = run};

	return command_main(&c, argc, argv);
}
