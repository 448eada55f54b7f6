/* dill -- the ship's terminal.  dill.h has the states. */
#include "dill.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "atom.h"
#include "blit.h"
#include "heap.h"
#include "reason.h"
#include "shape.h"
#include "slog.h"
#include "tool.h"

/* -------- what is seen -------- */

/* Lines to standard error, where there is no terminal. */
static int
write_lines(const char *p, size_t n)
{
	struct pollfd wait = {.fd = STDERR_FILENO, .events = POLLOUT};

	while (n > 0) {
		ssize_t r = write(STDERR_FILENO, p, n);

		if (r < 0 && errno == EAGAIN)
			poll(&wait, 1, -1);
		else if (r < 0 && errno != EINTR)
			return TOOL_SYS;
		if (r > 0) {
			p += r;
			n -= (size_t)r;
		}
	}
	return TOOL_DONE;
}

static void
write_ink(struct dill *s)
{
	struct ink *k = &s->screen.ink;
	bool broken = false;

	if (s->term.fd >= 0)
		term_put(&s->term, k->p, k->n);
	else
		broken = write_lines(k->p, k->n) != TOOL_DONE;
	ink_taken(k);
	if (broken && !s->ended)
		driver_end(&s->d, TOOL_SYS);
	if (k->short_of) {
		k->short_of = false;
		screen_forget(&s->screen);
	}
}

/* Nobody sees it now: it may wait, but not without end. */
static void
hold(struct dill *s)
{
	if (s->screen.ink.n <= TERM_FULL)
		return;
	ink_taken(&s->screen.ink);
	s->lost = true;
}

static void
tell_loss(struct dill *s)
{
	static const char words[] = "... what came meanwhile is not shown";

	s->lost = false;
	screen_forget(&s->screen);
	screen_line(&s->screen, (struct style){0}, words, sizeof words - 1);
}

static void
before_waiting(uv_prepare_t *h)
{
	struct dill *s = h->data;

	if (!s->dirty)
		return;
	if (s->suspended) {
		hold(s);
		return;
	}
	s->dirty = false;
	if (s->lost)
		tell_loss(s);
	screen_flush(&s->screen);
	write_ink(s);
}

/* -------- events -------- */

/* /d/term/1 */
static noun
wire(void)
{
	return cons4(direct('d'), atom_cord("term"), direct('1'), 0);
}

void
dill_emit(struct dill *s, noun card)
{
	driver_emit(&s->d, cons(wire(), card));
}

void
dill_emit_size(struct driver *d, void *arg)
{
	struct dill *s = d->arg;

	(void)arg;
	s->cols = s->screen.cols;
	s->rows = s->screen.rows;
	dill_emit(
	    s, cons3(atom_cord("blew"), direct(s->cols), direct(s->rows)));
	dill_emit(s, cons(atom_cord("hail"), 0));
}

/*
 * Lull 320 has a %born for the terminal, 328 has none and crashes, both of it
 * and of hearing that it did: nothing happened then.  So it is a POKE, whose
 * fate does not matter, and nobody tells people of it.
 */
static void
born(struct driver *d)
{
	driver_emit(d,
	    cons4(atom_cord("poke"), direct(1), wire(),
	        cons(atom_cord("born"), 0)));
	dill_emit_size(d, NULL);
}

/* -------- effects -------- */

static void
save(void *arg, noun path, noun bytes)
{
	struct dill *s = arg;

	if (!s->save.files)
		tool_fail(TOOL_NO, "%sav", "no --put, not saved");
	else if (!save_put(&s->save, path, bytes))
		tool_fail(TOOL_SYS, "%sav", "%s",
		    errno == EINVAL ? "no path of a file" : reason_of(errno));
}

static void
blits(struct dill *s, noun list)
{
	struct blit b = {.screen = &s->screen, .save = save, .arg = s};

	s->dirty = true;
	if (!blit_run(&b, list))
		tool_fail(TOOL_DATA, "%blit", "too much, cut off");
	if (b.unknown)
		tool_say("%blit", "%llu of a kind that is not known",
		    (unsigned long long)b.unknown);
}

/* [%exit code]: the ship logs off. */
static void
logo(struct dill *s, noun data)
{
	uint64_t code = is_direct(data) ? direct_value(data) : 0;

	driver_emit(
	    &s->d, cons(atom_cord("exit"), direct(code < 256 ? code : 0)));
}

/*
 * /term/1: Arvo takes the vane off the wire of an event, and its effects have
 * what is left.  Older kernels put an empty knot before it; others leave it.
 */
static bool
to_terminal(noun to)
{
	noun term, number, end;

	if (is_cell(to) && is_atom(head(to)) &&
	    (head(to) == 0 || head(to) == direct('d')))
		to = tail(to);
	return uncons3(to, &term, &number, &end) && is_atom(term) &&
	    atom_is(term, "term") && number == direct('1') && end == 0;
}

