/*
 * scot -- ++scot and ++scow: an atom as text, the way its aura says.
 * Its other half is slaw.c.
 *
 * An aura's letters are looked at as the Hoon looks at them: by the first
 * byte of the term, then by the second.  What is rare passes: floats (@r),
 * @uc, text that is not UTF-8, years that take more than 64 bits of seconds.
 *
 * At kelvin 135 dates got two digits for month and day.
 */
#include <gmp.h>
#include <string.h>

#include "aura.h"
#include "date.h"
#include "jet.h"
#include "patp.h"
#include "scot.h"
#include "utf8.h"

/* More bits than this are Hoon's. */
enum { BITS_MAX = 1 << 30 };

/* Text being written in scratch memory that is known to be long enough. */
struct ink {
	char *start, *p;
};

static void
put(struct ink *k, const char *s, size_t n)
{
	memcpy(k->p, s, n);
	k->p += n;
}

static inline void
put_char(struct ink *k, char c)
{
	*k->p++ = c;
}

/* -------- numbers -------- */

static const char alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ-~";

/* v in decimal, with at least so many digits. */
static void
put_decimal(struct ink *k, uint64_t v, unsigned least)
{
	char d[20];
	unsigned n = 0;

	do {
		d[n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0 || n < least);
	while (n > 0)
		put_char(k, d[--n]);
}

static void
put_hex(struct ink *k, unsigned v, unsigned least)
{
	unsigned n = 4;

	while (n > least && v >> (n - 1) * 4 == 0)
		n--;
	while (n-- > 0)
		put_char(k, alphabet[v >> n * 4 & 15]);
}

/* The digits of a > 0, most significant first, at k->p: how many. */
static size_t
digits_of_power(struct ink *k, const struct limbs *l, unsigned bits)
{
	uint64_t top = l->p[l->n - 1];
	size_t width = l->n * 64 - (unsigned)__builtin_clzll(top);
	size_t n = (width + bits - 1) / bits;

	for (size_t i = 0; i < n; i++) {
		size_t at = (n - 1 - i) * bits;
		uint64_t v = l->p[at / 64] >> at % 64;

		if (at % 64 + bits > 64 && at / 64 + 1 < l->n)
			v |= l->p[at / 64 + 1] << (64 - at % 64);
		k->p[i] = alphabet[v & ((1u << bits) - 1)];
	}
	return n;
}

static size_t
digits_of_ten(struct ink *k, const struct limbs *l)
{
	struct ink small = *k;
	mp_limb_t *copy;
	size_t n, zeros = 0;

	if (l->n == 1) {
		put_decimal(&small, l->p[0], 1);
		return (size_t)(small.p - k->p);
	}
	copy = scratch_push((l->n + 1) * sizeof *copy);
	memcpy(copy, l->p, l->n * sizeof *copy);
	n = mpn_get_str((unsigned char *)k->p, 10, copy, (mp_size_t)l->n);
	while (k->p[zeros] == 0)
		zeros++;
	n -= zeros;
	for (size_t i = 0; i < n; i++)
		k->p[i] = (char)(k->p[i + zeros] + '0');
	return n;
}

/* Dots into the n digits at k->p, before each group from the right. */
static void
put_dots(struct ink *k, size_t n, size_t group)
{
	size_t dots = (n - 1) / group;
	char *from = k->p + n, *to = from + dots;

	k->p = to;
	for (size_t i = 0; from < to; i++) {
		if (i == group) {
			*--to = '.';
			i = 0;
			if (from == to)
				break;
		}
		*--to = *--from;
	}
}

/* a in base 2^bits, or in base 10 if bits is 0; group 0 = no dots. */
static void
put_number(struct ink *k, noun a, unsigned bits, size_t group)
{
	struct limbs l;
	size_t n;

	if (a == 0) {
		put_char(k, '0');
		return;
	}
	atom_limbs(a, &l);
	n = bits ? digits_of_power(k, &l, bits) : digits_of_ten(k, &l);
	if (group > 0)
		put_dots(k, n, group);
	else
		k->p += n;
}

/* What an aura that is not known is written as. */
static bool
put_plain(struct ink *k, noun a)
{
	put(k, "0x", 2);
	put_number(k, a, 4, 0);
	return true;
}

/* @u, by the second letter. */
static bool
put_unsigned(struct ink *k, char hay, noun a)
{
	static const struct {
		char hay;
		unsigned char bits, group;
	} bases[] = {
	    {'b', 1, 4}, {'i', 0, 0}, {'x', 4, 4}, {'v', 5, 5}, {'w', 6, 5}};

	if (hay == 'c')
		return false;
	for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
		if (bases[i].hay != hay)
			continue;
		put_char(k, '0');
		put_char(k, hay);
		put_number(k, a, bases[i].bits, bases[i].group);
		return true;
	}
	put_number(k, a, 0, 3);
	return true;
}

