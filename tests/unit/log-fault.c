/*
 * The event log on a disk that fails: each write, sync, truncation and
 * opening in turn, through a file system of our own under SQLite; and a limit
 * on the size of a file.
 */
#define _GNU_SOURCE
#define LOGS_IN_MEMORY
#include "logs.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#define FILE_ "log.db"

/* -------- a file system that fails at the n-th thing it is asked -------- */

static sqlite3_vfs *real;
static _Atomic long left = -1; /* until it fails; < 0: it does not */
static _Atomic bool for_good, failed;
static int how;

struct file {
	sqlite3_file base;
	sqlite3_file *real;
};

static bool
fails(void)
{
	long was = left;

	if (was >= 0)
		left = was - 1;
	if (was == 0 || (for_good && failed))
		failed = true;
	return was == 0 || (for_good && failed);
}

#define REAL(f) (((struct file *)(f))->real)

static int
f_close(sqlite3_file *f)
{
	return REAL(f)->pMethods ? REAL(f)->pMethods->xClose(REAL(f)) : 0;
}

static int
f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return REAL(f)->pMethods->xRead(REAL(f), p, n, at);
}

/* Half of what it should write is there. */
static int
f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	if (!fails())
		return REAL(f)->pMethods->xWrite(REAL(f), p, n, at);
	REAL(f)->pMethods->xWrite(REAL(f), p, n / 2, at);
	return how == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int
f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	if (fails())
		return SQLITE_IOERR_TRUNCATE;
	return REAL(f)->pMethods->xTruncate(REAL(f), size);
}

static int
f_sync(sqlite3_file *f, int flags)
{
	if (fails())
		return SQLITE_IOERR_FSYNC;
	return REAL(f)->pMethods->xSync(REAL(f), flags);
}

static int
f_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return REAL(f)->pMethods->xFileSize(REAL(f), size);
}

static int
f_lock(sqlite3_file *f, int l)
{
	return REAL(f)->pMethods->xLock(REAL(f), l);
}

static int
f_unlock(sqlite3_file *f, int l)
{
	return REAL(f)->pMethods->xUnlock(REAL(f), l);
}

static int
f_reserved(sqlite3_file *f, int *out)
{
	return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}

static int
f_control(sqlite3_file *f, int op, void *arg)
{
	return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}

static int
f_sector(sqlite3_file *f)
{
	return REAL(f)->pMethods->xSectorSize(REAL(f));
}

static int
f_traits(sqlite3_file *f)
{
	return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}

static int
f_shm_map(sqlite3_file *f, int at, int n, int more, void volatile **p)
{
	return REAL(f)->pMethods->xShmMap(REAL(f), at, n, more, p);
}

static int
f_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags);
}

static void
f_shm_barrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int
f_shm_unmap(sqlite3_file *f, int remove_it)
{
	return REAL(f)->pMethods->xShmUnmap(REAL(f), remove_it);
}

static const sqlite3_io_methods methods = {2, f_close, f_read, f_write,
    f_truncate, f_sync, f_size, f_lock, f_unlock, f_reserved, f_control,
    f_sector, f_traits, f_shm_map, f_shm_lock, f_shm_barrier, f_shm_unmap, NULL,
    NULL};

static int
v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct file *mine = (struct file *)f;
	int rc;

	(void)v;
	f->pMethods = NULL;
	if (fails())
		return SQLITE_CANTOPEN;
	mine->real = (sqlite3_file *)(mine + 1);
	rc = real->xOpen(real, name, mine->real, flags, out);
	if (mine->real->pMethods)
		f->pMethods = &methods;
	return rc;
}

static int
v_delete(sqlite3_vfs *v, const char *name, int sync_it)
{
	(void)v;
	if (fails())
		return SQLITE_IOERR_DELETE;
	return real->xDelete(real, name, sync_it);
}

static void
use_faults(void)
{
	static sqlite3_vfs v;

	real = sqlite3_vfs_find(NULL);
	v = *real;
	v.zName = "faults";
	v.szOsFile = (int)sizeof(struct file) + real->szOsFile;
	v.xOpen = v_open;
	v.xDelete = v_delete;
	sqlite3_vfs_register(&v, 1);
}

static void
fail_at(long n, bool always)
{
	left = n;
	for_good = always;
	failed = false;
}

/* -------- the work -------- */

/* Some commits of a new log; what is durable, however far it comes. */
static uint64_t
work(void)
{
	uint64_t durable = 0;
	struct log l;

	if (log_open(&l, FILE_, LOG_CREATE) == LOG_OK)
		for (int i = 0; i < 4; i++) {
			logs_put(&l, l.last + 1, l.last + 20);
			if (i == 2)
				log_commit_start(&l);
			else
				log_commit(&l);
			log_commit_wait(&l);
			CHECK(l.durable <= l.last && l.durable >= durable);
			durable = l.durable;
		}
	if (durable < 80 && failed && l.why[0] == '\0')
		TEST_FAIL("no words for it");
	log_close(&l);
	return durable;
}

