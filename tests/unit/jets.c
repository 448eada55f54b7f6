/*
 * Each jet that the ivory kernel holds, and its Hoon: the same product or
 * the same crash, for samples that jetgen.h makes of what jetsamples.h says.
 *
 *     jets [PATH]      only lines whose path contains this, and told in full
 *     JETS_SEED=N      other samples
 *     JETS_SAMPLES=N   so many a line, whatever time it takes
 *
 * A line of samples runs in a process of its own.  A test fails where jet
 * and Hoon differ, where the process dies, and where so few samples were
 * compared that the jet was not tested.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bail.h"
#include "brief.h"
#include "clock.h"
#include "dash.h"
#include "jetkernel.h"
#include "limit.h"
#include "nock.h"

/* Sanitizers and starving make Nock so much slower. */
#if defined HEAP_STARVE
enum { SLOWER = 10 };
#elif defined __SANITIZE_ADDRESS__ || defined __clang__
enum { SLOWER = 6 };
#else
enum { SLOWER = 1 };
#endif

enum {
	SAMPLES_MAX = 200,   /* of a line, if there is time */
	COMPARED_MIN = 5,    /* fewer are no test */
	SHOWN = 3,           /* differences */
	LINE_MS = 80,        /* for a line; more until COMPARED_MIN are */
	LAST_MS = 15000,     /* then it has had its chance */
	STUCK_S = 60,        /* and this is a bug */
	PATIENCE_MS = 15,    /* for the Hoon of one sample; */
	PATIENCE_SLOW = 600, /* if that is SLOW */
	PATIENCE_SLOWEST = 4000,
};

static const struct line {
	const char *path, *hoon, *sample, *around;
	int flags;
} lines[] = {
#define X(path, hoon, sample, around, flags) \
	{path, hoon, sample, around, flags},
    SAMPLES(X) MORE_SAMPLES(X)
#undef X
};

enum { LINES_N = sizeof lines / sizeof *lines };

/* What became of the samples of a line, told to the parent. */
struct result {
	unsigned samples, compared, crashes, passed, unsure, gave_up, differ;
	bool compiled;
};

static struct result *result;
static const struct line *running;
static uint64_t seed;
static unsigned samples_wanted; /* 0: as time allows */
static const char *only;
static const char *checked[2]; /* jets_opts.check */

static uint64_t
patience(const struct line *l)
{
	uint64_t ms = l->flags & SLOWEST ? PATIENCE_SLOWEST
	    : l->flags & SLOW            ? PATIENCE_SLOW
	                                 : PATIENCE_MS;

	return ms * SLOWER * 1000000;
}

/* -------- what is compared -------- */

/* An entry of the table that is compared even if it is a quirk. */
static const struct entry *
plain(const struct entry *e)
{
	static struct entry plains[8];
	static size_t n;

	if (n == sizeof plains / sizeof *plains)
		abort();
	plains[n] = *e;
	plains[n].kelvins &= ~(unsigned)QUIRK;
	return &plains[n++];
}

/* From now on the jets at this path, and no others, are compared. */
static void
watch(const char *path)
{
	size_t n = strlen(path);

	checked[0] = path;
	for (struct jet *j = dash.jets; j != NULL; j = j->next)
		if (j->entry != NULL && strncmp(j->place->bare, path, n) == 0 &&
		    (j->place->bare[n] == 0 || j->place->bare[n] == ' ')) {
			j->check = true;
			if (j->entry->kelvins & QUIRK)
				j->entry = plain(j->entry);
			watch_jet(j);
		}
}

static bool
is_memo(const char *path)
{
#define X(memo, arm, name, kelvins)  \
	if (strcmp(path, memo) == 0) \
		return true;
	JETS_UT(X)
	JETS_WING(X)
#undef X
	return false;
}

/* Kept as it is, though it differs: jets.h. */
static bool
is_quirk(const char *path)
{
#define X(quirk, arm, name, kelvins)                     \
	if ((kelvins)&QUIRK && strcmp(path, quirk) == 0) \
		return true;
	JETS(X)
#undef X
	return false;
}

struct sums {
	uint64_t calls, checks, differences, unsure;
};

/*
 * What was counted since the last time; and count calls anew, as only the
 * first 100 are compared: those of the Hoon, in turn, mostly are not.
 */
static struct sums
count(const char *path)
{
	struct sums sums = {0};

	for (struct place *p = dash.places; p != NULL; p = p->next)
		if (strcmp(p->bare, path) == 0) {
			sums.calls += p->stat.calls;
			sums.checks += p->stat.checks;
			sums.differences += p->stat.differences;
			sums.unsure += p->stat.unsure;
			p->stat.calls = p->stat.checks = 0;
			p->stat.differences = p->stat.unsure = 0;
			p->checking = 0;
		}
	return sums;
}

struct shown {
	noun n;
	char text[4000];
	size_t size;
};

static void
show_put(void *arg)
{
	struct shown *s = arg;

	brief_put(
	    s->text, s->size, s->n, (struct text_opts){.width = only ? 0 : 24});
}

