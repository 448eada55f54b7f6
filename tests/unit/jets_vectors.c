/*
 * Jets of arms that the ivory kernel does not hold: hashes, ciphers,
 * checksums and bits, by published vectors or by hand.  And every jet there
 * is, with samples that are of no type: they crash or pass.
 */
#include <zlib.h>

#include "jetcall.h"

/* -------- bits -------- */

TEST("clz, ctz, ham, rig: as their Hoon, by hand")
{
	CHECK(is(jet_clz, "[3 1]", "7"));
	CHECK(is(jet_clz, "[3 0]", "8"));
	CHECK(is(jet_clz, "[3 0x1ff]", "0"));
	CHECK(is(jet_clz, "[[3 2] 0x1ff]", "7"));
	CHECK(is(jet_clz, "[[0 5] 1]", "4"));
	CHECK(is(jet_clz, "[[6 4] 0x1.0000.0000.0000.0000]", "191"));
	CHECK(crashes(jet_clz, "[[3 2 2] 1]"));
	CHECK(is(jet_ctz, "0", "0"));
	CHECK(is(jet_ctz, "1", "0"));
	CHECK(is(jet_ctz, "0x1.0000.0000.0000.0000", "64"));
	CHECK(crashes(jet_ctz, "[1 1]"));
	CHECK(is(jet_ham, "0", "0"));
	CHECK(is(jet_ham, "0xffff.ffff.ffff.ffff.ffff", "80"));
	CHECK(crashes(jet_ham, "[1 1]"));
	CHECK(is(jet_rig, "[5 3]", "0"));
	CHECK(is(jet_rig, "[[3 5] 3]", "5"));
	CHECK(is(jet_rig, "[[5 3] 3]", "12"));
	CHECK(is(jet_rig, "[[3 12] 5]", "3"));
	CHECK(is(jet_rig, "[[3 13] 5]", "4"));
	CHECK(crashes(jet_rig, "[[3 [1 1]] 5]"));
}

TEST("sew: stitch into")
{
	CHECK(is(jet_sew, "[3 [1 2 0xabcd] 0x1122.3344]", "0x11ab.cd44"));
	CHECK(is(jet_sew, "[3 [1 2 0xff.abcd] 0x1122.3344]", "0x11ab.cd44"));
	CHECK(is(jet_sew, "[3 [5 1 0xff] 0]", "0xff00.0000.0000"));
	CHECK(is(jet_sew, "[3 [0 0 7] 9]", "9"));
	CHECK(crashes(jet_sew, "[3 [0 0] 9]"));
}

TEST("hew: cut many, by a tree of steps")
{
	noun context = parse("[[3 0] 0 [3 0x1122.3344] 0]");

	CHECK(gives(
	    jet_hew, parse("[1 2]"), context, parse("[[0x44 0x2233] 3 3]")));
	CHECK(gives(jet_hew, parse("[[1 1] 1 1]"), context,
	    parse("[[[0x44 0x33] 0x22 0x11] 3 4]")));
	context = parse("[[3 2] 0 [[3 2] 0x1122.3344] 0]");
	CHECK(gives(jet_hew, parse("9"), context, parse("[0x1122 3 11]")));
}

TEST("mate, aor: choose, and order")
{
	CHECK(is(jet_mate, "[0 0]", "0"));
	CHECK(is(jet_mate, "[[0 1] 0]", "[0 1]"));
	CHECK(is(jet_mate, "[0 [0 2]]", "[0 2]"));
	CHECK(is(jet_mate, "[[0 2 3] [0 2 3]]", "[0 2 3]"));
	CHECK(crashes(jet_mate, "[[0 2] [0 3]]"));
	CHECK(is(jet_aor, "[1 1]", "0"));
	CHECK(is(jet_aor, "['abc' 'abd']", "0"));
	CHECK(is(jet_aor, "['b' 'abc']", "1"));
	CHECK(is(jet_aor, "['ab' 'abc']", "0"));
	CHECK(is(jet_aor, "[5 [1 1]]", "0"));
	CHECK(is(jet_aor, "[[1 1] 5]", "1"));
	CHECK(is(jet_aor, "[[1 2] [1 3]]", "0"));
	CHECK(is(jet_aor, "[[2 2] [1 3]]", "1"));
}

TEST("bif by: what is on either side of a key")
{
	noun none = door(0), one = door(parse("[[5 6] 0 0]"));

	CHECK(gives(jet_by_bif, direct(5), none, parse("[0 0]")));
	CHECK(gives(jet_by_bif, direct(5), one, parse("[0 0]")));
	CHECK(ends(jet_by_bif, direct(5), 0, PASS) ||
	    ends(jet_by_bif, direct(5), 0, BAIL_EXIT));
}

/* -------- checksums, zlib -------- */

