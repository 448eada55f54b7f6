#include "vere.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME = 32, TEXT = 64 };

/* -------- what went wrong -------- */

static enum vere_got __attribute__((format(printf, 3, 4)))
fail(struct vere *v, enum vere_got got, const char *format, ...)
{
	int error = errno;
	va_list ap;

	va_start(ap, format);
	vsnprintf(v->why, sizeof v->why, format, ap);
	va_end(ap);
	errno = error;
	return got;
}

/* The directory of an epoch, with its slash. */
static const char *
name_epoch(const struct vere *v, size_t i, char name[NAME])
{
	if (v->flat)
		return "";
	snprintf(name, NAME, "0i%" PRIu64 "/", v->epochs[i].after);
	return name;
}

/* What is wrong with the database of the epoch that is open. */
static enum vere_got
bad_data(struct vere *v, const char *why)
{
	char name[NAME];

	return fail(v, VERE_BAD, "%sdata.mdb: %s%s", name_epoch(v, v->at, name),
	    why, btree_changed(&v->file) ? " (a ship is writing to it)" : "");
}

/* The same, as the tree has it. */
static enum vere_got
fail_tree(struct vere *v, enum btree_got got)
{
	char name[NAME];

	return got == BTREE_SYS
	    ? fail(v, VERE_SYS, "%sdata.mdb", name_epoch(v, v->at, name))
	    : bad_data(v, v->file.why);
}

/* -------- small files -------- */

