/*
 * ripe -- the serf can be talked to: what became of what the one before it
 * was asked.
 *
 * The serf counts the events that it is asked for, and puts the count in the
 * log with each commit, beside a number of its own, its nonce; so %ripe tells
 * what the log has of the serf before.  We do not know the nonce of any serf
 * but from the %ripe of a later one: the same as in the %ripe before means
 * that what died in between committed nothing it was asked for.
 *
 * Of the events that had no answer, those that were taken get %gone; the
 * others are asked for again, in order, once.  One over which TRIES serfs
 * died is asked for no more.
 */
#ifndef RIPE_H
#define RIPE_H

#include "ship_parts.h"

/* The frame %ripe, whole. */
void ripe_take(struct ship *s, const uint8_t *p, size_t n);

/* The serf died. */
void ripe_gone(struct ship *s);

#endif
