/*
 * nonblock -- a standard descriptor that is not waited for.
 */
#ifndef NONBLOCK_H
#define NONBLOCK_H

/*
 * The descriptor to use in place of fd, how it is opened being O_RDONLY or
 * O_WRONLY.  A pipe is opened once more, so that its flags are no business of
 * others who have it; a socket cannot be, and gets the flag.  A file never
 * makes anyone wait.
 */
int nonblock(int fd, int how);

#endif
