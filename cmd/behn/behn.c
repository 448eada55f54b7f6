/*
 * behn -- the ship's timer.
 *
 *     UNSET        no wake is wanted       doze(), settled()
 *     SET          until `at`              doze()
 *     BACKSTOPPED  until ten minutes from  wake(): one was sent, and the
 *                  then                    %doze after it may never come
 *
 * A %wake is a POKE, so that its fate is told: one that failed can be sent
 * again, and after one that happened a ship that has no %doze for us waits
 * for nothing.
 */
#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "atom.h"
#include "boot.h"
#include "driver.h"
#include "heap.h"
#include "shape.h"
#include "tool.h"

#define SECOND INT64_C(1000000000)

/* How often a %wake that failed is sent again; seconds of the backstop. */
enum { RETRIES = 2, BACKSTOP = 600 };

/* The timer is set for no longer than this, then anew: seconds. */
enum { LONGEST = 1 << 25 };

enum state { UNSET, SET, BACKSTOPPED };

struct behn {
	struct driver d;
	uv_poll_t poll;
	int fd;
	enum state state;
	int64_t at;       /* nanoseconds since 1970 */
	uint64_t id;      /* of the last %wake */
	bool asked;       /* its fate is not known */
	unsigned retries; /* of it, so far */
};

/* -------- the timer -------- */

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

/*
 * Have the descriptor readable at b->at, or when the clock is set.  A time
 * of zero would mean never.
 */
static void
arm(struct behn *b)
{
	int64_t most = now() + LONGEST * SECOND;
	int64_t at = b->at < 1 ? 1 : b->at > most ? most : b->at;
	struct itimerspec t = {.it_value = {at / SECOND, at % SECOND}};

	if (b->state == UNSET)
		t.it_value = (struct timespec){0, 0};
	if (timerfd_settime(b->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
	        &t, NULL) < 0)
		driver_end(&b->d, tool_errno("timer"));
}

static void
set(struct behn *b, enum state state, int64_t at)
{
	b->state = state;
	b->at = at;
	arm(b);
}

/* -------- events -------- */

static void
born(struct driver *d)
{
	struct behn *b = d->arg;

	b->asked = false;
	driver_emit(
	    d, cons(driver_wire(d, "b", "behn"), cons(atom_cord("born"), 0)));
}

/* [%poke id wire %wake ~] */
static void
send_wake(struct driver *d, void *arg)
{
	struct behn *b = d->arg;
	noun wire = driver_wire(d, "b", "behn");

	(void)arg;
	b->asked = true;
	driver_emit(d,
	    cons4(atom_cord("poke"), atom_word(++b->id), wire,
	        cons(atom_cord("wake"), 0)));
}

static void
wake(struct behn *b)
{
	set(b, BACKSTOPPED, now() + BACKSTOP * SECOND);
	b->retries = 0;
	driver_try(&b->d, send_wake, NULL);
}

/* The clock may have been set, or the timer was not for all of the time. */
static void
look(struct behn *b, bool clock_set)
{
	if (b->state == UNSET)
		return;
	if (b->at <= now())
		wake(b);
	else if (b->state == BACKSTOPPED && clock_set)
		set(b, BACKSTOPPED, now() + BACKSTOP * SECOND);
	else
		arm(b);
}

static void
on_timer(uv_poll_t *poll, int status, int events)
{
	struct behn *b = poll->data;
	uint64_t times;
	ssize_t got = read(b->fd, &times, sizeof times);

	(void)status, (void)events;
	if (got < 0 && errno == EAGAIN)
		return;
	if (got < 0 && errno != ECANCELED)
		driver_end(&b->d, tool_errno("timer"));
	else
		look(b, got < 0);
}

/* -------- effects -------- */

/* The first nanosecond that is not before the date. */
static int64_t
not_before(noun date)
{
	int64_t at = boot_unix(date);

	return at < INT64_MAX ? at + 1 : at;
}

