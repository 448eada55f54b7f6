/*
 * The serf, through its pipes: from an event to its acknowledgement, one at a
 * time, beside the bare fdatasync of the same disk; many in a row; and how
 * soon it can be talked to.
 *
 * BENCH_PIER=DIR: a pier of a real ship, of which a copy is used; without it
 * its rows are left out.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "bench.h"
#include "shell.h"
#include "frame.h"
#include "heap.h"
#include "jam.h"
#include "newt.h"
#include "shape.h"

enum { ALONE = 200, MANY = 20000 };

/* -------- a serf -------- */

struct running {
	pid_t pid;
	int to, from;
	struct newt newt;
};

static void
run(const char *pier, int in, int out)
{
	char path[1000];

	snprintf(path, sizeof path, "%s/serf", bin());
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	execl(path, "serf", "-q", pier, (char *)NULL);
	err(111, "%s", path);
}

static void
until(struct running *r, enum frame frame, uint64_t id)
{
	struct frame_head h;

	do {
		if (newt_read(r->from, &r->newt) != NEWT_REC)
			errx(111, "serf: no answer");
		frame_head(r->newt.p, r->newt.n, &h);
	} while (h.frame != frame || (id != 0 && h.id != id));
}

static void
begin(struct running *r, const char *pier)
{
	int in[2], out[2];

	*r = (struct running){0};
	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		err(111, "pipe");
	if ((r->pid = fork()) == 0)
		run(pier, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	r->to = in[1];
	r->from = out[0];
	until(r, FRAME_RIPE, 0);
}

static void
end(struct running *r)
{
	int status;

	close(r->to);
	while (newt_read(r->from, &r->newt) == NEWT_REC)
		;
	close(r->from);
	newt_free(&r->newt);
	if (waitpid(r->pid, &status, 0) < 0 || status != 0)
		errx(111, "serf: status %d", status);
}

/* -------- pokes -------- */

struct bytes {
	uint8_t *p;
	size_t n, cap;
};

static struct bytes many; /* MANY frames, ids from 1 on */
static size_t one;        /* bytes of the first */

/* [%poke id [%a 0] %echo id] */
static noun
poke(uint64_t id)
{
	noun wire = cons(atom_cord("a"), 0);

	return cons(atom_cord("poke"),
	    cons4(atom_word(id), wire, atom_cord("echo"), atom_word(id)));
}

static void
make_frames(void *arg)
{
	(void)arg;
	for (uint64_t id = 1; id <= MANY; id++) {
		noun bytes = jam(poke(id));
		size_t n = atom_bytes(bytes);
		uint64_t room;

		if (many.n + n + NEWT_HEAD > many.cap)
			many.p = realloc(many.p, many.cap += 1 << 20);
		newt_put(many.p + many.n, (uint32_t)n);
		memcpy(many.p + many.n + NEWT_HEAD, atom_view(bytes, &room), n);
		many.n += NEWT_HEAD + n;
		if (id == 1)
			one = many.n;
	}
}

static void
alone(void *arg)
{
	struct running *r = arg;

	for (int i = 0; i < ALONE; i++) {
		if (write(r->to, many.p, one) != (ssize_t)one)
			err(111, "serf");
		until(r, FRAME_DONE, 1);
	}
}

/* Who asks and who listens are two, as they are in a ship. */
static void
in_a_row(void *arg)
{
	struct running *r = arg;
	pid_t pid = fork();

	if (pid == 0) {
		for (size_t at = 0; at < many.n;) {
			ssize_t n = write(r->to, many.p + at, many.n - at);

			if (n < 0)
				_exit(111);
			at += (size_t)n;
		}
		_exit(0);
	}
	until(r, FRAME_DONE, MANY);
	waitpid(pid, NULL, 0);
}

static void
syncs(void *arg)
{
	char file[200];
	int fd;

	(void)arg;
	snprintf(file, sizeof file, "%s/sync", dir);
	fd = open(file, O_WRONLY | O_CREAT, 0600);
	for (int i = 0; i < ALONE; i++)
		if (fd < 0 || pwrite(fd, file, 100, i * 4096) < 0 ||
		    fdatasync(fd) < 0)
			err(111, "%s", file);
	close(fd);
}

static void
pokes(void)
{
	char pier[200];
	struct running r;

	snprintf(pier, sizeof pier, "%s/pier", dir);
	must("%s/boot -q -F zod -B %s/mini.pill %s 2>/dev/null", bin(), bin(),
	    pier);
	begin(&r, pier);
	bench_run(&(struct bench){.row = "serf: fdatasync",
	    .input = "100 bytes",
	    .unit = "us",
	    .run = syncs,
	    .times = ALONE});
	bench_run(&(struct bench){.row = "serf: event to done",
	    .input = "mini, one at a time",
	    .unit = "us",
	    .run = alone,
	    .arg = &r,
	    .times = ALONE});
	bench_run(&(struct bench){.row = "serf: events done",
	    .input = "mini, in a row",
	    .unit = "events/s",
	    .run = in_a_row,
	    .arg = &r,
	    .amount = MANY});
	end(&r);
}

/* -------- starting -------- */

static void
restart(void *arg)
{
	struct running *r = arg;
	char pier[200];

	snprintf(pier, sizeof pier, "%s/real", dir);
	begin(r, pier);
}

static void
stop(void *arg)
{
	struct running *r = arg;

	if (r->pid != 0)
		end(r);
	r->pid = 0;
}

static void
restarts(void)
{
	const char *pier = getenv("BENCH_PIER");
	struct running r = {0};

	if (pier == NULL) {
		printf("# no BENCH_PIER: no restart of a real ship\n");
		return;
	}
	must("cp -r %s %s/real", pier, dir);
	bench_run(&(struct bench){.row = "serf: start",
	    .input = "a real ship, to %ripe",
	    .unit = "ms",
	    .run = restart,
	    .idle = stop,
	    .arg = &r});
	stop(&r);
}

int
main(void)
{
	make_dir();
	if (heap_init(NULL) < 0 || trap_run(make_frames, NULL) != BAIL_NONE)
		err(111, "frames");
	pokes();
	restarts();
	must("rm -rf %s", dir);
	return 0;
}
