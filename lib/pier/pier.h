/*
 * pier -- a ship on disk: its log, its image, and who may touch them.
 *
 *     PIER/.vere.lock     who has it (lock.h)
 *     PIER/.urb/log.db    every event, in order (log.h)
 *     PIER/.urb/image     the kernel after one of them (store.h)
 *
 * The log is the ship; the image spares computing it anew.  So all that can
 * be wrong with an image is mended from the log, and pier->note says that it
 * was; what is wrong with the log is refused in words.
 *
 *     no image, or no good one      computed from event 1
 *     an image of another log       refused: its kernel's mug tells
 *     an image behind the log       the events after it are computed
 *     an image ahead of the log     refused: events are missing
 *     no log                        refused
 *     a gap in the log, a bad row   refused when it is needed
 *     a fact that is damaged        refused
 *     events that were chopped      refused when they are needed
 *
 * The first `life` events are computed as one (boot.h), each other by a poke.
 * A kernel's mug is compared with the log's where that has one.  Of the events
 * of a boot it has one mug, as the fact "kernel": that of the newest that there
 * was an image of.  Logs of older programs lack it, and do without.
 *
 * Functions give one of enum pier_got; why is in p->why.  What they compute
 * may collect.  They catch its bails.
 */
#ifndef PIER_H
#define PIER_H

#include "bail.h"
#include "boot.h"
#include "heap.h"
#include "kernel.h"
#include "lock.h"
#include "log.h"
#include "store.h"

enum pier_got {
	PIER_OK,
	PIER_END,     /* there is no further event */
	PIER_CRASH,   /* the event crashed, and Arvo's word of it too */
	PIER_NONE,    /* there is no pier */
	PIER_BAD,     /* the pier is not what it should be */
	PIER_CHOPPED, /* it is, but event 1 would be needed */
	PIER_DIFFER,  /* a mug is not the one in the log */
	PIER_HELD,    /* somebody else has it */
	PIER_GAVE_UP, /* the machine failed: p->kind */
	PIER_SYS
};

/*
 * The image's root is [kernel jets]: jets_save(), for what %fast hints told
 * of the kernel's cores is told when they are made, and never again.
 */
enum { PIER_KEPT = 2 };

struct pier {
	/* [kernel event effects goofs]: roots, as of `event` */
	struct kernel_work work;
	noun jets, image; /* for the image; roots too */
	uint64_t event;   /* computed so far */
	uint64_t life;
	uint32_t mug; /* of the kernel; 0 if not asked for */
	enum bail kind;
	uint64_t booted; /* the last event of the boot */
	char why[400], note[400];
	bool (*tell)(enum bail kind); /* as kernel_work() has it; or NULL */

	/* the pier's own */
	char *dir;
	struct lock lock;
	struct log log;
	struct store store;
	struct heap_root root;
	struct log_cursor cursor;
	uint64_t at;   /* what the cursor gives next; 0 = it is not open */
	uint32_t want; /* the mug that the log has for the last event */
	bool writer, has_store;
	bool sure; /* the kernel is this log's: a mug was met, or all computed */
	uint64_t labels; /* jets_changes() when p->jets was made */
};

struct pier_facts {
	const char *who; /* "~zod", of fact "who" */
	bool fake;
	const char *pill; /* its name, or NULL */
};

/*
 * Make the directories of a pier, take its lock and open its log as it is,
 * to write.  pier_close() in any case.
 */
enum pier_got pier_begin(struct pier *p, const char *dir);

/*
 * Make a pier with the events of b in its log, none of which is computed yet.
 * They are there all or none.  PIER_BAD if there is one already.
 */
enum pier_got pier_create(struct pier *p, const char *dir, const struct boot *b,
    const struct pier_facts *facts);

/*
 * Open a pier, and its image if it has one; writer: take its lock and mend
 * what has to be.  Call pier_close() in any case.
 */
enum pier_got pier_open(struct pier *p, const char *dir, bool writer);

/*
 * Open it as a writer, but with an image that begins anew beside the one that
 * there is: the next event to compute is the first.  If such a one was begun
 * and is whole and of at most event `most`, it goes on with that.
 *
 * pier_replace_image(), after pier_save(), puts it in the place of the other,
 * which is image.old then, if there is none of a later event; image.bad, if
 * it was damaged.  There is one of the two at any moment.  pier_drop_new()
 * removes it; else the next pier_open_anew() finds it.
 */
enum pier_got pier_open_anew(struct pier *p, const char *dir, uint64_t most);
enum pier_got pier_replace_image(struct pier *p);
void pier_drop_new(struct pier *p);

/* Why there can be no pier in this directory; NULL: it is one.  Sets errno. */
const char *pier_absent(const char *dir);

/* Open it to read, without its image: the next event is the first. */
enum pier_got pier_open_bare(struct pier *p, const char *dir);

/* Take its lock and open its log to write: no more, whatever the image is. */
enum pier_got pier_open_log(struct pier *p, const char *dir);

void pier_close(struct pier *p);

/* -------- going on -------- */

/*
 * Compute the next event of the log.  p->work has its effects.  The life of
 * the ship counts as one: p->event goes from 0 to p->life.  Unless it is
 * PIER_OK nothing happened; after PIER_DIFFER, too, the pier is as before the
 * event: what is not of this log must never become its image.
 */
enum pier_got pier_next(struct pier *p, bool check);

/*
 * Work a new event, [now ovum], in p->work.event, and put it in the log with
 * the next commit (p->log).  All of the log has been computed before.
 *
 *   PIER_OK      p->work.effects are to be released once p->log.durable is
 *                p->event
 *   PIER_CRASH   p->work.goofs; nothing happened, nothing is logged
 *   PIER_GAVE_UP the same, if p->work.goofs is not 0
 */
enum pier_got pier_poke(struct pier *p);

/*
 * A checkpoint: all of the log is durable, and then the kernel's image is.
 * PIER_DIFFER if the log has another mug for this event: nothing is written.
 */
enum pier_got pier_save(struct pier *p);

/* The image alone, also where it is of this event already; likewise. */
enum pier_got pier_checkpoint(struct pier *p);

/*
 * Let readers of the image see p->event, see store_publish().  No noun
 * moves, but the kernel is another copy then.  PIER_END if the log on disk
 * does not have the event yet: nothing is done.
 */
enum pier_got pier_publish(struct pier *p);

/*
 * What the log has of an event, [now wire tag data], beside its bytes: set
 * e->at, wire and tag, which hold until the next call.
 */
void pier_describe(noun event, struct log_event *e);

/* The mug of the kernel. */
uint32_t pier_mug(struct pier *p);

/* An event of the log, as a noun; PIER_END if there is none of the number. */
enum pier_got pier_event(struct pier *p, uint64_t id, noun *event);

#endif
