/*
 * The event log with bits flipped and ends cut off: it is told, or it does
 * not matter.  LOG_FLIPS=N tries so many places.
 */
#define _GNU_SOURCE
#define LOGS_IN_MEMORY
#include "logs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#define FILE_ "log.db"
#define WAL FILE_ "-wal"

enum { EVENTS = 60 };

struct bytes {
	uint8_t *p;
	size_t n;
};

static unsigned
flips(unsigned n)
{
	const char *more = getenv("LOG_FLIPS");

	return more ? (unsigned)atoi(more) : n;
}

static struct bytes
load(const char *file)
{
	struct stat s;
	struct bytes b;
	int fd = open(file, O_RDONLY);

	if (fd < 0 || fstat(fd, &s) < 0)
		abort();
	b.n = (size_t)s.st_size;
	b.p = malloc(b.n + 1);
	if (read(fd, b.p, b.n) != (ssize_t)b.n)
		abort();
	close(fd);
	return b;
}

static void
save(const char *file, const uint8_t *p, size_t n)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, p, n) != (ssize_t)n)
		abort();
	close(fd);
}

/* What became of a log that was damaged. */
enum fate { REFUSED, TOLD, SHORTER, HARMLESS };

/*
 * Read it.  SHORTER: the last events are missing, and log_open() said so.
 * Whatever is given is what was put.
 */
static enum fate
read_it(enum log_mode mode, uint64_t *n)
{
	enum log_got got, end;
	enum fate fate = REFUSED;
	char who[16];
	struct log l;

	got = log_open(&l, FILE_, mode);
	CHECK(got == LOG_OK || got == LOG_BAD || got == LOG_SYS);
	CHECK((got == LOG_OK) == (l.why[0] == '\0'));
	if (got == LOG_OK) {
		*n = logs_count(&l, &end);
		got = log_fact(&l, "who", who, sizeof who);
		if (got == LOG_OK)
			CHECK_STR(who, "~zod");
		fate = end != LOG_END || got != LOG_OK ? TOLD
		    : *n == EVENTS                     ? HARMLESS
		    : l.note[0]                        ? SHORTER
		                                       : REFUSED;
		if (fate == REFUSED)
			TEST_FAIL("%" PRIu64 " events, and not a word", *n);
	}
	log_close(&l);
	return fate;
}

static void
tell(const char *what, const unsigned fates[4])
{
	printf("# %s: refused %u, told when read %u, shorter and told %u, "
	       "harmless %u\n",
	    what, fates[REFUSED], fates[TOLD], fates[SHORTER], fates[HARMLESS]);
}

static void
fill(struct log *l)
{
	if (log_open(l, FILE_, LOG_CREATE) != LOG_OK)
		abort();
	log_set(l, "who", "~zod");
	for (uint64_t id = 1; id <= EVENTS; id += 3)
		if (logs_put(l, id, id + 2) != LOG_OK ||
		    log_commit(l) != LOG_OK)
			abort();
}

/* -------- the file -------- */

static void
remove_beside(void)
{
	unlink(WAL);
	unlink(FILE_ "-shm");
	unlink(FILE_ "-journal");
}

TEST("log: a bit flipped anywhere in the file is told, or changes nothing")
{
	unsigned fates[4] = {0}, many = flips(1500);
	struct bytes b;
	struct log l;
	uint64_t n;

	fill(&l);
	log_close(&l);
	b = load(FILE_);
	for (unsigned i = 0; i < many; i++) {
		uint64_t r = logs_mix(i), at = r / 8 % b.n;

		if (i < 8 * 100)
			at = i / 8; /* the head, each bit */
		b.p[at] ^= (uint8_t)(1 << (i < 800 ? i % 8 : r % 8));
		remove_beside();
		save(FILE_, b.p, b.n);
		fates[read_it(i % 2 ? LOG_READ : LOG_WRITE, &n)]++;
		b.p[at] ^= (uint8_t)(1 << (i < 800 ? i % 8 : r % 8));
	}
	tell("a bit", fates);
	CHECK_EQ(fates[SHORTER], 0);
	CHECK(fates[REFUSED] > 0 && fates[TOLD] > 0 && fates[HARMLESS] > 0);
	free(b.p);
}

