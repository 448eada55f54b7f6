/*
 * lock -- one process has a pier.
 *
 * PIER/.vere.lock is an advisory lock, of fcntl(2), so it ends with the
 * process that has it, however that ends; its number is in the file, in
 * decimal, for people and for scripts.
 *
 * Vere has no such lock, only a file of that name with the number and a
 * newline, which ours lacks: a process of that number which looks like a Vere
 * counts as one that has the pier.
 *
 * A child of fork does not have the lock, and the process that has it can
 * take it again.  Nothing else in this process may open and close the file:
 * that would drop it.
 */
#ifndef LOCK_H
#define LOCK_H

#include <sys/types.h>

#define LOCK_NAME ".vere.lock" /* in a pier */

enum lock_got {
	LOCK_OK,
	LOCK_HELD, /* by process k->pid; 0 = one of another machine */
	LOCK_SYS   /* errno says why */
};

struct lock {
	int fd;
	char *path;
	pid_t pid;     /* who has it */
	pid_t stale;   /* LOCK_OK: it was left behind by this one; 0 = not */
	char name[64]; /* LOCK_HELD: what that process is called, or "" */
	char words[128];
};

/*
 * Take the lock of a pier, a directory.  Never waits.  A lock that was left
 * behind is taken over.  On LOCK_OK give it back with lock_drop().
 */
enum lock_got lock_take(struct lock *k, const char *pier);

/* Words for LOCK_HELD, "process 12 (urbit) has it"; k's own. */
const char *lock_why(struct lock *k);

/* Remove the file and let go.  Takes one that was never taken. */
void lock_drop(struct lock *k);

#endif
