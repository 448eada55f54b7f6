/*
 * input -- the whole of a descriptor's bytes, in memory.
 *
 * A regular file is mapped, from where the descriptor stands; anything else
 * is read into a buffer that grows.  Whoever cuts a file short while it is
 * mapped kills the reader (SIGBUS): do not do that to a file in use.
 */
#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>
#include <stdint.h>

struct input {
	const uint8_t *p;
	size_t n;

	void *base; /* what to give back */
	size_t mapped;
};

/*
 * Take all that is left of fd into in.  0, or -1 with errno set.  The bytes
 * are in's own until input_free(); fd stays the caller's, and is at its end.
 */
int input_load(struct input *in, int fd);

/* Give the bytes back; in is as new. */
void input_free(struct input *in);

#endif
