/* newt: what no tool can reach -- one byte at a time, EAGAIN, huge claims. */
#include "newt.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>

#include "out.h"
#include "test.h"

static const uint8_t two[] = {0, 2, 0, 0, 0, 0x31, 0x12, 0, 1, 0, 0, 0, 0x02};

/* A pipe that has n bytes in it; closed behind them if asked. */
static int
pipe_with(const void *p, size_t n, bool close_it, int *in)
{
	int fd[2];

	if (pipe(fd) < 0 || write(fd[1], p, n) != (ssize_t)n)
		abort();
	if (close_it)
		close(fd[1]);
	else
		*in = fd[1];
	return fd[0];
}

TEST("newt: the records of a stream come in order, then its end, and again")
{
	int fd = pipe_with(two, sizeof two, true, NULL);
	struct newt r = {0};

	REQUIRE(newt_read(fd, &r) == NEWT_REC);
	CHECK_EQ(r.n, 2);
	CHECK_MEM(r.p, two + 5, 2);
	CHECK_EQ(r.offset, 0);
	REQUIRE(newt_read(fd, &r) == NEWT_REC);
	CHECK_EQ(r.n, 1);
	CHECK_MEM(r.p, two + 12, 1);
	CHECK_EQ(r.offset, 7);
	CHECK_EQ(r.count, 2);
	CHECK(newt_read(fd, &r) == NEWT_END);
	CHECK(newt_read(fd, &r) == NEWT_END);
	newt_free(&r);
	CHECK(r.buf == NULL);
}

TEST(
    "newt: a stream that arrives byte by byte is EAGAIN until a record is whole")
{
	struct newt r = {0};
	int fd[2];

	REQUIRE(pipe(fd) == 0);
	REQUIRE(fcntl(fd[0], F_SETFL, O_NONBLOCK) == 0);
	for (size_t i = 0; i < sizeof two; i++) {
		CHECK(newt_read(fd[0], &r) == NEWT_SYS);
		CHECK_EQ(errno, EAGAIN);
		REQUIRE(write(fd[1], two + i, 1) == 1);
		if (i == 6 || i == 12)
			CHECK(newt_read(fd[0], &r) == NEWT_REC);
	}
	CHECK_EQ(r.count, 2);
	CHECK_MEM(r.p, two + 12, 1);
	newt_free(&r);
}

TEST("newt: a stream cut anywhere inside a record is bad data at that record")
{
	for (size_t cut = 1; cut < sizeof two; cut++) {
		int fd = pipe_with(two, cut, true, NULL);
		struct newt r = {0};
		enum newt_got got = newt_read(fd, &r);

		if (cut >= 7) {
			CHECK(got == NEWT_REC);
			got = newt_read(fd, &r);
		}
		CHECK(got == (cut == 7 ? NEWT_END : NEWT_CUT));
		CHECK_EQ(r.offset, cut < 7 ? 0 : 7);
		newt_free(&r);
		close(fd);
	}
}

TEST("newt: a claim of 4 GiB costs no memory before the bytes are there")
{
	static const uint8_t claim[] = {0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3};
	__attribute__((unused)) struct rlimit small = {64 << 20, 64 << 20};
	int fd = pipe_with(claim, sizeof claim, true, NULL);
	struct newt r = {0};

#ifndef __SANITIZE_ADDRESS__ /* which takes memory of its own */
	REQUIRE(setrlimit(RLIMIT_DATA, &small) == 0);
#endif
	CHECK(newt_read(fd, &r) == NEWT_CUT);
	CHECK(r.cap < 1 << 20);
	newt_free(&r);
}

TEST("newt: a step at a time, a record stays until it is dropped")
{
	struct newt r = {0};
	uint32_t head;

	CHECK(newt_look(&r) == NEWT_END);
	REQUIRE(newt_feed(&r, two, 3) == 0);
	CHECK(newt_look(&r) == NEWT_CUT);
	REQUIRE(newt_feed(&r, two + 3, 6) == 0);
	for (int i = 0; i < 2; i++) {
		CHECK(newt_look(&r) == NEWT_REC);
		CHECK_MEM(r.p, two + NEWT_HEAD, 2);
		CHECK_EQ(r.n, 2);
		CHECK_EQ(r.count, 1);
	}
	CHECK(newt_ready(&r));
	newt_drop(&r);
	CHECK(!newt_ready(&r));
	CHECK_EQ(newt_backlog(&r), 2);
	CHECK_EQ(r.offset, 7);
	newt_drop(&r); /* there is none */
	REQUIRE(newt_feed(&r, two + 9, sizeof two - 9) == 0);
	CHECK(newt_look(&r) == NEWT_REC);
	CHECK(newt_get(two + 7, sizeof two - 7, &head) == NEWT_REC);
	CHECK_EQ(r.n, head);
	CHECK_EQ(r.count, 2);
	newt_drop(&r);
	CHECK_EQ(newt_backlog(&r), 0);
	newt_free(&r);
}

