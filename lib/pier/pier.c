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
#include "equal.h"
#include "heap.h"
#include "jam.h"
#include "jets.h"
#include "mug.h"
#include "nock.h"
#include "shape.h"

#define IMAGE_NAME ".urb/image"

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

static void __attribute__((format(printf, 2, 3)))
note(struct pier *p, const char *format, ...)
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

/* PIER/name; the caller's to free, never NULL. */
static char *
path_of(const struct pier *p, const char *name)
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
		    p, PIER_SYS, "%s: %s", LOCK_NAME, strerror(errno));
	p->writer = true;
	if (p->lock.stale != 0)
		note(p, "a lock that process %d left behind was taken over",
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
		char *path = path_of(p, names[i]);
		int e = make_dir(path);

		free(path);
		if (e < 0)
			return pier_fail(p, PIER_SYS, "mkdir %s: %s", names[i],
			    strerror(errno));
	}
	return PIER_OK;
}

/* What to do about the image. */
enum image { IMAGE_TAKE, IMAGE_ANEW, IMAGE_NONE };

static enum pier_got open_store(struct pier *p, enum image how);

enum pier_got
pier_begin(struct pier *p, const char *dir)
{
	enum pier_got got;
	enum log_got log;
	char *path;

	begin(p, dir);
	if ((got = make_dirs(p)) != PIER_OK || (got = take_lock(p)) != PIER_OK)
		return got;
	path = path_of(p, LOG_NAME);
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
	return open_store(p, IMAGE_TAKE);
}

/* -------- opening one -------- */

enum pier_got
pier_fail_store(struct pier *p)
{
	return pier_fail(p, PIER_SYS, "image: %s", p->store.why);
}

static enum pier_got
new_store(struct pier *p, const char *path)
{
	p->has_store = true;
	return store_create(&p->store, path) == STORE_OK &&
	        store_open(&p->store, path, STORE_WRITE) == STORE_OK
	    ? PIER_OK
	    : pier_fail_store(p);
}

/* Can the log do without an image? */
static enum pier_got
need_all(struct pier *p, const char *why)
{
	if (p->log.first <= 1)
		return PIER_OK;
	return pier_fail(p, PIER_BAD,
	    "%s, and the log begins with event %" PRIu64
	    ": the events before were chopped",
	    why, p->log.first);
}

/* Put the image there is under another name. */
static enum pier_got
put_aside(struct pier *p, const char *path, const char *suffix)
{
	char aside[4096];

	snprintf(aside, sizeof aside, "%s.%s", path, suffix);
	if (rename(path, aside) < 0 && errno != ENOENT)
		return pier_fail(
		    p, PIER_SYS, "rename %s: %s", path, strerror(errno));
	return PIER_OK;
}

/* What is wrong with the image beside the log, in words; or NULL. */
static const char *
mismatch(struct pier *p)
{
	static char why[120];
	uint32_t is, want;

	if (is_atom(p->store.root))
		return p->store.event == 0 ? NULL : "it has no kernel";
	is = mug_known(head(p->store.root));
	if (log_mug(&p->log, p->store.event, &want) != LOG_OK || want == 0 ||
	    want == is)
		return NULL;
	snprintf(why, sizeof why,
	    "it is not of this log: the kernel's mug after event %" PRIu64
	    " is %08x, not %08x",
	    p->store.event, is, want);
	return why;
}

static void
load_jets(void *arg)
{
	struct pier *p = arg;

	jets_load(p->jets);
}

/* Begin with what the image has: the hints of its cores were run long ago. */
static enum pier_got
take_image(struct pier *p)
{
	enum bail kind;

	if (p->store.fell_back)
		note(p,
		    "the image's last checkpoint, of event %" PRIu64
		    ", is damaged: took the one before",
		    p->store.lost_event);
	p->event = p->store.event;
	if (is_atom(p->store.root))
		return PIER_OK;
	p->work.kernel = head(p->store.root);
	p->jets = tail(p->store.root);
	p->mug = mug_known(p->work.kernel);
	kind = trap_run(load_jets, p);
	return kind == BAIL_NONE ? PIER_OK : pier_fail_kind(p, kind, "image");
}

/* An image that is damaged is put aside, and all is computed anew. */
static enum pier_got
replace_image(struct pier *p, const char *path, const char *why)
{
	enum pier_got got;

	if (!p->writer)
		return pier_fail(p, PIER_BAD, "image: %s", why);
	if ((got = need_all(p, why)) != PIER_OK ||
	    (got = put_aside(p, path, "bad")) != PIER_OK)
		return got;
	note(p, "image: %s; it is image.bad now, computing from event 1", why);
	store_close(&p->store);
	return new_store(p, path);
}

