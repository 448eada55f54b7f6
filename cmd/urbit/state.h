/*
 * state -- a ship's kernel as its image has it, to look at: no lock is taken
 * and nothing is changed, so the ship may run.
 *
 * Whatever gives an exit code has said what is wrong, when it is not 0.
 */
#ifndef STATE_H
#define STATE_H

#include "pier.h"

/* The machine; before and after what is below.  state_stop() gives `code`. */
int state_start(void);
int state_stop(int code);

/*
 * Open a pier that has an image, to read.  Says, if the log goes on behind
 * the image, of which event it is.  Call pier_close() in any case.
 */
int state_open(struct pier *p, const char *dir);

/*
 * Ask the kernel for what sample() makes, [%once view desk spur].  TOOL_NO if
 * it has none such or crashes, which the caller is to say.  Collects.
 */
int state_peek(struct pier *p, const char *what, noun (*sample)(void),
    noun *mark, noun *data);

#endif
