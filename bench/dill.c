/*
 * A key typed at a terminal, to its letter on it: through $BIN/dill, in a
 * terminal of our own, with a ship that answers at once.  One that computes
 * and logs comes on top.
 */
#define _GNU_SOURCE /* ptsname() */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atom.h"
#include "heap.h"
#include "jam.h"
#include "newt.h"
#include "shape.h"

#include "bench.h"

enum { KEYS = 400, LINE = 60 };

struct peer {
	int tty, to, from; /* the terminal's other end; dill's frames */
	struct newt in;
	pid_t pid;
	size_t n; /* letters on the line */
};

/* -------- the ship -------- */

/* The prompt with n letters, as drum draws it. */
static noun
drawn(size_t n)
{
	noun text = 0, blits;

	for (size_t i = 0; i < n + 11; i++)
		text = cons(direct(i < n ? 'a' : '>'), text);
	blits = cons(cons(atom_cord("hop"), direct(n + 11)), 0);
	blits =
	    cons(cons3(atom_cord("klr"), cons(cons3(0, 0, 0), text), 0), blits);
	blits = cons(cons(atom_cord("wyp"), 0), blits);
	blits = cons(cons(atom_cord("hop"), 0), blits);
	return cons3(cons3(atom_cord("term"), direct('1'), 0),
	    atom_cord("blit"), cons(cons(atom_cord("mor"), blits), 0));
}

static void
draw(struct peer *p)
{
	uint64_t room;
	noun j = jam(drawn(p->n));

	if (newt_write(p->to, atom_view(j, &room), atom_bytes(j)) < 0)
		err(111, "dill");
	heap_collect(HEAP_MINOR);
}

static void
hear(struct peer *p)
{
	if (newt_read(p->from, &p->in) != NEWT_REC)
		errx(111, "dill ended");
}

static ssize_t
see(struct peer *p)
{
	char buf[4096];

	return read(p->tty, buf, sizeof buf);
}

/* Until nothing comes any more. */
static void
settle(struct peer *p)
{
	struct pollfd f = {.fd = p->tty, .events = POLLIN};

	while (poll(&f, 1, 100) > 0 && see(p) > 0)
		continue;
}

/* -------- dill -------- */

static _Noreturn void
child(const char *dill, const char *tty, int in, int out)
{
	dup2(in, 0);
	dup2(out, 1);
	close_range(3, ~0u, 0);
	execl(dill, "dill", "--tty", tty, (char *)NULL);
	_exit(111);
}

static bool
start(struct peer *p)
{
	const char *bin = getenv("BIN");
	struct winsize size = {.ws_col = 80, .ws_row = 24};
	char dill[4096], tty[128];
	int in[2], out[2];

	snprintf(dill, sizeof dill, "%s/dill", bin ? bin : "bin");
	if (access(dill, X_OK) < 0)
		return false;
	p->tty = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->tty < 0 || grantpt(p->tty) < 0 || unlockpt(p->tty) < 0 ||
	    ptsname_r(p->tty, tty, sizeof tty) != 0 ||
	    ioctl(p->tty, TIOCSWINSZ, &size) < 0)
		return false;
	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 ||
	    (p->pid = fork()) < 0)
		err(111, "dill");
	if (p->pid == 0)
		child(dill, tty, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	p->to = in[1];
	p->from = out[0];
	for (int i = 0; i < 3; i++) /* %born, %blew, %hail */
		hear(p);
	return true;
}

static void
stop(struct peer *p)
{
	close(p->to);
	settle(p);
	waitpid(p->pid, NULL, 0);
}

/* -------- */

static void
key(struct peer *p)
{
	if (write(p->tty, "a", 1) != 1)
		err(111, "terminal");
	hear(p);
	p->n++;
	draw(p);
	if (see(p) <= 0)
		err(111, "terminal");
}

int
main(void)
{
	struct peer p = {0};
	double us[KEYS], begin;

	signal(SIGPIPE, SIG_IGN);
	if (heap_init(NULL) != 0)
		errx(111, "no memory");
	if (!start(&p)) {
		printf("# no $BIN/dill, or no terminals\n");
		return 0;
	}
	for (int i = 0; i < KEYS; i++) {
		if (i % LINE == 0) {
			p.n = 0;
			draw(&p);
			settle(&p);
		}
		begin = bench_now();
		key(&p);
		us[i] = (bench_now() - begin) * 1e6;
	}
	bench_row("dill", "a key to its letter", "us", us, KEYS, 0);
	stop(&p);
	return 0;
}
