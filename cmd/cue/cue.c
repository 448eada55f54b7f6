/* cue -- a noun out of its jam.  The body is convert.c, shared with jam. */
#include "convert.h"
#include "pill.h"

int
main(int argc, char **argv)
{
	static const struct convert cue = {
	    .name = "cue",
	    .about = "read a noun from its jam and show it, or pass it on",
	    .from = FORM_BINARY,
	    .view = true,
	    .more = pill_tell,
	};

	return convert_run(&cue, argc, argv);
}
