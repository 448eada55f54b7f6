#include "jetwatch.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "atom.h"
#include "bail.h"
#include "brief.h"
#include "jam.h"
#include "jets.h"
#include "table.h"
#include "tell.h"
#include "tool.h"

enum { PATHS = 256, SAVED = 20, SHOWN = 120, UNJETTED = 20 };

/* Paths that were given, ended by NULL. */
struct paths {
	const char *path[PATHS + 1];
	size_t n;
};

static struct paths off, check;
static unsigned rate;
static uint64_t patience = 1000000000;
static bool stats;
static const char *dir = ".";

struct sums {
	uint64_t checks, unsure, differences;
};

static struct sums *sums;   /* of all processes of a pool */
static struct sums counted; /* of this one, in there; not the differences */

/* -------- options -------- */

static int
add_path(struct paths *p, const char *s, size_t n)
{
	for (size_t i = 0; i < p->n; i++)
		if (strlen(p->path[i]) == n && memcmp(p->path[i], s, n) == 0)
			return 0;
	if (p->n == PATHS || (p->path[p->n] = strndup(s, n)) == NULL)
		return -1;
	p->n++;
	return 0;
}

/* The names at the beginning of path are those of s. */
static bool
begins(const char *path, const char *s)
{
	size_t n = strlen(s);

	return strncmp(path, s, n) == 0 && (path[n] == 0 || path[n] == ' ');
}

/* Past a root's name and a blank, if s has one. */
static const char *
past_root(const char *s)
{
	static const char *const roots[] = {
#define X(root) #root,
	    JETS_ROOTS(X)
#undef X
	};
	size_t n = strcspn(s, " ");

	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (s[n] == ' ' && strlen(roots[i]) == n &&
		    strncasecmp(roots[i], s, n) == 0)
			return s + n + 1;
	return s;
}

struct search {
	struct paths *to;
	const char *s;
	bool found, full;
};

/* Add what s means of a path, with or without the layers before it. */
static void
match_path(void *arg, const char *path, const char *name, unsigned kelvins)
{
	struct search *m = arg;
	const char *p = path;

	(void)name;
	(void)kelvins;
	while (p != NULL && strncmp(path, HEX, (size_t)(p - path)) == 0) {
		if (begins(p, m->s)) {
			m->found = true;
			m->full |= add_path(m->to, path,
			               (size_t)(p - path) + strlen(m->s)) < 0;
		}
		if ((p = strchr(p, ' ')) != NULL)
			p++;
	}
}

/* A kernel of old has no layers: there s stands for itself, too. */
static int
set_paths(struct paths *to, const char *option, const char *value)
{
	struct search m = {.to = to};

	if (value == NULL || *value == 0)
		return add_path(to, "", 0) < 0
		    ? tool_usage(option, "too many paths")
		    : 0;
	m.s = past_root(value);
	jets_table(match_path, &m);
	if (!m.found)
		return tool_usage(option, "no jet has a path that begins so");
	m.full |= add_path(to, m.s, strlen(m.s)) < 0;
	return m.full ? tool_usage(option, "too many paths") : 0;
}

static int
set_rate(const char *value)
{
	return tool_count(value, &rate) && rate > 0
	    ? 0
	    : tool_usage("--check-rate", "wants a number, 1 or more");
}

static int
set_time(const char *value)
{
	return tool_seconds(value, &patience)
	    ? 0
	    : tool_usage("--check-time", "wants seconds, such as 0.5");
}

static int
set_dir(const char *value)
{
	dir = value;
	return access(dir, W_OK | X_OK) == 0
	    ? 0
	    : tool_usage("--check-dir", "wants a directory to write to");
}

int
jetwatch_set(int option, const char *value)
{
	switch ((enum jetwatch_option)option) {
	case JETWATCH_NO_JETS:
		return set_paths(&off, "--no-jets", value);
	case JETWATCH_CHECK_JETS:
		return set_paths(&check, "--check-jets", value);
	case JETWATCH_CHECK_RATE:
		return set_rate(value);
	case JETWATCH_CHECK_TIME:
		return set_time(value);
	case JETWATCH_CHECK_DIR:
		return set_dir(value);
	default:
		stats = true;
		return 0;
	}
}

