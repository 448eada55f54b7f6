#include "patp.h"

#include <string.h>

#include "atom.h"
#include "heap.h"

static const char prefixes[] =
    "dozmarbinwansamlitsighidfidlissogdirwacsabwissibrigsoldopmod"
    "foglidhopdardorlorhodfolrintogsilmirholpaslacrovlivdalsatlib"
    "tabhanticpidtorbolfosdotlosdilforpilramtirwintadbicdifrocwid"
    "bisdasmidloprilnardapmolsanlocnovsitnidtipsicropwitnatpanmin"
    "ritpodmottamtolsavposnapnopsomfinfonbanmorworsipronnorbotwic"
    "socwatdolmagpicdavbidbaltimtasmalligsivtagpadsaldivdactansid"
    "fabtarmonranniswolmispallasdismaprabtobrollatlonnodnavfignom"
    "nibpagsopralbilhaddocridmocpacravripfaltodtiltinhapmicfanpat"
    "taclabmogsimsonpinlomrictapfirhasbosbatpochactidhavsaplindib"
    "hosdabbitbarracparloddosbortochilmactomdigfilfasmithobharmig"
    "hinradmashalraglagfadtopmophabnilnosmilfopfamdatnoldinhatnac"
    "risfotribhocnimlarfitwalrapsarnalmoslandondanladdovrivbacpol"
    "laptalpitnambonrostonfodponsovnocsorlavmatmipfip";

static const char suffixes[] =
    "zodnecbudwessevpersutletfulpensytdurwepserwylsunrypsyxdyrnup"
    "hebpeglupdepdysputlughecryttyvsydnexlunmeplutseppesdelsulped"
    "temledtulmetwenbynhexfebpyldulhetmevruttylwydtepbesdexsefwyc"
    "burderneppurrysrebdennutsubpetrulsynregtydsupsemwynrecmegnet"
    "secmulnymtevwebsummutnyxrextebfushepbenmuswyxsymselrucdecwex"
    "syrwetdylmynmesdetbetbeltuxtugmyrpelsyptermebsetdutdegtexsur"
    "feltudnuxruxrenwytnubmedlytdusnebrumtynseglyxpunresredfunrev"
    "refmectedrusbexlebduxrynnumpyxrygryxfeptyrtustyclegnemfermer"
    "tenlusnussyltecmexpubrymtucfyllepdebbermughuttunbylsudpemdev"
    "lurdefbusbeprunmelpexdytbyttyplevmylwedducfurfexnulluclenner"
    "lexrupnedlecrydlydfenwelnydhusrelrudneshesfetdesretdunlernyr"
    "sebhulrylludremlysfynwerrycsugnysnyllyndyndemluxfedsedbecmun"
    "lyrtesmudnytbyrsenwegfyrmurtelreptegpecnelnevfes";

/* -------- scrambling: a Feistel network over 0xffff * 0x10000 numbers ---- */

#define A 0xffffu
#define B 0x10000u
#define DOMAIN (A * B)

enum { ROUNDS = 4 };

/* MurmurHash3_x86_32 of the two bytes of v. */
static uint32_t
murmur(unsigned round, uint32_t v)
{
	static const uint32_t seed[ROUNDS] = {
	    0xb76d5eed, 0xee281300, 0x85bcae01, 0x4b387af7};
	uint32_t h;

	v *= 0xcc9e2d51u;
	v = v << 15 | v >> 17;
	h = (seed[round] ^ v * 0x1b873593u) ^ 2;
	h = (h ^ h >> 16) * 0x85ebca6bu;
	h = (h ^ h >> 13) * 0xc2b2ae35u;
	return h ^ h >> 16;
}

/*
 * The swap where the right half is A keeps names given before a flaw was
 * found in the network: those inputs had shared their output with others.
 */
static uint32_t
forth(uint32_t v)
{
	uint32_t l = v % A, r = v / A, t;

	for (unsigned i = 0; i < ROUNDS; i++) {
		t = (uint32_t)(((uint64_t)murmur(i, r) + l) % (i & 1 ? B : A));
		l = r;
		r = t;
	}
	return r == A ? r * A + l : l * A + r;
}

static uint32_t
back(uint32_t v)
{
	uint32_t l = v / A, r = v % A, m, t;

	if (l == A) {
		l = r;
		r = A;
	}
	for (unsigned i = ROUNDS; i-- > 0;) {
		m = i & 1 ? B : A;
		t = (r + m - murmur(i, l) % m) % m;
		r = l;
		l = t;
	}
	return r * A + l;
}

