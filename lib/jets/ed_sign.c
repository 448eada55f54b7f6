/*
 * ed_sign -- the jets of ed25519 that sign and that verify.
 *
 * What a signature is changed with kelvin 137.  Before, R might have any
 * encoding, and the hash was not taken modulo L but as it is, which matters
 * to a key that is not among the base point's multiples; and a message of
 * no bytes let the hash begin before the zeros at the end of what precedes.
 *
 * A quirk of kelvins 140 to 138, where every existing log has the answer of
 * Vere's jet: in veri, the Hoon says no if the signature has less than 64
 * significant bytes, which is so for one in 16, or the key less than 32.
 * Vere takes such to end in zeros; so it is here, and then as it verifies:
 * like kelvin 137, but no S has one of the three highest bits.
 */
#include "ed.h"
#include "edwards.h"

/* More zeros than this at the end of a message are for the Hoon. */
#define PADDING_MAX ((size_t)1 << 32)

/* A message of n bytes: those that are there, and then zeros. */
struct message {
	const uint8_t *p;
	size_t have, n;
	uint64_t room;
};

static void
message_atom(struct message *m, noun a)
{
	m->p = atom_view(a, &m->room);
	m->n = m->have = atom_bytes(a);
}

/* False if it is no octs, or an immense one. */
static bool
message_octs(struct message *m, noun octs)
{
	noun a;

	if (!bytes_octs(octs, &m->n, &a))
		return false;
	m->p = atom_view(a, &m->room);
	m->have = atom_bytes(a);
	if (m->have > m->n)
		m->have = m->n;
	return m->n - m->have <= PADDING_MAX;
}

/* The hash of a prefix and the message, modulo L or 8 L. */
static void
digest(uint64_t out[4], const void *prefix, size_t n, const struct message *m,
    const uint64_t modulus[4])
{
	static const uint8_t zeros[4096];
	uint64_t hash[8];
	SHA512_CTX c;

	SHA512_Init(&c);
	SHA512_Update(&c, prefix, n);
	SHA512_Update(&c, m->p, m->have);
	for (size_t left = m->n - m->have, k; left > 0; left -= k) {
		k = left < sizeof zeros ? left : sizeof zeros;
		SHA512_Update(&c, zeros, k);
	}
	SHA512_Final((uint8_t *)hash, &c);
	ed_mod(out, hash, 8, modulus);
}

/* How much of n bytes of prefix is hashed; before kelvin 137 see above. */
static size_t
significant(const uint8_t *p, size_t n, const struct message *m, bool strict)
{
	if (!strict && m->n == 0)
		while (n > 0 && p[n - 1] == 0)
			n--;
	return n;
}

static noun
sign(const struct message *m, const uint8_t public[32],
    const struct ed_secret *k, bool strict)
{
	uint8_t out[64];
	uint64_t a[4], r[4], h[4];
	size_t n = significant(k->nonce, 32, m, strict);

	digest(r, k->nonce, n, m, ED_L);
	edwards_base(r, out);
	memcpy(out + 32, public, 32);
	digest(h, out, significant(out, 64, m, strict), m, ED_L);
	memcpy(a, k->scalar, 32);
	ed_multiply_add(h, h, a, r);
	memcpy(out + 32, h, 32);
	return atom_from_bytes(out, 64);
}

static noun
sign_seed(const struct message *m, noun seed, bool strict)
{
	uint8_t public[32];
	struct ed_secret k;

	ed_key(seed, public, &k);
	return sign(m, public, &k, strict);
}

static noun
sign_pair(const struct message *m, noun pub, noun sek)
{
	uint8_t public[32];
	struct ed_secret k;

	ed_fitting(pub, public, 32);
	ed_fitting(sek, &k, 64);
	return sign(m, public, &k, true);
}

noun
jet_ed_sign(noun sample, noun context)
{
	struct message m;

	(void)context;
	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	message_atom(&m, head(sample));
	return sign_seed(&m, tail(sample), true);
}

noun
jet_ed_sign_138(noun sample, noun context)
{
	struct message m;

	(void)context;
	if (!is_cell(sample) || is_cell(head(sample)) || is_cell(tail(sample)))
		return JET_PASS;
	message_atom(&m, head(sample));
	return sign_seed(&m, tail(sample), false);
}

