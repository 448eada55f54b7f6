/*
 * readers -- for tests: other processes that have the image of piers.h open
 * and say what they see in it.
 */
#ifndef READERS_H
#define READERS_H

#include "piers.h"

/* For each byte: refresh, and say the event; or STALE, or WRONG. */
#define STALE UINT64_MAX
#define WRONG (UINT64_MAX - 1)

static inline void
read_along(int from, int to)
{
	struct store s;
	char go;

	if (pier_open(&s, STORE_READ) != STORE_OK)
		_exit(1);
	while (read(from, &go, 1) == 1) {
		enum store_got got = store_refresh(&s);
		uint64_t say = got == STORE_STALE ? STALE : s.event;

		if (got == STORE_OK && !pier_is(&s, s.event))
			say = WRONG;
		/* Give back what was made for that. */
		stack_push(s.root);
		heap_collect(HEAP_MAJOR);
		stack_pop();
		if (write(to, &say, sizeof say) != sizeof say)
			_exit(1);
	}
	_exit(0);
}

struct reader {
	int to, from;
	pid_t pid;
};

static inline struct reader
start_reader(void)
{
	struct reader r;
	int a[2], b[2];

	if (pipe(a) != 0 || pipe(b) != 0 || (r.pid = fork()) < 0)
		exit(111);
	if (r.pid == 0) {
		close(a[1]);
		close(b[0]);
		read_along(a[0], b[1]);
	}
	close(a[0]);
	close(b[1]);
	r.to = a[1];
	r.from = b[0];
	return r;
}

static inline uint64_t
ask(struct reader *r)
{
	uint64_t said = 0;

	if (write(r->to, "", 1) != 1 ||
	    read(r->from, &said, sizeof said) != sizeof said)
		return 0;
	return said;
}

/* A later one has the pipes of those before it. */
static inline void
end_readers(struct reader *r, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		close(r[i].to);
	for (unsigned i = 0; i < n; i++)
		waitpid(r[i].pid, NULL, 0);
}

#endif