TEST("newt: what a long record took is given back when it is dropped")
{
	enum { LONG = 3 << 20 };
	static uint8_t bytes[NEWT_HEAD + LONG];
	struct newt r = {0};

	newt_put(bytes, LONG);
	REQUIRE(newt_feed(&r, bytes, sizeof bytes) == 0);
	CHECK(newt_look(&r) == NEWT_REC);
	CHECK(r.cap > LONG);
	newt_drop(&r);
	CHECK(r.buf == NULL);
	CHECK_EQ(r.count, 1);
	newt_free(&r);
}

TEST("newt: wrong version and length 0 are bad, whatever follows")
{
	static const uint8_t bad[][6] = {
	    {1, 1, 0, 0, 0, 2}, {0xff, 1, 0, 0, 0, 2}, {0, 0, 0, 0, 0, 2}};

	for (size_t i = 0; i < 3; i++) {
		int fd = pipe_with(bad[i], 6, true, NULL);
		struct newt r = {0};

		CHECK(newt_read(fd, &r) == NEWT_BAD);
		CHECK_EQ(r.count, 0);
		newt_free(&r);
	}
}

/* A record much larger than a pipe, between two small ones. */
static void
write_three(int fd, const uint8_t *p, size_t n)
{
	if (newt_write(fd, "a", 1) < 0 || newt_write(fd, p, n) < 0 ||
	    newt_write(fd, "b", 1) < 0)
		abort();
	close(fd);
}

TEST("newt: a record larger than any buffer arrives whole through a pipe")
{
	size_t n = 5 << 20;
	uint8_t *p = malloc(n);
	struct newt r = {0};
	int fd[2];

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(i * 7 + (i >> 9));
	REQUIRE(pipe(fd) == 0);
	if (fork() == 0) {
		write_three(fd[1], p, n);
		_exit(0);
	}
	close(fd[1]);
	REQUIRE(newt_read(fd[0], &r) == NEWT_REC);
	CHECK_MEM(r.p, "a", 1);
	REQUIRE(newt_read(fd[0], &r) == NEWT_REC);
	REQUIRE(r.n == n);
	CHECK_MEM(r.p, p, n);
	REQUIRE(newt_read(fd[0], &r) == NEWT_REC);
	CHECK_MEM(r.p, "b", 1);
	CHECK(newt_read(fd[0], &r) == NEWT_END);
	CHECK_EQ(r.count, 3);
	newt_free(&r);
	free(p);
}

TEST(
    "newt: a record of no bytes, or of more than 32 bits can say, is not written")
{
	static struct out o;
	int fd[2];
	char c;

	REQUIRE(pipe(fd) == 0);
	out_init(&o, fd[1]);
	CHECK(newt_write(fd[1], "x", 0) == -1);
	CHECK_EQ(errno, EMSGSIZE);
	CHECK(newt_write(fd[1], "x", (size_t)NEWT_MAX + 1) == -1);
	CHECK_EQ(errno, EMSGSIZE);
	CHECK(newt_write_out(&o, "x", 0) == -1);
	CHECK_EQ(errno, EMSGSIZE);
	CHECK(out_flush(&o) == 0);
	close(fd[1]);
	CHECK_EQ(read(fd[0], &c, 1), 0);
}

TEST("newt: frames written into a buffer are the frames written at once")
{
	static struct out o;
	struct newt r = {0};
	int fd[2];

	REQUIRE(pipe(fd) == 0);
	out_init(&o, fd[1]);
	CHECK(newt_write_out(&o, two + 5, 2) == 0);
	CHECK(newt_write_out(&o, two + 12, 1) == 0);
	CHECK(out_flush(&o) == 0);
	CHECK(newt_write(fd[1], two + 5, 2) == 0);
	close(fd[1]);
	for (int i = 0; i < 3; i++) {
		REQUIRE(newt_read(fd[0], &r) == NEWT_REC);
		CHECK_EQ(r.n, i == 1 ? 1 : 2);
		CHECK_MEM(r.p, i == 1 ? two + 12 : two + 5, r.n);
	}
	CHECK(newt_read(fd[0], &r) == NEWT_END);
	newt_free(&r);
}

TEST("out: the first failure sticks, and a flush of nothing still tells it")
{
	static struct out o;
	static const char much[2 * OUT_ROOM];
	int fd = open("/dev/full", O_WRONLY);

	if (fd < 0)
		SKIP("no /dev/full here");
	out_init(&o, fd);
	CHECK(out_put(&o, "x", 1) == 0);
	CHECK(out_put(&o, much, sizeof much) == -1);
	CHECK_EQ(errno, ENOSPC);
	CHECK(out_put(&o, "x", 1) == -1);
	errno = 0;
	CHECK(out_flush(&o) == -1);
	CHECK_EQ(errno, ENOSPC);
}
