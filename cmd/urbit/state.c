#include "state.h"

#include <inttypes.h>
#include <unistd.h>

#include "command.h"
#include "jetwatch.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "shape.h"
#include "tell.h"
#include "tool.h"

enum { PEEK_S = 60 };

/* -------- the machine -------- */

static void
start(void *arg)
{
	struct nock_opts o = {
	    .slog = command_tool.verbose ? tell_on_slog : NULL,
	    .report = tell_on_report,
	    .alarm = limit_alarm,
	};

	(void)arg;
	nock_init(&o);
	jetwatch_init();
}

int
state_start(void)
{
	enum bail kind;

	tell_init(STDERR_FILENO);
	if (heap_init(NULL) < 0)
		return tool_errno("heap");
	if ((kind = trap_run(start, NULL)) != BAIL_NONE)
		return load_gave_up("heap", kind);
	return 0;
}

int
state_stop(int code)
{
	tell_flush(&tell_err);
	code = jetwatch_end(code);
	nock_free();
	heap_free();
	return code;
}

/* -------- the pier -------- */

int
state_open(struct pier *p, const char *dir)
{
	int code = load_pier_failed(dir, p, pier_open(p, dir, false));

	if (code != 0)
		return code;
	if (!p->has_store || p->event < p->life)
		return tool_fail(
		    TOOL_NO, dir, "there is no image yet: start the ship once");
	if (p->event < p->log.last)
		tool_say(dir,
		    "this is as of event %" PRIu64 "; the log ends with "
		    "%" PRIu64,
		    p->event, p->log.last);
	return 0;
}

/* -------- asking -------- */

struct asking {
	struct pier *p;
	noun (*sample)(void);
	noun answer;
};

/* In the name of everybody: [~ ~]. */
static void
ask(void *arg)
{
	struct asking *a = arg;
	noun sample = cons(cons(0, 0), cons(NO, a->sample()));

	a->answer = kernel_peek(a->p->work.kernel, sample);
}

int
state_peek(struct pier *p, const char *what, noun (*sample)(void), noun *mark,
    noun *data)
{
	struct asking a = {.p = p, .sample = sample};
	enum bail kind;
	noun null, omen, path;

	limit_begin(PEEK_S * UINT64_C(1000000000));
	kind = trap_run(ask, &a);
	limit_end();
	tell_flush(&tell_err);
	if (kind == BAIL_EXIT)
		return TOOL_NO;
	if (kind != BAIL_NONE)
		return load_gave_up(what, kind);
	return uncons4(a.answer, &null, &omen, &path, data) &&
	        uncons(*data, mark, data)
	    ? 0
	    : TOOL_NO;
}
