/*
 * derive.c -- keys out of passwords: PBKDF2 with HMAC-SHA-256, and scrypt.
 *
 * The arms ending in l are told the lengths of password and salt, the
 * others measure them.  Unlike the libraries, the Hoon crashes for no
 * iterations and for a key of no bytes, takes an scrypt of cost 1, and
 * bounds all it is given; where it crashes for a number, so do we.
 */
#include "jet.h"

#include "bytes.h"
#include "scrypt.h"
#include "sha.h"

enum { HASH = 32, BLOCK = 64 };

/*
 * More compressions than this, hours of them, is for the Hoon to begin: it
 * can be interrupted.
 */
#define WORK_MAX ((uint64_t)1 << 34)

struct secret {
	const uint8_t *p;
	size_t n;
};

/* -------- HMAC with one key, many messages -------- */

/* The states after the block of the key, for the inner and the outer hash. */
struct prf {
	SHA256_CTX inner, outer;
};

static void
prf_init(struct prf *f, const struct secret *key)
{
	uint8_t block[BLOCK] = {0}, pad[BLOCK];

	if (key->n > BLOCK)
		sha256(key->p, key->n, block);
	else
		memcpy(block, key->p, key->n);
	for (unsigned i = 0; i < BLOCK; i++)
		pad[i] = block[i] ^ 0x36;
	SHA256_Init(&f->inner);
	SHA256_Update(&f->inner, pad, BLOCK);
	for (unsigned i = 0; i < BLOCK; i++)
		pad[i] = block[i] ^ 0x5c;
	SHA256_Init(&f->outer);
	SHA256_Update(&f->outer, pad, BLOCK);
}

/*
 * A message of one hash: all the iterations but the first.  Hash and padding
 * are one block, so that it is two compressions and nothing else.
 */
static void
prf_hash(const struct prf *f, uint32_t u[8])
{
	const SHA256_CTX *from[2] = {&f->inner, &f->outer};
	uint8_t block[BLOCK] = {0};

	block[HASH] = 0x80;
	block[62] = (BLOCK + HASH) * 8 >> 8;
	for (unsigned i = 0; i < 2; i++) {
		SHA256_CTX c = *from[i];

		for (unsigned j = 0; j < 8; j++) {
			uint32_t w = __builtin_bswap32(u[j]);

			memcpy(block + 4 * j, &w, 4);
		}
		SHA256_Transform(&c, block);
		memcpy(u, c.h, HASH);
	}
}

/* The first iteration: of the salt and the number of the block. */
static void
prf_first(const struct prf *f, const struct secret *salt, uint32_t number,
    uint32_t u[8])
{
	uint32_t be = __builtin_bswap32(number);
	SHA256_CTX c = f->inner;
	uint8_t mid[HASH];

	SHA256_Update(&c, salt->p, salt->n);
	SHA256_Update(&c, &be, 4);
	SHA256_Final(mid, &c);
	c = f->outer;
	SHA256_Update(&c, mid, HASH);
	SHA256_Final(mid, &c);
	for (unsigned j = 0; j < 8; j++) {
		memcpy(&be, mid + 4 * j, 4);
		u[j] = __builtin_bswap32(be);
	}
}

/* -------- PBKDF2 -------- */

static void
pbkdf2(const struct secret *password, const struct secret *salt,
    uint64_t rounds, uint8_t *out, size_t size)
{
	struct prf f;

	prf_init(&f, password);
	for (uint32_t number = 1; size > 0; number++) {
		size_t n = size < HASH ? size : HASH;
		uint32_t u[8], t[8];

		prf_first(&f, salt, number, u);
		memcpy(t, u, sizeof t);
		for (uint64_t i = 1; i < rounds; i++) {
			prf_hash(&f, u);
			for (unsigned j = 0; j < 8; j++)
				t[j] ^= u[j];
		}
		for (unsigned j = 0; j < 8; j++)
			t[j] = __builtin_bswap32(t[j]);
		memcpy(out, t, n);
		out += n;
		size -= n;
	}
}

/* Password and salt, in scratch memory unless they are there as they are. */
struct secrets {
	struct secret password, salt;
	uint64_t room[2];
};

static bool
secrets(struct secrets *s, noun p, noun pl, noun q, noun ql)
{
	if (!is_atom(p) || !is_atom(q) || !bytes_width(pl, &s->password.n) ||
	    !bytes_width(ql, &s->salt.n))
		return false;
	s->password.p = bytes_view(p, s->password.n, &s->room[0]);
	s->salt.p = bytes_view(q, s->salt.n, &s->room[1]);
	return true;
}

