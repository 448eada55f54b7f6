/*
 * conn -- the control socket of a ship: what its parts share.
 *
 *     listen    the socket itself, made before the jail
 *     chan      a connection: frames in, frames out, bytes only
 *     request   what a frame asks for, and who is told the answer
 *     answer    what comes back from the ship
 *     info      what conn says of itself
 *     table     chans and requests by their number
 *     knot      numbers as the knots of a wire
 *
 * Everything runs on one loop, conn.d.loop.  A request is the chan's; it is
 * gone once it is answered, or with its chan.
 */
#ifndef CONN_H
#define CONN_H

#include "driver.h"
#include "table.h"

/* What is counted: for /info, in the order in which it is shown. */
#define CONN_COUNTS(X)                                            \
	X(connections, "connections that were taken")             \
	X(requests, "frames that asked for something")            \
	X(answers, "frames that were sent back")                  \
	X(faults, "connections closed for what came over them")   \
	X(slow, "connections dropped since they read no answers") \
	X(strays, "answers whose client had gone")

struct conn_counts {
#define X(name, what) uint64_t name;
	CONN_COUNTS(X)
#undef X
};

/* Is the kernel's vane khan there, which runs threads? */
enum khan { KHAN_ASKED, KHAN_YES, KHAN_NO };

struct conn {
	struct driver d;
	size_t frame; /* longest frame that a client may send */
	size_t queue; /* most bytes that may wait for a client to read */
	size_t limit; /* most connections at a time */
	enum khan khan;
	unsigned khan_asked; /* how often, and in vain, of this serf */
	bool ended; /* nothing is sent to the ship any more */
	struct conn_counts counts;

	struct table chans, requests;
	uint64_t last; /* number given to a request */
	size_t in, out; /* bytes held for all clients: of frames, of answers */
};

extern struct conn conn;

#endif
