/*
 * save -- files that Arvo wants written, %sav and %sag: into one directory,
 * PIER/.urb/put, and nowhere else.
 *
 * A jailed process opens no file.  So before the jail a child is started that
 * does nothing but this: it reads records from a socket,
 *
 *     0..3    n, the bytes of the name; 1..SAVE_NAME
 *     4..11   m, the bytes of the file
 *     12..    the name: knots with / between them, and then the bytes
 *
 * in the machine's own byte order, and writes the file, whole or not at all.
 * A name goes down from the directory, knot by knot, through no symbolic
 * link; a knot is a file's name as it is, no . or .., and without / or
 * control characters.  What goes wrong it says on standard error.  It ends
 * when the socket does, and if that is because its parent was killed it puts
 * the terminal back.
 *
 * The path /a/b/txt is the file a/b.txt, as it is for Clay.
 */
#ifndef SAVE_H
#define SAVE_H

#include <stdbool.h>

#include "noun.h"
#include "term.h"

enum { SAVE_NAME = 4096 };

struct save {
	int fd;     /* the socket; -1: none */
	bool files; /* there is a directory for them */
};

/*
 * Start the child, for that directory, which need not be there yet, or NULL;
 * and for that terminal, if it is open; so before term_raw().  No other thread
 * may run.  0, or -1 with errno set.
 */
int save_start(struct save *s, const char *dir, struct term *t);

/*
 * Have the bytes of an atom written, if there are files.  Waits until the child has read them.
 * False if the path is none, and errno says why: EINVAL, or what the socket
 * had.
 */
bool save_put(struct save *s, noun path, noun bytes);

/* Wait until all is written, and end. */
void save_stop(struct save *s);

/* The child's loop, for records from fd.  Its exit code. */
int save_serve(int fd, const char *dir);

#endif
