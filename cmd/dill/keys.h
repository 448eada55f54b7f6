/*
 * keys -- what a terminal sends, taken apart into keys.
 *
 *     text                     KEY_TEXT, as much as came at once
 *     ^A..^Z                   KEY_CHAR with CTL, but for:
 *     ^H, ^?                   KEY_BACK
 *     ^J, ^M                   KEY_RETURN
 *     ESC and one of these     the same with MET; text is KEY_CHAR then
 *     arrows                   KEY_ARROW; with ctrl or alt, left and right
 *                              are the words of Arvo's line editor, MET b, f
 *     home, end                CTL a, e: the same line editor's
 *     delete                   KEY_DELETE; with ctrl or alt MET d
 *     a click                  KEY_HIT, of the first button
 *     pasted text              KEY_TEXT; its line ends are KEY_RETURN, a tab
 *                              is two blanks, other controls are dropped
 *     anything else            KEY_BELL
 *
 * Text is UTF-8, and may be cut anywhere; each piece of what is none is
 * U+FFFD.  Escape sequences are those of ECMA-48 and xterm.
 *
 *     GROUND   between keys
 *     UTF8     in a code point
 *     ESC      after an escape
 *     SS3      after ESC O: one byte follows
 *     CSI      after ESC [: parameters, then a final byte
 *     MOUSE    after ESC [ M: three bytes follow
 *
 * Nothing here knows nouns or does I/O; any bytes are taken.
 */
#ifndef KEYS_H
#define KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_kind {
	KEY_TEXT,
	KEY_CHAR,
	KEY_ARROW,
	KEY_BACK,
	KEY_DELETE,
	KEY_RETURN,
	KEY_HIT,
	KEY_BELL
};

enum key_mod { KEY_PLAIN, KEY_CTL, KEY_MET };

struct key {
	enum key_kind kind;
	enum key_mod mod;
	uint32_t code;        /* CHAR; ARROW: one of d l r u */
	unsigned x, y;        /* HIT, from 0 */
	const uint32_t *text; /* TEXT: n code points, until the call is over */
	size_t n;
};

/* Called with each key, in order. */
typedef void keys_take(void *arg, const struct key *k);

enum { KEYS_TEXT = 1024, KEYS_PARAMS = 24 };

/* Starts as all zero but for these two. */
struct keys {
	keys_take *take;
	void *arg;

	enum keys_at {
		KEYS_GROUND,
		KEYS_UTF8,
		KEYS_ESC,
		KEYS_SS3,
		KEYS_CSI,
		KEYS_MOUSE
	} at;
	bool met;   /* ESC came before this */
	bool paste; /* in pasted text */
	bool cr;    /* in which the last was a CR: a LF is of the same line */
	uint8_t part[KEYS_PARAMS]; /* of what is not complete */
	size_t n_part;
	bool too_long; /* some of it is not there */
	uint32_t text[KEYS_TEXT];
	size_t n_text;
};

/* Bytes from the terminal.  Text that they end with is given at once. */
void keys_feed(struct keys *k, const uint8_t *p, size_t n);

#endif