/* The atom's own width, which it is then told to have. */
static noun
width(noun a)
{
	return is_atom(a) ? direct(atom_bytes(a)) : direct(0);
}

static noun
pbk(noun p, noun pl, noun s, noun sl, noun rounds, noun size)
{
	char *top = scratch_top();
	struct secrets in;
	uint64_t c, d;
	uint8_t *out;
	noun product;

	if (!is_direct(rounds) || !is_direct(size))
		return JET_PASS;
	c = direct_value(rounds);
	d = direct_value(size);
	if (c == 0 || d == 0 || d > 1 << 30 || c > 1 << 28 ||
	    (d / HASH + 1) * c > WORK_MAX || !secrets(&in, p, pl, s, sl))
		return JET_PASS;
	out = (uint8_t *)scratch_push(d);
	pbkdf2(&in.password, &in.salt, c, out, d);
	product = atom_from_bytes(out, d);
	scratch_cut(top);
	return product;
}

noun
jet_pbk(noun sample, noun context)
{
	noun p, s, c, d;

	(void)context;
	if (!uncons4(sample, &p, &s, &c, &d))
		return JET_PASS;
	return pbk(p, width(p), s, width(s), c, d);
}

noun
jet_pbl(noun sample, noun context)
{
	noun p, pl, s, rest, sl, c, d;

	(void)context;
	if (!uncons4(sample, &p, &pl, &s, &rest) || !uncons3(rest, &sl, &c, &d))
		return JET_PASS;
	return pbk(p, pl, s, sl, c, d);
}

/* -------- scrypt -------- */

/* [n r z d]: cost, block size, lanes, and the size of the key. */
struct cost {
	uint64_t n, r, z, d;
};

/* The Hoon's bounds; what is outside of them crashes before any work. */
static bool
cost_get(noun cost, struct cost *c)
{
	noun n, r, z, d;

	if (!uncons4(cost, &n, &r, &z, &d) || !is_direct(n) || !is_direct(r) ||
	    !is_direct(z) || !is_direct(d))
		return false;
	c->n = direct_value(n);
	c->r = direct_value(r);
	c->z = direct_value(z);
	c->d = direct_value(d);
	if (c->n == 0 || (c->n & (c->n - 1)) != 0 || c->r == 0 || c->z == 0 ||
	    c->n > 1 << 23 || c->r > 1 << 23 || c->z > 1 << 23 ||
	    128 * c->r * (c->n + c->z - 1) > 1 << 30)
		return false;
	return c->n * c->r * c->z <= WORK_MAX;
}

/*
 * Lanes of z blocks, from a PBKDF2 of one iteration, mixed, and the salt of
 * another.  After the lanes are made the Hoon may still find that the cost
 * is too large for the block size, or that the key has no length: having
 * done the work, it crashes.
 */
static noun
scrypt(const struct secrets *in, const struct cost *c)
{
	size_t lane = 128 * c->r, n = lane * c->z;
	struct secret mixed = {NULL, n};
	uint8_t *b, *v, *out;

	if (c->d == 0 || c->d > 1 << 30 ||
	    (c->r < 4 && c->n >> (16 * c->r) != 0))
		jet_crash();
	mixed.p = b = (uint8_t *)scratch_push(n);
	v = (uint8_t *)scratch_push(scrypt_memory(c->n, c->r));
	out = (uint8_t *)scratch_push(c->d);
	pbkdf2(&in->password, &in->salt, 1, b, n);
	for (uint64_t i = 0; i < c->z; i++)
		scrypt_mix(b + i * lane, c->n, c->r, v);
	pbkdf2(&in->password, &mixed, 1, out, c->d);
	return atom_from_bytes(out, c->d);
}

static noun
hash_scrypt(noun p, noun pl, noun s, noun sl, noun cost)
{
	char *top = scratch_top();
	struct secrets in;
	struct cost c;
	noun product;

	if (!cost_get(cost, &c) || !secrets(&in, p, pl, s, sl) ||
	    in.password.n >> 31 != 0 || in.salt.n >> 31 != 0)
		return JET_PASS;
	product = scrypt(&in, &c);
	scratch_cut(top);
	return product;
}

noun
jet_hsh(noun sample, noun context)
{
	noun p, s, cost;

	(void)context;
	if (!uncons3(sample, &p, &s, &cost))
		return JET_PASS;
	return hash_scrypt(p, width(p), s, width(s), cost);
}

noun
jet_hsl(noun sample, noun context)
{
	noun p, pl, s, rest, sl, cost;

	(void)context;
	if (!uncons4(sample, &p, &pl, &s, &rest) || !uncons(rest, &sl, &cost))
		return JET_PASS;
	return hash_scrypt(p, pl, s, sl, cost);
}