TEST("crc32, adler32: the usual check values")
{
	CHECK(gives(jet_crc32, cord_octs("123456789"), 0, direct(0xcbf43926)));
	CHECK(
	    gives(jet_adler32, cord_octs("Wikipedia"), 0, direct(0x11e60398)));
	CHECK(is(jet_crc32, "[0 0]", "0"));
	CHECK(is(jet_adler32, "[0 0]", "1"));
	CHECK(is(jet_crc32, "[4 0]", "0x2144.df1c"));
	CHECK(is(jet_adler32, "[4 0]", "0x4.0001"));
	CHECK(crashes(jet_crc32, "[[1 1] 0]"));
	CHECK(crashes(jet_crc32, "[1 1 1]"));
	CHECK(crashes(jet_adler32, "5"));
}

enum { ZLIB = 15, GZIP = 15 + 16 };

/* n bytes at p, deflated. */
static size_t
deflated(int window, const void *p, size_t n, uint8_t *to, size_t size)
{
	z_stream z = {.next_in = (Bytef *)p,
	    .avail_in = (uInt)n,
	    .next_out = to,
	    .avail_out = (uInt)size};

	if (deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) !=
	        Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		exit(111);
	deflateEnd(&z);
	return z.total_out;
}

/* Bays of n bytes at p and 3 before and 2 after them. */
static noun
bays(const uint8_t *p, size_t n)
{
	uint8_t all[20000] = {1, 2, 3};

	memcpy(all + 3, p, n);
	all[n + 4] = 9;
	return cons(direct(3), octs(all, n + 5));
}

static void
check_inflate(jet_fn *jet, int window, const uint8_t *p, size_t n)
{
	static uint8_t to[19000];
	size_t len = deflated(window, p, n, to, sizeof to);
	noun in = bays(to, len), got;

	CHECK(gives(
	    jet, in, 0, cons(octs(p, n), cons(direct(3 + len), tail(in)))));
	for (size_t i = 0; i < len; i += 1 + len / 40) {
		to[i] ^= 0x40;
		in = bays(to, len);
		if (call_in(jet, in, 0, &got) == WORKS)
			CHECK(is_cell(got));
		to[i] ^= 0x40;
	}
	/* what is cut off, the Hoon is to say */
	for (size_t i = 0; i < len; i += 1 + len / 40)
		CHECK(ends(jet, cons(0, octs(to, i)), 0, PASS));
	CHECK(ends(jet, cons(direct(len + 9), octs(to, len)), 0, PASS));
}

TEST("decompress-zlib, decompress-gzip: what zlib deflated, whole or not")
{
	static uint8_t p[16000];

	for (size_t i = 0; i < sizeof p; i++)
		p[i] = (uint8_t)(i % 7 ? i / 100 : gen_word());
	for (size_t n = 0; n <= sizeof p; n = n * 5 + 1) {
		check_inflate(jet_zlib_decompress, ZLIB, p, n);
		check_inflate(jet_gzip_decompress, GZIP, p, n);
	}
	memset(p, 0, sizeof p); /* zeros at the end of the atom */
	check_inflate(jet_zlib_decompress, ZLIB, p, sizeof p);
	CHECK(crashes(jet_zlib_decompress, "[0 5]"));
	CHECK(crashes(jet_gzip_decompress, "[[0 1] 1 1]"));
}

/* -------- ChaCha -------- */

#define KEY_0_31 \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

TEST("chacha crypt: RFC 8439, 2.4.2")
{
	static const char text[] =
	    "Ladies and Gentlemen of the class of '99: If I could offer you "
	    "only one tip for the future, sunscreen would be it.";
	noun sealed = cons(direct(114),
	    hex("6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9f"
	        "ae0bf91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c35"
	        "9f0861d807ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818c"
	        "e91ab77937365af90bbf74a35be6b40b8eedf2785e42874d"));
	/* the first 32 bits of the nonce are the counter's high ones */
	noun in = cons4(direct(20), hex(KEY_0_31), hex("0000004a00000000"),
	    cons(direct(1), cord_octs(text)));
	noun product;

	CHECK_EQ(call_in(jet_chacha_crypt, in, 0, &product), WORKS);
	CHECK(equal(product, sealed));
	in = cons4(direct(20), hex(KEY_0_31), hex("0000004a00000000"),
	    cons(direct(1), product));
	CHECK(gives(jet_chacha_crypt, in, 0, cord_octs(text)));
	CHECK(crashes(jet_chacha_crypt, "[20 1 1 1 [[1 1] 1]]"));
	CHECK(crashes(jet_chacha_crypt, "[21 1 1 1 1 1]"));
	CHECK(crashes(jet_chacha_crypt, "[20 1 1 1]"));
}

