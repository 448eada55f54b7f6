/*
 * piers -- for tests of what is on disk: a directory that is gone after, and
 * nouns that can be told again from a number.
 *
 * A heap that is begun anew stands for another process: it has nothing but
 * what is in the file.
 */
#ifndef PIERS_H
#define PIERS_H

#include <fcntl.h>
#include <sys/stat.h>

#include "bail.h"
#include "equal.h"
#include "gen.h"
#include "heap.h"
#include "jam.h"
#include "mug.h"
#include "store.h"

static char pier_dir[100], pier_image[120];

static inline void
pier_remove(void)
{
	char cmd[200];

	snprintf(cmd, sizeof cmd, "rm -rf '%s'", pier_dir);
	if (system(cmd) != 0)
		perror(cmd);
}

/* A directory, and the name of an image in it. */
static inline void
pier_make(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(
	    pier_dir, sizeof pier_dir, "%s/store.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(pier_dir) == NULL) {
		perror(pier_dir);
		exit(111);
	}
	snprintf(pier_image, sizeof pier_image, "%s/image", pier_dir);
}

static inline void
pier_heap(void)
{
	heap_free();
	if (heap_init(NULL) != 0)
		exit(111);
}

/* An event that brings an atom of 5 MB; 0 = none. */
static uint64_t pier_large;

/* The state after an event: most of it is the state before. */
static inline noun
pier_state(noun before, uint64_t event)
{
	gen_state = event * 77777 + 1;
	if (event == pier_large)
		before = cons(gen_bits(40 << 20), before);
	return cons(cons(direct(event), gen_noun(1 + gen_below(60))), before);
}

/* Its mug, made from nothing. */
static inline uint32_t
pier_mug(uint64_t event)
{
	noun n = 0;

	for (uint64_t e = 1; e <= event; e++)
		n = pier_state(n, e);
	return mug(n);
}

/* The mug of n, as if nothing was known of it. */
static inline uint32_t
pier_fresh_mug(noun n)
{
	size_t len;
	uint8_t *p = gen_bytes(jam(n), &len);
	struct cue_fault f;
	noun again;

	if (cue(p, len, &again, &f) != 0)
		exit(111);
	free(p);
	return mug(again);
}

/* Open the image there is, in a heap that knows nothing. */
static inline enum store_got
pier_open(struct store *s, enum store_mode mode)
{
	pier_heap();
	return store_open(s, pier_image, mode);
}

/* Events [from, to], a checkpoint each.  What the last one gave. */
static inline enum store_got
pier_run(struct store *s, uint64_t from, uint64_t to)
{
	enum store_got got = STORE_OK;
	noun n;

	for (uint64_t e = from; e <= to && got == STORE_OK; e++) {
		n = pier_state(s->root, e);
		got = store_commit(s, &n, e);
	}
	return got;
}

/* An image of so many events, closed. */
static inline void
pier_build(uint64_t events)
{
	struct store s;

	pier_heap();
	unlink(pier_image); /* to replace it makes the disk busy */
	if (store_create(&s, pier_image) != STORE_OK ||
	    store_open(&s, pier_image, STORE_WRITE) != STORE_OK ||
	    pier_run(&s, 1, events) != STORE_OK) {
		fprintf(stderr, "%s\n", s.why);
		exit(111);
	}
	store_close(&s);
}

/* Is the open image that of the event? */
static inline bool
pier_is(struct store *s, uint64_t event)
{
	uint32_t want = pier_mug(event);

	return s->event == event && s->mug == want && mug(s->root) == want &&
	    pier_fresh_mug(s->root) == want;
}

#endif
