#include "boot.h"

#include <string.h>

#include "atom.h"
#include "heap.h"
#include "nock.h"
#include "pill.h"
#include "shape.h"

/* -------- dates -------- */

/* The @da of 1970 is this many seconds, in its upper 64 bits. */
#define UNIX_EPOCH UINT64_C(0x8000000cce9e0d80)

noun
boot_date(int64_t seconds, uint32_t nanoseconds)
{
	uint64_t limbs[2];

	limbs[1] = UNIX_EPOCH + (uint64_t)seconds;
	limbs[0] =
	    (uint64_t)(((unsigned __int128)nanoseconds << 64) / 1000000000);
	return atom_from_limbs(limbs, 2);
}

int64_t
boot_unix(noun date)
{
	struct limbs l;
	__int128 ns;

	if (is_cell(date))
		return INT64_MIN;
	atom_limbs(date, &l);
	if (l.n > 2)
		return INT64_MAX;
	ns = (__int128)(l.n == 2 ? l.p[1] : 0) - (__int128)UNIX_EPOCH;
	ns *= 1000000000;
	if (l.n > 0)
		ns +=
		    (__int128)(((unsigned __int128)l.p[0] * 1000000000) >> 64);
	if (ns > INT64_MAX)
		return INT64_MAX;
	return ns < INT64_MIN ? INT64_MIN : (int64_t)ns;
}

/* Each event is 2^-16 of a second after the one before. */
static noun
next_date(noun date)
{
	uint64_t sum[3] = {0};
	unsigned __int128 low;
	struct limbs l;

	atom_limbs(date, &l);
	for (size_t i = 0; i < l.n && i < 3; i++)
		sum[i] = l.p[i];
	low = (unsigned __int128)sum[0] + (UINT64_C(1) << 48);
	sum[0] = (uint64_t)low;
	sum[1] += (uint64_t)(low >> 64);
	return atom_from_limbs(sum, 3);
}

/* -------- cards -------- */

static noun
term(const char *s)
{
	return atom_cord(s);
}

static noun
on_arvo(const char *tag, noun data)
{
	return cons(cons3(0, term("arvo"), 0), cons(term(tag), data));
}

static const enum kelvin kelvin_order[] = {
    KELVIN_HOON, KELVIN_ARVO, KELVIN_LULL, KELVIN_ZUSE};

/* In that order, the newest that we know of. */
static const uint64_t newest[] = {135, 234, 320, 408};

static noun
wyrd(noun tag, noun version, const uint64_t kelvin[4])
{
	static const char *const names[] = {"hoon", "arvo", "lull", "zuse"};
	noun kelvins = cons(cons(term("nock"), direct(4)), 0);

	for (int i = 0; i < 4; i++)
		kelvins =
		    cons(cons(term(names[i]), direct(kelvin[i])), kelvins);
	return on_arvo(
	    "wyrd", cons(cons(tag, cons(term("vere"), version)), kelvins));
}

noun
boot_wyrd(noun tag, noun version)
{
	return wyrd(tag, version, newest);
}

/*
 * [tag [%vere version]] and the kernel's kelvins, as it knows them; where the
 * pill does not tell, the newest that we know of.  A kernel wants its own or
 * a lower one.
 */
static noun
wyrd_of(const struct boot_opts *o, const struct pill *p)
{
	uint64_t kelvin[4], v;

	for (int i = 0; i < 4; i++) {
		v = p->kelvin[kelvin_order[i]];
		kelvin[i] = v != 0 ? v : newest[i];
	}
	return wyrd(o->tag, o->version, kelvin);
}

static noun
on_terminal(const struct boot_opts *o)
{
	noun wire = cons4(term("d"), term("term"), term("1"), 0);

	return cons(wire, cons3(term("boot"), loobean(o->lite), o->vent));
}

/* -------- lists -------- */

/* Those of a before b. */
static noun
join(noun a, noun b)
{
	a = list_flop(a);
	for (; a != 0; a = tail(a))
		b = cons(head(a), b);
	return b;
}

/* Those of a before the reversed list b, dated; the date goes on. */
static noun
dated(noun a, noun b, noun *now)
{
	for (; a != 0; a = tail(a)) {
		*now = next_date(*now);
		b = cons(cons(*now, head(a)), b);
	}
	return b;
}

static noun
identity(const struct boot_opts *o, const struct pill *p)
{
	noun verb = on_arvo("verb", cons(0, loobean(!o->verbose)));
	noun whom = on_arvo("whom", o->who), wack = on_arvo("wack", o->entropy);
	noun first = wyrd_of(o, p);

	if (o->order == BOOT_2023)
		return cons4(first, whom, wack, cons(verb, 0));
	return cons4(first, verb, whom, cons(wack, 0));
}

