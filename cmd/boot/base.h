/*
 * base -- the ovum that brings the files of a directory as the desk %base.
 *
 *     [/c/sync %into %$ & files]
 *     file     [path ~ /text/plain length bytes]
 *
 * A path is the names of the directories and of the file, which is parted at
 * its last dot: DIR/app/hood.hoon is /app/hood/hoon.  A '!' before a name is
 * left out.  Files come in the order of their paths as bytes.
 *
 * Left out: names that begin with a dot; names that no path can have
 * (a-z 0-9 - . _ ~ can); links, but for those to files below DIR; what is
 * neither a file nor a directory.  All but the first are told.
 */
#ifndef BASE_H
#define BASE_H

#include "noun.h"

/* 0, or the exit code when it failed and that was said.  Never collects. */
int base_load(const char *dir, noun *ovum);

#endif
