/*
 * conn under load: what a shell cannot do, thousands of clients at a time
 * and some that do not read.  The program under test is $BIN/conn; the ship
 * is this process.
 */
#define _GNU_SOURCE /* prlimit */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "atom.h"
#include "heap.h"
#include "jam.h"
#include "newt.h"
#include "shape.h"
#include "test.h"
#include "text.h"

enum { MANY = 10000, WAIT_MS = 60 * 1000, DEAF_MS = 300, FRAMES = 128 };

/* -------- frames -------- */

struct bytes {
	uint8_t *p;
	size_t n;
};

static void *kept[FRAMES];
static size_t n_kept;

/* A frame lasts until finish(). */
static struct bytes
frame_of(noun n)
{
	uint64_t room;
	noun j = jam(n);
	size_t len = atom_bytes(j);
	struct bytes b = {malloc(NEWT_HEAD + len), NEWT_HEAD + len};

	if (b.p == NULL || n_kept == FRAMES)
		abort();
	kept[n_kept++] = b.p;
	newt_put(b.p, (uint32_t)len);
	memcpy(b.p + NEWT_HEAD, atom_view(j, &room), len);
	return b;
}

static struct bytes
frame(const char *text)
{
	struct text_fault fault;
	noun n;

	if (text_read(text, strlen(text), &n, &fault) < 0)
		abort();
	return frame_of(n);
}

/* An atom of n bytes. */
static noun
large(size_t n)
{
	static uint8_t ones[256 * 1024];

	return atom_from_bytes(memset(ones, 1, n), n);
}

/* -------- conn, and the ship -------- */

static struct {
	pid_t pid;
	int in, out; /* of conn: what is written to and read from */
	char dir[64];
} ship;

static void
run_conn(int in, int out, int ready, const char *queue)
{
	char path[4096], fd[16];
	const char *bin = getenv("BIN");

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(path, sizeof path, "%s/conn", bin ? bin : "bin");
	snprintf(fd, sizeof fd, "%d", ready);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	execl(path, "conn", "-q", "-d", fd, "--queue", queue, ship.dir,
	    (char *)NULL);
	_exit(111);
}

/* Start it, with so many descriptors at most; 0 = as many as we may. */
static bool
start(const char *queue, rlim_t files)
{
	int in[2], out[2], ready[2];
	struct rlimit r = {files, files};
	char c, urb[128];

	snprintf(ship.dir, sizeof ship.dir, "/tmp/conn-XXXXXX");
	if (mkdtemp(ship.dir) == NULL || pipe2(in, O_CLOEXEC) < 0 ||
	    pipe2(out, O_CLOEXEC) < 0 || pipe(ready) < 0)
		return false;
	snprintf(urb, sizeof urb, "%s/.urb", ship.dir);
	if (mkdir(urb, 0700) < 0)
		return false;
	if ((ship.pid = fork()) == 0) {
		close(ready[0]);
		if (files)
			setrlimit(RLIMIT_NOFILE, &r);
		run_conn(in[0], out[1], ready[1], queue);
	}
	close(in[0]);
	close(out[1]);
	close(ready[1]);
	ship.in = in[1];
	ship.out = out[0];
	return read(ready[0], &c, 1) == 1;
}

/* Its exit code, when its input ends. */
static int
finish(void)
{
	char path[128];
	int status = -1;

	while (n_kept > 0)
		free(kept[--n_kept]);
	close(ship.in);
	close(ship.out);
	waitpid(ship.pid, &status, 0);
	snprintf(path, sizeof path, "%s/.urb/conn.sock", ship.dir);
	unlink(path);
	snprintf(path, sizeof path, "%s/.urb", ship.dir);
	rmdir(path);
	rmdir(ship.dir);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		abort();
	signal(SIGPIPE, SIG_IGN);
	alarm(200);
}

/* -------- clients -------- */

static int
dial(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof a.sun_path, "%s/.urb/conn.sock", ship.dir);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
		return -1;
	return fd;
}

static bool
readable(int fd, int ms)
{
	struct pollfd p = {fd, POLLIN, 0};

	return poll(&p, 1, ms) == 1;
}

static bool
put(int fd, struct bytes b)
{
	return write(fd, b.p, b.n) == (ssize_t)b.n;
}

/* Does a frame come, and no more than that? */
static bool
answered(int fd)
{
	uint8_t buf[4096];
	uint32_t len;
	ssize_t n;

	return readable(fd, WAIT_MS) && (n = read(fd, buf, sizeof buf)) > 0 &&
	    newt_get(buf, (size_t)n, &len) == NEWT_REC &&
	    NEWT_HEAD + len == (size_t)n;
}

/* As many descriptors as may be; are they enough? */
static bool
room_for(rlim_t n)
{
	struct rlimit r;

	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	return r.rlim_cur >= n;
}

