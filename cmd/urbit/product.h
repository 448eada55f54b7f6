/*
 * product -- a noun written to standard output, for `urbit eval`.
 */
#ifndef PRODUCT_H
#define PRODUCT_H

#include "form.h"

/* In a form.  0, or the exit code.  Never collects. */
int product_put(enum form f, noun n);

/* A tank, as wide as the terminal.  0, or the exit code. */
int product_show(noun tank);

#endif
