/*
 * Computing what is in a pier's log, and working new events into it.
 */
#include "pier_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "atom.h"
#include "equal.h"
#include "heap.h"
#include "jam.h"
#include "jets.h"
#include "mug.h"
#include "nock.h"
#include "shape.h"

/* -------- computing -------- */

/* An event of the log, and what became of it. */
struct step {
	struct pier *p;
	uint64_t id;
	struct log_event e;
	enum pier_got got;
	noun n;
	bool gather; /* in front of p->work.event, a list */
};

static void
cue_event(void *arg)
{
	struct step *s = arg;
	struct cue_fault fault;

	s->got = PIER_OK;
	if (cue(s->e.jam, s->e.n, &s->n, &fault) < 0)
		s->got = pier_fail(s->p, PIER_BAD,
		    "event %" PRIu64 ": %s, at bit %" PRIu64, s->id,
		    fault.reason, fault.bit);
	else if (s->gather)
		s->p->work.event = cons(s->n, s->p->work.event);
}

void
pier_leave_log(struct pier *p)
{
	if (p->at != 0)
		log_leave(&p->cursor);
	p->at = 0;
}

/* The events are read in a row where they can be. */
static enum log_got
next_row(struct pier *p, uint64_t id, struct log_event *e)
{
	struct log_range r = {.from = id};
	enum log_got got = LOG_OK;

	if (id > p->log.last || id < p->log.first)
		return LOG_NONE;
	if (p->at != id) {
		pier_leave_log(p);
		got = log_seek(&p->log, &p->cursor, &r);
	}
	p->at = id;
	if (got == LOG_OK)
		got = log_next(&p->cursor, e);
	if (got == LOG_OK)
		p->at = id + 1;
	else
		pier_leave_log(p);
	return got;
}

static enum pier_got
take_row(struct step *s, enum log_got got)
{
	struct pier *p = s->p;
	enum bail kind;

	if (got == LOG_NONE || got == LOG_END)
		return PIER_END;
	if (got != LOG_OK)
		return pier_fail_log(p, got);
	p->want = s->e.mug;
	kind = trap_run(cue_event, s);
	return kind == BAIL_NONE ? s->got : pier_fail_kind(p, kind, "event");
}

static enum pier_got
read_event(struct step *s, uint64_t id)
{
	s->id = id;
	return take_row(s, next_row(s->p, id, &s->e));
}

enum pier_got
pier_event(struct pier *p, uint64_t id, noun *event)
{
	struct step s = {.p = p, .id = id};
	enum pier_got got = take_row(&s, log_get(&p->log, id, &s.e));

	/* A row that is held keeps the log's -wal from being used anew. */
	(void)log_get(&p->log, 0, &s.e);
	*event = s.n;
	return got;
}

/* The kernel of the first events. */
static void
boot_kernel(void *arg)
{
	struct step *s = arg;
	struct pier *p = s->p;
	noun list = list_flop(p->work.event);

	p->work.event = 0;
	p->work.kernel = kernel_boot(list);
	p->work.effects = 0;
}

static enum pier_got
run_life(struct pier *p)
{
	struct step s = {.p = p, .gather = true};
	enum pier_got got;
	enum bail kind;

	p->work = (struct kernel_work){0};
	for (uint64_t id = 1; id <= p->life; id++)
		if ((got = read_event(&s, id)) != PIER_OK)
			return got == PIER_END
			    ? pier_fail(p, PIER_BAD, "the log begins too late")
			    : got;
	kind = trap_run(boot_kernel, &s);
	if (kind == BAIL_EXIT)
		return pier_fail(p, PIER_CRASH, "the boot events crashed");
	if (kind != BAIL_NONE)
		return pier_fail_kind(p, kind, "boot");
	p->event = p->life;
	p->sure = true;
	return PIER_OK;
}

static void
poke_event(void *arg)
{
	struct step *s = arg;
	struct pier *p = s->p;
	noun product = kernel_poke(p->work.kernel, p->work.event);

	if (is_atom(product) || is_atom(tail(product)))
		bail(BAIL_EXIT);
	p->work.effects = head(product);
	p->work.kernel = tail(product);
}

static enum pier_got
run_event(struct pier *p)
{
	struct step s = {.p = p};
	enum pier_got got = read_event(&s, p->event + 1);
	enum bail kind;

	if (got != PIER_OK)
		return got;
	p->work.event = s.n;
	kind = trap_run(poke_event, &s);
	if (kind == BAIL_EXIT)
		return pier_fail(
		    p, PIER_CRASH, "event %" PRIu64 " crashed", s.id);
	if (kind != BAIL_NONE)
		return pier_fail_kind(p, kind, "event");
	p->event++;
	return PIER_OK;
}

static void
take_mug(void *arg)
{
	struct pier *p = arg;

	p->mug = mug(p->work.kernel);
}

uint32_t
pier_mug(struct pier *p)
{
	if (p->mug == 0 && trap_run(take_mug, p) != BAIL_NONE)
		p->mug = 0;
	return p->mug;
}

/* Is the kernel's mug what the log has for this event? */
static enum pier_got
compare(struct pier *p)
{
	enum pier_got got;
	uint32_t is;

	if (p->want == 0 &&
	    (got = pier_boot_mug(p, p->event, &p->want)) != PIER_OK)
		return got;
	if (p->want == 0)
		return PIER_OK;
	if ((is = pier_mug(p)) == 0)
		return pier_fail_kind(p, BAIL_MEME, "mug");
	if (p->want == is) {
		p->sure = true;
		return PIER_OK;
	}
	return pier_fail(p, PIER_DIFFER,
	    "event %" PRIu64 ": the kernel's mug is %08x, not %08x", p->event,
	    is, p->want);
}

