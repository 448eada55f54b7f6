#include "pool_parts.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child: nothing of the parent's stays open or goes off here. */
static _Noreturn void
be_worker(struct pool *p, struct worker *w, int fd)
{
	static const int plain[] = {SIGTERM, SIGHUP, SIGPIPE};
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != p->self)
		kill(getpid(), SIGKILL);
	for (unsigned i = 0; i < p->s.workers; i++)
		if (p->workers[i].pid)
			close(p->workers[i].fd);
	close(p->epoll);
	signal(SIGINT, SIG_IGN);
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		signal(plain[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	pool_worker(w->lane, p->bell, fd, p->s.work, p->s.arg);
}

/* fork(), with all signals blocked in the child. */
static pid_t
fork_quietly(void)
{
	sigset_t all, was;
	pid_t pid;
	int e;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &was);
	pid = fork();
	e = errno;
	if (pid != 0)
		sigprocmask(SIG_SETMASK, &was, NULL);
	errno = e;
	return pid;
}

void
pool_as_new(struct worker *w)
{
	struct lane *l = w->lane;

	*w =
	    (struct worker){.lane = l, .fd = -1, .sent = NO_SLOTS, .half = NIL};
	atomic_store(&l->jobs.put, 0);
	atomic_store(&l->jobs.got, 0);
	atomic_store(&l->answers.put, 0);
	atomic_store(&l->answers.got, 0);
	atomic_store(&l->claim, 0);
	atomic_store(&l->wants, WANTS_NOTHING);
	atomic_store(&l->tell, 0);
	if (atomic_load(&l->pace) == 0)
		atomic_store(&l->pace, PACE_START);
}

/* Fork worker w, which is as new.  0, or -1 with errno set. */
static int
bear(struct pool *p, struct worker *w)
{
	struct epoll_event e = {EPOLLIN, {.ptr = w}};
	int fd[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) < 0)
		return -1;
	if (epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd[0], &e) < 0 ||
	    (pid = fork_quietly()) < 0) {
		int why = errno;

		close(fd[0]);
		close(fd[1]);
		errno = why;
		return -1;
	}
	if (pid == 0) {
		close(fd[0]);
		be_worker(p, w, fd[1]);
	}
	close(fd[1]);
	w->fd = fd[0];
	w->pid = pid;
	p->missing--;
	return 0;
}

int
pool_reap(struct pool *p, struct worker *w)
{
	int status = -1;

	kill(w->pid, SIGKILL); /* of no effect on one that is ending */
	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	epoll_ctl(p->epoll, EPOLL_CTL_DEL, w->fd, NULL);
	close(w->fd);
	w->fd = -1;
	w->pid = 0;
	p->missing++;
	return status;
}

/* Worker died at job i. */
static void
charge(struct pool *p, int32_t i, int status)
{
	struct slot *s = p->slots + i;
	bool sig = status != -1 && WIFSIGNALED(status);

	p->fruitless = 0;
	if (!s->charged) {
		s->charged = true;
		pool_wait_again(p, i);
		return;
	}
	p->job_bytes -= s->n;
	s->n = 0;
	pool_finish(p, i, POOL_DIED,
	    status == -1 || sig ? 0 : WEXITSTATUS(status),
	    sig ? WTERMSIG(status) : 0);
}

void
pool_bury(struct pool *p, struct worker *w)
{
	int status = pool_reap(p, w);
	uint64_t claim = atomic_load(&w->lane->claim);
	int32_t i, at = NIL;

	p->deaths++;
	p->fruitless++;
	while (pool_fetch(p, w, true) == 1)
		;
	pool_drop_part(p, w);
	/* More than one only where there was no memory for an answer. */
	while ((i = w->sent.first) != NIL && p->slots[i].at < claim) {
		if (at != NIL)
			pool_wait_again(p, at);
		at = pool_pop(p, &w->sent);
	}
	pool_wait_again_all(p, &w->sent);
	if (at != NIL)
		charge(p, at, status);
	pool_as_new(w);
}

int
pool_bear_all(struct pool *p)
{
	unsigned missing = p->missing;

	if (p->fruitless >= FRUITLESS_MAX) {
		p->fruitless = 0; /* who calls again wants it tried again */
		errno = ECHILD;
		return -1;
	}
	for (unsigned i = 0; p->missing && i < p->s.workers; i++) {
		struct worker *w = p->workers + i;

		if (w->pid == 0 && bear(p, w) < 0)
			break;
	}
	return p->missing == p->s.workers ? -1 : (int)(missing - p->missing);
}
