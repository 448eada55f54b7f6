/*
 * dial -- the client's end of a ship's control socket: a question, and its
 * answer.
 *
 * What goes wrong has been said when a function gives an exit code.
 */
#ifndef DIAL_H
#define DIAL_H

#include <stdint.h>

#include "noun.h"

/*
 * Connect to PIER/.urb/conn.sock, however long the way to the pier is.  With
 * a limit, a ship that is silent for so many nanoseconds is given up; 0 =
 * none.  0, or the exit code.
 */
int dial_open(const char *pier, uint64_t limit_ns);

/*
 * Send [rid question] and take the answer, [rid rest]: its rest.  0, or the
 * exit code, also where the answer is that the question was wrong.  Nouns
 * stay where they are.
 */
int dial_ask(noun question, noun *rest);

/*
 * Pass standard input on as it is, and what comes back to standard output,
 * until the ship has said all.  0, or the exit code.
 */
int dial_pass(void);

#endif
