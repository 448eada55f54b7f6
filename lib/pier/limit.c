#include "limit.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "nock.h"

static bool armed;
static volatile sig_atomic_t fired;

static void
on_alarm(int sig)
{
	(void)sig;
	fired = true;
	nock_interrupt(BAIL_TIME);
}

static volatile sig_atomic_t came = SIGINT;

static void
on_interrupt(int sig)
{
	came = sig;
	nock_interrupt(BAIL_INTR);
}

static void
on_tick(int sig)
{
	(void)sig;
	nock_tick();
}

static void
handle(int sig, void (*f)(int), int flags)
{
	struct sigaction a = {.sa_handler = f, .sa_flags = flags};

	sigaction(sig, &a, NULL);
}

static void
set_timer(uint64_t ns)
{
	struct itimerval t = {.it_value = {(time_t)(ns / 1000000000),
	                          (suseconds_t)(ns % 1000000000 / 1000)}};

	if (ns > 0 && ns < 1000)
		t.it_value.tv_usec = 1;
	setitimer(ITIMER_REAL, &t, NULL);
}

void
limit_begin(uint64_t ns)
{
	if (ns == 0)
		return;
	handle(SIGALRM, on_alarm, SA_RESTART);
	set_timer(ns);
	armed = true;
}

/*
 * An alarm that came too late to be seen must not stop what comes next.  Only
 * then, for this has the next safepoint collect.
 */
void
limit_end(void)
{
	if (!armed)
		return;
	set_timer(0);
	armed = false;
	if (!fired)
		return;
	fired = false;
	nock_interrupt(BAIL_NONE);
}

void
limit_catch(void)
{
	handle(SIGINT, on_interrupt, SA_RESTART | (int)SA_RESETHAND);
}

void
limit_catch_term(void)
{
	limit_catch();
	handle(SIGTERM, on_interrupt, SA_RESTART | (int)SA_RESETHAND);
}

void
limit_die(void)
{
	handle((int)came, SIG_DFL, 0);
	raise((int)came);
}

void
limit_alarm(void *arg, uint64_t ns)
{
	static timer_t timer;
	static pid_t made; /* by this process: a fork has no timer */
	struct sigevent e = {
	    .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
	struct itimerspec t = {
	    .it_value = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)}};

	(void)arg;
	if (made != getpid()) {
		handle(SIGRTMIN, on_tick, SA_RESTART);
		if (timer_create(CLOCK_MONOTONIC, &e, &timer) == 0)
			made = getpid();
	}
	if (made == getpid())
		timer_settime(timer, 0, &t, NULL);
}
