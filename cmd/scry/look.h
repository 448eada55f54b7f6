/*
 * look -- what is at a path, for people.
 */
#ifndef LOOK_H
#define LOOK_H

#include "form.h"
#include "reader.h"

/*
 * Write what is at each of n paths, a noun each, in the form `to`.  The exit
 * code: TOOL_NO if at one of them there is nothing.
 */
int look(struct reader *r, char **path, int n, enum form to);

#endif
