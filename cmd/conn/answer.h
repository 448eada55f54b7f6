/*
 * answer -- what comes back from the ship, and what the client is told of it.
 *
 *     [%peek id 0 product]     [rid %peek product]
 *     [%peek id 1 tang]        [rid %peek ~]
 *     [%peel id unit]          [rid unit]; /mass and /quic: [rid %peel noun]
 *     [%done id event]         [rid %news %done]; nothing to a %fyrd
 *     [%bail id goofs]         [rid %bail goofs]
 *     [%gone id ~]             [rid %bail [%gone tang] ~]
 *     [wire %avow data]        [rid %avow data], to the thread of that wire
 *
 * What the client cannot be told for lack of memory ends its connection, so
 * that nobody waits for it.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include "request.h"

/* A message and an effect, from the driver. */
void answer_message(struct driver *d, enum frame frame, noun whole);
void answer_card(struct driver *d, noun wire, noun card);

/* [rid rest] at once, where no more is to come.  False: the chan is closed.
 * May bail. */
bool answer_now(struct chan *c, noun rid, noun rest);

#endif
