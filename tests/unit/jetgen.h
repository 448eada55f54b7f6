/*
 * jetgen -- samples for jets, out of a word for their type.
 *
 *     type    word | [type type ..] | (list type) | (unit type)
 *             | (tree type) | (more type) | {type type ..}
 *             | 123 | %term
 *     word    what `words` below has, or the name of a pool: a list of nouns
 *             that the kernel made, one of which is picked
 *
 * A (tree ..) is no map that any kernel made; a (more ..) is a list that may
 * be longer than others; braces hold a choice.  Text that is no type is a
 * bug: it aborts.
 *
 * All choices come from gen.h's seed.  Nothing here collects.
 */
#ifndef JETGEN_H
#define JETGEN_H

#include "gen.h"
#include "shape.h"

/* The pool of a name, a list; false if there is none.  The program's. */
static bool jetgen_pool(const char *name, size_t n, noun *pool);

/* -------- atoms -------- */

/* A power of two or a neighbour of one. */
static noun
jetgen_edge(void)
{
	static const unsigned char at[] = {1, 2, 5, 7, 8, 15, 16, 31, 32, 33,
	    62, 63, 64, 65, 127, 128, 129, 255};
	size_t bits = at[gen_below(sizeof at)];
	uint64_t p[5] = {0};
	unsigned kind = (unsigned)gen_below(3);

	if (kind == 0) /* 2^bits - 1 */
		for (size_t i = 0; i < bits; i++)
			p[i / 64] |= UINT64_C(1) << i % 64;
	else
		p[bits / 64] = UINT64_C(1) << bits % 64;
	p[0] |= kind == 2;
	return atom_from_limbs(p, 5);
}

static noun
jetgen_atom(void)
{
	switch (gen_below(12)) {
	case 0:
	case 1:
		return direct(gen_below(4));
	case 2:
	case 3:
		return direct(gen_below(300));
	case 4:
	case 5:
	case 6:
		return jetgen_edge();
	case 7:
		return gen_bits(8 * (1 + gen_below(40)));
	case 8:
		return gen_bits(gen_below(10) ? 900 : 30000);
	default:
		return gen_atom();
	}
}

/* A number to count to. */
static noun
jetgen_count(void)
{
	if (gen_below(16) == 0)
		return jetgen_edge();
	return direct(gen_below(gen_below(4) ? 12 : 200));
}

static noun
jetgen_bloq(void)
{
	if (gen_below(24) == 0)
		return gen_below(2) ? jetgen_edge() : gen_noun(2);
	return direct(gen_below(gen_below(4) ? 6 : 12));
}

/* An atom of so many bytes at most, some of them zero. */
static noun
jetgen_bytes(size_t most)
{
	uint8_t p[4096];
	size_t n = gen_below(most + 1);

	for (size_t i = 0; i < n; i++)
		p[i] = gen_below(8) ? (uint8_t)gen_word() : 0;
	return atom_from_bytes(p, n);
}

/* [length data], the data as long as that, or shorter, or longer. */
static noun
jetgen_byts(void)
{
	noun dat = jetgen_bytes(gen_below(4) ? 40 : 300);
	uint64_t n = atom_bytes(dat);

	switch (gen_below(8)) {
	case 0:
		return cons(direct(n + gen_below(9)), dat);
	case 1:
		return cons(direct(gen_below(n + 1)), dat);
	default:
		return cons(direct(n), dat);
	}
}

/* -------- text -------- */

static unsigned char
jetgen_char(void)
{
	static const char often[] = "aab01. -~z\nA'\\_xF";

	switch (gen_below(12)) {
	case 0:
		return (unsigned char)gen_below(256);
	case 1:
		return (unsigned char)(' ' + gen_below(95));
	case 2:
		return 0;
	default:
		return (unsigned char)often[gen_below(sizeof often - 1)];
	}
}

static noun
jetgen_cord(void)
{
	uint8_t p[64];
	size_t n = gen_below(gen_below(4) ? 8 : sizeof p);

	for (size_t i = 0; i < n; i++)
		p[i] = jetgen_char();
	return atom_from_bytes(p, n);
}

static noun
jetgen_hex(void)
{
	uint8_t p[40];
	size_t n = gen_below(sizeof p);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t) "0123456789abcdefABCg"[gen_below(
		    gen_below(8) ? 16 : 20)];
	return atom_from_bytes(p, n);
}

static noun
jetgen_tape(void)
{
	noun list = 0;

	for (uint64_t n = gen_below(gen_below(3) ? 6 : 24); n > 0; n--)
		list = cons(direct(jetgen_char()), list);
	return list;
}

static noun
jetgen_hair(void)
{
	if (gen_below(12) == 0)
		return cons(jetgen_atom(), jetgen_atom());
	return cons(direct(1 + gen_below(3)), direct(1 + gen_below(80)));
}

static noun
jetgen_nail(void)
{
	noun hair = jetgen_hair();

	return cons(hair, jetgen_tape());
}