static void
show(const char *what, bool crash, noun n)
{
	static struct shown s;

	s.n = n;
	s.size = only ? sizeof s.text : 300;
	if (crash)
		printf("#    %s: a crash\n", what);
	else if (trap_run(show_put, &s) == BAIL_NONE)
		printf("#    %s: %s\n", what, s.text);
}

/* Without the door's, which is beside it, if that is always the same. */
static void
show_sample(noun n)
{
	bool both = running->around[0] != 0;

	show(both ? "sample and around" : "sample", false,
	    both || is_atom(n) ? n : head(n));
}

static void
differ(void *arg, const struct jets_difference *d)
{
	(void)arg;
	if (++result->differ > SHOWN || (is_quirk(running->path) && !only))
		return;
	printf("# %s, sample %u\n", d->path, result->samples);
	show_sample(d->sample);
	show("jet", d->crash[0], d->answer[0]);
	show("Hoon", d->crash[1], d->answer[1]);
	fflush(stdout);
}

/* -------- a sample -------- */

struct call {
	const struct line *line;
	noun *gate; /* on the noun stack; and the core that is called */
	enum bail kind;
};

/* Put what l->around says around the gate. */
static noun
surround(const struct line *l, noun gate)
{
	const char *type = l->around;
	uint64_t axis = 30;
	noun part;

	if (*type == 0)
		return gate;
	if (*type >= '0' && *type <= '9') {
		axis = strtoull(type, (char **)&type, 10);
		type += *type == ' ';
	}
	if (strcmp(type, "=") != 0)
		part = jetgen(type);
	else if (!axis_get_word(gate, axis, &part))
		bail(BAIL_EXIT);
	if (gen_below(12) == 0)
		part = jetgen_damage(part);
	if (!axis_edit(gate, direct(axis), part, &gate))
		bail(BAIL_EXIT);
	return gate;
}

static void
prepare(void *arg)
{
	struct call *c = arg;
	noun sample = jetgen(c->line->sample), core;

	if (gen_below(5) == 0)
		sample = jetgen_damage(sample);
	core = surround(c->line, c->gate[0]);
	if (!axis_edit(core, direct(6), sample, &core))
		bail(BAIL_EXIT);
	stack_pop(); /* gate[1]: a slot is not set where it lies */
	stack_push(core);
}

static void
kick(void *arg)
{
	struct call *c = arg;

	nock_kick(c->gate[1], 2);
}

/*
 * Twice for a memo, which has an answer the second time, and for what is
 * found in types by what memos know.
 */
static void
call(void *arg)
{
	struct call *c = arg;

	c->kind = nock_trap(kick, c, 3 * patience(c->line));
	if (c->kind == BAIL_NONE && is_memo(c->line->path))
		c->kind = nock_trap(kick, c, 3 * patience(c->line));
}

static void
judge(const struct line *l, enum bail kind)
{
	struct sums s = count(l->path);

	result->samples++;
	if (kind == BAIL_EXIT)
		result->crashes++;
	if (s.differences > 0)
		return; /* counted one by one */
	if (s.checks > 0)
		result->compared++;
	else if (s.unsure > 0 || kind == BAIL_TIME)
		result->unsure++;
	else if (kind != BAIL_NONE && kind != BAIL_EXIT)
		result->gave_up++;
	else if (s.calls > 0)
		result->passed++;
}

static void
sample(struct call *c)
{
	enum bail kind = trap_run(prepare, c);

	if (kind == BAIL_NONE)
		kind = trap_run(call, c);
	judge(c->line, kind == BAIL_NONE ? c->kind : kind);
}

/* Fewer compared are no test. */
static unsigned
least(const struct line *l)
{
	return l->flags & (FEW | SLOWEST) ? 1 : COMPARED_MIN;
}

static bool
enough(uint64_t began)
{
	uint64_t ms = (clock_ns() - began) / 1000000 / SLOWER;

	if (samples_wanted)
		return result->samples >= samples_wanted;
	if (result->samples >= SAMPLES_MAX || ms > LAST_MS)
		return true;
	return result->compared >= least(running) && ms > LINE_MS / SLOWER;
}

static uint64_t
hash(const char *s)
{
	uint64_t h = seed;

	while (*s)
		h = (h ^ (unsigned char)*s++) * UINT64_C(0x100000001b3);
	return h;
}

static void
run_line(const struct line *l)
{
	struct call c = {.line = l, .gate = stack_top()};
	uint64_t began;
	noun gate;

	if (!jetkernel_wish(l->hoon, &gate))
		return;
	result->compiled = true;
	running = l;
	stack_push(gate);
	stack_push(0);
	dash.opts.patience = patience(l);
	watch(l->path);
	count(l->path);
	began = clock_ns();
	gen_state = hash(l->hoon);
	while (!enough(began))
		sample(&c);
}

/* -------- the parent -------- */

