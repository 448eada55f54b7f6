/*
 * info, stat -- what there is to tell of a pier and of its events.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atom.h"
#include "commands.h"
#include "heap.h"
#include "limit.h"
#include "out.h"
#include "ship.h"
#include "stop.h"
#include "tell.h"
#include "when.h"

static struct out out;

/* -------- lines -------- */

static void __attribute__((format(printf, 1, 2))) put(const char *format, ...)
{
	char line[512];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	if (n >= (int)sizeof line)
		n = sizeof line - 1;
	/* A fact or a tag may hold anything: it must not move the cursor. */
	for (int i = 0; i < n; i++)
		if (iscntrl((unsigned char)line[i]) && line[i] != '\t')
			line[i] = '?';
	out_put(&out, line, (size_t)n);
	out_put(&out, "\n", 1);
}

static int
flush(int code)
{
	return out_flush(&out) < 0 ? tool_errno("stdout") : code;
}

/* -------- files -------- */

/* Bytes of a file of the pier; 0 if there is none. */
static uint64_t
file_bytes(const char *dir, const char *name)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static uint64_t
log_bytes(const char *dir)
{
	return file_bytes(dir, LOG_NAME) + file_bytes(dir, LOG_NAME "-wal");
}

/* -------- info -------- */

/* id, letter, word, value, help */
#define INFO_OPTIONS(X) SHIP_OPTIONS(X)

static const struct tool_option info_table[] = {INFO_OPTIONS(TOOL_ROW)};

static void
put_facts(struct log *l)
{
	static const char *const keys[] = {
	    "who", "fake", "pill", "life", "booted", "import"};
	char value[256];

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (log_fact(l, keys[i], value, sizeof value) == LOG_OK)
			put("%s: %s", keys[i], *value ? value : "-");
}

static void
put_event(struct log *l, const char *name, uint64_t id)
{
	char when[WHEN_MAX] = "-", mug[16] = "-";
	struct log_event e;

	if (log_get(l, id, &e) != LOG_OK) {
		put("%s: %" PRIu64 "\t%s", name, id, log_why(l));
		return;
	}
	if (e.at != 0)
		when_write(e.at, when);
	if (e.mug != 0)
		snprintf(mug, sizeof mug, "%08x", e.mug);
	put("%s: %" PRIu64 "\t%s\t%s", name, id, when, mug);
}

static void
put_log(struct log *l, const char *dir)
{
	uint64_t chopped = file_bytes(dir, ".urb/log.chopped.db");

	put_facts(l);
	if (l->last < l->first) {
		put("events: 0");
	} else {
		put("events: %" PRIu64, l->last + 1 - l->first);
		put_event(l, "first", l->first);
		put_event(l, "last", l->last);
	}
	put("log: %" PRIu64 " bytes", log_bytes(dir));
	if (chopped > 0)
		put("chopped: %" PRIu64 " bytes", chopped);
}

/* Under a trap: ask the kernel for its own kelvins. */
struct asking {
	struct pier *p;
	const char *what;
	uint64_t kelvin;
};

static void
ask(void *arg)
{
	struct asking *a = arg;
	noun n;

	heap_safepoint();
	n = kernel_wish(a->p->work.kernel, atom_cord(a->what));
	if (is_cell(n) || !atom_to_word(n, &a->kelvin))
		bail(BAIL_EXIT);
}

enum { WISH_S = 10 };

static void
put_kelvins(struct pier *p)
{
	static const char *const names[][2] = {{"hoon", "hoon-version"},
	    {"arvo", "arvo"}, {"lull", "lull"}, {"zuse", "zuse"}};
	char line[120] = "";
	size_t n = 0;

	limit_begin(WISH_S * UINT64_C(1000000000));
	for (int i = 0; i < 4; i++) {
		struct asking a = {.p = p, .what = names[i][1]};

		if (trap_run(ask, &a) == BAIL_NONE)
			n += (size_t)snprintf(line + n, sizeof line - n,
			    " %s %" PRIu64, names[i][0], a.kelvin);
	}
	limit_end();
	tell_flush(&tell_err);
	put("kelvins:%s", n ? line : " -");
}

