#include "stop.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "nock.h"

static volatile sig_atomic_t came;
static int fd = -1;

static void
on_signal(int sig)
{
	uint64_t one = 1;

	came = sig;
	nock_interrupt(BAIL_INTR);
	if (fd >= 0)
		(void)!write(fd, &one, sizeof one);
}

static void
handle(int sig, void (*f)(int), int flags)
{
	struct sigaction a = {.sa_handler = f, .sa_flags = flags};

	sigaction(sig, &a, NULL);
}

void
stop_catch(void)
{
	fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	handle(SIGINT, on_signal, SA_RESTART | (int)SA_RESETHAND);
	handle(SIGTERM, on_signal, SA_RESTART | (int)SA_RESETHAND);
}

bool
stop_asked(void)
{
	return came != 0;
}

int
stop_fd(void)
{
	return fd;
}

int
stop_end(int code)
{
	if (came == 0)
		return code;
	handle((int)came, SIG_DFL, 0);
	raise((int)came);
	return code;
}
