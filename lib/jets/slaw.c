/*
 * slaw -- ++slaw: text to (unit atom), by its aura.  Its other half is
 * scot.c.
 *
 * The texts of the auras da, p, ud, ux, uv, ta and tas have parsers of their
 * own in the Hoon; others go through ++slay, which reads a literal of any
 * aura and then compares.  So of a text that is not read here
 *
 *   - one that has white space or a colon may be a number that goes on
 *     after a comment (++gay): it passes;
 *   - one that ++slay would begin with ~ or . may crash, or be read in some
 *     other way: it passes;
 *   - all others give ~.
 */
#include "aura.h"
#include "jet.h"
#include "patp.h"
#include "slaw.h"

/* -------- auras -------- */

typedef enum slaw_answer reader(struct slaw_text *t, noun *out);

/* All of the rest is a number. */
static enum slaw_answer
whole_number(struct slaw_text *t, const struct slaw_base *b, noun *out)
{
	return slaw_number(t, b, out) && t->p == t->end ? READ : NONE;
}

static enum slaw_answer
read_ud(struct slaw_text *t, noun *out)
{
	return whole_number(t, &slaw_decimal, out);
}

static enum slaw_answer
read_prefixed(struct slaw_text *t, const char *prefix,
    const struct slaw_base *b, noun *out)
{
	return take_word(t, prefix) ? whole_number(t, b, out) : NONE;
}

static enum slaw_answer
read_ub(struct slaw_text *t, noun *out)
{
	return read_prefixed(t, "0b", &slaw_binary, out);
}

static enum slaw_answer
read_ui(struct slaw_text *t, noun *out)
{
	return read_prefixed(t, "0i", &slaw_plain, out);
}

static enum slaw_answer
read_ux(struct slaw_text *t, noun *out)
{
	return read_prefixed(t, "0x", &slaw_hex, out);
}

static enum slaw_answer
read_uv(struct slaw_text *t, noun *out)
{
	return read_prefixed(t, "0v", &slaw_base32, out);
}

static enum slaw_answer
read_uw(struct slaw_text *t, noun *out)
{
	return read_prefixed(t, "0w", &slaw_base64, out);
}

/* -0 and --0 are the same. */
static enum slaw_answer
read_signed(struct slaw_text *t, reader *magnitude, noun *out)
{
	bool minus;
	uint64_t v;
	enum slaw_answer a;

	if (!take(t, '-'))
		return NONE;
	minus = !take(t, '-');
	if ((a = magnitude(t, out)) != READ)
		return a;
	if (!atom_to_word(*out, &v) || v >> 63 != 0)
		return PASS;
	*out = atom_word(2 * v - (minus && v > 0));
	return READ;
}

static enum slaw_answer
read_sd(struct slaw_text *t, noun *out)
{
	return read_signed(t, read_ud, out);
}

static enum slaw_answer
read_sb(struct slaw_text *t, noun *out)
{
	return read_signed(t, read_ub, out);
}

static enum slaw_answer
read_si(struct slaw_text *t, noun *out)
{
	return read_signed(t, read_ui, out);
}

static enum slaw_answer
read_sx(struct slaw_text *t, noun *out)
{
	return read_signed(t, read_ux, out);
}

static enum slaw_answer
read_sv(struct slaw_text *t, noun *out)
{
	return read_signed(t, read_uv, out);
}

static enum slaw_answer
read_sw(struct slaw_text *t, noun *out)
{
	return read_signed(t, read_uw, out);
}

static enum slaw_answer
read_f(struct slaw_text *t, noun *out)
{
	*out = take_word(t, ".y") ? YES : NO;
	if (*out == NO && !take_word(t, ".n"))
		return NONE;
	return t->p == t->end ? READ : NONE;
}

static enum slaw_answer
read_n(struct slaw_text *t, noun *out)
{
	*out = 0;
	return take(t, '~') && t->p == t->end ? READ : NONE;
}