static void
put_image(struct pier *p, const char *dir)
{
	if (!p->has_store || p->event == 0) {
		put("image: none");
		return;
	}
	put("image: event %" PRIu64 "\t%08x\t%" PRIu64
	    " bytes, checkpoint %" PRIu64,
	    p->event, p->mug, file_bytes(dir, ".urb/image"), p->store.sequence);
	put("behind: %" PRIu64 " events", p->log.last - p->event);
	put_kelvins(p);
}

static int
run_info(int n, char **operand)
{
	const char *dir = operand[0];
	struct pier p = {0};
	struct log l = {0};
	int code;

	(void)n;
	out_init(&out, STDOUT_FILENO);
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	if ((code = ship_log(&l, dir)) == 0) {
		put_log(&l, dir);
		log_close(&l);
		if ((code = ship_open(&p, dir, SHIP_READ)) == 0)
			put_image(&p, dir);
		pier_close(&p);
	}
	log_close(&l);
	return ship_end(flush(code));
}

static int
set_info(int option, const char *value)
{
	return ship_set(option, value);
}

const struct command info_command = {
    .name = "info",
    .operands = "PIER",
    .about = "whose it is, its events, its image",
    .options = info_table,
    .n_options = SHIP_N,
    .least = 1,
    .most = 1,
    .set = set_info,
    .run = run_info,
};

/* -------- stat -------- */

/* id, letter, word, value, help */
#define STAT_OPTIONS(X)                                                  \
	X(TIME, 0, "time", NULL, "compute all of it, and tell how fast") \
	X(TOP, 'n', NULL, "N", "the N biggest events; 10")               \
	SHIP_OPTIONS(X)

enum {
#define X(id, letter, word, value, help) STAT_##id,
	STAT_OPTIONS(X)
#undef X
	    STAT_N,
	STAT_SHIP = STAT_N - SHIP_N
};

static const struct tool_option stat_table[] = {STAT_OPTIONS(TOOL_ROW)};

static bool timed;
static unsigned top = 10;

static int
set_stat(int option, const char *value)
{
	if (option >= STAT_SHIP)
		return ship_set(option - STAT_SHIP, value);
	if (option == STAT_TIME) {
		timed = true;
		return 0;
	}
	if (tool_count(value, &top) && top <= 10000)
		return 0;
	return tool_usage("-n", "wants a number up to 10000");
}

/* Events of a tag, or one event. */
struct sum {
	char *name;
	uint64_t id, events, jam, stored;
};

struct sums {
	struct sum *p;
	size_t n, cap;
};

static struct sum *
sums_add(struct sums *s, const char *name)
{
	size_t cap = s->cap ? s->cap * 2 : 64;
	struct sum *p;

	if (s->n == s->cap) {
		if ((p = realloc(s->p, cap * sizeof *p)) == NULL)
			return NULL;
		s->p = p;
		s->cap = cap;
	}
	s->p[s->n] = (struct sum){.name = strdup(name)};
	return s->p[s->n].name ? &s->p[s->n++] : NULL;
}

/* Of a tag; there are few. */
static struct sum *
sums_find(struct sums *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->p[i].name, name) == 0)
			return &s->p[i];
	return sums_add(s, name);
}

static int
by_size(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;

	if (x->jam != y->jam)
		return x->jam < y->jam ? 1 : -1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* Keep the biggest, in order. */
static int
keep_big(struct sums *s, const struct log_event *e)
{
	struct sum *one;

	if (top == 0 || (s->n == top && s->p[s->n - 1].jam >= e->n))
		return 0;
	if (s->n == top)
		free(s->p[--s->n].name);
	if ((one = sums_add(s, e->tag)) == NULL)
		return -1;
	one->id = e->id;
	one->jam = e->n;
	one->stored = e->stored;
	qsort(s->p, s->n, sizeof *s->p, by_size);
	return 0;
}

static void
sums_free(struct sums *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->p[i].name);
	free(s->p);
}

