/*
 * commands -- what `urbit` can do besides running a ship: its table of
 * subcommands.
 *
 * Each is a function ID_main, called as main is, with its word first; it
 * gives the exit code.  The words are Vere's, for the sake of scripts.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

/* id, word, what it does */
#define COMMANDS(X)                                           \
	X(eval, "eval", "run Hoon through an ivory pill")     \
	X(boot, "boot", "make a ship, as boot does")          \
	X(play, "play", "compute the events of the log")      \
	X(info, "info", "whose it is, its events, its image") \
	X(grab, "grab", "what takes how much memory")         \
	X(mass, "mass", "the same")                           \
	X(cram, "cram", "write the state as a jam, a rock")   \
	X(queu, "queu", "make the image of a rock")           \
	X(pack, "pack", "write the image anew, compact")      \
	X(meld, "meld", "the same")                           \
	X(melt, "melt", "the same")                           \
	X(chop, "chop", "take old events out of the log")     \
	X(roll, "roll", "bring the image up to the log")      \
	X(prep, "prep", "the same")                           \
	X(dock, "dock", "link this program as PIER/.run")     \
	X(vile, "vile", "print the ship's private keys")      \
	X(work, "work", "the process that computes: serf")    \
	X(serf, "serf", "the same")                           \
	X(next, "next", "not there: a newer version")         \
	X(upgrade, "upgrade", "not there, likewise")          \
	X(vere, "vere", "not there: fetch a program")         \
	X(fetch_vere, "fetch-vere", "not there, likewise")

#define X(id, word, about) int id##_main(int argc, char **argv);
COMMANDS(X)
#undef X

#endif
