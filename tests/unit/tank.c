#include "test.h"

#include "atom.h"
#include "bail.h"
#include "heap.h"
#include "shape.h"
#include "tank.h"
#include "text.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
}

/* -------- into memory -------- */

struct memory {
	struct text_sink sink;
	size_t n, room;
	unsigned puts;
	char *p;
};

static int
memory_put(struct text_sink *s, const char *p, size_t n)
{
	struct memory *m = (struct memory *)s;

	m->puts++;
	if (m->n + n + 1 > m->room) {
		m->room = 2 * (m->n + n) + 64;
		if ((m->p = realloc(m->p, m->room)) == NULL)
			exit(111);
	}
	memcpy(m->p + m->n, p, n);
	m->n += n;
	m->p[m->n] = 0;
	return 0;
}

static struct memory memory = {.sink = {memory_put}};

static const char *
wash(noun tank, unsigned tab, unsigned edge)
{
	noun *mark = stack_top();
	char *scratch = scratch_top();

	memory.n = 0;
	memory.puts = 0;
	CHECK_EQ(tank_write(&memory.sink, tank, tab, edge), 0);
	CHECK(stack_top() == mark && scratch_top() == scratch);
	return memory.n ? memory.p : "";
}

/* -------- reading tanks -------- */

/* Text as in text.h, in which a "tape" stands for its list. */
static noun
read_tank(const char *s)
{
	static char text[4096];
	size_t n = 0;
	struct text_fault f;
	noun out;

	for (bool in = false; *s; s++)
		if (*s == '"' && !in && s[1] == '"')
			n += (size_t)sprintf(text + n, "0"), s++;
		else if (*s == '"')
			n += (size_t)sprintf(text + n, in ? "0]" : "["),
			    in = !in;
		else if (in)
			n += (size_t)sprintf(text + n, "%d ", (uint8_t)*s);
		else
			text[n++] = *s;
	if (text_read(text, n, &out, &f) != 0) {
		printf("# %.*s: %s\n", (int)n, text, f.reason);
		exit(111);
	}
	return out;
}

#define LIST "[%rose [\", \" \"[\" \"]\"] 'one' 'two' 'three' 0]"
#define CALL "[%palm [\" \" \"%-\" \"(\" \")\"] 'fun' 'first' 'second' 0]"

/* What ++wash of hoon.hoon gives for them. */
static const struct {
	const char *tank;
	unsigned tab, edge;
	const char *lines;
} cases[] = {
    {"'a cord'", 0, 80, "a cord\n"},
    {"'a cord'", 3, 80, "   a cord\n"},
    {"0", 0, 80, "\n"},
    {"[%leaf \"a leaf\"]", 0, 80, "a leaf\n"},
    {"[%leaf \"a leaf is not broken\"]", 2, 5, "  a leaf is not broken\n"},
    {LIST, 0, 80, "[one, two, three]\n"},
    {LIST, 0, 17, "[one, two, three]\n"},
    {LIST, 0, 16, "[ one\n  two\n  three\n]\n"},
    {LIST, 4, 20, "    [ one\n      two\n      three\n    ]\n"},
    {"[%rose [\", \" \"\" \"\"] 'one' 'two' 0]", 0, 7, "  one\n  two\n"},
    {"[%rose [\",\" \"((((\" \")\"] 'one' 'two' 0]", 0, 8,
        "((((\n  one\n  two\n)\n"},
    {"[%rose [\" \" \"[\" \"]\"] " LIST " " LIST " 0]", 0, 30,
        "[ [one, two, three]\n  [one, two, three]\n]\n"},
    {"[%rose [\" \" \"[\" \"]\"] " LIST " " LIST " 0]", 0, 15,
        "[ [ one\n    two\n    three\n  ]\n  [ one\n    two\n    three\n"
        "  ]\n]\n"},
    {CALL, 0, 80, "%-(fun first second)\n"},
    {CALL, 0, 12, "%-  fun\n  first\nsecond\n"},
    {CALL, 2, 12, "  %-  fun\n    first\n  second\n"},
    {"[%palm [\" \" \"%~\" \"(\" \")\"] 'a-long-word' 0]", 0, 10,
        "  %~\na-long-word\n"},
    {"[%palm [\" \" \"%~-----\" \"(\" \")\"] 0]", 0, 5, "%~-----\n"},
    {"[%rose [\" \" \"aaaaaaa\" \"\"] 0]", 0, 5, "aaaaaaa\n"},
    {"[%rose [\" \" \"\" \"aaaaaaa\"] 0]", 1, 5, " aaaaaaa\n"},
    /* an indent past the edge, where hoon.hoon's own crashes */
    {"[%rose [\" \" \"\" \"\"] 'a' 'b' 0]", 9, 5, " a\n b\n"},
    /* an open that finds its room in the spaces of a leaf */
    {"[%rose [\"\" \"(\" \"\"] '      a-long-word' 0]", 0, 8,
        "(       a-long-word\n"},
    {"[%rose [\"\" \"(\" \"\"] [%rose [\"\" \"<\" \"\"] 'a-long-word' 0] 0]", 0,
        10, "( < a-long-word\n"},
    /* the indent starts over at two thirds of the edge */
    {"[%rose [\"\" \"\" \"\"] [%rose [\"\" \"\" \"\"] [%rose [\"\" \"\" \"\"] "
     "'a-long-word' 0] 0] 0]",
        0, 9, "a-long-word\n"},
};

