/*
 * times -- what a run took, for --time.
 */
#ifndef TIMES_H
#define TIMES_H

#include <stdint.h>

/* Call after heap_init(): count the cells that are made from here on. */
void times_init(void);

/* The run is between these; there may be more than one. */
void times_begin(void);
void times_end(void);

/* How long the last one took, and the cells it made. */
uint64_t times_ns(void);
uint64_t times_cells(void);

/* The cells made since it began. */
uint64_t times_made(void);

/* Tell all of it, on standard error. */
void times_tell(void);

#endif
