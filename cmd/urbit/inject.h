/*
 * inject -- the event that a ship is to begin with.
 *
 *     -I FILE    a jam of it, [wire tag data]
 *     -i FILE    a jam of an atom, of the data of
 *                POST / on this machine: "#import_" and the atom
 */
#ifndef INJECT_H
#define INJECT_H

#include <stddef.h>

/*
 * The jam of it, yours to free(), or NULL if there is to be none.  0, or the
 * exit code when it was said what is wrong.
 */
int inject_load(const void **jam, size_t *n);

#endif