struct tally {
	struct sum all;
	struct sums tags, big;
};

static int
count(struct tally *t, const struct log_event *e)
{
	struct sum *one = sums_find(&t->tags, e->tag);
	struct sum *const both[] = {one, &t->all};

	if (one == NULL || keep_big(&t->big, e) < 0)
		return tool_errno("events");
	for (int i = 0; i < 2; i++) {
		both[i]->events++;
		both[i]->jam += e->n;
		both[i]->stored += e->stored;
	}
	return 0;
}

static int
count_all(struct log *l, const char *dir, struct tally *t)
{
	struct log_range r = {.brief = true};
	struct log_cursor c = {0};
	struct log_event e;
	enum log_got got = log_seek(l, &c, &r);
	int code = ship_log_failed(dir, l, got);

	while (
	    code == 0 && !stop_asked() && (got = log_next(&c, &e)) != LOG_END)
		code =
		    got == LOG_OK ? count(t, &e) : ship_log_failed(dir, l, got);
	log_leave(&c);
	return code;
}

static void
put_sum(const struct sum *s, const char *first)
{
	put("%s\t%" PRIu64 "\t%" PRIu64 "\t%s", first, s->jam, s->stored,
	    *s->name ? s->name : "-");
}

static void
put_tally(struct log *l, const char *dir, struct tally *t)
{
	uint64_t bytes = log_bytes(dir);
	char number[24];

	put("events: %" PRIu64, t->all.events);
	put("jam: %" PRIu64 " bytes", t->all.jam);
	put("stored: %" PRIu64 " bytes, 1/%.2f of it", t->all.stored,
	    t->all.stored ? (double)t->all.jam / (double)t->all.stored : 1);
	put("log: %" PRIu64 " bytes, %.0f an event beside its jam", bytes,
	    t->all.events ? ((double)bytes - (double)t->all.stored) /
	            (double)t->all.events
	                  : 0);
	(void)l;
	qsort(t->tags.p, t->tags.n, sizeof *t->tags.p, by_size);
	put("tags: events, jam, stored, tag");
	for (size_t i = 0; i < t->tags.n; i++) {
		snprintf(
		    number, sizeof number, "%" PRIu64, t->tags.p[i].events);
		put_sum(&t->tags.p[i], number);
	}
	put("biggest: event, jam, stored, tag");
	for (size_t i = 0; i < t->big.n; i++) {
		snprintf(number, sizeof number, "%" PRIu64, t->big.p[i].id);
		put_sum(&t->big.p[i], number);
	}
}

static int
put_time(const char *dir)
{
	struct ship_run r = {0};
	struct pier p = {0};
	int code = ship_open(&p, dir, SHIP_BARE);

	if (code == 0)
		code = ship_go(&p, dir, &r);
	if (code == 0)
		put("replay: %" PRIu64 " events, %.3f s, %.0f/s", r.events,
		    (double)r.ns / 1e9, (double)r.events * 1e9 / (double)r.ns);
	pier_close(&p);
	return code;
}

static int
run_stat(int n, char **operand)
{
	static struct tally t;
	const char *dir = operand[0];
	struct log l = {0};
	int code;

	(void)n;
	out_init(&out, STDOUT_FILENO);
	if ((code = ship_start(command_verbose())) != 0)
		return code;
	if ((code = ship_log(&l, dir)) == 0 &&
	    (code = count_all(&l, dir, &t)) == 0)
		put_tally(&l, dir, &t);
	log_close(&l);
	if (code == 0 && timed && !stop_asked())
		code = put_time(dir);
	sums_free(&t.tags);
	sums_free(&t.big);
	return ship_end(flush(code));
}

const struct command stat_command = {
    .name = "stat",
    .operands = "PIER",
    .about = "how big its events are, and which",
    .options = stat_table,
    .n_options = STAT_N,
    .least = 1,
    .most = 1,
    .set = set_stat,
    .run = run_stat,
};
