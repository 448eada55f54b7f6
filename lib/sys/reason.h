/*
 * reason -- what the system says of errno, as a message of ours has it: in
 * lower case, but for names such as those of protocols.
 */
#ifndef REASON_H
#define REASON_H

/* The words, of this thread, until it asks again. */
const char *reason_of(int error);

#endif
