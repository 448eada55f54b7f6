/*
 * The image of a pier: which one is taken, whether it is of this log, and how
 * another takes its place.
 *
 *     .urb/image          the one that counts
 *     .urb/image.replay   one that is computed anew beside it
 *     .urb/image.old      the one that was there before that
 *     .urb/image.bad      one that was damaged
 *
 * The log has the kernel's mug after each event but for those of a boot.  Of
 * these it gets one as a fact, "kernel", its number and the mug: that of the
 * newest that there was an image of, before there is that image.
 */
#include "pier_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jets.h"
#include "mug.h"
#include "reason.h"

enum pier_got
pier_fail_store(struct pier *p)
{
	return pier_fail(p, PIER_SYS, "image: %s", p->store.why);
}

/* -------- of this log? -------- */

/* What the log tells, for one event of the boot. */
struct told {
	uint64_t event; /* 0 = nothing */
	uint32_t mug;
};

static enum pier_got
read_told(struct pier *p, struct told *t)
{
	char value[48];
	enum log_got got = log_fact(&p->log, "kernel", value, sizeof value);
	int n = 0;

	*t = (struct told){0};
	if (got == LOG_NONE)
		return PIER_OK;
	if (got != LOG_OK)
		return pier_fail_log(p, got);
	if (sscanf(value, "%" SCNu64 " %8" SCNx32 "%n", &t->event, &t->mug,
	        &n) == 2 &&
	    value[n] == 0 && t->event != 0 && t->mug != 0)
		return PIER_OK;
	return pier_fail(
	    p, PIER_BAD, "log: the fact kernel is no event and mug");
}

enum pier_got
pier_boot_mug(struct pier *p, uint64_t id, uint32_t *mug)
{
	struct told t;
	enum pier_got got = read_told(p, &t);

	*mug = got == PIER_OK && t.event == id ? t.mug : 0;
	return got;
}

/*
 * The kernel's mug after an event, from its row or that fact; 0 if it is not
 * known.  An event that is damaged is named where it is needed.
 */
static enum pier_got
known(struct pier *p, uint64_t id, uint32_t *mug)
{
	if (log_mug(&p->log, id, mug) == LOG_OK && *mug != 0)
		return PIER_OK;
	return pier_boot_mug(p, id, mug);
}

/* That of the last event of the boot is what stays. */
static enum pier_got
tell(struct pier *p, uint32_t mug)
{
	struct told t;
	enum pier_got pier = read_told(p, &t);
	enum log_got got;
	char value[48];

	if (pier != PIER_OK || t.event >= p->event)
		return pier;
	snprintf(value, sizeof value, "%" PRIu64 " %08" PRIx32, p->event, mug);
	got = log_set(&p->log, "kernel", value);
	if (got == LOG_OK)
		got = log_commit(&p->log);
	return got == LOG_OK ? PIER_OK : pier_fail_log(p, got);
}

enum pier_got
pier_bind(struct pier *p)
{
	enum pier_got got;
	uint32_t want, is;

	if (p->event == 0)
		return PIER_OK;
	if ((got = known(p, p->event, &want)) != PIER_OK)
		return got;
	if ((is = pier_mug(p)) == 0)
		return pier_fail_kind(p, BAIL_MEME, "image");
	if (want != 0 && want != is)
		return pier_fail(p, PIER_DIFFER,
		    "event %" PRIu64
		    ": the kernel's mug is %08x, not %08x: it is not kept",
		    p->event, is, want);
	return want == 0 && p->event <= p->booted && p->sure ? tell(p, is)
	                                                     : PIER_OK;
}

/* Does the image that is open go with the log? */
static enum pier_got
check_image(struct pier *p)
{
	struct store *s = &p->store;
	enum pier_got got;
	uint32_t is, want;

	if (s->event > p->log.last)
		return pier_fail(p, PIER_BAD,
		    "the image is of event %" PRIu64
		    ", but the log ends with %" PRIu64,
		    s->event, p->log.last);
	if (is_atom(s->root))
		return s->event == 0
		    ? PIER_OK
		    : pier_fail(p, PIER_BAD, "image: it has no kernel");
	is = mug_known(head(s->root));
	if ((got = known(p, s->event, &want)) != PIER_OK)
		return got;
	p->sure = want == is;
	if (want == 0 || want == is)
		return PIER_OK;
	return pier_fail(p, PIER_BAD,
	    "image: it is not of this log: the kernel's mug after event "
	    "%" PRIu64 " is %08x, not %08x",
	    s->event, is, want);
}

/* -------- opening -------- */

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
need_all(struct pier *p, enum pier_got got, const char *why)
{
	if (p->log.first <= 1)
		return PIER_OK;
	return pier_fail(p, got,
	    "%s, and the log begins with event %" PRIu64
	    ": the events before were chopped",
	    why, p->log.first);
}

static void
load_jets(void *arg)
{
	struct pier *p = arg;

	jets_load(p->jets);
}

