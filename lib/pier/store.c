#include "store_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap.h"
#include "mug.h"

/* -------- words, bytes -------- */

enum store_got
store_fail(struct store *s, enum store_got got, const char *format, ...)
{
	va_list v;

	va_start(v, format);
	vsnprintf(s->why, sizeof s->why, format, v);
	va_end(v);
	return got;
}

enum store_got
store_errno(struct store *s, const char *what)
{
	int e = errno;

	store_fail(s, STORE_SYS, "%s: %s", what, strerror(e));
	errno = e;
	return STORE_SYS;
}

int
store_get_at(int fd, uint64_t at, void *p, size_t n)
{
	char *to = p;
	ssize_t k;

	for (; n > 0; to += k, at += (uint64_t)k, n -= (size_t)k) {
		k = pread(fd, to, n, (off_t)at);
		if (k == 0)
			errno = EIO; /* the file is shorter than it was */
		if (k <= 0 && errno != EINTR)
			return -1;
		if (k < 0)
			k = 0;
	}
	return 0;
}

int
store_put_at(int fd, uint64_t at, const void *p, size_t n)
{
	const char *from = p;
	ssize_t k;

	for (; n > 0; from += k, at += (uint64_t)k, n -= (size_t)k) {
		k = pwrite(fd, from, n, (off_t)at);
		if (k < 0 && errno != EINTR)
			return -1;
		if (k < 0)
			k = 0;
	}
	return 0;
}

int
store_new_path(char *to, size_t n, const char *path)
{
	if ((size_t)snprintf(to, n, "%s.new", path) < n)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

/* The directory must hold the new name before anyone counts on it. */
int
store_replace(const char *from, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir;
	int fd, e;

	if (rename(from, path) != 0)
		return -1;
	dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	if (dir == NULL)
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0)
		return -1;
	e = fsync(fd);
	close(fd);
	return e;
}

/* -------- memory -------- */

char *
store_row(enum super_row row)
{
	struct heap_image i = heap_image();

	return row == SUPER_ATOMS ? i.atoms
	    : row == SUPER_CELLS  ? i.cells
	                          : i.mugs;
}

static inline noun
relocated(noun n, uint64_t cells_off, uint64_t atoms_off)
{
	if (is_direct(n))
		return n;
	return n + (is_cell(n) ? cells_off : atoms_off);
}

void
store_relocate(noun *words, size_t n, uint64_t cells_off, uint64_t atoms_off)
{
	for (size_t i = 0; i < n; i++)
		words[i] = relocated(words[i], cells_off, atoms_off);
}

static bool
moved(const struct store *s)
{
	return s->cells_off != 0 || s->atoms_off != 0;
}

/* Bytes [from, to) of a row into its memory. */
static int
fill(struct store *s, enum super_row row, uint64_t from, uint64_t to)
{
	char *p = store_row(row);
	struct super_spot spot;
	uint64_t n;

	for (uint64_t pos = from; pos < to; pos += n) {
		spot = super_find(&s->super, row, pos);
		n = spot.room < to - pos ? spot.room : to - pos;
		if (store_get_at(s->fd, spot.at, p + pos, n) != 0)
			return -1;
	}
	if (row == SUPER_CELLS && moved(s))
		store_relocate((noun *)(p + from), (to - from) / 8,
		    s->cells_off, s->atoms_off);
	return 0;
}

/* -------- mapping -------- */

static uint64_t
whole_pages(uint64_t n)
{
	return n & ~((uint64_t)sysconf(_SC_PAGESIZE) - 1);
}

/* One piece, within an extent. */
static int
map_piece(struct store *s, char *p, uint64_t at, size_t n)
{
	void *q =
	    mmap(p, n, PROT_READ, MAP_SHARED | MAP_FIXED, s->fd, (off_t)at);

	return q == MAP_FAILED ? -1 : 0;
}

static int
map_row(struct store *s, enum super_row row)
{
	uint64_t to = whole_pages(super_length(&s->super, row)), n;
	char *p = store_row(row);
	struct super_spot spot;

	for (; s->mapped[row] < to; s->mapped[row] += n) {
		spot = super_find(&s->super, row, s->mapped[row]);
		n = to - s->mapped[row];
		n = spot.room < n ? spot.room : n;
		if (map_piece(s, p + s->mapped[row], spot.at, n) != 0)
			return -1;
	}
	return 0;
}

/* Cells whose words must be moved cannot be mapped. */
int
store_map(struct store *s)
{
	for (enum super_row r = 0; r < SUPER_ROWS; r++)
		if (!(r == SUPER_CELLS && moved(s)) && map_row(s, r) != 0)
			return -1;
	heap_image_kept(
	    moved(s) ? 0 : s->mapped[SUPER_CELLS], s->mapped[SUPER_ATOMS]);
	return 0;
}