/* Apply f, defined on [0, DOMAIN), to the part of v that is scrambled. */
static uint64_t
with_low(uint64_t v, uint32_t (*f)(uint32_t))
{
	uint32_t low = (uint32_t)v;

	if (low < B)
		return v;
	low = f(low - B);
	if (low >= DOMAIN)
		low = f(low);
	return (v >> 32 << 32) | (low + B);
}

uint64_t
patp_fein(uint64_t v)
{
	return with_low(v, forth);
}

uint64_t
patp_fynd(uint64_t v)
{
	return with_low(v, back);
}

/* -------- names -------- */

enum { SYLLABLE = 3, WORD = 2 * SYLLABLE, GROUP = 4 };

/* The number of the syllable at p, or -1. */
static int
syllable(const char *table, const char *p)
{
	for (int i = 0; i < 256; i++)
		if (memcmp(table + SYLLABLE * i, p, SYLLABLE) == 0)
			return i;
	return -1;
}

static int
word(const char *p)
{
	int high = syllable(prefixes, p);
	int low = syllable(suffixes, p + SYLLABLE);

	return high < 0 || low < 0 ? -1 : high << 8 | low;
}

/*
 * How many words a name of n bytes has: a full group takes 29, with its
 * dashes; the last group has no dashes behind it.  0 if none fit.
 */
static size_t
count_words(size_t n)
{
	const size_t full = GROUP * (WORD + 1) + 1;
	size_t rest = (n + 2) % full;

	if (rest == 1 || (rest > 1 && (rest - 1) % (WORD + 1) != 0))
		return 0;
	return (n + 2) / full * GROUP + rest / (WORD + 1);
}

static bool
dashes(const char **p, size_t n)
{
	while (n-- > 0)
		if (*(*p)++ != '-')
			return false;
	return true;
}

/* The words of the name at p into the limbs at to, which are zero. */
static bool
read_words(const char *p, size_t words, uint64_t *to)
{
	for (size_t i = words; i-- > 0; p += WORD) {
		int w;

		if (i + 1 < words &&
		    !dashes(&p, i % GROUP == GROUP - 1 ? 2 : 1))
			return false;
		if ((w = word(p)) < 0)
			return false;
		to[i / GROUP] |= (uint64_t)w << i % GROUP * 16;
	}
	return true;
}

/* A name of two words or more may not begin with a word that is zero. */
static bool
canonical(const uint64_t *p, size_t words)
{
	size_t i = words - 1;
	uint64_t first = p[i / GROUP] >> i % GROUP * 16;

	return first >= (words == 1 ? 256 : 1);
}

static bool
read_galaxy(const char *p, noun *out)
{
	int v = syllable(suffixes, p);

	*out = direct((uint64_t)v);
	return v >= 0;
}

bool
patp_read(const char *p, size_t n, noun *out)
{
	size_t words = count_words(n), limbs = (words + GROUP - 1) / GROUP;
	char *mark = scratch_top();
	uint64_t *to;
	bool good;

	if (n == SYLLABLE)
		return read_galaxy(p, out);
	if (words == 0 || n < WORD)
		return false;
	to = scratch_push(limbs * 8);
	memset(to, 0, limbs * 8);
	if ((good = read_words(p, words, to) && canonical(to, words))) {
		if (limbs == 1)
			to[0] = patp_fynd(to[0]);
		*out = atom_from_limbs(to, limbs);
	}
	scratch_cut(mark);
	return good;
}

static char *
put_syllable(char *p, const char *table, unsigned i)
{
	memcpy(p, table + SYLLABLE * (i & 0xff), SYLLABLE);
	return p + SYLLABLE;
}

size_t
patp_write(uint64_t ship, char to[PATP_MAX])
{
	uint64_t v = patp_fein(ship);
	unsigned words = v == 0 ? 1 : (79 - (unsigned)__builtin_clzll(v)) / 16;
	char *p = to;

	*p++ = '~';
	for (unsigned i = words; i-- > 0;) {
		unsigned w = v >> i * 16 & 0xffff;

		if (v > 0xff)
			p = put_syllable(p, prefixes, w >> 8);
		p = put_syllable(p, suffixes, w);
		if (i > 0)
			*p++ = '-';
	}
	*p = 0;
	return (size_t)(p - to);
}