static void
note_lost(struct pier *p)
{
	if (p->store.lost_event != 0)
		pier_note(p,
		    "the image's checkpoint of event %" PRIu64
		    " is damaged: took that of event %" PRIu64,
		    p->store.lost_event, p->store.event);
	else
		pier_note(p,
		    "one of the image's two checkpoints is unreadable: took "
		    "that of event %" PRIu64,
		    p->store.event);
}

/* Begin with what the image has: the hints of its cores were run long ago. */
static enum pier_got
take_image(struct pier *p)
{
	enum bail kind;

	if (p->store.fell_back)
		note_lost(p);
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
replace_image(struct pier *p, const char *path)
{
	char aside[STORE_PATH + 8], why[sizeof p->store.why];
	enum pier_got got;

	strcpy(why, p->store.why);
	if (!p->writer)
		return pier_fail(p, PIER_BAD, "image: %s", why);
	if ((got = need_all(p, PIER_BAD, why)) != PIER_OK)
		return got;
	snprintf(aside, sizeof aside, "%s.bad", path);
	if (rename(path, aside) < 0)
		return pier_fail(
		    p, PIER_SYS, "rename %s: %s", path, reason_of(errno));
	pier_note(
	    p, "image: %s; it is image.bad now, computing from event 1", why);
	store_close(&p->store);
	return new_store(p, path);
}

static enum pier_got
open_image(struct pier *p, const char *path)
{
	enum store_got store =
	    store_open(&p->store, path, p->writer ? STORE_WRITE : STORE_READ);
	enum pier_got got;

	p->has_store = true;
	if (store == STORE_BAD)
		return replace_image(p, path);
	if (store != STORE_OK)
		return pier_fail_store(p);
	if ((got = check_image(p)) != PIER_OK)
		return got;
	return take_image(p);
}

/* The one of a replay that was interrupted, if it is of use. */
static enum pier_got
open_begun(struct pier *p, const char *path, uint64_t most)
{
	uint64_t event;
	enum pier_got got;

	if (store_look(path, &event) != STORE_OK || event > most ||
	    event > p->log.last)
		return new_store(p, path);
	if ((got = open_image(p, path)) == PIER_BAD) {
		unlink(path);
		return pier_fail(p, PIER_BAD,
		    "the replay that was begun is not of this log; it is "
		    "removed, call again");
	}
	if (got == PIER_OK && event > 0)
		pier_note(p,
		    "going on with the replay that was interrupted, after "
		    "event %" PRIu64,
		    event);
	return got;
}

enum pier_got
pier_take_image(struct pier *p)
{
	char *path = pier_path(p, IMAGE_NAME);
	enum pier_got got;

	if (access(path, F_OK) == 0) {
		got = open_image(p, path);
	} else if ((got = need_all(p, PIER_BAD, "there is no image")) ==
	        PIER_OK &&
	    p->writer) {
		if (p->log.last > p->booted)
			pier_note(p, "no image: computing from event 1");
		got = new_store(p, path);
	}
	free(path);
	return got;
}

enum pier_got
pier_no_image(struct pier *p)
{
	return need_all(p, PIER_CHOPPED, "event 1 is needed");
}

enum pier_got
pier_new_image(struct pier *p, uint64_t most)
{
	enum pier_got got = pier_no_image(p);
	char *path = pier_path(p, REPLAY_NAME);

	if (got == PIER_OK)
		got = open_begun(p, path, most);
	free(path);
	return got;
}

/* -------- another in its place -------- */

/*
 * The image that is to be replaced gets another name beside its own, so that
 * there is one at any moment; but never that of one of a later event.
 */
static const char *
name_aside(const char *image, const char *old)
{
	uint64_t event, there;

	switch (store_look(image, &event)) {
	case STORE_OK:
		return store_look(old, &there) == STORE_OK && there > event
		    ? NULL
		    : "old";
	case STORE_BAD:
		return "bad";
	default:
		return NULL;
	}
}

static int
keep_aside(const char *image)
{
	char old[STORE_PATH + 8], aside[STORE_PATH + 8], new[STORE_PATH + 8];
	const char *name;

	snprintf(old, sizeof old, "%s.old", image);
	snprintf(new, sizeof new, "%s.aside", image);
	if ((name = name_aside(image, old)) == NULL)
		return 0;
	snprintf(aside, sizeof aside, "%s.%s", image, name);
	if (unlink(new) < 0 && errno != ENOENT)
		return -1;
	return link(image, new) < 0 ? -1 : rename(new, aside);
}

enum pier_got
pier_replace_image(struct pier *p)
{
	char *image = pier_path(p, IMAGE_NAME);
	char *begun = pier_path(p, REPLAY_NAME);
	enum pier_got got = PIER_OK;

	if (keep_aside(image) < 0 || store_replace(begun, image) < 0)
		got = pier_fail(p, PIER_SYS,
		    "replacing the image: %s; the new one is %s",
		    reason_of(errno), REPLAY_NAME);
	free(image);
	free(begun);
	return got;
}

void
pier_drop_new(struct pier *p)
{
	char *begun = pier_path(p, REPLAY_NAME);

	unlink(begun);
	free(begun);
}
