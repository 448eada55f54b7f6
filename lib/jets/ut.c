/*
 * ut -- the memo jets of the Hoon compiler: each gives the key under which
 * the product of its Hoon is kept, and runs nothing.
 *
 *     key    [tag battery outer sut ...]
 *
 * The tag is the function's number and vet in one direct atom, battery and
 * outer are those of the door ut (all of the compiler that the Hoon may
 * reach), sut is the door's subject type and the rest the function's own
 * arguments.  A crash is never kept.
 *
 * Two fields of the door are not in the keys, though the Hoon reads them,
 * because a key with them is hardly ever met again: on its own source, 11 s
 * of work, the compiler was not done after 30 s with both, and after 16 s
 * with rib.
 *
 *   fan   the holds that are being expanded.  rest crashes on one of them,
 *         but then the expansion that led there needs itself, and nothing
 *         that is in need of it has ever come to a product.  redo leaves
 *         such a hold as it is, where otherwise it may give it other faces.
 *   rib   the wet calls that are being checked, so as not to check them
 *         again; they do not change a product, only whether there is one.
 *
 * Vere's keys are without them too, and kernels are compiled so.  With these
 * keys the compiler of kelvin 140 makes of its source the formula that its
 * pill has.
 */
#include "ut.h"

bool
ut_open(noun door, struct ut *u)
{
	noun guards, fan, rib;

	return uncons4(door, &u->battery, &u->sut, &guards, &u->outer) &&
	    uncons3(guards, &fan, &rib, &u->vet) &&
	    (u->vet == YES || u->vet == NO);
}

noun
ut_key(enum ut_function f, const struct ut *u, noun args)
{
	noun tag = direct((uint64_t)f << 1 | direct_value(u->vet));

	return cons4(tag, u->battery, u->outer, cons(u->sut, args));
}

/* Of a gate right in the door. */
static noun
gate_key(enum ut_function f, noun sample, noun context)
{
	struct ut u;

	return ut_open(context, &u) ? ut_key(f, &u, sample) : JET_PASS;
}

noun
jet_ut_crop(noun sample, noun context)
{
	return gate_key(CROP, sample, context);
}

noun
jet_ut_fish(noun sample, noun context)
{
	return gate_key(FISH, sample, context);
}

noun
jet_ut_fuse(noun sample, noun context)
{
	return gate_key(FUSE, sample, context);
}

noun
jet_ut_mint(noun sample, noun context)
{
	return gate_key(MINT, sample, context);
}

noun
jet_ut_mull(noun sample, noun context)
{
	return gate_key(MULL, sample, context);
}

noun
jet_ut_redo(noun sample, noun context)
{
	return gate_key(REDO, sample, context);
}

noun
jet_ut_rest(noun sample, noun context)
{
	return gate_key(REST, sample, context);
}

/* -------- nest -------- */

static bool
is_type(noun type, noun tag)
{
	return is_cell(type) && head(type) == tag;
}

/*
 * Is a step of nest worth a key?  Those that only go down into a face or a
 * cell are quicker done than looked up, and what they come to has one.
 * With keys for all, the compiler takes 15 s over itself and not 11.
 */
static bool
is_work(noun sut, noun ref)
{
	return sut != ref &&
	    (is_type(sut, HOLD) || is_type(sut, CORE) || is_type(sut, FORK) ||
	        is_type(ref, HOLD));
}

/*
 * The trap dext in the core nest-in, [battery [seg reg gil] gate]: one step
 * of nest, which calls itself.  The sets hold what has been met and what is
 * assumed on the way, and an answer found so may be another without: so they
 * are in the key.  (Vere leaves them out, and keeps a yes if reg is empty
 * and a no if seg is: then an assumption may outlive what it was made for.)
 * tel, too: with it a no is a crash.
 */
noun
jet_ut_nest(noun sample, noun context)
{
	noun sets, gate, battery, args, door, tel, ref;
	struct ut u;

	(void)sample; /* nest-in's battery: the trap has no sample */
	if (!uncons(context, &sets, &gate) ||
	    !uncons3(gate, &battery, &args, &door) ||
	    !uncons(args, &tel, &ref) || !ut_open(door, &u) ||
	    !is_work(u.sut, ref))
		return JET_PASS;
	return ut_key(NEST, &u, cons3(tel, ref, sets));
}
