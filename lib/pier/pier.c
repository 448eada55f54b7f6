#include "pier_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atom.h"
#include "heap.h"
#include "jam.h"
#include "reason.h"
#include "shape.h"

/* -------- words -------- */

enum pier_got
pier_fail(struct pier *p, enum pier_got got, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(p->why, sizeof p->why, format, ap);
	va_end(ap);
	return got;
}

void
pier_note(struct pier *p, const char *format, ...)
{
	size_t n = strlen(p->note);
	va_list ap;

	if (n > 0 && n + 2 < sizeof p->note) {
		strcpy(p->note + n, "; ");
		n += 2;
	}
	va_start(ap, format);
	vsnprintf(p->note + n, sizeof p->note - n, format, ap);
	va_end(ap);
}

enum pier_got
pier_fail_log(struct pier *p, enum log_got got)
{
	return pier_fail(p, got == LOG_SYS ? PIER_SYS : PIER_BAD, "log: %s",
	    log_why(&p->log));
}

enum pier_got
pier_fail_kind(struct pier *p, enum bail kind, const char *what)
{
	p->kind = kind;
	return pier_fail(p, PIER_GAVE_UP, "%s: %s", what, bail_name(kind));
}

char *
pier_path(const struct pier *p, const char *name)
{
	size_t n = strlen(p->dir) + strlen(name) + 2;
	char *s = malloc(n);

	if (s == NULL)
		abort();
	snprintf(s, n, "%s/%s", p->dir, name);
	return s;
}

/* -------- beginning and end -------- */

static void
begin(struct pier *p, const char *dir)
{
	memset(p, 0, sizeof *p);
	if ((p->dir = strdup(dir)) == NULL)
		abort();
	p->root = (struct heap_root){
	    .p = &p->work.kernel, .n = KERNEL_WORK + PIER_KEPT};
	heap_root_add(&p->root);
}

void
pier_close(struct pier *p)
{
	if (p->dir == NULL)
		return;
	pier_leave_log(p);
	heap_root_remove(&p->root);
	if (p->has_store)
		store_close(&p->store);
	log_close(&p->log);
	lock_drop(&p->lock);
	free(p->dir);
	p->dir = NULL;
}

static enum pier_got
take_lock(struct pier *p)
{
	enum lock_got got = lock_take(&p->lock, p->dir);

	if (got == LOCK_HELD)
		return pier_fail(p, PIER_HELD, "%s", lock_why(&p->lock));
	if (got != LOCK_OK)
		return pier_fail(
		    p, PIER_SYS, "%s: %s", LOCK_NAME, reason_of(errno));
	p->writer = true;
	if (p->lock.stale != 0)
		pier_note(p,
		    "a lock that process %d left behind was taken over",
		    (int)p->lock.stale);
	return PIER_OK;
}

/* -------- making one -------- */

/* "/d/term/1" of a list of cords; what is none of that is left out. */
static void
wire_text(noun wire, char *to, size_t size)
{
	size_t n = 0;
	uint64_t room;
	noun part;

	*to = 0;
	while (uncons(wire, &part, &wire)) {
		if (is_cell(part) || n + atom_bytes(part) + 2 > size)
			return;
		to[n++] = '/';
		memcpy(to + n, atom_view(part, &room), atom_bytes(part));
		n += atom_bytes(part);
		to[n] = 0;
	}
}

static void
cord_text(noun cord, char *to, size_t size)
{
	uint64_t room;
	size_t n;

	*to = 0;
	if (is_cell(cord) || (n = atom_bytes(cord)) >= size)
		return;
	memcpy(to, atom_view(cord, &room), n);
	to[n] = 0;
}

void
pier_describe(noun event, struct log_event *e)
{
	static char wire[1024], tag[256];
	noun now, ovum, path, card;

	wire[0] = tag[0] = 0;
	e->wire = wire;
	e->tag = tag;
	if (!uncons(event, &now, &ovum) || is_cell(now))
		return;
	e->at = boot_unix(now);
	if (!uncons(ovum, &path, &card))
		return;
	wire_text(path, wire, sizeof wire);
	cord_text(is_cell(card) ? head(card) : card, tag, sizeof tag);
}

