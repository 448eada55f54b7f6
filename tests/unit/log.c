/* The event log: what goes in comes out; what is wrong is told. */
#define _GNU_SOURCE
#include "logs.h"

#include <fcntl.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/stat.h>

#define FILE_ "log.db"

/* One value of a database, as text; "" if there is none. */
static const char *
ask(const char *file, const char *query)
{
	static char text[256];
	sqlite3_stmt *q = NULL;
	sqlite3 *sql;

	text[0] = '\0';
	if (sqlite3_open(file, &sql) != SQLITE_OK ||
	    sqlite3_prepare_v2(sql, query, -1, &q, NULL) != SQLITE_OK)
		snprintf(text, sizeof text, "%s", sqlite3_errmsg(sql));
	else if (sqlite3_step(q) == SQLITE_ROW)
		snprintf(text, sizeof text, "%s",
		    (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	sqlite3_close(sql);
	return text;
}

static void
spoil(const char *file, const char *statement)
{
	sqlite3 *sql;

	if (sqlite3_open(file, &sql) != SQLITE_OK ||
	    sqlite3_exec(sql, statement, NULL, NULL, NULL) != SQLITE_OK)
		TEST_FAIL("%s: %s", statement, sqlite3_errmsg(sql));
	sqlite3_close(sql);
}

TEST("log: what was put comes back, whatever its size, now and when reopened")
{
	enum log_got end;
	struct log l;

	REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
	CHECK_EQ(l.first, 1);
	CHECK_EQ(l.last, 0);
	CHECK_EQ(logs_count(&l, &end), 0);
	CHECK(end == LOG_END);
	REQUIRE(logs_put(&l, 1, 500) == LOG_OK);
	CHECK_EQ(l.last, 500);
	CHECK_EQ(l.durable, 0);
	CHECK(l.waiting > 500);
	CHECK_EQ(logs_count(&l, &end), 0);
	REQUIRE(log_commit(&l) == LOG_OK);
	CHECK_EQ(l.durable, 500);
	CHECK_EQ(l.waiting, 0);
	CHECK_EQ(logs_count(&l, &end), 500);
	log_close(&l);
	CHECK(l.own == NULL);
	REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
	CHECK_EQ(l.durable, 500);
	CHECK_EQ(logs_count(&l, &end), 500);
	CHECK(end == LOG_END);
	CHECK(log_check(&l) == LOG_OK);
	log_close(&l);
}

TEST("log: what was put and not committed is not there")
{
	struct log l;

	logs_make(FILE_, 1, 3);
	REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
	REQUIRE(logs_put(&l, 4, 6) == LOG_OK);
	log_close(&l);
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	CHECK_EQ(l.last, 3);
	log_close(&l);
}

TEST("log: an event that does not follow is refused; a log may begin anywhere")
{
	struct log_event e = logs_event(70), none = e;
	struct log l;

	REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
	none.n = 0;
	CHECK(log_put(&l, &none) == LOG_BAD);
	REQUIRE(log_put(&l, &e) == LOG_OK);
	CHECK(log_put(&l, &e) == LOG_BAD);
	CHECK_STR(log_why(&l), "event 70 of 90 bytes does not follow event 70");
	e.id = 72;
	CHECK(log_put(&l, &e) == LOG_BAD);
	REQUIRE(log_commit(&l) == LOG_OK);
	log_close(&l);
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	CHECK_EQ(l.first, 70);
	CHECK_EQ(l.last, 70);
	CHECK(log_put(&l, &e) == LOG_BAD);
	CHECK(log_set(&l, "who", "0") == LOG_BAD);
	log_close(&l);
}

TEST("log: the thread commits what was put before, and then what came since")
{
	enum log_got end, got;
	struct log l;
	struct pollfd p = {.events = POLLIN};

	REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
	CHECK(log_commit_done(&l) == LOG_OK);
	CHECK(log_commit_start(&l) == LOG_OK); /* of nothing */
	CHECK(log_commit_done(&l) == LOG_OK);
	REQUIRE((p.fd = log_fd(&l)) >= 0);
	CHECK_EQ(poll(&p, 1, 0), 0);
	for (uint64_t id = 1; id < 1000; id += 10) {
		REQUIRE(logs_put(&l, id, id + 4) == LOG_OK);
		REQUIRE(log_commit_start(&l) == LOG_OK);
		REQUIRE(logs_put(&l, id + 5, id + 9) == LOG_OK);
		got = log_commit_start(&l);
		if (got == LOG_OK) /* it was quick */
			CHECK(l.durable >= id + 4);
		else
			CHECK(got == LOG_LATER && l.durable < id + 4);
		CHECK_EQ(poll(&p, 1, 10000), 1);
		CHECK(log_commit_done(&l) == LOG_OK);
		CHECK_EQ(l.durable, got == LOG_OK ? id + 9 : id + 4);
		CHECK_EQ(poll(&p, 1, 0), 0);
	}
	REQUIRE(log_commit(&l) == LOG_OK);
	CHECK_EQ(l.durable, 1000);
	CHECK_EQ(l.waiting, 0);
	CHECK_EQ(logs_count(&l, &end), 1000);
	log_close(&l);
}

TEST("log: closed while a commit is under way, that commit is done")
{
	enum log_got end;
	struct log l;

	REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
	REQUIRE(logs_put(&l, 1, 2000) == LOG_OK);
	REQUIRE(log_commit_start(&l) == LOG_OK);
	log_close(&l);
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	CHECK_EQ(logs_count(&l, &end), 2000);
	log_close(&l);
}

TEST("log: facts are set with a commit, replaced, and reported when too long")
{
	char v[16];
	struct log l;

	REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
	CHECK(log_fact(&l, "who", v, sizeof v) == LOG_NONE);
	REQUIRE(log_set(&l, "who", "~zod") == LOG_OK);
	CHECK(log_fact(&l, "who", v, sizeof v) == LOG_NONE);
	REQUIRE(log_set(&l, "who", "~nec") == LOG_OK);
	REQUIRE(log_set(&l, "seed", "0123456789abcdef") == LOG_OK);
	CHECK(log_set(&l, "last", "7") == LOG_BAD);
	REQUIRE(log_commit(&l) == LOG_OK);
	REQUIRE(log_fact(&l, "who", v, sizeof v) == LOG_OK);
	CHECK_STR(v, "~nec");
	CHECK(log_fact(&l, "seed", v, sizeof v) == LOG_BAD);
	log_close(&l);
	spoil(FILE_, "UPDATE meta SET value = '~bus' WHERE key = 'who'");
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	CHECK(log_fact(&l, "who", v, sizeof v) == LOG_BAD);
	CHECK_STR(log_why(&l), "the fact who is damaged: its checksum");
	log_close(&l);
}

/* The numbers that a range gives, added up. */
static uint64_t
sum(struct log *l, struct log_range r, unsigned *n)
{
	struct log_cursor c;
	struct log_event e;
	uint64_t v = 0;
	enum log_got got = log_seek(l, &c, &r);

	*n = 0;
	while (got == LOG_OK && (got = log_next(&c, &e)) == LOG_OK) {
		if (r.brief ? e.jam != NULL : !logs_same(&e))
			TEST_FAIL("event %" PRIu64, e.id);
		v += e.id;
		++*n;
	}
	CHECK(got == LOG_END);
	CHECK(log_next(&c, &e) == LOG_END);
	log_leave(&c);
	return v;
}

TEST("log: ranges by number, wire, tag and time give what they should")
{
	unsigned n, want = 0;
	uint64_t v = 0;
	struct log l;
	int64_t t10 = logs_event(10).at;

	logs_make(FILE_, 5, 104);
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	CHECK_EQ(sum(&l, (struct log_range){0}, &n), 5450);
	CHECK_EQ(n, 100);
	CHECK_EQ(sum(&l, (struct log_range){.from = 1, .to = 7}, &n), 18);
	CHECK_EQ(sum(&l, (struct log_range){.from = 103, .to = 200}, &n), 207);
	CHECK_EQ(sum(&l, (struct log_range){.from = 105}, &n), 0);
	CHECK_EQ(sum(&l, (struct log_range){.from = 9, .to = 8}, &n), 0);
	CHECK_EQ(sum(&l, (struct log_range){.to = 3}, &n), 0);
	CHECK_EQ(sum(&l, (struct log_range){.since = t10, .to = 12}, &n), 33);
	CHECK_EQ(sum(&l, (struct log_range){.until = t10}, &n), 35);
	for (uint64_t id = 5; id <= 104; id++)
		if (strcmp(logs_event(id).tag, "hear") == 0) {
			v += id;
			want++;
		}
	CHECK_EQ(sum(&l, (struct log_range){.tag = "hear"}, &n), v);
	CHECK_EQ(n, want);
	CHECK_EQ(
	    sum(&l, (struct log_range){.wire = "/a/*", .brief = true}, &n), v);
	CHECK_EQ(sum(&l, (struct log_range){.wire = "/a"}, &n), 0);
	log_close(&l);
}

TEST("log: one event by its number, and none where there is none")
{
	struct log_event e;
	struct log l;

	logs_make(FILE_, 3, 40);
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	for (uint64_t id = 3; id <= 40; id++) {
		REQUIRE(log_get(&l, id, &e) == LOG_OK);
		CHECK(e.id == id && logs_same(&e));
	}
	CHECK(log_get(&l, 0, &e) == LOG_NONE);
	CHECK(log_get(&l, 2, &e) == LOG_NONE);
	CHECK(log_get(&l, 41, &e) == LOG_NONE);
	CHECK_STR(log_why(&l), "there is no event 41");
	log_close(&l);
}

TEST("log: the sqlite3 shell can read it, as eventlog(5) says")
{
	logs_make(FILE_, 1, 200);
	CHECK_STR(ask(FILE_, "SELECT count(*) FROM event"), "200");
	CHECK_STR(ask(FILE_, "SELECT time FROM listing WHERE id = 7"),
	    "2023-11-14 22:13:27.000");
	CHECK_STR(
	    ask(FILE_, "SELECT value FROM meta WHERE key = 'last'"), "200");
	CHECK_STR(ask(FILE_,
	              "SELECT count(*) FROM event WHERE"
	              " length(jam) < size AND size < 256"),
	    "0");
	CHECK(atoi(ask(FILE_,
	          "SELECT count(*) FROM event WHERE"
	          " length(jam) < size")) > 10);
	CHECK_STR(ask(FILE_, "PRAGMA journal_mode"), "wal");
	CHECK_STR(ask(FILE_, "PRAGMA page_size"), "16384");
}

/* Read all that there is; the words of each that is bad. */
static void
gather(struct log *l, bool brief, char *to, size_t size)
{
	struct log_cursor c;
	struct log_event e;
	enum log_got got = log_seek(l, &c, &(struct log_range){.brief = brief});

	to[0] = '\0';
	while (got == LOG_OK || got == LOG_BAD) {
		got = log_next(&c, &e);
		if (got == LOG_BAD)
			snprintf(to + strlen(to), size - strlen(to), "%s; ",
			    log_why(l));
		else if (got == LOG_OK && !brief && !logs_same(&e))
			TEST_FAIL("event %" PRIu64, e.id);
	}
	CHECK(got == LOG_END);
	log_leave(&c);
}

/* In brief they are the same. */
static void
complaints(struct log *l, char *to, size_t size)
{
	char brief[1000];

	gather(l, true, brief, sizeof brief);
	gather(l, false, to, size);
	CHECK_STR(brief, to);
}

TEST("log: rows that are changed or missing are named, and the rest is read")
{
	char said[1000];
	struct log l;

	logs_make(FILE_, 1, 60);
	spoil(FILE_,
	    "DELETE FROM event WHERE id IN (9, 20, 21, 22);"
	    "UPDATE event SET mug = mug + 4294967296 WHERE id = 3;"
	    "UPDATE event SET at = at + 1 WHERE id = 8;"
	    "UPDATE event SET wire = '/d/term/2' WHERE id = 30;"
	    "UPDATE event SET jam = CAST(x'01' || jam AS BLOB) WHERE id = 31;"
	    "UPDATE event SET size = size + 1 WHERE id = 50");
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	complaints(&l, said, sizeof said);
	CHECK_STR(said,
	    "event 3 is damaged: its checksum; "
	    "event 8 is damaged: its checksum; "
	    "event 9 is missing; "
	    "events 20 to 22 are missing; "
	    "event 30 is damaged: its checksum; "
	    "event 31 is damaged: its checksum; "
	    "event 50 is damaged: its checksum; ");
	log_close(&l);
}

TEST("log: one that lost its first or last events is not opened")
{
	struct log l;

	logs_make(FILE_, 1, 9);
	spoil(FILE_, "DELETE FROM event WHERE id = 9");
	CHECK(log_open(&l, FILE_, LOG_WRITE) == LOG_BAD);
	CHECK_STR(log_why(&l), "it ends at event 8, and should at 9");
	log_close(&l);
	spoil(FILE_, "DELETE FROM event");
	CHECK(log_open(&l, FILE_, LOG_READ) == LOG_BAD);
	CHECK_STR(log_why(&l), "it is empty, and should have event 1");
	log_close(&l);
}

/* -------- long events -------- */

enum { LONG = 2 * LOG_PIECE + 12345 };

static bool
put_long(struct log *l, const uint8_t *p, size_t n, uint64_t id)
{
	struct log_event e = {
	    .id = id, .wire = "/c/sync", .tag = "into", .jam = p, .n = n};

	return log_put(l, &e) == LOG_OK && log_commit(l) == LOG_OK;
}

TEST("log: an event longer than a piece comes back whole, or is damaged")
{
	char said[400];
	uint8_t *p = calloc(1, LONG);
	struct log_event e;
	struct log l;

	for (size_t i = 0; i < 100000; i++)
		p[LONG - 1 - i] = (uint8_t)logs_mix(i);
	p[LOG_PIECE] = 1;
	REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
	REQUIRE(put_long(&l, p, LONG, 1));
	REQUIRE(logs_put(&l, 2, 3) == LOG_OK && log_commit(&l) == LOG_OK);
	REQUIRE(log_get(&l, 1, &e) == LOG_OK);
	REQUIRE(e.n == LONG);
	CHECK_MEM(e.jam, p, LONG);
	CHECK(e.stored > 12345 && e.stored < 200000);
	log_close(&l);
	spoil(FILE_,
	    "UPDATE piece SET jam = CAST(jam || x'01' AS BLOB) WHERE at = 1");
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	complaints(&l, said, sizeof said);
	CHECK_STR(said, "event 1 is damaged: the checksum of a piece; ");
	log_close(&l);
	spoil(FILE_, "DELETE FROM piece WHERE at > 0");
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	complaints(&l, said, sizeof said);
	CHECK_STR(said, "event 1 is damaged: a piece is missing; ");
	log_close(&l);
	free(p);
}

TEST("log: an event of more than 2 GiB is taken")
{
	size_t n = ((size_t)1 << 31) + 77;
	struct log_cursor c;
	struct log_event e;
	struct log l;
	uint8_t *p = mmap(NULL, n, PROT_READ,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		SKIP("no room for it in this process");
	REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
	REQUIRE(put_long(&l, p, n, 1));
	REQUIRE(log_seek(&l, &c, &(struct log_range){.brief = true}) == LOG_OK);
	REQUIRE(log_next(&c, &e) == LOG_OK);
	CHECK_EQ(e.n, n);
	CHECK(e.stored > 1000 && e.stored < 1 << 20);
	log_leave(&c);
	log_close(&l);
	CHECK_STR(ask(FILE_, "SELECT count(*) FROM piece"), "33");
	CHECK_STR(ask(FILE_, "SELECT sum(size) FROM piece"), "2147483725");
}

/* -------- what is no log -------- */

static void
opens(const char *file, enum log_mode mode, enum log_got want, const char *why)
{
	struct log l;

	CHECK(log_open(&l, file, mode) == want);
	CHECK_STR(log_why(&l), why);
	log_close(&l);
}

static void
write_file(const char *file, const void *p, size_t n)
{
	FILE *f = fopen(file, "w");

	if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0)
		abort();
}

TEST("log: what is no log is told apart, and is left as it is")
{
	struct stat s;

	opens("none.db", LOG_READ, LOG_NONE, "there is no such file");
	opens("none.db", LOG_WRITE, LOG_NONE, "there is no such file");
	opens("none/log.db", LOG_CREATE, LOG_NONE, "there is no such file");
	CHECK(stat("none.db", &s) < 0);
	opens(".", LOG_CREATE, LOG_SYS, "opening: is a directory");
	write_file("text",
	    "It was a dark and stormy night, as it is in logs. "
	    "It was a dark and stormy night, as it is in logs, too.",
	    104);
	opens("text", LOG_CREATE, LOG_BAD, "it is no SQLite database");
	spoil("other.db", "CREATE TABLE t (x)");
	opens("other.db", LOG_CREATE, LOG_BAD, "it is no event log");
	opens("other.db", LOG_READ, LOG_BAD, "it is no event log");
	write_file("empty.db", "", 0);
	opens("empty.db", LOG_READ, LOG_BAD, "it is empty");
	opens("empty.db", LOG_WRITE, LOG_BAD, "it is empty");
	opens("empty.db", LOG_CREATE, LOG_OK, "");
	logs_make("new.db", 1, 1);
	spoil("new.db", "PRAGMA user_version = 2");
	opens("new.db", LOG_WRITE, LOG_BAD,
	    "it is an event log of version 2; this program knows 1");
}

TEST("log: where nothing may be written a log can be read")
{
	enum log_got end;
	struct log l;

	REQUIRE(mkdir("a ?#%d", 0755) == 0 && chdir("a ?#%d") == 0);
	logs_make(FILE_, 1, 9);
	REQUIRE(chmod(FILE_, 0444) == 0 && chmod(".", 0555) == 0);
	REQUIRE(chmod("..", 0755) == 0);
	if (geteuid() == 0 && seteuid(65534) < 0)
		SKIP("root may write everywhere");
	REQUIRE(access(FILE_, W_OK) < 0 || geteuid() != getuid());
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	CHECK_EQ(logs_count(&l, &end), 9);
	log_close(&l);
	CHECK(log_open(&l, FILE_, LOG_WRITE) == LOG_SYS);
	log_close(&l);
	CHECK(geteuid() == getuid() || seteuid(getuid()) == 0);
	REQUIRE(chmod(".", 0755) == 0 && chdir("..") == 0);
}

TEST("log: it is for its owner's eyes, and so is what lies beside it")
{
	static const char *const names[] = {FILE_, FILE_ "-wal", FILE_ "-shm"};
	struct stat s;
	struct log l;

	umask(0);
	REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
	REQUIRE(logs_put(&l, 1, 5) == LOG_OK && log_commit(&l) == LOG_OK);
	for (int i = 0; i < 3; i++) {
		REQUIRE(stat(names[i], &s) == 0);
		CHECK_EQ(s.st_mode & 0777, 0600);
	}
	REQUIRE(log_chop(&l, 4) == LOG_OK);
	REQUIRE(stat("log.chopped.db", &s) == 0);
	CHECK_EQ(s.st_mode & 0777, 0600);
	log_close(&l);
}

/* -------- others -------- */

TEST("log: while another has it locked nothing is lost, and then it goes on")
{
	enum log_got end;
	sqlite3 *sql;
	struct log l;

	logs_make(FILE_, 1, 2);
	REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
	REQUIRE(sqlite3_open(FILE_, &sql) == SQLITE_OK);
	REQUIRE(sqlite3_exec(sql, "BEGIN IMMEDIATE", 0, 0, 0) == SQLITE_OK);
	REQUIRE(logs_put(&l, 3, 4) == LOG_OK);
	REQUIRE(log_commit_start(&l) == LOG_OK);
	REQUIRE(logs_put(&l, 5, 6) == LOG_OK);
	CHECK(log_commit_wait(&l) == LOG_SYS);
	CHECK_STR(log_why(&l),
	    "writing events 3 to 4: another program has it locked");
	CHECK_EQ(l.durable, 2);
	CHECK_EQ(logs_count(&l, &end), 2);
	sqlite3_exec(sql, "ROLLBACK", 0, 0, 0);
	CHECK(log_commit(&l) == LOG_OK);
	CHECK_EQ(l.durable, 6);
	CHECK_EQ(l.waiting, 0);
	CHECK_EQ(logs_count(&l, &end), 6);
	sqlite3_close(sql);
	log_close(&l);
}

TEST("log: what another wrote meanwhile is not written over")
{
	struct log a, b;

	logs_make(FILE_, 1, 2);
	REQUIRE(log_open(&a, FILE_, LOG_WRITE) == LOG_OK);
	REQUIRE(log_open(&b, FILE_, LOG_WRITE) == LOG_OK);
	REQUIRE(logs_put(&a, 3, 3) == LOG_OK && log_commit(&a) == LOG_OK);
	REQUIRE(logs_put(&b, 3, 3) == LOG_OK);
	CHECK(log_commit(&b) == LOG_BAD);
	CHECK_STR(log_why(&b),
	    "writing event 3: another program wrote to it meanwhile");
	log_close(&a);
	log_close(&b);
}

TEST("log: one reads while another writes, and sees what was there")
{
	struct log_cursor c;
	struct log_event e;
	struct log w, r;
	uint64_t n = 0;

	logs_make(FILE_, 1, 100);
	REQUIRE(log_open(&w, FILE_, LOG_WRITE) == LOG_OK);
	REQUIRE(log_open(&r, FILE_, LOG_READ) == LOG_OK);
	REQUIRE(log_seek(&r, &c, NULL) == LOG_OK);
	while (log_next(&c, &e) == LOG_OK) {
		CHECK(logs_same(&e));
		n++;
		REQUIRE(logs_put(&w, 100 + n, 100 + n) == LOG_OK);
		REQUIRE(log_commit(&w) == LOG_OK);
	}
	CHECK_EQ(n, 100);
	log_leave(&c);
	REQUIRE(log_seek(&r, &c, NULL) == LOG_OK);
	for (n = 0; log_next(&c, &e) == LOG_OK;)
		n++;
	CHECK_EQ(n, 200);
	log_leave(&c);
	log_close(&r);
	log_close(&w);
}

/* -------- dropping -------- */

TEST("log: a cut drops what is behind it, and the log goes on from there")
{
	enum log_got end;
	struct log l;

	logs_make(FILE_, 4, 50);
	REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
	CHECK(log_cut(&l, 2) == LOG_NONE);
	REQUIRE(logs_put(&l, 51, 60) == LOG_OK);
	REQUIRE(log_cut(&l, 52) == LOG_OK);
	CHECK_EQ(l.last, 52);
	CHECK_EQ(logs_count(&l, &end), 49);
	REQUIRE(logs_put(&l, 53, 54) == LOG_OK && log_commit(&l) == LOG_OK);
	REQUIRE(log_cut(&l, 3) == LOG_OK);
	CHECK_EQ(logs_count(&l, &end), 0);
	CHECK(end == LOG_END);
	log_close(&l);
	REQUIRE(log_open(&l, FILE_, LOG_READ) == LOG_OK);
	CHECK_EQ(l.first, 4);
	CHECK_EQ(l.last, 3);
	log_close(&l);
}

/* Are from..to what that log has? */
static bool
has(const char *file, uint64_t from, uint64_t to)
{
	enum log_got end;
	struct log l;
	bool ok = log_open(&l, file, LOG_READ) == LOG_OK && l.first == from &&
	    l.last == to && logs_count(&l, &end) == to - from + 1 &&
	    end == LOG_END && log_check(&l) == LOG_OK;

	log_close(&l);
	return ok;
}

TEST("log: chopped events go to a log beside it, and come back from there")
{
	char v[16];
	struct log l;

	logs_make(FILE_, 1, 300);
	REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
	REQUIRE(log_set(&l, "who", "~zod") == LOG_OK);
	CHECK(log_chop_undo(&l) == LOG_NONE);
	CHECK(log_chop_forget(&l) == LOG_NONE);
	CHECK(log_chop(&l, 301) == LOG_NONE);
	REQUIRE(log_chop(&l, 100) == LOG_OK);
	CHECK_EQ(l.first, 100);
	CHECK(has(FILE_, 100, 300));
	CHECK(has("log.chopped.db", 1, 99));
	REQUIRE(log_chop(&l, 201) == LOG_OK);
	CHECK(has(FILE_, 201, 300));
	CHECK(has("log.chopped.db", 1, 200));
	REQUIRE(logs_put(&l, 301, 310) == LOG_OK && log_commit(&l) == LOG_OK);
	REQUIRE(log_chop_undo(&l) == LOG_OK);
	CHECK(has(FILE_, 1, 310));
	CHECK(access("log.chopped.db", F_OK) < 0);
	REQUIRE(log_chop(&l, 310) == LOG_OK);
	CHECK(log_chop_forget(&l) == LOG_OK);
	CHECK(log_chop_undo(&l) == LOG_NONE);
	CHECK(has(FILE_, 310, 310));
	CHECK(log_fact(&l, "who", v, sizeof v) == LOG_OK);
	log_close(&l);
}

TEST("log: a chop gives the space back")
{
	struct stat before, after;
	struct log l;

	logs_make(FILE_, 1, 3000);
	REQUIRE(stat(FILE_, &before) == 0);
	REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
	REQUIRE(log_chop(&l, 2990) == LOG_OK);
	log_close(&l);
	REQUIRE(stat(FILE_, &after) == 0);
	CHECK(after.st_size < before.st_size / 5);
}

TEST("log: a damaged event is not chopped, nor is a chop that leaves a gap")
{
	struct log l;

	logs_make(FILE_, 1, 30);
	logs_make("log.chopped.db", 1, 3);
	spoil(FILE_, "UPDATE event SET mug = 1 WHERE id = 15");
	REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
	CHECK(log_chop(&l, 20) == LOG_BAD);
	CHECK_STR(log_why(&l), "event 15 is damaged: its checksum");
	CHECK(log_chop(&l, 10) == LOG_OK);
	CHECK(has("log.chopped.db", 1, 9));
	log_close(&l);
	unlink(FILE_);
	logs_make(FILE_, 12, 30);
	REQUIRE(log_open(&l, FILE_, LOG_WRITE) == LOG_OK);
	CHECK(log_chop(&l, 20) == LOG_BAD);
	CHECK_STR(log_why(&l),
	    "the log of chopped events ends at 9, this one "
	    "begins at 12");
	CHECK(log_chop_undo(&l) == LOG_BAD);
	CHECK(has(FILE_, 12, 30));
	log_close(&l);
}

TEST("log: a long event is chopped and comes back")
{
	uint8_t *p = calloc(1, LONG);
	struct log_event e;
	struct log l;

	REQUIRE(log_open(&l, FILE_, LOG_CREATE) == LOG_OK);
	REQUIRE(put_long(&l, p, LONG, 1));
	REQUIRE(logs_put(&l, 2, 2) == LOG_OK);
	REQUIRE(log_chop(&l, 2) == LOG_OK);
	CHECK_STR(ask(FILE_, "SELECT count(*) FROM piece"), "0");
	REQUIRE(log_chop_undo(&l) == LOG_OK);
	REQUIRE(log_get(&l, 1, &e) == LOG_OK);
	CHECK_EQ(e.n, LONG);
	log_close(&l);
	free(p);
}

/* -------- time -------- */

TEST("log: a date is ours and back; one we cannot have is the nearest")
{
	static const int64_t at[] = {0, 1, -1, 999999999, 1700000000123456789,
	    -1700000000123456789, INT64_MAX, INT64_MIN};
	uint64_t da[2];

	log_da(0, da);
	CHECK(da[0] == 0 && da[1] == UINT64_C(0x8000000cce9e0d80));
	/* ~2000.1.1..00.00.00..8000 */
	CHECK_EQ(log_at((uint64_t[2]){UINT64_C(1) << 63,
	             UINT64_C(0x8000000cce9e0d80) + 946684800}),
	    INT64_C(946684800500000000));
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		log_da(at[i], da);
		CHECK_EQ(log_at(da), at[i]);
	}
	CHECK_EQ(log_at((uint64_t[2]){0, 0}), INT64_MIN);
	CHECK_EQ(log_at((uint64_t[2]){0, UINT64_MAX}), INT64_MAX);
	CHECK_EQ(
	    log_at((uint64_t[2]){0, UINT64_C(0x80000010cce9e0d8)}), INT64_MAX);
}
