/*
 * btree -- a file of LMDB's, read with distrust.
 *
 * liblmdb believes what it maps: a damaged file makes it crash, and one that
 * is cut short meanwhile kills its reader.  So what others wrote is not read
 * through it but here, page by page with pread(), and every length, offset
 * and page number is compared with the page or the file before it is used.
 * Nothing is written, no lock taken, no lock file made.
 *
 * A file is pages of one size, a power of two; numbers are little-endian.
 *
 *     page     0   u64 its number
 *              10  u16 kind: 1 branch, 2 leaf, 4 overflow, 8 meta
 *              12  u16 lower; a branch's or leaf's nodes are (lower - 16) / 2
 *              12  u32 of overflow: how many pages of the file it is
 *              16  u16 offsets of the nodes in the page
 *     meta     pages 0 and 1; transaction n was written to page n % 2
 *              16  u32 0xbeefc0de        20  u32 version, 1
 *              40  tree of free pages; its pad is the size of a page
 *              88  tree of the names of trees
 *              136 u64 last page         144 u64 transaction
 *     tree     0   u32 pad   4  u16 flags   6  u16 depth
 *              8   u64 branch, leaf, overflow pages   32  u64 entries
 *              40  u64 root
 *     node     0   u32 size of the value, or bits 0..31 of a page's number
 *              4   u16 flags, or bits 32..47 of it
 *              6   u16 size of the key   8   the key, then the value
 *
 * In a leaf a flag says that the value is the number of the first of the
 * overflow pages that hold it, 16 bytes into them (1), or a tree (2).  The
 * first key of a branch means nothing: it is less than all others.
 *
 * These are the files of LMDB 0.9 on a little-endian machine of 64 bits.
 * There are no checksums in them: what is flipped in a value is not noticed
 * here.
 */
#ifndef BTREE_H
#define BTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BTREE_DEPTH_MAX = 32 };

enum btree_got {
	BTREE_GOT,
	BTREE_NONE, /* there is no such thing, or no more */
	BTREE_BAD,  /* the file's why says what is wrong */
	BTREE_SYS   /* errno says why */
};

/* A tree of a file.  Depth 0: it is empty. */
struct btree {
	uint64_t root, entries;
	unsigned depth;
};

struct btree_file {
	char why[96];

	int fd;
	size_t page; /* bytes of one */
	uint64_t bytes, last, transaction;
	struct btree names;
};

/* A place in a tree.  Starts as all zero. */
struct btree_cursor {
	const uint8_t *key, *value; /* the cursor's, until it moves */
	size_t key_n, value_n;

	struct btree_file *f;
	struct btree tree;
	uint8_t *pages; /* from the root down */
	unsigned at[BTREE_DEPTH_MAX], count[BTREE_DEPTH_MAX];
	uint8_t *big; /* a value from overflow pages */
	size_t big_room;
};

/*
 * Look at the file on fd, which stays the caller's and must stay open.
 * BTREE_GOT, BTREE_BAD or BTREE_SYS.
 */
enum btree_got btree_init(struct btree_file *f, int fd);

/* The tree of this name.  BTREE_NONE: the file has none. */
enum btree_got btree_find(
    struct btree_file *f, const char *name, struct btree *t);

/*
 * Has the file been written to since btree_init()?  Pages may have been
 * used anew then, so that what seems damage is none.
 */
bool btree_changed(const struct btree_file *f);

/*
 * Go to the first or the last entry of t; or, the keys being numbers of 8
 * bytes, to the entry of that number or the first one after it.
 */
enum btree_got btree_first(
    struct btree_cursor *c, struct btree_file *f, const struct btree *t);
enum btree_got btree_last(
    struct btree_cursor *c, struct btree_file *f, const struct btree *t);
enum btree_got btree_number(struct btree_cursor *c, struct btree_file *f,
    const struct btree *t, uint64_t number);

/* Go to the next entry. */
enum btree_got btree_next(struct btree_cursor *c);

/* Give the cursor's memory back; it is as new. */
void btree_free(struct btree_cursor *c);

#endif
