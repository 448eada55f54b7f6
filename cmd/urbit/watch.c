#include "watch.h"

#include <errno.h>
#include <stdlib.h>

struct watch {
	uv_poll_t poll;
	int events;
	watch_seen *seen;
	void *arg;
};

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *w = poll->data;

	(void)events;
	if (status < 0) /* it was stopped */
		w->events = 0;
	w->seen(w->arg);
}

static void
on_close(uv_handle_t *poll)
{
	free(poll->data);
}

struct watch *
watch_new(uv_loop_t *loop, int fd, int events, watch_seen *seen, void *arg)
{
	struct watch *w = calloc(1, sizeof *w);
	int e;

	if (w == NULL)
		return NULL;
	if ((e = uv_poll_init(loop, &w->poll, fd)) < 0) {
		free(w);
		errno = -e;
		return NULL;
	}
	w->poll.data = w;
	w->seen = seen;
	w->arg = arg;
	watch_for(w, events);
	return w;
}

void
watch_for(struct watch *w, int events)
{
	if (events == w->events)
		return;
	w->events = events;
	if (events)
		uv_poll_start(&w->poll, events, on_poll);
	else
		uv_poll_stop(&w->poll);
}

void
watch_drop(struct watch *w)
{
	if (w)
		uv_close((uv_handle_t *)&w->poll, on_close);
}
