/*
 * super -- the superblocks of an image file, and what is where in it.
 *
 *     0        a superblock                  4096 bytes each;
 *     16 KiB   what was published            the newest valid one counts
 *     32 KiB   the other superblock
 *     64 KiB   extents, one behind the other
 *
 * The two superblocks of checkpoints, used in turn, speak of what is on the
 * disk.  The one between them speaks of what was written and may be in the
 * memory of the machine only: it holds while that is up, and so has its boot.
 *
 * The image is three rows of bytes: cells, the cells' mugs (4 bytes for 16),
 * boxed atoms.  They lie in extents:
 *
 *     of cells   b bytes of cells, b/4 of their mugs, then the sums of both
 *     of atoms   b bytes of atoms, then their sums
 *
 * A sum is the XXH3 of a whole block of 64 KiB of a row; that of a row's
 * last block, if it is only begun, is in the superblock.  What lies behind
 * the length of a row is not part of the image, and may be anything.  All
 * words are little-endian; pier-image(5) has the rest.
 *
 * Nothing here does I/O or knows where the image is in memory.
 */
#ifndef SUPER_H
#define SUPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUPER_MAGIC "nounpie1"

enum {
	SUPER_BYTES = 4096,
	SUPER_SPACING = 32 << 10,
	SUPER_LIVE = 16 << 10,
	SUPER_BLOCK = 64 << 10,
	SUPER_FIRST = 64 << 10, /* where the extents begin */
	SUPER_EXTENTS = 123,    /* at most, of either kind */
	SUPER_GROW = 4 << 20,   /* least size of an extent */
	SUPER_UNIT = 256 << 10  /* sizes of extents are multiples of it */
};

enum super_row { SUPER_CELLS, SUPER_MUGS, SUPER_ATOMS, SUPER_ROWS };

struct super_extent {
	uint64_t at, bytes; /* offset in the file; bytes of cells or atoms */
};

struct super {
	char magic[8];
	uint64_t sequence;             /* of checkpoints: one more each time */
	uint64_t event;                /* the last one that is in it */
	uint64_t root;                 /* the noun, as a word of the file */
	uint64_t cells_at, atoms_at;   /* addresses that its words mean */
	uint64_t cells, atoms;         /* bytes in the rows */
	uint64_t old_cells, old_atoms; /* in the checkpoint before */
	uint64_t packed;               /* bytes after the last compaction */
	uint64_t begun[SUPER_ROWS];    /* sums of begun blocks */
	uint64_t order;                /* of all superblocks: one more each */
	uint64_t boot;                 /* of what was published; else 0 */
	uint64_t zero;
	uint32_t mug;                     /* of the root */
	uint32_t n_cells, n_atoms, zero4; /* extents of either kind */
	struct super_extent cell_extent[SUPER_EXTENTS];
	struct super_extent atom_extent[SUPER_EXTENTS];
	uint64_t sum; /* XXH3 of all before */
};

_Static_assert(sizeof(struct super) == SUPER_BYTES, "the format is fixed");

/* The superblock of an image of nothing, for a heap at these addresses. */
void super_begin(struct super *s, uint64_t cells_at, uint64_t atoms_at);

/* Set its sum. */
void super_seal(struct super *s);

/* NULL if s can be believed in a file of so many bytes, or why it cannot. */
const char *super_fault(const struct super *s, uint64_t file);

/* Where in the file that of a checkpoint belongs. */
uint64_t super_place(uint64_t sequence);

/* Is a the newer one? */
bool super_newer(const struct super *a, const struct super *b);

/* Bytes in a row. */
uint64_t super_length(const struct super *s, enum super_row row);

/* Have extents for so many bytes of cells and atoms; false if too many. */
bool super_grow(struct super *s, uint64_t cells, uint64_t atoms);

/* The length of the file that holds all extents. */
uint64_t super_end(const struct super *s);

/* Where byte `pos` of a row is: it must be within the extents. */
struct super_spot {
	uint64_t at;   /* offset in the file */
	uint64_t room; /* bytes of the row that follow there, from pos on */
	uint64_t sum;  /* offset of the sum of its block */
};

struct super_spot super_find(
    const struct super *s, enum super_row row, uint64_t pos);

#endif
