/*
 * jail -- what a process gives up before it reads what strangers sent.
 *
 * After jail_enter() a process can use the descriptors it has, ask for
 * memory and time, and end.  It cannot open, make, rename or look up a file,
 * run a program, signal another process or gain a privilege; it can have
 * back what it names in `may`.  What is refused fails with EPERM, so that a
 * library that tries gets an answer; nothing undoes a jail.
 *
 * It is seccomp, by libseccomp; its filter is inherited by children, of which
 * there can be none.
 */
#ifndef JAIL_H
#define JAIL_H

enum jail_may {
	JAIL_NOTHING = 0,
	JAIL_ACCEPT = 1,  /* take connections on sockets it has */
	JAIL_CONNECT = 2, /* make and bind sockets of the internet */
	JAIL_TTY = 4,     /* set the modes of a terminal it has */
	JAIL_THREADS = 8, /* more threads: a library's resolver */
	JAIL_READ = 16    /* open files to read: certificates, zones */
};

/*
 * 0, or -1 with errno set.  ENOSYS where the kernel has no seccomp: whether
 * to go on without is the caller's choice, and to be said.
 */
int jail_enter(unsigned may);

#endif
