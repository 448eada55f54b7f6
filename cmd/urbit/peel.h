/*
 * peel -- questions about the runtime, which the switchboard answers itself.
 *
 *     /live   0
 *     /who    the ship
 *     /v      the version, text
 *     /mass   a list of [name number]: what was passed on, dropped, waits
 *
 * All others ~.
 */
#ifndef PEEL_H
#define PEEL_H

#include "child.h"

/* The frame [%peel id path] of a driver. */
void peel_answer(
    struct child *c, const struct frame_head *h, const uint8_t *p, size_t n);

#endif
