#include "form.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "atom.h"
#include "image.h"
#include "jam.h"
#include "tool.h"
#include "utf8.h"

static const char *const words[] = {
#define X(name, word) [FORM_##name] = word,
    FORMS(X)
#undef X
};

enum { WORDS = sizeof words / sizeof *words };

bool
form_named(const char *word, enum form *f)
{
	for (int i = 0; i < WORDS; i++)
		if (strcmp(word, words[i]) == 0) {
			*f = (enum form)i;
			return true;
		}
	return false;
}

int
form_option(const char *option, const char *value, enum form *f)
{
	return form_named(value, f)
	    ? 0
	    : tool_usage(option, "the forms are jam, newt, image and text");
}

const char *
form_name(enum form f)
{
	return words[f];
}

/* -------- guessing -------- */

static bool
is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
looks_like_text(const uint8_t *p, size_t n)
{
	size_t k;

	for (size_t i = 0; i < n; i += k) {
		uint32_t c;

		if ((k = utf8_get(p + i, n - i, &c)) == 0)
			return false;
		if (!utf8_printable(c) && !is_space(c))
			return false;
	}
	return true;
}

static bool
has_magic(const void *p, size_t n)
{
	size_t k = sizeof IMAGE_MAGIC - 1;

	return n >= k && memcmp(p, IMAGE_MAGIC, k) == 0;
}

enum form
form_guess(const void *p, size_t n)
{
	if (has_magic(p, n))
		return FORM_IMAGE;
	return looks_like_text(p, n) ? FORM_TEXT : FORM_JAM;
}

static enum form
settle(enum form f, const struct input *in)
{
	if (f == FORM_ANY)
		return form_guess(in->p, in->n);
	if (f == FORM_BINARY)
		return has_magic(in->p, in->n) ? FORM_IMAGE : FORM_JAM;
	return f;
}

/* -------- reading -------- */

int
form_open(struct form_reader *r, int fd, enum form f, bool many)
{
	*r = (struct form_reader){.form = f, .many = many, .fd = fd};
	if (f == FORM_NEWT)
		return 0;
	if (input_load(&r->in, fd) < 0)
		return -1;
	r->form = settle(f, &r->in);
	r->bytes = r->in.n;
	return 0;
}

static enum form_got
next_jam(struct form_reader *r, noun *out)
{
	struct cue_fault fault;

	if (cue(r->in.p, r->in.n, out, &fault) == 0)
		return FORM_NOUN;
	snprintf(r->why, sizeof r->why, "%s at bit %" PRIu64, fault.reason,
	    fault.bit);
	return FORM_BAD;
}

static enum form_got
next_image(struct form_reader *r, noun *out)
{
	struct image_fault fault;

	if (image_read(r->in.p, r->in.n, out, &fault) == 0)
		return FORM_NOUN;
	snprintf(r->why, sizeof r->why, "%s at byte %" PRIu64, fault.reason,
	    fault.at);
	return FORM_BAD;
}

static enum form_got
next_text(struct form_reader *r, noun *out)
{
	const char *p = (const char *)r->in.p;
	struct text_fault fault;
	int got;

	if (r->many)
		got = text_next(p, r->in.n, &r->at, out, &fault);
	else
		got = text_read(p, r->in.n, out, &fault) == 0 ? 1 : -1;
	if (got > 0)
		return FORM_NOUN;
	if (got == 0)
		return FORM_END;
	snprintf(r->why, sizeof r->why, "%lu:%lu: %s", fault.line, fault.column,
	    fault.reason);
	return FORM_BAD;
}

/* The record is a jam like any other, but the fault names its frame. */
static enum form_got
frame_noun(struct form_reader *r, noun *out)
{
	struct cue_fault fault;

	r->bytes = r->newt.offset + NEWT_HEAD + r->newt.n;
	if (cue(r->newt.p, r->newt.n, out, &fault) == 0)
		return FORM_NOUN;
	snprintf(r->why, sizeof r->why, "frame %" PRIu64 ": %s at bit %" PRIu64,
	    r->newt.count, fault.reason, fault.bit);
	return FORM_BAD;
}

static enum form_got
next_newt(struct form_reader *r, noun *out)
{
	enum newt_got got = newt_read(r->fd, &r->newt);

	switch (got) {
	case NEWT_REC:
		return frame_noun(r, out);
	case NEWT_END:
		return FORM_END;
	case NEWT_SYS:
		return FORM_SYS;
	default:
		snprintf(r->why, sizeof r->why,
		    "frame %" PRIu64 ": %s at byte %" PRIu64, r->newt.count + 1,
		    newt_why(got), r->newt.offset);
		return FORM_BAD;
	}
}

static enum form_got
next_of_form(struct form_reader *r, noun *out)
{
	switch (r->form) {
	case FORM_NEWT:
		return next_newt(r, out);
	case FORM_TEXT:
		return next_text(r, out);
	case FORM_IMAGE:
		return next_image(r, out);
	default:
		return next_jam(r, out);
	}
}

/* True for a form of which the stream holds just one noun. */
static bool
is_single(const struct form_reader *r)
{
	return r->form != FORM_NEWT && !(r->form == FORM_TEXT && r->many);
}

enum form_got
form_next(struct form_reader *r, noun *out)
{
	enum form_got got;

	if (is_single(r) && r->count)
		return FORM_END;
	got = next_of_form(r, out);
	if (got == FORM_NOUN)
		r->count++;
	if (is_single(r))
		input_free(&r->in);
	return got;
}

void
form_close(struct form_reader *r)
{
	input_free(&r->in);
	newt_free(&r->newt);
}

/* -------- writing -------- */

struct text_out {
	struct text_sink sink;
	struct out *out;
};

static int
put_text(struct text_sink *s, const char *p, size_t n)
{
	return out_put(((struct text_out *)s)->out, p, n);
}

static int
write_text(struct form_writer *w, noun n)
{
	struct text_out t = {{put_text}, w->out};

	if (text_write(&t.sink, n, &w->text))
		return -1;
	return out_put(w->out, "\n", 1);
}

struct image_out {
	struct image_sink sink;
	struct out *out;
};

static int
put_image(struct image_sink *s, const void *p, size_t n)
{
	return out_put(((struct image_out *)s)->out, p, n);
}

static int
write_image(struct form_writer *w, noun n)
{
	struct image_out i = {{put_image}, w->out};

	return image_write(&i.sink, n) ? -1 : 0;
}

/* The bytes go from the atom to the descriptor. */
static int
write_jam(struct form_writer *w, noun n)
{
	uint64_t room;
	noun a = jam(n);
	size_t len = atom_bytes(a);
	const uint8_t *p = atom_view(a, &room);

	if (w->form == FORM_NEWT)
		return newt_write_out(w->out, p, len);
	return out_put(w->out, p, len);
}

int
form_write(struct form_writer *w, noun n)
{
	switch (w->form) {
	case FORM_TEXT:
		return write_text(w, n);
	case FORM_IMAGE:
		return write_image(w, n);
	default:
		return write_jam(w, n);
	}
}
