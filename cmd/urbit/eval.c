/*
 * eval -- Hoon from arguments or standard input, through an ivory pill.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "commands.h"
#include "constant.h"
#include "eval_options.h"
#include "filter.h"
#include "heap.h"
#include "hoon.h"
#include "input.h"
#include "jetwatch.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "product.h"
#include "tell.h"
#include "tool.h"

/* -------- one expression: the exit code -------- */

static int
say_failure(const char *object, enum bail kind)
{
	tell_trace(&tell_err, nock_trace());
	if (kind == BAIL_EXIT)
		return tool_fail(TOOL_NO, object, "crashed (exit)");
	if (kind != BAIL_INTR)
		return load_gave_up(object, kind);
	tool_fail(TOOL_SYS, object, "interrupted (intr)");
	limit_die();
	return TOOL_SYS;
}

/* The kernel is made when it is first needed.  0, or the exit code. */
static int
need_kernel(void)
{
	static bool have;
	int code = have ? 0 : hoon_load(eval_options.pill);

	have = code == 0;
	return code;
}

/* Is a jam wanted of what needs no kernel? */
static bool
is_constant(const char *p, size_t n, noun *product)
{
	const struct eval_options *o = &eval_options;

	return o->raw && (o->to == FORM_JAM || o->to == FORM_NEWT) &&
	    o->pill == NULL && constant_read(p, n, product);
}

static int
eval(const char *object, const char *p, size_t n)
{
	bool raw = eval_options.raw;
	enum bail kind;
	noun product;
	int code;

	if (is_constant(p, n, &product))
		return product_put(eval_options.to, product);
	if ((code = need_kernel()) != 0)
		return code;
	kind = raw ? hoon_run(p, n, &product) : hoon_show(p, n, &product);
	tell_flush(&tell_err);
	if (kind != BAIL_NONE)
		return say_failure(object, kind);
	return raw ? product_put(eval_options.to, product)
	           : product_show(product);
}

static int
eval_input(void)
{
	struct input in;
	int code;

	if (input_load(&in, STDIN_FILENO) < 0)
		return tool_errno("stdin");
	code = eval("stdin", (const char *)in.p, in.n);
	input_free(&in);
	return code;
}

/* One that crashes does not stop the others. */
static int
eval_all(void)
{
	const struct eval_options *o = &eval_options;
	char object[32] = "expression";
	int code = 0, worst = 0;

	if (o->n == 0)
		return eval_input();
	for (int i = 0; i < o->n && code <= TOOL_NO; i++) {
		if (o->n > 1)
			snprintf(object, sizeof object, "expression %d", i + 1);
		code =
		    eval(object, o->expressions[i], strlen(o->expressions[i]));
		worst = code > worst ? code : worst;
	}
	return worst;
}

/* -------- the machine -------- */

static void
start(void *arg)
{
	struct nock_opts o = {
	    .slog = tell_on_slog,
	    .report = tell_on_report,
	    .alarm = limit_alarm,
	};

	(void)arg;
	nock_init(&o);
	jetwatch_init();
}

/* 0, or the exit code. */
static int
start_machine(void)
{
	struct heap_opts h = {.limit = eval_options.heap};
	enum bail kind;

	tell_init(STDERR_FILENO);
	if (heap_init(&h) < 0)
		return tool_errno("heap");
	if ((kind = trap_run(start, NULL)) != BAIL_NONE)
		return load_gave_up("heap", kind);
	limit_catch();
	return 0;
}

static int
run_hoon(void)
{
	int code = eval_options.batch ? need_kernel() : eval_all();

	if (code == 0 && eval_options.batch)
		code = batch_run();
	hoon_end();
	return code;
}

int
eval_main(int argc, char **argv)
{
	int code;

	if ((code = eval_options_read(argc, argv)) != TOOL_GO ||
	    (code = start_machine()) != 0)
		return code;
	code = eval_options.cue ? filter_run() : run_hoon();
	code = jetwatch_end(code);
	nock_free();
	heap_free();
	return code;
}
