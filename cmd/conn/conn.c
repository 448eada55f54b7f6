/*
 * conn -- the driver of the control socket: what clients on this machine
 * want of the ship.
 */
#include "conn.h"

#include <unistd.h>

#include "answer.h"
#include "chan.h"
#include "listen.h"
#include "request.h"
#include "tool.h"

enum { FRAME = 64 << 20 };

#define HEAP ((size_t)2 << 30)

/* id, letter, word, value, help */
#define OPTIONS(X)                                                    \
	X(READY, 'd', NULL, "FD", "write a newline there when ready") \
	X(MAX, 0, "max", "SIZE", "the longest frame taken; 64M")      \
	X(QUEUE, 0, "queue", "SIZE",                                  \
	    "what may wait for a client that does not read; 64M")     \
	X(HEAP, 0, "heap", "SIZE", "most memory for one frame; 2G")

enum { OPTIONS(TOOL_OPT) OPTIONS_N };

static const struct tool_option table[] = {OPTIONS(TOOL_ROW)};

static struct tool tool = {
    .name = "conn",
    .about = "the control socket of a ship",
    .operands = "PIER",
    .options = table,
    .n_options = OPTIONS_N,
};

static void
closed(struct driver *d)
{
	(void)d;
	conn.ended = true;
	chan_close_all();
}

static void
drained(struct driver *d)
{
	(void)d;
	chan_wake_all();
}

struct conn conn = {
    .d = {.name = "conn",
        .jail = JAIL_ACCEPT,
        .heap = HEAP,
        .born = request_born,
        .card = answer_card,
        .message = answer_message,
        .drained = drained,
        .closed = closed},
    .frame = FRAME,
    .queue = FRAME,
};

static int
set_size(const char *option, const char *value, size_t *to)
{
	return tool_size(value, to)
	    ? 0
	    : tool_usage(option, "wants a size, such as 64M");
}

static int
set(int option, const char *value)
{
	switch (option) {
	case OPT_MAX:
		return set_size("--max", value, &conn.frame);
	case OPT_QUEUE:
		return set_size("--queue", value, &conn.queue);
	case OPT_HEAP:
		return set_size("--heap", value, &conn.d.heap);
	default:
		return driver_ready_option(value, &conn.d.ready_fd);
	}
}

static const char *pier;

static int
set_pier(const char *s)
{
	if (pier)
		return tool_usage(s, "one pier at a time");
	pier = s;
	return 0;
}

int
main(int argc, char **argv)
{
	int code, fd;

	tool_init(&tool);
	if ((code = tool_take(argc, argv, set, set_pier)) != TOOL_GO)
		return code;
	if (pier == NULL)
		return tool_usage("pier", "there is none");
	conn.limit = listen_room();
	if ((fd = listen_open(pier)) < 0)
		return TOOL_SYS;
	if ((code = driver_init(&conn.d)) != 0)
		return code;
	if ((code = chan_listen(fd)) < 0)
		return tool_fail(TOOL_SYS, "socket", "%s", uv_strerror(code));
	return driver_run(&conn.d);
}
