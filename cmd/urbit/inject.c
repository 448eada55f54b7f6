#include "inject.h"

#include <stdlib.h>
#include <string.h>

#include "atom.h"
#include "frame.h"
#include "heap.h"
#include "jam.h"
#include "load.h"
#include "options.h"
#include "shape.h"
#include "tool.h"

/* -------- the events -------- */

/* [wire tag data] */
static bool
is_event(noun n)
{
	noun wire, tag, data;
	uint64_t knots;

	return uncons3(n, &wire, &tag, &data) && is_cell(wire) &&
	    list_of_atoms(wire) && list_length(wire, &knots) &&
	    knots <= FRAME_KNOTS && is_atom(tag);
}

/* "#import_" and the bytes of an archive, as one. */
static noun
import_bytes(noun archive)
{
	static const char mark[] = "#import_";
	size_t n = atom_bytes(archive), m = sizeof mark - 1;
	uint64_t *limbs = heap_atom_begin((n + m) / 8 + 1), room;

	memset(limbs, 0, ((n + m) / 8 + 1) * 8);
	memcpy(limbs, mark, m);
	memcpy((char *)limbs + m, atom_view(archive, &room), n);
	return heap_atom_end((n + m) / 8 + 1);
}

/*
 * [/e/http-server %request-local | [%ipv4 .127.0.0.1] %'POST' '/' ~ ~ size
 * data], as Vere asks it of itself.
 */
static noun
import_event(noun archive)
{
	noun data = import_bytes(archive);
	noun body = cons3(0, atom_word(atom_bytes(data)), data);
	noun request = cons4(atom_cord("POST"), atom_cord("/"), 0, body);
	noun address = cons(atom_cord("ipv4"), atom_word(0x7f000001));
	noun wire = cons3(atom_cord("e"), atom_cord("http-server"), 0);

	return cons3(
	    wire, atom_cord("request-local"), cons3(NO, address, request));
}

/* -------- reading them -------- */

/* Under a trap. */
struct making {
	noun n, jam;
	bool import, good;
};

static void
make(void *arg)
{
	struct making *m = arg;

	m->good = m->import ? is_atom(m->n) : is_event(m->n);
	if (m->good)
		m->jam = jam(m->import ? import_event(m->n) : m->n);
}

static int
keep(noun jam, const void **p, size_t *n)
{
	uint64_t room;

	*n = atom_bytes(jam);
	if ((*p = malloc(*n)) == NULL)
		return tool_errno("event");
	memcpy((void *)*p, atom_view(jam, &room), *n);
	return 0;
}

static int
load(const char *file, bool import, const void **p, size_t *n)
{
	struct making m = {.import = import};
	enum bail kind;
	int code = load_input(file, FORM_JAM, &m.n);

	if (code != 0)
		return code;
	if ((kind = trap_run(make, &m)) != BAIL_NONE)
		return load_gave_up(file, kind);
	if (!m.good)
		return tool_fail(TOOL_DATA, file,
		    import ? "is no archive, an atom"
		           : "is no event, [wire tag data]");
	return keep(m.jam, p, n);
}

int
inject_load(const void **p, size_t *n)
{
	const char *file = options.inject ? options.inject : options.import;
	int code;

	*p = NULL;
	*n = 0;
	if (file == NULL)
		return 0;
	if (heap_init(NULL) < 0)
		return tool_errno("heap");
	code = load(file, options.import != NULL, p, n);
	heap_free();
	return code;
}
