/*
 * aura -- what the writer of atoms, scot.c, and their reader, slaw.c, share:
 * words of @p and @q.
 *
 * A word is 16 bits, two syllables: a prefix for the high byte, a suffix for
 * the low one.  Nothing here collects.
 */
#ifndef AURA_H
#define AURA_H

#include <stdbool.h>
#include <stdint.h>

enum { AURA_SYLLABLE = 3, AURA_WORD = 6 };

/* Write a word's six letters; or the suffix of a byte, three. */
void aura_put_word(char *to, unsigned word);
void aura_put_suffix(char *to, unsigned byte);

/* And read them: false if they are none. */
bool aura_get_word(const char *p, unsigned *word);
bool aura_get_suffix(const char *p, unsigned *byte);

#endif
