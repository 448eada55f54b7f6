/*
 * fetch -- a file from the web or from file://, by libcurl.
 *
 *     FILE             what was fetched, whole
 *     FILE.from        where it came from, and which version of it
 *     FILE.part        what has come so far of one that is under way
 *     FILE.part.from   the same of that
 *
 * FILE is put in place when all of it is there and is what it should be.
 * What was interrupted goes on, where the server says which version it has
 * (an ETag or a date) and that is still the same.  If FILE came from there
 * already, the server is asked whether there is a newer one; where it does
 * not answer, FILE is taken as it is, and that is told.
 */
#ifndef FETCH_H
#define FETCH_H

/* The longest file. */
#define FETCH_MAX (INT64_C(1) << 30)

/*
 * Fetch url into file.  check() gets the name of what came: 0 if it is what
 * it should be, or an exit code when it said what is wrong.  0, or the exit
 * code.
 */
int fetch(const char *url, const char *file, int (*check)(const char *file));

#endif