/* @s: the lowest bit is the sign, of -1 on. */
static bool
put_signed(struct ink *k, char hay, noun a)
{
	uint64_t v;

	if (!atom_to_word(a, &v))
		return false;
	put(k, "--", v & 1 ? 1 : 2);
	return put_unsigned(k, hay, atom_word((v & 1) + (v >> 1)));
}

/* -------- addresses -------- */

static bool
put_address(struct ink *k, char hay, noun a)
{
	struct limbs l;
	uint64_t v[2] = {0, 0};

	if (hay != 'f' && hay != 's')
		return put_plain(k, a);
	atom_limbs(a, &l);
	memcpy(v, l.p, (l.n < 2 ? l.n : 2) * 8);
	for (unsigned i = hay == 'f' ? 4 : 8; i-- > 0;) {
		put_char(k, '.');
		if (hay == 'f')
			put_decimal(k, v[0] >> i * 8 & 0xff, 1);
		else
			put_hex(k, v[i / 4] >> i % 4 * 16 & 0xffff, 1);
	}
	return true;
}

/* -------- ships and other phonetics -------- */

static unsigned
word_at(const struct limbs *l, size_t i)
{
	return l->p[i / 4] >> i % 4 * 16 & 0xffff;
}

/* A comet, or what is longer: not scrambled. */
static void
put_words(struct ink *k, const struct limbs *l)
{
	size_t n = l->n * 4;

	while (word_at(l, n - 1) == 0)
		n--;
	put_char(k, '~');
	while (n-- > 0) {
		aura_put_word(k->p, word_at(l, n));
		k->p += AURA_WORD;
		if (n > 0)
			put(k, "--", n % 4 == 0 ? 2 : 1);
	}
}

static bool
put_ship(struct ink *k, noun a)
{
	struct limbs l;

	atom_limbs(a, &l);
	if (l.n > 1)
		put_words(k, &l);
	else
		k->p += patp_write(l.n ? l.p[0] : 0, k->p);
	return true;
}

/* @q: a byte, if their number is odd, then words. */
static bool
put_phonetic(struct ink *k, noun a)
{
	size_t n = atom_bytes(a);
	struct limbs l;

	atom_limbs(a, &l);
	put(k, ".~", 2);
	if (n % 2 == 1 || n == 0) {
		aura_put_suffix(k->p, n ? word_at(&l, n / 2) : 0);
		k->p += AURA_SYLLABLE;
	}
	for (size_t i = n / 2; i-- > 0;) {
		if (k->p[-1] != '~')
			put_char(k, '-');
		aura_put_word(k->p, word_at(&l, i));
		k->p += AURA_WORD;
	}
	return true;
}

/* -------- time -------- */

struct moment {
	uint64_t seconds, fraction;
};

static bool
moment_of(noun a, struct moment *m)
{
	struct limbs l;

	atom_limbs(a, &l);
	m->fraction = l.n > 0 ? l.p[0] : 0;
	m->seconds = l.n > 1 ? l.p[1] : 0;
	return l.n <= 2;
}

/* "..8000.0001": what is zero at the end is left out. */
static void
put_fraction(struct ink *k, uint64_t f)
{
	if (f == 0)
		return;
	put_char(k, '.');
	for (; f != 0; f <<= 16) {
		put_char(k, '.');
		put_hex(k, (unsigned)(f >> 48), 4);
	}
}

static bool
put_date(struct ink *k, noun a, unsigned least)
{
	struct moment m;
	struct date d;
	uint64_t s;

	if (!moment_of(a, &m))
		return false;
	d = date_of(m.seconds / DATE_DAY);
	s = m.seconds % DATE_DAY;
	put_char(k, '~');
	if (d.year > DATE_YEAR_0) {
		put_decimal(k, d.year - DATE_YEAR_0, 1);
	} else {
		put_decimal(k, DATE_YEAR_0 - d.year + 1, 1);
		put_char(k, '-');
	}
	put_char(k, '.');
	put_decimal(k, d.month, least);
	put_char(k, '.');
	put_decimal(k, d.day, least);
	if (s == 0 && m.fraction == 0)
		return true;
	put(k, "..", 2);
	put_decimal(k, s / DATE_HOUR, 2);
	put_char(k, '.');
	put_decimal(k, s / DATE_MINUTE % 60, 2);
	put_char(k, '.');
	put_decimal(k, s % DATE_MINUTE, 2);
	put_fraction(k, m.fraction);
	return true;
}

static bool
put_duration(struct ink *k, noun a)
{
	static const char names[] = "dhms";
	struct moment m;
	uint64_t part[4];

	if (!moment_of(a, &m))
		return false;
	part[0] = m.seconds / DATE_DAY;
	part[1] = m.seconds / DATE_HOUR % 24;
	part[2] = m.seconds / DATE_MINUTE % 60;
	part[3] = m.seconds % DATE_MINUTE;
	put_char(k, '~');
	if (m.seconds == 0)
		put(k, "s0", 2);
	for (int i = 0; i < 4; i++) {
		if (part[i] == 0)
			continue;
		if (k->p[-1] != '~')
			put_char(k, '.');
		put_char(k, names[i]);
		put_decimal(k, part[i], 1);
	}
	put_fraction(k, m.fraction);
	return true;
}

