#define _GNU_SOURCE /* pipe2 */
/*
 * The timer: how late a wake comes when all else is idle, from its date to
 * where the event can be read.
 */
#include <err.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "atom.h"
#include "boot.h"
#include "heap.h"
#include "jam.h"
#include "newt.h"
#include "shape.h"

enum { WAKES = 300, SECOND = 1000000000 };

static int effects, events;

static pid_t
start(void)
{
	const char *bin = getenv("BIN");
	char path[4096];
	int in[2], out[2];
	pid_t pid;

	snprintf(path, sizeof path, "%s/behn", bin ? bin : "bin");
	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		err(111, "pipe");
	if ((pid = fork()) == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl(path, "behn", (char *)NULL);
		err(111, "%s", path);
	}
	close(in[0]);
	close(out[1]);
	effects = in[1];
	events = out[0];
	return pid;
}

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

/* [[%b %behn ~] %doze ~ date] */
static void
doze(int64_t at)
{
	noun date = boot_date(at / SECOND, (uint32_t)(at % SECOND));
	noun wire = cons3(atom_cord("b"), atom_cord("behn"), 0);
	noun j = jam(cons4(wire, atom_cord("doze"), 0, date));
	uint64_t room;

	if (newt_write(effects, atom_view(j, &room), atom_bytes(j)) < 0)
		err(111, "effects");
	heap_safepoint();
}

static void
must_read(struct newt *r)
{
	if (newt_read(events, r) != NEWT_REC)
		errx(111, "behn: no event");
}

int
main(void)
{
	static double late[WAKES], worst[1];
	struct newt r = {0};
	pid_t pid = start();

	heap_init(NULL);
	must_read(&r); /* born */
	for (int i = 0; i < WAKES; i++) {
		int64_t at = now() + 5000000 + i % 7 * 1000000;

		doze(at);
		must_read(&r);
		late[i] = (double)(now() - at) / 1e6;
	}
	close(effects);
	waitpid(pid, NULL, 0);
	bench_row("behn: a wake is late", "idle, median", "ms", late, WAKES, 0);
	worst[0] = late[WAKES * 99 / 100]; /* they are in order now */
	bench_row("behn: a wake is late", "idle, p99", "ms", worst, 1, 0);
	return 0;
}
