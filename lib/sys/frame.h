/*
 * frame -- what the processes of a ship say to each other, and how to tell
 * without making a noun what a frame is.
 *
 * A frame is a noun in a newt (newt.h).  If its head is a cell it is
 * [wire tag data]: an event on the way to the ship, an effect on the way
 * out.  If its head is an atom, it is one of the messages below, [tag ...].
 * driver(5) has all of it, for people.
 *
 * The process in the middle passes frames on as they came; frame_head()
 * reads the few bits at their front that say where to.
 */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * name, tag, what follows it.  id is an atom of the asker's choice; what is
 * answered has the same.
 *
 *     from a driver to the ship
 *         POKE    an event whose fate is to be told: DONE, BAIL or GONE
 *         PEEK    a question for a reader: the sample of arm peek
 *         PEEL    a question for urbit: a path, "/live"
 *         URTH    a wish about the serf: save, pack, meld, mass, cram
 *         INTR    stop what is being computed
 *         EXIT    end the ship
 *     to a driver, and from the serf
 *         DONE    it happened, and is in the log as this event or before it;
 *                 effects came earlier.  The serf says so of each event;
 *                 id 0 for one that nobody asked about
 *         BAIL    it did not happen; why, a list of goofs, [tag tang]
 *         GONE    the serf died: whether it happened is in the log, but what
 *                 came of it is lost
 *         BORN    the serf was started anew: announce yourself again
 *     from the serf
 *         RIPE    it can be talked to; taken is, of the frames that asked for
 *                 an event, how many of the serf `nonce` are in the log
 *     for those that show things to people
 *         SLOG    a tank; FLOG a line of text
 *         SPIN    what is being computed for long: [~ label]; or nothing: ~
 */
#define FRAMES(X)                                       \
	X(POKE, "poke", "id wire tag data")             \
	X(PEEK, "peek", "id sample; answered: id 0 product, or id 1 tang") \
	X(PEEL, "peel", "id path; answered: id unit")   \
	X(URTH, "urth", "id what; answered by DONE or BAIL") \
	X(INTR, "intr", "~")                            \
	X(EXIT, "exit", "code")                         \
	X(DONE, "done", "id event")                     \
	X(BAIL, "bail", "id goofs")                     \
	X(GONE, "gone", "id ~")                         \
	X(BORN, "born", "~")                            \
	X(RIPE, "ripe", "version who fake event mug nonce taken") \
	X(SLOG, "slog", "priority tank")                \
	X(FLOG, "flog", "cord")                         \
	X(SPIN, "spin", "(unit cord)")

enum frame {
	FRAME_BAD,   /* no jam of a frame */
	FRAME_CARD,  /* [wire tag data] */
	FRAME_OTHER, /* [tag ...] with a tag that is not in the list */
#define X(name, tag, rest) FRAME_##name,
	FRAMES(X)
#undef X
	    FRAMES_N
};

/* A tag, or a knot of a wire, of up to eight bytes: as an atom is. */
uint64_t frame_cord(const char *s);

/*
 * The front of a frame.  What is longer than a word, or no atom, is
 * FRAME_LONG in place of its value.
 *
 * FRAME_BAD is all that has not its shape as far as it is read: a wire is a
 * list of at most FRAME_KNOTS atoms, ended by 0; a card's tag is an atom, and
 * so is the id of a message that has one.
 */
#define FRAME_LONG UINT64_MAX

enum { FRAME_KNOTS = 256 };

struct frame_head {
	enum frame frame;
	uint64_t tag;     /* of the message; of a CARD or POKE: the card's */
	uint64_t id;      /* what follows the tag of a message, if an atom */
	uint64_t knot[2]; /* CARD, POKE: the wire's first; 0 = there is none */
	uint64_t word;    /* of DONE: the event; of URTH: what */
};

/* Look at the jam p[0..n).  Takes no memory, and any bytes. */
void frame_head(const void *p, size_t n, struct frame_head *h);

#endif