noun
jet_ed_sign_octs(noun sample, noun context)
{
	struct message m;

	(void)context;
	if (!is_cell(sample) || is_cell(tail(sample)) ||
	    !message_octs(&m, head(sample)))
		return JET_PASS;
	return sign_seed(&m, tail(sample), true);
}

noun
jet_ed_sign_raw(noun sample, noun context)
{
	struct message m;
	noun a, pub, sek;

	(void)context;
	if (!uncons3(sample, &a, &pub, &sek) || is_cell(a) || is_cell(pub) ||
	    is_cell(sek))
		return JET_PASS;
	message_atom(&m, a);
	return sign_pair(&m, pub, sek);
}

noun
jet_ed_sign_octs_raw(noun sample, noun context)
{
	struct message m;
	noun octs, pub, sek;

	(void)context;
	if (!uncons3(sample, &octs, &pub, &sek) || is_cell(pub) ||
	    is_cell(sek) || !message_octs(&m, octs))
		return JET_PASS;
	return sign_pair(&m, pub, sek);
}

/* Is it the point r, in whatever encoding? */
static bool
same_point(const uint8_t shortest[32], const uint8_t r[32], bool strict)
{
	uint8_t again[32];
	struct point p;

	if (memcmp(shortest, r, 32) == 0)
		return true;
	if (strict || !edwards_decode(&p, r))
		return false;
	edwards_encode(&p, again);
	return memcmp(shortest, again, 32) == 0;
}

/* R = S B - h A */
static bool
verify(const uint8_t sig[64], const struct message *m, const uint8_t key[32],
    bool strict)
{
	uint64_t s[4], h[4];
	uint8_t prefix[64], r[32];
	struct point a;
	struct term t[2] = {{h, &a}, {s, &edwards_base_point}};

	if (!edwards_decode(&a, key))
		return false;
	a = edwards_negate(&a);
	memcpy(prefix, sig, 32);
	memcpy(prefix + 32, key, 32);
	digest(h, prefix, 64, m, strict ? ED_L : ED_8L);
	memcpy(s, sig + 32, 32);
	ed_mod(s, s, 4, ED_L);
	a = edwards_sum(t, 2);
	edwards_encode(&a, r);
	return same_point(r, sig, strict);
}

static noun
verify_atoms(noun s, const struct message *m, noun pub)
{
	uint8_t sig[64], key[32];

	if (atom_bytes(s) > 64 || atom_bytes(pub) > 32)
		return NO;
	bytes_get(s, sig, 64);
	bytes_get(pub, key, 32);
	return loobean(verify(sig, m, key, true));
}

/*
 * What is too long is cut; what is short, told above.  What is shorter than
 * chance makes a signature or a key in a lifetime is none, as the Hoon says.
 */
static noun
verify_atoms_138(noun s, const struct message *m, noun pub)
{
	enum { SIGNATURE = 56, KEY = 24 };
	uint8_t sig[64], key[32];

	if (atom_bytes(s) < SIGNATURE || atom_bytes(pub) < KEY)
		return NO;
	bytes_get(s, sig, 64);
	bytes_get(pub, key, 32);
	if (atom_bytes(s) < 64 || atom_bytes(pub) < 32)
		return (sig[63] & 0xe0) ? NO : verify_atoms(s, m, pub);
	return loobean(verify(sig, m, key, false));
}

/* [signature message key], three atoms */
static bool
take_veri(noun sample, noun *s, struct message *m, noun *pub)
{
	noun a;

	if (!uncons3(sample, s, &a, pub) || is_cell(*s) || is_cell(a) ||
	    is_cell(*pub))
		return false;
	message_atom(m, a);
	return true;
}

noun
jet_ed_veri(noun sample, noun context)
{
	struct message m;
	noun s, pub;

	(void)context;
	if (!take_veri(sample, &s, &m, &pub))
		return JET_PASS;
	return verify_atoms(s, &m, pub);
}

noun
jet_ed_veri_138(noun sample, noun context)
{
	struct message m;
	noun s, pub;

	(void)context;
	if (!take_veri(sample, &s, &m, &pub))
		return JET_PASS;
	return verify_atoms_138(s, &m, pub);
}

noun
jet_ed_veri_octs(noun sample, noun context)
{
	struct message m;
	noun s, octs, pub;

	(void)context;
	if (!uncons3(sample, &s, &octs, &pub) || is_cell(s) || is_cell(pub) ||
	    !message_octs(&m, octs))
		return JET_PASS;
	return verify_atoms(s, &m, pub);
}