/* -------- text -------- */

/* One code point as ++wood escapes it. */
static void
put_wood(struct ink *k, uint32_t c)
{
	unsigned n = 6;

	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') {
		put_char(k, (char)c);
	} else if (c == ' ') {
		put_char(k, '.');
	} else if (c == '.' || c == '~') {
		put_char(k, '~');
		put_char(k, (char)c);
	} else {
		put_char(k, '~');
		while (c >> (n - 1) * 4 == 0)
			n--;
		while (n-- > 0)
			put_char(k, alphabet[c >> n * 4 & 15]);
		put_char(k, '.');
	}
}

static bool
put_text(struct ink *k, noun a)
{
	uint64_t room;
	const uint8_t *p = atom_view(a, &room);
	size_t n = atom_bytes(a);
	uint32_t c;

	put(k, "~~", 2);
	while (n > 0) {
		unsigned width = utf8_get(p, n, &c);

		if (width == 0 || (c < ' ' && c != '\n'))
			return false;
		put_wood(k, c);
		p += width;
		n -= width;
	}
	return true;
}

/* @ta and @tas.  A NUL is left to Hoon: ++rap drops it. */
static bool
put_knot(struct ink *k, noun a)
{
	uint64_t room;
	const uint8_t *p = atom_view(a, &room);
	size_t n = atom_bytes(a);

	put(k, (const char *)p, n);
	return memchr(p, 0, n) == NULL;
}

/* -------- all auras -------- */

static bool
put_flag(struct ink *k, noun a)
{
	if (a != YES && a != NO)
		return put_plain(k, a);
	put(k, a == YES ? ".y" : ".n", 2);
	return true;
}

/* @t: by the second and the third letter. */
static bool
put_cord(struct ink *k, const char *aura, noun a)
{
	if (aura[1] != 'a')
		return put_text(k, a);
	if (aura[2] != 's')
		put(k, "~.", 2);
	return put_knot(k, a);
}

/* @d: months and days with at least so many digits. */
static bool
put_time(struct ink *k, char hay, noun a, unsigned least)
{
	if (hay == 'a')
		return put_date(k, a, least);
	if (hay == 'r')
		return put_duration(k, a);
	return put_plain(k, a);
}

/* False: pass. */
static bool
put_atom(struct ink *k, const char *aura, noun a, unsigned least)
{
	switch (aura[0]) {
	case 'c':
	case 'r':
		return false;
	case 'd':
		return put_time(k, aura[1], a, least);
	case 'f':
		return put_flag(k, a);
	case 'i':
		return put_address(k, aura[1], a);
	case 'n':
		put_char(k, '~');
		return true;
	case 'p':
		return put_ship(k, a);
	case 'q':
		return put_phonetic(k, a);
	case 's':
		return put_signed(k, aura[1], a);
	case 't':
		return put_cord(k, aura, a);
	case 'u':
		return put_unsigned(k, aura[1], a);
	}
	return put_plain(k, a);
}

/* Write the dime [aura atom]; false if it is Hoon's. */
static bool
write_dime(struct ink *k, noun dime, unsigned least)
{
	uint64_t bits, v;
	noun p, a;
	char aura[8];

	if (!uncons(dime, &p, &a) || !is_direct(p) || is_cell(a))
		return false;
	if ((bits = atom_bits(a)) > BITS_MAX)
		return false;
	v = direct_value(p);
	memcpy(aura, &v, sizeof aura);
	/* @ub has 5 characters for 4 bits; a date takes at most 70. */
	k->start = k->p = scratch_push(bits + bits / 2 + 128);
	return put_atom(k, aura, a, least);
}

static noun
scot(noun dime, unsigned least)
{
	char *mark = scratch_top();
	struct ink k;
	noun cord = JET_PASS;

	if (write_dime(&k, dime, least))
		cord = atom_from_bytes(k.start, (size_t)(k.p - k.start));
	scratch_cut(mark);
	return cord;
}

static noun
scow(noun dime, unsigned least)
{
	char *mark = scratch_top();
	struct ink k;
	noun tape = JET_PASS;

	if (write_dime(&k, dime, least))
		for (tape = 0; k.p > k.start;)
			tape = cons(direct((uint8_t) * --k.p), tape);
	scratch_cut(mark);
	return tape;
}

bool
scot_cord(noun aura, noun a, noun *cord)
{
	*cord = scot(cons(aura, a), 2);
	return *cord != JET_PASS;
}

noun
jet_scot(noun sample, noun context)
{
	(void)context;
	return scot(sample, 2);
}

noun
jet_scow(noun sample, noun context)
{
	(void)context;
	return scow(sample, 2);
}

/* Before kelvin 135. */
noun
jet_scot_136(noun sample, noun context)
{
	(void)context;
	return scot(sample, 1);
}

noun
jet_scow_136(noun sample, noun context)
{
	(void)context;
	return scow(sample, 1);
}