/* Each part is up to three digits, of any value. */
static enum slaw_answer
read_if(struct slaw_text *t, noun *out)
{
	uint64_t sum = 0;
	noun part;

	for (int i = 0; i < 4; i++) {
		struct slaw_text one;

		if (!take(t, '.'))
			return NONE;
		one.p = t->p;
		one.end = t->end - t->p > 3 ? t->p + 3 : t->end;
		if (!slaw_number(&one, &slaw_plain, &part))
			return NONE;
		t->p = one.p;
		sum = sum * 256 + direct_value(part);
	}
	*out = direct(sum);
	return t->p == t->end ? READ : NONE;
}

static enum slaw_answer
read_is(struct slaw_text *t, noun *out)
{
	uint64_t v[2] = {0, 0};
	uint8_t d[4];

	for (int i = 8; i-- > 0;) {
		uint64_t part = 0;
		size_t n;

		if (!take(t, '.'))
			return NONE;
		if (!take(t, '0')) {
			if ((n = slaw_first_group(t, &slaw_hex, d)) == 0)
				return NONE;
			for (size_t j = 0; j < n; j++)
				part = part * 16 + d[j];
		}
		v[i / 4] |= part << i % 4 * 16;
	}
	*out = atom_from_limbs(v, 2);
	return t->p == t->end ? READ : NONE;
}

static enum slaw_answer
read_p(struct slaw_text *t, noun *out)
{
	if (!take(t, '~'))
		return NONE;
	return patp_read(t->p, (size_t)(t->end - t->p), out) ? READ : NONE;
}

/* A byte or a word, then words, most significant first. */
static enum slaw_answer
read_q(struct slaw_text *t, noun *out)
{
	size_t n, words;
	uint64_t *to;
	unsigned w = 0;
	bool good;

	if (!take_word(t, ".~"))
		return NONE;
	n = (size_t)(t->end - t->p) + 1;
	words = n / (AURA_WORD + 1);
	good = n % (AURA_WORD + 1) == 0 && n > 0;
	if (n % (AURA_WORD + 1) == AURA_SYLLABLE + 1) {
		good = aura_get_suffix(t->p, &w);
		t->p += AURA_SYLLABLE;
	}
	to = heap_atom_begin(words / 4 + 1);
	memset(to, 0, (words / 4 + 1) * 8);
	to[words / 4] = (uint64_t)w << words % 4 * 16;
	for (size_t i = words; good && i-- > 0; t->p += AURA_WORD) {
		if (t->p[-1] != '~' && !take(t, '-'))
			return NONE;
		if (!(good = aura_get_word(t->p, &w)))
			return NONE;
		to[i / 4] |= (uint64_t)w << i % 4 * 16;
	}
	if (!good)
		return NONE;
	*out = heap_atom_end(words / 4 + 1);
	return READ;
}

/* -------- text -------- */

static bool
is_knot(char c)
{
	return (c >= 'a' && c <= 'z') || is_decimal(c) || c == '-';
}

/* A symbol is its own text. */
static enum slaw_answer
read_tas(struct slaw_text *t, noun *out)
{
	const char *p = t->p;

	if (p == t->end || *p < 'a' || *p > 'z')
		return NONE;
	while (p < t->end && is_knot(*p))
		p++;
	*out = atom_from_bytes(t->p, (size_t)(p - t->p));
	return p == t->end ? READ : NONE;
}

static enum slaw_answer
read_ta(struct slaw_text *t, noun *out)
{
	const char *start;

	if (!take_word(t, "~."))
		return NONE;
	for (start = t->p; t->p < t->end; t->p++)
		if (!is_knot(*t->p) && *t->p != '.' && *t->p != '~' &&
		    *t->p != '_')
			return NONE;
	*out = atom_from_bytes(start, (size_t)(t->end - start));
	return READ;
}

/* ++tuft of 16 bits that are not zero. */
static char *
put_code(char *to, unsigned c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 63));
	}
	*to++ = (char)(0x80 | (c & 63));
	return to;
}

/*
 * After a ~: a hexadecimal number and a dot.  If four more digits follow the
 * number goes on with them, and other such oddities, are Hoon's.
 */
static char *
read_code(struct slaw_text *t, char *to)
{
	struct slaw_text more;
	uint8_t d[4];
	unsigned c = 0;
	size_t n = slaw_first_group(t, &slaw_hex, d);

	for (size_t i = 0; i < n; i++)
		c = c * 16 + d[i];
	more = *t;
	if (n == 0 || slaw_next_group(&more, &slaw_hex, d) || !take(t, '.'))
		return NULL;
	return put_code(to, c);
}

