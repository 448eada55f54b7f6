/*
 * A checkpoint is three steps.  Appending moves what is new into the heap's
 * image and writes it to the file, behind what the superblock speaks of.
 * Syncing waits for the disk, writes the older superblock anew, and waits
 * again.  Settling puts the file in the place of the memory.
 *
 * Until it has settled, what was appended is in memory; so whatever fails is
 * done once more by the next checkpoint, from s->super on.
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

static int
write_row(struct store *s, enum super_row row)
{
	uint64_t from = super_length(&s->super, row);
	uint64_t to = super_length(&s->next, row), n, had;
	noun buffer[SUPER_BLOCK / sizeof(noun)];

	for (uint64_t pos = from - from % SUPER_BLOCK; pos < to;
	     pos += SUPER_BLOCK) {
		n = to - pos < SUPER_BLOCK ? to - pos : SUPER_BLOCK;
		had = pos < from ? from - pos : 0;
		if (had == n)
			continue;
		if (store_put_block(s->fd, &s->next, row, pos,
		        as_filed(s, row, pos, n, buffer), n, had) != 0)
			return -1;
		s->written += n - had;
	}
	return 0;
}

static enum store_got
write_rows(struct store *s)
{
	struct heap_image i = heap_image();

	s->next = s->super;
	s->next.cells = i.cell_bytes;
	s->next.atoms = i.atom_bytes;
	s->written = 0;
	if (!super_grow(&s->next, i.cell_bytes, i.atom_bytes)) {
		errno = EFBIG;
		return store_errno(s, "no more extents; a compaction is due");
	}
	if (super_end(&s->next) > super_end(&s->super) &&
	    ftruncate(s->fd, (off_t)super_end(&s->next)) != 0)
		return store_errno(s, "write");
	for (enum super_row r = 0; r < SUPER_ROWS; r++)
		if (write_row(s, r) != 0)
			return store_errno(s, "write");
	return STORE_OK;
}

static void
know_mugs(void *arg)
{
	const struct super *had = arg;

	mug_image(had->cells, had->atoms);
}

static enum store_got
promote(struct store *s, noun *root)
{
	if (heap_promote(root) && trap_run(know_mugs, &s->super) == BAIL_NONE)
		return STORE_OK;
	errno = ENOMEM;
	return store_errno(s, "memory for a checkpoint");
}

static void
describe(struct store *s, noun root, uint64_t event)
{
	noun word = root;

	store_relocate(&word, 1, -s->cells_off, -s->atoms_off);
	s->next.root = word;
	s->next.event = event;
	s->next.mug = mug(root);
	s->next.sequence = s->super.sequence + 1;
	s->next.old_cells = s->super.cells;
	s->next.old_atoms = s->super.atoms;
	super_seal(&s->next);
}

enum store_got
store_append(struct store *s, noun *root, uint64_t event)
{
	enum store_got got = store_still(s);

	s->appended = s->synced = false;
	if (got != STORE_OK || (got = promote(s, root)) != STORE_OK ||
	    (got = write_rows(s)) != STORE_OK)
		return got;
	describe(s, *root, event);
	s->appended = true;
	return STORE_OK;
}

/* -------- syncing, settling -------- */

enum store_got
store_sync(struct store *s)
{
	if (!s->appended)
		return STORE_OK;
	if (fdatasync(s->fd) != 0 ||
	    store_put_at(s->fd, super_place(s->next.sequence), &s->next,
	        sizeof s->next) != 0 ||
	    fdatasync(s->fd) != 0)
		return store_errno(s, "write");
	s->synced = true;
	return STORE_OK;
}

/* Where pages cannot be mapped, for want of memory, they stay as they are. */
enum store_got
store_settle(struct store *s)
{
	if (!s->synced)
		return STORE_OK;
	s->super = s->next;
	s->appended = s->synced = false;
	s->root = s->super.root;
	store_relocate(&s->root, 1, s->cells_off, s->atoms_off);
	s->event = s->super.event;
	s->sequence = s->super.sequence;
	s->mug = s->super.mug;
	store_map(s);
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
