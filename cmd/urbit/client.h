/*
 * client -- `urbit PIER WORD ...`: commands to a ship that runs, through its
 * control socket.  Each is one conversation with conn(1), and ends.
 *
 * A word of this table counts only behind a pier: `urbit pack PIER` is a
 * command of commands.h, about a ship that does not run.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>

/* word, what runs it (wish.h), least and most operands, the last of the
 * options (client.c) that it takes, operands, about */
#define CLIENTS(X)                                                             \
	X(peek, peek, 1, 1, RAW, "PATH", "read the ship's namespace")          \
	X(peel, peel, 1, 1, RAW, "PATH", "ask about the runtime, as /help")    \
	X(poke, poke, 3, 3, TIMEOUT, "WIRE TAG NOUN",                          \
	    "give the ship an event")                                          \
	X(thread, thread, 2, 4, MARK, "DESK NAME [MARK NOUN]", "run a thread") \
	X(eval, eval, 1, 1, KHAN, "HOON", "run Hoon in the ship")              \
	X(save, urth, 0, 0, TIMEOUT, "", "make a checkpoint")                  \
	X(pack, urth, 0, 0, TIMEOUT, "", "write the image anew, compact")      \
	X(meld, urth, 0, 0, TIMEOUT, "", "the same")                           \
	X(mass, urth, 0, 0, TIMEOUT, "",                                       \
	    "have it tell what takes how much memory")                         \
	X(cram, urth, 0, 0, TIMEOUT, "", "have it write its state as a jam")   \
	X(send, send, 0, 0, TIMEOUT, "",                                       \
	    "frames from standard input to conn, answers back")

/* Is it one of these words? */
bool client_named(const char *word);

/* argv[0] is the word, one of them.  The exit code. */
int client_main(const char *pier, int argc, char **argv);

#endif
