/* ut -- experimental */
#include "jet.h"

#ifndef XFAN
#define XFAN 0
#endif
#ifndef XRIB
#define XRIB 0
#endif
#ifndef XNEST
#define XNEST 0
#endif

enum { CROP = 1, FISH, FUSE, MINT, MULL, NEST, REST, REDO };

struct ut { noun battery, sut, fan, rib, vet, outer; };

static bool
ut_door(noun van, struct ut *u)
{
	noun rest, guards;

	if (!uncons3(van, &u->battery, &u->sut, &rest) ||
	    !uncons(rest, &guards, &u->outer) ||
	    !uncons3(guards, &u->fan, &u->rib, &u->vet))
		return false;
	return u->vet == YES || u->vet == NO;
}

static noun
key(unsigned fn, struct ut *u, noun args)
{
	if (XFAN) args = cons(u->fan, args);
	if (XRIB && u->vet == YES) args = cons(u->rib, args);
	return cons4(direct(fn << 1) | u->vet, u->battery, u->outer, args);
}

#define SIMPLE(name, TAG) noun jet_ut_##name(noun sample, noun context) { struct ut u; \
	if (!ut_door(context, &u)) return JET_PASS; return key(TAG, &u, cons(u.sut, sample)); }
SIMPLE(crop, CROP)
SIMPLE(fish, FISH)
SIMPLE(fuse, FUSE)
SIMPLE(mint, MINT)
SIMPLE(mull, MULL)
SIMPLE(redo, REDO)
SIMPLE(rest, REST)

noun jet_ut_nest(noun sample, noun context)
{
	noun sets, gate, seg, reg, gil, bat, args, van, tel, ref, pay;
	struct ut u;

	(void)sample;
	if (!uncons(context, &sets, &gate) || !uncons3(sets, &seg, &reg, &gil) ||
	  !uncons3(gate, &bat, &args, &van) || !uncons(args, &tel, &ref) || !ut_door(van, &u))
		return JET_PASS;
	(void)pay;
	if (seg == 0 && reg == 0 && gil == 0)
		return key(NEST, &u, cons3(tel, u.sut, ref));
	if (XNEST)
		return JET_PASS;
	return key(NEST, &u, cons4(tel, u.sut, ref, sets));
}
