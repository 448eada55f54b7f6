#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atom.h"
#include "heap.h"
#include "jam.h"
#include "jetwatch.h"
#include "limit.h"
#include "load.h"
#include "newt.h"
#include "options.h"
#include "plan.h"
#include "pool.h"
#include "shape.h"
#include "tell.h"
#include "tool.h"
#include "trace.h"

/* -------- answers that are no toon -------- */

static noun
failure(const char *kind, const char *words)
{
	return cons3(direct(3), atom_cord(kind), atom_cord(words));
}

static const char *
words_for(enum bail kind)
{
	switch (kind) {
	case BAIL_MEME:
		return "out of memory";
	case BAIL_OVER:
		return "out of stack";
	case BAIL_TIME:
		return "out of time";
	default:
		return "given up";
	}
}

/* -------- in a worker -------- */

struct task {
	const uint8_t *p;
	size_t n;
	struct pool_reply *reply;
};

/* With --as-done a job begins with its index. */
static uint64_t
take_index(struct task *t)
{
	uint64_t index;

	memcpy(&index, t->p, sizeof index);
	t->p += sizeof index;
	t->n -= sizeof index;
	return index;
}

/* A trace as tanks.  What makes them gets as long as the job did. */
static noun
render(noun toon)
{
	if (head(toon) != direct(2))
		return toon;
	toon = trace_tanks(tail(toon));
	return cons(direct(2), toon);
}

static noun
answer(const struct task *t)
{
	struct cue_fault fault;
	noun n, formula, toon;
	enum bail kind;
	char why[120];

	if (cue(t->p, t->n, &n, &fault) < 0) {
		snprintf(why, sizeof why, "%s at bit %" PRIu64, fault.reason,
		    fault.bit);
		return failure("data", why);
	}
	if (!plan_apply(n, &n, &formula))
		return cons(direct(2), 0);
	limit_begin(options.limit_ns);
	kind = plan_run(n, formula, &toon);
	if (kind != BAIL_NONE)
		bail(kind);
	return render(toon);
}

static void
do_task(void *arg)
{
	static uint64_t room;
	struct task *t = arg;
	uint64_t index = options.as_done ? take_index(t) : 0;
	noun a;

	heap_safepoint();
	a = answer(t);
	if (options.as_done)
		a = cons(atom_word(index), a);
	a = jam(a);
	t->reply->p = atom_view(a, &room);
	t->reply->n = atom_bytes(a);
}

static void
clean(void *arg)
{
	(void)arg;
	heap_collect(HEAP_MAJOR);
}

/* The result is how it bailed: then there are no bytes. */
static int
work(void *arg, const void *job, size_t n, struct pool_reply *r)
{
	struct task t = {job, n, r};
	enum bail kind = trap_run(do_task, &t);

	(void)arg;
	limit_end();
	jetwatch_share();
	if (kind == BAIL_NONE)
		return 0;
	r->n = 0;
	(void)trap_run(clean, NULL);
	return (int)kind;
}

/* -------- the state of the parent -------- */

struct stream {
	struct pool *pool;
	struct form_writer writer;
	uint64_t jobs, answers;
	int code; /* to end with */
	bool ended;

	int fd;    /* to read */
	int flags; /* that it had, or -1 */
	struct newt newt;
	struct form_reader reader; /* of text */

	uint8_t *room; /* a job being made */
	size_t cap;
};

static struct stream stream;
static struct out out;

/* End with this code, unless there is a reason already. */
static void
stop(struct stream *s, int code)
{
	if (s->code == 0)
		s->code = code;
	s->ended = true;
}

/* -------- answers -------- */

static noun
failed(const struct pool_answer *a)
{
	char words[64];
	noun n;

	if (a->end == POOL_DONE) {
		n = failure(bail_name((enum bail)a->code),
		    words_for((enum bail)a->code));
	} else {
		if (a->signal)
			snprintf(words, sizeof words,
			    "the worker died of signal %d, twice", a->signal);
		else
			snprintf(words, sizeof words,
			    "the worker left with code %d, twice", a->code);
		n = failure("died", words);
	}
	return options.as_done ? cons(atom_word(a->index), n) : n;
}

struct giving {
	struct stream *s;
	const struct pool_answer *a;
	int error;
};