/* Run a line in a child.  Why it did not end, or NULL. */
static const char *
fork_line(const struct line *l)
{
	static char why[80];
	int status;
	pid_t pid;

	memset(result, 0, sizeof *result);
	fflush(stdout);
	if ((pid = fork()) == -1)
		return "no process for it";
	if (pid == 0) {
		alarm(samples_wanted ? 0 : STUCK_S * SLOWER);
		run_line(l);
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		snprintf(why, sizeof why, "died of signal %d at sample %u",
		    WTERMSIG(status), result->samples);
	else if (WEXITSTATUS(status) != 0)
		snprintf(why, sizeof why, "exited %d at sample %u",
		    WEXITSTATUS(status), result->samples);
	else
		return NULL;
	return why;
}

static bool
is_good(const struct line *l, const char *why)
{
	if (why != NULL)
		printf("# %s\n", why);
	return why == NULL && result->compiled &&
	    result->compared >= least(l) &&
	    (result->differ == 0 || is_quirk(l->path));
}

static bool
test_line(const struct line *l, unsigned number)
{
	const char *why = fork_line(l);
	bool good = is_good(l, why);

	printf("%sok %u - %s: %u samples, %u compared (%u crashes), %u passed "
	       "to the Hoon, %u unsure, %u differ%s\n",
	    good ? "" : "not ", number, l->path, result->samples,
	    result->compared, result->crashes, result->passed,
	    result->unsure + result->gave_up, result->differ,
	    is_quirk(l->path) ? ", a quirk" : "");
	return good;
}

static bool
has_line(const char *path)
{
	for (size_t i = 0; i < LINES_N; i++)
		if (strcmp(lines[i].path, path) == 0)
			return true;
	return false;
}

/* What the kernel registered on its way, and has jets, has samples. */
static void
find_missing(void *arg, const char *path, bool jetted)
{
	const char *bare = strchr(path, ' ');

	if (!jetted || bare == NULL || has_line(bare + 1))
		return;
	printf("# no samples: %s\n", path);
	*(bool *)arg = true;
}

static bool
test_missing(unsigned number)
{
	bool missing = false;

	jets_paths(find_missing, &missing);
	printf("%sok %u - every jet that was met has samples\n",
	    missing ? "not " : "", number);
	return !missing;
}

static const struct table_line {
	const char *path, *name;
	unsigned kelvins;
} table[] = {
#define X(path, arm, name, kelvins) {path, #name, kelvins},
    JETS(X)
#undef X
};

/* How many of the table's jets have samples, and which have none. */
static void
tell_tally(void)
{
	unsigned all = sizeof table / sizeof *table, here = 0;

	for (size_t i = 0; i < all; i++)
		if (table[i].kelvins & K140 && has_line(table[i].path))
			here++;
		else if (only == NULL)
			printf("# not in this kernel: %s (%s)\n", table[i].path,
			    table[i].name);
	printf("# %u of %u jets have samples; seed %" PRIu64 "\n", here, all,
	    seed);
}

/*
 * Starving is to find nouns that were not kept across a call, and makes the
 * Hoon too slow for the rest.
 */
static bool
is_run(const struct line *l)
{
#ifdef HEAP_STARVE
	if (only == NULL && !(l->flags & CALLS))
		return false;
#endif
	return only == NULL || strstr(l->path, only) != NULL;
}

/* Does a line that is run pick from the pool? */
static bool
is_wanted(const char *pool)
{
	for (size_t i = 0; i < LINES_N; i++)
		if (is_run(&lines[i]) &&
		    (strstr(lines[i].sample, pool) != NULL ||
		        strstr(lines[i].around, pool) != NULL))
			return true;
	return false;
}

static bool
test_all(void)
{
	unsigned number = 0;
	bool good = true;

	for (size_t i = 0; i < LINES_N; i++)
		if (is_run(&lines[i]))
			good &= test_line(&lines[i], ++number);
	if (only == NULL)
		good &= test_missing(++number);
	tell_tally();
	printf("1..%u\n", number);
	return good;
}

static void
take_settings(void)
{
	const char *s = getenv("JETS_SEED");

	seed = s ? strtoull(s, NULL, 0) : 1;
	s = getenv("JETS_SAMPLES");
	samples_wanted = s ? (unsigned)strtoul(s, NULL, 0) : 0;
}

int
main(int argc, char **argv)
{
	struct nock_opts nock_opts = {.alarm = limit_alarm};
	struct jets_opts jets_opts = {
	    .check = checked, .rate = UINT32_MAX, .differ = differ};

	only = argc > 1 ? argv[1] : NULL;
	take_settings();
	result = mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (result == MAP_FAILED ||
	    heap_init(&(struct heap_opts){.limit = (size_t)1 << 30}) != 0)
		return 111;
	nock_init(&nock_opts);
	jets_init(&jets_opts);
	if (!jetkernel_start(is_wanted)) {
		printf("ok 1 - jets # SKIP no ivory-140.pill\n1..1\n");
		return 0;
	}
	return test_all() ? 0 : 1;
}
