/*
 * argon.c -- the gate that ++argon2 of zuse makes.
 *
 * The sample is [msg sat], two byts.  What the gate was made for lies around
 * it: the sample of the gate that made it, and what that had worked out,
 * [buffer segment columns blocks ..].  Those have to be what follows from
 * the sample, or else the Hoon is run on them as they are.
 *
 * Byts are big-endian, the hash is a number that begins with its first byte.
 */
#include "jet.h"

#include "argon2.h"
#include "bytes.h"

/* Blocks to make, hours of them: above this the Hoon begins, interruptible. */
#define WORK_MAX ((uint64_t)1 << 34)

static bool
word_get(noun n, uint32_t *w)
{
	*w = (uint32_t)direct_value(n);
	return is_direct(n) && direct_value(n) <= UINT32_MAX;
}

static bool
type_get(noun n, enum argon2_type *type)
{
	static const struct {
		const char *name;
		enum argon2_type type;
	} types[] = {{"d", ARGON2_D}, {"i", ARGON2_I}, {"id", ARGON2_ID},
	    {"u", ARGON2_U}};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (is_atom(n) && atom_is(n, types[i].name)) {
			*type = types[i].type;
			return true;
		}
	return false;
}

/* A byts, as it is written: the most significant byte first. */
static bool
text_get(noun byts, struct argon2_text *t)
{
	noun dat;

	if (!bytes_octs(byts, &t->n, &dat))
		return false;
	t->p = bytes_push_reversed(dat, t->n);
	return true;
}

/* config is [out type version threads memory time key extra]. */
static bool
config_get(noun config, struct argon2 *a, struct argon2_text text[4])
{
	noun out, type, version, rest, threads, memory, time, key, extra;

	return uncons4(config, &out, &type, &version, &rest) &&
	    uncons4(rest, &threads, &memory, &time, &rest) &&
	    uncons(rest, &key, &extra) && word_get(out, &a->size) &&
	    type_get(type, &a->type) && word_get(version, &a->version) &&
	    (a->version == 0x10 || a->version == 0x13) &&
	    word_get(threads, &a->lanes) && a->lanes > 0 &&
	    word_get(memory, &a->memory) &&
	    a->memory >= 8 * (uint64_t)a->lanes && word_get(time, &a->passes) &&
	    a->passes > 0 && argon2_blocks(a) * a->passes <= WORK_MAX &&
	    text_get(key, &text[2]) && text_get(extra, &text[3]);
}

static bool
is_zeros(noun list, uint64_t n)
{
	for (; n > 0 && is_cell(list) && head(list) == 0; n--)
		list = tail(list);
	return n == 0 && list == 0;
}

/* A row of zeros for each lane; mostly all rows are the same noun. */
static bool
is_buffer(noun rows, uint64_t lanes, uint64_t columns)
{
	noun row = 0;

	for (; lanes > 0 && is_cell(rows); lanes--, rows = tail(rows)) {
		if (head(rows) != row && !is_zeros(head(rows), columns))
			return false;
		row = head(rows);
	}
	return lanes == 0 && rows == 0;
}

/* Is the gate's surrounding what this makes of it? */
static bool
is_made_by(noun context, const struct argon2 *a)
{
	uint64_t n = argon2_blocks(a), columns_n = n / a->lanes;
	noun buffer, segment, columns, rest;

	return uncons4(context, &buffer, &segment, &columns, &rest) &&
	    is_cell(rest) && head(rest) == direct(n) &&
	    columns == direct(columns_n) && segment == direct(columns_n / 4) &&
	    is_buffer(buffer, a->lanes, columns_n);
}

static noun
argon2(noun sample, noun config, noun context)
{
	struct argon2_text text[4];
	struct argon2 a;
	uint8_t *out;
	void *memory;
	noun msg, sat;

	if (!uncons(sample, &msg, &sat) || !config_get(config, &a, text) ||
	    !is_made_by(context, &a) || !text_get(msg, &text[0]) ||
	    !text_get(sat, &text[1]) || text[1].n < 8)
		return JET_PASS;
	memory = scratch_push(argon2_blocks(&a) * 1024);
	out = (uint8_t *)scratch_push((size_t)a.size + 1);
	return bytes_atom_reversed(out, argon2_hash(&a, text, memory, out));
}

/* The gate that made this one is the fifth thing in its context. */
noun
jet_argon2(noun sample, noun context)
{
	char *top = scratch_top();
	noun maker, config, product;

	if (!axis_get_word(context, 31, &maker) || !jet_door(maker, &config))
		return JET_PASS;
	product = argon2(sample, config, context);
	scratch_cut(top);
	return product;
}