static enum pier_got
open_image(struct pier *p, const char *path)
{
	enum store_got got =
	    store_open(&p->store, path, p->writer ? STORE_WRITE : STORE_READ);
	const char *why;

	p->has_store = true;
	if (got == STORE_BAD)
		return replace_image(p, path, p->store.why);
	if (got != STORE_OK)
		return pier_fail_store(p);
	if (p->store.event > p->log.last)
		return pier_fail(p, PIER_BAD,
		    "the image is of event %" PRIu64
		    ", but the log ends with %" PRIu64,
		    p->store.event, p->log.last);
	if ((why = mismatch(p)) != NULL)
		return pier_fail(p, PIER_BAD, "image: %s", why);
	return take_image(p);
}

static enum pier_got
open_store(struct pier *p, enum image how)
{
	char *path = path_of(p, IMAGE_NAME);
	enum pier_got got = PIER_OK;

	if (how == IMAGE_ANEW)
		got = put_aside(p, path, "old");
	if (got != PIER_OK || how == IMAGE_NONE) {
		;
	} else if (access(path, F_OK) == 0) {
		got = open_image(p, path);
	} else if ((got = need_all(p, "there is no image")) == PIER_OK) {
		if (p->writer && how == IMAGE_TAKE && p->log.last > p->booted)
			note(p, "no image: computing from event 1");
		if (p->writer)
			got = new_store(p, path);
	}
	free(path);
	return got;
}

static enum pier_got
read_number(struct pier *p, const char *key, uint64_t *to)
{
	char text[32];
	enum log_got got = log_fact(&p->log, key, text, sizeof text);

	if (got == LOG_NONE)
		return pier_fail(p, PIER_BAD, "log: no fact \"%s\"", key);
	if (got != LOG_OK)
		return pier_fail_log(p, got);
	*to = strtoull(text, NULL, 10);
	return PIER_OK;
}

static bool
is_there(const struct pier *p, const char *name)
{
	char *path = path_of(p, name);
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
	char *path = path_of(p, LOG_NAME);
	enum log_got got = log_open(&p->log, path, log_mode_of(p));
	enum pier_got pier = PIER_OK;
	char import[16];

	free(path);
	if (got == LOG_NONE)
		return is_there(p, IMAGE_NAME)
		    ? pier_fail(p, PIER_BAD, "an image without its log")
		    : pier_fail(p, PIER_NONE, "no pier");
	if (got != LOG_OK)
		return pier_fail_log(p, got);
	if (p->log.note[0])
		note(p, "log: %s", p->log.note);
	if (p->log.last < p->log.first)
		return pier_fail(p, PIER_NONE, "the log is empty: no ship yet");
	if (log_fact(&p->log, "import", import, sizeof import) == LOG_OK &&
	    strcmp(import, "done") != 0)
		return pier_fail(p, PIER_BAD, "its import has not ended");
	if ((pier = read_number(p, "life", &p->life)) != PIER_OK)
		return pier;
	return read_number(p, "booted", &p->booted);
}

static enum pier_got
open_lock_and_log(struct pier *p, const char *dir, bool writer)
{
	enum pier_got got;

	begin(p, dir);
	if (access(dir, F_OK) < 0)
		return pier_fail(p, PIER_NONE, "no such pier");
	if (writer && (got = take_lock(p)) != PIER_OK)
		return got;
	return open_log(p);
}

enum pier_got
pier_open_log(struct pier *p, const char *dir)
{
	return open_lock_and_log(p, dir, true);
}

static enum pier_got
open_pier(struct pier *p, const char *dir, bool writer, enum image how)
{
	enum pier_got got = open_lock_and_log(p, dir, writer);

	if (got != PIER_OK)
		return got;
	if (how != IMAGE_TAKE &&
	    (got = need_all(p, "event 1 is needed")) != PIER_OK)
		return got;
	if ((got = open_store(p, how)) != PIER_OK)
		return got;
	if (p->event + 1 < p->log.first)
		return pier_fail(p, PIER_BAD,
		    "the image is of event %" PRIu64
		    ", and the log begins with %" PRIu64,
		    p->event, p->log.first);
	return PIER_OK;
}

enum pier_got
pier_open(struct pier *p, const char *dir, bool writer)
{
	return open_pier(p, dir, writer, IMAGE_TAKE);
}

enum pier_got
pier_open_anew(struct pier *p, const char *dir)
{
	return open_pier(p, dir, true, IMAGE_ANEW);
}

enum pier_got
pier_open_bare(struct pier *p, const char *dir)
{
	return open_pier(p, dir, false, IMAGE_NONE);
}