TEST("xchacha: HChaCha20, draft-irtf-cfrg-xchacha 2.2.1")
{
	noun in = cons3(
	    direct(20), hex(KEY_0_31), hex("000000090000004a0000000031415927"));

	CHECK(gives(jet_xchacha, in, 0,
	    cons(hex("82413b4227b27bfed30e42508a877d73"
	             "a0f9e4d58a74a853c12ec41326d3ecdc"),
	        0)));
	CHECK(crashes(jet_xchacha, "[20 [1 1] 1]"));
	CHECK(crashes(jet_xchacha, "[3 1 1]"));
}

/* -------- BLAKE3 -------- */

/* The input of the official vectors. */
static noun
counted(size_t n)
{
	static uint8_t p[102400];

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(i % 251);
	return octs(p, n);
}

/* The door of the plain hash: the initial value, no flags. */
static noun
blake3_door(void)
{
	return door(cons(
	    hex("67e6096a85ae67bb72f36e3c3af54fa57f520e518c68059babd9831f19cde05b"),
	    0));
}

static const struct {
	size_t n;
	const char *hash;
} blake3[] = {
    {0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"},
    {1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"},
    {1023, "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11"},
    {1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"},
    {1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444"},
    {2048, "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a"},
    {3072, "b98cb0ff3623be03326b373de6b9095218513e64f1ee2edd2525c7ad1e5cffd2"},
    {31744, "62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47"},
    {102400,
        "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085"},
};

TEST("blake3: the official vectors")
{
	for (size_t i = 0; i < sizeof blake3 / sizeof *blake3; i++)
		if (!gives(jet_blake3_hash,
		        cons(direct(32), counted(blake3[i].n)), blake3_door(),
		        hex(blake3[i].hash)))
			TEST_FAIL("%zu bytes", blake3[i].n);
	CHECK(gives(jet_blake3_hash, cons(direct(32), counted(1)),
	    door(cons(
	        atom_cord("whats the Elvish word for friend"), direct(16))),
	    hex("6d7878dfff2f485635d39013278ae14f"
	        "1454b8c0a3a2d34bc1ab38228a80c95b")));
	CHECK(ends(jet_blake3_hash, direct(5), blake3_door(), PASS));
	CHECK(ends(jet_blake3_hash, parse("[32 1 1]"), 0, PASS));
}

/* The root's output, compressed, begins with the hash. */
TEST("blake3: compress and chunk-output make the hash of one chunk")
{
	for (size_t i = 0; i < 4; i++) {
		noun cv, counter, rest, block, length, flags, product;

		REQUIRE(call_in(jet_blake3_chunk_output,
		            cons(0, counted(blake3[i].n)), blake3_door(),
		            &product) == WORKS);
		REQUIRE(uncons3(product, &cv, &counter, &rest) &&
		    uncons3(rest, &block, &length, &flags));
		flags = direct(direct_value(flags) | 8);
		REQUIRE(call_in(jet_blake3_compress,
		            cons4(cv, counter, block, cons(length, flags)), 0,
		            &product) == WORKS);
		product = atom_from_limbs(boxed_limbs(product), 4);
		CHECK(equal(product, hex(blake3[i].hash)));
	}
	CHECK(crashes(jet_blake3_compress, "[1 2 3 4]"));
}

/* -------- what is of no type -------- */

static const struct {
	const char *name;
	jet_fn *jet;
} all[] = {
#define X(path, arm, name, kelvins) {#name, jet_##name},
    JETS(X)
#undef X
};

enum { ALL_N = sizeof all / sizeof *all };

static void
run_limited(void *arg)
{
	struct call *c = arg;
	enum bail kind;

	stack_push(c->sample);
	kind = nock_trap(run, c, 5000000);
	stack_pop();
	if (kind != BAIL_NONE)
		bail(kind);
}

/* A noun that may be of the type up to some depth. */
static noun
odd_noun(void)
{
	switch (gen_below(4)) {
	case 0:
		return gen_noun(gen_below(6));
	case 1:
		return gen_noun(gen_below(40));
	case 2:
		return cons(direct(gen_below(9)), gen_noun(gen_below(4)));
	default:
		return cons(gen_noun(gen_below(3)), gen_noun(gen_below(3)));
	}
}

/* A limit of memory or time may be met; a signal, or a bug's, may not. */
TEST("every jet: samples of no type crash, pass or are well")
{
	enum { ROUNDS = 60 };

	for (size_t i = 0; i < ALL_N; i++)
		for (unsigned k = 0; k < ROUNDS; k++) {
			struct call c = {all[i].jet, 0, 0, 0};
			noun *top = stack_top();

			gen_state = i * 1000 + k;
			c.sample = odd_noun();
			if (k % 3)
				c.context = door(odd_noun());
			trap_run(run_limited, &c);
			CHECK(stack_top() == top);
			heap_safepoint();
		}
}