/* Memory for cells from `had` on; it is the heap's from the last 64 KiB on. */
static int
own_cells(const struct super *sup, uint64_t had)
{
	uint64_t from = (had + 0xffff) & ~UINT64_C(0xffff);
	uint64_t to = sup->cells & ~UINT64_C(0xffff);

	if (from >= to)
		return 0;
	return mmap(store_row(SUPER_CELLS) + from, to - from,
	           PROT_READ | PROT_WRITE,
	           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED
	    ? -1
	    : 0;
}

/* Have the rows of s->super in memory, of which `had` is there. */
static enum store_got
place(struct store *s, const struct super *had)
{
	uint64_t from;

	if (!heap_image_place(s->super.cells, s->super.atoms)) {
		errno = ENOMEM;
		return store_errno(s, "memory for the image");
	}
	if (moved(s) && own_cells(&s->super, had->cells) != 0)
		return store_errno(s, "memory for the image");
	if (store_map(s) != 0)
		return store_errno(s, "mmap");
	for (enum super_row r = 0; r < SUPER_ROWS; r++) {
		from = s->mapped[r];
		if (r == SUPER_CELLS && moved(s))
			from = had->cells;
		if (fill(s, r, from, super_length(&s->super, r)) != 0)
			return store_errno(s, "read");
	}
	s->root = relocated(s->super.root, s->cells_off, s->atoms_off);
	s->event = s->super.event;
	s->sequence = s->super.sequence;
	s->mug = s->super.mug;
	return STORE_OK;
}

/* -------- superblocks -------- */

/* Both, and what is wrong with each; NULL if nothing is. */
struct pair {
	struct super super[2];
	const char *fault[2];
};

/* One that was given up, see wipe(). */
static const char EMPTY[] = "an empty superblock";

static const char *
fault_of(const struct super *s, unsigned i, uint64_t file)
{
	static const struct super none;
	const char *fault;

	if (memcmp(s, &none, sizeof none) == 0)
		return EMPTY;
	if ((fault = super_fault(s, file)) != NULL)
		return fault;
	return s->sequence % 2 == i ? NULL : "a superblock in the wrong place";
}

static enum store_got
read_pair(struct store *s, struct pair *p)
{
	struct stat st;

	if (fstat(s->fd, &st) != 0)
		return store_errno(s, "stat");
	for (unsigned i = 0; i < 2; i++) {
		if ((uint64_t)st.st_size < SUPER_FIRST) {
			p->fault[i] = "it is too short";
			continue;
		}
		if (store_get_at(
		        s->fd, super_place(i), &p->super[i], SUPER_BYTES) != 0)
			return store_errno(s, "read");
		p->fault[i] = fault_of(&p->super[i], i, (uint64_t)st.st_size);
	}
	return STORE_OK;
}

/* The number of the newer good one, or -1. */
static int
newest(const struct pair *p)
{
	if (p->fault[0] != NULL)
		return p->fault[1] != NULL ? -1 : 1;
	if (p->fault[1] != NULL)
		return 0;
	return p->super[1].sequence > p->super[0].sequence;
}

/* -------- opening -------- */

/*
 * What the checkpoint appended, but of much only the end: a torn write
 * leaves that undone.
 */
static enum store_got
verify_end(struct store *s, const struct super *sup)
{
	enum { END = 2 << 20 };
	enum store_got got = STORE_OK;
	uint64_t from, to;

	for (enum super_row r = 0; r < SUPER_ROWS && got == STORE_OK; r++) {
		to = super_length(sup, r);
		from = r == SUPER_ATOMS ? sup->old_atoms
		    : r == SUPER_CELLS  ? sup->old_cells
		                        : sup->old_cells / 4;
		if (to - from > END)
			from = to - END;
		if (from == to && to > 0)
			from = to - 1; /* its sum will be carried on */
		got = store_verify_row(s, sup, r, from, to);
	}
	return got;
}

static void
lose(struct store *s, const struct super *sup)
{
	s->fell_back = true;
	s->lost_event = sup->event;
}

/*
 * Nothing may come back that was given up: what is appended next would be
 * written over what it holds.
 */
static int
wipe(struct store *s, int i)
{
	static const char zeros[SUPER_BYTES];

	if (store_put_at(
	        s->fd, super_place((unsigned)i), zeros, sizeof zeros) != 0)
		return -1;
	return fdatasync(s->fd);
}

/* Choose a checkpoint: that is s->super then. */
static enum store_got
choose(struct store *s)
{
	struct pair p;
	enum store_got got = read_pair(s, &p);
	int i;

	if (got != STORE_OK)
		return got;
	/* Which checkpoint a bad superblock was for cannot be known. */
	for (i = 0; i < 2; i++)
		if (p.fault[i] != NULL && p.fault[i] != EMPTY)
			s->fell_back = true;
	while ((i = newest(&p)) >= 0) {
		s->super = p.super[i];
		got = verify_end(s, &s->super);
		if (got != STORE_BAD)
			break;
		lose(s, &s->super);
		p.fault[i] = "its end is damaged";
	}
	if (i < 0)
		return store_fail(s, STORE_BAD,
		    "no checkpoint is whole: %s; %s", p.fault[0], p.fault[1]);
	if (got == STORE_OK && s->writer && p.fault[!i] != NULL &&
	    p.fault[!i] != EMPTY && wipe(s, !i) != 0)
		return store_errno(s, "write");
	return got;
}

static enum store_got
begin(struct store *s, const char *path, int flags)
{
	memset(s, 0, sizeof *s);
	if (strlen(path) >= sizeof s->path) {
		errno = ENAMETOOLONG;
		return store_errno(s, "open");
	}
	strcpy(s->path, path);
	if ((s->fd = open(path, flags | O_CLOEXEC, 0600)) < 0)
		return store_errno(s, "open");
	s->opened = true;
	return STORE_OK;
}

enum store_got
store_open(struct store *s, const char *path, enum store_mode mode)
{
	struct heap_image i = heap_image();
	enum store_got got =
	    begin(s, path, mode == STORE_WRITE ? O_RDWR : O_RDONLY);

	if (got != STORE_OK)
		return got;
	if (i.cell_bytes != 0 || i.atom_bytes != 0) {
		errno = EBUSY;
		return store_errno(s, "there is an image in memory");
	}
	s->writer = mode == STORE_WRITE;
	if ((got = choose(s)) != STORE_OK)
		return got;
	s->cells_off = (uint64_t)i.cells - s->super.cells_at;
	s->atoms_off = (uint64_t)i.atoms - s->super.atoms_at;
	return place(s, &(struct super){0});
}

void
store_close(struct store *s)
{
	if (s->opened)
		close(s->fd);
	s->opened = false;
}

/* -------- a new file -------- */

static enum store_got
create_at(struct store *s, const char *path)
{
	struct heap_image i = heap_image();
	enum store_got got = begin(s, path, O_RDWR | O_CREAT | O_TRUNC);

	if (got != STORE_OK)
		return got;
	super_begin(&s->super, (uint64_t)i.cells, (uint64_t)i.atoms);
	s->super.mug = mug(s->super.root);
	if (ftruncate(s->fd, SUPER_FIRST) != 0)
		return store_errno(s, "write");
	for (uint64_t k = 0; k < 2; k++) {
		s->super.sequence = k;
		super_seal(&s->super);
		if (store_put_at(
		        s->fd, super_place(k), &s->super, sizeof s->super) != 0)
			return store_errno(s, "write");
	}
	return fsync(s->fd) == 0 ? STORE_OK : store_errno(s, "write");
}

enum store_got
store_create(struct store *s, const char *path)
{
	char new[STORE_PATH + 4];
	enum store_got got;

	if (store_new_path(new, sizeof new, path) != 0)
		return store_errno(s, "name");
	got = create_at(s, new);
	store_close(s);
	if (got == STORE_OK && store_replace(new, path) != 0)
		got = store_errno(s, "rename");
	if (got != STORE_OK)
		unlink(new);
	return got;
}

/* -------- readers -------- */

enum store_got
store_still(struct store *s)
{
	struct stat st;

	if (fstat(s->fd, &st) != 0)
		return store_errno(s, "stat");
	if (st.st_nlink == 0)
		return store_fail(s, STORE_STALE, "it was replaced or removed");
	return STORE_OK;
}

enum store_got
store_refresh(struct store *s)
{
	struct super had = s->super;
	struct pair p;
	enum store_got got = store_still(s);
	int i;

	if (got != STORE_OK || (got = read_pair(s, &p)) != STORE_OK)
		return got;
	i = newest(&p);
	if (i < 0 || p.super[i].sequence <= had.sequence)
		return STORE_OK;
	if (p.super[i].cells < had.cells || p.super[i].atoms < had.atoms)
		return store_fail(s, STORE_BAD, "the image has shrunk");
	s->super = p.super[i];
	if ((got = place(s, &had)) != STORE_OK)
		s->super = had;
	return got;
}
