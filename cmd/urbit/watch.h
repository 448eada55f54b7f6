/*
 * watch -- be called when a descriptor can be read or written.
 *
 * A watch is yours until watch_drop(); after that it calls nobody, and the
 * descriptor may be closed.
 */
#ifndef WATCH_H
#define WATCH_H

#include <uv.h>

struct watch;

/* events: UV_READABLE, UV_WRITABLE, or 0.  Trouble counts as both. */
typedef void watch_seen(void *arg);

/* NULL with errno set: EPERM for a file, which never makes anyone wait. */
struct watch *watch_new(
    uv_loop_t *loop, int fd, int events, watch_seen *seen, void *arg);

/* Be called for these from now on. */
void watch_for(struct watch *w, int events);

/* NULL is fine. */
void watch_drop(struct watch *w);

#endif
