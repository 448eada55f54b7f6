/*
 * bytestream -- the jets of /lib/bytestream: octs that are read from a place.
 *
 *     octs    [p q]              p bytes, those of q, cut or padded with zeros
 *     bays    [pos octs]         octs, and where to read on
 *     bits    [num bit bays]     bits of it that were read and not used yet
 *
 * A stream that is not of its type is left to the Hoon, and so is one whose
 * place does not fit a direct atom.
 */
#include <string.h>

#include "bits.h"
#include "bytes.h"
#include "jet.h"

/* A list of more bytes, or of more chunks, than this is for the Hoon. */
#define ITEMS_MAX ((size_t)1 << 32)

/* Octs of n bytes, the first `have` of which are at p and the others 0. */
struct octs {
	const uint8_t *p;
	size_t have, n;
	uint64_t room;
};

static bool
get_octs(struct octs *o, noun n)
{
	noun q;

	if (!bytes_octs(n, &o->n, &q))
		return false;
	o->p = atom_view(q, &o->room);
	o->have = atom_bytes(q);
	if (o->have > o->n)
		o->have = o->n;
	return true;
}

/* Take bays apart; *octs is what they hold. */
static bool
get_bays(struct octs *o, noun bays, size_t *pos, noun *octs)
{
	if (!is_cell(bays) || !bytes_width(head(bays), pos))
		return false;
	*octs = tail(bays);
	return get_octs(o, *octs);
}

static unsigned
byte_at(const struct octs *o, size_t i)
{
	return i < o->have ? o->p[i] : 0;
}

/* The atom of n bytes from `at` on. */
static noun
part(const struct octs *o, size_t at, size_t n)
{
	if (at >= o->have)
		return 0;
	if (n > o->have - at)
		n = o->have - at;
	return atom_from_bytes(o->p + at, n);
}

static noun
bays_at(size_t pos, noun octs)
{
	return cons(direct(pos), octs);
}

/* The first byte from `at` on that is b, which is below 256, or o->n. */
static size_t
find(const struct octs *o, size_t at, unsigned b)
{
	const uint8_t *p = NULL;

	if (at < o->have)
		p = memchr(o->p + at, (int)b, o->have - at);
	if (p)
		return (size_t)(p - o->p);
	if (b != 0)
		return o->n;
	return at > o->have ? at : o->have;
}

noun
jet_bytestream_rip_octs(noun sample, noun context)
{
	struct octs o;
	noun list = 0;

	(void)context;
	if (!get_octs(&o, sample) || o.n > ITEMS_MAX)
		return JET_PASS;
	for (size_t i = o.n; i > 0; i--)
		list = cons(direct(byte_at(&o, i - 1)), list);
	return list;
}

/* Total size of a list of octs, and where its last byte that is not 0 ends. */
static bool
measure(noun list, size_t *size, size_t *top)
{
	struct octs o;

	*size = *top = 0;
	for (; is_cell(list); list = tail(list)) {
		if (!get_octs(&o, head(list)))
			return false;
		if (o.have > 0)
			*top = *size + o.have;
		*size += o.n;
		if (*size > BYTES_MAX)
			return false;
	}
	return list == 0;
}

/* All octs of a list one after the other, or JET_PASS. */
static noun
join(noun list)
{
	size_t size, top, at = 0;
	struct octs o;
	uint64_t *limbs;

	if (!measure(list, &size, &top))
		return JET_PASS;
	if (top == 0)
		return cons(direct(size), 0);
	limbs = heap_atom_begin(bits_limbs(top * 8));
	limbs[bits_limbs(top * 8) - 1] = 0;
	for (; at < top; at += o.n, list = tail(list)) {
		uint8_t *p = (uint8_t *)limbs + at;

		get_octs(&o, head(list));
		memcpy(p, o.p, o.have);
		if (at + o.have < top)
			memset(p + o.have, 0, o.n - o.have);
	}
	return cons(direct(size), heap_atom_end(bits_limbs(top * 8)));
}

noun
jet_bytestream_cat_octs(noun sample, noun context)
{
	(void)context;
	if (!is_cell(sample))
		return JET_PASS;
	return join(cons3(head(sample), tail(sample), 0));
}

noun
jet_bytestream_can_octs(noun sample, noun context)
{
	(void)context;
	return join(sample);
}

/* To the byte after the next line end, or to the end, even from beyond it. */
noun
jet_bytestream_skip_line(noun sample, noun context)
{
	struct octs o;
	size_t pos;
	noun octs;

	(void)context;
	if (!get_bays(&o, sample, &pos, &octs))
		return JET_PASS;
	pos = find(&o, pos, '\n');
	return bays_at(pos < o.n ? pos + 1 : o.n, octs);
}

