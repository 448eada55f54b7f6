/* frame: what is told of a jam's front is what its noun says that it is. */
#include "frame.h"

#include "framecheck.h"
#include "gen.h"
#include "heap.h"
#include "test.h"
#include "text.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
}

/* The bytes of a jam where the byte behind them is not ours. */
static uint8_t *
alone(const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	if (copy == NULL)
		exit(111);
	return memcpy(copy, p, n);
}

static noun
read_text(const char *s)
{
	struct text_fault fault;
	noun n;

	if (text_read(s, strlen(s), &n, &fault) < 0)
		exit(111);
	return n;
}

/* The head of the jam of a noun. */
static struct frame_head
head_of(noun n)
{
	struct frame_head h;
	size_t len;
	uint8_t *p = gen_bytes(jam(n), &len);

	frame_head(p, len, &h);
	free(p);
	return h;
}

static struct frame_head
head_of_text(const char *s)
{
	return head_of(read_text(s));
}

/* -------- random frames -------- */

static noun
any_tag(void)
{
	static const char *const tags[] = {"doze", "born", "behn", "b",
#define X(name, word, rest) word,
	    FRAMES(X)
#undef X
	};

	if (gen_below(8) == 0)
		return gen_atom();
	return atom_cord(tags[gen_below(sizeof tags / sizeof *tags)]);
}

static noun
any_wire(void)
{
	noun w = gen_below(50) ? 0 : gen_atom();
	size_t n = gen_below(40) ? gen_below(6) : 250 + gen_below(10);

	while (n-- > 0)
		w = cons(any_tag(), w);
	return w;
}

static noun
any_noun(void)
{
	return gen_noun(gen_below(12));
}

static noun
any_card(void)
{
	return cons(any_wire(), cons(any_tag(), any_noun()));
}

static noun
any_frame(void)
{
	switch (gen_below(5)) {
	case 0:
		return any_card();
	case 1:
		return cons(any_tag(), cons(gen_atom(), any_card()));
	case 2:
		return cons(any_tag(), cons(gen_atom(), any_noun()));
	case 3:
		return cons(any_tag(), any_noun());
	default:
		return cons(any_noun(), any_noun());
	}
}

TEST("frame: of random frames, the head is as the noun says")
{
	for (int i = 0; i < 20000; i++) {
		noun n = any_frame();
		size_t len;
		uint8_t *p = gen_bytes(jam(n), &len);

		if (!framecheck(p, len, n))
			TEST_FAIL("frame %d differs", i);
		free(p);
		heap_safepoint();
	}
}

/* If cue takes the bytes, the head must be the noun's; else any. */
static bool
agrees(const uint8_t *p, size_t n)
{
	uint8_t *copy = alone(p, n);
	struct cue_fault fault;
	struct frame_head h;
	bool ok = true;
	noun whole;

	if (cue(copy, n, &whole, &fault) == 0)
		ok = framecheck(copy, n, whole);
	else
		frame_head(copy, n, &h);
	free(copy);
	return ok;
}

