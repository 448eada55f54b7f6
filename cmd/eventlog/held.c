#include "held.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atom.h"
#include "heap.h"
#include "jam.h"

/* Room for n bytes more at the end. */
static int
reserve(struct held *h, size_t n)
{
	size_t cap = h->cap ? h->cap : 64 * 1024;
	uint8_t *p;

	while (cap - h->n < n)
		cap *= 2;
	if (cap == h->cap)
		return 0;
	if ((p = realloc(h->p, cap)) == NULL)
		return -1;
	h->p = p;
	h->cap = cap;
	return 0;
}

static int
put(struct held *h, const void *p, size_t n)
{
	if (reserve(h, n) < 0)
		return -1;
	memcpy(h->p + h->n, p, n);
	h->n += n;
	return 0;
}

struct sink {
	struct text_sink sink;
	struct held *held;
	size_t n; /* where the next goes: h->n is set only in the end */
};

/* What has been put when the text bails was never there. */
static int
put_text(struct text_sink *sink, const char *p, size_t n)
{
	struct sink *s = (struct sink *)sink;
	size_t before = s->held->n;
	int rc;

	s->held->n = s->n;
	rc = put(s->held, p, n);
	s->n = s->held->n;
	s->held->n = before;
	return rc;
}

static int
add_text(struct held *h, noun n)
{
	struct sink s = {{put_text}, h, h->n};
	struct text_opts o = {0};

	if (text_write(&s.sink, n, &o) != 0 || put_text(&s.sink, "\n", 1) != 0)
		return -1;
	h->n = s.n;
	return 0;
}

static int
add_newt(struct held *h, noun n)
{
	noun a = jam(n);
	size_t len = atom_bytes(a);
	uint8_t frame[NEWT_HEAD];
	uint64_t room;

	if (len > NEWT_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	if (reserve(h, sizeof frame + len) < 0)
		return -1;
	newt_put(frame, (uint32_t)len);
	put(h, frame, sizeof frame);
	return put(h, atom_view(a, &room), len);
}

/* Where the last event's output ends. */
static int
mark(struct held *h, uint64_t event)
{
	struct held_mark *m;
	size_t cap = h->cap_marks;

	if (h->n_marks == cap) {
		cap = cap ? cap * 2 : 256;
		if ((m = realloc(h->marks, cap * sizeof *m)) == NULL)
			return -1;
		h->marks = m;
		h->cap_marks = cap;
	}
	if (event == 0 && h->n_marks > 0)
		event = h->marks[h->n_marks - 1].event;
	h->marks[h->n_marks++] = (struct held_mark){event, h->n};
	return 0;
}

int
held_add(struct held *h, uint64_t event, noun effects)
{
	noun n = cons(atom_word(event), effects);
	int rc = h->form == FORM_TEXT ? add_text(h, n) : add_newt(h, n);

	return rc < 0 ? -1 : mark(h, event);
}

static int
write_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno != EINTR)
			return -1;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	return 0;
}

int
held_release(struct held *h, int fd, uint64_t durable)
{
	size_t i = 0, end;

	while (i < h->n_marks && h->marks[i].event <= durable)
		i++;
	if (i == 0)
		return 0;
	end = h->marks[i - 1].end;
	if (write_all(fd, h->p, end) < 0)
		return -1;
	memmove(h->p, h->p + end, h->n - end);
	h->n -= end;
	h->n_marks -= i;
	memmove(h->marks, h->marks + i, h->n_marks * sizeof *h->marks);
	for (i = 0; i < h->n_marks; i++)
		h->marks[i].end -= end;
	return 0;
}

void
held_free(struct held *h)
{
	free(h->p);
	free(h->marks);
	*h = (struct held){.form = h->form};
}
