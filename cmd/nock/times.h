/*
 * times -- what a run took, for --time.
 */
#ifndef TIMES_H
#define TIMES_H

/* Call after heap_init(): count the cells that are made from here on. */
void times_init(void);

/* The run is between these. */
void times_begin(void);
void times_end(void);

/* Tell all of it, on standard error. */
void times_tell(void);

#endif
