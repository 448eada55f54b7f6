#include "test.h"

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "patp.h"
#include "shape.h"
#include "text.h"
#include "utf8.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
}

/* -------- printing into memory -------- */

/* n bytes until the end of the test's process. */
static char *
room(size_t n)
{
	static struct block {
		struct block *before;
		char p[];
	} * last;
	struct block *b = malloc(sizeof *b + n);

	if (b == NULL)
		exit(111);
	b->before = last;
	last = b;
	return b->p;
}

struct memory {
	struct text_sink sink;
	char *p;
	size_t n, room, puts;
};

static int
memory_put(struct text_sink *s, const char *p, size_t n)
{
	struct memory *m = (struct memory *)s;

	if (m->n + n + 1 > m->room) {
		char *more = room(m->room = 2 * (m->n + n) + 64);

		if (m->n > 0)
			memcpy(more, m->p, m->n);
		m->p = more;
	}
	memcpy(m->p + m->n, p, n);
	m->n += n;
	m->p[m->n] = 0;
	m->puts++;
	return 0;
}

static char *
print_with(noun n, struct text_opts *o)
{
	struct memory m = {.sink.put = memory_put};

	if (text_write(&m.sink, n, o) != 0)
		return NULL;
	return m.p;
}

static char *
print(noun n)
{
	return print_with(n, &(struct text_opts){0});
}

static noun
read_all(const char *text)
{
	struct text_fault f;
	noun n = 0;

	if (text_read(text, strlen(text), &n, &f) != 0)
		TEST_FAIL("%s: %lu:%lu: %s", text, f.line, f.column, f.reason);
	return n;
}

/* -------- reading -------- */

static const struct {
	const char *text, *printed;
} same[] = {
    {"0", "0"},
    {"~", "0"},
    {"&", "0"},
    {"|", "1"},
    {"%.y", "0"},
    {"%.n", "1"},
    {"%0", "0"},
    {"%123", "123"},
    {"%0x1f", "31"},
    {"%1.000", "1.000"},
    {"1000", "1.000"},
    {"  1.000\n", "1.000"},
    {"12.345.678", "12.345.678"},
    {"0x1f", "31"},
    {"0x1F", "31"},
    {"0x00ff", "255"},
    {"0x1.ffff", "131.071"},
    {"0b101", "5"},
    {"0b1.0101", "21"},
    {"9223372036854775807", "9.223.372.036.854.775.807"},
    {"9223372036854775808", "9.223.372.036.854.775.808"},
    {"18.446.744.073.709.551.615", "18.446.744.073.709.551.615"},
    {"18446744073709551616", "0x1.0000.0000.0000.0000"},
    {"340282366920938463463374607431768211455",
        "0xffff.ffff.ffff.ffff.ffff.ffff.ffff.ffff"},
    {"0x1234567890abcdef1234", "0x1234.5678.90ab.cdef.1234"},
    {"%a", "97"},
    {"%ab", "25.185"},
    {"%abc", "%abc"},
    {"6513249", "%abc"},
    {"%a1-b", "%a1-b"},
    {"%abc-", "%abc-"},
    {"%a-term-that-is-longer", "%a-term-that-is-longer"},
    {"'abc'", "%abc"},
    {"''", "0"},
    {"'ab'", "25.185"},
    {"'Abc'", "'Abc'"},
    {"'-ab'", "'-ab'"},
    {"'1ab'", "'1ab'"},
    {"'a cord'", "'a cord'"},
    {"'it\\'s \\\\ here'", "'it\\'s \\\\ here'"},
    {"'\\41\\62\\63'", "'Abc'"},
    {"'\\4A\\4b\\4c'", "'JKL'"},
    {"'two\\0alines'", "'two\\0alines'"},
    {"'\\09tab\\0d'", "'\\09tab\\0d'"},
    {"'abc\\00'", "%abc"},
    {"'ab\\00c'", "1.660.969.569"},
    {"'ab\\07c'", "1.661.428.321"},
    {"'ab\\7fc'", "1.669.292.641"},
    {"'\xc3\xa4\xc3\xb6\xc3\xbc'", "'\xc3\xa4\xc3\xb6\xc3\xbc'"},
    {"'\xe2\x82\xac'", "'\xe2\x82\xac'"},
    {"'\xf0\x9f\x98\x80'", "'\xf0\x9f\x98\x80'"},
    {"'ab\\c3'", "12.804.705"},           /* cut short */
    {"'ab\\c0\\80'", "2.160.091.745"},    /* longer than need be */
    {"'a\\ed\\a0\\80'", "2.158.030.177"}, /* a surrogate */
    {"'a\xc2\x85 b'", "421.452.431.969"}, /* a control character of C1 */
    {"'a\xe2\x80\xae'", "2.927.682.145"}, /* turns what follows around */
    {"[1 2]", "[1 2]"},
    {"[1 2 3]", "[1 2 3]"},
    {"[1 [2 3]]", "[1 2 3]"},
    {"[[1 2] 3]", "[[1 2] 3]"},
    {"[[1 2][3 4]]", "[[1 2] 3 4]"},
    {"[1 2 ~]", "[1 2 0]"},
    {"[ 1\t2\r\n3 ]", "[1 2 3]"},
    {":: a pair\n[1 :: one\n 2] :: and no more", "[1 2]"},
    {"[1::one\n2]", "[1 2]"},
    {"[[[1 2] 3 4] [5 6] 7]", "[[[1 2] 3 4] [5 6] 7]"},
    {"~zod", "0"},
    {"~nec", "1"},
    {"~fes", "255"},
    {"~marzod", "256"},
    {"~fipfes", "65.535"},
};

