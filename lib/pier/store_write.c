/*
 * A checkpoint is three steps.  Appending moves what is new into the heap's
 * image and writes it to the file, behind what the superblock speaks of.
 * Syncing waits for the disk, writes the older superblock anew, and waits
 * again.  Settling puts the file in the place of the memory.
 *
 * Until it has settled, what was appended is in memory; so whatever fails is
 * done once more by the next checkpoint.  To publish is to append, and to
 * write the superblock for that at once.
 */
#define XXH_INLINE_ALL
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "bail.h"
#include "heap.h"
#include "mug.h"
#include "store_parts.h"

/* -------- appending -------- */

int
store_put_block(int fd, struct super *sup, enum super_row row, uint64_t pos,
    const void *p, size_t n, size_t had)
{
	struct super_spot spot = super_find(sup, row, pos);
	uint64_t sum = XXH3_64bits(p, n);

	if (store_put_at(fd, spot.at + had, (const char *)p + had, n - had) !=
	    0)
		return -1;
	if (n == SUPER_BLOCK)
		return store_put_at(fd, spot.sum, &sum, sizeof sum);
	sup->begun[row] = sum;
	return 0;
}

/* A block of a row as it is in the file: where it is, or in the buffer. */
static const void *
as_filed(const struct store *s, enum super_row row, uint64_t pos, size_t n,
    noun *buffer)
{
	const char *p = store_row(row) + pos;

	if (row != SUPER_CELLS || (s->cells_off == 0 && s->atoms_off == 0))
		return p;
	memcpy(buffer, p, n);
	store_relocate(buffer, n / 8, -s->cells_off, -s->atoms_off);
	return buffer;
}

/* What a row has from one length on, up to that in sup. */
static int
write_row(struct store *s, struct super *sup, enum super_row row, uint64_t from)
{
	uint64_t to = super_length(sup, row), n, had;
	noun buffer[SUPER_BLOCK / sizeof(noun)];

	for (uint64_t pos = from - from % SUPER_BLOCK; pos < to;
	     pos += SUPER_BLOCK) {
		n = to - pos < SUPER_BLOCK ? to - pos : SUPER_BLOCK;
		had = pos < from ? from - pos : 0;
		if (had == n)
			continue;
		if (store_put_block(s->fd, sup, row, pos,
		        as_filed(s, row, pos, n, buffer), n, had) != 0)
			return -1;
		s->written += n - had;
	}
	return 0;
}

/*
 * Bring the file's rows up to the image's: *sup has their lengths then, and
 * s->there.  What others may have mapped keeps its place.
 */
static enum store_got
write_rows(struct store *s, struct super *sup)
{
	struct heap_image i = heap_image();
	const struct super *from = s->unsure ? &s->super : &s->there;

	*sup = s->there;
	sup->cells = i.cell_bytes;
	sup->atoms = i.atom_bytes;
	s->written = 0;
	if (!super_grow(sup, i.cell_bytes, i.atom_bytes)) {
		errno = EFBIG;
		return store_errno(s, "no more extents; a compaction is due");
	}
	if (super_end(sup) > super_end(&s->there) &&
	    ftruncate(s->fd, (off_t)super_end(sup)) != 0)
		return store_errno(s, "write");
	for (enum super_row r = 0; r < SUPER_ROWS; r++)
		if (write_row(s, sup, r, super_length(from, r)) != 0)
			return store_errno(s, "write");
	s->there = *sup;
	s->unsure = false;
	return STORE_OK;
}

static void
know_mugs(void *arg)
{
	const struct super *had = arg;

	mug_image(had->cells, had->atoms);
}

static enum store_got
promote(struct store *s, noun *root, bool (*into_image)(noun *))
{
	if (into_image(root) && trap_run(know_mugs, &s->there) == BAIL_NONE)
		return STORE_OK;
	errno = ENOMEM;
	return store_errno(s, "memory for a checkpoint");
}

static void
describe(struct store *s, struct super *sup, noun root, uint64_t event)
{
	noun word = root;

	store_relocate(&word, 1, -s->cells_off, -s->atoms_off);
	sup->root = word;
	sup->event = event;
	sup->mug = mug(root);
	sup->order = s->there.order = ++s->stamp;
	sup->old_cells = s->super.cells;
	sup->old_atoms = s->super.atoms;
}

enum store_got
store_append(struct store *s, noun *root, uint64_t event)
{
	enum store_got got = store_still(s);

	s->appended = s->synced = false;
	if (got != STORE_OK ||
	    (got = promote(s, root, heap_promote)) != STORE_OK ||
	    (got = write_rows(s, &s->next)) != STORE_OK)
		return got;
	describe(s, &s->next, *root, event);
	s->next.boot = 0;
	s->next.sequence = s->there.sequence = s->super.sequence + 1;
	super_seal(&s->next);
	s->appended = true;
	return STORE_OK;
}

/* -------- syncing, settling -------- */

/*
 * After a failure what was written since the last checkpoint may be lost,
 * though the system says so only once: it is to be written again.
 */
enum store_got
store_sync(struct store *s)
{
	if (!s->appended)
		return STORE_OK;
	if (fdatasync(s->fd) != 0 ||
	    store_put_at(s->fd, super_place(s->next.sequence), &s->next,
	        sizeof s->next) != 0 ||
	    fdatasync(s->fd) != 0) {
		s->failed = true;
		return store_errno(s, "write");
	}
	s->synced = true;
	return STORE_OK;
}

/* Where pages cannot be mapped, for want of memory, they stay as they are. */
enum store_got
store_settle(struct store *s)
{
	if (s->failed)
		s->unsure = true;
	s->failed = false;
	if (!s->synced)
		return STORE_OK;
	s->super = s->next;
	s->appended = s->synced = false;
	s->saved = s->super.event;
	s->sequence = s->super.sequence;
	if (s->super.order > s->order)
		store_take(s, &s->super);
	store_map(s, &s->super);
	return STORE_OK;
}

enum store_got
store_commit(struct store *s, noun *root, uint64_t event)
{
	enum store_got got = store_append(s, root, event);

	if (got == STORE_OK)
		got = store_sync(s);
	return got == STORE_OK ? store_settle(s) : got;
}

/* -------- publishing -------- */

enum store_got
store_publish(struct store *s, noun *root, uint64_t event)
{
	enum store_got got = store_still(s);
	uint64_t boot = store_boot();
	struct super live;

	if (boot == 0)
		return store_errno(s, "boot_id");
	if (got != STORE_OK ||
	    (got = promote(s, root, heap_deposit)) != STORE_OK ||
	    (got = write_rows(s, &live)) != STORE_OK)
		return got;
	describe(s, &live, *root, event);
	live.boot = boot;
	live.sequence = s->super.sequence;
	super_seal(&live);
	if (store_put_at(s->fd, SUPER_LIVE, &live, sizeof live) != 0)
		return store_errno(s, "write");
	store_take(s, &live);
	return STORE_OK;
}

uint64_t
store_beside(const struct store *s)
{
	struct heap_image i = heap_image();

	return i.cell_bytes + i.atom_bytes - s->super.cells - s->super.atoms;
}