/* A cord escaped by ++wood; at most as long as its text. */
static enum slaw_answer
read_t(struct slaw_text *t, noun *out)
{
	char *mark = scratch_top(), *start, *to;

	if (!take_word(t, "~~"))
		return NONE;
	start = to = scratch_push((size_t)(t->end - t->p));
	while (to != NULL && t->p < t->end) {
		char c = *t->p++;

		if (is_knot(c) || c == '_')
			*to++ = c;
		else if (c == '.')
			*to++ = ' ';
		else if (c != '~')
			to = NULL;
		else if (peek(t) == '~' || peek(t) == '.')
			*to++ = *t->p++;
		else
			to = read_code(t, to);
	}
	if (to != NULL)
		*out = atom_from_bytes(start, (size_t)(to - start));
	scratch_cut(mark);
	return to != NULL ? READ : PASS;
}

/* -------- all auras -------- */

#define AURA(a, b, c) ((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16)

static const struct aura {
	uint64_t name;
	reader *read;
	bool own; /* a parser of its own in ++slaw */
} auras[] = {
    {AURA('t', 'a', 's'), read_tas, true},
    {AURA('u', 'd', 0), read_ud, true},
    {AURA('p', 0, 0), read_p, true},
    {AURA('d', 'a', 0), slaw_date, true},
    {AURA('u', 'x', 0), read_ux, true},
    {AURA('u', 'v', 0), read_uv, true},
    {AURA('t', 'a', 0), read_ta, true},
    {AURA('u', 'w', 0), read_uw, false},
    {AURA('u', 'b', 0), read_ub, false},
    {AURA('u', 'i', 0), read_ui, false},
    {AURA('f', 0, 0), read_f, false},
    {AURA('d', 'r', 0), slaw_duration, false},
    {AURA('t', 0, 0), read_t, false},
    {AURA('q', 0, 0), read_q, false},
    {AURA('n', 0, 0), read_n, false},
    {AURA('i', 'f', 0), read_if, false},
    {AURA('i', 's', 0), read_is, false},
    {AURA('s', 'd', 0), read_sd, false},
    {AURA('s', 'x', 0), read_sx, false},
    {AURA('s', 'b', 0), read_sb, false},
    {AURA('s', 'i', 0), read_si, false},
    {AURA('s', 'v', 0), read_sv, false},
    {AURA('s', 'w', 0), read_sw, false},
};

static const struct aura *
find_aura(noun mod)
{
	for (size_t i = 0; i < sizeof auras / sizeof *auras; i++)
		if (mod == direct(auras[i].name))
			return &auras[i];
	return NULL;
}

/* Is it sure that a text which was not read is of no use to the Hoon? */
static bool
is_sure(const char *p, size_t n, bool own)
{
	if (n > 0 && !own && (*p == '~' || *p == '.'))
		return false;
	for (size_t i = 0; i < n; i++)
		if (p[i] == ' ' || p[i] == '\n' || p[i] == ':')
			return false;
	return true;
}

static noun
slaw(noun sample, reader *date)
{
	const struct aura *aura;
	const char *p;
	uint64_t room;
	struct slaw_text t;
	noun mod, txt, out = 0;
	enum slaw_answer a;
	size_t n;

	if (!uncons(sample, &mod, &txt) || is_cell(txt) ||
	    (aura = find_aura(mod)) == NULL)
		return JET_PASS;
	p = (const char *)atom_view(txt, &room);
	n = atom_bytes(txt);
	t.p = p;
	t.end = p + n;
	a = (aura->read == slaw_date ? date : aura->read)(&t, &out);
	if (a == READ)
		return cons(0, out);
	return a == NONE && is_sure(p, n, aura->own) ? 0 : JET_PASS;
}

noun
jet_slaw(noun sample, noun context)
{
	(void)context;
	return slaw(sample, slaw_date);
}

/* Before kelvin 135. */
noun
jet_slaw_136(noun sample, noun context)
{
	(void)context;
	return slaw(sample, slaw_date_136);
}
