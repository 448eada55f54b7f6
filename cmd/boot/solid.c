#include "solid.h"

#include <inttypes.h>
#include <string.h>

#include "atom.h"
#include "cash.h"
#include "heap.h"
#include "limit.h"
#include "load.h"
#include "nock.h"
#include "options.h"
#include "pier.h"
#include "plan.h"
#include "shape.h"
#include "show.h"
#include "tell.h"
#include "tool.h"

/* Roots: what is run moves nouns. */
static struct {
	noun loop, formula, gate; /* of the pill that is made */
	noun first;               /* what makes the gate, to begin with */
	noun kernel, userspace;   /* lists: events, [now ovum]; ova */
	noun hoon, arvo, compiler, tool, pill;
} s;

enum { ROOTS = sizeof s / sizeof(noun) };

static struct heap_root root = {&s.loop, ROOTS, NULL};

/* -------- what the plan has -------- */

static bool
is_event(noun event, const char *wire, const char *tag)
{
	struct log_event e = {0};

	pier_describe(event, &e);
	return strcmp(e.wire, wire) == 0 && strcmp(e.tag, tag) == 0;
}

/* Sources for the kernel, then %boot, then files. */
static void
sort_events(noun list)
{
	bool booted = false;

	for (; list != 0; list = tail(list)) {
		noun event = head(list);

		if (booted)
			s.userspace = cons(tail(event), s.userspace);
		else if (is_event(event, "/d/term/1", "boot"))
			booted = true;
		else if (is_event(event, "//arvo", "what"))
			s.kernel = cons(event, s.kernel);
	}
	s.userspace = list_flop(s.userspace);
	s.kernel = list_flop(s.kernel);
}

/* [7 formula 1 gate] */
static noun
bare(noun kernel)
{
	noun seven, formula, one, gate;

	if (uncons4(kernel, &seven, &formula, &one, &gate) &&
	    seven == direct(7) && one == direct(1))
		return formula;
	return kernel;
}

static const char *
take_plan(void)
{
	noun item[5], list = plan.boot.events;

	if (plan.boot.life != 3 && plan.boot.life != 5)
		return "only of a kernel from sources, or a solid one";
	for (uint64_t i = 0; i < plan.boot.life; i++, list = tail(list))
		item[i] = head(list);
	s.loop = item[0];
	if (plan.boot.life == 3) {
		s.first = item[2];
		s.formula = bare(item[2]);
	} else if (is_cell(item[3]) || is_cell(item[4])) {
		return "its sources are no texts";
	} else {
		s.compiler = item[2];
		s.hoon = item[3];
		s.arvo = item[4];
	}
	sort_events(list);
	return NULL;
}

/* -------- compiling -------- */

static void
say(const char *what)
{
	tool_say(options.solid, "%s", what);
}

/* [type formula], of a source against a type. */
static noun
ride(noun type, noun source)
{
	return nock_slam(s.compiler, cons(type, source));
}

static void
compile(void)
{
	say("the compiler that the pill brings compiles hoon");
	s.compiler = nock(0, s.compiler);
	s.tool = ride(atom_cord("noun"), s.hoon);
	if (is_atom(s.tool))
		bail(BAIL_EXIT);
	s.compiler = nock(0, tail(s.tool));
	say("that compiles arvo");
	s.pill = ride(head(s.tool), atom_cord("+>"));
	s.pill = ride(head(s.pill), s.arvo);
	/* hoon, then the core around its compiler, then arvo */
	s.first = s.formula = cons4(direct(7), tail(s.tool), direct(7),
	    cons(cons(0, direct(7)), tail(s.pill)));
}

static void
install(void)
{
	say("the kernel takes its sources");
	for (s.gate = nock(0, s.first); s.kernel != 0;
	     s.kernel = tail(s.kernel)) {
		s.gate = nock_slam(s.gate, head(s.kernel));
		heap_safepoint();
	}
}

static void
put_together(void)
{
	noun start =
	    cons(cons3(direct(2), cons(direct(1), 0), cons(0, direct(2))),
	        cons(0, direct(3)));
	noun kernel = cons4(direct(7), s.formula, direct(1), s.gate);
	noun boot = cons4(s.loop, start, kernel, 0);

	s.pill = cons(
	    atom_cord("pill"), cons4(atom_cord("solid"), boot, 0, s.userspace));
}

/* [%pill pill] as [%cash pill cache]. */
static void
add_cache(void)
{
	noun cache = cash_make(s.pill);

	s.pill = cons(atom_cord("cash"), cons(tail(s.pill), cache));
}

static void
make(void *arg)
{
	(void)arg;
	if (s.formula == 0)
		compile();
	install();
	put_together();
	if (options.cache)
		add_cache();
}

int
solid_write(void)
{
	const char *why;
	enum bail kind;

	heap_root_add(&root);
	if ((why = take_plan()) != NULL)
		return tool_fail(TOOL_NO, "--solid", "%s", why);
	plan_drop();
	limit_catch();
	limit_begin(options.limit_ns);
	kind = trap_run(make, NULL);
	limit_end();
	tell_flush(&tell_err);
	if (kind != BAIL_NONE)
		tell_trace(&tell_err, nock_trace());
	if (kind == BAIL_INTR) {
		tool_fail(TOOL_SYS, "--solid", "interrupted (intr)");
		limit_die();
	}
	if (kind == BAIL_EXIT)
		return tool_fail(TOOL_NO, "--solid", "the kernel crashed");
	return kind == BAIL_NONE ? show_write(options.solid, FORM_JAM, s.pill)
	                         : load_gave_up("--solid", kind);
}
