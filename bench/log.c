/*
 * The event log: durable events a second in commits of 1, 100 and 1,000, one
 * after another and beside each other; reading; and what one fsync takes on
 * this disk, for comparison.
 */
#include "log.h"

#include <err.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

enum { SMALL = 100, LARGE = 2048, READS = 20000 };

static char dir[] = "log-bench-XXXXXX";
static char file[64];

struct load {
	size_t size;     /* of an event */
	unsigned group;  /* events in a commit */
	unsigned groups; /* commits in one run */
	bool beside;     /* the thread commits */
	struct log log;
};

static void
must(struct log *l, enum log_got got)
{
	if (got != LOG_OK)
		errx(111, "%s: %s", file, log_why(l));
}

/* Half of it compresses, as half of what a ship hears does. */
static void
put(struct log *l, size_t size)
{
	static uint8_t jam[LARGE];
	static uint64_t x = 88172645463325252;

	for (size_t i = 0; i < size / 2; i += 8) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		memcpy(jam + i, &x, 8);
	}
	must(l,
	    log_put(l,
	        &(struct log_event){.id = l->last + 1,
	            .at = 1700000000000000000,
	            .mug = (uint32_t)x & 0x7fffffff,
	            .wire = "/a/newt/0v1n.2m9vh",
	            .tag = "hear",
	            .jam = jam,
	            .n = size}));
}

static void
append(void *arg)
{
	struct load *w = arg;

	for (unsigned i = 0; i < w->groups; i++) {
		for (unsigned k = 0; k < w->group; k++)
			put(&w->log, w->size);
		if (!w->beside) {
			must(&w->log, log_commit(&w->log));
			continue;
		}
		must(&w->log, log_commit_wait(&w->log));
		must(&w->log, log_commit_start(&w->log));
	}
	must(&w->log, log_commit(&w->log));
}

static void
appends(struct load w)
{
	char input[64];

	unlink(file);
	must(&w.log, log_open(&w.log, file, LOG_CREATE));
	snprintf(input, sizeof input, "%zu bytes, %u a commit%s", w.size,
	    w.group, w.beside ? ", beside" : "");
	bench_run(&(struct bench){.row = "log: append",
	    .input = input,
	    .unit = "events/s",
	    .run = append,
	    .arg = &w,
	    .amount = (double)w.group * w.groups});
	log_close(&w.log);
}

static void
read_all(void *arg)
{
	struct log *l = arg;
	struct log_cursor c;
	struct log_event e;
	enum log_got got;
	unsigned n = 0;

	must(l, log_seek(l, &c, NULL));
	while ((got = log_next(&c, &e)) == LOG_OK)
		n++;
	log_leave(&c);
	if (got != LOG_END || n != READS)
		errx(111, "%s: %u events: %s", file, n, log_why(l));
}

static void
reads(size_t size)
{
	char input[64];
	struct log l = {0};

	unlink(file);
	must(&l, log_open(&l, file, LOG_CREATE));
	for (unsigned i = 0; i < READS; i++)
		put(&l, size);
	must(&l, log_commit(&l));
	snprintf(input, sizeof input, "%zu bytes", size);
	bench_run(&(struct bench){.row = "log: read",
	    .input = input,
	    .unit = "events/s",
	    .run = read_all,
	    .arg = &l,
	    .amount = READS});
	log_close(&l);
}

static void
syncs(void *arg)
{
	int fd = open(file, O_WRONLY | O_CREAT, 0600);

	(void)arg;
	for (int i = 0; i < 20; i++)
		if (fd < 0 || write(fd, dir, sizeof dir) < 0 ||
		    fdatasync(fd) < 0)
			err(111, "%s", file);
	close(fd);
}

int
main(void)
{
	static const struct load loads[] = {
	    {.size = SMALL, .group = 1, .groups = 20},
	    {.size = SMALL, .group = 100, .groups = 20},
	    {.size = SMALL, .group = 1000, .groups = 20},
	    {.size = LARGE, .group = 1, .groups = 20},
	    {.size = LARGE, .group = 100, .groups = 20},
	    {.size = LARGE, .group = 1000, .groups = 10},
	    {.size = SMALL, .group = 1000, .groups = 20, .beside = true},
	    {.size = LARGE, .group = 100, .groups = 20, .beside = true},
	};

	if (mkdtemp(dir) == NULL)
		err(111, "%s", dir);
	snprintf(file, sizeof file, "%s/log.db", dir);
	bench_run(&(struct bench){.row = "log: fdatasync",
	    .input = "16 bytes",
	    .unit = "us",
	    .run = syncs,
	    .times = 20});
	for (size_t i = 0; i < sizeof loads / sizeof *loads; i++)
		appends(loads[i]);
	reads(SMALL);
	reads(LARGE);
	unlink(file);
	rmdir(dir);
	return 0;
}
