#define _GNU_SOURCE /* O_PATH, SOCK_CLOEXEC */
#include "dial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "equal.h"
#include "heap.h"
#include "jam.h"
#include "load.h"
#include "newt.h"
#include "shape.h"
#include "tool.h"

enum { RID = 1 };

static int fd = -1;
static const char *ship; /* its pier, for words */
static uint64_t limit;   /* in ns; 0 = none */
static struct newt newt;

/* -------- connecting -------- */

static int
set_limit(void)
{
	struct timeval t = {.tv_sec = (time_t)(limit / 1000000000),
	    .tv_usec = (suseconds_t)(limit % 1000000000 / 1000)};

	if (limit == 0)
		return 0;
	if (t.tv_sec == 0 && t.tv_usec == 0)
		t.tv_usec = 1;
	return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t) < 0 ||
	        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t) < 0
	    ? -1
	    : 0;
}

static int
failed(void)
{
	return errno == EAGAIN
	    ? tool_fail(TOOL_SYS, ship, "says nothing: the limit is --timeout")
	    : tool_errno(ship);
}

static int
no_ship(const char *pier)
{
	if (errno == ENOENT || errno == ECONNREFUSED)
		return tool_fail(TOOL_SYS, pier, "no ship runs here");
	return errno == EAGAIN ? failed() : tool_errno(pier);
}

/* The directory by its descriptor: an address holds 108 bytes. */
int
dial_open(const char *pier, uint64_t limit_ns)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int dir = open(pier, O_PATH | O_DIRECTORY | O_CLOEXEC), rc;

	ship = pier;
	limit = limit_ns;
	signal(SIGPIPE, SIG_IGN);
	if (dir < 0)
		return tool_errno(pier);
	snprintf(a.sun_path, sizeof a.sun_path,
	    "/proc/self/fd/%d/.urb/conn.sock", dir);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || set_limit() < 0)
		return tool_errno("socket");
	do
		rc = connect(fd, (struct sockaddr *)&a, sizeof a);
	while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return no_ship(pier);
	close(dir);
	return 0;
}

/* -------- a question and its answer -------- */

/* Under a trap. */
struct asking {
	noun question, jam;
	noun answer;
	struct cue_fault fault;
	int rc;
};

static void
make_frame(void *arg)
{
	struct asking *a = arg;

	a->jam = jam(cons(direct(RID), a->question));
}

static void
read_frame(void *arg)
{
	struct asking *a = arg;

	a->rc = cue(newt.p, newt.n, &a->answer, &a->fault);
}

static int
ask(struct asking *a)
{
	enum bail kind = trap_run(make_frame, a);
	uint64_t room;

	if (kind != BAIL_NONE)
		return load_gave_up("question", kind);
	if (newt_write(fd, atom_view(a->jam, &room), atom_bytes(a->jam)) == 0)
		return 0;
	if (errno == EPIPE) /* it may have said why */
		return 0;
	return errno == EMSGSIZE
	    ? tool_fail(TOOL_NO, "question", "is too long for a frame")
	    : failed();
}

static int
get_answer(struct asking *a)
{
	enum newt_got got = newt_read(fd, &newt);
	enum bail kind;

	if (got == NEWT_END || (got == NEWT_SYS && errno == ECONNRESET))
		return tool_fail(TOOL_SYS, ship, "has gone without an answer");
	if (got == NEWT_SYS)
		return failed();
	if (got != NEWT_REC)
		return tool_fail(TOOL_DATA, "answer", "%s", newt_why(got));
	if ((kind = trap_run(read_frame, a)) != BAIL_NONE)
		return load_gave_up("answer", kind);
	if (a->rc < 0)
		return tool_fail(TOOL_DATA, "answer", "%s", a->fault.reason);
	return 0;
}

