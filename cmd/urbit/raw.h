/*
 * raw -- a noun written to standard output as the bytes that it stands for:
 * an atom's own; a tape's characters; the lines of a list of cords.
 */
#ifndef RAW_H
#define RAW_H

#include "noun.h"

/*
 * 0, or the exit code after saying why: TOOL_NO if it is none of these.  A
 * list whose items are bytes is a tape.  Never bails or collects.
 */
int raw_put(noun n);

#endif
