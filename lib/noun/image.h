/*
 * image -- nouns to bytes and back: the heap's own words.
 *
 * Between two processes of this project a noun need not be encoded: the
 * image form is its cells and atoms as they lie in memory, relative to two
 * bases, children before parents.  doc/image.5 has the bytes.
 *
 *     0    "nounimg1"              magic and version
 *     8    u64 cells               number of cells
 *     16   u64 words               number of words of atoms, headers too
 *     24   u64 root                a reference
 *     32   u64 xxh3 of bytes 0..31
 *     40   words of atoms          as in noun.h: header, limbs; ...
 *     ...  cells                   two references each
 *     ...  u64 xxh3 of all the atoms' and cells' bytes
 *
 *     reference   value << 1       a direct atom
 *                 i << 4 | 1       cell i
 *                 i << 3 | 3       the boxed atom whose header is word i
 *
 * A cell's references name only cells with a lower number.  That makes a
 * cycle impossible, and one pass both checks and relocates.  Atoms are
 * normalised and carry no mug.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include "noun.h"

enum { IMAGE_HEADER = 40, IMAGE_TRAILER = 8 };

#define IMAGE_MAGIC "nounimg1"

/* -------- writing -------- */

/* As in text.h: 0 to go on. */
struct image_sink {
	int (*put)(struct image_sink *, const void *p, size_t n);
};

/*
 * Write the image form of n in pieces.  0, or what put() returned.  May
 * bail meme; never collects.
 */
int image_write(struct image_sink *s, noun n);

/* -------- reading -------- */

struct image_fault {
	const char *reason; /* a constant */
	uint64_t at;        /* byte offset in the image */
};

/*
 * The whole length of the image whose first IMAGE_HEADER bytes are at p, or
 * 0 with *fault told if they are no header.
 */
uint64_t image_length(const void *p, struct image_fault *fault);

/*
 * Read the image in p[0..n) into *out.  0, or -1 with *fault told; then no
 * noun was made.  May bail meme; never collects.
 */
int image_read(const void *p, size_t n, noun *out, struct image_fault *fault);

#endif
