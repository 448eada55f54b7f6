#include "pill.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "atom.h"
#include "heap.h"
#include "marks.h"
#include "shape.h"

/* -------- versions stated in sources -------- */

struct span {
	const char *p, *end;
};

/*
 * Does the text begin so?  In the pattern a blank is one or more of them,
 * and # the number wanted.
 */
static bool
match(struct span s, const char *pattern, uint64_t *number)
{
	for (; *pattern; pattern++) {
		const char *start = s.p;

		if (*pattern == ' ') {
			while (s.p < s.end && *s.p == ' ')
				s.p++;
		} else if (*pattern == '#') {
			for (*number = 0; s.p < s.end && *s.p >= '0' &&
			     *s.p <= '9' && s.p - start < 9;
			     s.p++)
				*number = *number * 10 + (uint64_t)(*s.p - '0');
		} else if (s.p < s.end && *s.p == *pattern) {
			s.p++;
		}
		if (s.p == start)
			return false;
	}
	return true;
}

/* Look for a line that begins so. */
static void
find_line(noun cord, const char *pattern, uint64_t *found)
{
	uint64_t room, number = 0;
	struct span s;

	if (!is_atom(cord) || *found)
		return;
	s.p = (const char *)atom_view(cord, &room);
	s.end = s.p + atom_bytes(cord);
	while (s.p && s.p < s.end) {
		if (match(s, pattern, &number)) {
			*found = number;
			return;
		}
		s.p = memchr(s.p, '\n', (size_t)(s.end - s.p));
		s.p += s.p != NULL;
	}
}

static const char *const patterns[] = {
    [KELVIN_HOON] = "=> %# =>",
    [KELVIN_ARVO] = "++ arvo %#",
    [KELVIN_LULL] = "++ lull %#",
    [KELVIN_ZUSE] = "++ zuse %#",
};

static const char *const parts[] = {
#define X(id, word) [KELVIN_##id] = word,
    KELVINS(X)
#undef X
};

/* The sources among the items of boot are those of hoon and arvo. */
static void
read_boot(struct pill *p, noun boot)
{
	for (noun item; uncons(boot, &item, &boot);) {
		find_line(item, patterns[KELVIN_HOON], &p->kelvin[KELVIN_HOON]);
		find_line(item, patterns[KELVIN_ARVO], &p->kelvin[KELVIN_ARVO]);
	}
}

/* file is [path mark text]; those wanted are at /sys/NAME. */
static void
read_file(struct pill *p, noun file)
{
	noun path, mark, text, sys, name, end;

	if (!uncons3(file, &path, &mark, &text) ||
	    !uncons3(path, &sys, &name, &end) || end || !is_atom(sys) ||
	    !atom_is(sys, "sys") || !is_atom(name))
		return;
	for (int i = 0; i < KELVIN_N; i++)
		if (atom_is(name, parts[i]))
			find_line(text, patterns[i], &p->kelvin[i]);
}

/* An event of the kernel is [wire %what files]. */
static void
read_kernel(struct pill *p, noun kernel)
{
	noun event, wire, tag, files, file;

	while (uncons(kernel, &event, &kernel))
		if (uncons3(event, &wire, &tag, &files) && is_atom(tag) &&
		    atom_is(tag, "what"))
			while (uncons(files, &file, &files))
				read_file(p, file);
}

/* -------- versions that lie deep -------- */

/* Is this [%fast 1 [%k N] [1 0] 0]? */
static bool
is_jet_root(noun n, uint64_t *version)
{
	noun fast, one, name, parent, hooks, k, number, a, b;

	return uncons3(n, &fast, &one, &name) && is_atom(fast) &&
	    atom_is(fast, "fast") && one == direct(1) &&
	    uncons3(name, &name, &parent, &hooks) && hooks == 0 &&
	    uncons(parent, &a, &b) && a == direct(1) && b == 0 &&
	    uncons(name, &k, &number) && is_atom(k) && atom_is(k, "k") &&
	    is_direct(number) && (*version = direct_value(number)) != 0;
}

static void
want(const struct marks *m, noun n)
{
	if (is_cell(n) && *mark_of(m, n) == 0) {
		*mark_of(m, n) = 1;
		stack_push(n);
	}
}

/* Is this a kernel's own copy of a source, [%zuse [~ %hoon text] dir]? */
static void
read_source(struct pill *p, noun n)
{
	noun name, file, dir, unit, mark, text;

	if (!uncons(n, &name, &dir) || !is_atom(name) ||
	    !uncons(dir, &file, &dir) || !uncons3(file, &unit, &mark, &text) ||
	    unit != 0 || !is_atom(mark) || !atom_is(mark, "hoon"))
		return;
	for (int i = 0; i < KELVIN_N; i++)
		if (atom_is(name, parts[i]))
			find_line(text, patterns[i], &p->kelvin[i]);
}

/* All that can be known is, or this has no sources. */
static bool
is_known(const struct pill *p, bool sources)
{
	for (int i = 0; i < KELVIN_N; i++)
		if (p->kelvin[i] == 0 && (sources || i == KELVIN_HOON))
			return false;
	return true;
}

/* Walk n, each cell once, until all is known. */
static void
find_deep(struct pill *p, noun n, bool sources)
{
	noun *bottom = stack_top();
	char *scratch = scratch_top();
	uint64_t root = 0;
	struct marks m;

	marks_open(&m);
	want(&m, n);
	while (stack_top() > bottom && !is_known(p, sources)) {
		noun cell = stack_pop();

		if (root == 0 && is_jet_root(cell, &root) &&
		    p->kelvin[KELVIN_HOON] == 0)
			p->kelvin[KELVIN_HOON] = root;
		if (sources)
			read_source(p, cell);
		want(&m, tail(cell));
		want(&m, head(cell));
	}
	stack_cut(bottom);
	scratch_cut(scratch);
}