/* What a rule gives: a place, and maybe a product and what is left. */
static noun
jetgen_parsed(void)
{
	noun hair = jetgen_hair(), product = gen_noun(gen_below(3));

	if (gen_below(4) == 0)
		return cons(hair, 0);
	return cons3(hair, 0, cons(product, jetgen_nail()));
}

/* -------- others -------- */

/* Two nouns that are alike: equal, or not quite. */
static noun
jetgen_twins(void)
{
	noun a = gen_noun(gen_below(12)), b = a;

	if (is_cell(a) && gen_below(3) == 0)
		b = gen_below(2) ? cons(head(a), gen_atom())
		                 : cons(gen_atom(), tail(a));
	else if (is_cell(a))
		b = cons(gen_twin(head(a)), gen_twin(tail(a)));
	if (gen_below(3) == 0)
		b = gen_noun(gen_below(12));
	return cons(a, b);
}

/* A formula, as a compiler makes them. */
static noun
jetgen_nock(unsigned deep)
{
	if (deep == 0 || gen_below(3) == 0)
		return gen_below(2)
		    ? cons(0, direct(gen_below(8)))
		    : cons(direct(1),
		          gen_below(2) ? direct(gen_below(2)) : gen_atom());
	switch (gen_below(6)) {
	case 0:
		return cons(direct(4), jetgen_nock(deep - 1));
	case 1:
		return cons3(
		    direct(2), cons(0, direct(3)), jetgen_nock(deep - 1));
	case 2:
		return cons4(direct(6), jetgen_nock(deep - 1),
		    jetgen_nock(deep - 1), jetgen_nock(deep - 1));
	case 3:
		return cons(jetgen_nock(deep - 1), jetgen_nock(deep - 1));
	case 4:
		return cons3(
		    direct(5), jetgen_nock(deep - 1), jetgen_nock(deep - 1));
	default:
		return cons3(direct(7 + gen_below(2)), jetgen_nock(deep - 1),
		    jetgen_nock(deep - 1));
	}
}

/* The bits of a float with so many of exponent and fraction. */
static noun
jetgen_float(unsigned exponent, unsigned fraction)
{
	noun all = gen_bits(exponent + fraction + 1);
	struct limbs l;
	uint64_t p[3] = {0};
	unsigned width = exponent + fraction + 1;
	uint64_t mark = gen_below(10);

	if (mark == 0)
		return jetgen_atom();
	atom_limbs(all, &l);
	memcpy(p, l.p, l.n * 8);
	if (gen_below(2))
		p[(width - 1) / 64] &= ~(UINT64_C(1) << (width - 1) % 64);
	for (unsigned i = fraction; mark <= 5 && i < fraction + exponent; i++) {
		/* exponent: none, all ones, or one that is near zero's */
		bool one = mark <= 2 ? mark == 1
		    : i == width - 2 ? gen_below(2)
		    : i > fraction + 2
		    ? !(p[(width - 2) / 64] >> (width - 2) % 64 & 1)
		    : gen_below(2);

		p[i / 64] &= ~(UINT64_C(1) << i % 64);
		p[i / 64] |= (uint64_t)one << i % 64;
	}
	for (unsigned i = 0; gen_below(3) == 0 && i < fraction; i++)
		p[i / 64] &= ~(UINT64_C(1) << i % 64);
	return atom_from_limbs(p, 3);
}

static noun
jetgen_f16(void)
{
	return jetgen_float(5, 10);
}

static noun
jetgen_f32(void)
{
	return jetgen_float(8, 23);
}

static noun
jetgen_f64(void)
{
	return jetgen_float(11, 52);
}

static noun
jetgen_f128(void)
{
	return jetgen_float(15, 112);
}

static noun
jetgen_flag(void)
{
	return direct(gen_below(10) ? gen_below(2) : gen_below(5));
}

static noun
jetgen_any(void)
{
	return gen_noun(gen_below(4) ? gen_below(8) : gen_below(60));
}

static noun
jetgen_formula(void)
{
	return jetgen_nock(3);
}

static noun
jetgen_key(void)
{
	return gen_below(5) ? gen_bits(249 + gen_below(8)) : jetgen_atom();
}

static noun
jetgen_block(void)
{
	return gen_below(5) ? gen_bits(121 + gen_below(8)) : jetgen_atom();
}

static noun
jetgen_few(void)
{
	return direct(gen_below(4));
}

static noun
jetgen_some(void)
{
	return direct(gen_below(70));
}

static noun
jetgen_byte(void)
{
	return direct(gen_below(gen_below(8) ? 256 : 300));
}

static noun
jetgen_dat(void)
{
	return jetgen_bytes(gen_below(4) ? 70 : 600);
}

static noun
jetgen_bite(void)
{
	return gen_below(2) ? jetgen_bloq()
	                    : cons(jetgen_bloq(), jetgen_count());
}

