/*
 * mug -- the field's 31-bit hash of a noun, never zero.
 *
 * An atom: MurmurHash3 (x86, 32 bit) of its significant bytes, the top bit
 * folded onto the lowest; the seed starts at 0xcafebabe and counts up while
 * the result is zero.  A cell: the same over head's mug (4 bytes) and
 * tail's mug (its significant bytes), from seed 0xdeadbeef.  This is what
 * Vere computes and what its logs and jets hold.
 *
 * The mugs of cells are kept in the heap's side table, those of boxed atoms
 * in their header.  May bail meme (scratch memory); never collects.
 */
#ifndef MUG_H
#define MUG_H

#include "noun.h"

uint32_t mug(noun n);

/* The mug of a cell from its parts' mugs. */
uint32_t mug_both(uint32_t head, uint32_t tail);

/* The mug of the atom with these n bytes, the last of them not zero. */
uint32_t mug_bytes(const void *p, size_t n);

/*
 * Know the mugs of all cells and boxed atoms of the image that stand behind
 * its first so many bytes.  What stands before is known already: nothing in
 * the image is ever written to after this.
 */
void mug_image(size_t cells, size_t atoms);

/* The mug if it is known, else 0. */
uint32_t mug_known(noun n);

#endif
