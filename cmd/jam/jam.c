/* jam -- a noun to its jam.  The body is convert.c, shared with cue. */
#include "convert.h"
#include "pill.h"

int
main(int argc, char **argv)
{
	static const struct convert jam = {
	    .name = "jam",
	    .about = "write a noun in its portable form, the jam",
	    .from = FORM_ANY,
	    .more = pill_tell,
	};

	return convert_run(&jam, argc, argv);
}
