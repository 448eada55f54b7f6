#include "patience.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/time.h>

#include "clock.h"
#include "nock.h"

static uint64_t limit;
static _Atomic uint64_t since; /* 0 = there is no question */
static atomic_bool fired;

static void
on_tick(int sig)
{
	uint64_t began = since;

	(void)sig;
	if (began == 0 || clock_ns() - began <= limit)
		return;
	fired = true;
	nock_interrupt(BAIL_TIME);
}

void
patience_set(uint64_t ns)
{
	struct sigaction a = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
	uint64_t us = ns / 8 / 1000 + 1;
	struct timeval each = {
	    (time_t)(us / 1000000), (suseconds_t)(us % 1000000)};
	struct itimerval t = {each, each};

	limit = ns;
	if (ns == 0)
		return;
	sigaction(SIGALRM, &a, NULL);
	setitimer(ITIMER_REAL, &t, NULL);
}

void
patience_begin(void)
{
	if (limit != 0)
		since = clock_ns();
}

/*
 * A tick that came too late to be seen must not stop what comes next.  Only
 * then, for this has the next safepoint collect.
 */
void
patience_end(void)
{
	if (limit == 0)
		return;
	since = 0;
	if (!fired)
		return;
	fired = false;
	nock_interrupt(BAIL_NONE);
}
