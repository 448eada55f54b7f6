/*
 * The image in its file: what a checkpoint costs when little has changed,
 * what opening costs, and a compaction.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

#include "heap.h"
#include "jam.h"
#include "store.h"

static char dir[100], path[120];
static struct store store;

static void
die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, store.why);
	exit(2);
}

static void
anew(void *arg)
{
	(void)arg;
	store_close(&store);
	heap_free();
	if (heap_init(NULL) != 0)
		die("heap");
}

static void
open_once(void *arg)
{
	(void)arg;
	if (store_open(&store, path, STORE_WRITE) != STORE_OK)
		die("open");
}

/* As when an event came: a new list of some hundred cells on the state. */
static void
change_a_little(void *arg)
{
	noun n = store.root;

	(void)arg;
	for (uint64_t i = 0; i < 500; i++)
		n = cons(cons(direct(i), direct(store.event)), n);
	stack_push(n);
}

static void
commit_once(void *arg)
{
	noun n = stack_pop();

	(void)arg;
	if (store_commit(&store, &n, store.event + 1) != STORE_OK)
		die("commit");
}

static void
append_once(void *arg)
{
	noun n = stack_pop();

	(void)arg;
	if (store_append(&store, &n, store.event + 1) != STORE_OK)
		die("append");
}

static void
settle_change(void *arg)
{
	if (store_sync(&store) != STORE_OK || store_settle(&store) != STORE_OK)
		die("sync");
	change_a_little(arg);
}

static void
verify_once(void *arg)
{
	(void)arg;
	if (store_verify(&store, NULL, NULL) != STORE_OK)
		die("verify");
}

static void
compact_once(void *arg)
{
	(void)arg;
	if (store_compact(&store, NULL, NULL) != STORE_OK)
		die("compact");
}

static void
open_anew(void *arg)
{
	anew(arg);
	open_once(arg);
}

static void
create(void)
{
	anew(NULL);
	if (store_create(&store, path) != STORE_OK)
		die("create");
	open_once(NULL);
}

static void
one_number(const char *row, const char *input, const char *unit, double v)
{
	bench_row(row, input, unit, &v, 1, 0);
}

static void
row(const char *name, const char *input, void (*run)(void *),
    void (*idle)(void *))
{
	bench_run(&(struct bench){.row = name,
	    .input = input,
	    .unit = "ms",
	    .run = run,
	    .idle = idle});
}

/* -------- a large image -------- */

enum { CELLS = 50000000 };

/* Lists of a million; half of it as large as it could be in a collection. */
static void
build_large(void)
{
	noun n;

	create();
	for (uint64_t e = 0; e < CELLS / 1000000; e++) {
		n = store.root;
		for (uint64_t i = 0; i < 1000000; i++)
			n = cons(direct(i), n);
		stack_push(n);
		commit_once(NULL);
	}
}

static void
large(void)
{
	static const char input[] = "image of 1 GB";
	double bytes;

	build_large();
	row("open", input, open_once, anew);
	row("checkpoint", input, commit_once, change_a_little);
	bytes = (double)store.written;
	one_number("checkpoint writes", input, "KiB", bytes / 1024);
	change_a_little(NULL);
	append_once(NULL);
	row("checkpoint, but for the disk", input, append_once, settle_change);
	settle_change(NULL);
	stack_pop();
	row("verify", input, verify_once, NULL);
}

/* -------- a pill -------- */

static void
pill(const char *name)
{
	struct bench_bytes b;
	struct cue_fault f;
	char file[100];
	noun n;

	snprintf(file, sizeof file, "pills/%s", name);
	if (!bench_data(&b, file))
		return;
	create();
	if (cue(b.p, b.n, &n, &f) != 0)
		die(f.reason);
	stack_push(n);
	commit_once(NULL);
	one_number("image", name, "KiB",
	    (double)(heap.stat.image + store.super.cells / 4) / 1024);
	row("compact", name, compact_once, open_anew);
	open_anew(NULL);
	one_number("image, compacted", name, "KiB",
	    (double)(heap.stat.image + store.super.cells / 4) / 1024);
	free(b.p);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof dir, "%s/bench.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		die(dir);
	snprintf(path, sizeof path, "%s/image", dir);
	pill("ivory-140.pill");
	pill("brass-140.pill");
	large();
	store_close(&store);
	unlink(path);
	rmdir(dir);
	return 0;
}
