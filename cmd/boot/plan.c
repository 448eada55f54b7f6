#include "plan.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <openssl/sha.h>

#include "atom.h"
#include "base.h"
#include "heap.h"
#include "load.h"
#include "options.h"
#include "patp.h"
#include "shape.h"
#include "tool.h"

/* The time of a seeded boot: 2024-01-01. */
enum { SEED_TIME = 1704067200 };

struct plan plan;

/* All that is read before it is in one list of events. */
static struct {
	noun events, cache, pill, base, props;
} kept;

static struct heap_root root = {&kept.events, 5, NULL};

static uint64_t ship;
static char ship_name[PATP_MAX];

/* -------- who -------- */

/* A fake ship has 64 bits at most: a comet is its key. */
static int
read_ship(void)
{
	const char *name = options.fake ? options.fake : "zod";
	noun n;

	name += *name == '~';
	if (!patp_read(name, strlen(name), &n) || !atom_to_word(n, &ship))
		return tool_usage(options.fake ? options.fake : "-F",
		    "-F wants the name of a ship, such as ~zod, and no "
		    "comet's");
	patp_write(ship, ship_name);
	return 0;
}

bool
plan_is(const char *who)
{
	return options.fake == NULL ||
	    strcmp(options.fake + (*options.fake == '~'),
	        who + (*who == '~')) == 0;
}

/* -------- chance and the clock -------- */

struct chance {
	uint8_t entropy[SHA512_DIGEST_LENGTH];
	int64_t seconds;
	uint32_t nanoseconds;
	char tag[16];
};

/* Five bits a digit and a dot before the last five: "0v1s.vu178". */
static void
uv_text(uint32_t v, char to[16])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	char *p = to + 15;

	*p = 0;
	for (unsigned i = 0; i == 0 || v != 0; i++, v >>= 5) {
		if (i == 5)
			*--p = '.';
		*--p = digits[v & 31];
	}
	*--p = 'v';
	*--p = '0';
	memmove(to, p, strlen(p) + 1);
}

/* The entropy is a secret: its name has to be no part of it. */
static void
name_start(struct chance *c)
{
	uint8_t sum[SHA512_DIGEST_LENGTH];

	SHA512(c->entropy, sizeof c->entropy, sum);
	uv_text((uint32_t)sum[0] | (uint32_t)sum[1] << 8 |
	        (uint32_t)sum[2] << 16 | (uint32_t)(sum[3] & 127) << 24,
	    c->tag);
}

static int
take_chance(struct chance *c)
{
	struct timespec now;

	if (options.seed_n > 0) {
		SHA512(options.seed, options.seed_n, c->entropy);
		c->seconds = SEED_TIME;
		c->nanoseconds = 0;
	} else {
		if (getrandom(c->entropy, sizeof c->entropy, 0) !=
		        sizeof c->entropy ||
		    clock_gettime(CLOCK_REALTIME, &now) < 0)
			return tool_errno("getrandom");
		c->seconds = now.tv_sec;
		c->nanoseconds = (uint32_t)now.tv_nsec;
	}
	name_start(c);
	return 0;
}

/* -------- a new ship -------- */

/* Kept in front of the others. */
static void
keep_prop(void *arg)
{
	kept.props = cons(*(noun *)arg, kept.props);
}

static int
read_props(void)
{
	enum bail kind;
	noun prop;
	int code;

	for (unsigned i = options.n_props; i-- > 0;) {
		if ((code = load_file(options.props[i], &prop)) != 0)
			return code;
		if ((kind = trap_run(keep_prop, &prop)) != BAIL_NONE)
			return load_gave_up(options.props[i], kind);
	}
	return 0;
}

struct making {
	struct chance chance;
	const char *why;
};

static void
make_events(void *arg)
{
	struct making *m = arg;
	struct chance *c = &m->chance;
	noun who = atom_word(ship);
	struct boot_opts o = {
	    .who = who,
	    .vent = cons(atom_cord("fake"), who),
	    .entropy = atom_from_bytes(c->entropy, sizeof c->entropy),
	    .now = boot_date(c->seconds, c->nanoseconds),
	    .tag = atom_cord(c->tag),
	    .version =
	        cons3(atom_cord("nockutils"), atom_cord("~." TOOL_VERSION), 0),
	    .props = kept.props,
	    .base = kept.base,
	    .lite = options.lite,
	    .verbose = options.verbose,
	    .order = options.ordered ? options.order : boot_order(kept.pill),
	};

	m->why = boot_events(kept.pill, &o, &plan.boot);
}

static const char *
pill_name(void)
{
	return options.pill && strcmp(options.pill, "-") != 0 ? options.pill
	                                                      : "stdin";
}

int
plan_read(void)
{
	struct making m;
	enum bail kind;
	int code;

	heap_root_add(&root);
	if ((code = read_ship()) != 0 ||
	    (code = load_input(options.pill, FORM_BINARY, &kept.pill)) != 0 ||
	    (code = read_props()) != 0 ||
	    (options.base && (code = base_load(options.base, &kept.base))) ||
	    (code = take_chance(&m.chance)) != 0)
		return code;
	if ((kind = trap_run(make_events, &m)) != BAIL_NONE)
		return load_gave_up(pill_name(), kind);
	if (m.why != NULL)
		return tool_fail(TOOL_DATA, pill_name(), "%s", m.why);
	kept.events = plan.boot.events;
	kept.cache = plan.boot.cache;
	plan.facts = (struct pier_facts){
	    .who = ship_name, .fake = true, .pill = plan.boot.name};
	return 0;
}

/* -------- a ship that is there -------- */

struct gathering {
	noun event;
	noun list;
	bool flop;
};

static void
gather(void *arg)
{
	struct gathering *g = arg;

	if (g->flop)
		g->list = list_flop(g->list);
	else
		g->list = cons(g->event, g->list);
}

int
plan_from_pier(struct pier *p)
{
	struct gathering g = {0};
	enum pier_got got;
	enum bail kind;

	heap_root_add(&root);
	for (uint64_t id = 1; id <= p->booted; id++) {
		if ((got = pier_event(p, id, &g.event)) != PIER_OK)
			return tool_fail(got == PIER_SYS ? TOOL_SYS : TOOL_DATA,
			    options.pier, "%s",
			    got == PIER_END ? "its first events are gone"
			                    : p->why);
		if ((kind = trap_run(gather, &g)) != BAIL_NONE)
			return load_gave_up(options.pier, kind);
	}
	g.flop = true;
	if ((kind = trap_run(gather, &g)) != BAIL_NONE)
		return load_gave_up(options.pier, kind);
	plan.boot.events = kept.events = g.list;
	plan.boot.life = p->life;
	return 0;
}

void
plan_drop(void)
{
	memset(&kept, 0, sizeof kept);
	plan.boot.events = plan.boot.cache = 0;
}
