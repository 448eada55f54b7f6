#include "tell.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "limit.h"
#include "mug.h"
#include "out.h"
#include "shape.h"
#include "tank.h"
#include "trace.h"
#include "utf8.h"

struct screen {
	struct text_sink sink;
	struct out out;
	unsigned edge;
	const char *prefix;
	bool all; /* a line too long for `line` goes out in pieces */
	size_t n;
	char line[16 * 1024];
};

struct screen tell_err, tell_slog, tell_out;

static unsigned
width(int fd)
{
	struct winsize w;

	if (ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col >= 20)
		return w.ws_col;
	return TANK_WIDTH;
}

/* -------- lines -------- */

/* Put the character at p, of at most n bytes; its length. */
static size_t
put_char(struct out *o, const char *p, size_t n)
{
	uint32_t code;
	size_t len = utf8_get((const uint8_t *)p, n, &code);

	if (len > 0 && utf8_printable(code)) {
		out_put(o, p, len);
		return len;
	}
	out_put(o, "?", 1);
	return len > 0 ? len : 1;
}

/* Put the line out, but for its last bytes: no character is cut in two. */
static void
put_line(struct screen *s, size_t keep)
{
	size_t i = 0;

	while (i + keep < s->n)
		i += put_char(&s->out, s->line + i, s->n - i);
	s->n -= i;
	memmove(s->line, s->line + i, s->n);
}

static void
end_line(struct screen *s)
{
	out_text(&s->out, s->prefix);
	put_line(s, 0);
	out_put(&s->out, "\n", 1);
}

static int
put_lines(struct text_sink *sink, const char *p, size_t n)
{
	struct screen *s = (struct screen *)sink;

	for (; n > 0; p++, n--) {
		if (*p == '\n') {
			end_line(s);
			continue;
		}
		if (s->n == sizeof s->line && s->all)
			put_line(s, 3);
		if (s->n < sizeof s->line)
			s->line[s->n++] = *p;
	}
	return 0;
}

static void
screen_init(struct screen *s, int fd)
{
	s->sink.put = put_lines;
	s->edge = width(fd);
	s->prefix = "";
	out_init(&s->out, fd);
}

void
tell_init(int slog_fd)
{
	screen_init(&tell_err, STDERR_FILENO);
	screen_init(&tell_slog, slog_fd);
	screen_init(&tell_out, STDOUT_FILENO);
	tell_out.all = true;
}

int
tell_flush(struct screen *s)
{
	return out_flush(&s->out);
}

void
tell_line(struct screen *s, const char *text)
{
	put_lines(&s->sink, text, strlen(text));
	end_line(s);
}

/* -------- tanks -------- */

struct telling {
	struct text_sink *sink;
	unsigned edge;
	noun n;
};

static void
write_tank(void *arg)
{
	struct telling *t = arg;

	tank_write(t->sink, t->n, 0, t->edge);
}

enum bail
tell_tank(struct screen *s, const char *prefix, noun tank)
{
	size_t k = strlen(prefix);
	struct telling t = {
	    &s->sink, s->edge > k ? s->edge - (unsigned)k : 0, tank};
	enum bail kind;

	s->prefix = prefix;
	s->n = 0;
	if ((kind = trap_run(write_tank, &t)) != BAIL_NONE) {
		s->n = 0;
		tell_line(s,
		    kind == BAIL_MEME ? "#### (out of memory)"
		                      : "#### (too deep)");
	}
	s->prefix = "";
	tell_flush(s);
	return kind;
}

static void
make_path(void *arg)
{
	struct telling *t = arg;

	t->n = tank_path(t->n);
}

void
tell_path(struct screen *s, noun path)
{
	struct telling t = {.n = path};

	if (trap_run(make_path, &t) == BAIL_NONE)
		tell_tank(s, "", t.n);
}

/* -------- traces -------- */

/* A hostile %mean gets so long to make its tank. */
#define TANK_NS UINT64_C(2000000000)

