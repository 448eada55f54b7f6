/*
 * The writing half of vere.h.
 *
 * A log is made in a directory of another name, which is renamed when it is
 * complete: so there is a log with all that belongs to it, or none.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "reason.h"
#include "vere.h"

enum { PATH = 4096, VERSION = 3 };

/* Addresses for the map: what Vere takes, or as much as can be had. */
#define MAP_MOST (UINT64_C(1) << 40)
#define MAP_LEAST (UINT64_C(1) << 30)

static const char log_dir[] = ".urb/log";
static const char epoch[] = ".urb/log/0i0", unmade[] = ".urb/log/0i0.new";

/* -------- what went wrong -------- */

/* No object: the directory itself. */
static int
say(struct vere_out *out, int code, const char *object, const char *why)
{
	snprintf(out->why, sizeof out->why, "%.100s%s%.150s", object,
	    *object ? ": " : "", why);
	return code;
}

static int
fail(struct vere_out *out, const char *object, const char *why)
{
	return say(out, VERE_FAILED, object, why);
}

static int
fail_errno(struct vere_out *out, const char *object)
{
	return fail(out, object, reason_of(errno));
}

/* -------- files -------- */

/* PIER/DIR/FILE; a name that is cut is too long for every system call. */
static void
join(char path[PATH], const char *pier, const char *dir, const char *file)
{
	int n = snprintf(path, PATH, "%s/%s/%s", pier, dir, file);

	if (n < 0 || n >= PATH)
		memset(path + 1, 'x', PATH - 2);
}

