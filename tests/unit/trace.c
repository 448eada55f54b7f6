#include "test.h"

#include <signal.h>

#include "atom.h"
#include "bail.h"
#include "heap.h"
#include "nock.h"
#include "patp.h"
#include "shape.h"
#include "tank.h"
#include "text.h"
#include "trace.h"

static struct nock_opts opts;

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
	nock_init(&opts);
}

struct memory {
	struct text_sink sink;
	size_t n;
	char p[1 << 16];
};

static int
memory_put(struct text_sink *s, const char *p, size_t n)
{
	struct memory *m = (struct memory *)s;

	if (n >= sizeof m->p - m->n)
		return -1;
	memcpy(m->p + m->n, p, n);
	m->n += n;
	m->p[m->n] = 0;
	return 0;
}

static const char *
wash(noun tank)
{
	static struct memory m = {.sink = {memory_put}};

	m.n = 0;
	CHECK_EQ(tank_write(&m.sink, tank, 0, 80), 0);
	return m.p;
}

static noun
read_all(const char *s)
{
	struct text_fault f;
	noun n;

	if (text_read(s, strlen(s), &n, &f) != 0)
		exit(111);
	return n;
}

static const struct {
	const char *entry, *lines;
} entries[] = {
    {"[%spot [%lib %foo %hoon 0] [1 2] 3.000 4]",
        "/lib/foo/hoon:<[1 2].[3.000 4]>\n"},
    {"[%spot 0 [1 2] 3 4]", "/:<[1 2].[3 4]>\n"},
    {"[%mean 'an error']", "an error\n"},
    {"[%mean 0]", "\n"},
    {"[%mean [1 %leaf 104 105 0] 0]", "hi\n"},     /* a trap */
    {"[%mean [0 6] [%leaf 104 105 0] 0]", "hi\n"}, /* a gate */
    {"[%mean %leaf 104 105 0]", "hi\n"},
    {"[%mean [0 0] 0]", "####\n"},
    {"[%mean [12 [1 0] 1 0] 0]", "####\n"},
    {"[%mean [1 2 3] 0]", "[2 3]\n"},
    {"[%hunk [1 2] %a %b 0]", "/a/b\n"},
    {"[%lose 'lost']", "lost\n"},
    {"[%hand 0]", "~davned-ladfex\n"},
    /* none of these: as they are */
    {"[%spot 5]", "[%spot 5]\n"},
    {"[%spot [%a 0] [1 2] 3]", "[%spot [97 0] [1 2] 3]\n"},
    {"[%spot %a [1 2] 3 4]", "[%spot 97 [1 2] 3 4]\n"},
    {"[%hunk %a]", "[%hunk 97]\n"},
    {"[%hunk 1 %a]", "[%hunk 1 97]\n"},
    {"[%lose 1 2]", "[%lose 1 2]\n"},
    {"[%other 1 2]", "[%other 1 2]\n"},
    {"[[1 2] 3]", "[[1 2] 3]\n"},
    {"5", "\5\n"},
};

TEST("trace: the tank of an entry is that of ++mook, or the entry itself")
{
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
		CHECK_STR(wash(trace_tank(read_all(entries[i].entry))),
		    entries[i].lines);
}

TEST("trace: the tanks of a trace are in its order")
{
	noun trace = read_all("[[%mean %inner] [%mean [1 %middle] 0] "
	                      "[%spot [%a 0] [1 1] 2 2] 0]");
	noun tanks = trace_tanks(trace);
	uint64_t n;

	REQUIRE(list_length(tanks, &n) && n == 3);
	CHECK_STR(wash(head(tanks)), "inner\n");
	CHECK_STR(wash(head(tail(tanks))), "middle\n");
	CHECK_STR(wash(head(tail(tail(tanks)))), "/a:<[1 1].[2 2]>\n");
	CHECK_EQ(trace_tanks(0), 0);
}

static noun
numbered(unsigned n)
{
	noun trace = 0;

	while (n-- > 0)
		trace = cons(cons(atom_cord("mean"), tank_leaf("x")), trace);
	return trace;
}

TEST("trace: of a long one the first 512 and the last 512 are told")
{
	uint64_t n;
	noun tanks;

	CHECK(list_length(trace_tanks(numbered(1024)), &n) && n == 1024);
	tanks = trace_tanks(numbered(5024));
	REQUIRE(list_length(tanks, &n) && n == 1025);
	for (unsigned i = 0; i < 512; i++)
		tanks = tail(tanks);
	CHECK_STR(wash(head(tanks)), "[skipped 4.000 frames]\n");
}

static void
late(int sig)
{
	(void)sig;
	nock_interrupt(BAIL_TIME);
}

static void
endless(void *arg)
{
	trace_tank(*(noun *)arg);
}

TEST("trace: a machine's failure while a tank is made is passed on")
{
	/* The trap calls itself for ever. */
	noun n = read_all("[%mean [9 2 0 1] 0]");

	signal(SIGALRM, late);
	ualarm(50000, 0);
	CHECK_EQ(trap_run(endless, &n), BAIL_TIME);
}

TEST("patp: a ship's name is written as it is read")
{
	static const uint64_t ships[] = {0, 1, 255, 256, 65535, 65536,
	    1624961343, 0xffffffff, 0x100000000, 0x123456789abcdef0,
	    DIRECT_MAX};
	char name[PATP_MAX];
	noun n;

	for (size_t i = 0; i < sizeof ships / sizeof *ships; i++) {
		CHECK_EQ(patp_write(ships[i], name), strlen(name));
		CHECK(name[0] == '~');
		REQUIRE(patp_read(name + 1, strlen(name) - 1, &n));
		CHECK_EQ(n, direct(ships[i]));
	}
	patp_write(1624961343, name);
	CHECK_STR(name, "~sampel-palnet");
}
