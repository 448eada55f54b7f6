/*
 * serf -- what the parts of the serf share: one ship, frames in, frames out.
 *
 *     in -> event.c, ask.c -> pier -> outbox
 *                turn.c: commits      care.c: checkpoints, publishing
 *                aside.c: what a child does     again.c: the process, begun anew
 *
 * Frames are taken in order.  Each that asks for an event, a card or a %poke,
 * gets one answer, in that order: %done behind its effects, or %bail.
 */
#ifndef SERF_H
#define SERF_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "heap.h"
#include "newt.h"
#include "outbox.h"
#include "pier.h"

/* Events asked for, in frames of one process. */
struct serf_count {
	uint64_t nonce, taken;
};

/* What a child process does meanwhile. */
enum job { JOB_NONE, JOB_PACK, JOB_CRAM };

struct serf {
	struct pier pier;
	struct {
		struct newt newt;
		int fd;
		bool eager; /* to read makes nobody wait */
		bool ended; /* there is no more to come */
	} in;
	struct outbox out;

	struct serf_count count; /* of this process */
	struct serf_count told;  /* what is, or will be, in the log */
	uint64_t date[2];        /* of the last event */
	bool behind;             /* it was said that the clock is */

	/* Roots: the id of what is being answered, and of a wish whose answer
	 * waits; a list of events of our own that are to come, ova. */
	noun id, wish_id, own;

	/* care.c: moments are of clock_ns(). */
	uint64_t saved, published; /* events */
	uint64_t saved_at, busy_at, changed_at;

	/* aside.c */
	enum job wanted; /* to begin */
	enum job job;    /* under way */
	bool wished;     /* somebody waits for its end, */
	bool loud;       /* or wants to hear of it */
	pid_t child;
	int child_fd;
	bool packed;         /* the image has to be opened anew */
	uint64_t pack_after; /* not before, by itself: one failed */

	bool opened; /* the pier */
	bool over;   /* nothing further is taken */
	bool broken; /* the log cannot be written */
	int code;
};

extern struct serf serf;

enum { SERF_ROOTS = 3 };

/* End with this code, unless there is a reason already. */
void serf_stop(struct serf *s, int code);

/* Say that the pier failed, and stop. */
void serf_failed(struct serf *s, enum pier_got got);

/* -------- turn.c -------- */

/*
 * What is durable goes out; what was put since goes on its way.  Touches no
 * noun: it is called in the midst of an event, too.
 */
void turn(struct serf *s);

/* Wait until all that was put is durable.  False if it cannot be. */
bool turn_settle(struct serf *s);

/* -------- event.c -------- */

/*
 * The event in p[0..n), a frame that is a card or a %poke, from its first
 * look to what becomes of it.
 */
void event_take(struct serf *s, const uint8_t *p, size_t n);

/* Work the first of our own events, which nobody asked for. */
enum pier_got event_own(struct serf *s);

/* The same; if it fails that is said. */
void event_next(struct serf *s);

/* The date of the log's last event. */
void event_date(struct serf *s);

/* -------- ask.c -------- */

/* A frame that asks for no event. */
void ask_take(struct serf *s, const uint8_t *p, size_t n);

/* Answer a wish: [%done id event], or [%bail id goofs] with these words. */
void ask_answer(struct serf *s, noun id, const char *why);

/* The same of the wish that waits, if there is one. */
void ask_answer_wish(struct serf *s, const char *why);

/* Say how many lines were dropped, once there is room again. */
void ask_dropped(struct serf *s);

/* A line of words for people, [%flog cord]. */
void ask_flog(struct serf *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What takes how much memory, in such lines, by the parts that the kernel
 * told of (mass.h), or 0. */
void ask_mass(struct serf *s, noun mass);

/* nock_opts.slog and .report */
void ask_on_slog(void *arg, unsigned priority, noun tank);
void ask_on_report(void *arg, const char *line);

/* -------- start.c -------- */

/* Tell the kernel of this start, and everyone of the ship.  0, or a code. */
int start(struct serf *s);

/* -------- care.c -------- */

/* Do what is due.  True if it did something. */
bool care(struct serf *s);

/* Milliseconds until something will be due, for poll(); -1 = never. */
int care_timeout(const struct serf *s);

/* An event was worked. */
void care_changed(struct serf *s);

/* May there be one?  Not while a child packs the image. */
bool care_may_save(const struct serf *s);

/* A checkpoint.  False if it failed, which was said, and it is over. */
bool care_save(struct serf *s);

/* -------- aside.c -------- */

/* Begin what is wanted. */
void aside_begin(struct serf *s);

/* The child has something to say, or has ended. */
void aside_end(struct serf *s);

/* It is to end now. */
void aside_kill(struct serf *s);

/* -------- again.c -------- */

/*
 * Be this program anew, in this process: same descriptors, same lock.  Comes
 * back only if that cannot be done.
 */
void again(struct serf *s);

/* In the new one: what the old one left.  0, or the exit code. */
int again_take(struct serf *s, int fd);

/* As main got them. */
void again_remember(char **argv);

#endif
