/*
 * What a client may send to conn, and what may come of it: the input is
 * written to a connection, and each request is answered with what the input
 * holds behind it.  Whatever goes to the ship is a frame that urbit passes
 * on; whatever goes to the client is a frame with a jam in it; and when the
 * client has gone nothing of it is left.
 *
 * The driver is this file: it has no descriptors.
 */
#include <assert.h>
#include <sys/socket.h>
#include <unistd.h>

/* A program of several files, taken whole. */
#include "../../cmd/conn/answer.c"
#include "../../cmd/conn/chan.c"
#include "../../cmd/conn/info.c"
#include "../../cmd/conn/knot.c"
#include "../../cmd/conn/request.c"
#include "../../cmd/conn/table.c"

struct conn conn = {.frame = 1 << 16, .queue = 1 << 16, .limit = 16};

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* -------- the driver -------- */

/* What was asked and is to be answered. */
static struct frame_head asked[CHAN_OPEN];
static size_t n_asked;

static void
no_nouns(void)
{
	heap_collect(HEAP_MAJOR);
}

struct call {
	void (*f)(struct driver *, void *);
	void *arg;
};

static void
call_it(void *arg)
{
	struct call *c = arg;

	c->f(&conn.d, c->arg);
}

bool
driver_try(struct driver *d, void (*f)(struct driver *, void *), void *arg)
{
	struct call c = {f, arg};

	(void)d;
	return trap_run(call_it, &c) == BAIL_NONE;
}

void
driver_emit(struct driver *d, noun frame)
{
	struct frame_head h;
	uint64_t room;
	noun j = jam(frame);

	(void)d;
	frame_head(atom_view(j, &room), atom_bytes(j), &h);
	assert(h.frame == FRAME_CARD || h.frame == FRAME_POKE ||
	    h.frame == FRAME_PEEK || h.frame == FRAME_PEEL ||
	    h.frame == FRAME_URTH);
	if (h.frame != FRAME_CARD && n_asked < CHAN_OPEN)
		asked[n_asked++] = h;
}

bool
driver_full(const struct driver *d)
{
	(void)d;
	return false;
}

noun
driver_wire(const struct driver *d, const char *vane, const char *name)
{
	(void)d;
	return cons4(atom_cord(vane), atom_cord(name), atom_cord("0v0"), 0);
}

/* -------- the ship -------- */

/* Under a trap: an answer chosen by a byte, then one that fits. */
static void
answer_one(struct driver *d, void *arg)
{
	static const enum frame ends[] = {
	    FRAME_DONE, FRAME_BAIL, FRAME_GONE, FRAME_PEEK, FRAME_PEEL};
	const uint8_t *byte = arg;
	struct frame_head *h = &asked[--n_asked];
	noun rest = *byte & 64 ? cons(NO, *byte & 32) : direct(*byte & 1);
	noun whole = cons3(direct(1), atom_word(h->id), rest);
	bool read = h->frame == FRAME_PEEK || h->frame == FRAME_PEEL;

	answer_message(d, ends[*byte % 5], whole);
	answer_message(d, read ? h->frame : ends[*byte % 3], whole);
}

/* The wire of a thread that there may be. */
static void
avow(struct driver *d, void *arg)
{
	const uint8_t *byte = arg;
	noun end = cons3(knot_ud(last), knot_uv(direct(*byte)), 0);
	noun wire = cons3(atom_cord("khan"), atom_cord("0v0"), end);

	answer_card(d, wire, cons(atom_cord("avow"), direct(*byte)));
}

static void
answer_all(const uint8_t *p, size_t n)
{
	for (size_t i = 0; n_asked > 0; i++) {
		uint8_t byte = i < n ? p[i] : 0;

		driver_try(&conn.d, answer_one, &byte);
		driver_try(&conn.d, avow, &byte);
	}
}

/* -------- the client -------- */

static void
turn(void)
{
	for (int i = 0; i < 4; i++)
		uv_run(conn.d.loop, UV_RUN_NOWAIT);
}

/* Read what came: frames, each a jam. */
static void
check_answers(int fd)
{
	static uint8_t buf[1 << 20];
	struct cue_fault fault;
	ssize_t got = recv(fd, buf, sizeof buf, MSG_DONTWAIT);
	size_t n = got > 0 ? (size_t)got : 0, at = 0;
	uint32_t len;
	noun frame;

	for (; at < n; at += NEWT_HEAD + (size_t)len) {
		assert(newt_get(buf + at, n - at, &len) == NEWT_REC);
		assert(cue(buf + at + NEWT_HEAD, len, &frame, &fault) == 0);
		assert(is_cell(frame) && is_atom(head(frame)));
	}
}

static int
connect_to(void)
{
	int pair[2];
	struct chan *c = chan_new();

	assert(c && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	assert(uv_pipe_open(&c->pipe, pair[0]) == 0);
	work(c);
	return pair[1];
}

static void
begin(void)
{
	static uv_loop_t loop;
	static struct tool tool = {.name = "fuzz"};

	if (conn.d.loop)
		return;
	if (heap_init(NULL) != 0 || uv_loop_init(&loop) != 0)
		abort();
	conn.d.loop = &loop;
	tool_init(&tool);
	tool.quiet = true;
	uv_idle_init(&loop, &going);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	int fd;

	begin();
	fd = connect_to();
	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < 300 ? n - at : 300;
		if (send(fd, p + at, k, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			break;
		turn();
		answer_all(p + at, k);
		check_answers(fd);
		no_nouns();
	}
	shutdown(fd, SHUT_WR);
	for (turn(); n_asked > 0; turn()) {
		answer_all(p, n);
		check_answers(fd);
	}
	close(fd);
	close_gone();
	turn();
	assert(conn.chans.n == 0 && conn.requests.n == 0);
	assert(conn.in == 0 && conn.out == 0);
	no_nouns();
	return 0;
}
