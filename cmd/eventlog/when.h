/*
 * when -- moments, as people write them.
 *
 *     2024-01-31                     midnight, as all of these in UTC
 *     2024-01-31T12:00:00.5Z         or with a blank for the T, without the Z
 *     @1706702400.5                  seconds since 1970
 *     ~2024.1.31..12.00.00..8000     a date of Hoon's; the last part is of a
 *                                    second, in hexadecimal
 */
#ifndef WHEN_H
#define WHEN_H

#include <stdbool.h>
#include <stdint.h>

enum { WHEN_MAX = 40 };

/* A moment as Hoon counts, as for log_at(): false if it is none. */
bool when_read(const char *s, uint64_t da[2]);

/* Its other half, of nanoseconds since 1970: 2024-01-31T12:00:00.500000000Z */
void when_write(int64_t at, char to[WHEN_MAX]);

/*
 * The same of a moment as Hoon counts.  Of one that is too far away for that,
 * on which side of what can be told it is: "a time after 2262".
 */
void when_tell(const uint64_t da[2], char to[WHEN_MAX]);

/* Now. */
void when_now(uint64_t da[2]);

/*
 * Make da a moment behind `last`.
 *
 *   WHEN_AS_IT_WAS   it is one
 *   WHEN_MOVED       now it is, 2^-16 of a second behind it
 *   WHEN_NONE        there is none: `last` is where 128 bits end
 */
enum when_got { WHEN_AS_IT_WAS, WHEN_MOVED, WHEN_NONE };

enum when_got when_after(uint64_t da[2], const uint64_t last[2]);

#endif