/* Under a trap: an answer as a noun. */
static void
give_noun(void *arg)
{
	struct giving *g = arg;
	const struct pool_answer *a = g->a;
	struct cue_fault fault;
	noun n;

	heap_safepoint();
	if (a->n == 0)
		n = failed(a);
	else if (cue(a->p, a->n, &n, &fault) < 0)
		bail(BAIL_FAIL); /* the worker's memory went bad */
	if (form_write(&g->s->writer, n) < 0)
		g->error = errno;
}

static void
give(struct stream *s, const struct pool_answer *a)
{
	struct giving g = {s, a, 0};
	enum bail kind = BAIL_NONE;

	s->answers++;
	if (a->n > 0 && options.to == FORM_NEWT) {
		if (newt_write_out(&out, a->p, a->n) < 0)
			g.error = errno;
	} else {
		kind = trap_run(give_noun, &g);
	}
	errno = g.error;
	if (g.error)
		stop(s, tool_errno("stdout"));
	if (kind != BAIL_NONE)
		stop(s, load_gave_up("answer", kind));
}

static void
flush(struct stream *s)
{
	if (out_flush(&out) < 0 && s->code == 0)
		stop(s, tool_errno("stdout"));
}

/* Take the answers that are there.  False if jobs are still being done. */
static bool
take_ready(struct stream *s)
{
	struct pool_answer a;
	enum pool_got got;

	while ((got = pool_try(s->pool, &a)) == POOL_GOT && s->code != TOOL_SYS)
		give(s, &a);
	if (got == POOL_SYS)
		stop(s, tool_errno("workers"));
	if (tool_progress_due())
		tool_progress("%" PRIu64 " answers", s->answers);
	return got != POOL_LATER;
}

/* Take one answer or more, or wait for one.  False if none is to come. */
static bool
take_next(struct stream *s)
{
	struct pool_answer a;
	enum pool_got got;

	if (!take_ready(s))
		flush(s);
	got = pool_next(s->pool, &a);
	if (got == POOL_GOT)
		give(s, &a);
	else if (got == POOL_SYS)
		stop(s, tool_errno("workers"));
	return got == POOL_GOT && s->code != TOOL_SYS;
}

/* -------- jobs -------- */

static uint8_t *
room_for(struct stream *s, size_t n)
{
	uint8_t *p;

	if (n <= s->cap)
		return s->room;
	if ((p = realloc(s->room, n * 2)) == NULL)
		return NULL;
	s->room = p;
	s->cap = n * 2;
	return p;
}

/*
 * The job in memory of our own, with its index before it if the worker is to
 * know that.
 */
static const uint8_t *
copy_job(struct stream *s, const uint8_t *p, size_t *n)
{
	size_t k = options.as_done ? sizeof s->jobs : 0;
	uint8_t *to = room_for(s, *n + k);

	if (to == NULL) {
		stop(s, tool_errno("job"));
		return NULL;
	}
	memcpy(to, &s->jobs, k);
	memcpy(to + k, p, *n);
	*n += k;
	return to;
}

/* Put a job in the pool; if that is full, take answers until it is not. */
static void
put_job(struct stream *s, const uint8_t *p, size_t n)
{
	while (s->code != TOOL_SYS && p) {
		if (pool_put(s->pool, p, n) == 0) {
			s->jobs++;
			return;
		}
		if (errno != EAGAIN)
			stop(s, tool_errno("workers"));
		else
			take_next(s);
	}
}

/* -------- reading frames -------- */

/*
 * Take what answers there are until there is something to read.  Only here
 * is there time to write.
 */
static void
wait_for_input(struct stream *s)
{
	struct pollfd p[2] = {
	    {.fd = s->fd, .events = POLLIN},
	    {.fd = pool_fd(s->pool), .events = POLLIN},
	};

	do {
		bool idle = take_ready(s);

		flush(s);
		if (s->code)
			return;
		if (poll(p, idle ? 1 : 2, -1) < 0 && errno != EINTR)
			stop(s, tool_errno("stdin"));
	} while (!s->ended && p[0].revents == 0);
}

static void
put_frame(struct stream *s)
{
	const uint8_t *p = s->newt.p;
	size_t n = s->newt.n;

	if (options.as_done)
		p = copy_job(s, p, &n);
	put_job(s, p, n);
}