/* Put an event into the log: [now wire tag data], or a thing of boot. */
enum log_got
pier_put_event(
    struct pier *p, uint64_t id, noun event, bool dated, uint32_t mugged)
{
	struct log_event e = {.id = id, .mug = mugged, .wire = "", .tag = ""};
	noun bytes = jam(event);
	uint64_t room;

	if (dated)
		pier_describe(event, &e);
	e.jam = atom_view(bytes, &room);
	e.n = atom_bytes(bytes);
	return log_put(&p->log, &e);
}

struct creation {
	struct pier *p;
	const struct boot *boot;
	enum log_got got;
};

static void
put_all(void *arg)
{
	struct creation *c = arg;
	noun list = c->boot->events;

	c->got = LOG_OK;
	for (uint64_t id = 1; list != 0 && c->got == LOG_OK; id++) {
		c->got =
		    pier_put_event(c->p, id, head(list), id > c->boot->life, 0);
		list = tail(list);
	}
}

static enum pier_got
put_boot(struct pier *p, const struct boot *b, const struct pier_facts *f)
{
	struct creation c = {.p = p, .boot = b};
	enum bail kind = trap_run(put_all, &c);
	char life[24], booted[24];

	if (kind != BAIL_NONE)
		return pier_fail_kind(p, kind, "boot events");
	snprintf(life, sizeof life, "%" PRIu64, b->life);
	snprintf(booted, sizeof booted, "%" PRIu64, p->log.last);
	if (c.got != LOG_OK ||
	    (c.got = log_set(&p->log, "who", f->who)) != LOG_OK ||
	    (c.got = log_set(&p->log, "fake", f->fake ? "yes" : "no")) !=
	        LOG_OK ||
	    (c.got = log_set(&p->log, "life", life)) != LOG_OK ||
	    (c.got = log_set(&p->log, "booted", booted)) != LOG_OK ||
	    (c.got = log_set(&p->log, "pill", f->pill ? f->pill : "")) !=
	        LOG_OK ||
	    (c.got = log_commit(&p->log)) != LOG_OK)
		return pier_fail_log(p, c.got);
	p->life = b->life;
	p->booted = p->log.last;
	return PIER_OK;
}

static int
make_dir(const char *path)
{
	return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : -1;
}

static enum pier_got
make_dirs(struct pier *p)
{
	static const char *const names[] = {"", ".urb", ".urb/put", ".urb/get"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = pier_path(p, names[i]);
		int e = make_dir(path);

		free(path);
		if (e < 0)
			return pier_fail(p, PIER_SYS, "making %s: %s",
			    *names[i] ? names[i] : "the pier",
			    reason_of(errno));
	}
	return PIER_OK;
}

enum pier_got
pier_begin(struct pier *p, const char *dir)
{
	enum pier_got got;
	enum log_got log;
	char *path;

	begin(p, dir);
	if ((got = make_dirs(p)) != PIER_OK || (got = take_lock(p)) != PIER_OK)
		return got;
	path = pier_path(p, LOG_NAME);
	log = log_open(&p->log, path, LOG_CREATE);
	free(path);
	return log == LOG_OK ? PIER_OK : pier_fail_log(p, log);
}

enum pier_got
pier_create(struct pier *p, const char *dir, const struct boot *b,
    const struct pier_facts *facts)
{
	enum pier_got got = pier_begin(p, dir);

	if (got != PIER_OK)
		return got;
	if (p->log.last >= p->log.first)
		return pier_fail(p, PIER_BAD, "there is a ship already");
	if ((got = put_boot(p, b, facts)) != PIER_OK)
		return got;
	return pier_take_image(p);
}

/* -------- opening one -------- */

static enum pier_got
read_number(struct pier *p, const char *key, uint64_t *to)
{
	char text[32], *end;
	enum log_got got = log_fact(&p->log, key, text, sizeof text);

	if (got == LOG_NONE)
		return pier_fail(p, PIER_BAD, "log: no fact \"%s\"", key);
	if (got != LOG_OK)
		return pier_fail_log(p, got);
	errno = 0;
	*to = strtoull(text, &end, 10);
	if (errno != 0 || *end != 0 || *to == 0)
		return pier_fail(
		    p, PIER_BAD, "log: the fact %s is no number", key);
	return PIER_OK;
}

