/*
 * The control socket of a ship of the mini kernel: a question from a client
 * through conn, urbit and a reader, and back, while the ship is idle and
 * while it computes something long.
 */
#define _GNU_SOURCE /* mkdtemp */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atom.h"
#include "bench.h"
#include "heap.h"
#include "jam.h"
#include "newt.h"
#include "shape.h"
#include "text.h"

enum { PEEKS = 5000, TRIES = 300, TRY_US = 100 * 1000 };

static char dir[] = "/tmp/bench-conn-XXXXXX", pier[64], program[4096];
static int fd = -1;

/* -------- the ship -------- */

static pid_t
spawn(const char *name, const char *const *args)
{
	const char *bin = getenv("BIN");
	pid_t pid;
	int null;

	snprintf(program, sizeof program, "%s/%s", bin ? bin : "bin", name);
	if ((pid = fork()) != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if ((null = open("/dev/null", O_RDWR)) < 0)
		err(111, "/dev/null");
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execv(program, (char *const *)args);
	_exit(111);
}

static void
must_end(pid_t pid, const char *name)
{
	int status;

	if (waitpid(pid, &status, 0) < 0 || status != 0)
		errx(111, "%s: failed", name);
}

static void
make_ship(void)
{
	const char *bin = getenv("BIN");
	char pill[4096];

	if (mkdtemp(dir) == NULL)
		err(111, "%s", dir);
	snprintf(pier, sizeof pier, "%s/zod", dir);
	snprintf(pill, sizeof pill, "%s/mini.pill", bin ? bin : "bin");
	must_end(spawn("boot",
	             (const char *const[]){
	                 "boot", "-q", "-F", "zod", "-B", pill, pier, NULL}),
	    "boot");
}

static void
remove_ship(void)
{
	char command[128];

	snprintf(command, sizeof command, "rm -r %s", dir);
	if (system(command) != 0)
		warnx("%s is left", dir);
}

static bool
dial(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	if (fd >= 0)
		close(fd);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(a.sun_path, sizeof a.sun_path, "%s/.urb/conn.sock", pier);
	return connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
}

static void
must_dial(void)
{
	for (int i = 0; !dial(); i++) {
		if (i == TRIES)
			errx(111, "urbit: does not come up");
		usleep(TRY_US);
	}
}

/* -------- questions -------- */

static noun
read_noun(const char *text)
{
	struct text_fault fault;
	noun n;

	if (text_read(text, strlen(text), &n, &fault) < 0)
		errx(111, "%s: no noun", text);
	return n;
}

static void
ask(noun question)
{
	uint64_t room;
	noun j = jam(question);

	if (newt_write(fd, atom_view(j, &room), atom_bytes(j)) < 0)
		err(111, "conn");
}

static void
answer(void)
{
	static struct newt r;

	if (newt_read(fd, &r) != NEWT_REC)
		errx(111, "conn: no answer");
}

static void
peeks(const char *input, const char *worst)
{
	static double v[PEEKS];
	noun question = read_noun("[5 %peek 1 %once %x %mini [%who 0]]");

	for (int i = 0; i < PEEKS; i++) {
		double begin = bench_now();

		ask(question);
		answer();
		v[i] = (bench_now() - begin) * 1e6;
	}
	bench_row("conn: peek", input, "us", v, PEEKS, 0);
	bench_row("conn: peek", worst, "us", &v[PEEKS * 99 / 100], 1, 0);
}

int
main(void)
{
	pid_t urbit;

	if (heap_init(NULL) != 0)
		err(111, "heap");
	make_ship();
	urbit =
	    spawn("urbit", (const char *const[]){"urbit", "-t", pier, NULL});
	must_dial();
	ask(read_noun("[5 %peek 1 %once %x %mini [%who 0]]"));
	answer();
	peeks("mini, idle", "mini, idle: p99");
	ask(read_noun("[6 %ovum %x [%y 0] %loop 0]"));
	usleep(TRY_US);
	peeks("mini, in a long event", "mini, in a long event: p99");
	kill(urbit, SIGTERM);
	waitpid(urbit, NULL, 0);
	remove_ship();
	return 0;
}
