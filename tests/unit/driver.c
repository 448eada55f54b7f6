/*
 * driver: a driver made for the test runs in a child, on descriptors of
 * every kind; what it was sent and what it said is compared.
 */
#define _GNU_SOURCE /* memfd_create, F_SETPIPE_SZ */
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "jam.h"
#include "newt.h"
#include "shape.h"
#include "test.h"
#include "text.h"
#include "tool.h"

void
test_setup(void)
{
	signal(SIGPIPE, SIG_IGN);
	if (heap_init(NULL) != 0)
		exit(111);
}

/* -------- the driver that is tested -------- */

static struct tool tool = {.name = "test", .operands = ""};

static noun kept; /* in a registered root */
static struct heap_root kept_root = {.p = &kept, .n = 1};

/* n cells that nobody wants */
static void
waste(uint64_t n)
{
	for (noun list = 0; n > 0; n--)
		list = cons(direct(n), list);
}

static void
on_born(struct driver *d)
{
	driver_emit(
	    d, cons3(driver_wire(d, "t", "test"), atom_cord("born"), 0));
}

/*
 * [wire %echo data] comes back; %two does twice, and crashes between;
 * %waste n makes cells; %keep noun is kept, %kept gives it back; %end ends.
 */
static void
on_card(struct driver *d, noun wire, noun card)
{
	noun tag = head(card), data = tail(card);

	if (atom_is(tag, "echo"))
		driver_emit(d, cons(wire, card));
	if (atom_is(tag, "two")) {
		driver_emit(d, cons(wire, card));
		bail(BAIL_EXIT);
	}
	if (atom_is(tag, "waste"))
		waste(direct_value(data));
	if (atom_is(tag, "keep"))
		kept = data;
	if (atom_is(tag, "kept"))
		driver_emit(d, kept);
	if (atom_is(tag, "end"))
		driver_end(d, (int)direct_value(data));
}

/* Which it was, and all of it. */
static void
on_message(struct driver *d, enum frame frame, noun whole)
{
	driver_emit(d, cons3(atom_cord("got"), direct(frame), whole));
}

static void
init(struct driver *d)
{
	*d = (struct driver){.name = "test",
	    .born = on_born,
	    .card = on_card,
	    .message = on_message,
	    .heap = 64 << 20};
	tool_init(&tool);
	heap_free(); /* the test's own */
	if (driver_init(d) != 0)
		_exit(111);
	heap_root_add(&kept_root);
}

static int
plain(void)
{
	struct driver d;

	init(&d);
	return driver_run(&d);
}

/* -------- a child that runs it -------- */

enum kind { PIPE, SOCKET, FILE_, KINDS };

/* Each is static, all zero first: what is not given back is no leak. */
struct child {
	pid_t pid;
	int in, out, err; /* our ends: write, read, read */
	struct newt newt;
};

/* fd[0] to read from, fd[1] to write to. */
static void
ends(enum kind kind, int fd[2])
{
	int error = kind == PIPE ? pipe(fd)
	    : kind == SOCKET     ? socketpair(AF_UNIX, SOCK_STREAM, 0, fd)
	                         : 0;

	if (kind == FILE_)
		error = (fd[0] = fd[1] = memfd_create("test", 0)) < 0;
	if (error)
		exit(111);
}

/* A child that reads a file begins when all is in it. */
struct plan {
	enum kind in, out;
	int (*run)(void);
	int in_fd[2], out_fd[2], err_fd[2];
};

static void
plan(struct plan *p, enum kind in, enum kind out, int (*run)(void))
{
	p->in = in;
	p->out = out;
	p->run = run;
	ends(in, p->in_fd);
	ends(out, p->out_fd);
	ends(PIPE, p->err_fd);
}

static void
close_two(int a, int b)
{
	close(a);
	if (a != b)
		close(b);
}

static void
start(struct plan *p, struct child *c)
{
	if ((c->pid = fork()) == 0) {
		if (p->in == FILE_)
			lseek(p->in_fd[0], 0, SEEK_SET);
		dup2(p->in_fd[0], 0);
		dup2(p->out_fd[1], 1);
		dup2(p->err_fd[1], 2);
		close_two(p->in_fd[0], p->in_fd[1]);
		close_two(p->out_fd[0], p->out_fd[1]);
		close_two(p->err_fd[0], p->err_fd[1]);
		alarm(100);
		_exit(p->run());
	}
	if (p->in != FILE_)
		close(p->in_fd[0]);
	if (p->out != FILE_)
		close(p->out_fd[1]);
	close(p->err_fd[1]);
	c->in = p->in_fd[1];
	c->out = p->out_fd[0];
	c->err = p->err_fd[0];
	newt_free(&c->newt);
}

