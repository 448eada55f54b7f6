/*
 * pier_parts -- what pier.c, which opens a pier, and pier_run.c, which goes
 * on with it, share.  Private to them.
 */
#ifndef PIER_PARTS_H
#define PIER_PARTS_H

#include "pier.h"

/* Say why in p->why; got. */
enum pier_got pier_fail(struct pier *p, enum pier_got got, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

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

/* Let go of the cursor that reads the log. */
void pier_leave_log(struct pier *p);

#endif
