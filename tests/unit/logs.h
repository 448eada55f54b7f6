/*
 * logs -- what the tests of the event log share: events that are known by
 * their number, and a directory of their own.
 */
#ifndef LOGS_H
#define LOGS_H

#include <ftw.h>

#include "log.h"
#include "test.h"

enum { LOGS_JAM = 6000 };

/* So that a test can be told from its text. */
static uint64_t
logs_mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* Event id: short, long, one that compresses, one that does not. */
static struct log_event
logs_event(uint64_t id)
{
	static const char *const wires[] = {"/d/term/1", "/a/newt", "/e/http"};
	static const char *const tags[] = {"belt", "hear", "request"};
	static uint8_t jam[LOGS_JAM];
	uint64_t x = logs_mix(id);
	size_t n = x % 5 ? 1 + x % 97 : 1 + x % LOGS_JAM;

	for (size_t i = 0; i < n; i++)
		jam[i] = (uint8_t)(x & 1024 ? i / 50
		                            : logs_mix(x + i / 8) >> i % 8 * 8);
	return (struct log_event){.id = id,
	    .at = (int64_t)(1700000000000000000 + id * 1000000007),
	    .mug = (uint32_t)(x & 0x7fffffff),
	    .wire = wires[x % 3],
	    .tag = tags[x % 3],
	    .jam = jam,
	    .n = n};
}

static bool
logs_same(const struct log_event *a)
{
	struct log_event b = logs_event(a->id);

	return a->at == b.at && a->mug == b.mug && a->n == b.n &&
	    strcmp(a->wire, b.wire) == 0 && strcmp(a->tag, b.tag) == 0 &&
	    memcmp(a->jam, b.jam, a->n) == 0;
}

static inline enum log_got
logs_put(struct log *l, uint64_t from, uint64_t to)
{
	enum log_got got = LOG_OK;

	for (uint64_t id = from; id <= to && got == LOG_OK; id++) {
		struct log_event e = logs_event(id);

		got = log_put(l, &e);
	}
	return got;
}

/* A log of the events from..to, closed. */
static inline void
logs_make(const char *file, uint64_t from, uint64_t to)
{
	struct log l;

	if (log_open(&l, file, LOG_CREATE) != LOG_OK ||
	    logs_put(&l, from, to) != LOG_OK || log_commit(&l) != LOG_OK) {
		TEST_FAIL("%s: %s", file, l.why);
		exit(1);
	}
	log_close(&l);
}

/* How many events come before something is wrong; all are as they were. */
static inline uint64_t
logs_count(struct log *l, enum log_got *end)
{
	struct log_cursor c;
	struct log_event e;
	uint64_t n = 0;

	*end = log_seek(l, &c, NULL);
	while (*end == LOG_OK && (*end = log_next(&c, &e)) == LOG_OK) {
		if (!logs_same(&e))
			TEST_FAIL("event %" PRIu64 " is another", e.id);
		n++;
	}
	log_leave(&c);
	return n;
}

/* -------- a directory -------- */

static char logs_dir[64];

static int
logs_remove(const char *path, const struct stat *s, int type, struct FTW *f)
{
	(void)s, (void)type, (void)f;
	return remove(path);
}

static void
logs_leave(void)
{
	if (chdir("/") == 0)
		nftw(logs_dir, logs_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* The programs that need no disk say so: a sync takes no time in memory. */
static const char *
logs_where(void)
{
	const char *dir = getenv("TMPDIR");

	if (dir && strlen(dir) < 40)
		return dir;
#ifdef LOGS_IN_MEMORY
	if (access("/dev/shm", W_OK) == 0)
		return "/dev/shm";
#endif
	return "/tmp";
}

/* Each test is in an empty directory; only the process it began in ends it. */
void
test_setup(void)
{
	if (logs_dir[0]) /* one test after another, in one process */
		logs_leave();
	else
		atexit(logs_leave);
	snprintf(logs_dir, sizeof logs_dir, "%s/log-XXXXXX", logs_where());
	if (mkdtemp(logs_dir) == NULL || chdir(logs_dir) < 0) {
		perror(logs_dir);
		exit(111);
	}
}

#endif
