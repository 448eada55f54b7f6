/*
 * The terminal's driver without a terminal: bytes to keys, and what is drawn
 * for what should be seen.
 */
#include "test.h"

#include <stdarg.h>

#include "../../cmd/dill/ink.c"
#include "../../cmd/dill/keys.c"
#include "../../cmd/dill/row.c"
#include "../../cmd/dill/screen.c"
#include "../../cmd/dill/style.c"
#include "../../cmd/dill/width.c"
#include "../fuzz/vt.h"

/* -------- keys, in words -------- */

static char said[4096];

static void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	size_t n = strlen(said);
	va_list ap;

	va_start(ap, format);
	vsnprintf(said + n, sizeof said - n, format, ap);
	va_end(ap);
}

static void
say_key(void *arg, const struct key *k)
{
	static const char *const names[] = {[KEY_BACK] = "bac",
	    [KEY_DELETE] = "del",
	    [KEY_RETURN] = "ret",
	    [KEY_BELL] = "bell"};
	static const char *const mods[] = {"", "ctl-", "met-"};

	(void)arg;
	say("%s%s", *said ? " " : "", mods[k->mod]);
	if (k->kind == KEY_TEXT)
		for (size_t i = 0; i < k->n; i++)
			say(k->text[i] > ' ' && k->text[i] < 127 ? "%c"
			                                         : "<%x>",
			    k->text[i]);
	else if (k->kind == KEY_CHAR)
		say(k->code < 127 ? "%c" : "<%x>", k->code);
	else if (k->kind == KEY_ARROW)
		say("aro-%c", k->code);
	else if (k->kind == KEY_HIT)
		say("hit-%u-%u", k->x, k->y);
	else
		say("%s", names[k->kind]);
}

/* In pieces of `cut` bytes. */
static const char *
typing(const char *bytes, size_t n, size_t cut)
{
	struct keys k = {.take = say_key};

	said[0] = '\0';
	for (size_t i = 0; i < n; i += cut)
		keys_feed(
		    &k, (const uint8_t *)bytes + i, n - i < cut ? n - i : cut);
	return said;
}

struct typed {
	const char *bytes, *keys;
};

static const struct typed cases[] = {
    {"abc", "abc"},
    {"a b", "a<20>b"},
    {"\r", "ret"},
    {"\n", "ret"},
    {"\177", "bac"},
    {"\b", "bac"},
    {"\1\5\14\32", "ctl-a ctl-e ctl-l ctl-z"},
    {"\t", "ctl-i"},
    {"\34\37", "bell bell"},
    {"\33[A\33[B\33[C\33[D", "aro-u aro-d aro-r aro-l"},
    {"\33OA\33OB\33OC\33OD", "aro-u aro-d aro-r aro-l"},
    {"\33[1;5A\33[1;2D", "aro-u aro-l"},
    {"\33[1;5D\33[1;3C\33\33[D", "met-b met-f met-b"},
    {"\33[H\33[F\33OH\33OF", "ctl-a ctl-e ctl-a ctl-e"},
    {"\33[1~\33[4~\33[7~\33[8~", "ctl-a ctl-e ctl-a ctl-e"},
    {"\33[3~\33[3;5~", "del met-d"},
    {"\33[5~\33[6~\33[2~\33[15~\33OP", "bell bell bell bell bell"},
    {"\33b\33f\33.", "met-b met-f met-."},
    {"\33\177", "met-bac"},
    {"\33B", "met-B"},
    {"\33\1", "bell"},
    {"\33\33\33x", "met-x"},
    {"\33\303\251", "met-<e9>"},
    {"\33[?1;2c\33[>0;1c\33[I\33[Oa", "a"},
    {"\303\251\345\245\275\360\237\230\200", "<e9><597d><1f600>"},
    {"\303a\200b", "<fffd>a<fffd>b"},
    {"\300\257\355\240\200\364\220\200\200", "<fffd><fffd><fffd><fffd>"},
    {"\302\205x", "bell x"},
    {"\33[<0;12;3M\33[<0;12;3m\33[<1;1;1M\33[<64;1;1M", "hit-11-2"},
    {"\33[M !\"", "hit-0-1"},
    {"\33[200~a\tb\33[201~\t", "a<20><20>b ctl-i"},
    {"\33[200~a\r\nb\nc\rd\r\n\n\33[201~", "a ret b ret c ret d ret ret"},
    {"\33[200~\1\3\33[31mx\33y\33[201~\3", "xy ctl-c"},
    {"\33[201~a", "a"},
    {"\33[1234567890123456789012345678901234567890~a", "bell a"},
    {"\33[3\1a", "bell a"},
};

