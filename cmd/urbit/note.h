/*
 * note -- the few frames that the switchboard makes and reads itself.
 *
 * All else is passed on as it came.  They are nouns on a small heap.  What
 * makes a frame gives its parcel, the caller's count; NULL where there is no
 * memory for it, or the frame that it answers cannot be read: that is rare,
 * said, and as good as a frame that was lost.
 */
#ifndef NOTE_H
#define NOTE_H

#include <stdbool.h>

#include "ledger.h"
#include "noun.h"
#include "parcel.h"

enum { NOTE_HEAP = 64 << 20, NOTE_MOST = 256 * 1024 };

/* 0, or -1 with errno set. */
int note_init(void);

/* Under a trap: f's noun in a frame. */
struct parcel *note_make(noun (*f)(void *), void *arg);

/* In such an f: the noun of a jam; bails if it is none, or over NOTE_MOST. */
noun note_cue(const uint8_t *p, size_t n);

/* Run f on the noun of a jam.  False if it bailed. */
bool note_read(const uint8_t *p, size_t n, void (*f)(noun, void *), void *arg);

struct parcel *note_born(void);
struct parcel *note_flog(const char *p, size_t n);

/* [%spin ~ tag], or [%spin ~] if it is off. */
struct parcel *note_spin(bool on, uint64_t tag);

/* [%gone id ~] */
struct parcel *note_gone(const struct ask *a);

/* [%peek id 1 tang] */
struct parcel *note_unanswered(const struct ask *a);

/* The message p with this id, or with the one that a has. */
struct parcel *note_with_id(const uint8_t *p, size_t n, uint64_t id);
struct parcel *note_with_id_of(const uint8_t *p, size_t n, const struct ask *a);

struct ripe {
	uint64_t version, who[2], event, nonce, taken;
	bool fake;
};

/* False if it is none. */
bool note_ripe(const uint8_t *p, size_t n, struct ripe *r);

#endif
