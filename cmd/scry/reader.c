#include "reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "jets.h"
#include "kernel.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "patience.h"
#include "pier.h"
#include "shape.h"
#include "tank.h"
#include "tell.h"
#include "tool.h"
#include "trace.h"

/* Small: it is what a reader has of its own, where the image is shared. */
enum { NURSERY = 1 << 20 };

/* -------- the machine -------- */

static void
start(void *arg)
{
	struct reader *r = arg;
	struct nock_opts o = {
	    .slog = r->loud ? tell_on_slog : NULL, .alarm = limit_alarm};

	nock_init(&o);
	jets_init(NULL);
}

static int
begin(struct reader *r)
{
	struct heap_opts h = {.limit = r->heap, .nursery = NURSERY};
	enum bail kind;

	if (h.nursery > h.limit / 4)
		h.nursery = h.limit / 4;
	r->kernel = r->jets = r->id = r->sample = r->answer = 0;
	if (heap_init(&h) < 0)
		return tool_errno("heap");
	if ((kind = trap_run(start, r)) != BAIL_NONE)
		return load_gave_up("heap", kind);
	r->begun = true;
	r->root = (struct heap_root){.p = &r->kernel, .n = READER_ROOTS};
	heap_root_add(&r->root);
	return 0;
}

static void
end(struct reader *r)
{
	store_close(&r->store);
	if (r->begun) {
		jets_free();
		nock_free();
	}
	heap_free();
	r->begun = false;
}

void
reader_close(struct reader *r)
{
	end(r);
}

/* -------- the image -------- */

static void
load_jets(void *arg)
{
	struct reader *r = arg;

	jets_load(r->jets);
}

/* The image's root is [kernel jets]. */
static int
take(struct reader *r)
{
	enum bail kind;
	noun jets;

	if (is_atom(r->store.root)) {
		r->kernel = 0;
		return 0;
	}
	r->kernel = head(r->store.root);
	jets = tail(r->store.root);
	if (jets == r->jets)
		return 0;
	r->jets = jets;
	kind = trap_run(load_jets, r);
	return kind == BAIL_NONE ? 0 : load_gave_up(r->pier, kind);
}

static int
failed(struct reader *r, enum store_got got)
{
	if (got == STORE_OK)
		return 0;
	return tool_fail(got == STORE_BAD ? TOOL_DATA : TOOL_SYS, r->pier,
	    "image: %s", r->store.why);
}

/* Where it was put aside, another one will be there in a moment. */
static enum store_got
open_image(struct reader *r, const char *path, unsigned tries)
{
	static const struct timespec pause = {.tv_nsec = 10000000};
	enum store_got got = store_open(&r->store, path, STORE_READ);

	while (got == STORE_SYS && errno == ENOENT && tries-- > 0) {
		store_close(&r->store);
		nanosleep(&pause, NULL);
		got = store_open(&r->store, path, STORE_READ);
	}
	return got;
}

static int
open_pier(struct reader *r, unsigned tries)
{
	char path[STORE_PATH];
	const char *why;
	int code = begin(r);

	if (code != 0)
		return code;
	if ((why = pier_absent(r->pier)) != NULL)
		return tool_fail(TOOL_SYS, r->pier, "%s", why);
	if (snprintf(path, sizeof path, "%s/.urb/image", r->pier) >=
	    (int)sizeof path) {
		errno = ENAMETOOLONG;
		return tool_errno(r->pier);
	}
	code = failed(r, open_image(r, path, tries));
	return code ? code : take(r);
}

int
reader_open(struct reader *r)
{
	patience_set(r->limit_ns);
	return open_pier(r, 0);
}

int
reader_follow(struct reader *r)
{
	enum { TRIES = 500 };
	uint64_t had = r->store.order;
	enum store_got got = store_refresh(&r->store);

	if (got == STORE_STALE) {
		end(r);
		return open_pier(r, TRIES);
	}
	if (got != STORE_OK)
		return failed(r, got);
	return r->store.order == had ? 0 : take(r);
}

/* -------- a question -------- */

static void
ask(void *arg)
{
	struct reader *r = arg;

	if (r->kernel == 0)
		bail(BAIL_FAIL);
	r->answer = cons(0, kernel_peek(r->kernel, r->sample));
}

struct reason {
	struct reader *r;
	enum bail kind;
	noun tanks;
};

static void
read_trace(void *arg)
{
	struct reason *w = arg;

	w->tanks = trace_tanks(w->tanks);
}

/* The words stand last, as they are the outermost. */
static noun
words(const struct reason *w)
{
	char text[64];

	snprintf(text, sizeof text, "peek: %s",
	    w->r->kernel == 0 ? "no kernel yet" : bail_name(w->kind));
	return cons(tank_leaf(text), 0);
}

static noun
joined(noun list, noun end)
{
	for (list = list_flop(list); is_cell(list); list = tail(list))
		end = cons(head(list), end);
	return end;
}

/* After a bail there may be no room for one cell more: first a safepoint. */
static void
explain(void *arg)
{
	struct reason *w = arg;
	noun tanks;

	stack_push(nock_trace());
	heap_collect_due();
	w->tanks = stack_pop();
	stack_push(w->tanks);
	if (trap_run(read_trace, w) != BAIL_NONE)
		w->tanks = 0;
	stack_pop();
	tanks = w->tanks;
	if (w->kind != BAIL_EXIT)
		tanks = joined(tanks, words(w));
	w->r->answer = cons(direct(1), tanks);
}

static void
give_up(void *arg)
{
	struct reason *w = arg;

	heap_collect(HEAP_MAJOR);
	reader_tell(w->r, bail_name(w->kind));
}

void
reader_tell(struct reader *r, const char *why)
{
	char text[200];

	snprintf(text, sizeof text, "peek: %s", why);
	r->answer = cons3(direct(1), tank_leaf(text), 0);
}

void
reader_ask(struct reader *r)
{
	struct reason w = {.r = r};

	patience_begin();
	w.kind = r->kind = trap_run(ask, r);
	patience_end();
	if (w.kind == BAIL_NONE)
		return;
	r->sample = 0;
	patience_begin();
	if (trap_run(explain, &w) != BAIL_NONE)
		give_up(&w);
	patience_end();
}