TEST("keys: bytes are the keys that they should be")
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_STR(typing(cases[i].bytes, strlen(cases[i].bytes), 4096),
		    cases[i].keys);
}

/* Words without the blanks: text that is cut is several keys. */
static void
squeeze(char *s)
{
	char *to = s;

	for (; *s; s++)
		if (*s != ' ')
			*to++ = *s;
	*to = '\0';
}

TEST("keys: where a read ends makes no difference")
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n = strlen(cases[i].bytes);
		char want[256];

		snprintf(want, sizeof want, "%s", cases[i].keys);
		squeeze(want);
		for (size_t cut = 1; cut <= n; cut++) {
			typing(cases[i].bytes, n, cut);
			squeeze(said);
			CHECK_STR(said, want);
		}
	}
}

TEST("keys: a NUL rings")
{
	CHECK_STR(typing("a\0b", 3, 3), "a bell b");
}

TEST("keys: a long paste comes in pieces, none of it lost")
{
	static char paste[10000];
	struct keys k = {.take = say_key};
	size_t n = 0;

	memset(paste, 'x', sizeof paste);
	for (size_t i = 0; i < sizeof paste; i += 100) {
		said[0] = '\0';
		keys_feed(&k, (const uint8_t *)paste + i, 100);
		n += strlen(said);
	}
	CHECK_EQ(n, sizeof paste);
}

/* -------- the screen -------- */

static struct screen s;
static struct vt v;

static const struct style plain, bold = {.deco = STYLE_BOLD},
                                 red = {.fore = STYLE_EIGHT | 1};

static void
begin(unsigned cols, unsigned rows)
{
	screen_init(&s, cols, rows, false);
	vt_init(&v, cols, rows);
}

/* Show it; the bytes that it took. */
static size_t
show(void)
{
	size_t n;

	screen_flush(&s);
	CHECK(vt_write(&v, s.ink.p, s.ink.n));
	n = s.ink.n;
	s.ink.n = 0;
	return n;
}

static void
put(const char *utf8, struct style style)
{
	size_t n = strlen(utf8), at = 0;
	uint32_t code;

	for (size_t i = 0; at < n; i++) {
		at += utf8_get((const uint8_t *)utf8 + at, n - at, &code);
		screen_put(&s, i, code, style);
	}
}

/* As drum draws a prompt. */
static void
prompt(const char *utf8, unsigned x)
{
	screen_hop_last(&s, 0);
	screen_wipe(&s);
	put(utf8, plain);
	screen_hop_last(&s, x);
}

static void
line(const char *text)
{
	screen_line(&s, red, text, strlen(text));
}

/* A row of the terminal, without the blanks at its end. */
static const char *
row(unsigned y)
{
	static struct ink k;

	k.n = 0;
	k.cols = UINT32_MAX;
	k.x = 0;
	for (unsigned x = 0; x < v.cols; x++)
		if (vt_row(&v, y)[x] != VT_HALF)
			ink_code(&k, vt_row(&v, y)[x], plain);
	while (k.n && k.p[k.n - 1] == ' ')
		k.n--;
	ink_bytes(&k, "", 1);
	return k.p;
}

TEST("screen: a letter at the end of the prompt costs its byte")
{
	begin(80, 24);
	prompt("~zod> ab", 8);
	show();
	prompt("~zod> abc", 9);
	CHECK_EQ(show(), 1);
	CHECK_STR(row(23), "~zod> abc");
	CHECK_EQ(v.x, 9);
}

TEST("screen: a letter dropped at the end costs a few bytes")
{
	begin(80, 24);
	prompt("~zod> abc", 9);
	show();
	prompt("~zod> ab", 8);
	CHECK(show() <= 8);
	CHECK_STR(row(23), "~zod> ab");
	CHECK_EQ(v.x, 8);
}

TEST("screen: what did not change costs nothing")
{
	begin(80, 24);
	prompt("~zod> abc", 9);
	show();
	prompt("~zod> abc", 9);
	CHECK_EQ(show(), 0);
}

