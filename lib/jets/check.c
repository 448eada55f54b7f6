/*
 * check.c -- CRC-32, Adler-32, and the two wrappings of deflate, by zlib.
 *
 * All take octs, [wid dat], whose dat may be shorter than told: then zeros
 * follow it.  One that is longer is cut, but for CRC-32, which crashes.
 */
#include "jet.h"

#include "bytes.h"

#include <limits.h>
#include <zlib.h>

/* -------- checksums -------- */

/* What is there of an octs, and how many zeros follow. */
struct stream {
	const uint8_t *p;
	size_t n, zeros;
	uint64_t room;
};

static bool
stream_get(noun octs, struct stream *s)
{
	size_t width;
	noun dat;

	if (!bytes_octs(octs, &width, &dat))
		return false;
	s->p = atom_view(dat, &s->room);
	s->n = atom_bytes(dat);
	s->zeros = s->n < width ? width - s->n : 0;
	s->n = s->n < width ? s->n : width;
	return true;
}

/* Of nothing it is 0, whatever the dat; else one that is too long crashes. */
noun
jet_crc32(noun sample, noun context)
{
	static const uint8_t zeros[4096];
	struct stream s;
	uint32_t crc;
	size_t n;

	(void)context;
	if (!stream_get(sample, &s))
		return JET_PASS;
	if (s.n + s.zeros == 0)
		return 0;
	if (s.n < atom_bytes(tail(sample)))
		return JET_PASS;
	crc = crc32_z(0, s.p, s.n);
	for (; s.zeros > 0; s.zeros -= n) {
		n = s.zeros < sizeof zeros ? s.zeros : sizeof zeros;
		crc = crc32_z(crc, zeros, n);
	}
	return direct(crc);
}

/* A zero adds to the second sum alone, what the first sum is. */
noun
jet_adler32(noun sample, noun context)
{
	enum { BASE = 65521 };
	struct stream s;
	uint64_t sum, high;

	(void)context;
	if (!stream_get(sample, &s))
		return JET_PASS;
	sum = adler32_z(1, s.p, s.n);
	high = ((sum >> 16) + s.zeros % BASE * (sum & 0xffff)) % BASE;
	return direct(high << 16 | (sum & 0xffff));
}

/* -------- inflate -------- */

/*
 * What zlib allocates: a state and a window, from scratch memory that is
 * there before, so that the output may grow meanwhile.
 */
struct arena {
	char *p;
	size_t n;
};

static void *
arena_get(void *arg, unsigned items, unsigned size)
{
	struct arena *a = (struct arena *)arg;
	size_t n = ((size_t)items * size + 15) & ~(size_t)15;

	if (n > a->n)
		return NULL;
	a->p += n;
	a->n -= n;
	return a->p - n;
}

static void
arena_drop(void *arg, void *p)
{
	(void)arg;
	(void)p;
}

/* Give zlib the next piece of input: first what is there, then zeros. */
static bool
feed(z_stream *z, struct stream *s)
{
	static const uint8_t zeros[4096];
	size_t n = s->n;

	if (n > 0) {
		n = n < UINT_MAX ? n : UINT_MAX;
		z->next_in = (uint8_t *)s->p;
		s->p += n;
		s->n -= n;
	} else {
		n = s->zeros < sizeof zeros ? s->zeros : sizeof zeros;
		z->next_in = (uint8_t *)zeros;
		s->zeros -= n;
	}
	z->avail_in = n;
	return n > 0;
}

/*
 * Inflate all into an atom that is begun here.  False if it is no complete
 * stream with a right checksum.
 */
static bool
inflate_atom(z_stream *z, struct stream *s, noun *product)
{
	size_t limbs =
	    64 + (s->n < 1 << 14 ? s->n : 1 << 14); /* may be extended */
	size_t limb = 0;                            /* filled up to here */
	uint64_t *p = heap_atom_begin(limbs);
	int r = Z_OK;

	while (r == Z_OK || r == Z_BUF_ERROR) {
		if (z->avail_in == 0 && !feed(z, s))
			break;
		if (limb == limbs) {
			limbs *= 2;
			p = heap_atom_extend(limbs);
		}
		z->next_out = (uint8_t *)(p + limb);
		z->avail_out = limbs - limb < UINT_MAX / 8 ? (limbs - limb) * 8
		                                           : UINT_MAX / 8 * 8;
		/* the last call left a part of a limb */
		z->next_out += z->total_out % 8;
		z->avail_out -= z->total_out % 8;
		r = inflate(z, Z_NO_FLUSH);
		limb = z->total_out / 8;
	}
	memset((uint8_t *)p + z->total_out, 0, -z->total_out & 7);
	*product = heap_atom_end(limb + (z->total_out % 8 != 0));
	return r == Z_STREAM_END;
}

/*
 * [pos octs] to [octs pos octs]: what was compressed from pos on, and the
 * stream with pos after it.  What zlib does not take as valid the Hoon may
 * judge.
 */
static noun
decompress(noun bays, int window)
{
	char *top = scratch_top();
	struct arena arena = {(char *)scratch_push(1 << 16), 1 << 16};
	z_stream z = {
	    .zalloc = arena_get, .zfree = arena_drop, .opaque = &arena};
	struct stream s;
	noun pos, octs, dat;
	size_t at, skip;
	bool done;

	if (!uncons(bays, &pos, &octs) || !bytes_width(pos, &at) ||
	    !stream_get(octs, &s) || inflateInit2(&z, window) != Z_OK) {
		scratch_cut(top);
		return JET_PASS;
	}
	skip = at < s.n ? at : s.n;
	s.p += skip;
	s.n -= skip;
	s.zeros -= at - skip < s.zeros ? at - skip : s.zeros;
	done = inflate_atom(&z, &s, &dat);
	scratch_cut(top);
	if (!done)
		return JET_PASS;
	return cons(cons(direct(z.total_out), dat),
	    cons(direct(at + z.total_in), octs));
}

noun
jet_zlib_decompress(noun sample, noun context)
{
	(void)context;
	return decompress(sample, 15);
}

noun
jet_gzip_decompress(noun sample, noun context)
{
	(void)context;
	return decompress(sample, 15 + 16);
}
