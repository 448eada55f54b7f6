#include "product.h"

#include <errno.h>
#include <unistd.h>

#include "bail.h"
#include "load.h"
#include "tell.h"
#include "tool.h"

static struct out out;

/* Under a trap. */
struct writing {
	struct form_writer writer;
	noun n;
	int rc, error;
};

static void
write_noun(void *arg)
{
	struct writing *w = arg;

	w->rc = form_write(&w->writer, w->n);
	w->error = errno;
}

int
product_put(enum form f, noun n)
{
	struct writing w = {.writer = {.out = &out, .form = f}, .n = n};
	enum bail kind;

	out_init(&out, STDOUT_FILENO);
	if ((kind = trap_run(write_noun, &w)) != BAIL_NONE)
		return load_gave_up("product", kind);
	errno = w.error;
	if (w.rc < 0 && errno == EMSGSIZE)
		return tool_fail(
		    TOOL_NO, "product", "its jam is too long for a frame");
	if (w.rc < 0 || out_flush(&out) < 0)
		return tool_errno("stdout");
	return 0;
}

int
product_show(noun tank)
{
	enum bail kind = tell_tank(&tell_out, "", tank);

	if (tell_flush(&tell_out) < 0)
		return tool_errno("stdout");
	return kind == BAIL_NONE ? 0 : load_gave_up("product", kind);
}