static void
effect(struct driver *d, noun to, noun card)
{
	struct dill *s = d->arg;
	noun tag = head(card);

	if (is_atom(tag) && to_terminal(to) && atom_is(tag, "blit"))
		blits(s, tail(card));
	else if (is_atom(tag) && to_terminal(to) && atom_is(tag, "logo"))
		logo(s, tail(card));
	else
		tool_say("effect", "not for a terminal, ignored");
}

/* -------- messages -------- */

static void
on_turn(uv_timer_t *h)
{
	struct dill *s = h->data;
	uint32_t codes[SPIN_ROOM];

	s->turning = true;
	screen_over(&s->screen, codes, spin_turn(&s->spin, codes));
	s->dirty = true;
}

static void
spin_on(struct dill *s, noun label)
{
	uint64_t now = uv_now(s->d.loop);
	bool warm = s->turned && now - s->turned < SPIN_IDLE;

	spin_begin(&s->spin, label);
	if (s->busy)
		return;
	s->busy = true;
	if (s->term.fd >= 0)
		uv_timer_start(&s->timer, on_turn, warm ? SPIN_WARM : SPIN_COOL,
		    SPIN_RATE);
}

static void
spin_off(struct dill *s)
{
	uv_timer_stop(&s->timer);
	screen_over(&s->screen, NULL, 0);
	s->turned = s->turning ? uv_now(s->d.loop) : 0;
	s->busy = s->turning = false;
	s->dirty = true;
}

static void
spin(struct dill *s, noun unit)
{
	noun some, label;

	if (!uncons(unit, &some, &label))
		spin_off(s);
	else if (is_atom(label))
		spin_on(s, label);
}

static void
slog(struct dill *s, noun data)
{
	noun priority, tank;

	s->dirty = true;
	if (uncons(data, &priority, &tank))
		slog_tank(&s->screen, priority, tank);
}

static void
message(struct driver *d, enum frame frame, noun whole)
{
	struct dill *s = d->arg;

	if (frame == FRAME_SLOG) {
		slog(s, tail(whole));
	} else if (frame == FRAME_FLOG) {
		s->dirty = true;
		slog_cord(&s->screen, tail(whole));
	} else if (frame == FRAME_SPIN) {
		spin(s, tail(whole));
	}
}

static void
drained(struct driver *d)
{
	input_go_on(d->arg);
}

/* -------- beginning and end -------- */

static void
closed(struct driver *d)
{
	struct dill *s = d->arg;

	s->ended = true;
	spin_off(s);
	if (!s->suspended) {
		screen_end(&s->screen);
		write_ink(s);
	}
	input_close(s);
	uv_close((uv_handle_t *)&s->timer, NULL);
	uv_close((uv_handle_t *)&s->prepare, NULL);
}

/* No terminal is no failure: it is said. */
static int
open_terminal(struct dill *s, const struct dill_options *o)
{
	const char *path = o->tty ? o->tty : "/dev/tty";

	s->term.fd = s->term.keeper = -1;
	s->term.mouse = o->mouse;
	screen_init(&s->screen, 80, 24, true);
	if (o->no_tty || term_open(&s->term, path) == 0)
		return TOOL_DONE;
	if (o->tty)
		return tool_errno(o->tty);
	tool_say(path, "%s, lines go here", reason_of(errno));
	return TOOL_DONE;
}

/* The process beside, if there is anything for it to do. */
static int
start_beside(struct dill *s, const struct dill_options *o)
{
	if (o->put == NULL && s->term.fd < 0)
		return TOOL_DONE;
	if (o->kept && s->term.fd >= 0)
		term_kept(&s->term);
	if (save_start(&s->save, o->put, &s->term) < 0)
		return tool_errno(o->put ? o->put : "terminal");
	return TOOL_DONE;
}

static int
open_all(struct dill *s, const struct dill_options *o)
{
	int code;

	s->save.fd = -1;
	if ((code = open_terminal(s, o)) || (code = start_beside(s, o)) ||
	    (code = driver_init(&s->d)) || (code = input_open(s)))
		return code;
	s->d.jail = s->term.fd >= 0 ? JAIL_TTY : JAIL_NOTHING;
	s->prepare.data = s->timer.data = s;
	uv_timer_init(s->d.loop, &s->timer);
	uv_prepare_init(s->d.loop, &s->prepare);
	uv_prepare_start(&s->prepare, before_waiting);
	return TOOL_DONE;
}

int
main(int argc, char **argv)
{
	static struct dill s = {.d = {.name = "dill",
	                            .born = born,
	                            .card = effect,
	                            .message = message,
	                            .drained = drained,
	                            .closed = closed,
	                            .arg = &s}};
	struct dill_options o = {0};
	int code;

	if ((code = options_read(argc, argv, &o)) != TOOL_GO)
		return code;
	s.d.ready_fd = o.ready_fd;
	if ((code = open_all(&s, &o)) == TOOL_DONE)
		code = driver_run(&s.d);
	save_stop(&s.save);
	screen_free(&s.screen);
	return code;
}