TEST("frame: cut anywhere, or with any bit turned, it is as cue has it")
{
	for (int i = 0; i < 200; i++) {
		size_t len;
		uint8_t *p = gen_bytes(jam(any_frame()), &len);

		for (size_t n = 0; n <= len && n < 100; n++)
			CHECK(agrees(p, n));
		for (size_t bit = 0; bit < 8 * len && bit < 400; bit++) {
			p[bit / 8] ^= (uint8_t)(1 << bit % 8);
			CHECK(agrees(p, len));
			p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		free(p);
		heap_safepoint();
	}
}

/* -------- what it says -------- */

TEST("frame: a card tells its tag and the first two knots of its wire")
{
	struct frame_head h = head_of_text("[[%b %behn '0v1' 0] %doze 0]");

	CHECK_EQ(h.frame, FRAME_CARD);
	CHECK_EQ(h.tag, frame_cord("doze"));
	CHECK_EQ(h.knot[0], frame_cord("b"));
	CHECK_EQ(h.knot[1], frame_cord("behn"));
	h = head_of_text("[['' %arvo 0] %wack 1]");
	CHECK_EQ(h.frame, FRAME_CARD);
	CHECK_EQ(h.knot[0], 0);
	CHECK_EQ(h.knot[1], frame_cord("arvo"));
	h = head_of_text("[[%b 0] %doze 0]");
	CHECK_EQ(h.knot[0], frame_cord("b"));
	CHECK_EQ(h.knot[1], 0);
}

TEST("frame: a poke tells its id, and its card as a card does")
{
	struct frame_head h =
	    head_of_text("[%poke 77 [%d %term 1 0] %belt %ret 0]");

	CHECK_EQ(h.frame, FRAME_POKE);
	CHECK_EQ(h.id, 77);
	CHECK_EQ(h.tag, frame_cord("belt"));
	CHECK_EQ(h.knot[0], frame_cord("d"));
	CHECK_EQ(h.knot[1], frame_cord("term"));
}

TEST("frame: an answer tells its id, and its word where there is one")
{
	struct frame_head h = head_of_text("[%done 5 123.456]");

	CHECK_EQ(h.frame, FRAME_DONE);
	CHECK_EQ(h.tag, frame_cord("done"));
	CHECK_EQ(h.id, 5);
	CHECK_EQ(h.word, 123456);
	h = head_of_text("[%urth 9 %meld]");
	CHECK_EQ(h.word, frame_cord("meld"));
	h = head_of_text("[%bail 6 [%exit 0] 0]");
	CHECK_EQ(h.frame, FRAME_BAIL);
	CHECK_EQ(h.id, 6);
	CHECK_EQ(h.word, FRAME_LONG);
}

TEST("frame: each message has its name, and no other")
{
#define X(name, word, rest)                                                    \
	CHECK_EQ(                                                              \
	    head_of(cons(atom_cord(word), read_text("[1 [%d 0] 2 3]"))).frame, \
	    FRAME_##name);
	FRAMES(X)
#undef X
	CHECK_EQ(head_of_text("[%pok 1 0 2 3]").frame, FRAME_OTHER);
	CHECK_EQ(head_of_text("[%pokey 1 0 2 3]").frame, FRAME_OTHER);
	CHECK_EQ(head_of_text("[0 0]").frame, FRAME_OTHER);
}

TEST("frame: what has not the shape of one is bad, and nothing else is told")
{
	static const char *const bad[] = {"5", "[[1 2] 3]", "[[1 2] 3 4]",
	    "[[%b [1 2] 0] %doze 0]", "[[%b 0] [1 2] 0]", "[%poke 1]",
	    "[%poke 1 [%b 1] 2 3]", "[%poke [1 1] [%b 0] 2 3]", "[%done 1]",
	    "[%bail [1 2] 3]", "[%poke 1 [%b 0] 2]"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct frame_head h = head_of_text(bad[i]);

		if (h.frame != FRAME_BAD)
			TEST_FAIL("%s is not bad", bad[i]);
		CHECK(h.tag == 0 && h.id == 0 && h.word == 0);
		CHECK(h.knot[0] == 0 && h.knot[1] == 0);
	}
}

TEST("frame: a tag, an id or a knot of more than a word is told to be long")
{
	struct frame_head h =
	    head_of_text("['ninebytes' 'ninebytes' 'ninebytes']");

	CHECK_EQ(h.frame, FRAME_OTHER);
	CHECK_EQ(h.tag, FRAME_LONG);
	CHECK_EQ(h.id, FRAME_LONG);
	h = head_of_text("[['ninebytes' 'eightbyt' 0] 'ninebytes' 0]");
	CHECK_EQ(h.frame, FRAME_CARD);
	CHECK_EQ(h.tag, FRAME_LONG);
	CHECK_EQ(h.knot[0], FRAME_LONG);
	CHECK_EQ(h.knot[1], frame_cord("eightbyt"));
}

TEST("frame: a wire of 256 knots is one, of 257 is bad")
{
	for (unsigned n = FRAME_KNOTS; n <= FRAME_KNOTS + 1; n++) {
		noun w = 0;

		for (unsigned i = 0; i < n; i++)
			w = cons(atom_cord("a-knot"), w);
		CHECK_EQ(head_of(cons(w, cons(direct(1), 0))).frame,
		    n <= FRAME_KNOTS ? FRAME_CARD : FRAME_BAD);
		CHECK_EQ(head_of(cons4(atom_cord("poke"), direct(1), w,
		                     cons(direct(1), 0)))
		             .frame,
		    n <= FRAME_KNOTS ? FRAME_POKE : FRAME_BAD);
	}
}

/* -------- bytes that no jam makes -------- */

/* A string of 0 and 1, first bit first, as bytes; their number. */
static size_t
bits(uint8_t to[64], const char *s)
{
	size_t n = 0;

	memset(to, 0, 64);
	for (; *s; s++)
		if (*s != ' ') {
			to[n / 8] |= (uint8_t)((*s - '0') << n % 8);
			n++;
		}
	return (n + 7) / 8;
}

static struct frame_head
head_of_bits(const char *s)
{
	uint8_t p[64];
	size_t n = bits(p, s);
	uint8_t *copy = alone(p, n);
	struct frame_head h;

	frame_head(copy, n, &h);
	free(copy);
	return h;
}

TEST("frame: a reference is followed to a noun before it, and nowhere else")
{
	/* a cell; 3, at bit 2; then 1, or what is meant by bit 2 */
	CHECK_EQ(head_of_bits("10 0 001011 0 011").id, 1);
	CHECK_EQ(head_of_bits("10 0 001011 11 001001").id, 3);
	CHECK_EQ(head_of_bits("10 0 001011 11 001001").tag, 3);
	/* [[3 0] 3 0]: all that follows the wire is the wire's own cell */
	CHECK_EQ(head_of_bits("10 10 0 001011 0 1 11 001001").tag, 3);
	/* into the atom, the whole, itself, beyond the end */
	CHECK_EQ(head_of_bits("10 0 001011 11 001011").id, FRAME_LONG);
	CHECK_EQ(head_of_bits("10 11 1 0 1").frame, FRAME_BAD);
	CHECK_EQ(head_of_bits("10 11 001001 0 1").frame, FRAME_BAD);
	CHECK_EQ(
	    head_of_bits("10 11 00001 1111 11111111111111").frame, FRAME_BAD);
}

TEST("frame: a length that is claimed and not there is bad")
{
	CHECK_EQ(head_of_bits("10 0 00000001 1111111 1").frame, FRAME_BAD);
	CHECK_EQ(head_of_bits("10 0 000000000000000000000000000000000000000"
	                      "000000000000000000000001 1111111111111111111"
	                      "1111111111111111111111111111111111111111111")
	             .frame,
	    FRAME_BAD);
	CHECK_EQ(head_of_bits("10 0 0000000000000000000000").frame, FRAME_BAD);
	CHECK_EQ(head_of_bits("").frame, FRAME_BAD);
}

TEST("frame: a tag with zeros before it is what it is without")
{
	uint8_t p[64];
	struct cue_fault fault;
	noun whole;
	/* the head is 5 in 100 bits: k 7, n 1100100 in binary */
	size_t n = bits(p,
	    "10 0 0000000 1 001001 "
	    "1010000000000000000000000000000000000000000000000000"
	    "000000000000000000000000000000000000000000000000 0 1");

	REQUIRE(cue(p, n, &whole, &fault) == 0);
	CHECK_EQ(head(whole), direct(5));
	CHECK(framecheck(p, n, whole));
	CHECK_EQ(head_of_bits("10 0 0000000 1 001001 "
	                      "101000000000000000000000000000000000000000000000"
	                      "0000000000000000000000000000000000000000000000"
	                      "000000 0 1")
	             .tag,
	    5);
}
