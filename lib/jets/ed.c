/*
 * ed -- the jets of ed25519: ed:crypto of zuse.
 *
 * The arms changed with kelvin 137: points of more than 32 bytes, which
 * were cut, crash, and scalars are taken modulo L, the order of the base
 * point; before they were not, which shows for points that are not among
 * its multiples.  Everything else is the group of all 8 L points (edwards.h)
 * and SHA-512.  What of it concerns a secret is in constant time.
 *
 * A quirk of kelvins 140 to 138, where every existing log has the answer of
 * Vere's jet: in shar, the Hoon takes all 256 bits of a key for its y, and so
 * makes another secret for the half of them whose x is odd; the y has 255
 * bits here, as in later kelvins.
 */
#include <string.h>

#include "bytes.h"
#include "ed.h"
#include "edwards.h"
#include "jet.h"

/* -------- points -------- */

/* deco, and need: with `strict`, of 32 bytes at most. */
static void
get_point(struct point *p, noun a, bool strict)
{
	uint8_t from[32];

	if (strict && is_boxed(a))
		ed_fitting(a, from, 32);
	else
		bytes_get(a, from, 32);
	if (!edwards_decode(p, from))
		jet_crash();
}

static noun
point_atom(const struct point *p)
{
	uint8_t to[32];

	edwards_encode(p, to);
	return atom_from_bytes(to, 32);
}

static noun
base_atom(const uint64_t scalar[4])
{
	uint8_t to[32];

	edwards_base(scalar, to);
	return atom_from_bytes(to, 32);
}

static noun
point_add(noun sample, bool strict)
{
	struct point a, b;

	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	get_point(&a, head(sample), strict);
	get_point(&b, tail(sample), strict);
	a = edwards_add(&a, &b);
	return point_atom(&a);
}

static noun
scalarmult(noun sample, bool strict)
{
	uint64_t s[4];
	struct point p;
	struct term t = {s, &p};

	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	get_point(&p, tail(sample), strict);
	ed_atom_mod(s, head(sample), strict ? ED_L : ED_8L);
	p = edwards_sum(&t, 1);
	return point_atom(&p);
}

/* n times a scalar and a point; the last point may be left out */
static noun
two_products(noun a, noun p, noun b, const noun *q, bool strict)
{
	uint64_t s[2][4];
	struct point c, d, sum;
	struct term t[2] = {{s[0], &c}, {s[1], q ? &d : &edwards_base_point}};

	if (is_cell(a) || is_cell(p) || is_cell(b) || (q && is_cell(*q)))
		return JET_PASS;
	get_point(&c, p, strict);
	if (q)
		get_point(&d, *q, strict);
	ed_atom_mod(s[0], a, strict ? ED_L : ED_8L);
	ed_atom_mod(s[1], b, strict ? ED_L : ED_8L);
	sum = edwards_sum(t, 2);
	return point_atom(&sum);
}

static noun
add_scalarmult_scalarmult_base(noun sample, bool strict)
{
	noun a, p, b;

	if (!uncons3(sample, &a, &p, &b))
		return JET_PASS;
	return two_products(a, p, b, NULL, strict);
}

static noun
add_double_scalarmult(noun sample, bool strict)
{
	noun a, p, b, q;

	if (!uncons4(sample, &a, &p, &b, &q))
		return JET_PASS;
	return two_products(a, p, b, &q, strict);
}

noun
jet_ed_point_add(noun sample, noun context)
{
	(void)context;
	return point_add(sample, true);
}

noun
jet_ed_point_add_138(noun sample, noun context)
{
	(void)context;
	return point_add(sample, false);
}

noun
jet_ed_scalarmult(noun sample, noun context)
{
	(void)context;
	return scalarmult(sample, true);
}

noun
jet_ed_scalarmult_138(noun sample, noun context)
{
	(void)context;
	return scalarmult(sample, false);
}

noun
jet_ed_scalarmult_base(noun sample, noun context)
{
	uint64_t s[4];

	(void)context;
	if (is_cell(sample))
		return JET_PASS;
	ed_atom_mod(s, sample, ED_L);
	return base_atom(s);
}

noun
jet_ed_add_scalarmult_scalarmult_base(noun sample, noun context)
{
	(void)context;
	return add_scalarmult_scalarmult_base(sample, true);
}

noun
jet_ed_add_scalarmult_scalarmult_base_138(noun sample, noun context)
{
	(void)context;
	return add_scalarmult_scalarmult_base(sample, false);
}

noun
jet_ed_add_double_scalarmult(noun sample, noun context)
{
	(void)context;
	return add_double_scalarmult(sample, true);
}

noun
jet_ed_add_double_scalarmult_138(noun sample, noun context)
{
	(void)context;
	return add_double_scalarmult(sample, false);
}

/* Only x is changed: a y of q or more stays one, and 0 has no negative. */
noun
jet_ed_point_neg(noun sample, noun context)
{
	uint8_t p[32];
	struct point a;

	(void)context;
	if (is_cell(sample))
		return JET_PASS;
	get_point(&a, sample, true);
	bytes_get(sample, p, 32);
	if (fe_is_zero(&a.x))
		p[31] &= 0x7f;
	else
		p[31] ^= 0x80;
	return atom_from_bytes(p, 32);
}