static void
read_frame(struct stream *s)
{
	enum newt_got got = newt_read(s->fd, &s->newt);

	switch (got) {
	case NEWT_REC:
		put_frame(s);
		return;
	case NEWT_END:
		s->ended = true;
		return;
	case NEWT_SYS:
		if (errno == EAGAIN)
			wait_for_input(s);
		else
			stop(s, tool_errno(options.object));
		return;
	default:
		stop(s,
		    tool_fail(TOOL_DATA, options.object,
		        "frame %" PRIu64 ": %s at byte %" PRIu64,
		        s->newt.count + 1, newt_why(got), s->newt.offset));
	}
}

/* -------- reading text -------- */

struct reading {
	struct stream *s;
	enum form_got got;
	noun jam;
};

static void
read_jam(void *arg)
{
	struct reading *r = arg;
	noun n;

	heap_safepoint();
	if ((r->got = form_next(&r->s->reader, &n)) == FORM_NOUN)
		r->jam = jam(n);
}

/* A copy, for the answers that are taken meanwhile collect. */
static void
put_text(struct stream *s, noun a)
{
	uint64_t room;
	const uint8_t *p = atom_view(a, &room);
	size_t n = atom_bytes(a);

	p = copy_job(s, p, &n);
	put_job(s, p, n);
}

static void
read_text(struct stream *s)
{
	struct reading r = {.s = s};
	enum bail kind = trap_run(read_jam, &r);

	if (kind != BAIL_NONE) {
		stop(s, load_gave_up(options.object, kind));
	} else if (r.got == FORM_BAD) {
		stop(s,
		    tool_fail(TOOL_DATA, options.object, "%s", s->reader.why));
	} else if (r.got != FORM_NOUN) {
		s->ended = true;
	} else {
		put_text(s, r.jam);
	}
}

/* -------- begin and end -------- */

/*
 * A pipe is opened once more, so that not to wait for it is no business of
 * others who have it; a socket cannot be, and gets its flags back.
 */
static int
open_pipe(int fd)
{
	char name[40];

	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	return open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static void
open_polled(struct stream *s)
{
	struct stat st;
	int fd;

	s->flags = -1;
	if (fstat(s->fd, &st) < 0)
		return;
	if (S_ISFIFO(st.st_mode) && (fd = open_pipe(s->fd)) >= 0)
		s->fd = fd;
	if (!S_ISSOCK(st.st_mode))
		return;
	s->flags = fcntl(s->fd, F_GETFL);
	fcntl(s->fd, F_SETFL, s->flags | O_NONBLOCK);
}

static int
open_input(struct stream *s)
{
	s->fd = STDIN_FILENO;
	if (options.file && strcmp(options.file, "-") != 0)
		s->fd = open(options.file, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return -1;
	if (options.from == FORM_TEXT)
		return form_open(&s->reader, s->fd, FORM_TEXT, true);
	open_polled(s);
	return 0;
}

static void
close_input(struct stream *s)
{
	if (s->flags >= 0)
		fcntl(s->fd, F_SETFL, s->flags);
	if (options.from == FORM_TEXT)
		form_close(&s->reader);
	newt_free(&s->newt);
	free(s->room);
}

enum { TURN = 64 }; /* jobs between two looks at the answers */

static void
run_all(struct stream *s)
{
	for (uint64_t i = 1; !s->ended; i++) {
		if (options.from == FORM_TEXT)
			read_text(s);
		else
			read_frame(s);
		if (i % TURN == 0)
			take_ready(s);
	}
	while (take_next(s))
		;
	flush(s);
	tool_progress_end();
}

int
stream_run(void)
{
	struct stream *s = &stream;
	struct pool_setup setup = {.work = work,
	    .workers = options.workers,
	    .as_done = options.as_done};

	if (open_input(s) < 0)
		return tool_errno(options.object);
	out_init(&out, STDOUT_FILENO);
	s->writer = (struct form_writer){&out, options.to, options.text};
	if ((s->pool = pool_new(&setup)) == NULL) {
		s->code = tool_errno("workers");
	} else {
		run_all(s);
		if (options.verbose)
			tool_say(options.object,
			    "%" PRIu64 " answers of %u workers, %" PRIu64
			    " died",
			    s->answers, pool_workers(s->pool),
			    pool_deaths(s->pool));
		pool_free(s->pool);
	}
	close_input(s);
	return s->code;
}