TEST("screen: the cursor is behind its character, however wide those before")
{
	begin(80, 24);
	prompt("> \u4f60\u597de\u0301x", 4);
	show();
	CHECK_EQ(v.x, 6);
	screen_hop_last(&s, 6);
	show();
	CHECK_EQ(v.x, 7);
	CHECK_STR(row(23), "> \u4f60\u597dex");
	CHECK_EQ(v.marks, 1);
}

TEST("screen: a row too wide for the terminal is shown where the cursor is")
{
	begin(10, 4);
	prompt("\u4e00\u4e01\u4e02\u4e03\u4e04\u4e05\u4e06\u4e07", 8);
	show();
	CHECK_STR(row(3), "\u4e04\u4e05\u4e06\u4e07");
	CHECK_EQ(v.x, 8);
	screen_hop_last(&s, 1);
	show();
	CHECK_STR(row(3), "\u4e00\u4e01\u4e02\u4e03\u4e04");
	CHECK_EQ(v.x, 2);
	CHECK_EQ(v.scrolled, 0);
}

TEST("screen: a line longer than the terminal comes out whole, on several")
{
	begin(10, 4);
	prompt("0123456789abcdefghijklmno", 0);
	screen_newline(&s);
	prompt("> ", 2);
	show();
	CHECK_STR(row(0), "0123456789");
	CHECK_STR(row(1), "abcdefghij");
	CHECK_STR(row(2), "klmno");
	CHECK_STR(row(3), ">");
	CHECK_EQ(v.x, 2);
}

TEST("screen: a line as wide as the terminal takes one row")
{
	begin(10, 4);
	prompt("0123456789", 0);
	screen_newline(&s);
	line("abcdefghij");
	prompt("> ", 2);
	show();
	CHECK_STR(row(1), "0123456789");
	CHECK_STR(row(2), "abcdefghij");
	CHECK_STR(row(3), ">");
	CHECK_EQ(v.scrolled, 2);
}

TEST("screen: a line of ours goes above the prompt, which stays")
{
	begin(20, 4);
	prompt("> abc", 3);
	show();
	line("one");
	line("two");
	show();
	CHECK_STR(row(1), "one");
	CHECK_STR(row(2), "two");
	CHECK_STR(row(3), "> abc");
	CHECK_EQ(v.x, 3);
	CHECK_EQ(v.y, 3);
	CHECK(!v.styled);
}

TEST("screen: what is shown at the cursor goes away without a trace")
{
	static const uint32_t bar[] = {'|', 'b', 'e', 'h', 'n'};

	begin(20, 4);
	prompt("> abcdefgh", 4);
	show();
	screen_over(&s, bar, 5);
	show();
	CHECK_STR(row(3), "> ab|behnh");
	CHECK_EQ(v.x, 4);
	screen_over(&s, NULL, 0);
	show();
	CHECK_STR(row(3), "> abcdefgh");
	CHECK_EQ(v.x, 4);
}

TEST("screen: at the right edge it moves back, and fits")
{
	static const uint32_t bar[] = {'|', 'b', 'e', 'h', 'n'};

	begin(10, 2);
	prompt("> abcdefg", 9);
	screen_over(&s, bar, 5);
	show();
	CHECK_STR(row(1), "> abc|behn");
	CHECK_EQ(v.x, 5);
	CHECK_EQ(v.scrolled, 0);
}

TEST("screen: controls in text show as ?, joiners not at all")
{
	static const uint32_t codes[] = {27, '[', '2', 'J', 7, 0x9b, 0x202e,
	    0xd800, 0x110000, 0x200d, 9, '.'};

	begin(20, 2);
	screen_hop_last(&s, 0);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		screen_put(&s, i, codes[i], plain);
	line("\33[2J\7\r\302\233\377");
	show();
	CHECK_STR(row(0), "?[2J????");
	CHECK_STR(row(1), "?[2J????? .");
}

TEST("screen: styles end where they should")
{
	begin(20, 2);
	screen_hop_last(&s, 0);
	put("ab", bold);
	screen_flush(&s);
	ink_bytes(&s.ink, "", 1);
	CHECK(strstr(s.ink.p, "\33[0;1mab\33[m") != NULL);
}

TEST("screen: the cursor may be behind a row that is full, and is seen there")
{
	begin(10, 2);
	prompt("> 12345678", 10);
	show();
	CHECK_STR(row(1), " 12345678");
	CHECK_EQ(v.x, 9);
	CHECK_EQ(v.scrolled, 0);
}