TEST("text: every notation reads, and prints in one")
{
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		noun n = read_all(same[i].text);

		CHECK_STR(print(n), same[i].printed);
		CHECK(equal(n, read_all(same[i].printed)));
	}
}

TEST("text: a list is built as the cells that it stands for")
{
	noun n = read_all("[1 [2 3] 'abc' 0]");

	CHECK(equal(n,
	    cons4(direct(1), cons(direct(2), direct(3)), atom_cord("abc"), 0)));
}

static const struct {
	const char *text;
	unsigned long line, column;
} faults[] = {
    {"", 1, 1},
    {" \n ", 2, 2},
    {":: nothing", 1, 11},
    {"[", 1, 1},
    {"]", 1, 1},
    {"[1 2", 1, 1},
    {"[1 2\n  [3 4]\n [5", 3, 2},
    {"[]", 1, 2},
    {"[1]", 1, 3},
    {"[1 2]]", 1, 6},
    {"[1 2] 3", 1, 7},
    {"1\n\n 2", 3, 2},
    {"007", 1, 1},
    {"00", 1, 1},
    {"1.00", 1, 5},
    {"1.0000", 1, 7},
    {"1234.567", 1, 5},
    {"1.", 1, 3},
    {"1..000", 1, 3},
    {"0x", 1, 3},
    {"0xg", 1, 3},
    {"0x1.fff", 1, 8},
    {"0x12345.1234", 1, 8},
    {"0b2", 1, 3},
    {"0b1.010", 1, 8},
    {"12a", 1, 3},
    {"[1 2,3]", 1, 5},
    {"%", 1, 2},
    {"%A", 1, 2},
    {"%.x", 1, 2},
    {"%aB", 1, 3},
    {"abc", 1, 1},
    {"%abc'def'", 1, 5},
    {"'abc", 1, 1},
    {"'abc\ndef'", 1, 5},
    {"'a\tb'", 1, 3},
    {"'a\x7f'", 1, 3},
    {"'a\\'", 1, 1},
    {"'a\\n'", 1, 3},
    {"'a\\4g'", 1, 3},
    {"'a\xff'", 1, 3},
    {"'a\xc3'", 1, 3},
    {"'a\xe0\x80\x80'", 1, 3},
    {"'a\xed\xa0\x80'", 1, 3},
    {"'a\xf4\x90\x80\x80'", 1, 3},
    {"~zzz", 1, 2},
    {"~doznec", 1, 2},
    {"~zod-zod", 1, 2},
    {"~marzod-", 1, 2},
    {"~dozzod-marzod", 1, 2},
    {"~sampel_palnet", 1, 8},
    {"~.", 1, 2},
    {"...", 1, 1},
    {"/a", 1, 1},
    {"/", 1, 1},
    {"[1 /a/]", 1, 7},
    {"[1 //a]", 1, 5},
    {"[1 /a/B]", 1, 7},
    {"[1 /a'b']", 1, 6},
    {"[1 ...]", 1, 4},
    {"'abc'...", 1, 6},
};

