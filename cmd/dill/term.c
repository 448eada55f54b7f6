#define _GNU_SOURCE /* close_range() */
#include "term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <unistd.h>

/* Keys of a paste come between marks; and clicks, as xterm tells them. */
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

/* -------- modes -------- */

static struct term *ours;

/* Only if nobody did so in good order: then the cursor is somewhere. */
static void
cook_at_exit(void)
{
	if (ours == NULL || !*ours->raw)
		return;
	term_cook(ours);
	(void)!write(ours->fd, "\r\n", 2);
}

/* It is deadly the second time. */
static void
cook_and_die(int sig)
{
	cook_at_exit();
	raise(sig);
}

/* Only where nobody else, a sanitizer, wants to hear of it. */
static void
on_death(int sig)
{
	struct sigaction now,
	    a = {.sa_handler = cook_and_die,
	        .sa_flags = SA_RESETHAND | SA_ONSTACK};

	if (sigaction(sig, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
		sigaction(sig, &a, NULL);
}

static void
keep_watch(struct term *t)
{
	static const int deaths[] = {
	    SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS};
	static char room[1 << 16];
	stack_t now, stack = {.ss_sp = room, .ss_size = sizeof room};

	ours = t;
	if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE))
		sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++)
		on_death(deaths[i]);
	atexit(cook_at_exit);
}

static int
reopen(const char *path)
{
	char self[64];
	bool digits = *path && path[strspn(path, "0123456789")] == '\0';

	if (digits)
		snprintf(self, sizeof self, "/proc/self/fd/%.20s", path);
	return open(
	    digits ? self : path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

/* False: errno. */
static bool
share(struct term *t)
{
	void *p = mmap(NULL, sizeof *t->raw, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	t->raw = p == MAP_FAILED ? NULL : p;
	return t->raw != NULL;
}

int
term_open(struct term *t, const char *path)
{
	int error = ENOTTY;

	t->keeper = -1;
	if ((t->fd = reopen(path)) < 0)
		return -1;
	if (tcgetattr(t->fd, &t->before) == 0) {
		if (share(t)) {
			keep_watch(t);
			return 0;
		}
		error = errno;
	}
	close(t->fd);
	t->fd = -1;
	errno = error;
	return -1;
}

void
term_size(const struct term *t, unsigned *cols, unsigned *rows)
{
	struct winsize w = {0};

	if (ioctl(t->fd, TIOCGWINSZ, &w) < 0)
		w = (struct winsize){0};
	*cols = w.ws_col;
	*rows = w.ws_row;
}

bool
term_reflows(void)
{
	const char *type = getenv("TERM");

	if (getenv("TMUX"))
		return true;
	return getenv("XTERM_VERSION") == NULL && getenv("STY") == NULL &&
	    (type == NULL || strcmp(type, "linux") != 0);
}

/* Without a wait for what is to be written: it may never be. */
static int
set(const struct term *t, const struct termios *m)
{
	int r;

	do
		r = tcsetattr(t->fd, TCSANOW, m);
	while (r < 0 && errno == EINTR);
	return r;
}

static struct termios
raw_modes(const struct term *t)
{
	struct termios m = t->before;

	m.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN);
	m.c_lflag |= ISIG;
	m.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON |
	    IXOFF | BRKINT);
	m.c_oflag &= ~(tcflag_t)OPOST;
	m.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	m.c_cflag |= CS8;
	m.c_cc[VMIN] = 1;
	m.c_cc[VTIME] = 0;
	m.c_cc[VINTR] = m.c_cc[VQUIT] = _POSIX_VDISABLE;
	return m;
}

/* It may be killed between two steps: so first the word of it. */
int
term_raw(struct term *t)
{
	struct termios m = raw_modes(t);

	*t->raw = true;
	if (set(t, &m) < 0) {
		*t->raw = false;
		return -1;
	}
	term_put(t, PASTE_ON, sizeof PASTE_ON - 1);
	if (t->mouse)
		term_put(t, MOUSE_ON, sizeof MOUSE_ON - 1);
	return 0;
}

void
term_cook(struct term *t)
{
	static const char off[] = "\033[m" PASTE_OFF MOUSE_OFF;
	size_t n = sizeof off - 1 - (t->mouse ? 0 : sizeof MOUSE_OFF - 1);

	if (t->raw == NULL || !*t->raw)
		return;
	/* Nothing is left to be done if this fails. */
	(void)!write(t->fd, off, n);
	set(t, &t->before);
	*t->raw = false;
}

/* -------- in a child -------- */

void
term_kept(struct term *t)
{
	t->keeper = pidfd_open(getppid(), 0);
}

/* Above all that is kept; a number that was -1 stays so. */
static void
lift(int *fd, int from)
{
	if (*fd >= 0)
		*fd = fcntl(*fd, F_DUPFD_CLOEXEC, from);
}

static void
lower(int *fd, int *to)
{
	if (*fd >= 0)
		*fd = dup2(*fd, (*to)++);
}

void
term_alone(struct term *t, int from)
{
	lift(&t->fd, from + 2);
	lift(&t->keeper, from + 2);
	lower(&t->fd, &from);
	lower(&t->keeper, &from);
	close_range((unsigned)from, ~0u, 0);
}

static bool
is_kept(const struct term *t)
{
	struct pollfd p = {.fd = t->keeper, .events = POLLIN};

	return t->keeper >= 0 && poll(&p, 1, 0) == 0;
}

void
term_orphaned(struct term *t)
{
	struct termios now, m = raw_modes(t);

	if (t->fd < 0 || !*t->raw || is_kept(t) || tcgetattr(t->fd, &now) < 0)
		return;
	if (now.c_lflag == m.c_lflag && now.c_iflag == m.c_iflag &&
	    now.c_oflag == m.c_oflag)
		cook_at_exit();
}

/* -------- writing -------- */

static void poll_for(struct term *t);

/* Nobody is there any more. */
static void
broken(struct term *t)
{
	t->at = t->n = 0;
	t->gone(t);
}

/* What can be written now. */
static void
push(struct term *t)
{
	while (t->at < t->n) {
		ssize_t r = write(t->fd, t->p + t->at, t->n - t->at);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && errno == EAGAIN)
			return;
		if (r < 0) {
			broken(t);
			return;
		}
		t->at += (size_t)r;
	}
	t->at = t->n = 0;
	if (t->cap > TERM_KEPT) {
		free(t->p);
		t->p = NULL;
		t->cap = 0;
	}
	if (t->dropped) {
		t->dropped = false;
		t->lost(t);
	}
}