TEST("tank: the lines are those of ++wash")
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		noun n = read_tank(cases[i].tank);

		CHECK_STR(wash(n, cases[i].tab, cases[i].edge), cases[i].lines);
	}
}

TEST("tank: a path is parted by slashes")
{
	CHECK_STR(wash(tank_path(read_tank("[%a %bc 0]")), 0, 80), "/a/bc\n");
	CHECK_STR(wash(tank_path(0), 0, 80), "/\n");
	CHECK_STR(wash(tank_leaf("it's"), 0, 80), "it's\n");
}

/* What is none, and how it prints. */
static const struct {
	const char *noun, *line;
} none[] = {
    {"[1 2]", "[1 2]\n"},
    {"[%leaf 5]", "[%leaf 5]\n"},
    {"[%leaf 97 98]", "[%leaf 97 98]\n"},
    {"[%leaf 97 1.000 0]", "[%leaf 97 1.000 0]\n"},
    {"[%rose 0]", "[%rose 0]\n"},
    {"[%rose [0 0] 0]", "[%rose [0 0] 0]\n"},
    {"[%rose [0 0 0] 5]", "[%rose [0 0 0] 5]\n"},
    {"[%palm [0 0 0] 0]", "[%palm [0 0 0] 0]\n"},
    {"[[1 2] 3]", "[[1 2] 3]\n"},
    {"[%fern \"ab\"]", "[%fern 97 98 0]\n"},
    {"[%rose [\", \" \"(\" \")\"] 'a' [1 2] 'b' 0]", "(a, [1 2], b)\n"},
};

TEST("tank: what is no tank prints as the noun that it is, a part too")
{
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		CHECK_STR(wash(read_tank(none[i].noun), 0, 80), none[i].line);
}

TEST("tank: a part that is none counts with the width it prints in")
{
	noun n = read_tank("[%rose [\", \" \"(\" \")\"] 'a' [1 2] 'b' 0]");

	CHECK_STR(wash(n, 0, 13), "(a, [1 2], b)\n");
	CHECK_STR(wash(n, 0, 12), "( a\n  [1 2]\n  b\n)\n");
}

TEST("tank: a large noun that is no tank is shown in part")
{
	noun n = 0;

	for (unsigned i = 0; i < 100000; i++)
		n = cons(direct(7), n);
	CHECK(strlen(wash(n, 0, 80)) < 200);
	CHECK(strstr(memory.p, "...]\n") != NULL);
}

static noun
wrap(noun n, const char *open)
{
	noun o = tape_from(open, strlen(open));

	return cons3(atom_cord("rose"), cons3(0, o, 0), cons(n, 0));
}

enum { DEEP = 100000 };

TEST("tank: parts in parts however deep take no C stack")
{
	noun n = tank_leaf("the end of it is far down");

	for (unsigned i = 0; i < DEEP; i++)
		n = wrap(n, "");
	CHECK(strstr(wash(n, 0, 10), "the end of it is far down\n") != NULL);
	for (unsigned i = 0; i < 20000; i++)
		n = wrap(n, "(");
	CHECK(strlen(wash(n, 0, 10)) > 40000);
}

static int
refuse(struct text_sink *s, const char *p, size_t n)
{
	(void)p;
	(void)n;
	return ++((struct memory *)s)->puts == 3 ? -7 : 0;
}

TEST("tank: when the sink says stop, printing stops and says so")
{
	struct memory m = {.sink = {refuse}};
	noun n = tank_leaf("");
	noun *mark = stack_top();
	char *scratch = scratch_top();

	for (unsigned i = 0; i < 60; i++) /* 2^60 lines */
		n = cons3(atom_cord("rose"), cons3(0, 0, 0), cons3(n, n, 0));
	CHECK_EQ(tank_write(&m.sink, n, 0, 80), -7);
	CHECK_EQ(m.puts, 3);
	CHECK(stack_top() == mark && scratch_top() == scratch);
}