TEST("text: a fault has its line and column, and makes no noun")
{
	noun *mark = stack_top();
	char *scratch = scratch_top();

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct text_fault f = {0};
		const char *s = faults[i].text;
		noun n = 77;

		CHECK_EQ(text_read(s, strlen(s), &n, &f), -1);
		CHECK_EQ(n, 77);
		if (f.line != faults[i].line || f.column != faults[i].column)
			TEST_FAIL("'%s' fails at %lu:%lu (%s), not %lu:%lu", s,
			    f.line, f.column, f.reason, faults[i].line,
			    faults[i].column);
		CHECK(f.reason != NULL && strlen(f.reason) > 5);
		CHECK(stack_top() == mark && scratch_top() == scratch);
	}
}

TEST("text: a NUL byte is no noun and no space")
{
	struct text_fault f;
	noun n;

	CHECK_EQ(text_read("1\0", 2, &n, &f), -1);
	CHECK_EQ(f.column, 2);
	CHECK_EQ(text_read("'a\0b'", 5, &n, &f), -1);
	CHECK_EQ(f.column, 3);
}

TEST("text: several nouns are read one after the other")
{
	const char s[] = " 1 [2 3]4 :: four\n%abc\n]";
	struct text_fault f;
	size_t at = 0, before;
	noun n;

	CHECK_EQ(text_next(s, strlen(s), &at, &n, &f), 1);
	CHECK_STR(print(n), "1");
	CHECK_EQ(text_next(s, strlen(s), &at, &n, &f), 1);
	CHECK_STR(print(n), "[2 3]");
	CHECK_EQ(text_next(s, strlen(s), &at, &n, &f), 1);
	CHECK_STR(print(n), "4");
	CHECK_EQ(text_next(s, strlen(s), &at, &n, &f), 1);
	CHECK_STR(print(n), "%abc");
	before = at;
	CHECK_EQ(text_next(s, strlen(s), &at, &n, &f), -1);
	CHECK_EQ(f.line, 3);
	CHECK_EQ(f.column, 1);
	CHECK_EQ(at, before);
	at = 0;
	CHECK_EQ(text_next(" :: no\n", 7, &at, &n, &f), 0);
	CHECK_EQ(at, 7);
}

/* -------- large -------- */

enum { ITEMS = 10000000 };

TEST("text: a list of ten million items reads and prints")
{
	char *text = room(16 + 2 * (size_t)ITEMS), *p = text, *printed;
	struct text_fault f;
	uint64_t length;
	noun n;

	*p++ = '[';
	for (size_t i = 0; i < ITEMS; i++) {
		*p++ = (char)('1' + i % 9);
		*p++ = ' ';
	}
	*p++ = '0';
	*p++ = ']';
	*p = 0;
	REQUIRE(text_read(text, (size_t)(p - text), &n, &f) == 0);
	CHECK(list_length(n, &length));
	CHECK_EQ(length, ITEMS);
	printed = print(n);
	REQUIRE(strlen(printed) == (size_t)(p - text));
	CHECK_MEM(printed, text, (size_t)(p - text));
	CHECK(scratch_top() == heap.region[SCRATCH].base);
}

TEST("text: brackets ten million deep read and print")
{
	struct text_fault f;
	size_t deep = ITEMS, n = 5 * deep + 1;
	char *text = room(n + 1), *p = text, *printed;
	noun out;

	memset(p, '[', deep);
	p += deep;
	*p++ = '0';
	for (size_t i = 0; i < deep; i++) {
		memcpy(p, " 1]", 3);
		p += 3;
	}
	n = (size_t)(p - text);
	REQUIRE(text_read(text, n, &out, &f) == 0);
	printed = print(out);
	REQUIRE(strlen(printed) == n);
	CHECK_MEM(printed, text, n);
	CHECK_EQ(text_read(text, deep, &out, &f), -1);
	CHECK_EQ(f.column, deep);
}

