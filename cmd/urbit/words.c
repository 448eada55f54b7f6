#include "words.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "atom.h"
#include "heap.h"
#include "note.h"
#include "route.h"
#include "shape.h"
#include "tank.h"

/*
 * PIECE: a pipe that can be written takes so much at once without waiting.
 */
enum { ROOM = 64 * 1024, PIECE = 4096, LINE = 2048, END_MS = 200 };

static char waiting[ROOM];
static size_t n_waiting;
static struct watch *watch; /* of standard error, while it is full */

/* -------- standard error -------- */

static bool
is_writable(int ms)
{
	struct pollfd p = {.fd = STDERR_FILENO, .events = POLLOUT};

	return poll(&p, 1, ms) > 0;
}

/* Write what goes out without waiting for more than ms. */
static void
put_out(struct ship *s, int ms)
{
	while (n_waiting && is_writable(ms)) {
		size_t n = n_waiting < PIECE ? n_waiting : PIECE;
		ssize_t put = write(STDERR_FILENO, waiting, n);

		if (put < 0 && errno == EINTR)
			continue;
		/* Somebody else made it so, and was faster. */
		if (put < 0 && errno == EAGAIN)
			return;
		if (put <= 0) { /* nobody is there: so nobody misses it */
			s->counts.words_lost += n_waiting;
			n_waiting = 0;
			return;
		}
		n_waiting -= (size_t)put;
		memmove(waiting, waiting + put, n_waiting);
	}
}

static void
on_writable(void *arg)
{
	put_out(arg, 0);
	if (n_waiting == 0) {
		watch_drop(watch);
		watch = NULL;
	}
}

/*
 * Wait until there is room.  The library makes what it waits for
 * non-blocking, for all who have it, such as the shell of a terminal.
 */
static void
await(struct ship *s)
{
	int flags = fcntl(STDERR_FILENO, F_GETFL);

	watch = watch_new(&s->loop, STDERR_FILENO, UV_WRITABLE, on_writable, s);
	if (flags >= 0)
		(void)fcntl(STDERR_FILENO, F_SETFL, flags);
}

/*
 * What would move a cursor is a ?, whoever said it: controls of a byte, and
 * those that are two in UTF-8.
 */
static void
clean(char *p, size_t n)
{
	static unsigned char before;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (before == 0xc2 && c >= 0x80 && c < 0xa0)
			p[i] = p[i ? i - 1 : i] = '?';
		else if (iscntrl(c) && c != '\n')
			p[i] = '?';
		before = c;
	}
}

static void
put(struct ship *s, const char *p, size_t n)
{
	if (n > ROOM - n_waiting)
		put_out(s, 0);
	if (n > ROOM - n_waiting) {
		s->counts.words_lost += n;
		return;
	}
	memcpy(waiting + n_waiting, p, n);
	clean(waiting + n_waiting, n);
	n_waiting += n;
	put_out(s, 0);
	if (n_waiting && watch == NULL)
		await(s);
}

void
words_move(struct ship *s, int fd)
{
	put_out(s, END_MS);
	watch_drop(watch);
	watch = NULL;
	(void)dup2(fd, STDERR_FILENO);
}

void
words_end(struct ship *s)
{
	put_out(s, END_MS);
}

/* -------- lines -------- */

/* A line with its newline: to the screen, or to standard error. */
static void
show(struct ship *s, const char *p, size_t n)
{
	if (s->terminal && ship_screen(s))
		route_show(s, note_flog(p, n - 1));
	else
		put(s, p, n);
}

static void __attribute__((format(printf, 3, 0)))
show_words(struct ship *s, const char *object, const char *format, va_list ap)
{
	char line[LINE];
	int n = snprintf(line, LINE / 2, "urbit: %s: ", object);
	size_t at = n < LINE / 2 ? (size_t)n : LINE / 2 - 1;

	vsnprintf(line + at, LINE - at - 1, format, ap);
	n = (int)strlen(line);
	for (int i = 0; i < n; i++)
		if (line[i] == '\n')
			line[i] = '?';
	line[n++] = '\n';
	show(s, line, (size_t)n);
}

void
words_say(struct ship *s, const char *object, const char *format, ...)
{
	va_list ap;

	if (s->opts->quiet)
		return;
	va_start(ap, format);
	show_words(s, object, format, ap);
	va_end(ap);
}

void
words_fail(struct ship *s, const char *object, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	show_words(s, object, format, ap);
	va_end(ap);
}

/* A serf that cannot start says so each time that it is tried: once. */
static bool
is_again(const struct child *c, const char *p, size_t n)
{
	static char last[CHILD_LINE];
	static size_t last_n;
	bool same = n == last_n && memcmp(last, p, n) == 0;

	if (c->kind != CHILD_SERF || c->ship->was_ripe)
		return false;
	memcpy(last, p, n);
	last_n = n;
	return same && c->deaths > 0;
}

void
words_line(struct child *c, const char *p, size_t n)
{
	char line[CHILD_LINE + 1];

	if (n > CHILD_LINE)
		n = CHILD_LINE;
	if (is_again(c, p, n))
		return;
	memcpy(line, p, n);
	line[n] = '\n';
	/* What the screen says of itself, it would not show. */
	if (c->needs & DRIVER_SHOWS)
		put(c->ship, line, n + 1);
	else
		show(c->ship, line, n + 1);
}

/* -------- tanks, while there is no screen -------- */

struct tank_line {
	struct text_sink sink;
	struct ship *ship;
};

static int
put_text(struct text_sink *sink, const char *p, size_t n)
{
	put(((struct tank_line *)sink)->ship, p, n);
	return 0;
}

/* [%slog priority tank], [%flog cord] */
static void
print(noun whole, void *arg)
{
	struct tank_line t = {{put_text}, arg};
	noun tag, priority, tank;
	uint64_t room;

	if (uncons3(whole, &tag, &priority, &tank) && atom_is(tag, "slog")) {
		(void)tank_write(&t.sink, tank, 0, TANK_WIDTH);
	} else if (is_cell(whole) && is_atom(tail(whole))) {
		put(arg, (const char *)atom_view(tail(whole), &room),
		    atom_bytes(tail(whole)));
		put(arg, "\n", 1);
	}
}

void
words_shown(struct ship *s, const uint8_t *p, size_t n)
{
	if (ship_screen(s))
		route_show(s, parcel_new(p, n));
	else if (!note_read(p, n, print, s))
		s->counts.slogs_lost++;
}
