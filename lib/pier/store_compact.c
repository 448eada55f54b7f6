/*
 * A compaction writes a second file while the first is whole, and renames
 * it.  The rows are written side by side, each through a buffer of a block.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bail.h"
#include "heap.h"
#include "meld.h"
#include "store_parts.h"

struct stream {
	uint64_t pos; /* of the buffer in the row */
	size_t n;     /* bytes in it */
	char p[SUPER_BLOCK];
};

struct compaction {
	struct meld_sink sink;
	struct store *s;
	struct super super; /* of the new file */
	int fd;
	struct stream row[SUPER_ROWS];
	store_progress *progress;
	void *arg;
	noun root;
	enum { GOING, FAILED, STOPPED } state;
};

/* -------- rows -------- */

/* Extents for a block more of each row, which may be the next to be full. */
static int
make_room(struct compaction *c)
{
	uint64_t end = super_end(&c->super);
	uint64_t cells = c->row[SUPER_CELLS].pos + SUPER_BLOCK;
	uint64_t mugs = c->row[SUPER_MUGS].pos + SUPER_BLOCK;
	uint64_t atoms = c->row[SUPER_ATOMS].pos + SUPER_BLOCK;

	if (!super_grow(
	        &c->super, cells > 4 * mugs ? cells : 4 * mugs, atoms)) {
		errno = EFBIG;
		return -1;
	}
	if (super_end(&c->super) == end)
		return 0;
	return ftruncate(c->fd, (off_t)super_end(&c->super));
}

static int
flush(struct compaction *c, enum super_row row)
{
	struct stream *t = &c->row[row];

	if (t->n == 0)
		return 0;
	if (make_room(c) != 0 ||
	    store_put_block(c->fd, &c->super, row, t->pos, t->p, t->n, 0) != 0)
		return -1;
	t->pos += t->n;
	t->n = 0;
	return 0;
}

static int
put(struct compaction *c, enum super_row row, const void *p, size_t n)
{
	struct stream *t = &c->row[row];
	const char *from = p;
	size_t k;

	for (; n > 0; from += k, n -= k) {
		k = SUPER_BLOCK - t->n;
		k = k < n ? k : n;
		memcpy(t->p + t->n, from, k);
		t->n += k;
		if (t->n == SUPER_BLOCK && flush(c, row) != 0)
			return -1;
	}
	return 0;
}

/* -------- what meld() calls -------- */

static uint64_t
done(const struct compaction *c)
{
	return c->row[SUPER_CELLS].pos + c->row[SUPER_ATOMS].pos;
}

static int
go_on(struct compaction *c)
{
	const struct super *old = &c->s->there;

	if (c->progress == NULL ||
	    c->progress(c->arg, done(c), old->cells + old->atoms))
		return 0;
	c->state = STOPPED;
	return -1;
}

static struct compaction *
of(struct meld_sink *s)
{
	return (
	    struct compaction *)((char *)s - offsetof(struct compaction, sink));
}

static int
put_cells(
    struct meld_sink *s, const noun *words, const uint32_t *mugs, size_t n)
{
	struct compaction *c = of(s);

	if (put(c, SUPER_CELLS, words, n * 16) == 0 &&
	    put(c, SUPER_MUGS, mugs, n * 4) == 0)
		return go_on(c);
	c->state = FAILED;
	return -1;
}

static int
put_atoms(struct meld_sink *s, const uint64_t *words, size_t n)
{
	struct compaction *c = of(s);

	if (put(c, SUPER_ATOMS, words, n * 8) == 0)
		return 0;
	c->state = FAILED;
	return -1;
}

static void
meld_root(void *arg)
{
	struct compaction *c = arg;

	meld(&c->sink, c->s->root, c->super.cells_at, c->super.atoms_at,
	    &c->root);
}

/* -------- the file -------- */

