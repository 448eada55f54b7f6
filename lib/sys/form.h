/*
 * form -- the four forms a noun has outside a process, on descriptors.
 *
 *     jam     the portable bytes (jam.h)
 *     newt    a stream of frames, a jam in each (newt.h)
 *     image   the heap's own words (image.h)
 *     text    as people write it (text.h)
 *
 * This is where descriptors and nouns meet.  Nothing is evaluated here.
 */
#ifndef FORM_H
#define FORM_H

#include "input.h"
#include "newt.h"
#include "noun.h"
#include "out.h"
#include "text.h"

/* name, word: the enum and the words of -i and -o come from here. */
#define FORMS(X)          \
	X(JAM, "jam")     \
	X(NEWT, "newt")   \
	X(IMAGE, "image") \
	X(TEXT, "text")

enum form {
#define X(name, word) FORM_##name,
	FORMS(X)
#undef X
	    FORM_BINARY, /* jam or image, by content */
	FORM_ANY         /* jam, image or text, by content */
};

/* The form of that name; false if there is none. */
bool form_named(const char *word, enum form *f);

/*
 * Take the value of an option that wants a form.  0, or TOOL_USAGE when it is
 * none and that was said.
 */
int form_option(const char *option, const char *value, enum form *f);

/* Its name: a constant. */
const char *form_name(enum form f);

/*
 * What the bytes look like.  An image has its magic, with which no jam
 * begins.  A text is UTF-8 without control characters other than white
 * space; a jam of a few bytes may look so by chance.  All else is a jam.
 */
enum form form_guess(const void *p, size_t n);

/* -------- reading -------- */

enum form_got {
	FORM_NOUN,
	FORM_END,
	FORM_BAD, /* r->why says what is wrong and where */
	FORM_SYS  /* errno says why */
};

struct form_reader {
	enum form form; /* as it turned out */
	bool many;      /* a text may hold several nouns */
	uint64_t count; /* nouns given */
	uint64_t bytes; /* that they took, as far as known */
	char why[160];

	int fd;
	struct input in;
	size_t at;
	struct newt newt;
};

/*
 * Begin to read nouns of form f from fd; `many` if a text may hold several.
 * All of a jam, image or text is read now, of newt nothing.  0, or -1 with
 * errno set.  fd stays the caller's.
 */
int form_open(struct form_reader *r, int fd, enum form f, bool many);

/*
 * Read the next noun, whole.  A jam or an image is one noun, and its bytes
 * are given back as soon as it is made.  May bail meme; never collects.
 * What r holds is r's own: a bail in here loses nothing.
 */
enum form_got form_next(struct form_reader *r, noun *out);

/* Give everything back but the descriptor. */
void form_close(struct form_reader *r);

/* -------- writing -------- */

struct form_writer {
	struct out *out;
	enum form form;        /* one of the four */
	struct text_opts text; /* for text */
};

/*
 * Write n; a text is a line.  0, or -1 with errno set: EMSGSIZE if its jam
 * is too long for a newt frame.  May bail meme; never collects.  Bytes may
 * wait in w->out.
 */
int form_write(struct form_writer *w, noun n);

#endif