static void
clean(void)
{
	unlink(FILE_);
	unlink(FILE_ "-wal");
	unlink(FILE_ "-shm");
	unlink(FILE_ "-journal");
}

/* Everything durable is there, and the log can go on. */
static void
look(long at, uint64_t durable)
{
	enum log_got end;
	struct log l;

	if (log_open(&l, FILE_, LOG_CREATE) != LOG_OK) {
		TEST_FAIL("after fault %ld: %s", at, log_why(&l));
		log_close(&l);
		return;
	}
	if (l.last < durable || l.last > 80)
		TEST_FAIL("after fault %ld: %" PRIu64 " events, %" PRIu64
		          " durable",
		    at, l.last, durable);
	CHECK_EQ(logs_count(&l, &end), l.last);
	CHECK(end == LOG_END);
	CHECK(logs_put(&l, l.last + 1, l.last + 1) == LOG_OK);
	CHECK(log_commit(&l) == LOG_OK);
	CHECK(log_check(&l) == LOG_OK);
	log_close(&l);
}

/* Fail at each point in turn. */
static void
sweep(bool always)
{
	uint64_t durable = 0;
	long at;

	use_faults();
	for (at = 0; at < 1000; at++) {
		clean();
		fail_at(at, always);
		durable = work();
		if (!failed)
			break;
		fail_at(-1, false);
		look(at, durable);
	}
	printf("# %ld places to fail at\n", at);
	CHECK(at > 20 && at < 1000);
	CHECK_EQ(durable, 80);
}

TEST("log: whatever fails once, nothing durable is lost")
{
	how = SQLITE_IOERR;
	sweep(false);
}

TEST("log: whatever fails from then on, nothing durable is lost")
{
	how = SQLITE_IOERR;
	sweep(true);
}

TEST("log: a disk that fills up anywhere loses nothing durable")
{
	how = SQLITE_FULL;
	sweep(true);
}

TEST("log: what could not be committed is there when the disk has room again")
{
	enum log_got end;
	struct log l;
	long at;

	use_faults();
	how = SQLITE_FULL;
	logs_make(FILE_, 1, 10);
	for (at = 0; at < 40; at++) {
		REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
		REQUIRE(logs_put(&l, l.last + 1, l.last + 5) == LOG_OK);
		fail_at(at, true);
		if (at % 2 == 0)
			log_commit_start(&l);
		else
			log_commit(&l);
		log_commit_wait(&l);
		REQUIRE(logs_put(&l, l.last + 1, l.last + 5) == LOG_OK);
		fail_at(-1, false);
		CHECK(log_commit(&l) == LOG_OK);
		CHECK_EQ(l.durable, l.last);
		CHECK_EQ(l.waiting, 0);
		CHECK_EQ(l.last, 20 + 10 * at);
		CHECK_EQ(logs_count(&l, &end), l.last);
		log_close(&l);
	}
}

TEST("log: a full disk is told in words")
{
	struct log l;

	use_faults();
	how = SQLITE_FULL;
	logs_make(FILE_, 1, 10);
	REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
	REQUIRE(logs_put(&l, 11, 13) == LOG_OK);
	fail_at(0, true);
	CHECK(log_commit(&l) == LOG_SYS);
	CHECK_STR(log_why(&l), "writing events 11 to 13: the disk is full");
	log_close(&l);
}

TEST("log: a file that may not grow stops it with words, and nothing is lost")
{
	struct rlimit was, small = {1 << 20, RLIM_INFINITY};
	uint64_t durable;
	enum log_got got = LOG_OK, end;
	struct log l;

	signal(SIGXFSZ, SIG_IGN);
	REQUIRE(getrlimit(RLIMIT_FSIZE, &was) == 0);
	small.rlim_max = was.rlim_max;
	REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
	REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
	while (got == LOG_OK && l.last < 100000) {
		REQUIRE(logs_put(&l, l.last + 1, l.last + 50) == LOG_OK);
		got = log_commit(&l);
	}
	CHECK(got == LOG_SYS);
	CHECK(strstr(log_why(&l), "file too large") != NULL);
	durable = l.durable;
	CHECK(durable > 0);
	REQUIRE(setrlimit(RLIMIT_FSIZE, &was) == 0);
	CHECK(log_commit(&l) == LOG_OK);
	CHECK_EQ(l.durable, durable + 50);
	log_close(&l);
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	CHECK_EQ(logs_count(&l, &end), durable + 50);
	log_close(&l);
}
