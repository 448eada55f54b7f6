#include "mass.h"

#include <stdio.h>
#include <string.h>

#include "atom.h"
#include "shape.h"
#include "tally.h"

enum { LINES_MAX = 4096, DEEP = 16, NAME_LEN = 47 };

/* In the order of the report; a sum is known after what it is of. */
struct line {
	uint64_t bytes;
	unsigned depth;
	char name[NAME_LEN + 1];
};

static struct {
	struct line line[LINES_MAX];
	unsigned n;
	uint64_t lost; /* parts for which there is no line */
	struct tally tally;
} report;

/* -------- counting -------- */

static struct line *
add_line(unsigned depth)
{
	if (report.n == LINES_MAX) {
		report.lost++;
		return NULL;
	}
	report.line[report.n] = (struct line){.depth = depth};
	return &report.line[report.n++];
}

static void
set_name(struct line *l, noun name)
{
	uint64_t room;
	size_t n;

	if (is_cell(name) || (n = atom_bytes(name)) > NAME_LEN) {
		strcpy(l->name, "?");
		return;
	}
	memcpy(l->name, atom_view(name, &room), n);
	for (size_t i = 0; i < n; i++)
		if (l->name[i] < '!' || l->name[i] > '~')
			l->name[i] = '?';
}

static uint64_t count_all(noun list, unsigned depth);

/* A mass, and its line. */
static uint64_t
count(noun mass, unsigned depth)
{
	struct line *l = add_line(depth);
	noun name, is, it;
	uint64_t bytes;

	if (!uncons3(mass, &name, &is, &it)) {
		name = direct('?');
		bytes = tally_add(&report.tally, mass);
	} else if (is == NO && depth < DEEP) {
		bytes = count_all(it, depth + 1);
	} else {
		bytes = tally_add(&report.tally, it);
	}
	if (l != NULL) {
		set_name(l, name);
		l->bytes = bytes;
	}
	return bytes;
}

static uint64_t
count_all(noun list, unsigned depth)
{
	uint64_t bytes = 0;

	for (; is_cell(list); list = tail(list))
		bytes += count(head(list), depth);
	return bytes;
}

static uint64_t
count_rest(const char *name, noun n)
{
	struct line *l = add_line(0);
	uint64_t bytes = tally_add(&report.tally, n);

	if (l != NULL) {
		snprintf(l->name, sizeof l->name, "%s", name);
		l->bytes = bytes;
	}
	return bytes;
}

/* -------- telling -------- */

void
mass_report(noun mass, noun kernel, noun jets, mass_line *line, void *arg)
{
	uint64_t bytes = 0;

	report.n = 0;
	report.lost = 0;
	tally_open(&report.tally);
	if (mass != 0)
		bytes = count(mass, 0);
	bytes += count_rest(mass != 0 ? "kernel, rest" : "kernel", kernel);
	bytes += count_rest("jets", jets);
	tally_close(&report.tally);
	for (unsigned i = 0; i < report.n; i++)
		line(arg, report.line[i].depth, report.line[i].name,
		    report.line[i].bytes);
	if (report.lost > 0)
		line(arg, 0, "parts without a line of their own", report.lost);
	line(arg, 0, "total", bytes);
}