static void
make_tanks(void *arg)
{
	struct telling *t = arg;

	t->n = list_flop(trace_tanks(t->n));
}

/* The entries as they are, the first of them last. */
static void
flop(void *arg)
{
	struct telling *t = arg;

	t->n = list_flop(t->n);
}

struct pair {
	noun a, b;
	bool same;
};

static void
compare(void *arg)
{
	struct pair *p = arg;

	p->same = equal(p->a, p->b);
}

/* How many of the tanks at the start of a list are the same. */
static uint64_t
count_same(noun list)
{
	struct pair p = {.a = head(list)};
	uint64_t n = 1;

	for (list = tail(list); is_cell(list); list = tail(list), n++) {
		p.b = head(list);
		if (trap_run(compare, &p) != BAIL_NONE || !p.same)
			break;
	}
	return n;
}

/* What a recursion repeats is told once. */
static void
tell_tanks(struct screen *s, noun list)
{
	char line[64];
	uint64_t n;

	while (is_cell(list)) {
		n = count_same(list);
		tell_tank(s, "", head(list));
		if (n > 1) {
			snprintf(line, sizeof line,
			    "  (the same %" PRIu64 " times more)", n - 1);
			tell_line(s, line);
		}
		while (n-- > 0)
			list = tail(list);
	}
	tell_flush(s);
}

void
tell_trace(struct screen *s, noun trace)
{
	struct telling t = {.n = trace};
	enum bail kind;

	stack_push(trace);
	limit_begin(TANK_NS);
	kind = trap_run(make_tanks, &t);
	limit_end();
	trace = stack_pop();
	if (kind != BAIL_NONE) {
		t.n = trace;
		kind = trap_run(flop, &t);
	}
	if (kind == BAIL_NONE)
		tell_tanks(s, t.n);
}

/* -------- what the machine tells -------- */

void
tell_on_slog(void *arg, unsigned priority, noun tank)
{
	static const char *const prefixes[] = {"", "> ", ">> ", ">>> "};

	(void)arg;
	tell_flush(&tell_err);
	tell_tank(&tell_slog, prefixes[priority & 3], tank);
}

void
tell_on_report(void *arg, const char *line)
{
	(void)arg;
	tell_flush(&tell_err);
	tell_line(&tell_slog, line);
	tell_flush(&tell_slog);
}

/* -------- labels -------- */

struct label {
	struct text_sink sink;
	noun formula, spot;
	char *to;
	size_t n;
};

static int
put_label(struct text_sink *sink, const char *p, size_t n)
{
	struct label *l = (struct label *)sink;

	for (; n > 0 && *p != '\n'; p++, n--) {
		if (l->n == LABEL_MAX - 1)
			return 1;
		l->to[l->n++] = *p > ' ' && *p != 0x7f ? *p
		    : *p == ' '                        ? ' '
		                                       : '?';
	}
	return n > 0;
}

static void
make_label(void *arg)
{
	struct label *l = arg;

	if (l->spot)
		tank_write(&l->sink,
		    trace_tank(cons(atom_cord("spot"), l->spot)), 0, 1u << 30);
	else
		l->n = (size_t)snprintf(
		    l->to, LABEL_MAX, "formula 0x%08" PRIx32, mug(l->formula));
}

void
tell_label(noun formula, noun spot, char to[LABEL_MAX])
{
	struct label l = {{put_label}, formula, spot, to, 0};

	if (trap_run(make_label, &l) != BAIL_NONE)
		l.n = 0;
	to[l.n] = 0;
}

/* A call, indented by its depth as far as that can be read. */
void
tell_on_enter(void *arg, noun formula, noun spot, unsigned long depth)
{
	enum { INDENT = 40 };
	char label[LABEL_MAX], line[LABEL_MAX + INDENT + 32];

	(void)arg;
	tell_label(formula, spot, label);
	snprintf(line, sizeof line, "%5lu %*s%s", depth,
	    (int)(depth < INDENT ? depth : INDENT), "", label);
	tell_line(&tell_err, line);
}