/* The line in a file of an epoch.  0, or -1 with errno set. */
static int
read_line(struct vere *v, size_t i, const char *file, char text[TEXT])
{
	char name[NAME], path[2 * NAME];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s%s", name_epoch(v, i, name), file);
	if ((fd = openat(v->dir, path, O_RDONLY | O_CLOEXEC)) < 0)
		return -1;
	n = read(fd, text, TEXT - 1);
	close(fd);
	if (n < 0)
		return -1;
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	text[n] = 0;
	for (char *c = text; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
	return 0;
}

/* Is the epoch's format one that we know? */
static enum vere_got
check_format(struct vere *v, size_t i)
{
	char text[TEXT], name[NAME];
	const char *epoch = name_epoch(v, i, name);

	if (v->flat)
		return VERE_EVENT;
	if (read_line(v, i, "epoc.txt", text) < 0)
		return fail(v, VERE_SYS, "%sepoc.txt", epoch);
	if (strcmp(text, "1") != 0 && strcmp(text, "2") != 0)
		return fail(v, VERE_BAD,
		    "%sepoc.txt: format %s; 1 and 2 are known", epoch, text);
	return VERE_EVENT;
}

/* -------- one epoch -------- */

static void
leave(struct vere *v)
{
	btree_free(&v->cursor);
	if (v->at < v->n)
		close(v->fd);
	v->at = v->n;
	v->placed = false;
}

/*
 * Open the database of an epoch.  VERE_END: a newest one may not have it
 * yet, if Vere was killed while it made the epoch.
 */
static enum vere_got
enter(struct vere *v, size_t i)
{
	char name[NAME], path[2 * NAME];
	enum vere_got format;
	enum btree_got got;

	leave(v);
	if ((format = check_format(v, i)) != VERE_EVENT)
		return format;
	snprintf(path, sizeof path, "%sdata.mdb", name_epoch(v, i, name));
	if ((v->fd = openat(v->dir, path, O_RDONLY | O_CLOEXEC)) < 0)
		return errno == ENOENT && i > 0 && i + 1 == v->n
		    ? VERE_END
		    : fail(v, VERE_SYS, "%s", path);
	v->at = i;
	if ((got = btree_init(&v->file, v->fd)) == BTREE_GOT)
		got = btree_find(&v->file, "EVENTS", &v->events);
	if (got == BTREE_NONE)
		v->events = (struct btree){0};
	return got == BTREE_GOT || got == BTREE_NONE ? VERE_EVENT
	                                             : fail_tree(v, got);
}

/* The number of the event where the cursor stands. */
static bool
number(const struct vere *v, uint64_t *id)
{
	*id = 0;
	for (size_t i = 8; i-- > 0 && v->cursor.key_n == 8;)
		*id = *id << 8 | v->cursor.key[i];
	return v->cursor.key_n == 8;
}

/* Which events an epoch has, that follow on the one it begins after. */
static enum vere_got
survey(struct vere *v, size_t i)
{
	struct vere_epoch *e = &v->epochs[i];
	enum vere_got entered = enter(v, i);
	enum btree_got got;
	uint64_t first;

	e->last = e->after;
	if (entered == VERE_BAD || entered == VERE_SYS)
		return entered;
	if (entered == VERE_END || v->events.entries == 0)
		return VERE_EVENT;
	got = btree_first(&v->cursor, &v->file, &v->events);
	if (got != BTREE_GOT)
		return fail_tree(v, got);
	if (!number(v, &first) || first != e->after + 1)
		return bad_data(v, "its first event does not follow the epoch");
	got = btree_last(&v->cursor, &v->file, &v->events);
	if (got != BTREE_GOT)
		return fail_tree(v, got);
	if (!number(v, &e->last) || e->last - e->after != v->events.entries)
		return bad_data(v, "events are missing in it");
	return VERE_EVENT;
}

/* -------- who -------- */

/* A number without its leading zeros, into size bytes. */
static bool
take(const struct btree_cursor *c, const char *name, void *to, size_t size)
{
	if (c->key_n != strlen(name) || memcmp(c->key, name, c->key_n) != 0 ||
	    c->value_n > size)
		return false;
	memset(to, 0, size);
	memcpy(to, c->value, c->value_n);
	return true;
}

/* The META of the epoch that is open.  VERE_END: it has none. */
static enum vere_got
read_meta(struct vere *v)
{
	uint8_t version = 0, fake = 0, life[4] = {0};
	enum { WHO = 1, FAKE = 2, LIFE = 4 };
	struct vere_meta *m = &v->meta;
	struct btree tree;
	unsigned found = 0;
	enum btree_got got = btree_find(&v->file, "META", &tree);

	if (got == BTREE_NONE)
		return VERE_END;
	if (got == BTREE_GOT)
		got = btree_first(&v->cursor, &v->file, &tree);
	for (uint64_t i = 0; got == BTREE_GOT && i < tree.entries; i++) {
		struct btree_cursor *c = &v->cursor;

		take(c, "version", &version, 1);
		found |= take(c, "who", m->who, sizeof m->who) ? WHO : 0;
		found |= take(c, "fake", &fake, 1) ? FAKE : 0;
		found |= take(c, "life", life, sizeof life) ? LIFE : 0;
		got = btree_next(c);
	}
	if (got == BTREE_BAD || got == BTREE_SYS)
		return fail_tree(v, got);
	if (found != (WHO | FAKE | LIFE) || version > 3 || fake > 1)
		return bad_data(v, "not a META that is known");
	m->version = version;
	m->fake = fake == 0;
	m->life =
	    life[0] | life[1] << 8 | life[2] << 16 | (uint32_t)life[3] << 24;
	return VERE_EVENT;
}

/* The newest epoch may be without. */
static enum vere_got
find_meta(struct vere *v)
{
	enum vere_got got = VERE_END;
	char text[TEXT];

	for (size_t i = v->n; got == VERE_END && i-- > 0;) {
		if ((got = enter(v, i)) == VERE_EVENT)
			got = read_meta(v);
		if (got == VERE_EVENT && read_line(v, i, "vere.txt", text) == 0)
			snprintf(v->meta.release, sizeof v->meta.release,
			    "%.*s", VERE_RELEASE - 1, text);
	}
	return got == VERE_END
	    ? fail(v, VERE_BAD, "it does not say whose it is")
	    : got;
}

/* -------- all epochs -------- */

/* Is a file's name that of an epoch, as it is written? */
static bool
is_epoch(const char *name, uint64_t *after)
{
	char again[NAME];

	if (sscanf(name, "0i%20" SCNu64, after) != 1)
		return false;
	snprintf(again, sizeof again, "0i%" PRIu64, *after);
	return strcmp(name, again) == 0 && *after < UINT64_MAX;
}

static int
add_epoch(struct vere *v, uint64_t after)
{
	void *p = realloc(v->epochs, (v->n + 1) * sizeof *v->epochs);

	if (p == NULL)
		return -1;
	v->epochs = p;
	v->epochs[v->n++] = (struct vere_epoch){after, after};
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const struct vere_epoch *x = a, *y = b;

	return (x->after > y->after) - (x->after < y->after);
}

/* 0, or -1 with errno set. */
static int
list_epochs(struct vere *v)
{
	int fd = openat(v->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	uint64_t after;
	int rc = 0;

	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while (errno = 0, rc == 0 && (entry = readdir(d)) != NULL)
		if (is_epoch(entry->d_name, &after))
			rc = add_epoch(v, after);
	if (errno != 0)
		rc = -1;
	closedir(d);
	if (rc == 0 && v->n > 0)
		qsort(v->epochs, v->n, sizeof *v->epochs, by_number);
	return rc;
}

/*
 * Which epochs there are: before release 3.0 none, but a log.  A newest one
 * without epoc.txt was not made to the end, and Vere removes it.
 */
static enum vere_got
find_epochs(struct vere *v)
{
	char text[TEXT];

	if (list_epochs(v) < 0)
		return fail(v, VERE_SYS, "the log's directory");
	if (v->n == 0) {
		v->flat = true;
		if (add_epoch(v, 0) < 0)
			return fail(v, VERE_SYS, "the log's directory");
	} else if (v->n > 1 && read_line(v, v->n - 1, "epoc.txt", text) < 0 &&
	    errno == ENOENT) {
		v->n--;
	}
	v->at = v->n;
	return VERE_EVENT;
}

static enum vere_got
survey_all(struct vere *v)
{
	for (size_t i = 0; i < v->n; i++) {
		enum vere_got got = survey(v, i);
		char name[NAME];

		if (got != VERE_EVENT)
			return got;
		if (i > 0 && v->epochs[i - 1].last != v->epochs[i].after)
			return fail(v, VERE_BAD,
			    "%s: the epoch before it ends at event %" PRIu64,
			    name_epoch(v, i, name), v->epochs[i - 1].last);
	}
	v->first = v->next = v->epochs[0].after + 1;
	v->last = v->epochs[v->n - 1].last;
	return VERE_EVENT;
}

/* -------- to its user -------- */

enum vere_got
vere_open(struct vere *v, const char *pier)
{
	char path[4096];
	enum vere_got got;
	int n = snprintf(path, sizeof path, "%s/.urb/log", pier);

	*v = (struct vere){0};
	if (n < 0 || (size_t)n >= sizeof path) {
		errno = ENAMETOOLONG;
		return fail(v, VERE_SYS, "the log's directory");
	}
	v->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (v->dir < 0)
		return fail(v, VERE_SYS, ".urb/log");
	if ((got = find_epochs(v)) != VERE_EVENT ||
	    (got = survey_all(v)) != VERE_EVENT ||
	    (got = find_meta(v)) != VERE_EVENT)
		return got;
	leave(v);
	return VERE_EVENT;
}

enum vere_got
vere_seek(struct vere *v, uint64_t id)
{
	if (id < v->first || id > v->last)
		return VERE_END;
	v->next = id;
	v->placed = false;
	return VERE_EVENT;
}

/* Stand at the event that is next. */
static enum vere_got
place(struct vere *v)
{
	enum btree_got got;
	size_t i = 0;

	while (v->next > v->epochs[i].last)
		i++;
	if (v->placed && v->at == i) {
		got = btree_next(&v->cursor);
	} else {
		enum vere_got entered = v->at == i ? VERE_EVENT : enter(v, i);

		if (entered != VERE_EVENT)
			return entered;
		got = btree_number(&v->cursor, &v->file, &v->events, v->next);
	}
	v->placed = got == BTREE_GOT;
	if (got == BTREE_NONE)
		return bad_data(v, "it ends before its last event");
	return got == BTREE_GOT ? VERE_EVENT : fail_tree(v, got);
}

enum vere_got
vere_next(struct vere *v, struct vere_event *e)
{
	const struct btree_cursor *c = &v->cursor;
	enum vere_got got;
	char text[TEXT];
	uint64_t id;

	if (v->next > v->last)
		return VERE_END;
	if ((got = place(v)) != VERE_EVENT)
		return got;
	if (!number(v, &id) || id != v->next || c->value_n <= 4) {
		snprintf(text, sizeof text, "event %" PRIu64 " is %s", v->next,
		    id != v->next ? "missing" : "too short");
		return bad_data(v, text);
	}
	v->next++;
	*e = (struct vere_event){.id = id,
	    .mug = c->value[0] | c->value[1] << 8 | c->value[2] << 16 |
	        (uint32_t)c->value[3] << 24,
	    .jam = c->value + 4,
	    .n = c->value_n - 4};
	return VERE_EVENT;
}

void
vere_close(struct vere *v)
{
	leave(v);
	free(v->epochs);
	if (v->dir > 0)
		close(v->dir);
	*v = (struct vere){0};
}
