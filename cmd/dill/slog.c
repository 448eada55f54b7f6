#include "slog.h"

#include <string.h>

#include "atom.h"
#include "tank.h"

enum { LINE_MOST = 16384 };

/* Lines as they come: gather() keeps what it is given to the next newline. */
struct lines {
	struct text_sink sink;
	struct screen *screen;
	struct style style;
	size_t left; /* of SLOG_MOST */
	size_t n;
	char line[LINE_MOST];
};

static void
end_line(struct lines *l)
{
	if (l->n && l->line[l->n - 1] == '\r')
		l->n--;
	screen_line(l->screen, l->style, l->line, l->n);
	l->n = 0;
}

static int
gather(struct text_sink *sink, const char *p, size_t n)
{
	struct lines *l = (struct lines *)sink;

	for (size_t i = 0; i < n; i++) {
		if (l->left == 0)
			return 1;
		l->left--;
		if (p[i] != '\n')
			l->line[l->n++] = p[i];
		if (p[i] == '\n' || l->n == LINE_MOST)
			end_line(l);
	}
	return 0;
}

/* What had no newline at its end, and the word that something is missing. */
static void
end_lines(struct lines *l)
{
	static const char cut[] = "... and more, which is not shown";

	if (l->n)
		end_line(l);
	if (l->left == 0)
		screen_line(l->screen, l->style, cut, sizeof cut - 1);
}

static const struct {
	const char *prefix;
	struct style style;
} kinds[] = {
    {"", {.fore = STYLE_PALETTE | 244}},
    {">   ", {.fore = STYLE_EIGHT | 2}},
    {">>  ", {.fore = STYLE_EIGHT | 3}},
    {">>> ", {.fore = STYLE_EIGHT | 1}},
    {"", {0}},
};

void
slog_tank(struct screen *s, noun priority, noun tank)
{
	static struct lines l;
	uint64_t k = is_direct(priority) ? direct_value(priority) : 4;
	unsigned edge = s->cols;
	const char *prefix;

	k = k < 4 ? k : 4;
	prefix = kinds[k].prefix;
	l = (struct lines){.sink.put = gather,
	    .screen = s,
	    .style = kinds[k].style,
	    .left = SLOG_MOST};
	memcpy(l.line, prefix, strlen(prefix));
	l.n = strlen(prefix);
	edge = edge > 3 + l.n ? edge - (unsigned)l.n : 3;
	tank_write(&l.sink, tank, 0, edge);
	end_lines(&l);
}

void
slog_cord(struct screen *s, noun cord)
{
	static struct lines l;
	uint64_t room;

	if (!is_atom(cord))
		return;
	l = (struct lines){.sink.put = gather, .screen = s, .left = SLOG_MOST};
	gather(&l.sink, (const char *)atom_view(cord, &room), atom_bytes(cord));
	end_lines(&l);
}
