/*
 * batch -- urbit eval --batch: an expression a line, an answer a line.
 *
 *     MUG TAB TEXT    the product: its mug in hexadecimal, and as text
 *                     (text.h), which past 200 bytes ends in ...
 *     CRASH           it crashed, or is no Hoon
 *     TIME?  MEME?    there is no answer: out of time, memory, stack, or
 *     OVER?  FAIL?    beyond this runtime
 *
 * Each answer is out before the next line is read.
 */
#ifndef BATCH_H
#define BATCH_H

/* Call when the kernel is loaded.  The exit code. */
int batch_run(void);

#endif