/* [0 %bail code text]: the question was wrong. */
static int
refused(noun rest)
{
	noun tag, code, text;
	uint64_t room;

	if (!uncons3(rest, &tag, &code, &text) || is_cell(text) ||
	    atom_bytes(text) > 64)
		return tool_fail(TOOL_DATA, "answer", "is to no question");
	return tool_fail(TOOL_NO, ship, "refused it: %.*s",
	    (int)atom_bytes(text), (const char *)atom_view(text, &room));
}

int
dial_ask(noun question, noun *rest)
{
	struct asking a = {.question = question};
	noun rid;
	int code;

	if ((code = ask(&a)) != 0 || (code = get_answer(&a)) != 0)
		return code;
	if (!uncons(a.answer, &rid, rest))
		return tool_fail(TOOL_DATA, "answer", "is no [rid rest]");
	return equal(rid, direct(RID)) ? 0 : refused(*rest);
}

/* -------- passing on -------- */

/* 0, or -1 with errno set. */
static int
write_all(int to, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t put = write(to, p, n);

		if (put < 0 && errno != EINTR)
			return -1;
		if (put > 0) {
			p += put;
			n -= (size_t)put;
		}
	}
	return 0;
}

/* What is passed on, one way. */
struct way {
	int from, to;
	const char *source;
	bool over;
	size_t at, have;
	char bytes[64 * 1024];
};

static struct way out = {.from = STDIN_FILENO, .source = "stdin"};
static struct way in = {.to = STDOUT_FILENO};

/* Read what there is.  0, or the exit code. */
static int
fill(struct way *w)
{
	ssize_t got;

	do
		got = read(w->from, w->bytes, sizeof w->bytes);
	while (got < 0 && errno == EINTR);
	if (got < 0 && !(w == &in && errno == ECONNRESET))
		return tool_errno(w->source);
	w->at = 0;
	w->have = got > 0 ? (size_t)got : 0;
	w->over = got <= 0;
	return 0;
}

/* Standard input goes as fast as the ship takes it. */
static int
push(void)
{
	ssize_t put = send(fd, out.bytes + out.at, out.have - out.at,
	    MSG_DONTWAIT | MSG_NOSIGNAL);

	if (put > 0)
		out.at += (size_t)put;
	if (put < 0 && (errno == EPIPE || errno == ECONNRESET))
		out.at = out.have; /* it says why, or ends */
	else if (put < 0 && errno != EAGAIN && errno != EINTR)
		return tool_errno(ship);
	return 0;
}

static int
pull(void)
{
	int code = fill(&in);

	if (code == 0 && write_all(STDOUT_FILENO, in.bytes, in.have) < 0)
		code = tool_errno("stdout");
	return code;
}

/* Pass on what there is.  0, or the exit code. */
static int
step(void)
{
	bool waits = out.at < out.have;
	struct pollfd p[2] = {{fd, (short)(POLLIN | (waits ? POLLOUT : 0)), 0},
	    {out.over || waits ? -1 : STDIN_FILENO, POLLIN, 0}};
	int ms = limit
	    ? (int)(limit / 1000000 < 1 << 30 ? limit / 1000000 + 1 : 1 << 30)
	    : -1;
	int n = poll(p, 2, ms), code = 0;

	if (n < 0)
		return errno == EINTR ? 0 : tool_errno("poll");
	if (n == 0) {
		errno = EAGAIN;
		return failed();
	}
	if (p[1].revents && (code = fill(&out)) == 0 && out.over)
		shutdown(fd, SHUT_WR);
	if (code == 0 && (p[0].revents & POLLOUT))
		code = push();
	if (code == 0 && (p[0].revents & (POLLIN | POLLHUP | POLLERR)))
		code = pull();
	return code;
}

int
dial_pass(void)
{
	int code = 0;

	while (code == 0 && !in.over) {
		in.from = out.to = fd;
		in.source = ship;
		code = step();
	}
	if (code == 0 && !out.over)
		return tool_fail(TOOL_SYS, ship, "has gone before the end");
	return code;
}