struct job {
	const char *p;
	size_t n;
	noun out;
	struct text_fault fault;
};

static void
read_job(void *arg)
{
	struct job *j = arg;

	text_read(j->p, j->n, &j->out, &j->fault);
}

TEST("text: what needs more than the heap's limit bails, and leaves no trace")
{
	size_t n = 16 << 20;
	struct job j = {.p = memset(room(n), '[', n), .n = n};
	noun *mark;

	heap_free();
	REQUIRE(heap_init(&(struct heap_opts){.limit = 16 << 20}) == 0);
	CHECK_STR(print(read_all("[1 2]")), "[1 2]");
	mark = stack_top();
	CHECK(trap_run(read_job, &j) != BAIL_NONE);
	CHECK(stack_top() == mark);
	CHECK_STR(print(read_all("[1 2]")), "[1 2]");
}

TEST("text: a number of 100,000 digits goes there and back in decimal")
{
	struct text_opts o = {.plain = true};
	char *s = room(100001), *back;

	for (size_t i = 0; i < 100000; i++)
		s[i] = (char)('0' + (i * 7 + i / 10 + 3) % 10);
	s[100000] = 0;
	back = print_with(read_all(s), &o);
	CHECK_STR(back, s);
	CHECK(equal(read_all(s), read_all(print(read_all(s)))));
}

TEST("text: hexadecimal of every length goes there and back")
{
	char hex[140] = "0x1", *s;

	for (size_t n = 3; n < 130; n++) {
		noun a = read_all(hex);

		CHECK_EQ(atom_bits(a), 4 * (n - 3) + 1);
		s = print(a);
		CHECK(equal(read_all(s), a));
		hex[n] = "8f0a"[n % 4];
		hex[n + 1] = 0;
	}
}

/* -------- printing -------- */

static void
check_elided(const char *text, unsigned depth, unsigned width, const char *want)
{
	struct text_opts o = {.depth = depth, .width = width, .elided = true};

	CHECK_STR(print_with(read_all(text), &o), want);
	CHECK_EQ(o.elided, strstr(want, "...") != NULL);
}

TEST("text: depth and width leave out what is beyond them, and say so")
{
	const char *s = "[[1 [2 [[3 4] 5]]] [6 7 8 9] 10 11]";

	check_elided(s, 0, 0, "[[1 2 [3 4] 5] [6 7 8 9] 10 11]");
	check_elided(s, 1, 0, "[... ... 10 11]");
	check_elided(s, 2, 0, "[[1 2 ... 5] [6 7 8 9] 10 11]");
	check_elided(s, 3, 0, "[[1 2 [3 4] 5] [6 7 8 9] 10 11]");
	check_elided(s, 0, 1, "[[1 ...] ...]");
	check_elided(s, 0, 2, "[[1 2 ...] [6 7 ...] ...]");
	check_elided(s, 0, 4, "[[1 2 [3 4] 5] [6 7 8 9] 10 11]");
	check_elided(s, 2, 3, "[[1 2 ... ...] [6 7 8 ...] 10 ...]");
	check_elided("7", 1, 1, "7");
	check_elided("[1 2 3]", 1, 3, "[1 2 3]");
	check_elided("[1 2 3 4]", 1, 3, "[1 2 3 ...]");
}

#define A60 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define F60                                                                 \
	"ffff.ffff.ffff.ffff.ffff.ffff.ffff.ffff.ffff.ffff.ffff.ffff.ffff." \
	"ffff.ffff"