/* [byte bays]: take them apart and look for the byte; o.n if it is not. */
static bool
find_in(noun sample, size_t *at, size_t *end, noun *bays, noun *octs)
{
	struct octs o;

	if (!is_cell(sample) || !is_direct(head(sample)))
		return false;
	*bays = tail(sample);
	if (!get_bays(&o, *bays, at, octs))
		return false;
	*end = o.n;
	if (direct_value(head(sample)) > 0xff)
		*at = o.n;
	else
		*at = find(&o, *at, (unsigned)direct_value(head(sample)));
	return true;
}

noun
jet_bytestream_find_byte(noun sample, noun context)
{
	size_t at, end;
	noun bays, octs;

	(void)context;
	if (!find_in(sample, &at, &end, &bays, &octs))
		return JET_PASS;
	return at < end ? cons(0, direct(at)) : 0;
}

noun
jet_bytestream_seek_byte(noun sample, noun context)
{
	size_t at, end;
	noun bays, octs;

	(void)context;
	if (!find_in(sample, &at, &end, &bays, &octs))
		return JET_PASS;
	if (at >= end)
		return cons(0, bays);
	return cons(cons(0, direct(at)), bays_at(at, octs));
}

noun
jet_bytestream_read_byte(noun sample, noun context)
{
	struct octs o;
	size_t pos;
	noun octs;

	(void)context;
	if (!get_bays(&o, sample, &pos, &octs))
		return JET_PASS;
	if (pos >= o.n)
		jet_crash();
	return cons(direct(byte_at(&o, pos)), bays_at(pos + 1, octs));
}

noun
jet_bytestream_read_octs(noun sample, noun context)
{
	struct octs o;
	size_t n, pos;
	noun octs, read;

	(void)context;
	if (!is_cell(sample) || !bytes_width(head(sample), &n) ||
	    !get_bays(&o, tail(sample), &pos, &octs))
		return JET_PASS;
	if (pos > o.n || n > o.n - pos)
		jet_crash();
	read = cons(direct(n), part(&o, pos, n));
	return cons(read, bays_at(pos + n, octs));
}

noun
jet_bytestream_chunk(noun sample, noun context)
{
	struct octs o;
	size_t size, pos, n;
	noun octs, list = 0;

	(void)context;
	if (!is_cell(sample) || !bytes_width(head(sample), &size))
		return JET_PASS;
	if (size == 0)
		return 0;
	if (!get_bays(&o, tail(sample), &pos, &octs))
		return JET_PASS;
	if (pos > o.n)
		jet_crash();
	if ((o.n - pos) / size > ITEMS_MAX)
		return JET_PASS;
	for (; pos < o.n; pos += n) {
		n = o.n - pos < size ? o.n - pos : size;
		list = cons(cons(direct(n), part(&o, pos, n)), list);
	}
	return list_flop(list);
}

/* -------- extract: a gate tells what to skip, and what to take -------- */

/* On the noun stack, below the list of what was taken. */
enum { OCTS = -2, GATE = -3 };

/* Both are numbers that o has from pos on, or the Hoon would crash. */
static void
get_extent(
    noun extent, const struct octs *o, size_t pos, size_t *skip, size_t *take)
{
	if (!is_cell(extent) || !is_direct(head(extent)) ||
	    !is_direct(tail(extent)))
		jet_crash();
	*skip = direct_value(head(extent));
	*take = direct_value(tail(extent));
	if (*skip > o->n - pos || *take > o->n - pos - *skip)
		jet_crash();
}

/*
 * Ask the gate until it says [0 0] or the stream is at its end; the stream's
 * place then.  What was taken is on the stack, the last first.
 */
static size_t
extract(size_t pos, struct octs *o)
{
	size_t skip, take;
	noun extent;

	while (pos < o->n) {
		extent = nock_slam(
		    stack_top()[GATE], bays_at(pos, stack_top()[OCTS]));
		get_octs(o, stack_top()[OCTS]); /* it may have moved */
		get_extent(extent, o, pos, &skip, &take);
		if (skip == 0 && take == 0)
			break;
		pos += skip;
		if (take > 0) {
			noun n = part(o, pos, take);

			/* off and on: a slot below the top may not be set */
			stack_push(cons(cons(direct(take), n), stack_pop()));
		}
		pos += take;
	}
	return pos;
}

