/*
 * A whole ship of the mini kernel, seen by a driver: from an event to its
 * acknowledgement, one at a time and many in a row, through urbit and the
 * serf; a question through urbit and a reader, idle and while the ship
 * computes; and from the start of urbit to where it is live.
 *
 * The driver is this program, in the place of conn: so it is started by the
 * urbit that it measures, and tells the one that started that by a file.
 */
#define _GNU_SOURCE
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
#include "out.h"
#include "shape.h"

enum { ALONE = 300, PEEKS = 3000, MANY = 20000, READY = 3, STARTS = 9 };

static const char rows[] = "rows"; /* the file, beside the programs */

/* -------- in the place of conn -------- */

static struct newt in;
static struct out out;

static noun
cord(const char *s)
{
	return direct(frame_cord(s));
}

/* [%poke id [%k %bench ~] tag id] */
static noun
poke(uint64_t id, const char *tag)
{
	noun wire = cons3(cord("k"), cord("bench"), 0);
	noun card = cons(cord(tag), direct(id));

	return cons4(cord("poke"), direct(id), wire, card);
}

static noun
peek(uint64_t id)
{
	return cons3(cord("peek"), direct(id), 0);
}

static void
put(noun frame)
{
	noun a = jam(frame);
	uint64_t room;

	if (newt_write_out(&out, atom_view(a, &room), atom_bytes(a)) < 0)
		err(111, "urbit");
}

static void
send(noun frame)
{
	put(frame);
	if (out_flush(&out) < 0)
		err(111, "urbit");
}

/* Read until that comes. */
static void
until(enum frame frame, uint64_t id)
{
	struct frame_head h;

	do {
		if (newt_read(STDIN_FILENO, &in) != NEWT_REC)
			errx(111, "urbit: no answer");
		frame_head(in.p, in.n, &h);
	} while (h.frame != frame || h.id != id);
	heap_safepoint();
}

static void
pokes_alone(void)
{
	double v[ALONE];

	for (uint64_t i = 0; i < ALONE; i++) {
		double begin = bench_now();

		send(poke(i + 1, "echo"));
		until(FRAME_DONE, i + 1);
		v[i] = (bench_now() - begin) * 1e6;
	}
	bench_row("ship: event, one by one", "mini %echo, durable", "us", v,
	    ALONE, 0);
}

static void
pokes_many(void)
{
	double begin = bench_now(), v;

	for (uint64_t i = 1; i <= MANY; i++) {
		put(poke(i, "echo"));
		if (i % 64 == 0 && out_flush(&out) < 0)
			err(111, "urbit");
		/* Its answers must be read, or all stands still. */
		if (i > 1024)
			until(FRAME_DONE, i - 1024);
	}
	out_flush(&out);
	until(FRAME_DONE, MANY);
	v = MANY / (bench_now() - begin);
	bench_row(
	    "ship: events in a row", "mini %echo, durable", "/s", &v, 1, 0);
}

static void
peeks(const char *input)
{
	static double v[PEEKS];

	for (uint64_t i = 0; i < PEEKS; i++) {
		double begin = bench_now();

		send(peek(i + 1));
		until(FRAME_PEEK, i + 1);
		v[i] = (bench_now() - begin) * 1e6;
	}
	bench_row("ship: peek", input, "us", v, PEEKS, 0);
}

static void
measure(void *arg)
{
	(void)arg;
	pokes_alone();
	pokes_many();
	peeks("mini, idle");
	send(poke(1, "loop"));
	usleep(200 * 1000);
	peeks("mini, while an event is computed");
	send(cons(cord("exit"), 0));
}

/* The directory of the program that conn's pier is in has the rows. */
static int
conn(const char *pier)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/../%s", pier, rows);
	if (freopen(path, "w", stderr) == NULL)
		err(111, "%s", path);
	out_init(&out, dup(STDOUT_FILENO));
	/* bench_row() writes to standard output: give it the file. */
	if (out.fd < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		err(111, "%s", path);
	heap_init(NULL);
	if (write(READY, "\n", 1) != 1)
		err(111, "ready");
	if (trap_run(measure, NULL) != BAIL_NONE)
		errx(111, "no memory");
	while (newt_read(STDIN_FILENO, &in) == NEWT_REC)
		;
	return 0;
}

/* -------- who starts urbit -------- */

static void
make_ship(void)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n < 0)
		err(111, "/proc/self/exe");
	make_dir();
	self[n] = '\0';
	must("cp %s/urbit %s", bin(), dir);
	must("for p in boot serf scry behn dill mini.pill; do "
	     "ln -s \"$(realpath %s)/$p\" %s/; done",
	    bin(), dir);
	must("ln -s %s %s/conn", self, dir);
	must("cd %s && ./boot -q -F zod -B mini.pill pier 2>/dev/null", dir);
}

static void
starts(void)
{
	double v[STARTS];

	for (int i = 0; i < STARTS; i++) {
		double begin = bench_now();

		must("cd %s && timeout 60 ./urbit -q -t -x --no-conn --no-dock "
		     "pier </dev/null >/dev/null 2>&1",
		    dir);
		v[i] = (bench_now() - begin) * 1e3;
	}
	bench_row("ship: start to live to end", "mini", "ms", v, STARTS, 0);
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');

	if (strcmp(name ? name + 1 : argv[0], "conn") == 0)
		return conn(argv[argc - 1]);
	make_ship();
	must("cd %s && timeout 200 ./urbit -q -t --no-dock pier "
	     "</dev/null >/dev/null 2>errors; cat errors >&2; cat rows",
	    dir);
	starts();
	must("rm -r %s", dir);
	return 0;
}
