/*
 * pier_parts -- what pier.c, which opens a pier, pier_image.c, which sees to
 * its image, and pier_run.c, which goes on with it, share.  Private to them.
 */
#ifndef PIER_PARTS_H
#define PIER_PARTS_H

#include "pier.h"

#define IMAGE_NAME ".urb/image"
#define REPLAY_NAME ".urb/image.replay"

/* Say why in p->why; got. */
enum pier_got pier_fail(struct pier *p, enum pier_got got, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* Behind what p->note says already. */
void pier_note(struct pier *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* PIER/name; the caller's to free, never NULL. */
char *pier_path(const struct pier *p, const char *name);

/* The same for what the log, the image, or the machine says. */
enum pier_got pier_fail_log(struct pier *p, enum log_got got);
enum pier_got pier_fail_store(struct pier *p);
enum pier_got pier_fail_kind(struct pier *p, enum bail kind, const char *what);

/*
 * Put an event into the log: [now wire tag data] if it is dated, or a thing
 * of boot.  May bail meme.
 */
enum log_got pier_put_event(
    struct pier *p, uint64_t id, noun event, bool dated, uint32_t mug);

/*
 * Open the image, as p->writer says; the one of a replay of all events, if it
 * is of at most event `most`, or one that begins; or see whether one can do
 * without.
 */
enum pier_got pier_take_image(struct pier *p);
enum pier_got pier_new_image(struct pier *p, uint64_t most);
enum pier_got pier_no_image(struct pier *p);

/* The mug that the log has, as a fact, for an event of the boot, or 0. */
enum pier_got pier_boot_mug(struct pier *p, uint64_t id, uint32_t *mug);

/*
 * Before there is an image of p->event: PIER_DIFFER if the kernel's mug is
 * not that of the log.  If it has none for this event of the boot nor for a
 * later one, it gets this one, if that is sure.
 */
enum pier_got pier_bind(struct pier *p);

/* Let go of the cursor that reads the log. */
void pier_leave_log(struct pier *p);

#endif