static int
sync_dir(struct vere_out *out, const char *pier, const char *dir)
{
	char path[PATH];
	int fd, rc;

	join(path, pier, dir, "");
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fd < 0 ? -1 : fsync(fd);
	if (rc < 0)
		fail_errno(out, dir);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int
make_dir(struct vere_out *out, const char *pier, const char *dir)
{
	char path[PATH];

	join(path, pier, dir, "");
	return mkdir(path, 0700) < 0 && errno != EEXIST ? fail_errno(out, dir)
	                                                : 0;
}

static int
write_line(
    struct vere_out *out, const char *pier, const char *name, const char *text)
{
	char path[PATH];
	size_t n = strlen(text);
	int fd;
	bool good;

	join(path, pier, unmade, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail_errno(out, name);
	good = write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
	if (!good)
		fail_errno(out, name);
	close(fd);
	return good ? 0 : -1;
}

/* -------- liblmdb -------- */

static int
fail_lmdb(struct vere_out *out, int rc)
{
	return fail(out, "data.mdb", mdb_strerror(rc));
}

/* One try, with so many addresses: what liblmdb returns. */
static int
try_env(struct vere_out *out, const char *path, size_t map)
{
	int rc = mdb_env_create(&out->env);

	if (rc != 0)
		return rc;
	if ((rc = mdb_env_set_maxdbs(out->env, 2)) == 0 &&
	    (rc = mdb_env_set_mapsize(out->env, map)) == 0)
		rc = mdb_env_open(out->env, path, 0, 0600);
	if (rc != 0) {
		mdb_env_close(out->env);
		out->env = NULL;
	}
	return rc;
}

static int
open_env(struct vere_out *out, const char *pier, const char *dir)
{
	char path[PATH];
	int rc = ENOMEM;

	join(path, pier, dir, "");
	for (size_t map = MAP_MOST; rc == ENOMEM && map >= MAP_LEAST; map /= 2)
		rc = try_env(out, path, map);
	return rc == 0 ? 0 : fail_lmdb(out, rc);
}

static void
close_env(struct vere_out *out)
{
	if (out->txn)
		mdb_txn_abort(out->txn);
	if (out->env)
		mdb_env_close(out->env);
	out->txn = NULL;
	out->env = NULL;
}

/* Begin a transaction on a database, and make that if need be. */
static int
begin(struct vere_out *out, const char *name, unsigned flags, unsigned *db)
{
	int rc = mdb_txn_begin(out->env, NULL, 0, &out->txn);

	if (rc == 0)
		rc = mdb_dbi_open(out->txn, name, MDB_CREATE | flags, db);
	if (rc == 0)
		return 0;
	if (out->txn)
		mdb_txn_abort(out->txn);
	out->txn = NULL;
	return fail_lmdb(out, rc);
}

static int
commit(struct vere_out *out)
{
	int rc = mdb_txn_commit(out->txn);

	out->txn = NULL;
	return rc == 0 ? 0 : fail_lmdb(out, rc);
}

/* Put a little-endian number without its leading zeros. */
static int
put_number(
    struct vere_out *out, unsigned db, const char *name, uint8_t *p, size_t n)
{
	MDB_val key = {strlen(name), (void *)name}, value = {n, p};
	int rc;

	while (value.mv_size > 0 && p[value.mv_size - 1] == 0)
		value.mv_size--;
	if ((rc = mdb_put(out->txn, db, &key, &value, 0)) != 0)
		return fail_lmdb(out, rc);
	return 0;
}

static int
put_meta(struct vere_out *out, const struct vere_meta *m)
{
	uint8_t version = VERSION, fake = !m->fake, who[sizeof m->who];
	uint8_t life[4] = {(uint8_t)m->life, (uint8_t)(m->life >> 8),
	    (uint8_t)(m->life >> 16), (uint8_t)(m->life >> 24)};
	unsigned db;

	memcpy(who, m->who, sizeof who);
	if (begin(out, "META", 0, &db) < 0 ||
	    put_number(out, db, "version", &version, 1) < 0 ||
	    put_number(out, db, "who", who, sizeof who) < 0 ||
	    put_number(out, db, "fake", &fake, 1) < 0 ||
	    put_number(out, db, "life", life, sizeof life) < 0)
		return -1;
	return commit(out);
}

/* -------- a new log -------- */

/* What an attempt left that was cut short. */
static void
clear(const char *pier)
{
	static const char *const files[] = {
	    "data.mdb", "lock.mdb", "epoc.txt", "vere.txt"};
	char path[PATH];

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		join(path, pier, unmade, files[i]);
		unlink(path);
	}
	join(path, pier, unmade, "");
	rmdir(path);
}

/* A database that has META alone, where the log will be made. */
static int
make_database(
    struct vere_out *out, const char *pier, const struct vere_meta *meta)
{
	int rc;

	clear(pier);
	if (make_dir(out, pier, unmade) < 0)
		return -1;
	rc = open_env(out, pier, unmade);
	if (rc == 0)
		rc = put_meta(out, meta);
	close_env(out);
	return rc;
}

/* Rename what is in the directory where the log is made, or all of that. */
static int
move(struct vere_out *out, const char *pier, const char *file, const char *to)
{
	char from[PATH], path[PATH];

	if (sync_dir(out, pier, unmade) < 0)
		return -1;
	join(from, pier, unmade, file);
	join(path, pier, to, file);
	return rename(from, path) < 0 ? fail_errno(out, to)
	                              : sync_dir(out, pier, log_dir);
}

/* Vere looks at the log's own data.mdb first, so that is made first. */
static int
make_log(struct vere_out *out, const char *pier, const struct vere_meta *meta)
{
	static const char *const dirs[] = {
	    "", ".urb", ".urb/put", ".urb/get", log_dir};

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
		if (make_dir(out, pier, dirs[i]) < 0)
			return -1;
	if (make_database(out, pier, meta) < 0 ||
	    move(out, pier, "data.mdb", log_dir) < 0 ||
	    make_database(out, pier, meta) < 0 ||
	    write_line(out, pier, "vere.txt", meta->release) < 0 ||
	    write_line(out, pier, "epoc.txt", "2") < 0)
		return -1;
	return move(out, pier, "", epoch);
}

/* -------- a log to go on with -------- */

/* liblmdb will trust it, so all of it is read before. */
static int
check_all(struct vere_out *out, struct vere *v)
{
	enum vere_got got;
	struct vere_event e;

	while ((got = vere_next(v, &e)) == VERE_EVENT)
		out->last = e.id;
	if (got == VERE_SYS)
		return fail_errno(out, v->why);
	return got == VERE_END ? 0 : say(out, VERE_HURT, log_dir, v->why);
}

/* A log that was begun has META alone, and no epoch yet. */
static int
check_ship(struct vere_out *out, struct vere *v, const struct vere_meta *meta)
{
	const struct vere_meta *has = &v->meta;

	if (v->flat ? v->last > 0 : v->n != 1 || v->first != 1)
		return say(
		    out, VERE_OTHER, log_dir, "it is not one epoch, 0i0");
	if (memcmp(has->who, meta->who, sizeof has->who) != 0 ||
	    has->fake != meta->fake || has->life != meta->life)
		return say(out, VERE_OTHER, log_dir, "it is of another ship");
	return check_all(out, v);
}

static int
check_log(struct vere_out *out, const char *pier, const struct vere_meta *meta)
{
	struct vere v;
	int rc;

	switch (vere_open(&v, pier)) {
	case VERE_EVENT:
		rc = check_ship(out, &v, meta);
		break;
	case VERE_SYS:
		rc = fail_errno(out, v.why);
		break;
	default:
		rc = say(out, VERE_HURT, log_dir, v.why);
	}
	vere_close(&v);
	return rc;
}

/* -------- a place for a new one -------- */

/* The names that a log leaves that was not made to the end. */
static const struct place {
	const char *dir, *names[3];
} places[] = {
    {"", {".urb"}},
    {".urb", {"put", "get", "log"}},
    {log_dir, {"0i0.new", "data.mdb"}},
};

static bool
is_ours(const struct place *p, const char *name)
{
	bool is = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;

	for (size_t i = 0; i < 3 && p->names[i]; i++)
		is |= strcmp(name, p->names[i]) == 0;
	return is;
}

/* Is nothing else there? */
static int
check_place(struct vere_out *out, const char *pier, const struct place *p)
{
	char path[PATH], why[PATH];
	struct dirent *e;
	int rc = 0;
	DIR *d;

	join(path, pier, p->dir, "");
	if ((d = opendir(path)) == NULL)
		return errno == ENOENT ? 0 : fail_errno(out, p->dir);
	while (rc == 0 && (errno = 0, e = readdir(d)) != NULL)
		if (!is_ours(p, e->d_name)) {
			snprintf(why, sizeof why,
			    "a directory with something else in it: %s",
			    e->d_name);
			rc = say(out, VERE_OTHER, p->dir, why);
		}
	if (rc == 0 && errno != 0)
		rc = fail_errno(out, p->dir);
	closedir(d);
	return rc;
}

/* May a log be made here?  One that was begun may be of another ship. */
static int
check_places(
    struct vere_out *out, const char *pier, const struct vere_meta *meta)
{
	char path[PATH];
	int rc = 0;

	for (size_t i = 0; i < sizeof places / sizeof *places && rc == 0; i++)
		rc = check_place(out, pier, &places[i]);
	if (rc != 0)
		return rc;
	join(path, pier, log_dir, "data.mdb");
	return access(path, F_OK) == 0 ? check_log(out, pier, meta) : 0;
}

/* -------- to its user -------- */

int
vere_create(
    struct vere_out *out, const char *pier, const struct vere_meta *meta)
{
	char path[PATH];
	int rc;

	*out = (struct vere_out){0};
	join(path, pier, "", LOG_NAME);
	if (access(path, F_OK) == 0)
		return say(out, VERE_OTHER, LOG_NAME,
		    "the pier there is not one of Vere's");
	join(path, pier, epoch, "data.mdb");
	if (access(path, F_OK) == 0)
		rc = check_log(out, pier, meta);
	else if ((rc = check_places(out, pier, meta)) == 0)
		rc = make_log(out, pier, meta);
	if (rc != 0)
		return rc;
	out->durable = out->last;
	return open_env(out, pier, epoch);
}

/* The transaction is lost, and all that was put in it. */
static int
lose(struct vere_out *out)
{
	if (out->txn)
		mdb_txn_abort(out->txn);
	out->txn = NULL;
	out->last = out->durable;
	return -1;
}

int
vere_put(struct vere_out *out, uint32_t mug, const uint8_t *jam, size_t n)
{
	uint64_t id = out->last + 1;
	MDB_val key = {sizeof id, &id}, value = {n + 4, NULL};
	int rc;

	if (n == 0 || n > UINT32_MAX - 4)
		return fail(out, "event", "LMDB holds 1 byte to 4 GiB of it");
	if (out->txn == NULL &&
	    begin(out, "EVENTS", MDB_INTEGERKEY, &out->events) < 0)
		return lose(out);
	rc = mdb_put(
	    out->txn, out->events, &key, &value, MDB_APPEND | MDB_RESERVE);
	if (rc != 0) {
		fail_lmdb(out, rc);
		return lose(out);
	}
	for (int i = 0; i < 4; i++)
		((uint8_t *)value.mv_data)[i] = (uint8_t)(mug >> 8 * i);
	memcpy((uint8_t *)value.mv_data + 4, jam, n);
	out->last = id;
	return 0;
}

int
vere_commit(struct vere_out *out)
{
	if (out->txn == NULL)
		return 0;
	if (commit(out) < 0)
		return lose(out);
	out->durable = out->last;
	return 0;
}

void
vere_out_close(struct vere_out *out)
{
	close_env(out);
	*out = (struct vere_out){0};
}
