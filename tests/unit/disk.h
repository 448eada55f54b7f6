/*
 * disk -- for tests: the system calls that write to a disk, which can fail,
 * or be the last thing that a process does.
 *
 * These stand in the place of the C library's.  Each call counts.  The one
 * with the number disk_at fails with disk_error, or, if that is 0, the
 * process dies before it.  If disk_power is set, so does the machine: then
 * each sector written since the last sync may have got to the disk or not.
 *
 * To read a bad byte fails with EIO, each time.
 */
#ifndef DISK_H
#define DISK_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static off_t disk_bad;               /* nobody reads the byte there; 0 = no */
static unsigned disk_calls, disk_at; /* counted from 1; 0 = never */
static int disk_error;
static uint64_t disk_power; /* a seed; 0 = no */

enum { DISK_SECTOR = 512 };

/* What a sector held when the file was last synced. */
static struct disk_sector {
	int fd;
	off_t at;
	char old[DISK_SECTOR];
	struct disk_sector *next;
} * disk_dirty[4096];

enum { DISK_BUCKETS = sizeof disk_dirty / sizeof *disk_dirty };

static inline void
disk_note_sector(int fd, off_t at)
{
	struct disk_sector *d,
	    **bucket = &disk_dirty[at / DISK_SECTOR % DISK_BUCKETS];

	for (d = *bucket; d; d = d->next)
		if (d->fd == fd && d->at == at)
			return;
	if ((d = calloc(1, sizeof *d)) == NULL)
		exit(111);
	d->fd = fd;
	d->at = at;
	d->next = *bucket;
	if (pread(fd, d->old, DISK_SECTOR, at) < 0)
		perror("pread");
	*bucket = d;
}

static inline void
disk_note(int fd, off_t at, size_t n)
{
	for (off_t a = at / DISK_SECTOR * DISK_SECTOR; a < at + (off_t)n;
	     a += DISK_SECTOR)
		disk_note_sector(fd, a);
}

static inline void
disk_synced(int fd)
{
	for (unsigned i = 0; i < DISK_BUCKETS; i++) {
		struct disk_sector **p = &disk_dirty[i], *d;

		while ((d = *p) != NULL) {
			if (d->fd != fd) {
				p = &d->next;
				continue;
			}
			*p = d->next;
			free(d);
		}
	}
}

static inline bool
disk_lost(off_t at)
{
	uint64_t z = disk_power + (uint64_t)at * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	return (z >> 33) % 2;
}

static inline void
disk_die(void)
{
	for (unsigned i = 0; disk_power && i < DISK_BUCKETS; i++)
		for (struct disk_sector *d = disk_dirty[i]; d; d = d->next)
			if (disk_lost(d->at))
				syscall(SYS_pwrite64, d->fd, d->old,
				    (size_t)DISK_SECTOR, d->at);
	kill(getpid(), SIGKILL);
}

/* True if the call is to fail. */
static inline bool
disk_call(void)
{
	if (++disk_calls != disk_at)
		return false;
	if (disk_error == 0)
		disk_die();
	errno = disk_error;
	return true;
}

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	if (disk_bad > 0 && at <= disk_bad && disk_bad < at + (off_t)n) {
		errno = EIO;
		return -1;
	}
	return syscall(SYS_pread64, fd, p, n, at);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	if (disk_call())
		return -1;
	if (disk_power)
		disk_note(fd, at, n);
	return syscall(SYS_pwrite64, fd, p, n, at);
}

int
fdatasync(int fd)
{
	if (disk_call())
		return -1;
	disk_synced(fd);
	return 0; /* the tests' machine does not lose power */
}

int
fsync(int fd)
{
	return fdatasync(fd);
}

int
ftruncate(int fd, off_t n)
{
	return disk_call() ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

int
rename(const char *from, const char *to)
{
	return disk_call() ? -1 : (int)syscall(SYS_rename, from, to);
}

#endif