/* data is a (unit date) */
static void
doze(struct behn *b, noun data)
{
	noun some, date;

	if (data == 0) {
		set(b, UNSET, 0);
	} else if (uncons(data, &some, &date) && some == 0 && is_atom(date)) {
		set(b, SET, not_before(date));
		if (b->at <= now())
			wake(b);
	} else {
		tool_fail(TOOL_DATA, "%doze", "no date, ignored");
	}
}

static void
effect(struct driver *d, noun wire, noun card)
{
	noun tag = head(card);

	(void)wire;
	if (is_atom(tag) && atom_is(tag, "doze"))
		doze(d->arg, tail(card));
	else
		tool_fail(TOOL_DATA, "effect", "not a %%doze, ignored");
}

/* -------- the fate of a wake -------- */

/*
 * What the formula did, it will do again; what the machine did may pass.
 * The tag of the first goof tells.
 */
static bool
may_pass(noun goofs)
{
	noun tag;

	return axis_get_word(goofs, 4, &tag) && is_atom(tag) &&
	    !atom_is(tag, "exit");
}

static void
failed(struct behn *b, noun goofs)
{
	if (b->retries < RETRIES && may_pass(goofs)) {
		b->retries++;
		send_wake(&b->d, NULL);
		return;
	}
	b->asked = false;
	tool_fail(TOOL_SYS, "%wake", "the ship failed to take it, dropped%s",
	    b->state == BACKSTOPPED ? "; there is one more in ten minutes"
	                            : "");
}

/* What the ship wants after it, it has said before. */
static void
settled(struct behn *b)
{
	b->asked = false;
	if (b->state == BACKSTOPPED)
		set(b, UNSET, 0);
}

static bool
is_of_wake(const struct behn *b, noun id)
{
	uint64_t n;

	return b->asked && is_atom(id) && atom_to_word(id, &n) && n == b->id;
}

static void
message(struct driver *d, enum frame frame, noun whole)
{
	struct behn *b = d->arg;
	noun tag, id, rest;

	if (!uncons3(whole, &tag, &id, &rest) || !is_of_wake(b, id))
		return;
	if (frame == FRAME_DONE)
		settled(b);
	else if (frame == FRAME_BAIL)
		failed(b, rest);
	else if (frame == FRAME_GONE)
		b->asked = false;
}

/* -------- main -------- */

static void
closed(struct driver *d)
{
	struct behn *b = d->arg;

	uv_close((uv_handle_t *)&b->poll, NULL);
}

static int
open_timer(struct behn *b)
{
	b->fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (b->fd < 0)
		return tool_errno("timer");
	b->poll.data = b;
	errno = -uv_poll_init(b->d.loop, &b->poll, b->fd);
	if (errno == 0)
		errno = -uv_poll_start(&b->poll, UV_READABLE, on_timer);
	return errno ? tool_errno("timer") : TOOL_DONE;
}

static const struct tool_option options[] = {
    {'d', NULL, "FD", "write a newline there when ready, and close it"},
};

static struct tool tool = {
    .name = "behn",
    .about = "the timer of a ship",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .operands = "",
};

static struct behn behn = {
    .d = {.name = "behn",
        .born = born,
        .card = effect,
        .message = message,
        .closed = closed,
        .frame = 1 << 20,
        .heap = 256 << 20,
        .arg = &behn},
};

static int
set_ready(int option, const char *value)
{
	(void)option; /* there is one */
	return driver_ready_option(value, &behn.d.ready_fd);
}

int
main(int argc, char **argv)
{
	int code;

	tool_init(&tool);
	if ((code = tool_take(argc, argv, set_ready, tool_no_operand)) !=
	    TOOL_GO)
		return code;
	if ((code = driver_init(&behn.d)) || (code = open_timer(&behn)))
		return code;
	return driver_run(&behn.d);
}
