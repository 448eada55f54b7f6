#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "atom.h"
#include "belt.h"
#include "dill.h"
#include "heap.h"
#include "shape.h"
#include "tool.h"

/* -------- keys -------- */

static void
send_belt(struct driver *d, void *arg)
{
	dill_emit(d->arg, cons(atom_cord("belt"), belt_of(arg)));
}

/* [%intr ~] */
static void
send_interrupt(struct driver *d, void *arg)
{
	(void)arg;
	driver_emit(d, cons(atom_cord("intr"), 0));
}

static bool
is_interrupt(const struct key *k)
{
	return k->kind == KEY_CHAR && k->mod == KEY_CTL && k->code == 'c';
}

static void
on_key(void *arg, const struct key *k)
{
	struct dill *s = arg;
	struct key key = *k;

	if (k->kind == KEY_BELL) {
		screen_bell(&s->screen);
		s->dirty = true;
	} else if (s->busy && is_interrupt(k)) {
		driver_try(&s->d, send_interrupt, NULL);
	} else {
		driver_try(&s->d, send_belt, &key);
	}
}

/* -------- the terminal -------- */

static void
on_bytes(struct term *t, const uint8_t *p, size_t n)
{
	struct dill *s = t->arg;

	keys_feed(&s->keys, p, n);
	if (driver_full(&s->d))
		term_read(t, false);
}

void
input_go_on(struct dill *s)
{
	if (s->term.fd >= 0 && !s->suspended && !s->ended)
		term_read(&s->term, true);
}

static void
on_lost(struct term *t)
{
	struct dill *s = t->arg;

	s->lost = s->dirty = true;
}

static void
on_gone(struct term *t)
{
	struct dill *s = t->arg;

	if (!s->ended)
		driver_end(&s->d, tool_fail(TOOL_SYS, "terminal", "hung up"));
}

/* -------- signals -------- */

static void
look_at_size(struct dill *s)
{
	unsigned cols, rows;

	term_size(&s->term, &cols, &rows);
	screen_resize(&s->screen, cols, rows);
	s->dirty = true;
	if (s->screen.cols == s->cols && s->screen.rows == s->rows)
		return;
	driver_try(&s->d, dill_emit_size, NULL);
}

static void
suspend(struct dill *s)
{
	if (s->suspended)
		return;
	s->suspended = true;
	screen_end(&s->screen);
	term_put(&s->term, s->screen.ink.p, s->screen.ink.n);
	ink_taken(&s->screen.ink);
	term_pause(&s->term, TERM_LAST_MS);
}

static void
resume(struct dill *s)
{
	if (term_raw(&s->term) < 0) {
		on_gone(&s->term);
		return;
	}
	s->suspended = false;
	screen_forget(&s->screen);
	look_at_size(s);
	input_go_on(s);
}

/*
 * ^Z stops the whole ship but this process, which has to give the terminal
 * back; its signal is the kernel's, to all of the terminal's foreground.
 */
static void
on_signal(uv_signal_t *h, int sig)
{
	struct dill *s = h->data;

	if (sig == SIGTERM || sig == SIGHUP)
		driver_end(&s->d, TOOL_DONE);
	else if (sig == SIGWINCH && !s->suspended)
		look_at_size(s);
	else if (sig == SIGTSTP)
		suspend(s);
	else if (sig == SIGCONT)
		resume(s);
}

/* Those of a terminal only where there is one. */
static const int signals[DILL_SIGNALS] = {
    SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};

static unsigned
wanted(const struct dill *s)
{
	return s->term.fd < 0 ? 2 : DILL_SIGNALS;
}

static int
listen_to_signals(struct dill *s)
{
	for (unsigned i = 0; i < wanted(s); i++) {
		int error = uv_signal_init(s->d.loop, &s->signals[i]);

		s->signals[i].data = s;
		if (error == 0)
			error = uv_signal_start(
			    &s->signals[i], on_signal, signals[i]);
		if (error) {
			errno = -error;
			return tool_errno("signal");
		}
	}
	return TOOL_DONE;
}

/* -------- beginning and end -------- */

int
input_open(struct dill *s)
{
	unsigned cols, rows;
	int code, error;

	if ((code = listen_to_signals(s)) || s->term.fd < 0)
		return code;
	s->keys.take = on_key;
	s->keys.arg = s;
	s->term.took = on_bytes;
	s->term.lost = on_lost;
	s->term.gone = on_gone;
	s->term.arg = s;
	term_size(&s->term, &cols, &rows);
	screen_init(&s->screen, cols, rows, false);
	s->screen.reflows = term_reflows();
	if (term_raw(&s->term) < 0)
		return tool_errno("terminal");
	if ((error = term_start(&s->term, s->d.loop)) == 0)
		return TOOL_DONE;
	errno = -error;
	return tool_errno("terminal");
}

void
input_close(struct dill *s)
{
	for (unsigned i = 0; i < wanted(s); i++)
		uv_close((uv_handle_t *)&s->signals[i], NULL);
	if (s->term.fd >= 0)
		term_stop(&s->term, TERM_LAST_MS);
}