static const struct {
	const char *name;
	noun (*make)(void);
} jetgen_words[] = {
    {"@", jetgen_atom},
    {"*", jetgen_any},
    {"n", jetgen_count},
    {"few", jetgen_few},
    {"some", jetgen_some},
    {"byte", jetgen_byte},
    {"bloq", jetgen_bloq},
    {"bite", jetgen_bite},
    {"flag", jetgen_flag},
    {"dat", jetgen_dat},
    {"byts", jetgen_byts},
    {"cord", jetgen_cord},
    {"hex", jetgen_hex},
    {"tape", jetgen_tape},
    {"hair", jetgen_hair},
    {"nail", jetgen_nail},
    {"edge", jetgen_parsed},
    {"twins", jetgen_twins},
    {"nock", jetgen_formula},
    {"f16", jetgen_f16},
    {"f32", jetgen_f32},
    {"f64", jetgen_f64},
    {"f128", jetgen_f128},
    {"key", jetgen_key},
    {"block", jetgen_block},
};

/* -------- types -------- */

static noun jetgen_type(const char **at);

static void
jetgen_bad(const char *at)
{
	fprintf(stderr, "no such type: %s\n", at);
	abort();
}

static void
jetgen_blanks(const char **at)
{
	while (**at == ' ')
		++*at;
}

static noun
jetgen_word(const char **at)
{
	size_t n = strcspn(*at, " ()[]{}");
	const char *word = *at;
	noun pool;
	uint64_t length;

	*at += n;
	if (*word >= '0' && *word <= '9')
		return direct(strtoull(word, NULL, 10));
	if (*word == '%')
		return atom_from_bytes(word + 1, n - 1);
	for (size_t i = 0; i < sizeof jetgen_words / sizeof *jetgen_words; i++)
		if (strlen(jetgen_words[i].name) == n &&
		    memcmp(jetgen_words[i].name, word, n) == 0)
			return jetgen_words[i].make();
	if (!jetgen_pool(word, n, &pool) || !list_length(pool, &length) ||
	    length == 0)
		jetgen_bad(word);
	for (length = gen_below(length); length > 0; length--)
		pool = tail(pool);
	return head(pool);
}

static noun
jetgen_tuple(const char **at)
{
	noun first = jetgen_type(at);

	jetgen_blanks(at);
	if (**at == ']') {
		++*at;
		return first;
	}
	return cons(first, jetgen_tuple(at));
}

/* One of several, each as likely. */
static noun
jetgen_choice(const char **at)
{
	noun got = 0, item;

	for (uint64_t n = 1; jetgen_blanks(at), **at != '}'; n++) {
		item = jetgen_type(at);
		if (gen_below(n) == 0)
			got = item;
	}
	++*at;
	return got;
}

static noun
jetgen_list(const char *item, uint64_t most)
{
	noun list = 0;

	for (uint64_t n = gen_below(most); n > 0; n--) {
		const char *at = item;

		list = cons(jetgen_type(&at), list);
	}
	return list;
}

static noun
jetgen_tree(const char *item, unsigned deep)
{
	const char *at = item;
	noun node;

	if (deep == 0 || gen_below(4) == 0)
		return 0;
	node = jetgen_type(&at);
	return cons3(
	    node, jetgen_tree(item, deep - 1), jetgen_tree(item, deep - 1));
}

static noun
jetgen_many(const char **at)
{
	const char *kind = *at, *item = kind + 5;
	noun n = 0;

	*at = item;
	jetgen_type(at); /* to find its end */
	if (**at != ')')
		jetgen_bad(*at);
	++*at;
	if (strncmp(kind, "list ", 5) == 0)
		n = jetgen_list(item, gen_below(4) ? 9 : 30);
	else if (strncmp(kind, "more ", 5) == 0)
		n = jetgen_list(item, gen_below(4) ? 30 : 300);
	else if (strncmp(kind, "tree ", 5) == 0)
		n = jetgen_tree(item, 4);
	else if (strncmp(kind, "unit ", 5) != 0)
		jetgen_bad(kind);
	else if (gen_below(4))
		n = cons(0, jetgen_type(&item));
	return n;
}

static noun
jetgen_type(const char **at)
{
	jetgen_blanks(at);
	switch (*(*at)++) {
	case '[':
		return jetgen_tuple(at);
	case '(':
		return jetgen_many(at);
	case '{':
		return jetgen_choice(at);
	default:
		--*at;
		return jetgen_word(at);
	}
}

/* A noun of the type. */
static noun
jetgen(const char *type)
{
	return jetgen_type(&type);
}

/* -------- what is not of the type -------- */

/* n with some part of it replaced. */
static noun
jetgen_damage(noun n)
{
	uint64_t axis = 1;
	noun part = n, out;

	while (is_cell(part) && axis < UINT64_C(1) << 40 && gen_below(5)) {
		bool right = gen_below(2);

		axis = 2 * axis + right;
		part = right ? tail(part) : head(part);
	}
	switch (gen_below(4)) {
	case 0:
		part = 0;
		break;
	case 1:
		part = jetgen_atom();
		break;
	case 2: /* one that is near */
		part = is_atom(part) ? atom_increment(part) : head(part);
		break;
	default:
		part = gen_noun(gen_below(10));
	}
	return axis_edit(n, direct(axis), part, &out) ? out : part;
}

#endif
