/*
 * request -- what a client's frame asks for, and what becomes of it.
 *
 *     [rid %peek nom]                  [%peek id [~ ~] nom]
 *     [rid %peel path]                 answered here, or [%peel id path]
 *     [rid %ovum tar wire tag data]    [%poke id [tar wire] tag data]
 *     [rid %urth what]                 [%urth id what], and acked at once
 *     [rid %urth %wait what]           [%urth id what]; not Vere's
 *     [rid %fyrd data]                 [%poke id /k/khan/SEV/COQ/RID %fyrd data]
 *
 * On the right is what goes to the ship; driver(5) has its answers and
 * answer.c what the client is told.  A request stays in the table and in its
 * chan's list from when it is sent to when it is answered; what is answered
 * after its client has gone is dropped.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "chan.h"

enum request_kind {
	REQUEST_PEEK,
	REQUEST_PEEL,
	REQUEST_OVUM, /* and %urth %wait: told of by %news */
	REQUEST_FYRD,
	REQUEST_URTH, /* has had its ack; of no chan */
	REQUEST_BORN  /* ours, to khan; of no chan */
};

struct request {
	struct table_entry by_id;
	struct chan *c;
	enum request_kind kind;
	bool tagged; /* a PEEL whose answer has a tag, as some of Vere's */
	TAILQ_ENTRY(request) of_chan;
	size_t n; /* rid, in bytes */
	uint8_t rid[];
};

/* Take a frame of a client: the n bytes of its jam.  Not in a callback of
 * the driver.  It may close the chan. */
void request_take(struct chan *c, const void *p, size_t n);

/* Tell khan that we are there, at first or again.  In a callback of the
 * driver. */
void request_born(struct driver *d);
void request_again(struct driver *d);

/* The request of that id, or NULL. */
struct request *request_find(uint64_t id);

/* The oldest of the chan's threads whose rid has this knot, or NULL. */
struct request *request_thread(struct chan *c, noun knot);

/* It is answered. */
void request_drop(struct request *r);

/* The chan closes: forget what it asked. */
void request_forget(struct chan *c);

/* The chan is closed, and khan knew it. */
void request_over(struct chan *c);

#endif
