/*
 * slaw -- what the parts of ++slaw share: a text that is being read, and
 * numbers in it.
 *
 * What is rare or large passes, to be Hoon's.  Nothing here collects.
 */
#ifndef SLAW_H
#define SLAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "noun.h"

/* A text that is being read. */
struct slaw_text {
	const char *p, *end;
};

/* What came of it: the atom; it is none of the aura; it is Hoon's. */
enum slaw_answer { READ, NONE, PASS };

static inline char
peek(const struct slaw_text *t)
{
	return t->p < t->end ? *t->p : 0;
}

static inline bool
take(struct slaw_text *t, char c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

static inline bool
take_word(struct slaw_text *t, const char *s)
{
	size_t n = strlen(s);

	if ((size_t)(t->end - t->p) < n || memcmp(t->p, s, n) != 0)
		return false;
	t->p += n;
	return true;
}

static inline bool
is_decimal(char c)
{
	return c >= '0' && c <= '9';
}

/* -------- numbers: slaw_number.c -------- */

/*
 * A base: the first group is 1 to `group` digits, not beginning with 0,
 * each further one a dot and so many.  Group 0: any number, no dots.
 */
struct slaw_base {
	unsigned radix, bits; /* 2^bits, or 10 and 0 */
	unsigned group;
};

extern const struct slaw_base slaw_binary, slaw_hex, slaw_base32, slaw_base64,
    slaw_decimal, slaw_plain;

/* The first group of digits, to `to`: how many, 0 if there is none. */
size_t slaw_first_group(
    struct slaw_text *t, const struct slaw_base *b, uint8_t *to);

/* A dot and a whole group; the text is left alone if it is none. */
bool slaw_next_group(
    struct slaw_text *t, const struct slaw_base *b, uint8_t *to);

/* A number; a zero is one only by itself.  False if there is none. */
bool slaw_number(struct slaw_text *t, const struct slaw_base *b, noun *out);

/*
 * Digits with a value of no more than 2^40: what else there is in a date
 * that can be computed with.  0: none; -1: larger.
 */
int slaw_small(struct slaw_text *t, uint64_t *v);

/* -------- time: slaw_time.c -------- */

enum slaw_answer slaw_date(struct slaw_text *t, noun *out);
enum slaw_answer slaw_date_136(struct slaw_text *t, noun *out); /* before 135 */
enum slaw_answer slaw_duration(struct slaw_text *t, noun *out);

#endif