/* [bays gate]: the list of what was taken, and the bays that are left. */
static bool
extract_all(noun sample, noun *list, noun *bays)
{
	struct octs o;
	size_t pos;
	noun octs;

	if (!is_cell(sample) || !get_bays(&o, head(sample), &pos, &octs))
		return false;
	stack_push(tail(sample));
	stack_push(octs);
	stack_push(0);
	pos = extract(pos, &o);
	*list = list_flop(stack_pop());
	*bays = bays_at(pos, stack_pop());
	stack_pop();
	return true;
}

noun
jet_bytestream_extract(noun sample, noun context)
{
	noun list, bays;

	(void)context;
	if (jet_deep() || !extract_all(sample, &list, &bays))
		return JET_PASS;
	return cons(list, bays);
}

noun
jet_bytestream_fuse_extract(noun sample, noun context)
{
	noun list, bays;

	(void)context;
	if (jet_deep() || !extract_all(sample, &list, &bays))
		return JET_PASS;
	list = join(list);
	return list == JET_PASS ? JET_PASS : cons(list, bays);
}

/* -------- bits -------- */

/* Bits that were read: num of them, no more, and no more than a word. */
struct bits {
	uint64_t num, bit;
	noun bays;
};

static bool
get_bits(struct bits *b, noun n)
{
	noun num, bit;

	if (!uncons3(n, &num, &bit, &b->bays) || !is_direct(num) ||
	    !is_atom(bit) || !atom_to_word(bit, &b->bit))
		return false;
	b->num = direct_value(num);
	return b->num <= 64 && (b->num == 64 || b->bit >> b->num == 0);
}

/* [n bits] */
static bool
get_count(struct bits *b, noun sample, uint64_t *n)
{
	if (!is_cell(sample) || !is_direct(head(sample)))
		return false;
	*n = direct_value(head(sample));
	return get_bits(b, tail(sample));
}

static noun
bits_noun(uint64_t num, uint64_t bit, noun bays)
{
	return cons3(direct(num), atom_word(bit), bays);
}

/* Read as many bytes as n bits want. */
noun
jet_bytestream_need_bits(noun sample, noun context)
{
	struct bits b;
	struct octs o;
	uint64_t n;
	size_t pos, bytes;
	noun octs;

	(void)context;
	if (!get_count(&b, sample, &n))
		return JET_PASS;
	if (b.num >= n)
		return tail(sample);
	bytes = (n - b.num) / 8 + ((n - b.num) % 8 != 0);
	if (bytes > (64 - b.num) / 8 || !get_bays(&o, b.bays, &pos, &octs))
		return JET_PASS;
	if (pos > o.n || bytes > o.n - pos)
		jet_crash();
	for (; bytes > 0; bytes--, pos++, b.num += 8)
		b.bit |= (uint64_t)byte_at(&o, pos) << b.num;
	return bits_noun(b.num, b.bit, bays_at(pos, octs));
}

/* bits without its n lowest */
static noun
drop(const struct bits *b, uint64_t n, noun whole)
{
	if (n == 0)
		return whole;
	if (n >= b->num)
		return bits_noun(0, 0, b->bays);
	return bits_noun(b->num - n, b->bit >> n, b->bays);
}

static uint64_t
low(uint64_t w, uint64_t n)
{
	return n < 64 ? bits_low(w, n) : w;
}

noun
jet_bytestream_drop_bits(noun sample, noun context)
{
	struct bits b;
	uint64_t n;

	(void)context;
	if (!get_count(&b, sample, &n))
		return JET_PASS;
	return drop(&b, n, tail(sample));
}

noun
jet_bytestream_peek_bits(noun sample, noun context)
{
	struct bits b;
	uint64_t n;

	(void)context;
	if (!get_count(&b, sample, &n))
		return JET_PASS;
	if (n > b.num)
		jet_crash();
	return atom_word(low(b.bit, n));
}

noun
jet_bytestream_read_bits(noun sample, noun context)
{
	struct bits b;
	uint64_t n;
	noun rest;

	(void)context;
	if (!get_count(&b, sample, &n))
		return JET_PASS;
	if (n > b.num)
		jet_crash();
	rest = drop(&b, n, tail(sample));
	return cons(atom_word(low(b.bit, n)), rest);
}

/* Drop what is there of a byte that was begun. */
noun
jet_bytestream_byte_bits(noun sample, noun context)
{
	struct bits b;

	(void)context;
	if (!get_bits(&b, sample))
		return JET_PASS;
	return drop(&b, b.num % 8, sample);
}
