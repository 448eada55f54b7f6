#include "profile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "clock.h"
#include "nock.h"
#include "out.h"
#include "tell.h"

enum { DEPTH = 250, EVERY_US = 1000, PAUSE = 10 };

/* A tree of calls: a node is a function below those that called it. */
struct node {
	struct node *parent, *first, *next;
	uint64_t count; /* looks that found it innermost */
	char label[];
};

static struct out out;
static bool json, failed, comma;
static struct node *root, *now;
static uint64_t start, pause_until;

static void
print(const char *s)
{
	out_text(&out, s);
}

/* -------- the tree -------- */

static struct node *
node_new(struct node *parent, const char *label)
{
	size_t n = strlen(label) + 1;
	struct node *k = calloc(1, sizeof *k + n);

	if (k == NULL) {
		failed = true;
		return parent;
	}
	memcpy(k->label, label, n);
	k->parent = parent;
	if (parent) {
		k->next = parent->first;
		parent->first = k;
	}
	return k;
}

/* The node of that label below k, or k itself if that is its own. */
static struct node *
node_below(struct node *k, const char *label)
{
	if (strcmp(k->label, label) == 0)
		return k;
	for (struct node *c = k->first; c; c = c->next)
		if (strcmp(c->label, label) == 0)
			return c;
	return node_new(k, label);
}

static unsigned
node_depth(const struct node *k)
{
	unsigned n = 0;

	for (; k->parent; k = k->parent)
		n++;
	return n;
}

/* The next node, parents after their children; NULL behind the last. */
static struct node *
node_after(struct node *k)
{
	if (k->next == NULL)
		return k->parent;
	for (k = k->next; k->first;)
		k = k->first;
	return k;
}

static struct node *
node_deepest(struct node *k)
{
	while (k && k->first)
		k = k->first;
	return k;
}

/* -------- folded stacks -------- */

/* A semicolon or a line's end would part it. */
static void
print_folded(const char *label)
{
	for (; *label; label++) {
		char c = *label == ';' ? ':' : *label;

		out_put(&out, &c, 1);
	}
}

static void
print_stack(const struct node *k)
{
	const struct node *path[DEPTH + 2];
	unsigned n = 0;
	char count[32];

	for (; k->parent; k = k->parent)
		path[n++] = k;
	for (unsigned i = n; i-- > 0;) {
		print_folded(path[i]->label);
		if (i > 0)
			print(";");
	}
	snprintf(count, sizeof count, " %" PRIu64 "\n", path[0]->count);
	print(count);
}

static void
print_folds(void)
{
	struct node *k = node_deepest(root);

	for (; k && k->parent; k = node_after(k))
		if (k->count)
			print_stack(k);
}

/* -------- a Chrome trace -------- */

static void
print_quoted(const char *label)
{
	print("\"");
	for (; *label; label++) {
		if (*label == '"' || *label == '\\')
			print("\\");
		out_put(&out, label, 1);
	}
	print("\"");
}

static void
print_event(const char *phase, const struct node *k, uint64_t ns)
{
	char buf[96];

	print(comma ? ",\n" : "\n");
	comma = true;
	print("{\"name\":");
	print_quoted(k->label);
	snprintf(buf, sizeof buf,
	    ",\"ph\":\"%s\",\"pid\":1,\"tid\":1,\"ts\":%" PRIu64 ".%03u}",
	    phase, ns / 1000, (unsigned)(ns % 1000));
	print(buf);
}

static void
begin_down(const struct node *k, const struct node *from, uint64_t ns)
{
	const struct node *path[DEPTH + 2];
	unsigned n = 0;

	for (; k != from; k = k->parent)
		path[n++] = k;
	while (n-- > 0)
		print_event("B", path[n], ns);
}

/* From the stack of the last look to this one. */
static void
print_step(struct node *to, uint64_t ns)
{
	const struct node *common = to;
	unsigned d = node_depth(to), e = node_depth(now);

	for (; d > e; d--)
		common = common->parent;
	for (; e > d; e--, now = now->parent)
		print_event("E", now, ns);
	for (; now != common; now = now->parent, common = common->parent)
		print_event("E", now, ns);
	begin_down(to, common, ns);
	now = to;
}

/* -------- looking -------- */

/* The stack comes from the inside: its labels are kept, then walked back. */
static struct {
	char label[DEPTH][LABEL_MAX];
	unsigned n;
	bool more;
	noun formula, spot; /* of the last */
} seen;

static void
see(void *arg, noun formula, noun spot)
{
	(void)arg;
	seen.more = seen.n == DEPTH;
	if (seen.more || (seen.formula == formula && seen.spot == spot))
		return;
	seen.formula = formula;
	seen.spot = spot;
	tell_label(formula, spot, seen.label[seen.n]);
	if (seen.n > 0 &&
	    strcmp(seen.label[seen.n], seen.label[seen.n - 1]) == 0)
		return;
	seen.n++;
}

void
profile_sample(void *arg)
{
	uint64_t ns = clock_ns();
	struct node *k = root;

	(void)arg;
	if (ns < pause_until || failed)
		return;
	seen.n = 0;
	seen.formula = 0; /* no formula */
	nock_stack(see, NULL);
	if (seen.more)
		k = node_below(k, "(deeper)");
	for (unsigned i = seen.n; i-- > 0;)
		k = node_below(k, seen.label[i]);
	k->count++;
	if (json)
		print_step(k, ns - start);
	pause_until = ns + (clock_ns() - ns) * PAUSE;
}

static void
on_prof(int sig)
{
	(void)sig;
	nock_sample();
}

static void
set_timer(unsigned us)
{
	struct itimerval t = {{0, us}, {0, us}};

	setitimer(ITIMER_PROF, &t, NULL);
}

/* -------- begin and end -------- */

int
profile_open(const char *file)
{
	size_t n = strlen(file);
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0 || (root = now = node_new(NULL, "")) == NULL)
		return -1;
	out_init(&out, fd);
	json = n >= 5 && strcmp(file + n - 5, ".json") == 0;
	if (json)
		print("{\"traceEvents\":[");
	return 0;
}

void
profile_begin(void)
{
	struct sigaction a = {.sa_handler = on_prof, .sa_flags = SA_RESTART};

	start = clock_ns();
	sigaction(SIGPROF, &a, NULL);
	set_timer(EVERY_US);
}

void
profile_end(void)
{
	set_timer(0);
	if (json)
		print_step(root, clock_ns() - start);
}

static void
free_tree(void)
{
	struct node *k = node_deepest(root);

	while (k) {
		struct node *after = node_after(k);

		free(k);
		k = after;
	}
	root = now = NULL;
}

int
profile_close(void)
{
	int rc;

	if (json)
		print("\n]}\n");
	else
		print_folds();
	rc = out_flush(&out);
	if (close(out.fd) < 0)
		rc = -1;
	free_tree();
	if (failed) {
		errno = ENOMEM;
		rc = -1;
	}
	return rc;
}
