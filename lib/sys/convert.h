/*
 * convert -- the body of cue and of jam: nouns in one form, nouns out in
 * another, or what there is to tell of them.
 *
 * One noun is read whole before a byte of it goes out.  Of a stream each
 * noun is converted before the next is read, in the memory that the largest
 * needs.
 */
#ifndef CONVERT_H
#define CONVERT_H

#include "form.h"

/* Where --stat puts a line, `name: value`; `means` is for people. */
typedef void convert_line(
    void *to, const char *name, const char *value, const char *means);

struct convert {
	const char *name, *about; /* of the program */
	enum form from;           /* without -i */
	bool view; /* without -o: text on a terminal, an image else; or a jam */

	/* What else --stat has to say of n. */
	void (*more)(noun n, convert_line *line, void *to);
};

/* Run the program.  Its exit code. */
int convert_run(const struct convert *c, int argc, char **argv);

#endif