TEST("conn: ten thousand clients at a time are all answered")
{
	static int fd[MANY];
	struct bytes ask = frame("[5 %peel %khan 0]");
	int bad = 0;

	if (!room_for(MANY + 100))
		SKIP("too few descriptors");
	REQUIRE(start("1M", 0));
	for (int i = 0; i < MANY; i++)
		bad += (fd[i] = dial()) < 0;
	CHECK_EQ(bad, 0);
	for (int i = 0; i < MANY; i++)
		bad += !put(fd[i], ask);
	for (int i = 0; i < MANY; i++)
		bad += !answered(fd[i]);
	CHECK_EQ(bad, 0);
	for (int i = 0; i < MANY; i++)
		close(fd[i]);
	CHECK_EQ(finish(), 0);
}

TEST("conn: without descriptors clients wait, until others go")
{
	enum { FILES = 64, AT_ONCE = FILES - 32 };
	struct bytes ask = frame("[5 %peel %khan 0]");
	int fd[AT_ONCE + 2];

	REQUIRE(start("1M", FILES));
	for (int i = 0; i < AT_ONCE + 2; i++) {
		REQUIRE((fd[i] = dial()) >= 0);
		REQUIRE(put(fd[i], ask));
	}
	for (int i = 0; i < AT_ONCE; i++)
		CHECK(answered(fd[i]));
	CHECK(!readable(fd[AT_ONCE], DEAF_MS));
	close(fd[0]);
	CHECK(answered(fd[AT_ONCE]));
	CHECK(!readable(fd[AT_ONCE + 1], DEAF_MS));
	close(fd[1]);
	CHECK(answered(fd[AT_ONCE + 1]));
	CHECK_EQ(finish(), 0);
}

/* -------- clients that do not read, a ship that does not -------- */

/* Read and forget what conn says, n frames. */
static bool
hear(size_t n)
{
	static struct newt r;

	for (; n > 0; n--)
		if (newt_read(ship.out, &r) != NEWT_REC)
			return false;
	return true;
}

TEST("conn: a client that reads no answers is dropped, the others are not")
{
	enum { PEEKS = 64, SIZE = 256 * 1024 };
	struct bytes ask = frame("[5 %peek 1 2]");
	struct bytes other = frame("[5 %peel %khan 0]");
	noun big = large(SIZE);
	int deaf, good;
	char c;

	REQUIRE(start("1M", 0) && hear(1));
	REQUIRE((deaf = dial()) >= 0 && (good = dial()) >= 0);
	for (int i = 0; i < PEEKS; i++)
		REQUIRE(put(deaf, ask));
	REQUIRE(hear(PEEKS));
	for (int i = 0; i < PEEKS; i++)
		REQUIRE(put(ship.in,
		    frame_of(cons4(atom_cord("peek"), atom_word(2 + i), 0,
		        cons(0, big)))));
	REQUIRE(put(good, other));
	CHECK(answered(good));
	while (readable(deaf, WAIT_MS) && read(deaf, &c, 1) == 1)
		continue;
	CHECK(put(deaf, ask) == false);
	CHECK_EQ(finish(), 0);
}

/* Send frames until no more are taken for a while; how many were. */
static size_t
flood(int fd, struct bytes b, size_t most)
{
	struct pollfd p = {fd, POLLOUT, 0};
	size_t sent = 0;

	for (size_t n = 0; n < most; n++)
		for (size_t at = 0; at < b.n;) {
			ssize_t k = send(fd, b.p + at, b.n - at, MSG_DONTWAIT);

			if (k > 0)
				at += (size_t)k;
			else if (poll(&p, 1, DEAF_MS) == 0)
				return sent;
			sent += k > 0 ? (size_t)k : 0;
		}
	return sent;
}

TEST("conn: while the ship takes nothing, nothing is taken from clients")
{
	enum { MOST = 4000 };
	struct bytes b;
	noun card;
	int fd;
	size_t sent;

	card = cons(atom_cord("x"), large(8192));
	b = frame_of(cons(
	    direct(5), cons4(atom_cord("ovum"), direct('d'), direct(0), card)));
	REQUIRE(start("1M", 0) && (fd = dial()) >= 0);
	sent = flood(fd, b, MOST);
	CHECK(sent > 1 << 20);
	CHECK(sent < 8 << 20);
	CHECK(hear(sent / b.n));
	CHECK_EQ(finish(), 0);
}

/* -------- nothing -------- */

static long
switches(void)
{
	char path[64], line[256];
	long n = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)ship.pid);
	if ((f = fopen(path, "r")) == NULL)
		return -1;
	while (fgets(line, sizeof line, f))
		sscanf(line, "voluntary_ctxt_switches: %ld", &n);
	fclose(f);
	return n;
}

TEST("conn: with clients that do nothing it does nothing")
{
	struct bytes ask = frame("[5 %peek 1 2]");
	long before;

	REQUIRE(start("1M", 0) && hear(1));
	for (int i = 0; i < 100; i++)
		REQUIRE(put(dial(), ask));
	REQUIRE(hear(100));
	usleep(200 * 1000);
	before = switches();
	CHECK(before > 0);
	usleep(1000 * 1000);
	CHECK_EQ(switches(), before);
	CHECK_EQ(finish(), 0);
}
