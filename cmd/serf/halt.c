#include "halt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "nock.h"

enum { TICK_NS = 10 * 1000 * 1000 };

static volatile sig_atomic_t computing, interrupted, asked, late;
static int fd = -1;
static bool ticking;
static uint64_t limit;
static timer_t ticker, clock_limit;

/* -------- handlers -------- */

static void
interrupt(enum bail kind)
{
	if (!computing)
		return;
	interrupted = 1;
	nock_interrupt(kind);
}

static void
ring(void)
{
	static const uint64_t one = 1;
	int e = errno;

	(void)!write(fd, &one, sizeof one);
	errno = e;
}

static void
on_signal(int sig)
{
	if (sig == SIGTERM || sig == SIGHUP) {
		if (!asked)
			alarm(1);
		asked = 1;
		ring();
	} else if (sig == SIGALRM) {
		late = 1;
		interrupt(BAIL_INTR);
		ring();
	} else {
		interrupt(sig == SIGINT ? BAIL_INTR : BAIL_TIME);
	}
}

static void
on_tick(int sig)
{
	(void)sig;
	nock_sample();
}

/* -------- setting up -------- */

static int
handle(int sig, void (*f)(int))
{
	struct sigaction a = {.sa_handler = f, .sa_flags = SA_RESTART};

	return sigaction(sig, &a, NULL);
}

/* What nohup has us ignore stays so. */
static int
handle_hangup(void (*f)(int))
{
	struct sigaction now;

	if (sigaction(SIGHUP, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
		return 0;
	return handle(SIGHUP, f);
}

static int
make_timer(int sig, void (*f)(int), timer_t *t)
{
	struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig};

	if (handle(sig, f) < 0)
		return -1;
	return timer_create(CLOCK_MONOTONIC, &e, t);
}

static void
mask(int how)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(how, &all, NULL);
}

int
halt_catch(void)
{
	fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (fd < 0 || handle(SIGINT, on_signal) < 0 ||
	    handle(SIGTERM, on_signal) < 0 || handle_hangup(on_signal) < 0 ||
	    handle(SIGALRM, on_signal) < 0 || handle(SIGPIPE, SIG_IGN) < 0 ||
	    make_timer(SIGRTMIN + 1, on_tick, &ticker) < 0 ||
	    make_timer(SIGRTMIN + 2, on_signal, &clock_limit) < 0)
		return -1;
	mask(SIG_UNBLOCK);
	return 0;
}

void
halt_block(void)
{
	mask(SIG_BLOCK);
}

void
halt_forget(void)
{
	handle(SIGINT, SIG_IGN);
	handle(SIGTERM, SIG_DFL);
	(void)handle_hangup(SIG_DFL);
}

/* -------- for the loop -------- */

bool
halt_asked(void)
{
	return asked;
}

bool
halt_late(void)
{
	return late;
}

int
halt_fd(void)
{
	return fd;
}

void
halt_seen(void)
{
	uint64_t n;

	(void)!read(fd, &n, sizeof n);
}

/* -------- around a computation -------- */

static void
set_timer(timer_t t, uint64_t first, uint64_t each)
{
	struct itimerspec all = {
	    .it_value = {(time_t)(first / 1000000000),
	        (long)(first % 1000000000)},
	    .it_interval = {(time_t)(each / 1000000000),
	        (long)(each % 1000000000)},
	};

	timer_settime(t, 0, &all, NULL);
}

void
halt_begin(uint64_t ns)
{
	limit = ns;
	computing = 1;
	halt_again();
	if (late)
		interrupt(BAIL_INTR);
}

void
halt_again(void)
{
	if (limit != 0)
		set_timer(clock_limit, limit, 0);
}

/* What came too late to be seen must not stop what comes next. */
void
halt_end(void)
{
	computing = 0;
	if (limit != 0)
		set_timer(clock_limit, 0, 0);
	if (interrupted)
		nock_interrupt(BAIL_NONE);
	interrupted = 0;
}

void
halt_tick(bool on)
{
	if (on != ticking)
		set_timer(ticker, on ? TICK_NS : 0, on ? TICK_NS : 0);
	ticking = on;
}