TEST("log: a file cut short anywhere is told")
{
	unsigned fates[4] = {0};
	struct bytes b;
	struct log l;
	uint64_t n;

	fill(&l);
	log_close(&l);
	b = load(FILE_);
	for (size_t at = 1; at < b.n; at += at < 600 ? 1 : 509) {
		remove_beside();
		save(FILE_, b.p, at);
		fates[read_it(at % 2 ? LOG_READ : LOG_WRITE, &n)]++;
	}
	tell("cut", fates);
	CHECK_EQ(fates[SHORTER] + fates[HARMLESS], 0);
	free(b.p);
}

TEST("log: a page that is zeros, or another page, is told")
{
	unsigned fates[4] = {0};
	struct bytes b;
	struct log l;
	uint64_t n;

	fill(&l);
	log_close(&l);
	b = load(FILE_);
	for (size_t at = 0; at < b.n; at += 16384)
		for (size_t from = 0; from <= b.n; from += 16384) {
			uint8_t *p = malloc(b.n);

			memcpy(p, b.p, b.n);
			if (from == b.n)
				memset(p + at, 0, 16384);
			else
				memcpy(p + at, b.p + from, 16384);
			remove_beside();
			save(FILE_, p, b.n);
			fates[read_it(from % 3 ? LOG_READ : LOG_WRITE, &n)] +=
			    from != at;
			free(p);
		}
	tell("a page", fates);
	CHECK_EQ(fates[SHORTER], 0);
	free(b.p);
}

/* -------- the -wal of a process that was killed -------- */

static void
die_with_wal(void)
{
	struct log l;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		fill(&l);
		kill(getpid(), SIGKILL);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
		abort();
}

TEST("log: a bit flipped in the -wal never drops more than the last commit, "
     "and that is told")
{
	unsigned fates[4] = {0}, many = flips(1500);
	struct bytes b, w;
	uint64_t n;

	die_with_wal();
	b = load(FILE_);
	w = load(WAL);
	for (unsigned i = 0; i < many; i++) {
		uint64_t r = logs_mix(i), at = r / 8 % w.n;
		enum fate fate;

		if (i < 8 * 64)
			at = i / 8; /* the head, and that of a frame */
		w.p[at] ^= (uint8_t)(1 << r % 8);
		unlink(FILE_ "-shm");
		save(FILE_, b.p, b.n);
		save(WAL, w.p, w.n);
		fate = read_it(LOG_WRITE, &n);
		fates[fate]++;
		if (fate == SHORTER)
			CHECK_EQ(n, EVENTS - 3);
		CHECK(fate != TOLD);
		w.p[at] ^= (uint8_t)(1 << r % 8);
	}
	tell("a bit of the -wal", fates);
	CHECK(fates[REFUSED] > many / 2 && fates[SHORTER] > 0);
	free(b.p);
	free(w.p);
}

TEST("log: a -wal that ends anywhere gives whole commits, as a crash would")
{
	unsigned fates[4] = {0};
	uint64_t n = 0, last = 0;
	struct bytes b, w;

	die_with_wal();
	b = load(FILE_);
	w = load(WAL);
	for (size_t at = 32; at < w.n; at += 1021) {
		struct log l;
		enum log_got end;

		unlink(FILE_ "-shm");
		save(FILE_, b.p, b.n);
		save(WAL, w.p, at);
		if (log_open(&l, FILE_, LOG_WRITE) != LOG_OK)
			TEST_FAIL("cut at %zu: %s", at, log_why(&l));
		else
			n = logs_count(&l, &end);
		log_close(&l);
		CHECK_EQ(n % 3, 0);
		CHECK(n >= last);
		last = n;
		fates[SHORTER]++;
	}
	CHECK(last >= EVENTS - 3);
	tell("a cut -wal", fates);
	free(b.p);
	free(w.p);
}