bool
jetwatch_measures(void)
{
	return stats;
}

/* -------- a difference -------- */

/* How often a path was told of.  The dashboard's strings are themselves. */
struct told {
	const char *path;
	unsigned n;
	struct told *next;
};

static struct told *tolds;

static unsigned
count_path(const char *path)
{
	struct told *t;

	for (t = tolds; t != NULL; t = t->next)
		if (t->path == path)
			return ++t->n;
	if ((t = malloc(sizeof *t)) == NULL)
		return SAVED + 1;
	*t = (struct told){path, 1, tolds};
	tolds = t;
	return 1;
}

/* Open a file that was not there yet: other processes save theirs, too. */
static int
create(const char *path, char *name, size_t size)
{
	int fd, dash = 0;

	for (unsigned i = 1; i < 100000; i++) {
		int n = snprintf(
		    name, size, "%s/jet-%n%s-%u.jam", dir, &dash, path, i);

		if (n < 0 || (size_t)n >= size) {
			errno = ENAMETOOLONG;
			return -1;
		}
		for (char *c = name + dash; *c; c++)
			if (!isalnum((unsigned char)*c) && *c != '.')
				*c = '-';
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static int
put_bytes(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

static void
make_jam(void *arg)
{
	noun *n = arg;

	*n = jam(*n);
}

/* Save a sample; `name` is then the file's.  0, or -1 and that was said. */
static int
save(const char *path, noun sample, char *name, size_t size)
{
	uint64_t room;
	int fd, rc;

	if (trap_run(make_jam, &sample) != BAIL_NONE) {
		tool_fail(TOOL_SYS, path, "no memory for the sample's jam");
		return -1;
	}
	if ((fd = create(path, name, size)) < 0) {
		tool_errno(name);
		return -1;
	}
	rc = put_bytes(fd, atom_view(sample, &room), atom_bytes(sample));
	if (rc < 0)
		tool_errno(name);
	close(fd);
	return rc;
}

struct answer {
	noun n;
	char text[SHOWN + BRIEF_DOTS];
};

static void
write_answer(void *arg)
{
	struct answer *a = arg;

	brief_put(a->text, sizeof a->text, a->n,
	    (struct text_opts){.depth = 4, .width = 8});
}

/* What the jet or the Hoon did, in words; maybe in a's own memory. */
static const char *
answer_text(struct answer *a, bool crash, noun n)
{
	if (crash)
		return "a crash";
	a->n = n;
	return trap_run(write_answer, a) == BAIL_NONE
	    ? a->text
	    : "what there is no memory to show";
}

static void
tell_difference(const struct jets_difference *d)
{
	struct answer jet, hoon;
	char name[4096];

	if (save(d->path, d->sample, name, sizeof name) < 0)
		strcpy(name, "no file");
	tool_fail(TOOL_NO, d->path, "the jet: %s; its Hoon: %s; sample: %s",
	    answer_text(&jet, d->crash[0], d->answer[0]),
	    answer_text(&hoon, d->crash[1], d->answer[1]), name);
}

static void
differ(void *arg, const struct jets_difference *d)
{
	unsigned n = count_path(d->path);

	(void)arg;
	__atomic_fetch_add(&sums->differences, 1, __ATOMIC_RELAXED);
	if (n <= SAVED)
		tell_difference(d);
	else if (n == SAVED + 1)
		tool_fail(
		    TOOL_NO, d->path, "differs again; from here only counted");
}

/* -------- sums -------- */

static void
add_sums(void *arg, const struct jets_stat *s)
{
	struct sums *n = arg;

	n->checks += s->checks;
	n->unsure += s->unsure;
}

static void
add(uint64_t *sum, uint64_t n)
{
	__atomic_fetch_add(sum, n, __ATOMIC_RELAXED);
}

void
jetwatch_share(void)
{
	struct sums now = {0};

	if (check.n == 0)
		return;
	jets_stats(add_sums, &now);
	add(&sums->checks, now.checks - counted.checks);
	add(&sums->unsure, now.unsure - counted.unsure);
	counted = now;
}

/* -------- what jets cost -------- */

struct costs {
	struct jets_stat *p;
	size_t n;
};

/* True if there is something to tell of it. */
static bool
is_told(const struct jets_stat *s)
{
	return s->calls > 0;
}

static void
count_cost(void *arg, const struct jets_stat *s)
{
	*(size_t *)arg += is_told(s);
}

static void
take_cost(void *arg, const struct jets_stat *s)
{
	struct costs *c = arg;

	if (is_told(s))
		c->p[c->n++] = *s;
}

static int
hotter(const void *a, const void *b)
{
	const struct jets_stat *x = a, *y = b;

	return x->nanoseconds != y->nanoseconds
	    ? (x->nanoseconds < y->nanoseconds) -
	        (x->nanoseconds > y->nanoseconds)
	    : strcmp(x->path, y->path);
}

static void
tell_cost(const struct jets_stat *s)
{
	char line[512], hits[24] = "";

	if (s->jetted)
		snprintf(hits, sizeof hits, "%" PRIu64, s->hits);
	snprintf(line, sizeof line, "%12" PRIu64 " %12s %10.3f %10.0f  %s",
	    s->calls, hits, (double)s->nanoseconds / 1e6,
	    (double)s->nanoseconds / (double)s->calls, s->path);
	tell_line(&tell_err, line);
}

static void
tell_heads(const char *title)
{
	char line[120];

	snprintf(line, sizeof line, "%12s %12s %10s %10s  %s", "calls", "hits",
	    "ms", "ns/call", title);
	tell_line(&tell_err, line);
}

/* Those with or without a jet, at most so many. */
static void
tell_costs(const struct costs *c, bool jetted, size_t most)
{
	for (size_t i = 0; i < c->n && most > 0; i++)
		if (c->p[i].jetted == jetted) {
			tell_cost(&c->p[i]);
			most--;
		}
}

static void
tell_stats(void)
{
	struct costs c = {0};
	size_t n = 0;

	jets_stats(count_cost, &n);
	if ((c.p = calloc(n + 1, sizeof *c.p)) == NULL) {
		tool_errno("--jet-stats");
		return;
	}
	jets_stats(take_cost, &c);
	qsort(c.p, c.n, sizeof *c.p, hotter);
	tell_heads("jet");
	tell_costs(&c, true, SIZE_MAX);
	tell_heads("unjetted arms that cost most");
	tell_costs(&c, false, UNJETTED);
	tell_flush(&tell_err);
	free(c.p);
}

/* -------- begin and end -------- */

void
jetwatch_init(void)
{
	struct jets_opts o = {
	    .off = off.path,
	    .check = check.path,
	    .rate = rate,
	    .patience = patience,
	    .stats = stats,
	    .differ = differ,
	};

	sums = mmap(NULL, sizeof *sums, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sums == MAP_FAILED)
		bail(BAIL_MEME);
	jets_init(&o);
}

static void
tell_sums(void)
{
	char unsure[48] = "";

	if (sums->unsure > 0)
		snprintf(unsure, sizeof unsure, ", %" PRIu64 " unsure",
		    sums->unsure);
	tool_say("jets", "%" PRIu64 " checks, %" PRIu64 " differences%s",
	    sums->checks, sums->differences, unsure);
}

static void
forget(struct paths *p)
{
	while (p->n > 0)
		free((char *)p->path[--p->n]);
}

int
jetwatch_end(int code)
{
	struct told *t;
	bool differs;

	jetwatch_share();
	differs = sums->differences > 0;
	if (stats)
		tell_stats();
	if (check.n > 0)
		tell_sums();
	jets_free();
	munmap(sums, sizeof *sums);
	forget(&off);
	forget(&check);
	while ((t = tolds) != NULL) {
		tolds = t->next;
		free(t);
	}
	return code == 0 && differs ? TOOL_NO : code;
}
