/*
 * load -- nouns from the command line and from files.
 *
 * All of it collects nothing and never bails: what is wrong has been said
 * when a function gives an exit code.
 */
#ifndef LOAD_H
#define LOAD_H

#include "bail.h"
#include "form.h"

/* The one noun in the form f on fd.  0, or the exit code. */
int load_fd(const char *object, int fd, enum form f, noun *out);

/* The same of a file, in any form. */
int load_file(const char *file, noun *out);

/*
 * The value of an option: a noun as text, or else the name of a file; with
 * an @ before it, a name for certain.  0, or the exit code.
 */
int load_value(const char *option, const char *value, noun *out);

/* What is left to read: options.file, or standard input. */
int load_input(noun *out);

/* The machine failed, in this way: say so; the exit code. */
int load_gave_up(const char *object, enum bail kind);

#endif
