/*
 * A ship that is asked: one question after another through a reader, many by
 * one reader and by two, and what it costs to let readers see an event.
 *
 * BENCH_PIER=DIR: a pier of a real ship, of which a copy is used, for the
 * cost of an event; without it its rows are left out.
 */
#define _GNU_SOURCE /* pipe2 */
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "event.h"
#include "shell.h"
#include "jam.h"
#include "newt.h"

enum { ONE_BY_ONE = 2000, MANY = 40000, EVENTS = 100, LOOKS = 100000 };

static void
make_pier(void)
{
	make_dir();
	must("%s/boot -q -F nec -B %s/mini.pill --seed 01 %s/pier 2>/dev/null",
	    bin(), bin(), dir);
	must("seq -f '[%%%%peek %%.0f [0 0] 1 %%%%beam %%%%x [0 %%%%base 0 1] "
	     "%%%%count 0]' 1 %d | %s/jam -i text -o newt >%s/many",
	    MANY, bin(), dir);
}

/* -------- one reader, one question at a time -------- */

static struct {
	int to, from;
	pid_t pid;
	struct newt in;
	uint8_t question[200];
	size_t n;
} reader;

static void
become_reader(int in, int out)
{
	char program[4096], pier[120];

	snprintf(program, sizeof program, "%s/scry", bin());
	snprintf(pier, sizeof pier, "%s/pier", dir);
	dup2(in, 0);
	dup2(out, 1);
	execl(program, "scry", pier, (char *)NULL);
	err(111, "%s", program);
}

static void
start_reader(void)
{
	int q[2], a[2];

	if (pipe2(q, O_CLOEXEC) < 0 || pipe2(a, O_CLOEXEC) < 0 ||
	    (reader.pid = fork()) < 0)
		err(111, "reader");
	if (reader.pid == 0)
		become_reader(q[0], a[1]);
	close(q[0]);
	close(a[1]);
	reader.to = q[1];
	reader.from = a[0];
}

static void
end_reader(void)
{
	int status;

	close(reader.to);
	if (waitpid(reader.pid, &status, 0) < 0 || status != 0)
		errx(111, "the reader ended with %#x", status);
}

/* The first of the file's questions. */
static void
read_question(void)
{
	char path[120];
	FILE *f;

	snprintf(path, sizeof path, "%s/many", dir);
	if ((f = fopen(path, "rb")) == NULL ||
	    fread(reader.question, 1, sizeof reader.question, f) !=
	        sizeof reader.question)
		err(111, "%s", path);
	fclose(f);
	reader.n = NEWT_HEAD + reader.question[1];
}

static void
ask(void *arg)
{
	(void)arg;
	for (int i = 0; i < ONE_BY_ONE; i++) {
		if (write(reader.to, reader.question, reader.n) !=
		        (ssize_t)reader.n ||
		    newt_read(reader.from, &reader.in) != NEWT_REC)
			errx(111, "the reader does not answer");
	}
}

static void
one_reader(void)
{
	start_reader();
	read_question();
	ask(NULL);
	bench_run(&(struct bench){.row = "peek through a reader",
	    .input = "mini kernel, one after another",
	    .unit = "us",
	    .run = ask,
	    .times = ONE_BY_ONE});
	end_reader();
}

/* -------- many at once -------- */

static double
many_by(int readers)
{
	double begin = bench_now();
	const char *one = "%s/scry %s/pier <%s/many >/dev/null";
	char cmd[500], *p = cmd;

	for (int i = 0; i < readers; i++) {
		p += sprintf(p, one, bin(), dir, dir);
		p += sprintf(p, " & ");
	}
	must("%s wait", cmd);
	return readers * MANY / (bench_now() - begin);
}

static void
two_by_one(void)
{
	double one[BENCH_ROUNDS], ratio[BENCH_ROUNDS];

	for (int i = 0; i < BENCH_ROUNDS; i++) {
		one[i] = many_by(1);
		ratio[i] = many_by(2) / one[i];
		one[i] /= 1e3;
	}
	bench_row("peeks by one reader", "mini kernel, a stream", "k/s", one,
	    BENCH_ROUNDS, 0);
	bench_row("2 readers by 1", "mini kernel, a stream each", "x", ratio,
	    BENCH_ROUNDS, 0);
}

/* -------- events, in this process -------- */

static void
one_event(struct pier *p, double *us, double *kib)
{
	double begin;

	work_event(p);
	begin = bench_now();
	if (pier_publish(p) != PIER_OK)
		errx(111, "publish: %s", p->why);
	*us = (bench_now() - begin) * 1e6;
	*kib = (double)p->store.written / 1024;
}

static void
open_machine(struct pier *p, const char *pier, bool writer)
{
	start_machine();
	if (pier_open(p, pier, writer) != PIER_OK)
		errx(111, "%s: %s", pier, p->why);
}

static void
close_machine(struct pier *p)
{
	pier_close(p);
	jetwatch_end(0);
	nock_free();
	heap_free();
}

static void
publications(const char *pier, const char *input)
{
	double us[EVENTS], kib[EVENTS];
	struct pier p;
	enum pier_got got;

	open_machine(&p, pier, true);
	while ((got = pier_next(&p, false)) == PIER_OK)
		;
	if (got != PIER_END)
		errx(111, "%s: %s", pier, p.why);
	for (int i = 0; i < EVENTS; i++)
		one_event(&p, &us[i], &kib[i]);
	bench_row("publish an event", input, "us", us, EVENTS, 0);
	bench_row("publish writes", input, "KiB", kib, EVENTS, 0);
	close_machine(&p);
}

static void
refresh(void *arg)
{
	struct pier *p = arg;

	for (int i = 0; i < LOOKS; i++)
		if (store_refresh(&p->store) != STORE_OK)
			errx(111, "refresh: %s", p->store.why);
}

static void
nothing_new(void)
{
	struct pier p;
	char pier[120];

	snprintf(pier, sizeof pier, "%s/pier", dir);
	open_machine(&p, pier, false);
	bench_run(&(struct bench){.row = "look for something newer",
	    .input = "there is nothing",
	    .unit = "ns",
	    .run = refresh,
	    .arg = &p,
	    .times = LOOKS});
	close_machine(&p);
}

int
main(void)
{
	const char *real = getenv("BENCH_PIER");
	char copy[120];

	make_pier();
	one_reader();
	two_by_one();
	nothing_new();
	snprintf(copy, sizeof copy, "%s/pier", dir);
	publications(copy, "mini kernel");
	if (real) {
		snprintf(copy, sizeof copy, "%s/real", dir);
		must("cp -r %s %s", real, copy);
		publications(copy, "a real ship");
	} else {
		printf("# no BENCH_PIER: a real ship's events left out\n");
	}
	must("rm -rf %s", dir);
	return 0;
}
