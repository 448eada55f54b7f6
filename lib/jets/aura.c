/*
 * aura -- syllables: ++po and ++ob.
 */
#include "aura.h"

#include <string.h>

#include "jet.h"
#include "patp.h"

/* -------- words: the names of stars and galaxies -------- */

static const char zero[] = "doz"; /* the prefix that begins no name */

void
aura_put_suffix(char *to, unsigned byte)
{
	char name[PATP_MAX];

	patp_write(byte & 0xff, name);
	memcpy(to, name + 1, AURA_SYLLABLE);
}

void
aura_put_word(char *to, unsigned word)
{
	char name[PATP_MAX];

	if ((word & 0xffff) > 0xff) {
		patp_write(word & 0xffff, name);
		memcpy(to, name + 1, AURA_WORD);
		return;
	}
	memcpy(to, zero, AURA_SYLLABLE);
	aura_put_suffix(to + AURA_SYLLABLE, word);
}

bool
aura_get_suffix(const char *p, unsigned *byte)
{
	noun v;

	if (!patp_read(p, AURA_SYLLABLE, &v))
		return false;
	*byte = (unsigned)direct_value(v);
	return true;
}

bool
aura_get_word(const char *p, unsigned *word)
{
	noun v;

	if (memcmp(p, zero, AURA_SYLLABLE) == 0)
		return aura_get_suffix(p + AURA_SYLLABLE, word);
	if (!patp_read(p, AURA_WORD, &v))
		return false;
	*word = (unsigned)direct_value(v);
	return true;
}

/* -------- ++po -------- */

/* The word of which a syllable is wanted: a byte, else it is a crash. */
static unsigned
byte_of(noun a)
{
	if (!is_direct(a) || direct_value(a) > 0xff)
		jet_crash();
	return (unsigned)direct_value(a);
}

noun
jet_po_tos(noun sample, noun context)
{
	char word[AURA_WORD];

	(void)context;
	aura_put_word(word, byte_of(sample) << 8);
	return atom_from_bytes(word, AURA_SYLLABLE);
}

noun
jet_po_tod(noun sample, noun context)
{
	char suffix[AURA_SYLLABLE];

	(void)context;
	aura_put_suffix(suffix, byte_of(sample));
	return atom_from_bytes(suffix, AURA_SYLLABLE);
}

/* The three letters of a syllable.  What is none is only not found. */
static bool
letters_of(noun a, char to[AURA_WORD])
{
	uint64_t v = direct_value(a);

	if (!is_direct(a) || v >> 24 != 0)
		return false;
	memcpy(to, &v, AURA_SYLLABLE);
	memcpy(to + AURA_SYLLABLE, "zod", AURA_SYLLABLE);
	return true;
}

noun
jet_po_ins(noun sample, noun context)
{
	char word[AURA_WORD];
	unsigned w;

	(void)context;
	if (!letters_of(sample, word) || !aura_get_word(word, &w))
		return 0;
	return cons(0, direct(w >> 8));
}

noun
jet_po_ind(noun sample, noun context)
{
	char word[AURA_WORD];
	unsigned byte;

	(void)context;
	if (!letters_of(sample, word) || !aura_get_suffix(word, &byte))
		return 0;
	return cons(0, direct(byte));
}

/* -------- ++ob: only 64 bits and less are scrambled -------- */

noun
jet_ob_fein(noun sample, noun context)
{
	uint64_t v;

	(void)context;
	if (is_cell(sample))
		jet_crash();
	return atom_to_word(sample, &v) ? atom_word(patp_fein(v)) : sample;
}

noun
jet_ob_fynd(noun sample, noun context)
{
	uint64_t v;

	(void)context;
	if (is_cell(sample))
		jet_crash();
	return atom_to_word(sample, &v) ? atom_word(patp_fynd(v)) : sample;
}
