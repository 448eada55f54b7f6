/*
 * store_parts -- what the files of the store share.  For store*.c only.
 *
 *     store.c          open, map, close
 *     store_choose.c   superblocks; readers
 *     store_write.c    checkpoints
 *     store_verify.c   sums compared
 *     store_compact.c  a new file
 */
#ifndef STORE_PARTS_H
#define STORE_PARTS_H

#include "store.h"

/* Say what is wrong, and give it back. */
enum store_got store_fail(struct store *s, enum store_got got,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same of a system call, with errno's words. */
enum store_got store_errno(struct store *s, const char *what);

/* All n bytes of fd at an offset: 0, or -1 with errno set. */
int store_get_at(int fd, uint64_t at, void *p, size_t n);
int store_put_at(int fd, uint64_t at, const void *p, size_t n);

/* Where the row begins in memory. */
char *store_row(enum super_row row);

/* Words of cells that mean addresses there, for ones here; or the reverse
 * with both negated. */
void store_relocate(
    noun *words, size_t n, uint64_t cells_off, uint64_t atoms_off);

/* A number of this start of the machine; 0 with errno set if unknown. */
uint64_t store_boot(void);

/* The public part of s is of this superblock. */
void store_take(struct store *s, const struct super *sup);

/* Map the whole pages of the rows of sup that are not mapped yet. */
int store_map(struct store *s, const struct super *sup);

/* Does the file say that there is something newer than s->there? */
bool store_any_newer(const struct store *s);

/* The file was replaced: have readers look. */
void store_renounce(struct store *s);

/* Choose what counts: s->there, and the last checkpoint, s->super. */
enum store_got store_choose(struct store *s);

/* Have the rows of s->there in memory, of which `had` is there. */
enum store_got store_place(struct store *s, const struct super *had);

/* Put p, a block or the beginning of one, where block pos / SUPER_BLOCK of
 * the row is, but for the first `had` bytes, which are there; and its sum
 * there, or in sup.  0, or -1 with errno set. */
int store_put_block(int fd, struct super *sup, enum super_row row, uint64_t pos,
    const void *p, size_t n, size_t had);

/* Compare the bytes of a row between two places, and what is in the same
 * blocks, with their sums. */
enum store_got store_verify_row(struct store *s, const struct super *sup,
    enum super_row row, uint64_t from, uint64_t to);

/* PATH.new, where a new file is made. */
int store_new_path(char *to, size_t n, const char *path);

#endif