TEST("text: a width also bounds an atom, at a whole character")
{
	struct text_opts plain = {.plain = true, .width = 1};
	char *s;

	check_elided("%" A60 "bbbb", 0, 1, "%" A60 "bbbb");
	check_elided("%" A60 "bbbbb", 0, 1, "%" A60 "bbbb...");
	check_elided("'" A60 " bcd'", 0, 1, "'" A60 " bcd'");
	check_elided("'" A60 " bcde'", 0, 1, "'" A60 " bcd'...");
	check_elided("'" A60 "bc\xe2\x82\xac'", 0, 1, "'" A60 "bc'...");
	check_elided("'" A60 "bcd\\''", 0, 1, "'" A60 "bcd'...");
	check_elided("'" A60 "bcd\\'e'", 0, 2, "'" A60 "bcd\\'e'");
	check_elided("0x" F60 ".ffff", 0, 1, "0x" F60 ".ffff");
	check_elided("0x" F60 ".ffff.ffff", 0, 1, "0x" F60 ".ffff....");
	s = print_with(read_all("0x" F60 ".ffff.ffff"), &plain);
	CHECK_EQ(strlen(s), 67);
	CHECK_STR(s + 64, "...");
	CHECK(plain.elided);
}

TEST("text: plain prints every atom in decimal without dots")
{
	struct text_opts o = {.plain = true};

	CHECK_STR(print_with(read_all("[%abc 'A b' 1.000 0 "
	                              "0x1.0000.0000.0000.0000 "
	                              "18.446.744.073.709.551.615]"),
	              &o),
	    "[6513249 6430785 1000 0 18446744073709551616 "
	    "18446744073709551615]");
	CHECK(!o.elided);
}

static int
refuse(struct text_sink *s, const char *p, size_t n)
{
	(void)p;
	(void)n;
	return --((struct memory *)s)->room == 0 ? -7 : 0;
}

TEST("text: when the sink says stop, printing stops and says so")
{
	struct memory m = {.sink.put = refuse, .room = 3};
	noun *mark = stack_top(), n = 0;

	for (size_t i = 0; i < 100000; i++)
		n = cons(i & 1 ? n : direct(5), i & 1 ? direct(5) : n);
	CHECK_EQ(text_write(&m.sink, n, &(struct text_opts){0}), -7);
	CHECK_EQ(m.room, 0);
	CHECK(stack_top() == mark);
	m.room = 1;
	CHECK_EQ(text_write(&m.sink, 0, &(struct text_opts){0}), -7);
}

TEST("text: a large atom goes out in small pieces")
{
	struct memory m = {.sink.put = memory_put};
	char *s = room(200003);

	s[0] = '0';
	s[1] = 'x';
	memset(s + 2, 'c', 200000);
	s[200002] = 0;
	CHECK_EQ(text_write(&m.sink, read_all(s), &(struct text_opts){0}), 0);
	CHECK(m.puts > 50);
	CHECK_EQ(m.n, 2 + 200000 + 49999);
}

/* -------- round trip -------- */

static uint64_t seed = 1;