/* -------- the pill -------- */

struct parts {
	noun name, boot, kernel, userspace, cache;
};

static bool
is_list(noun n)
{
	uint64_t length;

	return list_length(n, &length);
}

static const char *
take_parts(noun pill, struct parts *p)
{
	noun tag, rest;

	p->cache = 0;
	if (!uncons(pill, &tag, &rest) || is_cell(tag))
		return "not a pill that a ship is started from";
	if (atom_is(tag, "cash")) {
		if (!uncons(rest, &rest, &p->cache))
			return "a %cash without its parts";
	} else if (!atom_is(tag, "pill")) {
		return atom_is(tag, "ivory")
		    ? "an ivory pill has no ship in it"
		    : "not a pill that a ship is started from";
	}
	if (!uncons4(rest, &p->name, &p->boot, &p->kernel, &p->userspace))
		return "a pill without its parts";
	if (!is_list(p->boot) || !is_list(p->kernel) || !is_list(p->userspace))
		return "a part of the pill is no list";
	return p->boot == 0 ? "a pill with nothing to begin with" : NULL;
}

/* Does this ovum bring the files of %base? */
static bool
brings_base(noun ovum)
{
	noun wire, tag, rest, desk;

	if (!uncons3(ovum, &wire, &tag, &rest) || is_cell(tag))
		return false;
	return atom_is(tag, "into") ||
	    (atom_is(tag, "park") && uncons(rest, &desk, &rest) &&
	        is_atom(desk) && atom_is(desk, "base"));
}

/* userspace with another ovum for %base; 0 if there is not just one. */
static noun
replace_base(noun userspace, noun base)
{
	noun out = 0;
	unsigned n = 0;

	for (; userspace != 0; userspace = tail(userspace)) {
		bool is = brings_base(head(userspace));

		n += is;
		out = cons(is ? base : head(userspace), out);
	}
	return n == 1 ? list_flop(out) : 0;
}

/* The events of the props of a tier, in the order given. */
static const char *
take_props(noun props, const char *tier, noun *events)
{
	noun prop, tag, name, of, list;

	*events = 0;
	for (; uncons(props, &prop, &props);) {
		if (!uncons4(prop, &tag, &name, &of, &list) || is_cell(tag) ||
		    !atom_is(tag, "prop") || is_cell(of) || !is_list(list))
			return "a prop is not [%prop name tier events]";
		if (!atom_is(of, "fore") && !atom_is(of, "hind"))
			return "a prop's tier is not %fore or %hind";
		if (atom_is(of, tier))
			*events = join(*events, list);
	}
	return NULL;
}

/* The order came with kelvin 411 of zuse. */
enum boot_order
boot_order(noun pill)
{
	enum { LAST_OF_2023 = 412 };
	struct pill p;

	if (!pill_look(pill, &p))
		return BOOT_TODAY;
	return p.kelvin[KELVIN_ZUSE] >= LAST_OF_2023 ? BOOT_2023 : BOOT_TODAY;
}

const char *
boot_events(noun pill, const struct boot_opts *o, struct boot *out)
{
	static struct pill look;
	noun fore, hind, now = o->now, list;
	struct parts p;
	const char *why;

	if ((why = take_parts(pill, &p)) != NULL ||
	    (why = take_props(o->props, "fore", &fore)) != NULL ||
	    (why = take_props(o->props, "hind", &hind)) != NULL)
		return why;
	if (!pill_look(pill, &look))
		return "not a pill";
	if (o->base != 0 &&
	    (p.userspace = replace_base(p.userspace, o->base)) == 0)
		return "the pill does not bring %base just once";
	list = list_flop(p.boot);
	list = dated(join(identity(o, &look), p.kernel), list, &now);
	list = dated(fore, list, &now);
	list = dated(cons(on_terminal(o), p.userspace), list, &now);
	list = dated(hind, list, &now);
	out->events = list_flop(list);
	list_length(p.boot, &out->life);
	out->cache = p.cache;
	out->name = look.name;
	return NULL;
}

const char *
boot_cached(noun pill, noun *cache)
{
	struct parts p;
	const char *why = take_parts(pill, &p);

	*cache = why == NULL ? p.cache : 0;
	return why;
}

void
boot_cache(noun cache)
{
	noun item, key, product, subject, formula;

	for (; uncons(cache, &item, &cache);)
		if (uncons(item, &key, &product) &&
		    uncons(key, &subject, &formula))
			nock_memo_pin(subject, formula, product);
}