static void
start_plain(struct child *c)
{
	struct plan p;

	plan(&p, PIPE, PIPE, plain);
	start(&p, c);
}

static int
wait_for(struct child *c)
{
	int status;

	waitpid(c->pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Its words, once it has ended. */
static const char *
words(struct child *c)
{
	static char said[4096];
	ssize_t n = read(c->err, said, sizeof said - 1);

	said[n > 0 ? n : 0] = 0;
	return said;
}

/* -------- nouns to it and from it -------- */

static noun
read_text(const char *s)
{
	struct text_fault fault;
	noun n;

	if (text_read(s, strlen(s), &n, &fault) < 0)
		exit(111);
	return n;
}

static void
put(int fd, noun n)
{
	noun j = jam(n);
	uint64_t room;

	if (newt_write(fd, atom_view(j, &room), atom_bytes(j)) < 0)
		perror("put");
}

static void
put_text(int fd, const char *s)
{
	put(fd, read_text(s));
}

/* The next frame it wrote; 0 at the end. */
static noun
get(struct child *c)
{
	struct cue_fault fault;
	noun n;

	if (newt_read(c->out, &c->newt) != NEWT_REC ||
	    cue(c->newt.p, c->newt.n, &n, &fault) < 0)
		return 0;
	return n;
}

#define CHECK_GET(c, text) CHECK(equal(get(c), read_text(text)))

/* It announces itself: the knot of its wire. */
static noun
get_born(struct child *c)
{
	noun n = get(c), t, test, knot, end;

	if (!is_cell(n) || !uncons4(head(n), &t, &test, &knot, &end) ||
	    !equal(tail(n), read_text("[%born 0]")))
		return 0;
	return knot;
}

/* -------- frames -------- */

TEST("driver: it announces itself, answers, and ends when its input does")
{
	static struct child c;

	start_plain(&c);
	CHECK(get_born(&c) != 0);
	put_text(c.in, "[[%t 0] %echo 1 2 3]");
	CHECK_GET(&c, "[[%t 0] %echo 1 2 3]");
	put_text(c.in, "[[%t 0] %echo 4]");
	CHECK_GET(&c, "[[%t 0] %echo 4]");
	close(c.in);
	CHECK_EQ(get(&c), 0);
	CHECK_EQ(wait_for(&c), 0);
	CHECK_STR(words(&c), "");
}

static void
check_kinds(enum kind in, enum kind out)
{
	struct plan p;
	static struct child c;

	plan(&p, in, out, plain);
	for (int i = 0; in == FILE_ && i < 1000; i++)
		put_text(p.in_fd[1], "[[%t 0] %echo 1 2 3]");
	start(&p, &c);
	for (int i = 0; in != FILE_ && i < 1000; i++)
		put_text(c.in, "[[%t 0] %echo 1 2 3]");
	close(c.in);
	if (out == FILE_) {
		CHECK_EQ(wait_for(&c), 0);
		lseek(c.out, 0, SEEK_SET);
	}
	CHECK(get_born(&c) != 0);
	for (int i = 0; i < 1000; i++)
		CHECK_GET(&c, "[[%t 0] %echo 1 2 3]");
	CHECK_EQ(get(&c), 0);
	if (out != FILE_)
		CHECK_EQ(wait_for(&c), 0);
	heap_collect(HEAP_MAJOR);
}

TEST("driver: its input and its output may be pipes, sockets and files")
{
	for (int in = 0; in < KINDS; in++)
		for (int out = 0; out < KINDS; out++)
			check_kinds((enum kind)in, (enum kind)out);
}

/* [%got frame whole] */
static void
check_message(struct child *c, const char *text, enum frame frame)
{
	noun n = read_text(text);

	put(c->in, n);
	CHECK(equal(get(c), cons3(atom_cord("got"), direct(frame), n)));
}

TEST("driver: a message is given whole, %born has it announce itself again")
{
	static struct child c;
	noun knot;

	start_plain(&c);
	knot = get_born(&c);
	check_message(&c, "[%done 5 6]", FRAME_DONE);
	check_message(&c, "[%bail 5 [%exit 0] 0]", FRAME_BAIL);
	check_message(&c, "[%slog 0 'x']", FRAME_SLOG);
	check_message(&c, "[%whatever 1 2]", FRAME_OTHER);
	put_text(c.in, "[%born 0]");
	CHECK(equal(get_born(&c), knot));
	close(c.in);
	CHECK_EQ(wait_for(&c), 0);
}

TEST("driver: a stream that is none ends it with 2 and a line that says where")
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *says;
	} bad[] = {
	    {"\1", 1,
	        "test: stdin: frame 1: bad version byte or length of a "
	        "frame\n"},
	    {"\0\1", 2,
	        "test: stdin: frame 1: the stream ends inside a frame\n"},
	    {"\0\2\0\0\0x", 6,
	        "test: stdin: frame 1: the stream ends inside a frame\n"},
	    {"\0\1\0\0\0\x02", 6,
	        "test: frame 1: neither a card nor a message\n"},
	    {"\0\1\0\0\0\x01", 6, "test: frame 1: the jam is cut short\n"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		static struct child c;

		start_plain(&c);
		CHECK(write(c.in, bad[i].bytes, bad[i].n) == (ssize_t)bad[i].n);
		close(c.in);
		CHECK_EQ(wait_for(&c), 2);
		CHECK_STR(words(&c), bad[i].says);
		CHECK(get_born(&c) != 0);
	}
}

TEST("driver: what came before what is wrong in a stream is answered")
{
	static struct child c;

	start_plain(&c);
	put_text(c.in, "[[%t 0] %echo 1]");
	CHECK(write(c.in, "\1", 1) == 1);
	CHECK_EQ(wait_for(&c), 2);
	CHECK_STR(words(&c),
	    "test: stdin: frame 2: bad version byte or length of a frame\n");
	CHECK(get_born(&c) != 0);
	CHECK_GET(&c, "[[%t 0] %echo 1]");
}

static int
short_frames(void)
{
	struct driver d;

	init(&d);
	d.frame = 20;
	return driver_run(&d);
}

TEST("driver: a frame longer than it takes is refused by its head")
{
	struct plan p;
	static struct child c;

	plan(&p, PIPE, PIPE, short_frames);
	start(&p, &c);
	put_text(c.in, "[[%t 0] %echo 1]");
	CHECK(write(c.in, "\0\25\0\0", 5) == 5);
	CHECK_EQ(wait_for(&c), 2);
	CHECK_STR(words(&c), "test: stdin: frame 2: too long\n");
}

TEST("driver: frames larger than any pipe go in and out whole")
{
	noun big = cons3(read_text("[%t 0]"), atom_cord("echo"), 0), part = 0;
	static struct child c;

	for (int i = 0; i < 50000; i++)
		part = cons(direct((uint64_t)i * i), part);
	big = cons3(head(big), head(tail(big)), part);
	start_plain(&c);
	CHECK(get_born(&c) != 0);
	for (int i = 0; i < 5; i++) {
		put(c.in, big);
		CHECK(equal(get(&c), big));
	}
	close(c.in);
	CHECK_EQ(wait_for(&c), 0);
}

/* -------- what bails, and memory -------- */

TEST("driver: what bails is said, only that is lost, what was emitted is not")
{
	static struct child c;

	start_plain(&c);
	CHECK(get_born(&c) != 0);
	put_text(c.in, "[[%t 0] %two 1]");
	put_text(c.in, "[[%t 0] %echo 2]");
	CHECK_GET(&c, "[[%t 0] %two 1]");
	CHECK_GET(&c, "[[%t 0] %echo 2]");
	close(c.in);
	CHECK_EQ(wait_for(&c), 0);
	CHECK_STR(words(&c), "test: frame 1: crashed, it is lost\n");
}

TEST("driver: what a callback makes is gone after it, what it keeps is not")
{
	static struct child c;

	start_plain(&c);
	CHECK(get_born(&c) != 0);
	put_text(c.in, "[[%t 0] %keep [1 2] 3 4]");
	for (int i = 0; i < 20; i++)
		put_text(c.in, "[[%t 0] %waste 500.000]");
	put_text(c.in, "[[%t 0] %kept 0]");
	CHECK_GET(&c, "[[1 2] 3 4]");
	close(c.in);
	CHECK_EQ(wait_for(&c), 0);
	CHECK_STR(words(&c), "");
}

TEST("driver: a callback that wants more memory than there is loses its frame")
{
	static struct child c;

	start_plain(&c);
	CHECK(get_born(&c) != 0);
	put_text(c.in, "[[%t 0] %waste 10.000.000]");
	put_text(c.in, "[[%t 0] %echo 1]");
	CHECK_GET(&c, "[[%t 0] %echo 1]");
	close(c.in);
	CHECK_EQ(wait_for(&c), 0);
	CHECK_STR(words(&c), "test: frame 1: out of memory, it is lost\n");
}

/* -------- output -------- */

enum { CHUNK = 10000, CHUNKS = 2000 };

static uv_idle_t source;
static unsigned emitted;
static size_t most;

static void
emit_chunk(struct driver *d, void *arg)
{
	uint64_t *p = heap_atom_begin(CHUNK / 8);

	(void)arg;
	for (size_t i = 0; i < CHUNK / 8; i++)
		p[i] = emitted + 1;
	driver_emit(d, cons(atom_cord("c"), heap_atom_end(CHUNK / 8)));
}

/* As much as there is, while it is wanted. */
static void
on_source(uv_idle_t *idle)
{
	struct driver *d = idle->data;

	while (emitted < CHUNKS && !driver_full(d)) {
		driver_try(d, emit_chunk, NULL);
		emitted++;
		if (driver_backlog(d) > most)
			most = driver_backlog(d);
	}
	uv_idle_stop(idle);
	if (emitted == CHUNKS)
		driver_end(d, 0);
}

static void
on_drained(struct driver *d)
{
	if (driver_backlog(d) == 0)
		on_source(&source);
	(void)d;
}

/* What waited at most, in KiB, is its exit code. */
static int
chatty(void)
{
	struct driver d;

	init(&d);
	d.drained = on_drained;
	uv_idle_init(d.loop, &source);
	source.data = &d;
	uv_idle_start(&source, on_source);
	if (driver_run(&d) != 0)
		return 255;
	return most > DRIVER_FULL + 2 * CHUNK ? 254 : most > DRIVER_FULL;
}

static void
check_chatty(enum kind out)
{
	struct plan p;
	static struct child c;
	unsigned n = 0;

	plan(&p, PIPE, out, chatty);
	start(&p, &c);
	if (out == FILE_) {
		CHECK_EQ(wait_for(&c), 0);
		lseek(c.out, 0, SEEK_SET);
	} else {
		usleep(100000); /* it fills up, whatever this is enough for */
	}
	CHECK(get_born(&c) != 0);
	for (noun chunk; (chunk = get(&c)) != 0; heap_safepoint()) {
		n++;
		CHECK_EQ(boxed_limbs(tail(chunk))[0], n);
	}
	CHECK_EQ(n, CHUNKS);
	if (out != FILE_)
		CHECK(wait_for(&c) < 254);
}

TEST("driver: one that stops when it is full, and goes on when drained, "
     "says all, and never has much more waiting")
{
	check_chatty(PIPE);
	check_chatty(SOCKET);
	check_chatty(FILE_);
}

/* One that never stops is refused at last. */
static int
deaf(void)
{
	struct driver d;
	int said = 0;

	init(&d);
	while (said < DRIVER_STOP && driver_try(&d, emit_chunk, NULL))
		said += CHUNK;
	return driver_backlog(&d) < DRIVER_STOP + 2 * CHUNK &&
	    said >= DRIVER_STOP - 2 * CHUNK;
}

TEST("driver: what nobody reads is refused when 64 MiB of it wait")
{
	struct plan p;
	static struct child c;

	plan(&p, PIPE, PIPE, deaf);
	start(&p, &c);
	CHECK_EQ(wait_for(&c), 1);
}

TEST("driver: when nobody reads any more, it ends with 111 and no word")
{
	static struct child c;

	start_plain(&c);
	CHECK(get_born(&c) != 0);
	close(c.out);
	put_text(c.in, "[[%t 0] %echo 1]");
	CHECK_EQ(wait_for(&c), 111);
	CHECK_STR(words(&c), "");
}

TEST("driver: when its parent has gone, both ends at once, it ends with 0")
{
	struct plan p;
	static struct child c;

	plan(&p, PIPE, PIPE, plain);
	put_text(p.in_fd[1], "[[%t 0] %echo 1]");
	close(p.in_fd[1]);
	close(p.out_fd[0]);
	p.in_fd[1] = p.in_fd[0];
	p.out_fd[0] = p.out_fd[1];
	start(&p, &c);
	CHECK_EQ(wait_for(&c), 0);
}

TEST("driver: driver_end() ends it with its code, after what was said before")
{
	static struct child c;

	start_plain(&c);
	put_text(c.in, "[[%t 0] %echo 1]");
	put_text(c.in, "[[%t 0] %end 9]");
	CHECK_EQ(wait_for(&c), 9);
	CHECK(get_born(&c) != 0);
	CHECK_GET(&c, "[[%t 0] %echo 1]");
	CHECK_EQ(get(&c), 0);
}

/* -------- the rest -------- */

static int
jailed(void)
{
	struct driver d;
	int code;

	init(&d);
	code = driver_run(&d);
	return open("/", O_RDONLY) >= 0 ? 99 : code;
}

TEST("driver: it runs in a jail")
{
	struct plan p;
	static struct child c;

	plan(&p, PIPE, PIPE, jailed);
	start(&p, &c);
	close(c.in);
	CHECK_EQ(wait_for(&c), 0);
}

static int ready[2];

static int
tells_ready(void)
{
	struct driver d;

	init(&d);
	close(ready[0]);
	d.ready_fd = ready[1];
	return driver_run(&d);
}

TEST("driver: with a descriptor for it, it writes a newline when it is ready")
{
	char two[2];
	struct plan p;
	static struct child c;

	REQUIRE(pipe(ready) == 0);
	plan(&p, PIPE, PIPE, tells_ready);
	start(&p, &c);
	close(ready[1]);
	CHECK_EQ(read(ready[0], two, 2), 1);
	CHECK_EQ(two[0], '\n');
	CHECK_EQ(read(ready[0], two, 2), 0);
	close(c.in);
	CHECK_EQ(wait_for(&c), 0);
}

TEST("driver: SIGTERM and SIGINT do not end it")
{
	static struct child c;

	start_plain(&c);
	CHECK(get_born(&c) != 0);
	CHECK(kill(c.pid, SIGTERM) == 0 && kill(c.pid, SIGINT) == 0);
	put_text(c.in, "[[%t 0] %echo 1]");
	CHECK_GET(&c, "[[%t 0] %echo 1]");
	close(c.in);
	CHECK_EQ(wait_for(&c), 0);
}

TEST("driver: it leaves the modes of its descriptors as they were")
{
	struct plan p;
	static struct child c;
	int in, out;

	plan(&p, PIPE, PIPE, plain);
	in = dup(p.in_fd[0]);
	out = dup(p.out_fd[1]);
	start(&p, &c);
	CHECK(get_born(&c) != 0);
	CHECK_EQ(fcntl(in, F_GETFL) & O_NONBLOCK, 0);
	close(c.in);
	CHECK_EQ(wait_for(&c), 0);
	CHECK_EQ(fcntl(out, F_GETFL) & O_NONBLOCK, 0);
}

/* -------- nouns -------- */

static bool
is_knot(noun knot)
{
	uint64_t room;
	const char *p = (const char *)atom_view(knot, &room);
	size_t n = atom_bytes(knot), i = 2;

	if (n < 3 || n > 10 || p[0] != '0' || p[1] != 'v' || p[2] == '0')
		return false;
	for (; i < n; i++)
		if (p[i] == '.' ? n - i != 6
		                : strchr("0123456789abcdefghijklmnopqrstuv",
		                      p[i]) == NULL ||
		            n - i == 6)
			return false;
	return true;
}

TEST("driver: the last knot of its wire is a @uv of 31 bits, new each time")
{
	noun last = 0;

	for (int i = 0; i < 30; i++) {
		static struct child c;
		noun knot;

		start_plain(&c);
		knot = get_born(&c);
		CHECK(is_knot(knot));
		CHECK(!equal(knot, last));
		last = knot;
		close(c.in);
		close(c.out);
		close(c.err);
		CHECK_EQ(wait_for(&c), 0);
	}
}