static enum pier_got
need_fact(struct pier *p, const char *key)
{
	char text[256];
	enum log_got got = log_fact(&p->log, key, text, sizeof text);

	if (got == LOG_NONE)
		return pier_fail(p, PIER_BAD, "log: no fact \"%s\"", key);
	return got == LOG_OK ? PIER_OK : pier_fail_log(p, got);
}

static bool
is_there(const struct pier *p, const char *name)
{
	char *path = pier_path(p, name);
	bool is = access(path, F_OK) == 0;

	free(path);
	return is;
}

/* A boot that was killed leaves half a log, never with an image. */
static enum log_mode
log_mode_of(const struct pier *p)
{
	if (!p->writer)
		return LOG_READ;
	return is_there(p, LOG_NAME) && !is_there(p, IMAGE_NAME) ? LOG_CREATE
	                                                         : LOG_WRITE;
}

static enum pier_got
open_log(struct pier *p)
{
	char *path = pier_path(p, LOG_NAME);
	enum log_got got = log_open(&p->log, path, log_mode_of(p));
	enum pier_got pier = PIER_OK;
	char import[16];

	free(path);
	if (got == LOG_NONE)
		return is_there(p, IMAGE_NAME)
		    ? pier_fail(p, PIER_BAD, "an image without its log")
		    : pier_fail(p, PIER_NONE, "no pier: there is no log");
	if (got != LOG_OK)
		return pier_fail_log(p, got);
	if (p->log.note[0])
		pier_note(p, "log: %s", p->log.note);
	if (p->log.last < p->log.first)
		return pier_fail(p, PIER_NONE, "the log is empty: no ship yet");
	if (log_fact(&p->log, "import", import, sizeof import) == LOG_OK &&
	    strcmp(import, "done") != 0)
		return pier_fail(p, PIER_BAD, "its import has not ended");
	if ((got = log_facts(&p->log)) != LOG_OK)
		return pier_fail_log(p, got);
	if ((pier = need_fact(p, "who")) != PIER_OK ||
	    (pier = need_fact(p, "fake")) != PIER_OK ||
	    (pier = read_number(p, "life", &p->life)) != PIER_OK)
		return pier;
	return read_number(p, "booted", &p->booted);
}

const char *
pier_absent(const char *dir)
{
	struct stat st;

	if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
		return NULL;
	if (stat(dir, &st) == 0)
		errno = ENOTDIR;
	return errno == ENOENT ? "no such pier" : reason_of(errno);
}

static enum pier_got
open_lock_and_log(struct pier *p, const char *dir, bool writer)
{
	enum pier_got got;
	const char *why;

	begin(p, dir);
	if ((why = pier_absent(dir)) != NULL)
		return pier_fail(
		    p, errno == ENOENT ? PIER_NONE : PIER_SYS, "%s", why);
	if (writer && (got = take_lock(p)) != PIER_OK)
		return got;
	return open_log(p);
}

enum pier_got
pier_open_log(struct pier *p, const char *dir)
{
	return open_lock_and_log(p, dir, true);
}

enum pier_got
pier_open(struct pier *p, const char *dir, bool writer)
{
	enum pier_got got = open_lock_and_log(p, dir, writer);

	if (got != PIER_OK || (got = pier_take_image(p)) != PIER_OK)
		return got;
	if (p->event + 1 < p->log.first)
		return pier_fail(p, PIER_BAD,
		    "the image is of event %" PRIu64
		    ", and the log begins with %" PRIu64,
		    p->event, p->log.first);
	return PIER_OK;
}

enum pier_got
pier_open_anew(struct pier *p, const char *dir, uint64_t most)
{
	enum pier_got got = open_lock_and_log(p, dir, true);

	return got == PIER_OK ? pier_new_image(p, most) : got;
}

enum pier_got
pier_open_bare(struct pier *p, const char *dir)
{
	enum pier_got got = open_lock_and_log(p, dir, false);

	return got == PIER_OK ? pier_no_image(p) : got;
}
