/*
 * replay: what a source may give, on a kernel of a few lines.
 *
 * Its poke gives the head of the event for effects and counts it.  The first
 * event makes it of the second one, which is what it counts from.
 */
#include "replay.h"

#include "atom.h"
#include "equal.h"
#include "jam.h"
#include "mug.h"
#include "nock.h"
#include "shape.h"
#include "test.h"
#include "text.h"

enum { LIFE = 2, FROM = 100, ROOM = 200 };

static noun
noun_of(const char *text)
{
	struct text_fault fault;
	noun n;

	if (text_read(text, strlen(text), &n, &fault) < 0)
		abort();
	return n;
}

/* [0 0 0 poke]: poke makes a gate, at 23 in the kernel */
#define BATTERY "[0 0 0 [1 [0 12] [0 14] 4 0 15] [1 0] 0 1]"

static noun
kernel_of(uint64_t count)
{
	return cons(noun_of(BATTERY), direct(count));
}

/* -------- a source: events made as they are asked for -------- */

struct source {
	uint64_t id, last;  /* given, and how many there are */
	uint64_t crash;     /* this one crashes, */
	uint64_t lie, gap;  /* has a wrong mug, has a wrong number, */
	uint64_t cut, fail; /* has no whole jam, is not to be had; 0 = none */
	uint8_t jam[ROOM];
};

static noun
event_of(const struct source *s, uint64_t id)
{
	if (id == 1)
		return noun_of("[[1 0] [1 0] [1 " BATTERY "] 0 2]");
	if (id == 2)
		return direct(FROM);
	return id == s->crash ? direct(id) : cons(direct(id), noun_of("%do"));
}

static int
next(void *arg, struct replay_event *e)
{
	struct source *s = arg;
	uint64_t id = s->id + 1, room;
	noun j;

	if (s->id == s->last)
		return 0;
	if (id == s->fail)
		return -1;
	s->id = id;
	j = jam(event_of(s, id));
	*e = (struct replay_event){.id = id + (id == s->gap),
	    .jam = s->jam,
	    .n = atom_bytes(j) - (id == s->cut ? 2 : 0)};
	memcpy(s->jam, atom_view(j, &room), e->n);
	if (id > LIFE)
		e->mug = mug(kernel_of(FROM + id - LIFE)) ^ (id == s->lie);
	return 1;
}

/* A replay is where its root is, so it is begun in place. */
static void
start(struct replay *r, struct source *s, noun kernel, uint64_t event)
{
	replay_init(r, kernel, event);
	r->next = next;
	r->arg = s;
	r->life = LIFE;
	s->id = event;
}

void
test_setup(void)
{
	if (heap_init(NULL) < 0)
		abort();
	nock_init(NULL);
}

/* Steps until one is not done: what it was. */
static enum replay_got
run(struct replay *r)
{
	enum replay_got got;

	while ((got = replay_step(r)) == REPLAY_DONE)
		continue;
	return got;
}

/* -------- what goes well -------- */

TEST("replay: the life counts as one step, each event after it as one")
{
	struct source s = {.last = 10};
	struct replay r;

	start(&r, &s, 0, 0);
	CHECK(replay_step(&r) == REPLAY_DONE);
	CHECK_EQ(r.event, LIFE);
	CHECK_EQ(r.want, 0);
	CHECK(equal(r.kernel, kernel_of(FROM)));
	for (uint64_t id = 3; id <= 10; id++) {
		CHECK(replay_step(&r) == REPLAY_DONE);
		CHECK_EQ(r.event, id);
		CHECK_EQ(r.mug, mug(kernel_of(FROM + id - LIFE)));
		CHECK_EQ(r.effects, direct(id));
	}
	CHECK(replay_step(&r) == REPLAY_END);
	CHECK(replay_step(&r) == REPLAY_END);
	CHECK_EQ(r.event, 10);
	replay_free(&r);
}

TEST("replay: it goes on from any event with the kernel of then")
{
	struct source s = {.last = 30};
	struct replay r;

	for (uint64_t id = LIFE; id < 30; id++) {
		start(&r, &s, kernel_of(FROM + id - LIFE), id);
		CHECK(run(&r) == REPLAY_END);
		CHECK_EQ(r.event, 30);
		CHECK(equal(r.kernel, kernel_of(FROM + 30 - LIFE)));
		replay_free(&r);
	}
}

