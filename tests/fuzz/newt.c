/*
 * The frame parser, over memory and over a descriptor: both must see the
 * same records, and what they see must lie in the input and come out of
 * newt_put() as it went in.
 */
#define _GNU_SOURCE /* memfd_create */
#include "newt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define REQUIRE(cond)            \
	do {                     \
		if (!(cond))     \
			abort(); \
	} while (0)

/* A file in memory that holds the input. */
static int
file_of(const uint8_t *p, size_t n)
{
	static int fd = -1;

	if (fd < 0)
		REQUIRE((fd = memfd_create("newt", 0)) >= 0);
	REQUIRE(ftruncate(fd, 0) == 0);
	REQUIRE(pwrite(fd, p, n, 0) == (ssize_t)n);
	REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static void
check_record(const uint8_t *p, size_t n, uint32_t len, const struct newt *r)
{
	uint8_t head[NEWT_HEAD];

	REQUIRE(len >= 1 && len <= n - NEWT_HEAD);
	newt_put(head, len);
	REQUIRE(memcmp(head, p, NEWT_HEAD) == 0);
	REQUIRE(r->n == len);
	REQUIRE(memcmp(r->p, p + NEWT_HEAD, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct newt r = {0};
	int fd = file_of(p, n);
	size_t at = 0;
	uint32_t len;

	for (;;) {
		enum newt_got got = newt_get(p + at, n - at, &len);

		REQUIRE(newt_read(fd, &r) == got);
		REQUIRE(r.offset == at);
		if (got != NEWT_REC)
			break;
		check_record(p + at, n - at, len, &r);
		at += NEWT_HEAD + (size_t)len;
	}
	newt_free(&r);
	return 0;
}
