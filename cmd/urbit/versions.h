/*
 * versions -- -R: what this program is made of.
 */
#ifndef VERSIONS_H
#define VERSIONS_H

/* Print a line for it and for each library, as they are now.  The exit code. */
int versions_print(void);

#endif
