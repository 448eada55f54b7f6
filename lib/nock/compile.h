/*
 * compile -- from a formula to bytecode, for a subject of a given shape.
 *
 * Inside one formula the subject is known by its structure as far as the
 * formula built it itself (opcodes 7, 8, 10, autocons): cells are made only
 * when something needs them whole, and parts are loaded once.  A noun that
 * is no formula compiles to a crash.
 *
 * What is nested too deep, or would make one function too long, is compiled
 * as a function of its own when it is first run: the compiler's recursion
 * and a function's size are bounded whatever the formula is.
 */
#ifndef COMPILE_H
#define COMPILE_H

#include "code.h"

/*
 * What the compiler made, in scratch memory: to be copied before the caller
 * cuts it.  May bail meme; never collects.
 */
void compile(noun formula, uint32_t shape, struct code *out);

#endif
