/*
 * The log's side of the loop.  A commit is under way most of the time: what
 * was worked meanwhile goes into the next one.
 *
 * With each commit goes how many of the frames that asked for an event have
 * been taken, in the fact "taken": so whoever sent them knows after a crash
 * which of them never happened.  A process that took none leaves the fact of
 * the one before it as it is.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "serf.h"
#include "tool.h"

static void
broke(struct serf *s)
{
	s->broken = true;
	serf_stop(s,
	    tool_fail(TOOL_SYS, s->pier.dir, "log: %s", log_why(&s->pier.log)));
}

static enum log_got
tell_taken(struct serf *s)
{
	char text[48];

	if (s->count.taken == s->told.taken)
		return LOG_OK;
	snprintf(text, sizeof text, "%" PRIu64 " %" PRIu64, s->count.nonce,
	    s->count.taken);
	s->told = s->count;
	return log_set(&s->pier.log, "taken", text);
}

/* There is no commit under way. */
static enum log_got
go_on(struct serf *s)
{
	struct log *l = &s->pier.log;
	enum log_got got;

	outbox_release(&s->out, l->durable);
	if (l->last <= l->durable)
		return LOG_OK;
	got = tell_taken(s);
	return got == LOG_OK ? log_commit_start(l) : got;
}

static void
write_out(struct serf *s)
{
	int code;

	if (outbox_write(&s->out) == 0)
		return;
	code = tool_errno("stdout");
	s->out.fd = -1;
	serf_stop(s, code);
}

void
turn(struct serf *s)
{
	enum log_got got;

	if (!s->broken) {
		got = log_commit_done(&s->pier.log);
		if (got == LOG_OK)
			got = go_on(s);
		if (got != LOG_OK && got != LOG_LATER)
			broke(s);
	}
	if (s->out.fd >= 0)
		write_out(s);
}

bool
turn_settle(struct serf *s)
{
	struct log *l = &s->pier.log;
	enum log_got got;

	if (s->broken)
		return false;
	got = log_commit_wait(l);
	if (got == LOG_OK && l->last > l->durable)
		got = tell_taken(s);
	if (got == LOG_OK)
		got = log_commit(l);
	if (got != LOG_OK)
		broke(s);
	outbox_release(&s->out, l->durable);
	return got == LOG_OK;
}