/* -------- kinds -------- */

static void
take_name(struct pill *p, noun name)
{
	uint64_t room;
	size_t n = atom_bytes(name), most = sizeof p->name - 1;

	n = n < most ? n : most;
	memcpy(p->name, atom_view(name, &room), n);
	p->name[n] = 0;
	if (strlen(p->name) < n ||
	    strspn(p->name, "abcdefghijklmnopqrstuvwxyz0123456789-") < n)
		p->name[0] = 0;
}

/* [name boot kernel userspace] */
static bool
look_parts(struct pill *p, noun n)
{
	noun name, boot, kernel, userspace;

	if (!uncons4(n, &name, &boot, &kernel, &userspace) || !is_atom(name) ||
	    !list_length(boot, &p->boot) || !list_length(kernel, &p->kernel) ||
	    !list_length(userspace, &p->userspace))
		return false;
	take_name(p, name);
	read_boot(p, boot);
	read_kernel(p, kernel);
	return true;
}

static bool
look_boot(struct pill *p, noun n)
{
	p->kind = PILL_BOOT;
	return look_parts(p, n);
}

static bool
look_cash(struct pill *p, noun n)
{
	noun pill, cache;

	p->kind = PILL_CASH;
	return uncons(n, &pill, &cache) && list_length(cache, &p->cached) &&
	    look_parts(p, pill);
}

static bool
look_ivory(struct pill *p, noun n)
{
	p->kind = PILL_IVORY;
	return list_length(n, &p->boot) && p->boot > 0;
}

static bool
look_prop(struct pill *p, noun n)
{
	noun name, tier, events;

	p->kind = PILL_PROP;
	if (!uncons3(n, &name, &tier, &events) || !is_atom(name) ||
	    !is_atom(tier) || !list_length(events, &p->userspace) ||
	    !(atom_is(tier, "fore") || atom_is(tier, "hind")))
		return false;
	take_name(p, name);
	return true;
}

/* Nothing marks an old ivory pill but that it ends so, and is a kernel. */
static bool
look_old_ivory(struct pill *p, noun n)
{
	noun boot, kernel, userspace;

	p->kind = PILL_OLD_IVORY;
	if (uncons3(n, &boot, &kernel, &userspace) && kernel == 0 &&
	    userspace == 0)
		n = boot;
	if (!list_length(n, &p->boot) || p->boot != 1 || !is_cell(head(n)))
		return false;
	find_deep(p, n, false);
	return p->kelvin[KELVIN_HOON] != 0;
}

static const struct {
	const char *tag;
	bool (*look)(struct pill *, noun);
} tagged[] = {
    {"ivory", look_ivory},
    {"pill", look_boot},
    {"cash", look_cash},
    {"prop", look_prop},
};

bool
pill_look(noun n, struct pill *p)
{
	noun tag, rest;

	*p = (struct pill){0};
	if (!uncons(n, &tag, &rest))
		return false;
	if (is_cell(tag))
		return look_old_ivory(p, n);
	for (size_t i = 0; i < sizeof tagged / sizeof *tagged; i++)
		if (atom_is(tag, tagged[i].tag)) {
			if (!tagged[i].look(p, rest))
				return false;
			find_deep(p, rest,
			    p->kind == PILL_BOOT || p->kind == PILL_CASH);
			return true;
		}
	return false;
}

/* -------- words -------- */

static void
tell_kind(const struct pill *p, pill_line *line, void *to)
{
	static const char *const kinds[][2] = {
#define X(kind, word, means) [PILL_##kind] = {word, means},
	    PILLS(X)
#undef X
	};
	char value[64];

	snprintf(value, sizeof value, "%s%s%s", kinds[p->kind][0],
	    *p->name ? " " : "", p->name);
	line(to, "pill", value, kinds[p->kind][1]);
}

static void
tell_count(
    pill_line *line, void *to, const char *name, uint64_t v, const char *means)
{
	char value[24];

	snprintf(value, sizeof value, "%" PRIu64, v);
	line(to, name, value, means);
}

static void
tell_parts(const struct pill *p, pill_line *line, void *to)
{
	tell_count(line, to, "boot", p->boot,
	    "nouns that are computed as one, to make the kernel");
	tell_count(line, to, "kernel", p->kernel, "events for the kernel");
	tell_count(
	    line, to, "userspace", p->userspace, "events for what runs on it");
	if (p->kind == PILL_CASH)
		tell_count(line, to, "cached", p->cached, "products known");
}

static void
tell_kelvins(const struct pill *p, pill_line *line, void *to)
{
	char value[128];
	size_t n = 0;

	for (int i = 0; i < KELVIN_N; i++)
		if (p->kelvin[i])
			n += (size_t)snprintf(value + n, sizeof value - n,
			    "%s%s %" PRIu64, n ? ", " : "", parts[i],
			    p->kelvin[i]);
	if (n)
		line(to, "kelvins", value, "versions; they count down to 0");
}

void
pill_tell(noun n, pill_line *line, void *to)
{
	struct pill p;

	if (!pill_look(n, &p))
		return;
	tell_kind(&p, line, to);
	if (p.kind == PILL_BOOT || p.kind == PILL_CASH)
		tell_parts(&p, line, to);
	else if (p.kind == PILL_PROP)
		tell_count(line, to, "events", p.userspace, "that it adds");
	tell_kelvins(&p, line, to);
}
