/*
 * listen -- the socket PIER/.urb/conn.sock: made before the jail.
 *
 * One that nobody listens to any more is replaced, whoever left it: the jail
 * lets no process remove its own.  Only its owner may connect.
 */
#ifndef LISTEN_H
#define LISTEN_H

#include <stddef.h>

/*
 * The listening socket, or -1 after saying why.  However long the way to the
 * pier is.
 */
int listen_open(const char *pier);

/* Allow this process as many descriptors as may be; for how many clients. */
size_t listen_room(void);

#endif
