/*
 * belt -- a key as Arvo takes it.
 *
 *     belt    bolt | [%mod ?(%ctl %met) bolt] | [%txt (list @c)]
 *     bolt    @c | [%aro ?(%d %l %r %u)] | [%bac ~] | [%del ~] |
 *             [%hit x y] | [%ret ~]
 *
 * Kernels from zuse 417 on have these; older ones had [%ctl @c] and [%met @c].
 */
#ifndef BELT_H
#define BELT_H

#include "keys.h"
#include "noun.h"

/* The belt of a key that is no bell.  May bail meme. */
noun belt_of(const struct key *k);

#endif