TEST("screen: other rows are written to, and cut at the edge")
{
	begin(10, 4);
	prompt("> x", 3);
	screen_hop(&s, 6, 1);
	put("abcdefgh", plain);
	screen_newline(&s);
	put("below", plain);
	show();
	CHECK_STR(row(1), "      abcd");
	CHECK_STR(row(2), "below");
	CHECK_STR(row(3), "> x");
	CHECK_EQ(v.y, 2);
	CHECK_EQ(v.x, 0);
}

TEST("screen: a hop to nowhere stays inside")
{
	begin(10, 4);
	screen_hop(&s, UINT64_MAX, UINT64_MAX);
	show();
	CHECK_EQ(v.x, 9);
	CHECK_EQ(v.y, 3);
}

TEST("screen: after a resize the prompt is at the bottom again")
{
	begin(20, 4);
	prompt("> abc", 5);
	show();
	screen_resize(&s, 12, 6);
	vt_free(&v);
	vt_init(&v, 12, 6);
	show();
	CHECK_STR(row(5), "> abc");
	CHECK_EQ(v.x, 5);
}

TEST("screen: plain, what is finished is a line, and no more is said")
{
	screen_init(&s, 80, 24, true);
	prompt("> abc  ", 3);
	screen_flush(&s);
	CHECK_EQ(s.ink.n, 0);
	screen_newline(&s);
	prompt("> ", 2);
	screen_bell(&s);
	screen_clear(&s);
	line("slog");
	screen_end(&s);
	ink_bytes(&s.ink, "", 1);
	CHECK_STR(s.ink.p, "> abc\nslog\n");
}

/* -------- any order of things comes to the same as drawing anew -------- */

static uint64_t
dice(uint64_t n)
{
	static uint64_t x = 88172645463325252;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x % n;
}

static void
random_text(void)
{
	static const uint32_t codes[] = {
	    'a', 'b', ' ', 0x4f60, 0x301, 0x1f600, 27, 0x200d, 'c', 'd'};
	size_t n = dice(s.cols + 4);

	for (size_t i = 0; i < n; i++)
		screen_put(&s, i, codes[dice(10)], dice(3) ? plain : bold);
}

static void
random_thing(void)
{
	static const uint32_t bar[] = {'/', 'x', 'y', 'z'};

	switch (dice(12)) {
	case 0:
		screen_newline(&s);
		break;
	case 1:
		line(dice(2) ? "a line" : "a longer line than fits, maybe");
		break;
	case 2:
		screen_over(&s, bar, dice(5));
		break;
	case 3:
		screen_hop(&s, dice(s.cols), dice(s.rows));
		break;
	case 4:
		screen_wipe(&s);
		break;
	case 5:
		if (dice(8) == 0)
			screen_clear(&s);
		break;
	case 6:
	case 7:
		random_text();
		break;
	default:
		screen_hop_last(&s, dice(s.cols + 2));
		if (dice(2))
			screen_wipe(&s);
		random_text();
		screen_hop_last(&s, dice(s.cols + 2));
	}
}

static bool
like_anew(void)
{
	struct screen t = s;
	struct vt fresh;
	bool ok;

	vt_init(&fresh, v.cols, v.rows);
	t.ink =
	    (struct ink){.cols = v.cols, .x = INK_NOWHERE, .y = INK_NOWHERE};
	t.shown = t.next = (struct row){0};
	t.stale = true;
	screen_flush(&t);
	ok = vt_write(&fresh, t.ink.p, t.ink.n) && fresh.x == v.x &&
	    fresh.y == v.y && !v.styled &&
	    memcmp(vt_row(&fresh, v.rows - 1), vt_row(&v, v.rows - 1),
	        sizeof *v.grid * v.cols) == 0;
	vt_free(&fresh);
	ink_free(&t.ink);
	row_free(&t.shown);
	row_free(&t.next);
	return ok;
}

TEST("screen: the last row and the cursor are as if drawn anew, always")
{
	for (unsigned round = 0; round < 300; round++) {
		begin((unsigned)dice(30) + 2, (unsigned)dice(5) + 1);
		for (unsigned i = 0; i < 60; i++) {
			random_thing();
			if (dice(3))
				show();
		}
		show();
		REQUIRE(like_anew());
		screen_free(&s);
		vt_free(&v);
	}
}
