/*
 * filter -- urbit eval -c: what a jam holds, shown as Vere does (pretty.h).
 *
 * With -n the jam is that of the first frame, and what follows it is not
 * read.  With -k it is what a thread answered,
 *
 *     [request mark 0 result]           shown as it is, and so is what a ship
 *     [request %bail goof ...]          says that refuses it
 *     [request mark 1 kind tanks]       the tanks go to standard error, and
 *                                       [request mark 1] is shown
 */
#ifndef FILTER_H
#define FILTER_H

/* Read standard input.  The exit code. */
int filter_run(void);

#endif
