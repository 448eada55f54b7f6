/*
 * edge -- the nouns of Hoon's parsers.
 *
 *     hair    [line column]
 *     nail    [hair tape]            what is still to be read
 *     edge    [hair ~]               failed; the farthest place looked at
 *             [hair ~ value nail]    read
 *     rule    a gate from nail to edge
 *
 * Where the Hoon asks whether an edge's or a tape's end is ~, it compares
 * with 0: any other atom crashes a step later.
 */
#ifndef EDGE_H
#define EDGE_H

#include "jet.h"

static inline void
split(noun n, noun *a, noun *b)
{
	if (!is_cell(n))
		jet_crash();
	*a = head(n);
	*b = tail(n);
}

/* What an edge read: q is [~ value rest], its ~ anything. */
static inline void
split_read(noun q, noun *value, noun *rest)
{
	if (!is_cell(q))
		jet_crash();
	split(tail(q), value, rest);
}

/* [hair q]; a hair that passed is passed on. */
static inline noun
edge(noun hair, noun q)
{
	return hair == JET_PASS ? JET_PASS : cons(hair, q);
}

static inline noun
edge_read(noun hair, noun value, noun rest)
{
	if (hair == JET_PASS)
		return JET_PASS;
	return cons(hair, cons(0, cons(value, rest)));
}

#endif
