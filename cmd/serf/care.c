/*
 * What the pier needs from time to time.
 *
 *     publish      when all that came has been worked and is durable; under
 *                  load after at most 50 ms, for which the commit is waited
 *     checkpoint   --snap-time after the last, if something changed; or if
 *                  much did
 *     compaction   when the image has grown and nothing has come for 5 s; or
 *                  when it has grown out of all proportion
 *
 * Where nothing changed, nothing is due: an idle ship wakes nobody.
 */
#include "clock.h"
#include "options.h"
#include "serf.h"
#include "tool.h"

#define PUBLISH_NS UINT64_C(50000000)
#define IDLE_NS UINT64_C(5000000000)

#define MUCH_NS UINT64_C(10000000000)

enum { MUCH = 256 << 20 }; /* bytes beside the checkpoint */

void
care_changed(struct serf *s)
{
	s->busy_at = clock_ns();
	if (s->published == s->pier.event - 1)
		s->changed_at = s->busy_at;
}

/* While a child packs the image, nothing is put into it. */
bool
care_may_save(const struct serf *s)
{
	return s->job != JOB_PACK && !s->packed && !s->broken;
}

/* -------- publishing -------- */

static bool
must_publish(const struct serf *s)
{
	if (!options.publish || s->published == s->pier.event ||
	    !care_may_save(s))
		return false;
	if (s->pier.log.durable == s->pier.event &&
	    (!newt_ready(&s->in.newt) || outbox_full(&s->out)))
		return true;
	return clock_ns() - s->changed_at > PUBLISH_NS;
}

static bool
publish(struct serf *s)
{
	enum pier_got got;

	if (!turn_settle(s))
		return false;
	if ((got = pier_publish(&s->pier)) != PIER_OK)
		serf_failed(s, got);
	s->published = s->pier.event;
	return true;
}

/* -------- checkpoints -------- */

bool
care_save(struct serf *s)
{
	enum pier_got got;

	if (!care_may_save(s))
		return !s->broken;
	if (!turn_settle(s))
		return false;
	if ((got = pier_save(&s->pier)) != PIER_OK) {
		serf_failed(s, got);
		return false;
	}
	s->saved = s->published = s->pier.event;
	s->saved_at = clock_ns();
	return true;
}

/*
 * What was published is memory, too, until a checkpoint maps it.  Where that
 * is limited, a quarter of it is too much to wait.
 */
static bool
must_save(const struct serf *s)
{
	uint64_t beside, since;

	if (s->saved == s->pier.event || !care_may_save(s))
		return false;
	beside = store_beside(&s->pier.store);
	since = clock_ns() - s->saved_at;
	return since >= options.snap_ns ||
	    (heap.stat.live + beside > MUCH && since >= MUCH_NS) ||
	    (options.heap > 0 && beside > options.heap / 4);
}

/* -------- compaction -------- */

static bool
may_pack(const struct serf *s)
{
	return s->job == JOB_NONE && !s->packed && store_grown(&s->pier.store);
}

/* When a compaction is due. */
static uint64_t
pack_at(const struct serf *s)
{
	uint64_t at = s->busy_at + IDLE_NS;

	if (store_swollen(&s->pier.store) || at < s->pack_after)
		at = s->pack_after;
	return at;
}

static bool
must_pack(const struct serf *s)
{
	return may_pack(s) && clock_ns() >= pack_at(s);
}

/* -------- all of it -------- */

bool
care(struct serf *s)
{
	if (must_publish(s))
		return publish(s);
	if (must_save(s))
		return care_save(s);
	if (s->wanted == JOB_NONE && must_pack(s)) {
		s->wanted = JOB_PACK;
		s->loud = false;
	}
	if (s->wanted == JOB_NONE || s->job != JOB_NONE)
		return false;
	aside_begin(s);
	return true;
}

static uint64_t
sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

int
care_timeout(const struct serf *s)
{
	uint64_t at = UINT64_MAX, now;

	if (s->saved != s->pier.event && care_may_save(s))
		at = s->saved_at + options.snap_ns;
	if (may_pack(s))
		at = sooner(at, pack_at(s));
	if (at == UINT64_MAX)
		return -1;
	now = clock_ns();
	if (at <= now)
		return 0;
	at = (at - now) / 1000000 + 1;
	return at < 3600 * 1000 ? (int)at : 3600 * 1000;
}
