/*
 * term -- the terminal's modes, as they were before any of this.
 *
 * dill puts them back itself; this is for a dill that was killed.
 */
#ifndef TERM_H
#define TERM_H

#include <stdbool.h>

/* Is there a terminal to talk through?  Remembers its modes. */
bool term_save(void);

/* Put them back, if there is one. */
void term_restore(void);

#endif