static enum store_got
write_rows(struct compaction *c)
{
	errno = 0;
	if (trap_run(meld_root, c) != BAIL_NONE) {
		errno = ENOMEM;
		return store_errno(c->s, "memory for a compaction");
	}
	if (c->state == STOPPED)
		return store_fail(c->s, STORE_STOP, "stopped");
	if (c->state == FAILED)
		return store_errno(c->s, "write");
	for (enum super_row r = 0; r < SUPER_ROWS; r++) {
		uint64_t length = c->row[r].pos + c->row[r].n;

		if (flush(c, r) != 0)
			return store_errno(c->s, "write");
		if (r == SUPER_CELLS)
			c->super.cells = length;
		if (r == SUPER_ATOMS)
			c->super.atoms = length;
	}
	return STORE_OK;
}

/* One superblock: there is no checkpoint before this one. */
static enum store_got
write_super(struct compaction *c)
{
	const struct store *old = c->s;

	c->super.root = c->root;
	c->super.event = old->event;
	c->super.mug = old->mug;
	c->super.sequence = old->sequence + 1;
	c->super.order = old->stamp + 1;
	c->super.packed = c->super.cells + c->super.atoms;
	super_seal(&c->super);
	if (store_put_at(c->fd, super_place(c->super.sequence), &c->super,
	        sizeof c->super) != 0 ||
	    fsync(c->fd) != 0)
		return store_errno(c->s, "write");
	return STORE_OK;
}

static enum store_got
write_file(struct compaction *c)
{
	struct heap_image i = heap_image();
	enum store_got got;

	super_begin(&c->super, (uint64_t)i.cells, (uint64_t)i.atoms);
	if (ftruncate(c->fd, SUPER_FIRST) != 0)
		return store_errno(c->s, "write");
	if ((got = write_rows(c)) != STORE_OK)
		return got;
	return write_super(c);
}

/* Nothing may have come in between: it would be lost. */
static enum store_got
still_newest(struct store *s)
{
	enum store_got got = store_still(s);

	if (got != STORE_OK || !store_any_newer(s))
		return got;
	return store_fail(s, STORE_STALE, "a checkpoint was made meanwhile");
}

/* A writer that started since has removed it, and may be at one of its own. */
static enum store_got
still_ours(struct store *s, int fd, const char *new)
{
	struct stat here, there;

	if (fstat(fd, &here) != 0)
		return store_errno(s, "stat");
	if (stat(new, &there) == 0 && here.st_ino == there.st_ino &&
	    here.st_dev == there.st_dev)
		return STORE_OK;
	return store_fail(s, STORE_STALE, "somebody else writes the image");
}

enum store_got
store_compact(struct store *s, store_progress *progress, void *arg)
{
	struct compaction c;
	char new[STORE_PATH + 4];
	enum store_got got;

	if (store_new_path(new, sizeof new, s->path) != 0)
		return store_errno(s, "name");
	c = (struct compaction){.sink = {put_cells, put_atoms},
	    .s = s,
	    .progress = progress,
	    .arg = arg};
	c.fd = open(new, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (c.fd < 0)
		return store_errno(s, "open");
	got = write_file(&c);
	if (got == STORE_OK && (got = still_newest(s)) == STORE_OK &&
	    (got = still_ours(s, c.fd, new)) == STORE_OK &&
	    store_replace(new, s->path) != 0)
		got = store_errno(s, "rename");
	if (got == STORE_OK)
		store_renounce(s);
	close(c.fd);
	if (got != STORE_OK && got != STORE_STALE)
		unlink(new);
	return got;
}

static bool
grown(const struct store *s, unsigned times, uint64_t slack)
{
	return s->there.cells + s->there.atoms >
	    times * s->there.packed + slack;
}

bool
store_grown(const struct store *s)
{
	return grown(s, 2, 32 << 20);
}

bool
store_swollen(const struct store *s)
{
	return grown(s, 4, 256 << 20);
}
