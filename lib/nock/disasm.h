/*
 * disasm -- the bytecode of a formula, for people.
 *
 * Prints the function that the formula is compiled to for a subject of a
 * shape (code.h): a line an instruction, with its number and its operands.
 * The functions that it calls are not printed, for they are compiled only
 * when they are run.
 */
#ifndef DISASM_H
#define DISASM_H

#include "noun.h"
#include "text.h"

/*
 * 0, or what put() returned.  May bail meme; never collects.  Between the
 * trap and here put() may not hold what must be freed.
 */
int disasm(struct text_sink *s, noun formula, uint32_t shape);

#endif