TEST("replay: the memory of many events is that of few")
{
	struct source s = {.last = 1000};
	struct replay r;
	size_t few;

	start(&r, &s, 0, 0);
	CHECK(run(&r) == REPLAY_END);
	heap_collect(HEAP_MAJOR);
	few = heap.stat.live;
	s.last = 30000;
	CHECK(run(&r) == REPLAY_END);
	CHECK_EQ(r.event, 30000);
	heap_collect(HEAP_MAJOR);
	CHECK(heap.stat.live < few + 100000);
	replay_free(&r);
}

/* -------- what does not -------- */

TEST("replay: a mug that differs is told, and the event has happened")
{
	struct source s = {.last = 10, .lie = 6};
	struct replay r;

	start(&r, &s, 0, 0);
	CHECK(run(&r) == REPLAY_DIFFERS);
	CHECK_EQ(r.event, 6);
	CHECK_EQ(r.mug, mug(kernel_of(FROM + 6 - LIFE)));
	CHECK_EQ(r.want, r.mug ^ 1);
	CHECK(run(&r) == REPLAY_END);
	CHECK_EQ(r.event, 10);
	replay_free(&r);
}

TEST("replay: mugs are not compared if that is not asked for")
{
	struct source s = {.last = 10, .lie = 6};
	struct replay r;

	start(&r, &s, 0, 0);
	r.check = false;
	CHECK(run(&r) == REPLAY_END);
	CHECK_EQ(r.event, 10);
	CHECK_EQ(r.mug, 0);
	replay_free(&r);
}

TEST("replay: an event that crashes leaves the kernel as it was")
{
	struct source s = {.last = 10, .crash = 5};
	struct replay r;

	start(&r, &s, 0, 0);
	CHECK(run(&r) == REPLAY_CRASHED);
	CHECK(r.kind == BAIL_EXIT);
	CHECK_EQ(r.event, 4);
	CHECK(equal(r.kernel, kernel_of(FROM + 4 - LIFE)));
	CHECK(run(&r) == REPLAY_CRASHED);
	replay_free(&r);
}

TEST("replay: an interrupt loses nothing: the event is next again")
{
	struct source s = {.last = 10};
	struct replay r;

	start(&r, &s, 0, 0);
	for (uint64_t id = LIFE; id <= 10; id++) {
		nock_interrupt(BAIL_INTR);
		if (replay_step(&r) != REPLAY_GAVE_UP)
			TEST_FAIL("not interrupted at %d", (int)id);
		CHECK(r.kind == BAIL_INTR);
		CHECK_EQ(r.event, id == LIFE ? 0 : id - 1);
		CHECK(replay_step(&r) == REPLAY_DONE);
		CHECK_EQ(r.event, id);
	}
	CHECK(replay_step(&r) == REPLAY_END);
	replay_free(&r);
}

TEST("replay: an event of another number is bad, at any place")
{
	for (uint64_t id = 1; id <= 6; id++) {
		struct source s = {.last = 10, .gap = id};
		char why[128];
		struct replay r;

		snprintf(why, sizeof why, "it is event %d where %d should be",
		    (int)id + 1, (int)id);
		start(&r, &s, 0, 0);
		CHECK(run(&r) == REPLAY_BAD);
		CHECK_STR(r.why, why);
		CHECK_EQ(r.event, id <= LIFE ? 0 : id - 1);
		replay_free(&r);
	}
}

TEST("replay: a jam that is none is bad, at any place")
{
	for (uint64_t id = 1; id <= 6; id++) {
		struct source s = {.last = 10, .cut = id};
		struct replay r;

		if (id == 2) /* of three bytes, which are one after the cut */
			continue;
		start(&r, &s, 0, 0);
		CHECK(run(&r) == REPLAY_BAD);
		CHECK(strncmp(r.why, "bit ", 4) == 0);
		CHECK_EQ(r.event, id <= LIFE ? 0 : id - 1);
		replay_free(&r);
	}
}

TEST("replay: a source that fails is told as that, one that ends early as bad")
{
	for (uint64_t id = 1; id <= 6; id++) {
		struct source s = {.last = 10, .fail = id};
		struct replay r;

		start(&r, &s, 0, 0);
		CHECK(run(&r) == REPLAY_SOURCE);
		s.fail = 0;
		CHECK(run(&r) == REPLAY_END);
		CHECK_EQ(r.event, 10);
		replay_free(&r);
	}
	for (uint64_t last = 0; last < LIFE; last++) {
		struct source s = {.last = last};
		struct replay r;

		start(&r, &s, 0, 0);
		CHECK(run(&r) == (last ? REPLAY_BAD : REPLAY_END));
		replay_free(&r);
	}
}