static uint64_t
any(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

/* Bytes that are words, text, nearly text, or nothing of the kind. */
static noun
any_atom(void)
{
	static const char *const from[] = {"abcxyz019-", "aB '\\z\n\t",
	    "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 ab", "\x00\x01\x7f\x80\xff"};
	static const size_t many[] = {10, 8, 12, 5};
	size_t kind = any(4), n = any(24), i;
	char buf[24];

	if (any(3) == 0)
		return direct(any(3000));
	for (i = 0; i < n; i++)
		buf[i] = from[kind][kind == 2 && i ? (i - 1 + n) % many[2]
		                                   : any(many[kind])];
	return atom_from_bytes(buf, n);
}

TEST("text: whatever is printed in full reads back the same")
{
	for (unsigned round = 0; round < 3000; round++) {
		noun n = any_atom();
		char *s;

		for (uint64_t k = any(20); k > 0; k--)
			n = any(2) ? cons(n, any_atom())
			           : cons(any(4) ? any_atom() : n, n);
		s = print(n);
		CHECK(equal(read_all(s), n));
		s = print_with(n, &(struct text_opts){.plain = true});
		CHECK(equal(read_all(s), n));
	}
}

TEST("text: in brackets a path is the list of its knots")
{
	CHECK(equal(read_all("[1 /]"), read_all("[1 0]")));
	CHECK(equal(read_all("[/live 2]"), read_all("[[%live 0] 2]")));
	CHECK(equal(read_all("[1 /a/~zod/1.2_b-c]"),
	    read_all("[1 'a' '~zod' '1.2_b-c' 0]")));
	CHECK(equal(read_all("[/a[/b 1]]"), read_all("[[97 0] [98 0] 1]")));
}

/* -------- ships and characters -------- */

static const struct {
	const char *name, *number;
} ships[] = {
    {"~zod", "0"},
    {"~nec", "1"},
    {"~marzod", "0x100"},
    {"~dapnep-ronmyl", "0x1.0000"},
    {"~sampel-palnet", "1.624.961.343"},
};

TEST("patp: a name is read as Hoon reads it")
{
	noun n;

	for (size_t i = 0; i < sizeof ships / sizeof *ships; i++)
		CHECK_STR(print(read_all(ships[i].name)),
		    print(read_all(ships[i].number)));
	/* A moon keeps its upper half; a comet is not scrambled at all. */
	n = read_all("~doznec-dozzod-sampel-palnet");
	CHECK_EQ(n, direct(UINT64_C(0x1000000000000) + 1624961343));
	n = read_all(
	    "~doznec-dozzod-dozzod-dozzod--dozzod-dozzod-dozzod-doznec");
	CHECK(equal(n, read_all("0x1.0000.0000.0000.0000.0000.0000.0001")));
	n = read_all("~fipfes--fipfes-fipfes-fipfes-fipfes");
	CHECK(equal(n, read_all("0xffff.ffff.ffff.ffff.ffff")));
}

TEST("patp: a malformed name is none")
{
	static const char *const bad[] = {"", "zo", "zodd", "mar", "zodmar",
	    "dozzod", "dozmar", "marzod-", "-marzod", "marzod--marzod",
	    "marzodmarzod", "marzod-zod", "dozzod-marzod", "marzod_marzod",
	    "marzod-marzod-marzod-marzod-",
	    "marzod-marzod-marzod-marzod-marzod",
	    "marzod-marzod-marzod-marzod--",
	    "dozzod--marzod-marzod-marzod-marzod",
	    "marzod--marzod-marzod-marzod_marzod"};
	noun n;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!patp_read(bad[i], strlen(bad[i]), &n));
}

TEST("patp: fynd undoes fein, and both keep what is below 2^16 or above 2^32")
{
	CHECK_EQ(patp_fein(0), 0);
	CHECK_EQ(patp_fein(0xffff), 0xffff);
	CHECK_EQ(patp_fein(1624961343), 0x046f7f4f);
	for (uint64_t i = 0; i < 200000; i++) {
		uint64_t v = i < 1000 ? 0xffffffff - i : any(1u << 31) * 2 + i;

		CHECK_EQ(patp_fynd(patp_fein(v)), v);
		CHECK_EQ(patp_fein(patp_fynd(v)), v);
	}
	CHECK_EQ(patp_fein(UINT64_C(0xabcd00000000)), 0xabcd00000000);
	CHECK_EQ(patp_fein(UINT64_C(0xabcd00010000)),
	    0xabcd00000000 + patp_fein(0x10000));
}

TEST("utf8: every code point is read, and nothing else is")
{
	uint32_t good = 0, code;

	for (uint32_t v = 0; v < 1u << 24; v++) {
		uint8_t b[4] = {
		    0xf0, (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
		if (utf8_get(b, 4, &code) == 4)
			good++;
		if (utf8_get(b + 1, 3, &code) == 3)
			good++;
	}
	/* planes 1 to 3; three bytes: U+0800 up, without the surrogates */
	CHECK_EQ(good, 3 * 65536 + 65536 - 2048 - 2048);
	CHECK_EQ(utf8_get((const uint8_t *)"\xf4\x8f\xbf\xbf", 4, &code), 4);
	CHECK_EQ(code, 0x10ffff);
	CHECK_EQ(utf8_get((const uint8_t *)"\xc2\x80", 2, &code), 2);
	CHECK_EQ(code, 0x80);
	CHECK_EQ(utf8_get((const uint8_t *)"\xc2\x80", 1, &code), 0);
	CHECK_EQ(utf8_get((const uint8_t *)"\xc1\xbf", 2, &code), 0);
	CHECK_EQ(utf8_get((const uint8_t *)"\x80", 1, &code), 0);
}
