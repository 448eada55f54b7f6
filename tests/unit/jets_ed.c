/*
 * The jets of Ed25519 that the ivory kernel does not hold: RFC 8032, and
 * that what they make fits together.
 */
#include "jetcall.h"

/* RFC 8032, 7.1 */
static const struct {
	const char *seed, *public, *message, *signature;
} eds[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8"
        "821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085a"
        "c1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff"
        "9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

enum { EDS = sizeof eds / sizeof *eds };

static noun
ed_message(size_t i)
{
	return cons(direct(strlen(eds[i].message) / 2), hex(eds[i].message));
}

TEST("ed: RFC 8032, 7.1, by all of its arms")
{
	for (size_t i = 0; i < EDS; i++) {
		noun seed = hex(eds[i].seed), public = hex(eds[i].public);
		noun sig = hex(eds[i].signature), m = ed_message(i), keys;

		CHECK(gives(jet_ed_puck, seed, 0, public));
		REQUIRE(call_in(jet_ed_luck, seed, 0, &keys) == WORKS);
		CHECK(equal(head(keys), public));
		CHECK(gives(jet_ed_sign, cons(tail(m), seed), 0, sig));
		CHECK(gives(jet_ed_sign_138, cons(tail(m), seed), 0, sig));
		CHECK(gives(jet_ed_sign_octs, cons(m, seed), 0, sig));
		CHECK(gives(jet_ed_sign_raw, cons3(tail(m), public, tail(keys)),
		    0, sig));
		CHECK(gives(jet_ed_sign_octs_raw, cons3(m, public, tail(keys)),
		    0, sig));
		CHECK(gives(jet_ed_veri, cons3(sig, tail(m), public), 0, YES));
		CHECK(gives(
		    jet_ed_veri_138, cons3(sig, tail(m), public), 0, YES));
		CHECK(gives(jet_ed_veri_octs, cons3(sig, m, public), 0, YES));
	}
}

TEST("ed: a damaged signature, message or key is none")
{
	noun public = hex(eds[1].public), sig = hex(eds[1].signature);

	CHECK(gives(jet_ed_veri, cons3(sig, direct(0x73), public), 0, NO));
	CHECK(gives(
	    jet_ed_veri_octs, cons3(sig, parse("[2 0x72]"), public), 0, NO));
	CHECK(gives(
	    jet_ed_veri, cons3(sig, direct(0x72), hex(eds[2].public)), 0, NO));
	for (size_t i = 0; i < 64; i++) {
		uint8_t p[64];

		memcpy(p, boxed_limbs(sig), 63);
		p[63] = 0;
		p[i] ^= 1;
		CHECK(gives(jet_ed_veri,
		    cons3(atom_from_bytes(p, 64), direct(0x72), public), 0,
		    NO));
	}
	CHECK(crashes(jet_ed_veri, "[1 [1 1] 1]"));
	CHECK(crashes(jet_ed_sign, "[1 1 1]"));
	CHECK(crashes(jet_ed_puck, "[1 1]"));
	CHECK(ends(jet_ed_puck, gen_bits(257), 0, BAIL_EXIT));
}

/* Products of jets, of which one is known to be right. */
static noun
product_of(jet_fn *jet, noun sample)
{
	noun n;

	if (call_in(jet, sample, 0, &n) != WORKS) {
		TEST_FAIL("no product");
		return 0;
	}
	return n;
}

TEST("ed: points add up")
{
	noun two = product_of(jet_ed_scalarmult_base, direct(2));
	noun three = product_of(jet_ed_scalarmult_base, direct(3));
	noun five = product_of(jet_ed_scalarmult_base, direct(5));
	noun eight = product_of(jet_ed_scalarmult_base, direct(8));
	noun minus = product_of(jet_ed_point_neg, three);

	CHECK(gives(jet_ed_scalarmult_base, 0, 0, direct(1)));
	CHECK(gives(jet_ed_point_add, cons(two, three), 0, five));
	CHECK(gives(jet_ed_point_add, cons(five, minus), 0, two));
	CHECK(gives(jet_ed_point_add, cons(three, minus), 0, direct(1)));
	CHECK(gives(jet_ed_point_neg, direct(1), 0, direct(1)));
	CHECK(gives(jet_ed_scalarmult, cons(direct(4), two), 0, eight));
	CHECK(gives(jet_ed_add_scalarmult_scalarmult_base,
	    cons3(direct(1), three, direct(5)), 0, eight));
	CHECK(gives(jet_ed_add_double_scalarmult,
	    cons4(direct(1), two, direct(2), three), 0, eight));
}

#define ED_L_HEX \
	"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"

TEST("ed: recs and smac reckon modulo the order")
{
	noun l = hex(ED_L_HEX);

	CHECK(gives(jet_ed_recs, l, 0, 0));
	CHECK(gives(jet_ed_recs, atom_increment(l), 0, direct(1)));
	CHECK(is(jet_ed_recs, "17", "17"));
	CHECK(is(jet_ed_smac, "[3 4 5]", "17"));
	CHECK(gives(jet_ed_smac, cons3(l, direct(4), direct(5)), 0, direct(5)));
	CHECK(crashes(jet_ed_recs, "[1 1]"));
	CHECK(crashes(jet_ed_smac, "[1 1]"));
}

TEST("ed: both sides share a secret, and scalars add to keys")
{
	noun a = hex(eds[0].seed), b = hex(eds[1].seed);
	noun pa = hex(eds[0].public), pb = hex(eds[1].public), sca = direct(77);
	noun shared = product_of(jet_ed_shar, cons(pb, a));
	noun ka = tail(product_of(jet_ed_luck, a));
	noun moved = product_of(jet_ed_scas, cons(ka, sca));
	noun public = product_of(jet_ed_scap, cons(pa, sca));
	noun scalar;

	CHECK(gives(jet_ed_shar, cons(pa, b), 0, shared));
	CHECK(gives(jet_ed_slar, cons(pb, ka), 0, shared));
	scalar = atom_from_limbs(boxed_limbs(moved), 4);
	CHECK(gives(jet_ed_scalarmult_base, scalar, 0, public));
	CHECK(gives(jet_ed_scad, cons3(pa, ka, sca), 0, cons(public, moved)));
}
