/*
 * scry -- what opcode 12 finds, from a file.
 *
 *     list    [[[ref path] answer] ... 0]
 *     map     a ++map of hoon.hoon with such keys: [[key answer] left right]
 *
 * A ref of 0 stands for every ref.  What is not in the file blocks.
 */
#ifndef SCRY_H
#define SCRY_H

#include "noun.h"

/*
 * The gate for nock_soft() that looks up what the file holds.  0, or the
 * exit code when it was said what is wrong.  Never collects.
 */
int scry_load(const char *file, noun *gate);

#endif
