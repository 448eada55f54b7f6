#include "serve.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "frame.h"
#include "heap.h"
#include "jam.h"
#include "load.h"
#include "newt.h"
#include "out.h"
#include "shape.h"
#include "tell.h"
#include "tool.h"

struct serving {
	struct reader *r;
	struct newt in;
	struct out out;
	struct frame_head head;
	struct cue_fault fault;
	const char *wrong; /* with the frame */
	int error;
	int code;
};

/* -------- in -------- */

static void
take(void *arg)
{
	struct serving *s = arg;
	noun n, tag;

	s->wrong = NULL;
	if (cue(s->in.p, s->in.n, &n, &s->fault) < 0)
		s->wrong = s->fault.reason;
	else if (!uncons3(n, &tag, &s->r->id, &s->r->sample) || is_cell(tag) ||
	    !atom_is(tag, "peek"))
		s->wrong = "it is no [%peek id sample]";
}

static void
refuse(void *arg)
{
	struct serving *s = arg;

	heap_safepoint();
	s->r->id = atom_word(s->head.id);
	reader_tell(s->r, s->wrong);
}

/*
 * What is no good question is told of; and where an asker waits for the
 * answer to it, it gets one: then true.
 */
static bool
lose(struct serving *s)
{
	s->code = tool_fail(
	    TOOL_DATA, "stdin", "frame %" PRIu64 ": %s", s->in.count, s->wrong);
	s->r->sample = 0;
	return s->head.frame == FRAME_PEEK && s->head.id != FRAME_LONG &&
	    trap_run(refuse, s) == BAIL_NONE;
}

/* -------- out -------- */

static void
put(void *arg)
{
	struct serving *s = arg;
	struct reader *r = s->r;
	noun n = jam(cons3(atom_cord("peek"), r->id, r->answer));
	uint64_t room;

	s->error = 0;
	if (newt_write_out(&s->out, atom_view(n, &room), atom_bytes(n)) < 0)
		s->error = errno;
}

static void
put_long(void *arg)
{
	struct serving *s = arg;

	heap_collect(HEAP_MAJOR);
	reader_tell(s->r, "the answer is too long to tell");
	put(s);
}

/* While there is another question at hand, the answers may wait. */
static bool
must_flush(const struct serving *s)
{
	return !newt_ready(&s->in);
}

/* 0, or the exit code: what cannot be written ends it. */
static int
reply(struct serving *s)
{
	enum bail kind = trap_run(put, s);

	if (kind != BAIL_NONE || s->error == EMSGSIZE) {
		s->r->answer = 0;
		kind = trap_run(put_long, s);
	}
	if (kind != BAIL_NONE)
		return load_gave_up("stdout", kind);
	errno = s->error;
	if (s->error != 0 || (must_flush(s) && out_flush(&s->out) < 0))
		return tool_errno("stdout");
	return 0;
}

/* -------- one after another -------- */

static void
ask(void *arg)
{
	struct serving *s = arg;

	reader_ask(s->r);
}

static void
pass_safepoint(void *arg)
{
	(void)arg;
	heap_safepoint();
}

static int
answer(struct serving *s)
{
	struct reader *r = s->r;
	enum bail kind;
	int code = reader_follow(r);

	if (code != 0)
		return code;
	frame_head(s->in.p, s->in.n, &s->head);
	if ((kind = trap_run(take, s)) != BAIL_NONE)
		s->wrong = bail_name(kind);
	newt_drop(&s->in);
	if (s->wrong != NULL)
		code = lose(s) ? reply(s) : 0;
	else if ((kind = trap_run(ask, s)) != BAIL_NONE)
		code = load_gave_up("peek", kind);
	else
		code = reply(s);
	tell_flush(&tell_err);
	r->id = r->sample = r->answer = 0;
	(void)trap_run(pass_safepoint, NULL);
	return code;
}

int
serve(struct reader *r)
{
	static struct serving s;
	enum newt_got got;
	int code = 0;

	s.r = r;
	out_init(&s.out, STDOUT_FILENO);
	while ((got = newt_read(STDIN_FILENO, &s.in)) == NEWT_REC)
		if ((code = answer(&s)) != 0)
			break;
	if (code == 0 && out_flush(&s.out) < 0)
		code = tool_errno("stdout");
	if (code == 0 && got == NEWT_SYS)
		code = tool_errno("stdin");
	else if (code == 0 && got != NEWT_END)
		code = tool_fail(TOOL_DATA, "stdin", "%s", newt_why(got));
	newt_free(&s.in);
	return code ? code : s.code;
}
