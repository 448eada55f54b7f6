/*
 * nock-eval -- run a Nock formula on a subject, and tell what came of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "code.h"
#include "disasm.h"
#include "heap.h"
#include "jetwatch.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "options.h"
#include "plan.h"
#include "profile.h"
#include "shape.h"
#include "stream.h"
#include "tell.h"
#include "times.h"
#include "tool.h"

static struct out out;

/* -------- one formula -------- */

/* Under a trap. */
struct eval {
	noun n, subject, formula, toon;
	bool whole; /* there is a subject and a formula */
	int rc, error;
};

static struct eval eval;
static struct heap_root root = {&eval.n, 4, NULL};

static void
apply(void *arg)
{
	struct eval *e = arg;

	e->whole = plan_apply(e->n, &e->subject, &e->formula);
}

/* The subject and the formula.  0, or the exit code. */
static int
read_eval(struct eval *e)
{
	enum bail kind;
	int code;

	if (options_complete() || (options.disasm && options.formula)) {
		e->subject = plan.given;
		e->formula = plan.formula;
		return 0;
	}
	if ((code = load_input(options.file, options.from, &e->n)) != 0)
		return code;
	if ((kind = trap_run(apply, e)) != BAIL_NONE)
		return load_gave_up(options.object, kind);
	e->n = 0;
	return e->whole ? 0
	                : tool_fail(TOOL_NO, options.object,
	                      "is an atom, not [subject formula]");
}

/* -------- output -------- */

static int
put_out(struct text_sink *s, const char *p, size_t n)
{
	(void)s;
	return out_put(&out, p, n);
}

static void
write_code(void *arg)
{
	struct eval *e = arg;
	struct text_sink s = {put_out};

	e->rc = disasm(&s, e->formula, CODE_WHOLE);
	e->error = errno;
}

static void
write_product(void *arg)
{
	struct eval *e = arg;
	struct form_writer w = {&out, options.to, options.text};

	e->rc = form_write(&w, tail(e->toon));
	e->error = errno;
	options.text.elided = w.text.elided;
}

/* Run one of these, and flush.  0, or the exit code. */
static int
put(struct eval *e, void (*write)(void *))
{
	enum bail kind;

	out_init(&out, STDOUT_FILENO);
	if ((kind = trap_run(write, e)) != BAIL_NONE)
		return load_gave_up(options.object, kind);
	errno = e->error;
	if (e->rc < 0 && errno == EMSGSIZE)
		return tool_fail(TOOL_NO, options.object,
		    "the jam of the product is too long for a frame");
	if (e->rc < 0 || out_flush(&out) < 0)
		return tool_errno("stdout");
	if (options.text.elided && !options.sized)
		tool_say(
		    options.object, "shown in part; -o text shows all of it");
	return 0;
}

/* -------- what came of it: the exit code -------- */

static int
say_blocked(noun path)
{
	tell_path(&tell_err, path);
	return tool_fail(TOOL_NO, options.object,
	    "blocked: what opcode 12 asked for is not in %s", options.scry);
}

static int
say_toon(struct eval *e)
{
	uint64_t tag = direct_value(head(e->toon));

	if (tag == 0)
		return put(e, write_product);
	if (tag == 1)
		return say_blocked(tail(e->toon));
	tell_trace(&tell_err, tail(e->toon));
	return tool_fail(TOOL_NO, options.object, "crashed (exit)");
}

static int
say_kind(struct eval *e, enum bail kind)
{
	if (is_cell(e->toon))
		tell_trace(&tell_err, e->toon);
	if (kind != BAIL_INTR)
		return load_gave_up(options.object, kind);
	tool_fail(TOOL_SYS, options.object, "interrupted (intr)");
	limit_die();
	return TOOL_SYS;
}

/* -------- running -------- */

static enum bail
run(struct eval *e)
{
	enum bail kind;

	limit_catch();
	times_begin();
	if (options.profile)
		profile_begin();
	limit_begin(options.limit_ns);
	kind = plan_run(e->subject, e->formula, &e->toon);
	limit_end();
	if (options.profile)
		profile_end();
	times_end();
	tell_flush(&tell_err);
	return kind;
}

static void
say_more(void)
{
	struct nock_stat s;

	nock_stats(&s);
	tool_say(options.object,
	    "%" PRIu64 " formulas compiled, %" PRIu64 " KiB of bytecode; at "
	    "most %zu KiB of heap, %" PRIu64 " collections",
	    s.formulas, s.code_bytes / 1024, heap.stat.peak / 1024,
	    heap.stat.minor + heap.stat.major);
}

static int
eval_run(struct eval *e)
{
	enum bail kind;
	int code, wrote = 0;

	heap_root_add(&root);
	if ((code = read_eval(e)) != 0)
		return code;
	if (options.disasm)
		return put(e, write_code);
	if (options.profile && profile_open(options.profile) < 0)
		return tool_errno(options.profile);
	kind = run(e);
	if (options.profile && profile_close() < 0)
		wrote = tool_errno(options.profile);
	code = kind == BAIL_NONE ? say_toon(e) : say_kind(e, kind);
	if (options.time)
		times_tell();
	if (options.verbose)
		say_more();
	return code ? code : wrote;
}

/* -------- main -------- */

static void
start(void *arg)
{
	struct nock_opts o = {
	    .slog = tell_on_slog,
	    .report = tell_on_report,
	    .enter = options.trace ? tell_on_enter : NULL,
	    .sample = options.profile ? profile_sample : NULL,
	    .alarm = limit_alarm,
	    .count = options.time,
	};

	(void)arg;
	nock_init(&o);
	jetwatch_init();
}

/* 0, or the exit code. */
static int
start_machine(void)
{
	struct heap_opts h = {.limit = options.heap};
	enum bail kind;

	tell_init(options.slog);
	if (heap_init(&h) < 0)
		return tool_errno("heap");
	if ((kind = trap_run(start, NULL)) != BAIL_NONE)
		return load_gave_up("heap", kind);
	if (options.time)
		times_init();
	return 0;
}

int
main(int argc, char **argv)
{
	int code;

	if ((code = options_read(argc, argv)) != TOOL_GO)
		return code;
	if ((code = start_machine()) != 0 || (code = plan_load()) != 0)
		return code;
	code = options.stream ? stream_run() : eval_run(&eval);
	if (tell_flush(&tell_slog) < 0 && code == 0)
		code = tool_errno("slog");
	code = jetwatch_end(code);
	nock_free();
	heap_free();
	return code;
}
