#define XXH_INLINE_ALL
#include <errno.h>
#include <stdlib.h>
#include <xxhash.h>

#include "store_parts.h"

static const char *const names[] =
    {[SUPER_CELLS] = "cells", [SUPER_MUGS] = "mugs", [SUPER_ATOMS] = "atoms"};

/* A bad sector is damage: nothing else would come of it another time. */
static enum store_got
unread(struct store *s, enum super_row row, uint64_t at)
{
	if (errno != EIO)
		return store_errno(s, "read");
	return store_fail(s, STORE_BAD, "%s cannot be read at byte %ju",
	    names[row], (uintmax_t)at);
}

/* Read, not looked at where they are mapped: a bad disk is an error here. */
static enum store_got
verify_block(struct store *s, const struct super *sup, enum super_row row,
    uint64_t pos, char *buffer)
{
	uint64_t n = super_length(sup, row) - pos, sum = sup->begun[row];
	struct super_spot spot = super_find(sup, row, pos);

	if (n >= SUPER_BLOCK) {
		n = SUPER_BLOCK;
		if (store_get_at(s->fd, spot.sum, &sum, sizeof sum) != 0)
			return unread(s, row, spot.sum);
	}
	if (store_get_at(s->fd, spot.at, buffer, n) != 0)
		return unread(s, row, spot.at);
	if (XXH3_64bits(buffer, n) == sum)
		return STORE_OK;
	return store_fail(s, STORE_BAD, "%s are damaged at byte %ju to %ju",
	    names[row], (uintmax_t)spot.at, (uintmax_t)(spot.at + n));
}

enum store_got
store_verify_row(struct store *s, const struct super *sup, enum super_row row,
    uint64_t from, uint64_t to)
{
	enum store_got got = STORE_OK;
	char buffer[SUPER_BLOCK];

	if (from == to)
		return STORE_OK;
	for (uint64_t pos = from - from % SUPER_BLOCK;
	     pos < to && got == STORE_OK; pos += SUPER_BLOCK)
		got = verify_block(s, sup, row, pos, buffer);
	return got;
}

enum store_got
store_verify(struct store *s, store_progress *progress, void *arg)
{
	enum { STEP = 16 * SUPER_BLOCK };
	const struct super *sup = &s->there;
	uint64_t all = sup->cells + sup->cells / 4 + sup->atoms, done = 0, n;
	uint64_t to;
	enum store_got got;

	for (enum super_row r = 0; r < SUPER_ROWS; r++) {
		to = super_length(sup, r);
		for (uint64_t pos = 0; pos < to; pos += n, done += n) {
			if (progress && !progress(arg, done, all))
				return store_fail(s, STORE_STOP, "stopped");
			n = to - pos < STEP ? to - pos : STEP;
			got = store_verify_row(s, sup, r, pos, pos + n);
			if (got != STORE_OK)
				return got;
		}
	}
	return STORE_OK;
}