static void
pass_safepoint(void *arg)
{
	(void)arg;
	heap_safepoint();
}

/* Make the pier as it was before an event that is none of its log. */
static enum pier_got
undo(struct pier *p, noun *kernel, enum pier_got got)
{
	p->work.kernel = *kernel;
	p->work.effects = 0;
	return got;
}

/*
 * What an event remembers is of little use to the next, but is kept alive:
 * 280 KB for each key at a dojo, which cost it two thirds of its time in
 * collections.  A boot is one work, and may have products from its pill.
 */
static void
forget(struct pier *p)
{
	if (p->event >= p->booted)
		nock_memo_clear();
	(void)trap_run(pass_safepoint, NULL);
}

/* Compute it, and do as is said of what differs. */
static enum pier_got
try_next(struct pier *p, bool check, noun *before)
{
	uint64_t event = p->event;
	enum pier_got got = event == 0 ? run_life(p) : run_event(p);

	if (got != PIER_OK)
		return got;
	if (p->event == p->log.last)
		pier_leave_log(p);
	forget(p);
	if (!check || (got = compare(p)) == PIER_OK)
		return PIER_OK;
	pier_leave_log(p);
	p->event = event;
	p->mug = 0;
	return undo(p, before, got);
}

enum pier_got
pier_next(struct pier *p, bool check)
{
	noun before = p->work.kernel;
	struct heap_root root = {.p = &before, .n = 1};
	enum pier_got got;

	if (p->event >= p->log.last)
		return PIER_END;
	p->mug = 0;
	heap_root_add(&root);
	got = try_next(p, check, &before);
	heap_root_remove(&root);
	return got;
}

/* -------- new events -------- */

static void
work_event(void *arg)
{
	struct step *s = arg;

	s->p->kind = kernel_work(&s->p->work, s->p->tell);
}

static void
log_event(void *arg)
{
	struct step *s = arg;
	struct pier *p = s->p;
	enum log_got got = pier_put_event(
	    p, p->event + 1, p->work.event, true, mug(p->work.kernel));

	s->got = got == LOG_OK ? PIER_OK : pier_fail_log(p, got);
}

enum pier_got
pier_poke(struct pier *p)
{
	struct step s = {.p = p};
	noun before = p->work.kernel;
	struct heap_root root = {.p = &before, .n = 1};
	enum pier_got got = PIER_OK;
	enum bail kind;

	pier_leave_log(p);
	heap_root_add(&root);
	kind = trap_run(work_event, &s);
	if (kind == BAIL_NONE)
		kind = p->kind;
	if (kind == BAIL_EXIT)
		got = pier_fail(p, PIER_CRASH, "the event crashed");
	else if (kind != BAIL_NONE)
		got = undo(p, &before, pier_fail_kind(p, kind, "event"));
	else if ((kind = trap_run(log_event, &s)) != BAIL_NONE)
		got = undo(p, &before, pier_fail_kind(p, kind, "event"));
	else if (s.got != PIER_OK)
		got = undo(p, &before, s.got);
	heap_root_remove(&root);
	if (got != PIER_OK)
		return got;
	p->event++;
	p->mug = mug_known(p->work.kernel);
	forget(p);
	return PIER_OK;
}

/* The jets' list is seldom another. */
static void
make_root(void *arg)
{
	struct pier *p = arg;
	uint64_t labels = jets_changes();
	noun jets;

	if (p->labels != labels) {
		jets = jets_save();
		if (!equal(jets, p->jets))
			p->jets = jets;
		p->labels = labels;
	}
	p->image = cons(p->work.kernel, p->jets);
}

static void
collect(void *arg)
{
	(void)arg;
	heap_collect(HEAP_MAJOR);
}

/* What an event that ran out of memory has left in it, is nobody's. */
static enum bail
find_root(struct pier *p)
{
	enum bail kind = trap_run(make_root, p);

	if (kind != BAIL_MEME || (kind = trap_run(collect, p)) != BAIL_NONE)
		return kind;
	return trap_run(make_root, p);
}

enum pier_got
pier_checkpoint(struct pier *p)
{
	enum pier_got bound = pier_bind(p);
	enum store_got got;
	enum bail kind;

	if (bound != PIER_OK)
		return bound;
	kind = find_root(p);
	if (kind != BAIL_NONE)
		return pier_fail_kind(p, kind, "image");
	got = store_commit(&p->store, &p->image, p->event);
	p->image = 0;
	return got == STORE_OK ? PIER_OK : pier_fail_store(p);
}

enum pier_got
pier_publish(struct pier *p)
{
	enum pier_got bound;
	enum store_got got;
	enum bail kind;

	if (!p->has_store || p->event == p->store.event)
		return PIER_OK;
	if (p->log.durable < p->event)
		return PIER_END;
	if (p->event <= p->booted && (bound = pier_bind(p)) != PIER_OK)
		return bound;
	if ((kind = trap_run(make_root, p)) != BAIL_NONE)
		return pier_fail_kind(p, kind, "image");
	got = store_publish(&p->store, &p->image, p->event);
	if (got == STORE_OK) {
		p->work.kernel = head(p->image);
		p->jets = tail(p->image);
	}
	p->image = 0;
	return got == STORE_OK ? PIER_OK : pier_fail_store(p);
}

enum pier_got
pier_save(struct pier *p)
{
	enum log_got got = log_commit(&p->log);

	pier_leave_log(p);
	if (got != LOG_OK)
		return pier_fail_log(p, got);
	if (!p->has_store || p->event == p->store.saved)
		return PIER_OK;
	p->work.event = p->work.effects = p->work.goofs = 0;
	return pier_checkpoint(p);
}
