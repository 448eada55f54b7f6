/*
 * What takes long and needs only the last checkpoint is done by a child
 * process, while events go on: a compaction of the image, or a jam of it.
 *
 * The child has a copy of our memory, and the pier's lock it has not; it
 * writes a file of its own and puts that in place.  In the end it sends one
 * byte, and words if it failed.  While a compaction goes on there is no
 * checkpoint; after it the image that we have open is no longer the ship's,
 * and the process begins anew (again.c).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atom.h"
#include "clock.h"
#include "halt.h"
#include "jam.h"
#include "out.h"
#include "reason.h"
#include "serf.h"
#include "shape.h"
#include "tool.h"

/* What the child sends: how it went, and why not. */
struct report {
	bool good;
	char why[200];
};

enum { PATH_SIZE = 4096 };

#define AGAIN_NS UINT64_C(600000000000) /* between two that fail */

/* -------- in the child -------- */

/* What it takes beside the image is no matter of the limit. */
static void
compact(struct serf *s, struct report *r)
{
	heap_allow(0);
	r->good = store_compact(&s->pier.store, NULL, NULL) == STORE_OK;
	snprintf(r->why, sizeof r->why, "%s", s->pier.store.why);
}

/* The state as urbit(1) has it in a rock. */
static void
make_rock(void *arg)
{
	noun *rock = arg, kernel, jets;

	if (!uncons(*rock, &kernel, &jets))
		bail(BAIL_EXIT);
	*rock = jam(cons4(atom_cord("arvo"), kernel, atom_cord("jets"), jets));
}

static int
write_rock(int fd, noun rock)
{
	static struct out out;
	uint64_t room;

	out_init(&out, fd);
	out_put(&out, atom_view(rock, &room), atom_bytes(rock));
	return out_flush(&out) < 0 ? -1 : fsync(fd);
}

/* PIER/.urb/roc/N.jam, whole or not at all. */
static int
place_rock(struct serf *s, noun rock)
{
	char path[PATH_SIZE], new[PATH_SIZE + 8];
	int fd, rc;

	snprintf(path, sizeof path, "%s/.urb/roc", s->pier.dir);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -1;
	snprintf(path, sizeof path, "%s/.urb/roc/%" PRIu64 ".jam", s->pier.dir,
	    s->pier.store.event);
	snprintf(new, sizeof new, "%s.new", path);
	fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	rc = write_rock(fd, rock);
	close(fd);
	if (rc == 0)
		rc = rename(new, path);
	if (rc < 0)
		unlink(new);
	return rc;
}

static void
cram(struct serf *s, struct report *r)
{
	noun rock = s->pier.store.root;
	enum bail kind = trap_run(make_rock, &rock);

	if (kind == BAIL_NONE)
		r->good = place_rock(s, rock) == 0;
	snprintf(r->why, sizeof r->why, "%s",
	    kind == BAIL_NONE ? reason_of(errno) : bail_name(kind));
}

/* It ends with its parent, and is nobody's to interrupt. */
static void
child(struct serf *s, int fd, pid_t parent)
{
	struct report r = {.good = false};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(TOOL_SYS);
	halt_forget();
	(void)!nice(5);
	if (s->job == JOB_PACK)
		compact(s, &r);
	else
		cram(s, &r);
	if (write(fd, &r, sizeof r) != sizeof r)
		_exit(TOOL_SYS);
	_exit(0);
}

/* -------- in the parent -------- */

static const char *
name_of(enum job job)
{
	return job == JOB_PACK ? "compaction" : "cram";
}

/* What a compaction that was killed has left. */
static void
tidy(struct serf *s)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof path, "%s/.urb/image.new", s->pier.dir);
	unlink(path);
}

static void
failed(struct serf *s, enum job job, const char *why)
{
	if (job == JOB_PACK)
		tidy(s);
	tool_fail(TOOL_SYS, s->pier.dir, "%s: %s", name_of(job), why);
	if (job == JOB_PACK)
		s->pack_after = clock_ns() + AGAIN_NS;
	ask_answer_wish(s, why);
}

void
aside_begin(struct serf *s)
{
	enum job job = s->wanted;
	pid_t self = getpid();
	int fd[2];

	s->wanted = JOB_NONE;
	if (!care_save(s))
		return;
	if (pipe2(fd, O_CLOEXEC) < 0) {
		failed(s, job, reason_of(errno));
		return;
	}
	s->job = job;
	if ((s->child = fork()) == 0)
		child(s, fd[1], self);
	close(fd[1]);
	s->child_fd = fd[0];
	if (s->child < 0) {
		close(fd[0]);
		s->job = JOB_NONE;
		s->child = 0;
		failed(s, job, reason_of(errno));
	}
}

void
aside_end(struct serf *s)
{
	struct report r = {.good = false};
	enum job job = s->job;
	ssize_t n;

	do
		n = read(s->child_fd, &r, sizeof r);
	while (n < 0 && errno == EINTR);
	if (n != sizeof r)
		r = (struct report){false, "its process died"};
	r.why[sizeof r.why - 1] = 0;
	close(s->child_fd);
	while (waitpid(s->child, NULL, 0) < 0 && errno == EINTR)
		;
	s->job = JOB_NONE;
	s->child = 0;
	/* It may have been killed between the last step and the word of it. */
	if (job == JOB_PACK && store_still(&s->pier.store) == STORE_STALE)
		r.good = true;
	if (!r.good) {
		failed(s, job, r.why);
		return;
	}
	s->packed = job == JOB_PACK;
	if (s->loud)
		ask_flog(s, "%s: done", name_of(job));
	ask_answer_wish(s, NULL);
}

void
aside_kill(struct serf *s)
{
	if (s->job == JOB_NONE)
		return;
	kill(s->child, SIGKILL);
	aside_end(s);
}
