/*
 * reader -- the kernel of a ship as its image has it now, to be asked.
 *
 * It maps the image of a pier, and writes nothing there; it takes no lock
 * and no part in the log.  What the ship's serf publishes is seen at the
 * next reader_follow(); when a compaction has put another file in the
 * image's place, that is opened and the machine begun anew.
 *
 * What gives an exit code has said what is wrong, when it is not 0.
 */
#ifndef READER_H
#define READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bail.h"
#include "heap.h"
#include "store.h"

enum { READER_ROOTS = 5 };

struct reader {
	const char *pier;
	size_t heap;       /* most memory for nouns, without the image */
	uint64_t limit_ns; /* most time for one question */
	bool loud;         /* show what the kernel says, %slog */

	/* Roots.  The kernel is 0 in an image without one. */
	noun kernel, jets;
	noun id, sample; /* the question's, the caller's to set */
	noun answer;     /* [0 product], or [1 tang] */
	enum bail kind;  /* why not a product; BAIL_EXIT: it crashed */

	/* its own */
	struct store store;
	struct heap_root root;
	bool begun;
};

/* Begin, with what is set above the roots.  reader_close() in any case. */
int reader_open(struct reader *r);
void reader_close(struct reader *r);

/*
 * Take what is newest.  Costs 0.2 us when nothing is new.  Where the image
 * is another file, all nouns are gone, the roots too.
 */
int reader_follow(struct reader *r);

/*
 * Ask r->sample of the kernel's arm peek: r->answer.  May collect; bails
 * meme only if there is no memory to say so.  A question that crashes, takes
 * too long or too much has a tang for its answer, which says it.
 */
void reader_ask(struct reader *r);

/* An answer that says why there is none.  May bail meme; never collects. */
void reader_tell(struct reader *r, const char *why);

#endif
