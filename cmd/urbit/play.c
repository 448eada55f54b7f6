/*
 * play, info, roll, prep, chop, pack, meld, melt -- Vere's words for what
 * eventlog does.
 *
 * Vere parts its log into epochs, each with a snapshot of its own; here there
 * is one log and one image of it.  So roll, which begins an epoch, and prep,
 * which brings the snapshot up to the log so that another version can take
 * over, are both a checkpoint.
 */
#include <stdio.h>
#include <string.h>

#include "beside.h"
#include "command.h"
#include "commands.h"

/* -------- play -------- */

/* id, letter, word, value, help */
#define PLAY(X)                                                              \
	X(FULL, 'f', "full", NULL, "begin at event 1, with an image anew")   \
	X(TO, 'n', "replay-to", "N", "stop after event N")                   \
	X(SOFT, 0, "soft-mugs", NULL, "do not compare the kernel's mugs")    \
	X(SNAP, 's', "snap-at", "N", "no matter: checkpoints come by time")  \
	X(YOLO, 'y', "yolo", NULL, "no matter")                              \
	X(MELD, 0, "auto-meld", NULL, "no matter: there is no size to keep") \
	X(GC, 'g', "gc", NULL, "no matter")                                  \
	X(GC_ABORT, 0, "gc-abort", NULL, "no matter")

enum {
#define X(id, letter, word, value, help) PLAY_##id,
	PLAY(X)
#undef X
	    PLAY_N
};

static const struct tool_option play_table[] = {PLAY(TOOL_ROW)};

static struct {
	bool full, soft;
	const char *to;
} play;

static int
set_play(int option, const char *value)
{
	switch (option) {
	case PLAY_FULL:
		play.full = true;
		break;
	case PLAY_TO:
		play.to = value;
		break;
	case PLAY_SOFT:
		play.soft = true;
		break;
	default:
		command_no_matter(&play_table[option]);
	}
	return 0;
}

static int
run_play(const char *pier)
{
	struct args a = {.n = 0};

	args_add(&a, "eventlog");
	args_add(&a, "replay");
	args_add_loudness(&a);
	args_add(&a, play.full ? "--full" : NULL);
	args_add(&a, play.soft ? NULL : "--check");
	args_add_value(&a, "--to", play.to);
	args_add(&a, "--");
	args_add(&a, pier);
	return beside_exec(&a);
}

int
play_main(int argc, char **argv)
{
	static const struct command c = {"urbit play",
	    "compute the events of the log that the image lacks, or all",
	    play_table, PLAY_N, set_play, run_play};

	return command_main(&c, argc, argv);
}

/* -------- those that have hardly an option -------- */

/* id, letter, word, value, help; of meld, melt and pack */
#define PACK(X)                                                                \
	X(EARLY, 0, "gc-early", NULL, "no matter: memory is bounded as it is") \
	X(MEMO, 0, "memo-drop", NULL, "no matter: the image has no memos")     \
	X(FORD, 0, "ford-drop", NULL, "no matter")                             \
	X(PACK_YOLO, 0, "yolo", NULL, "no matter")

static const struct tool_option pack_table[] = {PACK(TOOL_ROW)};

enum { PACK_N = sizeof pack_table / sizeof *pack_table };

static int
set_pack(int option, const char *value)
{
	(void)value;
	command_no_matter(&pack_table[option]);
	return 0;
}

static int
become_eventlog(const char *command, const char *pier)
{
	struct args a = {.n = 0};

	args_add(&a, "eventlog");
	args_add(&a, command);
	args_add_loudness(&a);
	args_add(&a, "--");
	args_add(&a, pier);
	return beside_exec(&a);
}

static int
run_pack(const char *pier)
{
	return become_eventlog("compact", pier);
}

static int
run_info(const char *pier)
{
	return become_eventlog("info", pier);
}

static int
run_chop(const char *pier)
{
	return become_eventlog("chop", pier);
}

static int
run_checkpoint(const char *pier)
{
	tool_say(pier,
	    "there are no epochs here: bringing the image up to "
	    "the log");
	return become_eventlog("replay", pier);
}

int
pack_main(int argc, char **argv)
{
	static char name[16];
	struct command c = {name,
	    "write the image anew: what is alive, equal nouns once", pack_table,
	    PACK_N, set_pack, run_pack};

	snprintf(name, sizeof name, "urbit %.4s", argv[0]);
	return command_main(&c, argc, argv);
}

int
meld_main(int argc, char **argv)
{
	return pack_main(argc, argv);
}

int
melt_main(int argc, char **argv)
{
	return pack_main(argc, argv);
}

int
info_main(int argc, char **argv)
{
	static const struct command c = {.name = "urbit info",
	    .about = "whose pier it is, its events, its image",
	    .run = run_info};

	return command_main(&c, argc, argv);
}

int
chop_main(int argc, char **argv)
{
	static const struct command c = {.name = "urbit chop",
	    .about = "take the events that the image covers out of the log; "
	             "eventlog chop can put them back",
	    .run = run_chop};

	return command_main(&c, argc, argv);
}

int
roll_main(int argc, char **argv)
{
	static char name[16];
	struct command c = {.name = name,
	    .about = "bring the image up to the end of the log",
	    .run = run_checkpoint};

	snprintf(name, sizeof name, "urbit %.4s", argv[0]);
	return command_main(&c, argc, argv);
}

int
prep_main(int argc, char **argv)
{
	return roll_main(argc, argv);
}
