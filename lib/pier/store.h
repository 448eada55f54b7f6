/*
 * store -- the image of a ship, kept in a file: PIER/.urb/image.
 *
 * The heap's image (heap.h) is the file, mapped: to open it takes no longer
 * if it is larger.  A checkpoint appends to the heap's image what the root
 * reaches and is not in it yet, writes that to the file behind what was
 * there, and then, when it is on disk, one of two superblocks: so it costs
 * what changed, and whatever is interrupted, the checkpoint before it holds.
 * super.h has the form of the file, pier-image(5) all of it.
 *
 * To publish is the same without the disk: others see it, but only while the
 * machine is up.  After a crash of the writer it is what counts; after one of
 * the machine, the last checkpoint.
 *
 * One process writes, which the pier's lock sees to; any number read, and
 * see what it does with store_refresh().  A process has one store open at
 * a time, on a heap whose image is empty; after store_close() the nouns are
 * there until heap_free().
 *
 * If the heap is not at the addresses that the file was made for, cells are
 * read into memory and their words moved: slower, else the same.
 *
 * Functions give one of these; what is wrong is in why, in words.
 */
#ifndef STORE_H
#define STORE_H

#include "noun.h"
#include "super.h"

enum store_got {
	STORE_OK,
	STORE_SYS,   /* the system failed, errno says how; or no memory */
	STORE_BAD,   /* it is no image, or damaged */
	STORE_STALE, /* another file is in its place: a compaction's */
	STORE_STOP   /* the caller asked to stop */
};

enum { STORE_PATH = 1024 };

struct store {
	/* The last checkpoint, or what was published after it.  The root is a
	 * noun of the image. */
	noun root;
	uint64_t event;
	uint32_t mug;
	uint64_t order; /* another number for each of them, growing */

	/* The last checkpoint that is on disk: its event, its number. */
	uint64_t saved, sequence;

	/* Opening found one of the two checkpoints damaged: its event, if that
	 * can be read, else 0.  What is above is the other. */
	bool fell_back;
	uint64_t lost_event;

	uint64_t written; /* bytes, by the last append or publication */
	char why[200];

	/* the store's own */
	int fd;
	bool opened, writer, appended, synced;
	struct super super, next; /* on disk; appended since */
	struct super there;       /* in the file: published, appended */
	uint64_t stamp;           /* the newest order there was */
	bool failed, unsure;      /* a sync; what is not on disk may be lost */
	const char *shared;       /* the file's superblocks, mapped */
	uint64_t looked;          /* when it was last seen in its place */
	uint64_t mapped[SUPER_ROWS];   /* bytes of the rows */
	uint64_t cells_off, atoms_off; /* words here less words there */
	char path[STORE_PATH];
};

enum store_mode { STORE_READ, STORE_WRITE };

/*
 * Make a file with an image of nothing: root 0, event 0.  What is at path is
 * replaced.  The heap must be there.  It is to be opened next.
 */
enum store_got store_create(struct store *s, const char *path);

/*
 * Open the newest checkpoint that is whole.  Of what it appended, the last
 * few megabytes are compared with their sums; store_verify() does the rest.
 * Give s back with store_close(), also after a failure.
 */
enum store_got store_open(
    struct store *s, const char *path, enum store_mode mode);

/*
 * Of which event is the image in that file, and is it whole?  All of it is
 * read; nothing is mapped, and no heap needed.  The message is lost.
 */
enum store_got store_look(const char *path, uint64_t *event);

/* Also of one that is all zero. */
void store_close(struct store *s);

/* -------- the writer -------- */

/*
 * A checkpoint: make the image hold *root, as of this event, for good.  All
 * nouns move, as in a collection; *root is where it went.  After a failure
 * the file holds the checkpoint before, and one may try again.
 */
enum store_got store_commit(struct store *s, noun *root, uint64_t event);

/*
 * The same in three steps, of which the second touches neither heap nor
 * nouns and may run in another thread while the computation goes on; the
 * others may not run meanwhile.  It takes as long as the disk.
 */
enum store_got store_append(struct store *s, noun *root, uint64_t event);
enum store_got store_sync(struct store *s);
enum store_got store_settle(struct store *s);

/*
 * Let readers see *root, as of this event, and wait for no disk.  *root is
 * copied into the image, and nothing moves (heap_deposit()); go on with the
 * copy that it becomes.  It costs what changed.  May come between the steps
 * of a checkpoint, also while another thread syncs.  After a failure readers
 * see what they saw.
 *
 * What an event changes stays in the file until a compaction, where a
 * checkpoint only keeps what is alive then: publish if there is a reader.
 */
enum store_got store_publish(struct store *s, noun *root, uint64_t event);

/* -------- readers -------- */

/*
 * Take over what is newest, if it is newer.  Costs 0.1 us where there is
 * nothing new.  No noun that was there before moves or changes.
 */
enum store_got store_refresh(struct store *s);

/* -------- care -------- */

/* Rename a file, so that it is sure to last.  0, or -1 with errno set. */
int store_replace(const char *from, const char *path);

/* True to go on; called every so often. */
typedef bool store_progress(void *arg, uint64_t done, uint64_t all);

/* Read the whole of the last checkpoint and compare it with its sums. */
enum store_got store_verify(
    struct store *s, store_progress *progress, void *arg);

/* Has the image grown so that a compaction is due?  So much that it should
 * wait for no quiet moment? */
bool store_grown(const struct store *s);
bool store_swollen(const struct store *s);

/* Bytes of the image that no checkpoint has yet: they are in memory. */
uint64_t store_beside(const struct store *s);

/* Is the file that is open still the one with the name?  Else STORE_STALE. */
enum store_got store_still(struct store *s);

/*
 * Write what is alive in the last checkpoint into a new file, of equal nouns
 * only one, and put it in the file's place.  The store is stale then: drop
 * all nouns (heap_free()) and open it anew.  May be done in a child process,
 * whose parent makes no checkpoint and publishes nothing meanwhile: else it
 * ends with STORE_STALE.  What it leaves when it is killed, PATH.new, the
 * next to open the store as a writer removes.
 */
enum store_got store_compact(
    struct store *s, store_progress *progress, void *arg);

#endif