noun
jet_ed_recs(noun sample, noun context)
{
	uint64_t s[4];

	(void)context;
	if (is_cell(sample))
		return JET_PASS;
	ed_atom_mod(s, sample, ED_L);
	return atom_from_limbs(s, 4);
}

noun
jet_ed_smac(noun sample, noun context)
{
	uint64_t s[3][4];
	noun a, b, c;

	(void)context;
	if (!uncons3(sample, &a, &b, &c) || is_cell(a) || is_cell(b) ||
	    is_cell(c))
		return JET_PASS;
	ed_atom_mod(s[0], a, ED_L);
	ed_atom_mod(s[1], b, ED_L);
	ed_atom_mod(s[2], c, ED_L);
	ed_multiply_add(s[0], s[0], s[1], s[2]);
	return atom_from_limbs(s[0], 4);
}

/* -------- keys -------- */

void
ed_key(noun seed, uint8_t public[32], struct ed_secret *k)
{
	uint64_t s[4];
	uint8_t from[32];

	ed_fitting(seed, from, 32);
	SHA512(from, 32, (uint8_t *)k);
	k->scalar[0] &= 248;
	k->scalar[31] = (k->scalar[31] & 63) | 64;
	memcpy(s, k->scalar, 32);
	ed_mod(s, s, 4, ED_L);
	edwards_base(s, public);
}

noun
jet_ed_puck(noun sample, noun context)
{
	uint8_t public[32];
	struct ed_secret k;

	(void)context;
	if (is_cell(sample))
		return JET_PASS;
	ed_key(sample, public, &k);
	return atom_from_bytes(public, 32);
}

noun
jet_ed_luck(noun sample, noun context)
{
	uint8_t public[32];
	struct ed_secret k;
	noun pub;

	(void)context;
	if (is_cell(sample))
		return JET_PASS;
	ed_key(sample, public, &k);
	pub = atom_from_bytes(public, 32);
	return cons(pub, atom_from_bytes(&k, 64));
}

/* The secret that is shared by a scalar and a point with this y. */
static noun
exchange(const uint8_t scalar[32], const struct fe *y)
{
	struct fe below = fe_sub(fe_one, y), above = fe_add(fe_one, y);
	uint8_t to[32];

	below = fe_invert(&below);
	above = fe_mul(&above, &below);
	edwards_exchange(scalar, &above, to);
	return atom_from_bytes(to, 32);
}

noun
jet_ed_slar(noun sample, noun context)
{
	struct point p;
	struct ed_secret k;

	(void)context;
	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	ed_fitting(tail(sample), &k, 64);
	get_point(&p, head(sample), true);
	return exchange(k.scalar, &p.y);
}

noun
jet_ed_shar(noun sample, noun context)
{
	uint8_t public[32];
	struct point p;
	struct ed_secret k;

	(void)context;
	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	get_point(&p, head(sample), true);
	ed_key(tail(sample), public, &k);
	return exchange(k.scalar, &p.y);
}

/* Of any y, on the curve or not; the quirk is told above. */
noun
jet_ed_shar_138(noun sample, noun context)
{
	uint8_t public[32], from[32];
	struct ed_secret k;
	struct fe y;

	(void)context;
	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	if (atom_bytes(head(sample)) > 32)
		return JET_PASS;
	ed_key(tail(sample), public, &k);
	bytes_get(head(sample), from, 32);
	y = fe_from_bytes(from);
	return exchange(k.scalar, &y);
}

/* The scalar that scas and scap add: 255 bits of it. */
static void
get_summand(noun sca, uint64_t n[4])
{
	bytes_get(sca, n, 32);
	n[3] &= INT64_MAX;
	ed_mod(n, n, 4, ED_L);
}

static noun
scap(noun pub, noun sca)
{
	uint8_t to[32];
	struct point p, q;
	uint64_t n[4];

	ed_fitting(sca, n, 32);
	get_point(&p, pub, true);
	get_summand(sca, n);
	edwards_base(n, to);
	if (!edwards_decode(&q, to))
		jet_crash();
	p = edwards_add(&p, &q);
	return point_atom(&p);
}

static noun
scas(noun sek, noun sca)
{
	uint8_t key[64], more[64], hash[64];
	uint64_t s[5], n[4];

	ed_fitting(sek, key, 64);
	ed_fitting(sca, more, 64);
	get_summand(sca, n);
	memcpy(s, key, 32);
	s[4] = mpn_add_n(s, s, n, 4);
	ed_mod(s, s, 5, ED_L);
	memmove(more + 32, more, 32);
	memcpy(more, key + 32, 32);
	SHA512(more, 64, hash);
	memcpy(key, s, 32);
	memcpy(key + 32, hash, 32);
	return atom_from_bytes(key, 64);
}

noun
jet_ed_scap(noun sample, noun context)
{
	(void)context;
	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	return scap(head(sample), tail(sample));
}

noun
jet_ed_scas(noun sample, noun context)
{
	(void)context;
	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	return scas(head(sample), tail(sample));
}

noun
jet_ed_scad(noun sample, noun context)
{
	noun pub, sek, sca;

	(void)context;
	if (!uncons3(sample, &pub, &sek, &sca) || is_cell(pub) ||
	    is_cell(sek) || is_cell(sca))
		return JET_PASS;
	pub = scap(pub, sca);
	return cons(pub, scas(sek, sca));
}