static bool
keep(struct term *t, const char *p, size_t n)
{
	if (t->at) {
		memmove(t->p, t->p + t->at, t->n - t->at);
		t->n -= t->at;
		t->at = 0;
	}
	if (n > t->cap - t->n) {
		size_t cap = t->n + n;
		char *more = realloc(t->p, cap);

		if (more == NULL)
			return false;
		t->p = more;
		t->cap = cap;
	}
	memcpy(t->p + t->n, p, n);
	t->n += n;
	return true;
}

void
term_put(struct term *t, const char *p, size_t n)
{
	if (n == 0 || t->fd < 0)
		return;
	if (t->dropped || t->n - t->at > TERM_FULL || !keep(t, p, n))
		t->dropped = true;
	push(t);
	if (t->fd >= 0)
		poll_for(t);
}

/* -------- the loop -------- */

static void
read_some(struct term *t)
{
	uint8_t buf[4096];
	ssize_t r = read(t->fd, buf, sizeof buf);

	if (r > 0)
		t->took(t, buf, (size_t)r);
	else if (r == 0 || (errno != EAGAIN && errno != EINTR))
		broken(t);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct term *t = poll->data;

	if (status < 0) {
		errno = -status;
		broken(t);
		return;
	}
	if (events & UV_WRITABLE)
		push(t);
	if (t->fd >= 0 && t->reading && (events & UV_READABLE))
		read_some(t);
	if (t->fd >= 0)
		poll_for(t);
}

static void
poll_for(struct term *t)
{
	int events =
	    (t->reading ? UV_READABLE : 0) | (t->at < t->n ? UV_WRITABLE : 0);

	if (t->poll.loop == NULL || uv_is_closing((uv_handle_t *)&t->poll))
		return;
	if (events)
		uv_poll_start(&t->poll, events, on_poll);
	else
		uv_poll_stop(&t->poll);
}

int
term_start(struct term *t, uv_loop_t *loop)
{
	int error = uv_poll_init(loop, &t->poll, t->fd);

	if (error)
		return error;
	t->poll.data = t;
	term_read(t, true);
	return 0;
}

void
term_read(struct term *t, bool on)
{
	t->reading = on;
	if (t->fd >= 0)
		poll_for(t);
}

/* The descriptor is the loop's until the handle is closed. */
static void
on_closed(uv_handle_t *h)
{
	struct term *t = h->data;

	close(t->fd);
	t->fd = -1;
	free(t->p);
	t->p = NULL;
	t->at = t->n = t->cap = 0;
}

void
term_pause(struct term *t, unsigned ms)
{
	struct pollfd p = {.fd = t->fd, .events = POLLOUT};

	if (t->fd < 0 || uv_is_closing((uv_handle_t *)&t->poll))
		return;
	t->reading = t->dropped = false;
	while (t->at < t->n && poll(&p, 1, (int)ms) > 0 &&
	    !(p.revents & (POLLERR | POLLHUP)))
		push(t);
	t->at = t->n = 0;
	poll_for(t);
	term_cook(t);
}

void
term_stop(struct term *t, unsigned ms)
{
	if (t->fd < 0 || uv_is_closing((uv_handle_t *)&t->poll))
		return;
	term_pause(t, ms);
	uv_close((uv_handle_t *)&t->poll, on_closed);
}
