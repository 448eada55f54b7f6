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
#include "reason.h"

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

	store_fail(s, STORE_SYS, "%s: %s", what, reason_of(e));
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
		spot = super_find(&s->there, row, pos);
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
map_row(struct store *s, const struct super *sup, enum super_row row)
{
	uint64_t to = whole_pages(super_length(sup, row)), n;
	char *p = store_row(row);
	struct super_spot spot;

	for (; s->mapped[row] < to; s->mapped[row] += n) {
		spot = super_find(sup, row, s->mapped[row]);
		n = to - s->mapped[row];
		n = spot.room < n ? spot.room : n;
		if (map_piece(s, p + s->mapped[row], spot.at, n) != 0)
			return -1;
	}
	return 0;
}

/* Cells whose words must be moved cannot be mapped. */
int
store_map(struct store *s, const struct super *sup)
{
	for (enum super_row r = 0; r < SUPER_ROWS; r++)
		if (!(r == SUPER_CELLS && moved(s)) && map_row(s, sup, r) != 0)
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

void
store_take(struct store *s, const struct super *sup)
{
	s->root = relocated(sup->root, s->cells_off, s->atoms_off);
	s->event = sup->event;
	s->mug = sup->mug;
	s->order = sup->order;
}

enum store_got
store_place(struct store *s, const struct super *had)
{
	uint64_t from;

	if (!heap_image_place(s->there.cells, s->there.atoms)) {
		errno = ENOMEM;
		return store_errno(s, "memory for the image");
	}
	if (moved(s) && own_cells(&s->there, had->cells) != 0)
		return store_errno(s, "memory for the image");
	if (store_map(s, &s->there) != 0)
		return store_errno(s, "mmap");
	for (enum super_row r = 0; r < SUPER_ROWS; r++) {
		from = s->mapped[r];
		if (r == SUPER_CELLS && moved(s))
			from = had->cells;
		if (fill(s, r, from, super_length(&s->there, r)) != 0)
			return store_errno(s, "read");
	}
	store_take(s, &s->there);
	s->stamp = s->there.order;
	return STORE_OK;
}

/* -------- opening -------- */

static enum store_got
begin(struct store *s, const char *path, int flags)
{
	memset(s, 0, sizeof *s);
	if (strlen(path) >= sizeof s->path) {
		errno = ENAMETOOLONG;
		return store_errno(s, "open");
	}
	strcpy(s->path, path);
	s->fd = open(path, flags | O_CLOEXEC, 0600);
	if (s->fd < 0 && errno == EISDIR)
		return store_fail(s, STORE_BAD, "it is a directory");
	if (s->fd < 0)
		return store_errno(s, "open");
	s->opened = true;
	return STORE_OK;
}

/* What a compaction that was killed has left. */
static int
drop_rest(struct store *s)
{
	char new[STORE_PATH + 4];

	if (store_new_path(new, sizeof new, s->path) != 0)
		return -1;
	return unlink(new) == 0 || errno == ENOENT ? 0 : -1;
}

/* The superblocks, to be looked at without a call. */
static int
share(struct store *s)
{
	void *p = mmap(NULL, SUPER_FIRST, PROT_READ, MAP_SHARED, s->fd, 0);

	s->shared = p == MAP_FAILED ? NULL : p;
	return s->shared ? 0 : -1;
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
	if (s->writer && drop_rest(s) != 0)
		return store_errno(s, "remove");
	if ((got = store_choose(s)) != STORE_OK)
		return got;
	if (share(s) != 0)
		return store_errno(s, "mmap");
	s->cells_off = (uint64_t)i.cells - s->super.cells_at;
	s->atoms_off = (uint64_t)i.atoms - s->super.atoms_at;
	return store_place(s, &(struct super){0});
}

enum store_got
store_look(const char *path, uint64_t *event)
{
	struct store s;
	enum store_got got = begin(&s, path, O_RDONLY);

	if (got == STORE_OK)
		got = store_choose(&s);
	if (got == STORE_OK)
		got = store_verify(&s, NULL, NULL);
	*event = s.there.event;
	store_close(&s);
	return got;
}

void
store_close(struct store *s)
{
	if (s->shared != NULL)
		munmap((void *)s->shared, SUPER_FIRST);
	if (s->opened)
		close(s->fd);
	s->shared = NULL;
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
