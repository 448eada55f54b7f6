/*
 * serve -- questions on standard input, answers on standard output, in
 * order: [%peek id sample]; [%peek id 0 product] or [%peek id 1 tang].
 */
#ifndef SERVE_H
#define SERVE_H

#include "reader.h"

/* Until the input ends.  The exit code. */
int serve(struct reader *r);

#endif
